//! Tasks as the protocol writes them.

use revarch_data::Progress;
use revarch_store::{TaskOutcome, TaskRecord};
use rmcp::{
    ErrorData,
    model::{ErrorCode, JsonObject, Task, TaskPayload, TaskStatus},
};
use serde_json::Value;
use std::time::Duration;

/// How long a client should wait before it asks again.
const POLL_AFTER_MS: u64 = 1_000;

/// What is the same of a task however it stands.
pub(super) fn task(record: &TaskRecord) -> Task {
    let lasts = record.expires_at.duration_since(record.begun_at).as_millis();
    let mut task = Task::new(
        &record.id,
        TaskStatus::Working,
        record.begun_at.to_string(),
        record.changed_at.to_string(),
    )
    .with_ttl_ms(u64::try_from(lasts).unwrap_or(0))
    .with_poll_interval_ms(POLL_AFTER_MS);
    task.status_message.clone_from(&record.message);
    task
}

/// How far a task has come, in words.
pub(super) fn progress(progress: &Progress) -> String {
    let Progress { done, total, message } = progress;
    match total {
        Some(total) => format!("{message} ({done} of {total})"),
        None => format!("{message} ({done})"),
    }
}

/// What came of a task.
pub(super) fn ended(outcome: &TaskOutcome) -> TaskPayload {
    match outcome {
        TaskOutcome::Completed(result) => TaskPayload::Completed { result: object(result) },
        TaskOutcome::Failed(error) => TaskPayload::Failed { error: object(error) },
        TaskOutcome::Cancelled => TaskPayload::Cancelled,
    }
}

/// A task whose process has gone without a word.
pub(super) fn lost(tool: &str) -> TaskPayload {
    let text = format!("the server ended while it worked on this task\nhint: call `{tool}` again");
    ended(&failed(text))
}

/// A task that was stopped because the server was.
pub(super) fn stopped() -> TaskOutcome {
    failed("the server was stopped while it worked on this task\nhint: call the tool again".to_owned())
}

/// A task that was stopped because of the time it took.
pub(super) fn too_long(lasts: Duration) -> TaskOutcome {
    failed(format!(
        "the task was stopped, because it took longer than {} minutes\nhint: ask for less at once; the operator sets \
         the time with `tasks.keep_minutes`",
        lasts.as_secs() / 60
    ))
}

fn failed(text: String) -> TaskOutcome {
    let error = ErrorData::new(ErrorCode::INTERNAL_ERROR, text, None);
    TaskOutcome::Failed(serde_json::to_value(error).unwrap_or_default())
}

fn object(value: &Value) -> JsonObject {
    value.as_object().cloned().unwrap_or_default()
}
