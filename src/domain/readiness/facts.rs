//! What was read from the data, before anything is judged.

use crate::{
    entity::Entity,
    profile::{ColumnProfile, TableProfile},
    proportion::Proportion,
    recognition::{Recognition, Role},
};
use serde::{Deserialize, Serialize};

/// Everything the readiness check knows of the data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The time of the check, in microseconds since 1970.
    pub now: i64,
    /// Every table that was read, whole or in part.
    pub tables: Vec<TableFacts>,
    /// Tables that could not be read, with the reason.
    pub unread: Vec<(String, String)>,
    /// How keys join.
    pub links: Vec<Link>,
    /// How events flow.
    pub streams: Vec<Stream>,
    /// How existing scores stand against outcomes.
    pub scores: Vec<Score>,
    /// How often an identifying value repeats.
    pub repeats: Vec<Repeats>,
    /// Counts that somebody handed in for tables that are not here.
    pub aggregates: Vec<Aggregate>,
    /// The shapes of the same tables when they were last remembered.
    pub earlier: Vec<Shape>,
}

/// A count of filled rows that somebody made elsewhere, such as in the CRM itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// The entity whose records were counted.
    pub entity: Entity,
    /// The field as its system names it.
    pub field: String,
    /// What the field is for, where that is known.
    pub role: Option<Role>,
    /// Filled records among all.
    pub filled: Proportion,
}

/// What a table looked like at some time: enough to tell that it has changed its shape.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// The table.
    pub table: String,
    /// The folder it came from.
    #[serde(default)]
    pub source: String,
    /// Its rows.
    pub rows: u64,
    /// Its columns in the order of the file.
    pub columns: Vec<ColumnShape>,
}

/// What a column looked like at some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnShape {
    /// The column.
    pub name: String,
    /// The name of its type, such as `integer`.
    pub value_type: String,
    /// Filled rows.
    pub filled: u64,
}

impl Shape {
    /// The shape of a table as it is now.
    pub fn of(table: &TableFacts) -> Self {
        let profile = &table.profile;
        let columns = profile.columns.iter().map(|column| ColumnShape {
            name: column.name.clone(),
            value_type: column.value_type().name().to_owned(),
            filled: column.filled(),
        });
        Self {
            table: profile.name.clone(),
            source: table.source.clone(),
            rows: profile.rows,
            columns: columns.collect(),
        }
    }
}

/// What of a table was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scanned {
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What was not read, in words: `line 17 has 9 values instead of 12`. Empty where the table was read whole.
    pub left_out: Vec<String>,
    /// Rows of the whole, where only some of them were handed in; the rest was never seen.
    pub rows_in_all: Option<u64>,
}

impl Scanned {
    /// Whether every row there is was read. What was not seen may hold the rows that fail.
    pub fn is_whole(&self, rows: u64) -> bool {
        self.left_out.is_empty() && self.rows_in_all.is_none_or(|all| all <= rows)
    }
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableFacts {
    /// What it holds.
    pub profile: TableProfile,
    /// What it was recognised as.
    pub recognition: Recognition,
    /// The folder it came from: keys speak of records of the same system.
    pub source: String,
    /// Columns that are asked of some rows only.
    pub applicable: Vec<Applicable>,
    /// What of it was read.
    pub scanned: Scanned,
}

impl TableFacts {
    /// The entity, if it is sure.
    pub fn entity(&self) -> Option<Entity> {
        self.recognition.sure_entity()
    }

    /// The profile of the column that plays a role.
    pub fn column(&self, role: Role) -> Option<&ColumnProfile> {
        self.profile.column(self.recognition.column(role)?)
    }

    /// The filled rows of a column among those it is asked of, and which those are.
    pub fn fill(&self, column: &ColumnProfile) -> (Proportion, Option<&Applicable>) {
        match self.applicable.iter().find(|applicable| applicable.column == column.name) {
            Some(applicable) => (applicable.filled, Some(applicable)),
            None => (column.fill(), None),
        }
    }
}

/// A column that is asked of some rows only: a close reason of closed deals.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicable {
    /// The column.
    pub column: String,
    /// The rows it is asked of, in words: `closed deals`.
    pub condition: String,
    /// The same as a condition in plain SQL.
    pub condition_sql: String,
    /// Filled rows among those.
    pub filled: Proportion,
}

/// How the keys in one column join the records they speak of.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The table that holds the keys.
    pub table: String,
    /// The column of keys.
    pub column: String,
    /// What the table holds.
    pub from: Entity,
    /// What the keys point at.
    pub to: Entity,
    /// The table they point into.
    pub target: String,
    /// The column of its own keys.
    pub target_key: String,
    /// Whether a cell may hold several keys, of which the first is looked at.
    pub many: bool,
    /// Whether keys are compared without case, as e-mail addresses are.
    pub any_case: bool,
    /// Other tables, each with the column of its keys, whose records the keys may point at instead.
    pub others: Vec<(String, String)>,
    /// Rows of the table.
    pub rows: u64,
    /// Rows without a key.
    pub missing: u64,
    /// Rows whose key is no record's.
    pub dangling: u64,
    /// Rows whose key is no record's here and may be one's in a table that is not here. They count neither way.
    pub elsewhere: u64,
    /// Different records in the target.
    pub targets: u64,
    /// Records in the target that no key points at.
    pub unreferenced: u64,
    /// What could be done about the rows without a working key, where the link is one to accounts.
    pub restorable: Option<Restorable>,
}

/// Rows without a working key, by what would give them one. Each row is counted once, at the first that fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restorable {
    /// Their e-mail domain is exactly one account's.
    pub by_domain: u64,
    /// The company they name is exactly one account's, legal form and punctuation aside.
    pub by_name: u64,
    /// Their e-mail domain or company is one letter from exactly one account's: to be confirmed by a person. Nobody
    /// knows where the accounts are too many to be compared so.
    pub by_likeness: Option<u64>,
    /// Their address is at a mail provider, so that it says nothing of an employer.
    pub free_mail: u64,
}

impl Link {
    /// Rows whose key joins, of those that can be told.
    pub fn joined(&self) -> Proportion {
        let told = self.rows.saturating_sub(self.elsewhere);
        Proportion::new(told.saturating_sub(self.missing + self.dangling), told)
    }
}

/// One table of events or activities.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The table.
    pub table: String,
    /// When things happened.
    pub time_column: String,
    /// Rows.
    pub rows: u64,
    /// Rows with a readable time.
    pub timed: u64,
    /// Rows dated after the check.
    pub future: u64,
    /// Rows dated before anything could have been recorded.
    pub ancient: u64,
    /// What happened, where a column tells: each type with its rows, the commonest first.
    pub types: Option<EventTypes>,
    /// The newest time up to the check, in microseconds since 1970.
    pub newest: Option<i64>,
    /// Rows that join to a known person, where a column has the key.
    pub known_person: Option<Proportion>,
    /// Rows by whole minutes from happening to arrival, where a column has the arrival.
    pub lags: Option<Lags>,
    /// Rows by day since 1970, in order, up to the check.
    pub days: Vec<(i64, u64)>,
}

/// The types of event that were seen.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTypes {
    /// The column that tells.
    pub column: String,
    /// Each type with its rows, the commonest first.
    pub seen: Vec<(String, u64)>,
    /// Rows without a type.
    pub untyped: u64,
}

/// How long events take to arrive.
#[derive(Clone, Debug, PartialEq)]
pub struct Lags {
    /// When rows arrived.
    pub column: String,
    /// Rows by whole minutes of lag, in order. A negative lag is a clock error.
    pub minutes: Vec<(i64, u64)>,
}

impl Lags {
    /// Rows with both times.
    pub fn rows(&self) -> u64 {
        self.minutes.iter().map(|(_, rows)| rows).sum()
    }

    /// The lag that a share of the rows does not exceed, in hours.
    pub fn quantile_hours(&self, share: f64) -> Option<f64> {
        let rows = self.rows();
        let rank = (share * rows as f64).ceil().max(1.0);
        let mut seen = 0;
        self.minutes.iter().find_map(|(minutes, count)| {
            seen += count;
            (rows > 0 && seen as f64 >= rank).then_some(*minutes as f64 / 60.0)
        })
    }

    /// Rows later than so many hours.
    pub fn later_than_hours(&self, hours: f64) -> u64 {
        self.minutes.iter().filter(|(minutes, _)| *minutes as f64 >= hours * 60.0).map(|(_, rows)| rows).sum()
    }
}

/// An existing score beside the outcome of the same rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The table.
    pub table: String,
    /// The score.
    pub column: String,
    /// The outcome.
    pub outcome: String,
    /// Good and bad outcomes at each value of the score.
    pub counts: Vec<(f64, u64, u64)>,
}

/// How often a value repeats that should tell records apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeats {
    /// The table.
    pub table: String,
    /// What it holds.
    pub entity: Entity,
    /// The column, compared without case and outer white space.
    pub column: String,
    /// Rows with a value.
    pub with_value: u64,
    /// Different values.
    pub distinct: u64,
}

impl Repeats {
    /// Rows beyond the first for their value.
    pub fn extra(&self) -> Proportion {
        Proportion::new(self.with_value - self.distinct, self.with_value)
    }
}
