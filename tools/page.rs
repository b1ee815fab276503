//! Results that never take more of a model's context than they may.
//!
//! A list is shown as far as its budget of tokens reaches. In the detailed form a page goes on where the one
//! before stopped, through all lists of the result one after the other.

use crate::{ToolError, tokens};
use serde::Serialize;

/// What a result may take of a model's context, in tokens.
const BUDGET: usize = 9_000;
/// What a page holds at least of its lists, however much else stands in the result.
const LEAST: usize = 1_500;

/// The items of a list that fit the budget: the first ones, and one at least.
pub(crate) fn fitting<T: Serialize>(items: Vec<T>, budget: usize) -> Vec<T> {
    Window::new(0, budget, usize::MAX).of(items)
}

/// Where a page begins: the number that a cursor of this tool holds.
pub(crate) fn position(cursor: Option<&str>) -> Result<usize, ToolError> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor.parse().map_err(|_| {
        ToolError::input(format!("`{cursor}` is no cursor of this tool"))
            .hint("hand back `next_cursor` as it came, or leave `cursor` out to begin again")
    })
}

/// A page: a stretch of several lists that follow one another.
pub(crate) struct Window {
    start: usize,
    seen: usize,
    tokens_left: usize,
    items_left: usize,
    taken: usize,
    end: Option<usize>,
}

impl Window {
    /// A page that begins at an item and holds so many tokens and items at most. It holds one in any case, so
    /// that it always leads on.
    fn new(start: usize, tokens: usize, items: usize) -> Self {
        Self { start, seen: 0, tokens_left: tokens, items_left: items, taken: 0, end: None }
    }

    /// A page of so many items at most that fits into a result beside what else stands in it.
    pub(crate) fn beside(result: &impl Serialize, start: usize, items: usize) -> Self {
        Self::new(start, BUDGET.saturating_sub(tokens::of(result)).max(LEAST), items)
    }

    /// The part of the next list that stands on the page.
    pub(crate) fn of<T: Serialize>(&mut self, list: Vec<T>) -> Vec<T> {
        let mut shown = Vec::new();
        for item in list {
            let at = self.seen;
            self.seen += 1;
            if at < self.start || self.end.is_some() {
                continue;
            }
            let cost = tokens::of(&item);
            if self.taken > 0 && (cost > self.tokens_left || self.items_left == 0) {
                self.end = Some(at);
                continue;
            }
            self.tokens_left = self.tokens_left.saturating_sub(cost);
            self.items_left = self.items_left.saturating_sub(1);
            self.taken += 1;
            shown.push(item);
        }
        shown
    }

    /// The cursor of the next page.
    pub(crate) fn next(&self) -> Option<String> {
        self.end.map(|end| end.to_string())
    }

    /// Refuses a page past the end, told with what the lists hold together.
    pub(crate) fn check(&self, what: &str) -> Result<(), ToolError> {
        if self.start > 0 && self.start >= self.seen {
            let message = format!("cursor `{}` is past the last of {} {what}", self.start, self.seen);
            return Err(ToolError::input(message).hint("leave `cursor` out to begin again"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Window, fitting};

    #[test]
    fn pages_hold_everything_once() {
        let lists = [vec!["one two three"; 7], vec![], vec!["four five six seven"; 5]];
        let mut start = 0;
        let mut shown = Vec::new();
        for _ in 0..20 {
            let mut window = Window::new(start, 12, 3);
            for list in &lists {
                shown.extend(window.of(list.clone()));
            }
            let Some(next) = window.next() else { break };
            assert!(next.parse::<usize>().unwrap() > start, "every page leads on");
            start = next.parse().unwrap();
        }
        assert_eq!(shown, lists.concat());
    }

    #[test]
    fn a_list_is_cut_to_its_budget_and_never_to_nothing() {
        let words = vec!["alpha beta gamma delta"; 10];
        assert_eq!(fitting(words.clone(), 0).len(), 1);
        assert!(fitting(words.clone(), 20).len() < 10);
        assert_eq!(fitting(words, 10_000).len(), 10);
    }
}
