//! What was measured, where and when, so that a later call can weigh it without measuring again.

use crate::{Clash, Kind, Store, StoreError, row::Row, tenant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// One thing that was measured once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRecord {
    /// Whom it is about, as in a review.
    pub subject: String,
    /// What was measured: the name of a measure or of a finding.
    pub name: String,
    /// What measured it, such as a review's id or a tool's name.
    pub source: String,
    /// When.
    pub measured_at: jiff::Timestamp,
    /// What came out, as its maker understands it.
    pub value: Value,
}

impl Store {
    /// Keeps evidence, all of it or none. What the same source measured at the same time is replaced.
    pub async fn put_evidence(&self, records: &[EvidenceRecord]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await.map_err(self.failed())?;
        for record in records {
            put(&mut transaction, &self.tenant, record, Clash::Replace).await.map_err(self.failed())?;
        }
        transaction.commit().await.map_err(self.failed())?;
        self.still_there()
    }

    /// The newest evidence of each name about `subject`, in the order of names.
    pub async fn evidence(&self, subject: &str) -> Result<Vec<EvidenceRecord>, StoreError> {
        // Beside `max`, SQLite takes the other columns from the row that holds the greatest value.
        let asked = self.query(
            "select subject, name, source, value, max(measured_at_us) as measured_at_us from evidence
             where tenant = ? and subject = ? group by name order by name",
        );
        self.all(asked.bind(subject), record).await
    }

    /// All evidence of one name about `subject`, newest first.
    pub async fn evidence_of(&self, subject: &str, name: &str) -> Result<Vec<EvidenceRecord>, StoreError> {
        let asked = self.query(
            "select * from evidence where tenant = ? and subject = ? and name = ?
             order by measured_at_us desc, source",
        );
        self.all(asked.bind(subject).bind(name), record).await
    }

    /// Forgets the evidence about `subject`; how many pieces there were.
    pub async fn delete_evidence(&self, subject: &str) -> Result<u64, StoreError> {
        self.delete(Kind::Evidence, subject).await
    }
}

/// Whether the record was taken.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    tenant: &str,
    record: &EvidenceRecord,
    clash: Clash,
) -> sqlx::Result<bool> {
    let EvidenceRecord { subject, name, source, measured_at, value } = record;
    let done = tenant::query(
        tenant,
        "insert into evidence (tenant, subject, name, source, measured_at_us, value) values (?, ?, ?, ?, ?, ?)
         on conflict (tenant, subject, name, source, measured_at_us) do update set value = excluded.value where ?",
    )
    .bind(subject)
    .bind(name)
    .bind(source)
    .bind(measured_at.as_microsecond())
    .bind(value.to_string())
    .bind(clash == Clash::Replace)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) fn record(row: &SqliteRow) -> Result<EvidenceRecord, StoreError> {
    let row = Row { row, what: "evidence of", named_by: "name" };
    Ok(EvidenceRecord {
        subject: row.get("subject")?,
        name: row.get("name")?,
        source: row.get("source")?,
        measured_at: row.moment("measured_at_us")?,
        value: row.json("value")?,
    })
}
