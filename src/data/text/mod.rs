//! Tables of text: CSV and JSON lines, packed or not, in any usual encoding, read by several cores at once.
//!
//! One reader cuts a file into pieces that end where a record ends; the cores take turns in asking it for the
//! next and make columns of what they got. Values are split by the `csv-core` and `serde_json` parsers, save in
//! records without a quotation mark, where there is nothing to parse. What cannot be read is left out, counted
//! and told with its line.

mod bytes;
mod chunks;
mod csv;
mod header;
mod json;
mod left_out;
mod records;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use bytes::{Place, is_packed_ending};
pub(crate) use left_out::LeftOut;
pub(crate) use table::{TextFile, TextTable, Watch, csv_file, json_files};
