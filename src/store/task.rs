//! Calls that go on after their request was answered, and what came of them.
//!
//! # Design
//! Whoever works on a task says again and again how long it can be believed to be alive. A process that is killed says
//! nothing any more, so that its tasks are known to be lost soon after, by another process on the same file too.

use crate::{Store, StoreError, row::Row};
use serde_json::Value;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// A task as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRecord {
    /// Its name, which nobody can guess.
    pub id: String,
    /// Who may ask for it.
    pub caller: String,
    /// The tool that was called.
    pub tool: String,
    /// When it began.
    pub begun_at: jiff::Timestamp,
    /// When anything about it changed last.
    pub changed_at: jiff::Timestamp,
    /// When it is forgotten.
    pub expires_at: jiff::Timestamp,
    /// Until when somebody works on it unless it has ended.
    pub alive_until: jiff::Timestamp,
    /// How far it has come, in words.
    pub message: Option<String>,
    /// What came of it; nothing as long as it goes on.
    pub outcome: Option<TaskOutcome>,
}

/// What came of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskOutcome {
    /// The call was answered, be it with a failure that the tool told.
    Completed(Value),
    /// The call could not be answered.
    Failed(Value),
    /// The caller did not want it any more.
    Cancelled,
}

impl TaskOutcome {
    fn columns(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Completed(result) => ("completed", Some(result.to_string())),
            Self::Failed(error) => ("failed", Some(error.to_string())),
            Self::Cancelled => ("cancelled", None),
        }
    }
}

impl Store {
    /// Keeps a task that begins, unless its caller has `most` already. What has expired is forgotten first.
    pub async fn begin_task(&self, record: &TaskRecord, most: u32) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await.map_err(self.failed())?;
        sqlx::query("delete from task where expires_at_us <= ?")
            .bind(record.begun_at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(self.failed())?;
        let kept: u32 = sqlx::query_scalar("select count(*) from task where tenant = ? and caller = ?")
            .bind(&*self.tenant)
            .bind(&record.caller)
            .fetch_one(&mut *transaction)
            .await
            .map_err(self.failed())?;
        if kept < most {
            insert(&mut transaction, &self.tenant, record).await.map_err(self.failed())?;
        }
        transaction.commit().await.map_err(self.failed())?;
        Ok(kept < most)
    }

    /// Says that a task is still worked on. False where it has ended, because somebody else ended it.
    pub async fn keep_task_alive(
        &self,
        id: &str,
        now: jiff::Timestamp,
        alive_until: jiff::Timestamp,
        message: Option<&str>,
    ) -> Result<bool, StoreError> {
        let asked = sqlx::query(
            "update task set alive_until_us = ?,
                 changed_at_us = case when message is ? then changed_at_us else ? end, message = ?
             where tenant = ? and id = ? and state = 'working'",
        )
        .bind(alive_until.as_microsecond())
        .bind(message)
        .bind(now.as_microsecond())
        .bind(message)
        .bind(&*self.tenant)
        .bind(id);
        let done = asked.execute(&self.pool).await.map_err(self.failed())?;
        Ok(done.rows_affected() > 0)
    }

    /// Keeps what came of a task, for as long as `expires_at` says. False where it had ended already: what was told
    /// once stays.
    pub async fn end_task(
        &self,
        id: &str,
        now: jiff::Timestamp,
        expires_at: jiff::Timestamp,
        outcome: &TaskOutcome,
    ) -> Result<bool, StoreError> {
        let (state, outcome) = outcome.columns();
        let asked = sqlx::query(
            "update task set state = ?, outcome = ?, message = null, changed_at_us = ?, expires_at_us = ?
             where tenant = ? and id = ? and state = 'working'",
        )
        .bind(state)
        .bind(outcome)
        .bind(now.as_microsecond())
        .bind(expires_at.as_microsecond())
        .bind(&*self.tenant)
        .bind(id);
        let done = asked.execute(&self.pool).await.map_err(self.failed())?;
        Ok(done.rows_affected() > 0)
    }

    /// The task `id` of `caller`, unless it has expired.
    pub async fn task(
        &self,
        caller: &str,
        id: &str,
        now: jiff::Timestamp,
    ) -> Result<Option<TaskRecord>, StoreError> {
        let asked = sqlx::query(
            "select * from task where tenant = ? and id = ? and caller = ? and expires_at_us > ?",
        )
        .bind(&*self.tenant)
        .bind(id)
        .bind(caller)
        .bind(now.as_microsecond());
        self.one(asked, record).await
    }

    /// Forgets a task.
    pub async fn forget_task(&self, id: &str) -> Result<(), StoreError> {
        let asked = sqlx::query("delete from task where tenant = ? and id = ?").bind(&*self.tenant).bind(id);
        asked.execute(&self.pool).await.map_err(self.failed())?;
        Ok(())
    }
}

async fn insert(connection: &mut SqliteConnection, tenant: &str, record: &TaskRecord) -> sqlx::Result<()> {
    let TaskRecord { id, caller, tool, begun_at, changed_at, expires_at, alive_until, message, outcome } =
        record;
    let (state, outcome) = outcome.as_ref().map_or(("working", None), TaskOutcome::columns);
    sqlx::query("insert into task values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(tenant)
        .bind(id)
        .bind(caller)
        .bind(tool)
        .bind(begun_at.as_microsecond())
        .bind(changed_at.as_microsecond())
        .bind(expires_at.as_microsecond())
        .bind(alive_until.as_microsecond())
        .bind(state)
        .bind(message)
        .bind(outcome)
        .execute(connection)
        .await?;
    Ok(())
}

fn record(row: &SqliteRow) -> Result<TaskRecord, StoreError> {
    let row = Row { row, what: "task", named_by: "id" };
    let outcome = match row.get("state")? {
        "completed" => Some(TaskOutcome::Completed(row.json("outcome")?)),
        "failed" => Some(TaskOutcome::Failed(row.json("outcome")?)),
        "cancelled" => Some(TaskOutcome::Cancelled),
        _ => None,
    };
    Ok(TaskRecord {
        id: row.get("id")?,
        caller: row.get("caller")?,
        tool: row.get("tool")?,
        begun_at: row.moment("begun_at_us")?,
        changed_at: row.moment("changed_at_us")?,
        expires_at: row.moment("expires_at_us")?,
        alive_until: row.moment("alive_until_us")?,
        message: row.get("message")?,
        outcome,
    })
}
