//! Lines of a stream whose end nobody vouches for.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

/// Lines, read so that a read which is given up half-way loses nothing.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    stream: BufReader<R>,
    line: Vec<u8>,
}

/// What came next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Line(Vec<u8>),
    /// More bytes were sent than the caller takes.
    TooMuch,
    End,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self { stream: BufReader::with_capacity(64 * 1024, stream), line: Vec::new() }
    }

    /// The next line without its end, taking what it reads from `budget`. What follows the last line's end
    /// counts as a line, too.
    pub(crate) async fn next(&mut self, budget: &mut usize) -> Next {
        loop {
            let Ok(bytes) = self.stream.fill_buf().await else { return Next::End };
            if bytes.is_empty() {
                let rest = std::mem::take(&mut self.line);
                return if rest.is_empty() { Next::End } else { Next::Line(rest) };
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(bytes.len(), |end| end + 1);
            if taken > *budget {
                return Next::TooMuch;
            }
            *budget -= taken;
            self.line.extend_from_slice(&bytes[..end.unwrap_or(taken)]);
            self.stream.consume(taken);
            if end.is_some() {
                return Next::Line(std::mem::take(&mut self.line));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(bytes: &[u8], mut budget: usize) -> Vec<Next> {
        let mut lines = Lines::new(bytes);
        let mut found = Vec::new();
        loop {
            let next = lines.next(&mut budget).await;
            let is_last = !matches!(next, Next::Line(_));
            found.push(next);
            if is_last {
                return found;
            }
        }
    }

    #[tokio::test]
    async fn lines_are_read_up_to_the_budget() {
        let line = |text: &str| Next::Line(text.into());
        assert_eq!(all(b"a\n\nbc", 100).await, [line("a"), line(""), line("bc"), Next::End]);
        assert_eq!(all(b"a\nbcd\n", 5).await, [line("a"), Next::TooMuch]);
        assert_eq!(all(b"", 5).await, [Next::End]);
    }
}
