//! The first lines of a CSV file: its encoding, its delimiter and its columns.
//!
//! The engine would infer all of these, and in doing so turn zero-padded keys into integers, keep a byte
//! order mark in the first name and refuse names that occur twice.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// How much of a file is looked at. A header longer than this is not one.
const LOOKED_AT: u64 = 1 << 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What the start of a CSV file says.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) delimiter: u8,
    /// The names of the columns, made unique.
    pub(crate) columns: Vec<String>,
    /// What was done to make them so, for the owner of the file.
    pub(crate) notes: Vec<String>,
}

/// Why a file has no usable header.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HeaderError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is not UTF-8: {0}")]
    Encoding(&'static str),
    #[error("the file cannot be opened")]
    Io(#[from] io::Error),
}

/// Reads the header of a CSV file.
pub(crate) fn read(path: &Path) -> Result<Header, HeaderError> {
    let mut start = Vec::new();
    File::open(path)?.take(LOOKED_AT).read_to_end(&mut start)?;
    let start = match start.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => rest,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return Err(HeaderError::Encoding("it begins with a UTF-16 mark"));
        }
        whole => whole,
    };
    let line_end = start.iter().position(|byte| *byte == b'\n').unwrap_or(start.len());
    if start.iter().all(u8::is_ascii_whitespace) {
        return Err(HeaderError::Empty);
    }
    let delimiter = sniff(&start[..line_end]);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(start);
    let mut record = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut record).is_ok_and(|found| found) {
        return Err(HeaderError::Empty);
    }
    let mut header = Header { delimiter, columns: Vec::new(), notes: Vec::new() };
    for (at, name) in record.iter().enumerate() {
        let name =
            std::str::from_utf8(name).map_err(|_| HeaderError::Encoding("a column name has other bytes"))?;
        let unique = header.unique(name.trim(), at);
        header.columns.push(unique);
    }
    Ok(header)
}

impl Header {
    /// A name no other column has, with a note where it had to be made up.
    fn unique(&mut self, name: &str, at: usize) -> String {
        let base = if name.is_empty() { format!("column_{}", at + 1) } else { name.to_owned() };
        if name.is_empty() {
            self.notes.push(format!("column {} has no name in the file and is called `{base}` here", at + 1));
        }
        if !self.columns.contains(&base) {
            return base;
        }
        let free = (2..=self.columns.len() + 2)
            .map(|n| format!("{base}_{n}"))
            .find(|candidate| !self.columns.contains(candidate));
        let free = free.unwrap_or(base);
        self.notes.push(format!("column {} repeats the name `{name}` and is called `{free}` here", at + 1));
        free
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn header(bytes: &[u8]) -> Result<Header, HeaderError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        read(file.path())
    }

    #[test]
    fn marks_delimiters_and_twins() {
        let plain = header(b"\xEF\xBB\xBFid;\"a;b\";id\n1;2;3\n").unwrap();
        assert_eq!(
            (plain.delimiter, plain.columns.as_slice()),
            (b';', &["id".into(), "a;b".into(), "id_2".into()][..])
        );
        assert_eq!(plain.notes.len(), 1);
        assert_eq!(header(b"a,,c").unwrap().columns, ["a", "column_2", "c"]);
        assert_eq!(header(b"only").unwrap().columns, ["only"]);
    }

    #[test]
    fn what_is_no_header_says_so() {
        assert!(matches!(header(b""), Err(HeaderError::Empty)));
        assert!(matches!(header(b" \n\n"), Err(HeaderError::Empty)));
        assert!(matches!(header(b"\xFF\xFEi\0d\0"), Err(HeaderError::Encoding(_))));
        assert!(matches!(header(b"caf\xE9,b\n"), Err(HeaderError::Encoding(_))));
    }
}
