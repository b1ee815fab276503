//! Tools of the product's own kind that answer within their call.

use revarch_tools::{
    Answer, Context, Route, ToolError,
    ask::{Answers, Field, Kind, Question, Reply},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Nothing {}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Said {
    /// What was said.
    said: String,
}

/// An answer of one sentence.
#[expect(clippy::unnecessary_wraps, reason = "it is what a fixture ends with, and other fixtures fail")]
pub(crate) fn say(said: impl Into<String>) -> Result<Answer<Said>, ToolError> {
    let said = said.into();
    Ok(Answer { text: said.clone(), structured: Said { said } })
}

pub(crate) fn field(name: &str, kind: Kind) -> Field {
    Field { name: name.to_owned(), title: name.to_owned(), description: None, kind }
}

pub(crate) const TEXT: Kind = Kind::Text { default: None };

/// Asks for some fields; whoever gives none ends the call.
pub(crate) async fn ask(
    context: &Context,
    id: &str,
    message: &str,
    fields: Vec<Field>,
) -> Result<Answers, ToolError> {
    let question = Question { id: id.to_owned(), message: message.to_owned(), fields };
    match context.ask.ask(&question).await? {
        Reply::Answered(answers) => Ok(answers),
        Reply::Declined | Reply::Unavailable => Err(ToolError::input("nobody answered")),
    }
}

/// A tool of the suite: its name, what it takes and what it does.
macro_rules! fixture {
    ($type:ident, $name:literal, $description:literal, long: $long:literal, |$input:pat_param in $takes:ty, $context:ident| $body:expr) => {
        pub(crate) struct $type;

        impl revarch_tools::Tool for $type {
            const NAME: &'static str = $name;
            const TITLE: &'static str = $name;
            const DESCRIPTION: &'static str = $description;
            const TOOLSET: revarch_tools::Toolset = revarch_tools::Toolset::Data;
            const LONG: bool = $long;
            type Input = $takes;
            type Output = $crate::tools::Said;

            async fn call(
                $input: $takes,
                $context: &revarch_tools::Context,
            ) -> Result<revarch_tools::Answer<$crate::tools::Said>, revarch_tools::ToolError> {
                $body
            }
        }
    };
}
pub(crate) use fixture;

fixture!(SimpleText, "test_simple_text", "Returns text.", long: false, |_ in Nothing, _context| {
    say("This is a simple text response for testing.")
});

fixture!(Fails, "test_error_handling", "Fails.", long: false, |_ in Nothing, _context| {
    Err(ToolError::input("this tool intentionally returns an error for testing"))
});

/// Longer than the product's pause between two notifications.
const STEP: Duration = Duration::from_millis(150);

fixture!(Progresses, "test_tool_with_progress", "Tells its progress.", long: false, |_ in Nothing, context| {
    for done in [0, 50, 100] {
        context.run.progress(done, Some(100), "working");
        tokio::time::sleep(STEP).await;
    }
    say("done")
});

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Header {
    /// Comes as a header too.
    #[schemars(extend("x-mcp-header" = "Value"))]
    value: String,
}

fixture!(CustomHeader, "test_custom_header", "Has an argument that comes as a header.", long: false,
    |Header { value } in Header, _context| say(value));

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Message {
    /// What to show.
    message: String,
}

fixture!(Elicits, "test_elicitation", "Asks for a name and an address.", long: false,
|Message { message } in Message, context| {
    let fields = vec![field("username", TEXT), field("email", TEXT)];
    let answers = ask(context, "who", &message, fields).await?;
    say(format!("User response: {:?}", answers.as_json()))
});

fixture!(ElicitsName, "test_input_required_result_elicitation", "Asks for a name.", long: false,
|_ in Nothing, context| {
    let answers = ask(context, "user_name", "What is your name?", vec![field("name", TEXT)]).await?;
    say(format!("Hello, {}!", answers.text("name").unwrap()))
});

fixture!(ElicitsOnStream, "test_streaming_elicitation", "Asks for a value.", long: false, |_ in Nothing, context| {
    let answers = ask(context, "value", "Which value?", vec![field("value", TEXT)]).await?;
    say(answers.text("value").unwrap())
});

/// Whether something is all right.
async fn confirm(context: &Context) -> Result<Answer<Said>, ToolError> {
    let answers =
        ask(context, "confirm", "Please confirm", vec![field("ok", Kind::YesNo { default: None })]).await?;
    say(format!("state-ok: {:?}", answers.yes("ok")))
}

fixture!(KeepsState, "test_input_required_result_request_state", "Has the client keep state.", long: false,
    |_ in Nothing, context| confirm(context).await);

fixture!(RefusesState, "test_input_required_result_tampered_state", "Refuses state that was changed.", long: false,
    |_ in Nothing, context| confirm(context).await);

fixture!(AsksTwice, "test_input_required_result_multi_round", "Asks twice.", long: false, |_ in Nothing, context| {
    let name = ask(context, "step1", "Step 1: What is your name?", vec![field("name", TEXT)]).await?;
    let color = ask(context, "step2", "Step 2: What is your favorite color?", vec![field("color", TEXT)]).await?;
    say(format!("{} likes {}", name.text("name").unwrap(), color.text("color").unwrap()))
});

pub(crate) fn all() -> Vec<Route> {
    vec![
        Route::of::<SimpleText>(),
        Route::of::<Fails>(),
        Route::of::<Progresses>(),
        Route::of::<CustomHeader>(),
        Route::of::<Elicits>(),
        Route::of::<ElicitsName>(),
        Route::of::<ElicitsOnStream>(),
        Route::of::<KeepsState>(),
        Route::of::<RefusesState>(),
        Route::of::<AsksTwice>(),
    ]
}
