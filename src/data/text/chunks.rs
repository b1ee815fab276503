//! Files cut into pieces that end where a record ends, for several readers to take in turn.

use super::{left_out::LeftOut, records::Records, table::TextFile, table::Watch};
use std::{
    io::{self, Read},
    sync::{Arc, atomic::AtomicU64, atomic::Ordering},
};

/// About how much a reader gets at a time: some ten thousand records of the usual width.
pub(super) const CHUNK: usize = 1 << 21;
/// A record longer than this is none: a quotation mark is missing.
const LONGEST_RECORD: usize = 1 << 26;

/// A piece of a file.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Which file.
    pub(super) file: usize,
    /// The line its first record begins in.
    pub(super) line: u64,
    /// Whether its first record is the header of the file.
    pub(super) has_header: bool,
    pub(super) bytes: Vec<u8>,
}

/// The pieces of all files of a table, in order.
pub(super) struct Chunks {
    files: Arc<[TextFile]>,
    next: usize,
    current: Option<Current>,
    left_out: Arc<LeftOut>,
    read: Arc<AtomicU64>,
    watch: Watch,
    /// About how long a piece is.
    length: usize,
}

/// The file that is being cut.
struct Current {
    file: usize,
    reader: Box<dyn Read + Send>,
    records: Records,
    /// What was read and belongs to no piece yet.
    buffer: Vec<u8>,
    line: u64,
    is_first: bool,
    is_done: bool,
    /// Whether reading broke off, so that the last record is only begun.
    is_cut: bool,
}

impl Chunks {
    pub(super) fn new(files: Arc<[TextFile]>, left_out: Arc<LeftOut>, watch: Watch, length: usize) -> Self {
        Self { files, next: 0, current: None, left_out, read: Arc::default(), watch, length }
    }

    /// The next piece; none at the end, and none once the work is cancelled.
    pub(super) fn next(&mut self) -> Option<Chunk> {
        loop {
            if self.watch.is_cancelled() {
                return None;
            }
            if self.current.is_none() {
                self.open_next()?;
            }
            let Some(current) = &mut self.current else { continue };
            let chunk = current.next(self.length, &self.left_out);
            self.watch.read(self.read.load(Ordering::Relaxed));
            match chunk {
                // Blank lines before the header are no header.
                Some(chunk) if chunk.has_header && chunk.bytes.iter().all(u8::is_ascii_whitespace) => {
                    current.is_first = true;
                }
                Some(chunk) => return Some(chunk),
                None => self.current = None,
            }
        }
    }

    fn open_next(&mut self) -> Option<()> {
        let at = self.next;
        let file = self.files.get(at)?;
        self.next += 1;
        match file.place.open(Arc::clone(&self.read)) {
            Ok(reader) => {
                self.current = Some(Current {
                    file: at,
                    reader,
                    records: file.delimiter.map_or_else(Records::of_lines, Records::of_csv),
                    buffer: Vec::new(),
                    line: 1,
                    is_first: file.delimiter.is_some(),
                    is_done: false,
                    is_cut: false,
                });
            }
            Err(error) => self.left_out.part(at, format!("nothing of it was read: {error}")),
        }
        Some(())
    }
}

impl Current {
    fn next(&mut self, length: usize, left_out: &LeftOut) -> Option<Chunk> {
        let mut wanted = length;
        loop {
            self.fill(wanted, left_out);
            // A return at the very end is not looked at before it is known whether it is a break of its own.
            let is_half = !self.is_done && self.buffer.last() == Some(&b'\r');
            let known = self.buffer.len() - usize::from(is_half);
            let end = self.records.end(&self.buffer[..known], self.is_done);
            if self.is_done {
                return self.last(end, left_out);
            }
            if end > 0 {
                return self.take(end);
            }
            if self.buffer.len() >= LONGEST_RECORD {
                self.give_up(self.records.opened().unwrap_or(0), left_out);
                self.is_done = true;
                self.buffer.clear();
                return None;
            }
            wanted = (self.buffer.len() * 2).max(length);
        }
    }

    /// Reads until so many bytes wait or the file ends. A single carriage return becomes a line break, so that
    /// files of old systems have lines.
    fn fill(&mut self, wanted: usize, left_out: &LeftOut) {
        let start = self.buffer.len();
        let mut failed = None;
        while self.buffer.len() < wanted && !self.is_done {
            let missing = (wanted - self.buffer.len()) as u64;
            match self.reader.by_ref().take(missing).read_to_end(&mut self.buffer) {
                Ok(length) => self.is_done = (length as u64) < missing,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    failed = Some(error);
                    self.is_done = true;
                    self.is_cut = true;
                }
            }
        }
        // A return at the very end may belong to a break whose other half is not read yet.
        let end = if self.is_done { self.buffer.len() } else { self.buffer.len().saturating_sub(1) };
        let mut at = start.saturating_sub(1);
        while let Some(found) = self.buffer.get(at..end).and_then(|new| memchr::memchr(b'\r', new)) {
            let found = at + found;
            if self.buffer.get(found + 1) != Some(&b'\n') {
                self.buffer[found] = b'\n';
            }
            at = found + 1;
        }
        if let Some(error) = failed {
            let line = self.line_at(self.buffer.len());
            left_out.part(self.file, format!("nothing behind line {line} was read: {error}"));
        }
    }

    /// The line in which the byte at a place of the buffer stands.
    fn line_at(&self, place: usize) -> u64 {
        self.line + lines(&self.buffer[..place])
    }

    fn take(&mut self, end: usize) -> Option<Chunk> {
        if end == 0 {
            return None;
        }
        // As much room as this piece had, so that reading the next never has to move it.
        let mut rest = Vec::with_capacity(self.buffer.capacity());
        rest.extend_from_slice(&self.buffer[end..]);
        self.buffer.truncate(end);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        self.records.taken();
        let line = self.line;
        self.line += lines(&bytes);
        let has_header = std::mem::take(&mut self.is_first);
        Some(Chunk { file: self.file, line, has_header, bytes })
    }

    /// The end of the file needs no line break, but every quotation mark its other half.
    fn last(&mut self, end: usize, left_out: &LeftOut) -> Option<Chunk> {
        let whole = match self.records.opened() {
            _ if self.is_cut => end,
            None => self.buffer.len(),
            Some(mark) => {
                self.give_up(mark, left_out);
                end
            }
        };
        self.buffer.truncate(whole);
        let chunk = (whole > 0).then(|| Chunk {
            file: self.file,
            line: self.line,
            has_header: self.is_first,
            bytes: std::mem::take(&mut self.buffer),
        });
        self.is_first = false;
        self.records = Records::of_lines();
        chunk
    }

    fn give_up(&self, mark: usize, left_out: &LeftOut) {
        let line = self.line_at(mark);
        let why = match self.records.opened() {
            Some(_) => {
                "the quotation mark opened there is never closed; close it, or double it where it belongs to the text"
            }
            None => "the record that begins there is too long to be one",
        };
        left_out.part(self.file, format!("nothing from line {line} on was read: {why}"));
    }
}

/// Line breaks among the bytes.
pub(super) fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
