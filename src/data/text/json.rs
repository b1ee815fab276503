//! Columns from a piece of JSON lines.

use super::{
    bytes::Place,
    chunks::{CHUNK, Chunk, Chunks},
    csv::text,
    left_out::LeftOut,
    table::{TextFile, Watch},
};
use crate::names::on_one_line;
use datafusion::arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions, StringViewBuilder},
    datatypes::SchemaRef,
    error::ArrowError,
};
use serde_json::{Map, Value};
use std::{collections::HashMap, io, sync::Arc};

/// The fields of a file's objects in the order in which they first appear, and which of them hold lists or
/// objects somewhere.
pub(super) fn fields(place: &Place) -> io::Result<(Vec<String>, Vec<String>)> {
    /// More fields than this are values that were written as names.
    const MOST: usize = 10_000;
    // What cannot be opened at all is told at once; what is damaged further on, when the file is read.
    place.open(Arc::default())?;
    let file = TextFile { place: place.clone(), delimiter: None, columns: Vec::new() };
    let mut chunks = Chunks::new([file].into(), Arc::default(), Watch::nobody(), CHUNK);
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut nested: Vec<bool> = Vec::new();
    while let Some(chunk) = chunks.next() {
        for line in chunk.bytes.split(|byte| *byte == b'\n') {
            for (name, value) in object(line).into_iter().flatten() {
                let at = match known.get(&name) {
                    Some(at) => *at,
                    None if known.len() == MOST => continue,
                    None => {
                        known.insert(name, nested.len());
                        nested.push(false);
                        nested.len() - 1
                    }
                };
                nested[at] |= matches!(value, Value::Array(_) | Value::Object(_));
            }
        }
    }
    let mut names: Vec<(usize, String)> = known.into_iter().map(|(name, at)| (at, name)).collect();
    names.sort_unstable();
    let (deep, flat): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|(at, name)| nested[*at] || on_one_line(name) != **name);
    let name = |(_, name)| name;
    Ok((flat.into_iter().map(name).collect(), deep.into_iter().map(name).collect()))
}

fn object(line: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_str(&text(line)).ok()
}

/// Reads a piece; lines that are no objects are left out and told.
pub(super) fn read(
    chunk: &Chunk,
    columns: &[String],
    schema: SchemaRef,
    left_out: &LeftOut,
) -> Result<RecordBatch, ArrowError> {
    let mut builders: Vec<StringViewBuilder> = columns.iter().map(|_| StringViewBuilder::new()).collect();
    let mut rows = 0;
    for (line, bytes) in (chunk.line..).zip(chunk.bytes.split(|byte| *byte == b'\n')) {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let Some(object) = object(bytes) else {
            left_out.record(chunk.file, line, || "is no JSON object".to_owned());
            continue;
        };
        for (column, builder) in columns.iter().zip(&mut builders) {
            match object.get(column) {
                None | Some(Value::Null | Value::Array(_) | Value::Object(_)) => builder.append_null(),
                Some(Value::String(text)) if text.is_empty() => builder.append_null(),
                Some(Value::String(text)) => builder.append_value(text),
                Some(Value::Bool(truth)) => builder.append_value(if *truth { "true" } else { "false" }),
                Some(Value::Number(number)) => builder.append_value(number.to_string()),
            }
        }
        rows += 1;
    }
    let columns: Vec<ArrayRef> =
        builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
    RecordBatch::try_new_with_options(schema, columns, &RecordBatchOptions::new().with_row_count(Some(rows)))
}
