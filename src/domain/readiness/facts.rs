//! What was read from the data, before anything is judged.

use crate::{
    entity::Entity,
    profile::{ColumnProfile, TableProfile},
    proportion::Proportion,
    recognition::{Recognition, Role},
};

/// Everything the readiness check knows of the data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The time of the check, in microseconds since 1970.
    pub now: i64,
    /// Every table that was read whole.
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
    /// Rows of the table.
    pub rows: u64,
    /// Rows without a key.
    pub missing: u64,
    /// Rows whose key is no record's.
    pub dangling: u64,
    /// Different records in the target.
    pub targets: u64,
    /// Records in the target that no key points at.
    pub unreferenced: u64,
    /// Rows without a working key whose e-mail domain is exactly one account's.
    pub restorable_by_domain: Option<u64>,
}

impl Link {
    /// Rows whose key joins.
    pub fn joined(&self) -> Proportion {
        Proportion::new(self.rows.saturating_sub(self.missing + self.dangling), self.rows)
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
    /// The newest time up to the check, in microseconds since 1970.
    pub newest: Option<i64>,
    /// Rows that join to a known person, where a column has the key.
    pub known_person: Option<Proportion>,
    /// Rows by whole minutes from happening to arrival, where a column has the arrival.
    pub lags: Option<Lags>,
    /// Rows by day since 1970, in order, up to the check.
    pub days: Vec<(i64, u64)>,
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
