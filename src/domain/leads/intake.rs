//! Rows of text on their way to a stored model: each cell read as the model's training read it.
//!
//! A table to score passes once, so nothing is known of its end at the beginning. A column that plainly holds
//! something else than in training stops the work early; one that does so by a little more than is forgiven stops
//! it at the end, by [`Intake::finish`].

use super::{
    batch::{BatchError, Cells, EMPTY, Gathered, UNSEEN},
    model::{Model, ModelColumn},
    reading::SAME_KIND_PERCENT,
    table::Kind,
    text,
};

/// What a column of lengths adds to the name of its text.
pub(crate) const LENGTH: &str = "_length";
/// Filled cells after which a column of which most are misread is given up.
const EARLY: u64 = 1000;

/// Reads the columns of one stream for a model.
#[derive(Debug)]
pub struct Intake<'a> {
    model: &'a Model,
    sources: Vec<Source>,
    decided: Option<usize>,
    read: Vec<Read>,
}

/// Where a column of the model comes from.
#[derive(Clone, Copy, Debug)]
enum Source {
    Cell(usize),
    Length(usize),
}

/// What was read of a column so far.
#[derive(Clone, Copy, Debug, Default)]
struct Read {
    filled: u64,
    misread: u64,
    /// The kind of the latest misread cell.
    found: Option<Kind>,
}

/// The rows of one batch as the model wants them.
#[derive(Clone, Debug)]
pub struct Batch(Vec<Gathered>);

impl Batch {
    /// One of the rows by itself.
    #[must_use]
    pub fn row(&self, row: usize) -> Self {
        let one = |column: &Gathered| match column {
            Gathered::Numbers(cells) => Gathered::Numbers(vec![cells[row]]),
            Gathered::Codes(cells) => Gathered::Codes(vec![cells[row]]),
        };
        Self(self.0.iter().map(one).collect())
    }

    /// One slice for each column of the model.
    pub fn cells(&self) -> Vec<Cells<'_>> {
        self.0.iter().map(Gathered::cells).collect()
    }
}

impl<'a> Intake<'a> {
    /// Finds the model's columns among those of a table. `decided` is the place of the decision time, which dates are
    /// measured from.
    pub fn new(model: &'a Model, names: &[&str], decided: Option<usize>) -> Result<Self, BatchError> {
        let place = |name: &str| names.iter().position(|known| *known == name);
        let source = |column: &ModelColumn| {
            let own = place(&column.name).map(Source::Cell);
            let length = || column.name.strip_suffix(LENGTH).and_then(place).map(Source::Length);
            own.or_else(length).ok_or_else(|| BatchError::MissingColumn {
                column: column.name.clone(),
                near: crate::nearest::nearest(&column.name, names.iter().copied())
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            })
        };
        let sources = model.columns().iter().map(source).collect::<Result<Vec<_>, _>>()?;
        if decided.is_none()
            && let Some(date) = model.columns().iter().find(|column| column.kind == Kind::Date)
        {
            return Err(BatchError::NoDecisionTime(date.name.clone()));
        }
        Ok(Self { model, sources, decided, read: vec![Read::default(); model.columns().len()] })
    }

    /// The table's columns that a model reads, the bases of its lengths included.
    pub fn needed<'n>(model: &Model, names: &[&'n str]) -> Vec<&'n str> {
        let needs = |name: &str| {
            model.columns().iter().any(|column| {
                column.name == name
                    || column.name.strip_suffix(LENGTH) == Some(name)
                        && !names.contains(&column.name.as_str())
            })
        };
        names.iter().copied().filter(|name| needs(name)).collect()
    }

    /// Reads some rows. `cell` gives the text of a column of the table in one of them.
    pub fn take<'c>(
        &mut self,
        rows: &[usize],
        cell: impl Fn(usize, usize) -> Option<&'c str>,
    ) -> Result<Batch, BatchError> {
        let time = |row: &usize| self.decided.and_then(|at| cell(at, *row)).and_then(text::time);
        let decided: Vec<Option<i64>> = rows.iter().map(time).collect();
        let mut columns = Vec::with_capacity(self.sources.len());
        for (at, (source, column)) in self.sources.iter().zip(self.model.columns()).enumerate() {
            let read = &mut self.read[at];
            columns.push(match (source, column.kind) {
                (Source::Length(from), _) => {
                    let length =
                        |row: &usize| cell(*from, *row).map_or(f64::NAN, |text| text.chars().count() as f64);
                    Gathered::Numbers(rows.iter().map(length).collect())
                }
                (Source::Cell(from), Kind::Category) => {
                    let code = |row: &usize| category(self.model, at, cell(*from, *row), read);
                    Gathered::Codes(rows.iter().map(code).collect())
                }
                (Source::Cell(from), kind) => {
                    let rows = rows.iter().zip(&decided);
                    Gathered::Numbers(
                        rows.map(|(row, decided)| number(kind, cell(*from, *row), *decided, read)).collect(),
                    )
                }
            });
            if read.filled >= EARLY && 2 * read.misread > read.filled {
                return Err(changed(column, read));
            }
        }
        Ok(Batch(columns))
    }

    /// Whether all that was read held what it held in training.
    pub fn finish(&self) -> Result<(), BatchError> {
        for (column, read) in self.model.columns().iter().zip(&self.read) {
            let forgiven = match column.kind {
                // Numbers are words too; only a column of nothing else was made of something else.
                Kind::Category => read.filled * SAME_KIND_PERCENT as u64 / 100,
                _ => read.filled * (100 - SAME_KIND_PERCENT as u64) / 100,
            };
            if read.misread > forgiven {
                return Err(changed(column, read));
            }
        }
        Ok(())
    }
}

/// A cell as a number, a date as days before the decision; what cannot be read is empty, as in training.
fn number(kind: Kind, cell: Option<&str>, decided: Option<i64>, read: &mut Read) -> f64 {
    let Some(cell) = cell else { return f64::NAN };
    read.filled += 1;
    let value = match kind {
        Kind::Boolean => text::truth(cell).map(|truth| f64::from(u8::from(truth))),
        Kind::Date => text::time(cell).map(|date| {
            decided.map_or(f64::NAN, |decided| decided.saturating_sub(date) as f64 / text::DAY as f64)
        }),
        Kind::Number | Kind::Category => text::number(cell),
    };
    value.unwrap_or_else(|| {
        read.misread += 1;
        read.found = Some(kind_of(cell));
        f64::NAN
    })
}

fn category(model: &Model, column: usize, cell: Option<&str>, read: &mut Read) -> u32 {
    let Some(cell) = cell else { return EMPTY };
    read.filled += 1;
    let code = model.code(column, cell);
    if code == UNSEEN && text::number(cell).is_some() {
        read.misread += 1;
        read.found = Some(Kind::Number);
    }
    code
}

fn kind_of(cell: &str) -> Kind {
    if text::truth(cell).is_some() {
        Kind::Boolean
    } else if text::number(cell).is_some() {
        Kind::Number
    } else if text::time(cell).is_some() {
        Kind::Date
    } else {
        Kind::Category
    }
}

fn changed(column: &ModelColumn, read: &Read) -> BatchError {
    BatchError::ChangedKind {
        column: column.name.clone(),
        trained: column.kind.name(),
        found: read.found.unwrap_or(Kind::Category).name(),
    }
}

#[cfg(test)]
#[path = "intake_tests.rs"]
mod tests;
