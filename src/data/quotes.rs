//! A quotation mark that is opened and never closed swallows the rest of a CSV file without an error.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

/// How much is read at a time.
const CHUNK: usize = 1 << 20;

/// The line of a quotation mark that is never closed.
///
/// Closed marks come in pairs, so a file with an even number of them is not looked at any closer.
pub(crate) fn unclosed(path: &Path, delimiter: u8) -> io::Result<Option<u64>> {
    let mut marks = 0_usize;
    read(path, |chunk| marks += chunk.iter().map(|byte| usize::from(*byte == b'"')).sum::<usize>())?;
    if marks.is_multiple_of(2) {
        return Ok(None);
    }
    let mut cells = Cells { delimiter, line: 1, opened: None, at_start: true };
    read(path, |chunk| chunk.iter().for_each(|byte| cells.step(*byte)))?;
    Ok(cells.opened)
}

fn read(path: &Path, mut use_chunk: impl FnMut(&[u8])) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(CHUNK, File::open(path)?);
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(());
        }
        use_chunk(chunk);
        let length = chunk.len();
        reader.consume(length);
    }
}

/// Where in the cells of a file one is.
struct Cells {
    delimiter: u8,
    line: u64,
    /// The line in which the quoted cell began that one is in.
    opened: Option<u64>,
    /// Whether a quotation mark here would open a cell; elsewhere in a plain cell it is a letter like any other.
    at_start: bool,
}

impl Cells {
    fn step(&mut self, byte: u8) {
        match (byte, self.opened) {
            (b'"', Some(_)) => {
                self.opened = None;
                // Doubled, it opens again at once: the mark is then part of the cell.
                self.at_start = true;
                return;
            }
            (b'"', None) if self.at_start => self.opened = Some(self.line),
            _ => {}
        }
        self.line += u64::from(byte == b'\n');
        self.at_start = self.opened.is_none() && (byte == self.delimiter || byte == b'\n' || byte == b'\r');
    }
}

#[cfg(test)]
mod tests {
    use super::unclosed;
    use std::io::Write;

    #[test]
    fn only_a_mark_that_swallows_rows_is_told() {
        let check = |text: &str| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            unclosed(file.path(), b',').unwrap()
        };
        assert_eq!(check("a,b\n1,\"x\"\n"), None);
        assert_eq!(check("a,b\n1,\"x \"\"y\"\" z\"\n"), None);
        assert_eq!(check("a,b\n1,5\" pipe\n2,x\n"), None, "a mark inside a plain cell is a letter");
        assert_eq!(check("a,b\n1,\"oops\n2,x\n"), Some(2));
        assert_eq!(check("a,b\n1,\"x\"\n2,\"\"\"y\n"), Some(3));
    }
}
