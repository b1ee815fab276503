//! Reading rows: a value that revarch does not write is told with the thing it belongs to.

use crate::{Store, StoreError};
use serde_json::Value;
use sqlx::{
    Decode, Row as _, Sqlite, Type,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

/// A row of a kind of thing.
pub(crate) struct Row<'a> {
    pub(crate) row: &'a SqliteRow,
    pub(crate) what: &'static str,
    /// The column that names the thing.
    pub(crate) named_by: &'static str,
}

impl<'a> Row<'a> {
    /// A value as it stands.
    pub(crate) fn get<T: Decode<'a, Sqlite> + Type<Sqlite>>(&self, column: &str) -> Result<T, StoreError> {
        self.row.try_get(column).map_err(|error| self.damaged(&error))
    }

    /// A moment, kept as microseconds so that moments sort as numbers.
    pub(crate) fn moment(&self, column: &str) -> Result<jiff::Timestamp, StoreError> {
        jiff::Timestamp::from_microsecond(self.get(column)?).map_err(|error| self.damaged(&error))
    }

    /// A document, kept as its text.
    pub(crate) fn json(&self, column: &str) -> Result<Value, StoreError> {
        serde_json::from_str(self.get(column)?).map_err(|error| self.damaged(&error))
    }

    fn damaged(&self, reason: &dyn std::fmt::Display) -> StoreError {
        let id = self.row.try_get(self.named_by).unwrap_or_default();
        StoreError::Damaged { what: self.what, id, reason: reason.to_string() }
    }
}

type Asked<'q> = Query<'q, Sqlite, SqliteArguments>;

impl Store {
    /// The records that a query finds.
    pub(crate) async fn all<T>(
        &self,
        asked: Asked<'_>,
        record: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        asked.fetch_all(&self.pool).await.map_err(self.failed())?.iter().map(record).collect()
    }

    /// The record that a query finds, if there is one.
    pub(crate) async fn one<T>(
        &self,
        asked: Asked<'_>,
        record: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        asked.fetch_optional(&self.pool).await.map_err(self.failed())?.as_ref().map(record).transpose()
    }
}
