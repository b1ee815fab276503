//! Columns from a piece of CSV.

use super::{chunks::Chunk, header, left_out::LeftOut, table::TextFile};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use datafusion::arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions, StringViewBuilder},
    datatypes::SchemaRef,
    error::ArrowError,
};
use memchr::memchr3_iter;
use std::{borrow::Cow, sync::Arc};

/// Bytes as text: what is not UTF-8 is taken byte by byte as Windows-1252, which is what such files are.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut mended = String::with_capacity(bytes.len() + bytes.len() / 8);
    for part in bytes.utf8_chunks() {
        mended.push_str(part.valid());
        mended.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(part.invalid()).0);
    }
    Cow::Owned(mended)
}

/// Columns in the making: for each column of the file, the builder of the column it becomes.
struct Builders {
    builders: Vec<StringViewBuilder>,
    /// By column of the file, the builder; none for a column nobody asked for.
    of: Vec<Option<usize>>,
    /// The builders no column of this file fills.
    absent: Vec<usize>,
    rows: usize,
}

impl Builders {
    fn new(file: &TextFile, projection: &[usize], rows: usize) -> Self {
        let of: Vec<Option<usize>> =
            file.columns.iter().map(|column| projection.iter().position(|wanted| wanted == column)).collect();
        let absent = (0..projection.len()).filter(|builder| !of.contains(&Some(*builder))).collect();
        let builders = projection.iter().map(|_| StringViewBuilder::with_capacity(rows)).collect();
        Self { builders, of, absent, rows: 0 }
    }

    fn append<'a>(&mut self, values: impl Iterator<Item = &'a str>) {
        for (value, builder) in values.zip(&self.of) {
            let Some(builder) = builder else { continue };
            if value.is_empty() {
                self.builders[*builder].append_null();
            } else {
                self.builders[*builder].append_value(value);
            }
        }
        for builder in &self.absent {
            self.builders[*builder].append_null();
        }
        self.rows += 1;
    }

    fn finish(mut self, schema: SchemaRef) -> Result<RecordBatch, ArrowError> {
        let columns: Vec<ArrayRef> =
            self.builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        RecordBatch::try_new_with_options(schema, columns, &options)
    }
}

/// Reads a piece; records that do not have a value for each column are left out and told.
pub(super) fn read(
    chunk: &Chunk,
    file: &TextFile,
    projection: &[usize],
    schema: SchemaRef,
    left_out: &LeftOut,
) -> Result<RecordBatch, ArrowError> {
    let delimiter = file.delimiter.unwrap_or(b',');
    let text = text(&chunk.bytes);
    if matches!(text, Cow::Owned(_)) {
        left_out.other_bytes();
    }
    let mut at = if chunk.has_header { header::length(text.as_bytes(), delimiter) } else { 0 };
    let lines = super::chunks::lines(text.as_bytes());
    let mut builders = Builders::new(file, projection, usize::try_from(lines).unwrap_or(0) + 1);
    let mut ends: Vec<usize> = Vec::with_capacity(file.columns.len() + 1);
    let mut quoted = Quoted::new(delimiter);
    let expected = file.columns.len();
    let misfit = |place: usize, found: usize| {
        let line = chunk.line + super::chunks::lines(&text.as_bytes()[..place]);
        let of = |count: usize| if count == 1 { "1 value".to_owned() } else { format!("{count} values") };
        left_out.record(chunk.file, line, || format!("has {} instead of {expected}", of(found)));
    };
    while at < text.len() {
        let bytes = &text.as_bytes()[at..];
        ends.clear();
        let mut end = None;
        for hit in memchr3_iter(delimiter, b'\n', b'"', bytes) {
            match bytes[hit] {
                b'\n' => {
                    end = Some((hit, hit + 1));
                    break;
                }
                b'"' => {
                    if hit == ends.last().map_or(0, |last| last + 1) {
                        break;
                    }
                }
                _ => ends.push(hit),
            }
        }
        let opens = end.is_none() && opens_a_value(bytes, &ends);
        if opens {
            let (length, found) = quoted.read(bytes);
            if is_misquoted(&bytes[..length], delimiter) {
                let line = chunk.line + super::chunks::lines(&text.as_bytes()[..at]);
                left_out.record(chunk.file, line, || {
                    "has a quotation mark that closes in the middle of a value; it may have swallowed lines".to_owned()
                });
            } else if found == expected {
                builders.append(quoted.values(found));
            } else if length > 0 && found > 0 {
                misfit(at, found);
            }
            at += length.max(1);
            continue;
        }
        let (stop, next) = end.unwrap_or((bytes.len(), bytes.len()));
        let stop = if stop > 0 && bytes[stop - 1] == b'\r' { stop - 1 } else { stop };
        if stop > 0 || !ends.is_empty() {
            if ends.len() + 1 == expected {
                let line = &text[at..at + stop];
                let mut from = 0;
                builders.append(ends.iter().copied().chain([stop]).map(|to| {
                    let value = &line[from..to];
                    from = to + 1;
                    value
                }));
            } else {
                misfit(at, ends.len() + 1);
            }
        }
        at += next;
    }
    builders.finish(schema)
}

/// Whether the value behind the last delimiter begins with a quotation mark.
fn opens_a_value(bytes: &[u8], ends: &[usize]) -> bool {
    bytes.get(ends.last().map_or(0, |last| last + 1)) == Some(&b'"')
}

/// Whether a quoted value goes on behind the mark that closes it: two stray marks can make one value of many rows.
fn is_misquoted(record: &[u8], delimiter: u8) -> bool {
    let mut at = 0;
    while let Some(mark) = memchr::memchr(b'"', &record[at..]).map(|offset| at + offset) {
        let opens = mark == 0 || record[mark - 1] == delimiter || matches!(record[mark - 1], b'\n' | b'\r');
        at = mark + 1;
        if !opens {
            continue;
        }
        // To the mark that closes the value, past those that are doubled.
        loop {
            let Some(next) = memchr::memchr(b'"', &record[at..]).map(|offset| at + offset) else {
                return false;
            };
            at = next + 1;
            if record.get(at) != Some(&b'"') {
                break;
            }
            at += 1;
        }
        if record.get(at).is_some_and(|byte| *byte != delimiter && !matches!(byte, b'\n' | b'\r')) {
            return true;
        }
    }
    false
}

/// Reads the records that hold quotation marks.
struct Quoted {
    reader: Reader,
    values: Vec<u8>,
    ends: Vec<usize>,
}

impl Quoted {
    fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, values: vec![0; 4_096], ends: vec![0; 64] }
    }

    /// Reads one record from the start of the bytes; gives its length and the number of its values.
    fn read(&mut self, bytes: &[u8]) -> (usize, usize) {
        self.reader.reset();
        let (mut read, mut written, mut found) = (0, 0, 0);
        loop {
            let (result, more_read, more_written, more_found) =
                self.reader.read_record(&bytes[read..], &mut self.values[written..], &mut self.ends[found..]);
            read += more_read;
            written += more_written;
            found += more_found;
            match result {
                // With nothing left, the record ends where the piece does: the reader is told by empty input.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.values.resize(self.values.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return (read, found),
            }
        }
    }

    /// The values of the record read last. They came from text, so they are text.
    fn values(&self, found: usize) -> impl Iterator<Item = &str> {
        let mut from = 0;
        self.ends[..found].iter().map(move |to| {
            let value = std::str::from_utf8(&self.values[from..*to]).unwrap_or_default();
            from = *to;
            value
        })
    }
}
