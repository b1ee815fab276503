//! A CSV file in the making, which counts what is written into it.

use crate::{
    calendar,
    dice::Dice,
    empty,
    error::SampleError,
    id::Key,
    truth::{self, Field, Link, Truth},
};
use csv::{ByteRecord, Writer, WriterBuilder};
use std::{
    fmt::{Display, Write as _},
    fs::File,
    path::{Path, PathBuf},
};

/// Bytes gathered before the file is touched.
const BUFFER: usize = 1 << 18;

/// What has been counted in one column.
#[derive(Clone, Copy, Default)]
struct Tally {
    asked: u64,
    blank: u64,
    placeholder: u64,
    keys: u64,
    missing: u64,
    dangling: u64,
}

/// A table being written. A row is begun by its first field and closed by [`Table::end`].
pub(crate) struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    path: PathBuf,
    writer: Writer<File>,
    record: ByteRecord,
    scratch: String,
    tallies: Vec<Tally>,
    rows: u64,
}

impl Table {
    /// A new file `<name>.csv` in the folder, with its header.
    pub(crate) fn create(
        folder: &Path,
        name: &'static str,
        columns: &'static [&'static str],
    ) -> Result<Self, SampleError> {
        let path = folder.join(format!("{name}.csv"));
        let file = File::create(&path).map_err(|source| SampleError::File {
            attempt: "create",
            path: path.clone(),
            source,
        })?;
        let mut writer = WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file);
        writer.write_record(columns).map_err(|source| SampleError::Row { path: path.clone(), source })?;
        Ok(Self {
            name,
            columns,
            path,
            writer,
            record: ByteRecord::new(),
            scratch: String::new(),
            tallies: vec![Tally::default(); columns.len()],
            rows: 0,
        })
    }

    /// Rows closed so far.
    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The next field as text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        let blank = text.is_empty();
        let placeholder = empty::is_placeholder(text);
        if let Some(tally) = self.tally() {
            tally.asked += 1;
            tally.blank += u64::from(blank);
            tally.placeholder += u64::from(placeholder);
        }
        self.record.push_field(text.as_bytes());
        self
    }

    /// The next field as its value prints.
    pub(crate) fn show(&mut self, value: impl Display) -> &mut Self {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        // Writing to a string cannot fail.
        let _ = write!(scratch, "{value}");
        self.text(&scratch);
        self.scratch = scratch;
        self
    }

    /// The next field as text that is empty in the given share of rows.
    pub(crate) fn sparse(&mut self, dice: &mut Dice, share: f64, text: &str) -> &mut Self {
        self.text(empty::empty(dice, share).unwrap_or(text))
    }

    /// The next field as a number, left blank in the given share of rows.
    pub(crate) fn sparse_number(&mut self, dice: &mut Dice, share: f64, number: u64) -> &mut Self {
        if dice.flaw(share) { self.text("") } else { self.show(number) }
    }

    /// The next field as a UTC time.
    pub(crate) fn time(&mut self, second: i64) -> &mut Self {
        match calendar::time(second) {
            Some(time) => self.show(time),
            None => self.text(""),
        }
    }

    /// The next field as a UTC date.
    pub(crate) fn date(&mut self, second: i64) -> &mut Self {
        match calendar::date(second) {
            Some(date) => self.show(date),
            None => self.text(""),
        }
    }

    /// The next field as a key to another table.
    pub(crate) fn key(&mut self, key: Key) -> &mut Self {
        if let Some(tally) = self.tally() {
            tally.keys += 1;
            tally.missing += u64::from(key == Key::Missing);
            tally.dangling += u64::from(matches!(key, Key::Dangling(_)));
        }
        match key {
            Key::To(id) | Key::Dangling(id) => self.show(id),
            Key::Missing => self.text(""),
        }
    }

    /// The next field blank because its question does not apply to this row.
    pub(crate) fn not_asked(&mut self) -> &mut Self {
        self.record.push_field(b"");
        self
    }

    /// Closes the row.
    pub(crate) fn end(&mut self) -> Result<(), SampleError> {
        self.writer
            .write_byte_record(&self.record)
            .map_err(|source| SampleError::Row { path: self.path.clone(), source })?;
        self.record.clear();
        self.rows += 1;
        Ok(())
    }

    /// Closes the file and hands over its counts.
    pub(crate) fn finish(mut self, truth: &mut Truth) -> Result<(), SampleError> {
        self.writer.flush().map_err(|source| SampleError::File {
            attempt: "finish",
            path: self.path.clone(),
            source,
        })?;
        truth.rows.insert(self.name.to_owned(), self.rows);
        for (column, tally) in self.columns.iter().zip(&self.tallies) {
            let Tally { asked, blank, placeholder, keys, missing, dangling } = *tally;
            let name = format!("{}.{column}", self.name);
            if keys > 0 {
                let to = truth::key_target(column).to_owned();
                truth.links.insert(name.clone(), Link { to, rows: keys, missing, dangling });
            }
            let asked_of = truth::asked_of(&name).map(str::to_owned);
            let empty = blank + placeholder;
            truth.fields.insert(name, Field { rows: asked, empty, blank, placeholder, asked_of });
        }
        Ok(())
    }

    fn tally(&mut self) -> Option<&mut Tally> {
        self.tallies.get_mut(self.record.len())
    }
}
