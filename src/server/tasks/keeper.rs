//! What stays with a task until it ends, and keeps what came of it.

use super::{BELIEVED, Live, Tasks, told};
use crate::{ask::Rounds, handler::tell};
use jiff::Timestamp;
use revarch_data::Progress;
use revarch_store::{TaskOutcome, TaskRecord};
use revarch_tools::{Answer, ErrorKind, ToolError};
use rmcp::ErrorData;
use serde::Serialize;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinHandle, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// How often a task is said to be alive.
const BEAT: Duration = Duration::from_secs(3);

/// What a call gives, unless there was a fault of our own.
pub(crate) type Answered = Result<Result<Answer, ToolError>, ErrorData>;

/// A call that is at work.
pub(crate) struct Call {
    pub(crate) tool: String,
    pub(crate) answer: JoinHandle<Answered>,
    pub(crate) rounds: Arc<Rounds>,
    pub(crate) progress: watch::Receiver<Option<Progress>>,
    pub(crate) cancel: CancellationToken,
}

/// A task that is at work.
pub(super) struct Work {
    pub(super) record: TaskRecord,
    pub(super) live: Live,
    pub(super) answer: JoinHandle<Answered>,
    pub(super) lasts: Duration,
}

/// Waits for the end of a task.
pub(super) async fn keep(tasks: Tasks, mut work: Work) {
    let outcome = wait(&mut work).await;
    let Work { record, live, lasts, .. } = work;
    let now = Timestamp::now();
    // Whoever polls has as long to fetch what came of it as it may take.
    match live.store.end_task(&record.id, now, now + lasts, &outcome).await {
        Ok(_) => drop(tasks.locked().remove(&record.id)),
        Err(error) => {
            tracing::warn!(%error, "cannot keep what came of a task; it is told from memory until it expires");
            if let Some(live) = tasks.locked().get_mut(&record.id) {
                live.outcome = Some(outcome);
            }
            tokio::time::sleep(lasts).await;
            tasks.locked().remove(&record.id);
        }
    }
}

async fn wait(work: &mut Work) -> TaskOutcome {
    let Work { record, live, answer, lasts } = work;
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let deadline = tokio::time::sleep(*lasts);
    tokio::pin!(deadline);
    loop {
        tokio::select! {
            answered = &mut *answer => return match answered {
                Ok(answered) => outcome(&record.tool, answered),
                // Whoever ends the runtime ends what runs in it.
                Err(_) => told::stopped(),
            },
            () = &mut deadline => {
                live.cancel.cancel();
                return told::too_long(*lasts);
            }
            _ = beat.tick() => {
                let message = live.progress.borrow().as_ref().map(told::progress);
                let now = Timestamp::now();
                let said = live.store.keep_task_alive(&record.id, now, now + BELIEVED, message.as_deref()).await;
                match said {
                    Ok(true) => {}
                    Ok(false) => live.cancel.cancel(),
                    Err(error) => tracing::warn!(%error, "cannot say that a task is alive"),
                }
            }
        }
    }
}

/// What a call's end is for its task: a failure that the tool tells is an answer all the same.
fn outcome(tool: &str, answered: Answered) -> TaskOutcome {
    match answered {
        Ok(Err(error)) if error.kind == ErrorKind::Cancelled => TaskOutcome::Cancelled,
        Ok(answer) => match tell(tool, answer) {
            Ok(result) => TaskOutcome::Completed(as_json(&result)),
            Err(error) => TaskOutcome::Failed(as_json(&error)),
        },
        Err(error) => TaskOutcome::Failed(as_json(&error)),
    }
}

/// The protocol's own types are always written.
fn as_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
