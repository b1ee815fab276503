//! Calls within the limits and beyond them.

use super::Gate;
use crate::config::Limits;
use futures::future::BoxFuture;
use revarch_tools::{
    Answer, ErrorKind, Route, ToolError,
    ask::{Ask, Asker, Question, Reply},
    describe_data::DescribeData,
    search::Search,
};
use serde_json::json;
use std::{future::pending, num::NonZeroU32, sync::Arc, time::Duration};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

const LINE: &str = "ann";

/// A gate for one call at a time, of so many seconds at the most.
fn gate(seconds: u32) -> Gate {
    let call_seconds = NonZeroU32::new(seconds).unwrap();
    Gate::new(Limits { heavy_calls: Some(NonZeroU32::MIN), call_seconds, ..Limits::default() })
}

fn answer() -> Answer {
    Answer { structured: json!({}), text: "done".to_owned() }
}

/// A call of `describe_data` that works for so long.
async fn work(gate: Gate, caller: &str, milliseconds: u64) -> Result<Answer, ToolError> {
    let route = Route::of::<DescribeData>();
    let work = async |_, _| {
        sleep(Duration::from_millis(milliseconds)).await;
        Ok(answer())
    };
    gate.call(&route, &caller.into(), Asker::default(), &CancellationToken::new(), work).await
}

#[tokio::test]
async fn a_call_that_works_for_too_long_is_cancelled() {
    let gate = gate(1);
    assert!(work(gate.clone(), LINE, 0).await.is_ok());
    let error = work(gate.clone(), LINE, 60_000).await.unwrap_err();
    assert!(error.message.contains("1 seconds") && error.message.contains("limits.call_seconds"), "{error}");
    let numbers = gate.numbers(None).unwrap();
    assert!(numbers.contains("revarch_refusals_total{reason=\"time\"} 1"), "{numbers}");
    assert!(numbers.contains("revarch_tool_calls_in_flight{tool=\"describe_data\"} 0"), "{numbers}");
}

#[tokio::test]
async fn work_is_told_that_nobody_waits_for_it_any_more() {
    let gate = gate(600);
    let told = CancellationToken::new();
    let keep = told.clone();
    let work = |end: CancellationToken, _| async move {
        tokio::spawn(async move {
            end.cancelled().await;
            keep.cancel();
        });
        pending().await
    };
    let route = Route::of::<DescribeData>();
    let (line, cancel) = (LINE.into(), CancellationToken::new());
    let call = gate.call(&route, &line, Asker::default(), &cancel, work);
    assert!(tokio::time::timeout(Duration::from_millis(200), call).await.is_err());
    told.cancelled().await;
    let numbers = gate.numbers(None).unwrap();
    assert!(numbers.contains("outcome=\"cancelled\"} 1"), "{numbers}");
}

#[tokio::test]
async fn a_call_is_cancelled_while_it_waits_for_its_turn() {
    let gate = gate(600);
    let working = tokio::spawn(work(gate.clone(), LINE, 2_000));
    tokio::task::yield_now().await;
    let (route, cancel) = (Route::of::<DescribeData>(), CancellationToken::new());
    cancel.cancel();
    let work = async |_, _| Ok(answer());
    let error = gate.call(&route, &LINE.into(), Asker::default(), &cancel, work).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Cancelled);
    assert!(working.await.unwrap().is_ok());
}

#[tokio::test]
async fn waiting_for_a_turn_is_not_working() {
    let gate = gate(3);
    let calls = [(); 5].map(|()| tokio::spawn(work(gate.clone(), LINE, 1_000)));
    for call in calls {
        assert!(call.await.unwrap().is_ok(), "the last waits for longer than it may work");
    }
}

#[tokio::test]
async fn what_reads_no_data_waits_for_nobody() {
    let gate = gate(600);
    let working = tokio::spawn(work(gate.clone(), LINE, 2_000));
    tokio::task::yield_now().await;
    let route = Route::of::<Search>();
    let work = async |_, _| Ok(answer());
    let (line, cancel) = (LINE.into(), CancellationToken::new());
    let call = gate.call(&route, &line, Asker::default(), &cancel, work);
    assert!(call.await.is_ok());
    assert!(!working.is_finished());
}

#[tokio::test]
async fn the_end_is_told_to_those_who_work_and_those_who_wait() {
    let gate = gate(600);
    let calls = [(); 2].map(|()| tokio::spawn(work(gate.clone(), LINE, 600_000)));
    sleep(Duration::from_millis(200)).await;
    gate.stop();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.message.contains("the server stops"), "{error}");
    }
}

/// A person who takes longer over every question than a call may work.
struct Slow;

impl Ask for Slow {
    fn ask<'a>(&'a self, _question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
        Box::pin(async {
            sleep(Duration::from_secs(4)).await;
            Ok(Reply::Declined)
        })
    }
}

#[tokio::test]
async fn a_call_that_waits_for_a_person_holds_up_nobody_and_is_not_late() {
    let gate = gate(3);
    let asking = {
        let gate = gate.clone();
        tokio::spawn(async move {
            let work = |_, ask: Asker| async move {
                let question = Question { id: "q".to_owned(), message: "?".to_owned(), fields: Vec::new() };
                let reply = ask.ask(&question).await?;
                assert_eq!(reply, Reply::Declined);
                Ok(answer())
            };
            let route = Route::of::<DescribeData>();
            let person = Asker::new(Arc::new(Slow));
            gate.call(&route, &LINE.into(), person, &CancellationToken::new(), work).await
        })
    };
    sleep(Duration::from_millis(200)).await;
    assert!(work(gate.clone(), "bob", 0).await.is_ok());
    assert!(!asking.is_finished(), "the place is free while the person thinks");
    assert!(asking.await.unwrap().is_ok());
}
