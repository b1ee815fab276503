//! A table of text read as facts: which columns are numbers, dates, truth values and categories, and which
//! cannot be part of a model.

use super::{
    duplicates::{self, Key},
    intake::LENGTH,
    reason::{Dropped, Reason},
    table::{Column, Kind, Table, Values},
    text, words,
};
use crate::nearest::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// Percentage of filled cells that have to read as a kind for the column to be of that kind; the rest are
/// typing errors and count as empty.
pub(crate) const SAME_KIND_PERCENT: usize = 99;
/// Above this share of distinct values among filled cells, text names rows rather than groups.
const IDENTIFIER_SHARE: f64 = 0.5;
/// Below this many distinct values, text is a category however few rows there are.
const FEWEST_IDENTIFIERS: usize = 50;
/// Distinct texts longer than this on average are prose.
const PROSE_LENGTH: usize = 30;
/// Share of filled cells with an e-mail address above which a column is personal whatever its name.
const ADDRESS_SHARE: f64 = 0.05;
/// Numbers this large in a column named after a phone are phone numbers, not counts of calls.
const SMALLEST_PHONE_NUMBER: f64 = 1e6;

/// A column as it was read: text, with empty and placeholder cells as nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextColumn {
    /// The column's name.
    pub name: String,
    /// Its cells.
    pub values: Vec<Option<String>>,
}

/// What the columns are for.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// The column that says whether a lead converted.
    pub label: String,
    /// The label's value that means converted, where it is none of the usual words.
    pub positive: Option<String>,
    /// The column with the decision time.
    pub time: Option<String>,
    /// The column that names the rows.
    pub id: Option<String>,
    /// The column that says how many times each row counts in training.
    pub weight: Option<String>,
    /// Columns that the caller wants left out.
    pub exclude: Vec<String>,
    /// Columns known to identify people.
    pub personal: Vec<String>,
}

/// Why a table cannot be read as leads. Cell values are never repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// There is no such column.
    #[error("no column `{column}`")]
    UnknownColumn {
        /// The name asked for.
        column: String,
        /// The names it could be.
        near: Vec<String>,
    },
    /// The column that should name the rows identifies people.
    #[error("column `{0}` identifies people, so it cannot name the rows of a result")]
    PersonalId(String),
    /// There are no rows.
    #[error("the table has no rows")]
    NoRows,
    /// Columns differ in length.
    #[error("column `{0}` has another number of rows than the first")]
    Uneven(String),
    /// The label takes more than two values, or words that are neither yes nor no.
    #[error(
        "label `{column}` is not a yes or no: it takes {distinct} values, {unread} of them neither yes nor no"
    )]
    NotTwoValued {
        /// The label.
        column: String,
        /// Its distinct values.
        distinct: usize,
        /// Those that cannot be read.
        unread: usize,
    },
    /// Every labelled row has the same outcome.
    #[error("label `{column}` holds one outcome only: {rows} rows, all {}", if *.converted { "converted" } else { "not converted" })]
    OneOutcome {
        /// The label.
        column: String,
        /// Rows with a label.
        rows: usize,
        /// The outcome they share.
        converted: bool,
    },
    /// The column of weights cannot be used.
    #[error("weights in `{column}` {reason}")]
    Weights {
        /// The column.
        column: String,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// The column with the decision time holds no times.
    #[error("column `{column}` cannot be the decision time: {unread} of {filled} filled cells are no date")]
    NoTimes {
        /// The column.
        column: String,
        /// Filled cells that are no date.
        unread: usize,
        /// Filled cells.
        filled: usize,
    },
    /// The column with a score holds no numbers.
    #[error("column `{column}` cannot be a score: {unread} of {filled} filled cells are no number")]
    NoNumbers {
        /// The column.
        column: String,
        /// Filled cells that are no number.
        unread: usize,
        /// Filled cells.
        filled: usize,
    },
    /// No row has a label.
    #[error("label `{0}` is empty on every row")]
    NoLabel(String),
}

/// A table, and the columns that were left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The facts.
    pub table: Table,
    /// What was left out, and why.
    pub dropped: Vec<Dropped>,
}

/// Reads a table of text.
pub fn read(columns: &[TextColumn], roles: &Roles) -> Result<Reading, ReadingError> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    if rows == 0 {
        return Err(ReadingError::NoRows);
    }
    if let Some(uneven) = columns.iter().find(|column| column.values.len() != rows) {
        return Err(ReadingError::Uneven(uneven.name.clone()));
    }
    let weight = match &roles.weight {
        Some(name) => Some(weights(find(columns, name)?)?),
        None => None,
    };
    let label = label(find(columns, &roles.label)?, roles.positive.as_deref(), weight.as_deref())?;
    let time = match &roles.time {
        Some(name) => Some(times(find(columns, name)?)?),
        None => None,
    };
    let ids = match &roles.id {
        Some(name) => names(find(columns, name)?, roles)?,
        None => (1..=rows).map(|row| format!("row {row}")).collect(),
    };
    for name in &roles.exclude {
        find(columns, name)?;
    }
    let lead = duplicates::leads(rows, &keys(columns, roles));
    let mut table = Table { columns: Vec::new(), label, time, ids, weight, lead };
    let mut dropped = Vec::new();
    for column in columns {
        let used = [Some(&roles.label), roles.time.as_ref(), roles.id.as_ref(), roles.weight.as_ref()];
        if used.contains(&Some(&column.name)) {
            continue;
        }
        match values(column, roles, table.time.as_deref()) {
            Ok((kind, values)) => table.columns.push(Column { name: column.name.clone(), kind, values }),
            Err(reason) => dropped.push(Dropped { column: column.name.clone(), reason }),
        }
    }
    Ok(Reading { table, dropped })
}

pub(crate) fn find<'a>(columns: &'a [TextColumn], name: &str) -> Result<&'a TextColumn, ReadingError> {
    columns.iter().find(|column| column.name == name).ok_or_else(|| ReadingError::UnknownColumn {
        column: name.to_owned(),
        near: nearest(name, columns.iter().map(|column| column.name.as_str()))
            .into_iter()
            .map(str::to_owned)
            .collect(),
    })
}

/// Columns of prose that were left out, as how long each text is: its words are never read, its length may tell.
/// A table that has such a column already keeps its own.
pub fn lengths(columns: &[TextColumn], dropped: &[Dropped]) -> Vec<TextColumn> {
    let prose = dropped.iter().filter(|dropped| dropped.reason == Reason::FreeText);
    let of = |dropped: &Dropped| {
        let name = format!("{}{LENGTH}", dropped.column);
        let column = columns.iter().find(|column| column.name == dropped.column)?;
        let length = |cell: &Option<String>| cell.as_ref().map(|text| text.chars().count().to_string());
        let values = column.values.iter().map(length).collect();
        columns.iter().all(|column| column.name != name).then_some(TextColumn { name, values })
    };
    prose.filter_map(of).collect()
}

/// The columns that show which rows are the same lead: its key, and e-mail addresses, which go no further.
fn keys<'a>(columns: &'a [TextColumn], roles: &Roles) -> Vec<Key<'a>> {
    let addresses = |column: &TextColumn| {
        let filled = || column.values.iter().flatten();
        let count = filled().filter(|text| is_address(text)).count();
        count > 0 && 2 * count > filled().count()
    };
    columns
        .iter()
        .filter_map(|column| {
            if roles.id.as_ref() == Some(&column.name) {
                Some(Key::Id(&column.values))
            } else {
                addresses(column).then_some(Key::Address(&column.values))
            }
        })
        .collect()
}

fn weights(column: &TextColumn) -> Result<Vec<f64>, ReadingError> {
    let refuse = |reason| ReadingError::Weights { column: column.name.clone(), reason };
    let weight = |cell: &Option<String>| match cell {
        // A row without a weight says nothing about how often it counts, so it does not count.
        None => Ok(0.0),
        Some(text) => text::number(text).ok_or_else(|| refuse("are not all numbers")),
    };
    let weights = column.values.iter().map(weight).collect::<Result<Vec<f64>, _>>()?;
    if weights.iter().any(|weight| *weight < 0.0) {
        return Err(refuse("go below zero"));
    }
    if weights.iter().all(|weight| *weight <= 0.0) {
        return Err(refuse("are all zero, so no row counts"));
    }
    Ok(weights)
}

/// The outcome of each row that has one.
pub(crate) fn two_valued(
    column: &TextColumn,
    positive: Option<&str>,
) -> Result<Vec<Option<bool>>, ReadingError> {
    let read = |text: &str| match positive {
        Some(word) => Some(text.trim().eq_ignore_ascii_case(word.trim())),
        None => text::outcome(text),
    };
    let distinct: BTreeSet<&str> = column.values.iter().flatten().map(String::as_str).collect();
    let unread = distinct.iter().filter(|text| read(text).is_none()).count();
    if unread > 0 {
        return Err(ReadingError::NotTwoValued {
            column: column.name.clone(),
            distinct: distinct.len(),
            unread,
        });
    }
    Ok(column.values.iter().map(|cell| cell.as_deref().and_then(read)).collect())
}

fn label(
    column: &TextColumn,
    positive: Option<&str>,
    weight: Option<&[f64]>,
) -> Result<Vec<Option<bool>>, ReadingError> {
    let label = two_valued(column, positive)?;
    let counts = |row: &usize| weight.is_none_or(|weights| weights[*row] > 0.0);
    let counted: Vec<bool> = (0..label.len()).filter(counts).filter_map(|row| label[row]).collect();
    let rows = counted.len();
    let converted = counted.iter().filter(|converted| **converted).count();
    if rows == 0 {
        return Err(ReadingError::NoLabel(column.name.clone()));
    }
    if converted == 0 || converted == rows {
        return Err(ReadingError::OneOutcome { column: column.name.clone(), rows, converted: converted > 0 });
    }
    Ok(label)
}

/// Decision times. A few unreadable ones are typing errors; a column of which most are is another column.
pub(crate) fn times(column: &TextColumn) -> Result<Vec<Option<i64>>, ReadingError> {
    let times: Vec<Option<i64>> =
        column.values.iter().map(|cell| cell.as_deref().and_then(text::time)).collect();
    let filled = column.values.iter().flatten().count();
    let unread = filled - times.iter().flatten().count();
    if filled > 0 && 2 * unread >= filled {
        return Err(ReadingError::NoTimes { column: column.name.clone(), unread, filled });
    }
    Ok(times)
}

/// Refuses a column by whose name people are identified, for naming rows in a result.
pub fn may_name_rows(column: &str, personal: &[String]) -> Result<(), ReadingError> {
    if words::personal(column) || personal.iter().any(|known| known == column) {
        return Err(ReadingError::PersonalId(column.to_owned()));
    }
    Ok(())
}

fn names(column: &TextColumn, roles: &Roles) -> Result<Vec<String>, ReadingError> {
    may_name_rows(&column.name, &roles.personal)?;
    if column.values.iter().flatten().any(|text| is_address(text)) {
        return Err(ReadingError::PersonalId(column.name.clone()));
    }
    let rows = column.values.iter().enumerate();
    Ok(rows.map(|(row, cell)| cell.clone().unwrap_or_else(|| format!("row {}", row + 1))).collect())
}

/// A column's cells, or the reason why it cannot be part of a model.
fn values(
    column: &TextColumn,
    roles: &Roles,
    time: Option<&[Option<i64>]>,
) -> Result<(Kind, Values), Reason> {
    let cells = &column.values;
    let filled = cells.iter().flatten().count();
    if roles.exclude.contains(&column.name) {
        return Err(Reason::Asked);
    }
    if roles.personal.contains(&column.name) {
        return Err(Reason::Personal);
    }
    if filled == 0 {
        return Err(Reason::Empty);
    }
    if words::identifier(&column.name) {
        return Err(Reason::Identifier);
    }
    let personal = words::personal(&column.name);
    if let Some(truths) = all_as(cells, filled, 100, text::truth) {
        let numbers = truths.into_iter().map(|truth| truth.map(|truth| f64::from(u8::from(truth)))).collect();
        return Ok((Kind::Boolean, Values::Number(numbers)));
    }
    if let Some(numbers) = all_as(cells, filled, SAME_KIND_PERCENT, text::number) {
        if personal && numbers.iter().flatten().any(|number| number.abs() >= SMALLEST_PHONE_NUMBER) {
            return Err(Reason::Personal);
        }
        if is_serial(&numbers, filled) {
            return Err(Reason::Identifier);
        }
        return Ok((Kind::Number, Values::Number(numbers)));
    }
    if personal {
        return Err(Reason::Personal);
    }
    if let Some(dates) = all_as(cells, filled, SAME_KIND_PERCENT, text::time) {
        let time = time.ok_or(Reason::DateWithoutDecisionTime)?;
        return Ok((Kind::Date, Values::Number(days_before(&dates, time))));
    }
    category(cells, filled)
}

/// Every cell read as a kind, when at least `percent` of the filled ones can be.
fn all_as<T>(
    cells: &[Option<String>],
    filled: usize,
    percent: usize,
    read: impl Fn(&str) -> Option<T>,
) -> Option<Vec<Option<T>>> {
    // Rounding down keeps one bad cell in a short column from being forgiven.
    let mut spare = filled * (100 - percent) / 100;
    let mut values = Vec::with_capacity(cells.len());
    for cell in cells {
        let value = cell.as_deref().and_then(&read);
        if value.is_none() && cell.is_some() {
            spare = spare.checked_sub(1)?;
        }
        values.push(value);
    }
    Some(values)
}

/// Whether numbers count the rows: whole, all different, and nearly without gaps.
fn is_serial(numbers: &[Option<f64>], filled: usize) -> bool {
    let mut whole: Vec<f64> =
        numbers.iter().flatten().copied().filter(|number| number.fract() == 0.0).collect();
    if filled < FEWEST_IDENTIFIERS || whole.len() < filled {
        return false;
    }
    whole.sort_by(f64::total_cmp);
    let distinct = whole.windows(2).all(|pair| pair[0] < pair[1]);
    let span = whole.last().zip(whole.first()).map_or(0.0, |(last, first)| last - first);
    distinct && span < 2.0 * filled as f64
}

fn days_before(dates: &[Option<i64>], time: &[Option<i64>]) -> Vec<Option<f64>> {
    let days = |date: i64, decision: i64| decision.saturating_sub(date) as f64 / text::DAY as f64;
    dates.iter().zip(time).map(|(date, decision)| Some(days((*date)?, (*decision)?))).collect()
}

fn category(cells: &[Option<String>], filled: usize) -> Result<(Kind, Values), Reason> {
    let addresses = cells.iter().flatten().filter(|text| is_address(text)).count();
    if addresses as f64 >= ADDRESS_SHARE * filled as f64 {
        return Err(Reason::Personal);
    }
    let distinct: BTreeSet<&str> = cells.iter().flatten().map(|text| text.trim()).collect();
    if distinct.len() > FEWEST_IDENTIFIERS && distinct.len() as f64 > IDENTIFIER_SHARE * filled as f64 {
        let letters: usize = distinct.iter().map(|text| text.chars().count()).sum();
        let prose = letters > PROSE_LENGTH * distinct.len();
        return Err(if prose { Reason::FreeText } else { Reason::Identifier });
    }
    let levels: Vec<String> = distinct.iter().map(|text| (*text).to_owned()).collect();
    let index: BTreeMap<&str, u32> = distinct.into_iter().zip(0..).collect();
    let codes = cells.iter().map(|cell| index.get(cell.as_deref()?.trim()).copied()).collect();
    Ok((Kind::Category, Values::Category { codes, levels }))
}

/// Whether a text looks like an e-mail address.
pub fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, cell: impl Fn(usize) -> Option<String>) -> TextColumn {
        TextColumn { name: name.into(), values: (0..200).map(cell).collect() }
    }

    fn roles() -> Roles {
        Roles { label: "converted".into(), time: Some("created".into()), ..Roles::default() }
    }

    fn leads() -> Vec<TextColumn> {
        vec![
            column("converted", |row| (row < 190).then(|| if row % 4 == 0 { "yes" } else { "no" }.into())),
            column("created", |row| Some(format!("2024-03-{:02}", row % 28 + 1))),
        ]
    }

    fn kind_of(name: &str, cell: impl Fn(usize) -> Option<String>) -> Result<Column, Reason> {
        let mut columns = leads();
        columns.push(column(name, cell));
        let Reading { mut table, mut dropped } = read(&columns, &roles()).unwrap();
        table.columns.pop().ok_or_else(|| dropped.remove(0).reason)
    }

    #[test]
    fn columns_are_read_by_their_cells() {
        let number = kind_of("visits", |row| (row > 3).then(|| format!("{}", row % 7))).unwrap();
        assert_eq!(number.kind, Kind::Number);
        assert!(!number.values.is_filled(3) && number.values.is_filled(4));
        assert_eq!(kind_of("trial", |row| Some((row % 2 == 0).to_string())).unwrap().kind, Kind::Boolean);
        let date = kind_of("last_seen", |_| Some("2024-03-01".into())).unwrap();
        assert_eq!(date.kind, Kind::Date);
        assert_eq!(date.values, Values::Number((0..200).map(|row| Some(f64::from(row % 28))).collect()));
        let Values::Category { levels, .. } =
            kind_of("industry", |row| Some(["b", "a"][row % 2].into())).unwrap().values
        else {
            panic!("not a category")
        };
        assert_eq!(levels, ["a", "b"]);
    }

    #[test]
    fn two_bad_cells_in_two_hundred_are_forgiven_and_three_are_not() {
        let with = |bad: usize| {
            kind_of("visits", move |row| Some(if row < bad { "oops".into() } else { format!("{}", row % 9) }))
        };
        assert_eq!(with(2).unwrap().kind, Kind::Number);
        assert_eq!(with(3).unwrap().kind, Kind::Category);
    }

    #[test]
    fn what_names_rows_or_people_is_left_out() {
        assert_eq!(kind_of("account_id", |row| Some(format!("a{}", row % 3))), Err(Reason::Identifier));
        assert_eq!(kind_of("record", |row| Some(format!("{row}"))), Err(Reason::Identifier));
        assert_eq!(kind_of("code", |row| Some(format!("x{row}"))), Err(Reason::Identifier));
        assert_eq!(kind_of("login", |row| Some(format!("u{}@example.org", row % 5))), Err(Reason::Personal));
        assert_eq!(
            kind_of("mobile_phone", |row| Some(format!("49151{:07}", row * 31))),
            Err(Reason::Personal)
        );
        assert_eq!(kind_of("mobile_visits", |row| Some(format!("{}", row % 5))).unwrap().kind, Kind::Number);
        let prose = |row: usize| Some(format!("met at the fair, talked about {row} things we could do"));
        assert_eq!(kind_of("notes", prose), Err(Reason::FreeText));
        assert_eq!(kind_of("fax", |_| None), Err(Reason::Empty));
    }

    #[test]
    fn unusable_labels_are_named_with_the_reason() {
        let with = |cell: fn(usize) -> Option<String>| {
            let columns = [column("converted", cell), leads().remove(1)];
            read(&columns, &roles()).unwrap_err()
        };
        let one = with(|_| Some("yes".into()));
        assert_eq!(one, ReadingError::OneOutcome { column: "converted".into(), rows: 200, converted: true });
        assert_eq!(one.to_string(), "label `converted` holds one outcome only: 200 rows, all converted");
        assert!(matches!(
            with(|row| Some(row.to_string())),
            ReadingError::NotTwoValued { distinct: 200, unread: 198, .. }
        ));
        assert_eq!(with(|_| None), ReadingError::NoLabel("converted".into()));
        assert_eq!(read(&[], &roles()).unwrap_err(), ReadingError::NoRows);
        let unknown = read(&leads(), &Roles { label: "convertd".into(), ..roles() }).unwrap_err();
        assert_eq!(
            unknown,
            ReadingError::UnknownColumn { column: "convertd".into(), near: vec!["converted".into()] }
        );
    }

    #[test]
    fn people_do_not_name_rows() {
        let mut columns = leads();
        columns.push(column("login", |row| Some(format!("p{row}@example.org"))));
        let roles = Roles { id: Some("login".into()), ..roles() };
        assert_eq!(read(&columns, &roles).unwrap_err(), ReadingError::PersonalId("login".into()));
    }

    #[test]
    fn a_named_value_may_mean_converted() {
        let columns = [column("status", |row| Some(["Open", "Customer", "Gone"][row % 3].into()))];
        let roles = Roles { label: "status".into(), positive: Some("customer".into()), ..Roles::default() };
        let table = read(&columns, &roles).unwrap().table;
        assert_eq!(table.label[..3], [Some(false), Some(true), Some(false)]);
        assert_eq!(table.ids[0], "row 1");
    }
}
