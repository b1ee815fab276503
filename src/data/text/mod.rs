//! Tables of text: CSV and JSON lines, packed or not, in any usual encoding, read by several cores at once.
//!
//! One reader cuts a file into pieces that end where a record ends; the cores take turns in asking it for the
//! next and make columns of what they got. Headers are read by the `csv` parser and objects by `serde_json`; the
//! records of CSV are split in place, between the marks that the cutting has found already. What cannot be read is
//! left out, counted and told with its line.

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
