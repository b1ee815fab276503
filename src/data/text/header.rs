//! The first lines of a CSV file: its delimiter and its columns.
//!
//! The engine would infer these, and in doing so turn zero-padded keys into integers and refuse names that occur
//! twice.

use super::{bytes::Place, records::Records};
use crate::names::on_one_line;
use std::{
    io::{self, Read},
    sync::Arc,
};

/// How much of a file is looked at first: every call of a tool looks at every file, and few headers are longer.
const FIRST_LOOK: u64 = 16 << 10;
/// How much is looked at where the header goes on. One longer than this is not one.
const LOOKED_AT: u64 = 1 << 20;
/// The longest name of a column, in bytes.
const LONGEST_NAME: usize = 1_000;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What the start of a CSV file says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) delimiter: u8,
    /// The names of the columns, made unique.
    pub(super) columns: Vec<String>,
    /// What was done to make them so, for the owner of the file.
    pub(super) notes: Vec<String>,
}

/// Why a file has no usable header.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HeaderError {
    #[error("the file is empty")]
    Empty,
    #[error("its first line has bytes of no text: it is another kind of file")]
    NoText,
    #[error("the quotation mark opened in its header is not closed where a name should end")]
    Unclosed,
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl HeaderError {
    /// The next step for the owner of the file.
    pub(crate) const fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "write at least a header line, or remove the file",
            Self::NoText => "export it as CSV, TSV, JSON lines or Parquet, or remove it",
            Self::Unclosed => "close it, or remove it",
            Self::Io(_) => "check that the file may be read and is whole",
        }
    }
}

/// Reads the header of a CSV file.
pub(super) fn read(place: &Place) -> Result<Header, HeaderError> {
    let mut file = place.open(Arc::default())?;
    let mut start = Vec::new();
    for most in [FIRST_LOOK, LOOKED_AT - FIRST_LOOK] {
        let read = file.by_ref().take(most).read_to_end(&mut start);
        if start.is_empty() {
            read?;
        }
        if ends_within(&start) {
            break;
        }
    }
    // A damaged file may have a sound start.
    of(&start)
}

/// Whether the header is there to its end, and something behind it.
fn ends_within(start: &[u8]) -> bool {
    from_first_line(start).is_some_and(|start| length(start, sniff(first_line(start))) < start.len())
}

/// What follows the blank lines at the beginning.
fn from_first_line(start: &[u8]) -> Option<&[u8]> {
    let first_letter = start.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let line = start[..first_letter].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Some(&start[line..])
}

fn first_line(start: &[u8]) -> &[u8] {
    &start[..start.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(start.len())]
}

fn of(start: &[u8]) -> Result<Header, HeaderError> {
    let start = from_first_line(start).ok_or(HeaderError::Empty)?;
    let first_line = first_line(start);
    if first_line.contains(&0) {
        return Err(HeaderError::NoText);
    }
    let delimiter = sniff(first_line);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(start);
    let mut record = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut record).is_ok_and(|found| found) {
        return Err(HeaderError::Empty);
    }
    if record.iter().any(|name| name.len() > LONGEST_NAME) {
        return Err(HeaderError::Unclosed);
    }
    let mut names = Names::default();
    for (at, name) in record.iter().enumerate() {
        names.add(super::csv::text(name).trim(), at);
    }
    let Names { columns, notes, .. } = names;
    Ok(Header { delimiter, columns, notes })
}

/// Names given so far.
#[derive(Default)]
struct Names {
    columns: Vec<String>,
    taken: std::collections::HashSet<String>,
    notes: Vec<String>,
}

impl Names {
    /// Adds a name no other column has, with a note where it had to be made up.
    fn add(&mut self, written: &str, at: usize) {
        let name = &*on_one_line(written);
        let base = if name.is_empty() { format!("column_{}", at + 1) } else { name.to_owned() };
        if name.is_empty() {
            self.notes.push(format!("column {} has no name in the file and is called `{base}` here", at + 1));
        }
        if written != name {
            self.notes
                .push(format!("column {} has line breaks in its name and is called `{base}` here", at + 1));
        }
        let free = if self.taken.contains(&base) {
            let numbered = (2_u64..).map(|n| format!("{base}_{n}"));
            let free = numbered.into_iter().find(|candidate| !self.taken.contains(candidate)).unwrap_or(base);
            self.notes
                .push(format!("column {} repeats the name `{name}` and is called `{free}` here", at + 1));
            free
        } else {
            base
        };
        self.taken.insert(free.clone());
        self.columns.push(free);
    }
}

/// The delimiter that splits the header into most parts, outside quotes.
fn sniff(line: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in line {
        if *byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some(at) = DELIMITERS.iter().position(|delimiter| delimiter == byte) {
            counts[at] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|count| *count == most).filter(|_| most > 0).map_or(b',', |at| DELIMITERS[at])
}

/// Where the header ends within the first piece of a file.
pub(super) fn length(bytes: &[u8], delimiter: u8) -> usize {
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        let line = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        if line == 0 || !rest[..line].iter().all(u8::is_ascii_whitespace) {
            break;
        }
        at += line;
    }
    // The header is the first record: grow the part that is looked at until one ends in it.
    let mut upto = at;
    loop {
        let Some(line) = memchr::memchr(b'\n', &bytes[upto..]) else { return bytes.len() };
        upto += line + 1;
        if Records::of_csv(delimiter).end(&bytes[at..upto], true) == upto - at {
            return upto;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_twins() {
        let plain = of(b"id;\"a;b\";id\n1;2;3\n").unwrap();
        assert_eq!(
            (plain.delimiter, plain.columns.as_slice()),
            (b';', &["id".into(), "a;b".into(), "id_2".into()][..])
        );
        assert_eq!(plain.notes.len(), 1);
        assert_eq!(of(b"a,,c").unwrap().columns, ["a", "column_2", "c"]);
        assert_eq!(of(b"a,a_2,a").unwrap().columns, ["a", "a_2", "a_3"]);
        assert_eq!(of(b"only").unwrap().columns, ["only"]);
        assert_eq!(of(b"\n\n a,b\n1,2").unwrap().columns, ["a", "b"]);
        assert_eq!(of(b"a,b\r1,2\r").unwrap().columns, ["a", "b"]);
        assert_eq!(of(b"caf\xE9,b\n").unwrap().columns, ["caf\u{e9}", "b"]);
        let broken = of(b"\"two\r\n\nlines\",two lines\n1,2").unwrap();
        assert_eq!((broken.columns, broken.notes.len()), (vec!["two lines".into(), "two lines_2".into()], 2));
    }

    #[test]
    fn a_header_is_read_to_its_end_however_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wide.csv");
        for columns in [3, 4_000] {
            let names: Vec<String> = (0..columns).map(|at| format!("\"a column,\nnumber {at}\"")).collect();
            let row = format!("{}\n", vec!["1"; columns].join(","));
            std::fs::write(&path, format!("{}\n{}", names.join(","), row.repeat(20_000 / row.len() + 2)))
                .unwrap();
            let header = read(&Place::File(path.clone())).unwrap();
            assert_eq!(header.columns.len(), columns);
            assert_eq!(header.columns[columns - 1], format!("a column, number {}", columns - 1));
        }
    }

    #[test]
    fn what_is_no_header_says_so() {
        assert!(matches!(of(b""), Err(HeaderError::Empty)));
        assert!(matches!(of(b" \n\n"), Err(HeaderError::Empty)));
        assert!(matches!(of(b"PK\x03\x04\0\0"), Err(HeaderError::NoText)));
        let unclosed = format!("id,\"email\n{}", "1,a@x.example\n".repeat(100));
        assert!(matches!(of(unclosed.as_bytes()), Err(HeaderError::Unclosed)));
    }

    #[test]
    fn the_header_ends_where_its_record_does() {
        assert_eq!(length(b"a,b\n1,2\n", b','), 4);
        assert_eq!(length(b"\n\na,b\n1,2\n", b','), 6);
        assert_eq!(length(b"\"a\nb\",c\n1,2\n", b','), 8);
        assert_eq!(length(b"a,b", b','), 3);
    }
}
