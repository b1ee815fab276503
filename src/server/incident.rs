//! Our own faults: logged with a number, told to the caller by that number only.

use crate::telemetry::RequestId;
use futures::FutureExt as _;
use rmcp::ErrorData;
use serde_json::json;
use std::{any::Any, fmt::Display, panic::AssertUnwindSafe};

/// Answers in place of work that panics; without this its caller would wait for ever.
pub(crate) async fn guard<T>(
    request: &RequestId,
    attempt: impl Display,
    work: impl Future<Output = Result<T, ErrorData>>,
) -> Result<T, ErrorData> {
    let answer = async {
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(result) => result,
            Err(panic) => Err(report(attempt, said(panic.as_ref()))),
        }
    };
    request.follow(answer).await
}

/// Logs a fault and gives the protocol error that refers to it.
pub(crate) fn report(attempt: impl Display, reason: impl Display) -> ErrorData {
    let incident = RequestId::make();
    tracing::error!(%incident, %attempt, %reason, "a request failed through a fault of revarch's own");
    ErrorData::internal_error(
        format!(
            "{attempt} failed through a fault of revarch's own; the server's log tells more under incident {incident}"
        ),
        Some(json!({ "incident": incident.as_str(), "request_id": RequestId::current() })),
    )
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::guard;
    use crate::telemetry::RequestId;
    use rmcp::{ErrorData, model::ErrorCode};

    #[tokio::test]
    async fn a_panic_becomes_an_answer_that_names_its_incident() {
        let work = async { panic!("the drawer is stuck") };
        let error =
            guard::<()>(&RequestId::taken_over(Some(b"r-7")), "calling `broken`", work).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::INTERNAL_ERROR);
        let data = error.data.unwrap();
        assert_eq!(data["request_id"], "r-7");
        let incident = data["incident"].as_str().unwrap().to_owned();
        assert!(error.message.contains(&incident) && error.message.contains("broken"), "{}", error.message);
        assert!(!error.message.contains("drawer"), "what a panic says stays in the log");
    }

    #[tokio::test]
    async fn a_panic_after_waiting_is_caught_too() {
        let work = async {
            tokio::task::yield_now().await;
            panic!("late");
        };
        assert!(guard::<()>(&RequestId::make(), "calling `late`", work).await.is_err());
    }

    #[tokio::test]
    async fn answers_pass() {
        assert_eq!(guard(&RequestId::make(), "calling", async { Ok(7) }).await.unwrap(), 7);
        let refused =
            guard::<()>(&RequestId::make(), "calling", async { Err(ErrorData::invalid_params("no", None)) })
                .await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::INVALID_PARAMS);
    }
}
