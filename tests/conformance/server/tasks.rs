//! Tools of the product's own kind that take so long that they become tasks.

use crate::tools::{Nothing, TEXT, ask, field, fixture, say};
use revarch_tools::{ErrorKind, Route, ToolError, ask::Kind};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// Tools that the suite wants to be refused to clients that cannot follow tasks.
pub(crate) const REQUIRED: &[&str] = &["failing_job", "test_tool_with_task", "confirm_delete", "multi_input"];

/// Longer than the product waits before a call becomes a task.
const WORK: Duration = Duration::from_millis(800);

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Named {
    /// Whom to greet.
    name: String,
}

fixture!(Greets, "greet", "Greets.", long: false, |Named { name } in Named, _context| say(format!("Hello, {name}!")));

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Computation {
    /// How long it takes.
    seconds: f64,
    /// What it is called.
    label: String,
}

fixture!(Computes, "slow_compute", "Takes as long as it is asked to.", long: true,
|Computation { seconds, label } in Computation, _context| {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    say(format!("computed {label}"))
});

fixture!(FailsLate, "failing_job", "Fails after a while.", long: true, |_ in Nothing, _context| {
    tokio::time::sleep(WORK).await;
    Err(ToolError::input("this job fails intentionally"))
});

fixture!(BreaksLate, "protocol_error_job", "Breaks after a while.", long: true, |_ in Nothing, _context| {
    tokio::time::sleep(WORK).await;
    Err(ToolError::new(ErrorKind::Internal, "this job breaks intentionally"))
});

#[derive(Deserialize, JsonSchema)]
pub(crate) struct File {
    /// The file.
    filename: String,
}

fixture!(Confirms, "confirm_delete", "Asks after a while.", long: true, |File { filename } in File, context| {
    tokio::time::sleep(WORK).await;
    let sure = vec![field("confirm", Kind::YesNo { default: None })];
    let answers = ask(context, "confirm", &format!("Delete {filename}?"), sure).await?;
    say(format!("{filename}: {:?}", answers.yes("confirm")))
});

fixture!(AsksBoth, "multi_input", "Asks two things at once after a while.", long: true, |_ in Nothing, context| {
    tokio::time::sleep(WORK).await;
    let (first, second) = tokio::join!(
        ask(context, "input-a", "Value A?", vec![field("name", TEXT)]),
        ask(context, "input-b", "Value B?", vec![field("name", TEXT)]),
    );
    say(format!("{:?} and {:?}", first?.as_json(), second?.as_json()))
});

fixture!(AsksThenWorks, "test_tool_with_task", "Asks at once and works then.", long: true, |_ in Nothing, context| {
    let answers = ask(context, "user_name", "What is your name?", vec![field("name", TEXT)]).await?;
    tokio::time::sleep(WORK).await;
    say(format!("Hello, {}!", answers.text("name").unwrap()))
});

pub(crate) fn all() -> Vec<Route> {
    vec![
        Route::of::<Greets>(),
        Route::of::<Computes>(),
        Route::of::<FailsLate>(),
        Route::of::<BreaksLate>(),
        Route::of::<Confirms>(),
        Route::of::<AsksBoth>(),
        Route::of::<AsksThenWorks>(),
    ]
}
