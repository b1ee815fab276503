//! What people answered in an interview, so that a later call can go on with it.

use crate::{Clash, Kind, Store, StoreError, row::Row, tenant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// One person's newest answer to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRecord {
    /// Whom it is about, as in a review.
    pub subject: String,
    /// The lens that asks.
    pub lens: String,
    /// The question.
    pub question: String,
    /// Who answered; empty where nobody was named.
    pub respondent: String,
    /// What was answered, as its asker understands it. That somebody does not know is an answer too.
    pub answer: Value,
    /// What the person pointed to.
    pub note: Option<String>,
    /// When.
    pub answered_at: jiff::Timestamp,
}

impl Store {
    /// Keeps answers, all of them or none. Who answers a question again replaces the answer of before.
    pub async fn put_answers(&self, records: &[AnswerRecord]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await.map_err(self.failed())?;
        for record in records {
            put(&mut transaction, &self.tenant, record, Clash::Replace).await.map_err(self.failed())?;
        }
        transaction.commit().await.map_err(self.failed())?;
        self.still_there()
    }

    /// The answer of `respondent` to `question`, if there is one.
    pub async fn answer(
        &self,
        subject: &str,
        lens: &str,
        question: &str,
        respondent: &str,
    ) -> Result<Option<AnswerRecord>, StoreError> {
        let asked = self.query(
            "select * from answer
             where tenant = ? and subject = ? and lens = ? and question = ? and respondent = ?",
        );
        let asked = asked.bind(subject).bind(lens).bind(question).bind(respondent);
        self.one(asked, record).await
    }

    /// What was answered about `subject` to the questions of `lens`, in the order of questions and respondents.
    pub async fn answers(&self, subject: &str, lens: &str) -> Result<Vec<AnswerRecord>, StoreError> {
        let asked = self.query(
            "select * from answer where tenant = ? and subject = ? and lens = ? order by question, respondent",
        );
        let asked = asked.bind(subject).bind(lens);
        self.all(asked, record).await
    }

    /// Forgets what was answered about `subject`; how many answers there were.
    pub async fn delete_answers(&self, subject: &str) -> Result<u64, StoreError> {
        self.delete(Kind::Answer, subject).await
    }
}

/// Whether the record was taken.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    tenant: &str,
    record: &AnswerRecord,
    clash: Clash,
) -> sqlx::Result<bool> {
    let AnswerRecord { subject, lens, question, respondent, answer, note, answered_at } = record;
    let done = tenant::query(
        tenant,
        "insert into answer (tenant, subject, lens, question, respondent, answer, note, answered_at_us)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant, subject, lens, question, respondent) do update set answer = excluded.answer,
             note = excluded.note, answered_at_us = excluded.answered_at_us
         where ? or excluded.answered_at_us > answer.answered_at_us",
    )
    .bind(subject)
    .bind(lens)
    .bind(question)
    .bind(respondent)
    .bind(answer.to_string())
    .bind(note)
    .bind(answered_at.as_microsecond())
    .bind(clash == Clash::Replace)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) fn record(row: &SqliteRow) -> Result<AnswerRecord, StoreError> {
    let row = Row { row, what: "answer to", named_by: "question" };
    Ok(AnswerRecord {
        subject: row.get("subject")?,
        lens: row.get("lens")?,
        question: row.get("question")?,
        respondent: row.get("respondent")?,
        answer: row.json("answer")?,
        note: row.get("note")?,
        answered_at: row.moment("answered_at_us")?,
    })
}
