//! Where records end: at a line break that no quotation mark encloses.

use memchr::{memchr, memrchr};

/// How far a buffer has been looked at.
#[derive(Debug)]
pub(super) struct Records {
    /// What separates values; none where a line is a record whatever it holds.
    delimiter: Option<u8>,
    /// The next byte to look at.
    at: usize,
    /// The quotation mark that opened the value one is in.
    opened: Option<usize>,
    /// Just behind the last record that ends in the buffer.
    end: usize,
}

impl Records {
    /// Lines of CSV, in which a value may hold line breaks within quotation marks.
    pub(super) fn of_csv(delimiter: u8) -> Self {
        Self { delimiter: Some(delimiter), at: 0, opened: None, end: 0 }
    }

    /// Plain lines.
    pub(super) fn of_lines() -> Self {
        Self { delimiter: None, at: 0, opened: None, end: 0 }
    }

    /// Looks at the part of the buffer that is new; `is_all` where nothing follows it. Gives the place just
    /// behind the last record that ends in it, or 0.
    pub(super) fn end(&mut self, buffer: &[u8], is_all: bool) -> usize {
        let Some(delimiter) = self.delimiter else {
            if let Some(last) = memrchr(b'\n', &buffer[self.at..]) {
                self.end = self.at + last + 1;
            }
            self.at = buffer.len();
            return self.end;
        };
        while self.at < buffer.len() {
            match self.opened {
                None => self.plain(buffer, delimiter),
                Some(_) => {
                    if !self.quoted(buffer, is_all) {
                        break;
                    }
                }
            }
        }
        self.end
    }

    /// Goes on to the next quotation mark that opens a value, or to the end.
    fn plain(&mut self, buffer: &[u8], delimiter: u8) {
        let mark = memchr(b'"', &buffer[self.at..]).map(|offset| self.at + offset);
        let upto = mark.unwrap_or(buffer.len());
        if let Some(last) = memrchr(b'\n', &buffer[self.at..upto]) {
            self.end = self.at + last + 1;
        }
        self.at = upto;
        if let Some(mark) = mark {
            // Within a plain value a quotation mark is a letter like any other.
            let opens =
                mark == 0 || buffer[mark - 1] == delimiter || matches!(buffer[mark - 1], b'\n' | b'\r');
            self.opened = opens.then_some(mark);
            self.at += 1;
        }
    }

    /// Goes on behind the mark that closes the value; false where the buffer does not tell which that is.
    fn quoted(&mut self, buffer: &[u8], is_all: bool) -> bool {
        let Some(mark) = memchr(b'"', &buffer[self.at..]).map(|offset| self.at + offset) else {
            self.at = buffer.len();
            return false;
        };
        match buffer.get(mark + 1) {
            // Doubled, it is part of the value.
            Some(b'"') => self.at = mark + 2,
            None if !is_all => {
                self.at = mark;
                return false;
            }
            _ => {
                self.opened = None;
                self.at = mark + 1;
            }
        }
        true
    }

    /// The quotation mark that is open at the end of what was looked at.
    pub(super) fn opened(&self) -> Option<usize> {
        self.opened
    }

    /// Forgets the bytes up to the last end, which were taken away.
    pub(super) fn taken(&mut self) {
        self.at -= self.end;
        self.opened = self.opened.map(|at| at - self.end);
        self.end = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends found when the text comes in pieces of every size.
    fn last_end(text: &str) -> (usize, Option<usize>) {
        let bytes = text.as_bytes();
        let mut whole = Records::of_csv(b',');
        let found = (whole.end(bytes, true), whole.opened());
        for size in 1..bytes.len() {
            let mut records = Records::of_csv(b',');
            for upto in (size..bytes.len()).step_by(size) {
                records.end(&bytes[..upto], false);
            }
            assert_eq!((records.end(bytes, true), records.opened()), found, "{text:?} in pieces of {size}");
        }
        found
    }

    #[test]
    fn records_end_outside_of_quotes() {
        assert_eq!(last_end("a,b\nc,d"), (4, None));
        assert_eq!(last_end("a,b\nc,d\n"), (8, None));
        assert_eq!(last_end("a,\"x\ny\"\nc"), (8, None));
        assert_eq!(last_end("a,\"x\ny"), (0, Some(2)));
        assert_eq!(last_end("\"x \"\"y\"\"\nz\"\nb"), (12, None));
        assert_eq!(last_end("5\" pipe,b\n6\" pipe,c\n"), (20, None), "a mark within a plain value");
        assert_eq!(last_end("a,\"\"\nb,\"\"\n"), (10, None));
    }

    #[test]
    fn what_was_taken_is_forgotten() {
        let mut records = Records::of_csv(b',');
        assert_eq!(records.end(b"a\n\"b", false), 2);
        records.taken();
        assert_eq!(records.opened(), Some(0));
        assert_eq!(records.end(b"\"b\n\"\nc", false), 5);
    }
}
