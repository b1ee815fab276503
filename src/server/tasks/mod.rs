//! Long calls as tasks, which clients follow, answer and cancel (the protocol's extension
//! `io.modelcontextprotocol/tasks`).
//!
//! # Design
//!
//! A long call begins as every call does. What is done soon is answered at once, and a question that comes soon ends the
//! call as it would any other; only what is still at work then becomes a task. So nobody polls for what took a moment,
//! and a client that cannot follow tasks sees no difference.
//!
//! What is known of a task stands in the store, where it outlives this process. What only this process has (the work
//! itself, its open questions, how far it is this moment) stands beside it in [`Live`]. A process that dies leaves a row
//! that nobody keeps alive any more, and that is told as failed.

mod keeper;
mod told;

#[cfg(test)]
mod tests;

use crate::{ask::Rounds, config, resources::broken};
use jiff::Timestamp;
use keeper::{Work, keep};
use revarch_data::Progress;
use revarch_store::{Store, TaskOutcome, TaskRecord};
use rmcp::{
    ErrorData,
    model::{DetailedTask, InputResponses, Task, TaskPayload},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) use keeper::{Answered, Call};

/// How long a task is believed to be alive after it was last said to be.
const BELIEVED: Duration = Duration::from_secs(10);

/// The tasks of this process.
#[derive(Clone)]
pub(crate) struct Tasks {
    config: config::Tasks,
    live: Arc<Mutex<HashMap<String, Live>>>,
}

/// What only this process knows of a task.
#[derive(Clone)]
struct Live {
    rounds: Arc<Rounds>,
    progress: watch::Receiver<Option<Progress>>,
    cancel: CancellationToken,
    store: Store,
    /// What came of it, where the store could not keep that.
    outcome: Option<TaskOutcome>,
}

impl Tasks {
    pub(crate) fn new(config: config::Tasks) -> Self {
        Self { config, live: Arc::default() }
    }

    /// How long a long call has until it becomes a task.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_millis(self.config.answer_within_ms)
    }

    fn kept_for(&self) -> Duration {
        Duration::from_mins(self.config.keep_minutes.max(1).into())
    }

    /// Makes a call a task of `caller`. Gives the call back where that is not possible: it has asked already, the caller
    /// has tasks enough, or the store does not take it.
    pub(crate) async fn begin(&self, call: Call, caller: &str, store: &Store) -> Result<Task, Call> {
        if !call.rounds.go_on() {
            return Err(call);
        }
        let now = Timestamp::now();
        let record = TaskRecord {
            id: format!("{:032x}", rand::random::<u128>()),
            caller: caller.to_owned(),
            tool: call.tool.clone(),
            begun_at: now,
            changed_at: now,
            expires_at: now + self.kept_for(),
            alive_until: now + BELIEVED,
            message: None,
            outcome: None,
        };
        match store.begin_task(&record, self.config.most_per_caller).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::info!(caller, tool = record.tool, "no task for a call: its caller has tasks enough");
                call.rounds.go_on_no_more();
                return Err(call);
            }
            Err(error) => {
                tracing::warn!(%error, "no task for a call: the store does not take it");
                call.rounds.go_on_no_more();
                return Err(call);
            }
        }
        let task = told::task(&record);
        let Call { tool: _, answer, rounds, progress, cancel } = call;
        let live = Live { rounds, progress, cancel, store: store.clone(), outcome: None };
        self.locked().insert(record.id.clone(), live.clone());
        tokio::spawn(keep(self.clone(), Work { record, live, answer, lasts: self.kept_for() }));
        Ok(task)
    }

    /// How a task stands.
    pub(crate) async fn get(&self, caller: &str, store: &Store, id: &str) -> Result<DetailedTask, ErrorData> {
        let (record, live) = self.find(caller, store, id).await?;
        let mut task = told::task(&record);
        let outcome = record.outcome.as_ref().or(live.as_ref().and_then(|live| live.outcome.as_ref()));
        let payload = match (outcome, &live) {
            (Some(outcome), _) => told::ended(outcome),
            (None, Some(live)) => {
                if let Some(progress) = live.progress.borrow().as_ref() {
                    task.status_message = Some(told::progress(progress));
                }
                let awaited = live.rounds.awaited();
                if awaited.is_empty() {
                    TaskPayload::Working
                } else {
                    TaskPayload::InputRequired { input_requests: awaited }
                }
            }
            (None, None) if is_lost(&record) => told::lost(&record.tool),
            (None, None) => TaskPayload::Working,
        };
        Ok(DetailedTask::new(task, payload))
    }

    /// Hands answers to the questions of a task.
    pub(crate) async fn update(
        &self,
        caller: &str,
        store: &Store,
        id: &str,
        answers: InputResponses,
    ) -> Result<(), ErrorData> {
        let (record, live) = self.find(caller, store, id).await?;
        match live {
            Some(live) => {
                live.rounds.answer(answers).map_err(|error| ErrorData::invalid_params(error.text(), None))
            }
            // What has ended waits for no answer, and an answer that comes late is no fault.
            None if record.outcome.is_some() || is_lost(&record) => Ok(()),
            None => Err(ErrorData::invalid_params(
                format!(
                    "task `{id}` is worked on by another process of this server, which alone can take answers"
                ),
                None,
            )),
        }
    }

    /// Stops a task; one that has ended stays as it is.
    pub(crate) async fn cancel(&self, caller: &str, store: &Store, id: &str) -> Result<(), ErrorData> {
        let (record, live) = self.find(caller, store, id).await?;
        match live {
            Some(live) => live.cancel.cancel(),
            // Where another process works on it, that one sees it at its next look.
            None if record.outcome.is_none() && !is_lost(&record) => {
                let ended = store.end_task(id, Timestamp::now(), record.expires_at, &TaskOutcome::Cancelled);
                ended.await.map_err(|error| broken(&error))?;
            }
            None => {}
        }
        Ok(())
    }

    /// Stops all that is at work, and keeps that it was stopped.
    pub(crate) async fn close(&self) {
        let live: Vec<_> = self.locked().drain().collect();
        for (id, live) in live {
            live.cancel.cancel();
            let now = Timestamp::now();
            let stopped = told::stopped();
            if let Err(error) = live.store.end_task(&id, now, now + self.kept_for(), &stopped).await {
                tracing::warn!(%error, "cannot keep that a task was stopped");
            }
        }
    }

    async fn find(
        &self,
        caller: &str,
        store: &Store,
        id: &str,
    ) -> Result<(TaskRecord, Option<Live>), ErrorData> {
        let live = self.locked().get(id).cloned();
        let found = store.task(caller, id, Timestamp::now()).await.map_err(|error| broken(&error))?;
        let record = found.ok_or_else(|| {
            let kept = self.config.keep_minutes;
            ErrorData::invalid_params(
                format!("there is no task `{id}` of yours; a task is kept for {kept} minutes\nhint: call its tool again"),
                None,
            )
        })?;
        Ok((record, live))
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether whoever worked on it has gone.
fn is_lost(record: &TaskRecord) -> bool {
    record.alive_until < Timestamp::now()
}
