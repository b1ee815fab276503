//! A lens as it was written: reading it as JSON, and finding the line of each of its fields again.

use super::flaw::{Flaw, LensError};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where every field of a text in JSON stands.
#[derive(Clone, Debug, Default)]
pub(super) struct LensText {
    /// The line of each field, from 1, by its path as in `dimensions[0].questions[1].text`.
    lines: BTreeMap<String, usize>,
    /// Fields that stand twice in one object, of which a reader would keep only one.
    twice: Vec<Flaw>,
}

/// What is written in `text`, and where.
pub(super) fn read(text: &str) -> Result<(Value, LensText), LensError> {
    let value = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    Ok((value, LensText::of(text)))
}

fn unreadable(error: &serde_json::Error) -> LensError {
    let whole = error.to_string();
    // The place is told by the flaw itself.
    let problem = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(problem, _)| problem).to_owned();
    LensError::Flawed { flaws: vec![Flaw { line: error.line(), path: String::new(), problem }] }
}

impl LensText {
    /// The places of a text that has been read as JSON before.
    fn of(text: &str) -> Self {
        let mut scan = Scan { bytes: text.as_bytes(), at: 0, line: 1, found: Self::default() };
        scan.value("");
        scan.found
    }

    /// The line of a field, or of the nearest thing around it that is written.
    pub(super) fn line(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some(line) = self.lines.get(path) {
                return *line;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return self.lines.get("").copied().unwrap_or(1),
            }
        }
    }

    /// The fields that stand twice in one object.
    pub(super) fn twice(&self) -> &[Flaw] {
        &self.twice
    }
}

/// A walk over JSON that is known to be well formed; on anything else it only stops early.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    found: LensText,
}

impl Scan<'_> {
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' | b',' | b':' => {}
                other => return Some(other),
            }
            self.at += 1;
        }
        None
    }

    fn value(&mut self, path: &str) {
        let Some(first) = self.peek() else { return };
        self.found.lines.insert(path.to_owned(), self.line);
        match first {
            b'{' => self.object(path),
            b'[' => self.array(path),
            b'"' => {
                self.string();
            }
            _ => self.scalar(),
        }
    }

    fn object(&mut self, path: &str) {
        self.at += 1;
        while self.peek() == Some(b'"') {
            let line = self.line;
            let key = self.string();
            let inner = if path.is_empty() { key } else { format!("{path}.{key}") };
            if self.found.lines.contains_key(&inner) {
                let problem = "stands twice in the same object".to_owned();
                self.found.twice.push(Flaw { line, path: inner.clone(), problem });
            }
            self.value(&inner);
        }
        self.at += 1;
    }

    fn array(&mut self, path: &str) {
        self.at += 1;
        let mut place = 0;
        while self.peek().is_some_and(|byte| byte != b']') {
            self.value(&format!("{path}[{place}]"));
            place += 1;
        }
        self.at += 1;
    }

    fn string(&mut self) -> String {
        let start = self.at + 1;
        self.at = start;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.bytes.len());
        self.at = end + 1;
        String::from_utf8_lossy(self.bytes.get(start..end).unwrap_or_default()).into_owned()
    }

    fn scalar(&mut self) {
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(ends).unwrap_or(rest.len()).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_on_its_line() {
        let text = "{\n \"a\": [1,\n  {\"b\\\"\": \"x\\\\\", \"c\": {}}],\n \"d\": null\n}";
        serde_json::from_str::<serde_json::Value>(text).unwrap();
        let places = LensText::of(text);
        assert_eq!(places.line("a"), 2);
        assert_eq!(places.line("a[1].c"), 3);
        assert_eq!(places.line("a[1].missing[3].deeper"), 3);
        assert_eq!(places.line("d"), 4);
        assert_eq!(places.line("nowhere"), 1);
        assert!(places.twice().is_empty());
    }

    #[test]
    fn a_key_that_stands_twice_is_told() {
        let places = LensText::of("{\"anchors\": {\"1\": \"a\",\n\"1\": \"b\"}}");
        assert_eq!(places.twice()[0].to_string(), "line 2, `anchors.1`: stands twice in the same object");
    }
}
