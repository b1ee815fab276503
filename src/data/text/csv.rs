//! Columns from a piece of CSV.

use super::{
    chunks::{Chunk, lines},
    header,
    left_out::LeftOut,
    table::TextFile,
};
use datafusion::arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions, StringViewBuilder},
    datatypes::SchemaRef,
    error::ArrowError,
};
use memchr::{memchr, memchr3_iter};
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

    fn append<'a>(&mut self, values: impl Iterator<Item = Cow<'a, str>>) {
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
    let expected = file.columns.len();
    let rows = usize::try_from(lines(text.as_bytes())).unwrap_or(0) + 1;
    let mut builders = Builders::new(file, projection, rows);
    let mut record = Record::default();
    let mut at = if chunk.has_header { header::length(text.as_bytes(), delimiter) } else { 0 };
    let mut line = Line { number: chunk.line, counted: 0 };
    while at < text.len() {
        let rest = &text[at..];
        let length = record.split(rest.as_bytes(), delimiter);
        if record.is_misquoted {
            left_out.record(chunk.file, line.at(text.as_bytes(), at), || {
                "has a quotation mark that closes in the middle of a value; it may have swallowed lines"
                    .to_owned()
            });
        } else if record.values.len() == expected && !(expected == 1 && record.is_blank()) {
            builders.append(record.values.iter().map(|value| value.of(rest)));
        } else if !record.is_blank() {
            let found = record.values.len();
            left_out.record(chunk.file, line.at(text.as_bytes(), at), || {
                let values = if found == 1 { "value" } else { "values" };
                format!("has {found} {values} instead of {expected}")
            });
        }
        at += length;
    }
    builders.finish(schema)
}

/// The line one is in, counted on from where it was last asked for.
struct Line {
    number: u64,
    counted: usize,
}

impl Line {
    fn at(&mut self, text: &[u8], place: usize) -> u64 {
        self.number += lines(&text[self.counted..place]);
        self.counted = place;
        self.number
    }
}

/// One record, as places in its text.
#[derive(Default)]
struct Record {
    values: Vec<Value>,
    /// Whether a quoted value goes on behind the mark that closes it: two stray marks can make one value of many
    /// rows.
    is_misquoted: bool,
}

#[derive(Clone, Copy)]
struct Value {
    start: usize,
    end: usize,
    is_quoted: bool,
    /// Whether it holds quotation marks, which are written twice.
    has_marks: bool,
}

impl Value {
    fn of(self, record: &str) -> Cow<'_, str> {
        let value = &record[self.start..self.end];
        if self.has_marks { Cow::Owned(value.replace("\"\"", "\"")) } else { Cow::Borrowed(value) }
    }
}

impl Record {
    /// Splits the record that the bytes begin with (RFC 4180), and gives its length. A quotation mark that does not
    /// open its value is a letter like any other.
    fn split(&mut self, bytes: &[u8], delimiter: u8) -> usize {
        self.values.clear();
        self.is_misquoted = false;
        let mut start = 0;
        // Everything up to here belongs to a quoted value.
        let mut behind = 0;
        for hit in memchr3_iter(delimiter, b'\n', b'"', bytes) {
            if hit < behind {
                continue;
            }
            match bytes[hit] {
                b'"' if hit == start => behind = self.quoted(bytes, hit, delimiter),
                b'"' => {}
                b'\n' => {
                    self.plain(bytes, start, hit, behind);
                    return hit + 1;
                }
                _ => {
                    self.plain(bytes, start, hit, behind);
                    start = hit + 1;
                }
            }
        }
        self.plain(bytes, start, bytes.len(), behind);
        bytes.len()
    }

    /// The value between two places, unless it was quoted and is known.
    fn plain(&mut self, bytes: &[u8], start: usize, end: usize, behind: usize) {
        if start < behind {
            return;
        }
        let is_last = bytes.get(end).is_none_or(|byte| *byte == b'\n');
        let end = if is_last && bytes[start..end].last() == Some(&b'\r') { end - 1 } else { end };
        self.values.push(Value { start, end, is_quoted: false, has_marks: false });
    }

    /// The value that a mark opens; gives the place behind the mark that closes it.
    fn quoted(&mut self, bytes: &[u8], mark: usize, delimiter: u8) -> usize {
        let mut value = Value { start: mark + 1, end: bytes.len(), is_quoted: true, has_marks: false };
        let mut at = value.start;
        while let Some(offset) = memchr(b'"', &bytes[at..]) {
            at += offset + 1;
            if bytes.get(at) == Some(&b'"') {
                value.has_marks = true;
                at += 1;
                continue;
            }
            value.end = at - 1;
            let goes_on = !matches!(bytes[at..], [] | [b'\n' | b'\r', ..]) && bytes[at] != delimiter;
            self.is_misquoted |= goes_on;
            self.values.push(value);
            return at;
        }
        // Pieces end where records do, so this mark has no other half anywhere.
        self.is_misquoted = true;
        self.values.push(value);
        bytes.len()
    }

    /// An empty line.
    fn is_blank(&self) -> bool {
        matches!(self.values[..], [] | [Value { is_quoted: false, .. }])
            && self.values.iter().all(|value| value.start == value.end)
    }
}
