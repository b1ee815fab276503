//! The whole store as JSON lines: a first line that says what it is, one line for each thing, and a last line that says
//! how many there were, so that a file that was cut off is noticed.

use crate::{
    AnswerRecord, EvidenceRecord, ModelRecord, ReviewRecord, Store, StoreError, ToolListRecord, answer,
    evidence, model, review, tool_list,
};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;

/// The version of the lines' form.
pub(crate) const FORM: u32 = 1;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line {
    /// The first.
    RevarchStore {
        /// The version of the lines' form.
        form: u32,
    },
    /// A review.
    Review(ReviewRecord),
    /// A piece of evidence.
    Evidence(EvidenceRecord),
    /// An answer.
    Answer(AnswerRecord),
    /// A model.
    Model(ModelRecord),
    /// A list of tools.
    ToolList(ToolListRecord),
    /// The last.
    End {
        /// The lines between the first and this one.
        records: u64,
    },
}

impl Store {
    /// Everything that is kept, as JSON lines in an order that depends on the content alone. The lines do not say whose
    /// it is: whoever imports them does.
    pub async fn export(&self) -> Result<String, StoreError> {
        // One transaction, so that what others write in the meantime is in it whole or not at all.
        let mut transaction = self.pool.begin().await.map_err(self.failed())?;
        let mut text = written(&Line::RevarchStore { form: FORM })?;
        let mut records = 0;
        for (sql, read) in PARTS {
            let rows = self.query(*sql).fetch_all(&mut *transaction).await.map_err(self.failed())?;
            for row in &rows {
                text.push_str(&written(&read(row)?)?);
                records += 1;
            }
        }
        text.push_str(&written(&Line::End { records })?);
        Ok(text)
    }
}

fn written(line: &Line) -> Result<String, StoreError> {
    let text = serde_json::to_string(line).map_err(|error| StoreError::Damaged {
        what: "a line of the export of",
        id: "the store".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(text + "\n")
}

type Read = fn(&SqliteRow) -> Result<Line, StoreError>;

const PARTS: &[(&str, Read)] = &[
    ("select * from review where tenant = ? order by made_at_us, id", |row| {
        review::record(row).map(Line::Review)
    }),
    ("select * from evidence where tenant = ? order by subject, name, measured_at_us, source", |row| {
        evidence::record(row).map(Line::Evidence)
    }),
    ("select * from answer where tenant = ? order by subject, lens, question, respondent", |row| {
        answer::record(row).map(Line::Answer)
    }),
    ("select * from model where tenant = ? order by made_at_us, id", |row| {
        model::record(row).map(Line::Model)
    }),
    ("select * from tool_list where tenant = ? order by server, id", |row| {
        tool_list::record(row).map(Line::ToolList)
    }),
];
