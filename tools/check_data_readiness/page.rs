//! Pages of the detailed form, which run through all its lists.

use crate::ToolError;

/// Checks and findings on a page.
const PAGE: usize = 40;

/// Where a page of the detailed form begins.
pub(super) fn position(cursor: Option<&str>) -> Result<usize, ToolError> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor.parse().map_err(|_| {
        ToolError::input(format!("`{cursor}` is no cursor of check_data_readiness"))
            .hint("pass the next_cursor of the page before, or none to start over")
    })
}

/// The part of a long list, made of several, that stands on a page.
pub(super) struct Window {
    start: usize,
    end: usize,
    seen: usize,
}

impl From<usize> for Window {
    fn from(start: usize) -> Self {
        Self { start, end: start + PAGE, seen: 0 }
    }
}

impl Window {
    pub(super) fn of<T>(&mut self, list: Vec<T>) -> Vec<T> {
        let first = self.seen;
        self.seen += list.len();
        let in_window = |at: &usize| (self.start..self.end).contains(&(first + at));
        list.into_iter().enumerate().filter(|(at, _)| in_window(at)).map(|(_, item)| item).collect()
    }

    pub(super) fn next(&self) -> Option<String> {
        (self.seen > self.end).then(|| self.end.to_string())
    }
}
