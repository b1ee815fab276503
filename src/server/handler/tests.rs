//! The server with tools made to fail, wait and count, over a connection in memory.

use super::{Server, tell};
use crate::{cli::Options, toolbox::Toolbox, workplace::Workplace};
use revarch_tools::{
    Answer, Context, ErrorKind, Route, Tool, ToolError, Toolset,
    ask::{Field, Kind, Question, Reply},
};
use rmcp::{
    ClientHandler, ErrorData, RoleClient, ServiceExt as _,
    model::{
        CallToolRequest, CallToolRequestParams, CallToolResponse, ClientCapabilities, ClientConfig,
        ClientRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ErrorCode, Implementation,
        InputResponses, ProgressNotificationParam, ProtocolVersion, ServerResult,
    },
    service::{
        ClientLifecycleMode, ClientServiceExt as _, NotificationContext, PeerRequestOptions, RequestContext,
        RunningService, ServiceError,
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

#[derive(Deserialize, JsonSchema)]
struct Nothing {}

#[derive(Serialize, JsonSchema)]
struct Rows {
    rows: u64,
}

struct Panics;

impl Tool for Panics {
    const NAME: &'static str = "panic_now";
    const TITLE: &'static str = "Panic";
    const DESCRIPTION: &'static str = "Panics.";
    const TOOLSET: Toolset = Toolset::Data;
    type Input = Nothing;
    type Output = Rows;

    async fn call(_: Nothing, _: &Context) -> Result<Answer<Rows>, ToolError> {
        tokio::task::yield_now().await;
        panic!("the drawer is stuck");
    }
}

/// Calls of [`Counts`] that have begun and not ended.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        UNDER_WAY.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Deserialize, JsonSchema)]
struct Steps {
    steps: u64,
}

struct Counts;

impl Tool for Counts {
    const NAME: &'static str = "count_rows";
    const TITLE: &'static str = "Count";
    const DESCRIPTION: &'static str = "Counts slowly.";
    const TOOLSET: Toolset = Toolset::Data;
    type Input = Steps;
    type Output = Rows;

    async fn call(input: Steps, context: &Context) -> Result<Answer<Rows>, ToolError> {
        let _under_way = UnderWay::begin();
        for done in 1..=input.steps {
            context.run.progress(done, Some(input.steps), "counting");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Answer { structured: Rows { rows: input.steps }, text: format!("{} rows", input.steps) })
    }
}

/// What was done, of how much.
type Told = (f64, Option<f64>);

/// A client that keeps the progress it is told of.
#[derive(Clone, Default)]
struct Watcher(Arc<Mutex<Vec<Told>>>);

impl ClientHandler for Watcher {
    async fn on_progress(&self, notice: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        self.0.lock().unwrap().push((notice.progress, notice.total));
    }
}

async fn connect() -> (RunningService<RoleClient, Watcher>, Watcher) {
    let workplace = Workplace::open_empty(Options::default()).await.unwrap();
    let toolbox = Toolbox::new(vec![Route::of::<Panics>(), Route::of::<Counts>()]);
    let server = Server::new(Arc::new(workplace), toolbox);
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move { Box::pin(server.serve(near)).await.unwrap().waiting().await });
    let watcher = Watcher::default();
    let client = watcher.clone().serve_with_lifecycle(far, ClientLifecycleMode::Initialize).await.unwrap();
    (client, watcher)
}

fn count(steps: u64) -> CallToolRequestParams {
    CallToolRequestParams::new("count_rows")
        .with_arguments(json!({"steps": steps}).as_object().unwrap().clone())
}

#[tokio::test]
async fn a_panicking_tool_is_answered_and_the_server_goes_on() {
    let (client, _) = connect().await;
    match client.call_tool(CallToolRequestParams::new("panic_now")).await {
        Err(ServiceError::McpError(error)) => {
            assert_eq!(error.code, ErrorCode::INTERNAL_ERROR);
            assert!(error.message.contains("panic_now") && error.data.unwrap()["incident"].is_string());
        }
        other => panic!("{other:?}"),
    }
    let counted = client.call_tool(count(1)).await.unwrap();
    assert_eq!(counted.structured_content, Some(json!({"rows": 1})));
}

/// The calls run one after the other, because both watch how many are under way.
#[tokio::test]
async fn long_work_tells_its_progress_and_stops_when_it_is_cancelled() {
    let (client, watcher) = connect().await;
    let ask = |steps| {
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(count(steps)));
        client.send_cancellable_request(request, PeerRequestOptions::no_options())
    };
    let answer = ask(20).await.unwrap().await_response().await.unwrap();
    assert!(matches!(answer, ServerResult::CallToolResult(_)), "{answer:?}");
    let told = watcher.0.lock().unwrap().clone();
    assert!(told.len() >= 2, "{told:?}");
    assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0), "{told:?}");
    assert!(told.iter().all(|(done, total)| *total == Some(20.0) && *done <= 20.0), "{told:?}");
    assert_eq!(UNDER_WAY.load(Ordering::SeqCst), 0);

    let long = ask(100_000).await.unwrap();
    while UNDER_WAY.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    long.cancel(Some("enough".to_owned())).await.unwrap();
    let stopped = async {
        while UNDER_WAY.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), stopped).await.expect("cancelled work stops");
    let counted = client.call_tool(count(1)).await.unwrap();
    assert_eq!(counted.structured_content, Some(json!({"rows": 1})));
}

#[test]
fn an_answer_is_told_twice_for_programs_and_people() {
    let answer = Answer { structured: json!({"rows": 3}), text: "3 rows".to_owned() };
    let result = serde_json::to_value(tell("count", Ok(answer)).unwrap()).unwrap();
    assert_eq!(result["structuredContent"], json!({"rows": 3}));
    assert_eq!(result["content"], json!([{"type": "text", "text": "3 rows"}]));
    assert_eq!(result["isError"], false);
}

#[test]
fn a_failure_the_caller_can_mend_is_text_with_its_hints() {
    for kind in [ErrorKind::Input, ErrorKind::Data, ErrorKind::Refused, ErrorKind::Cancelled] {
        let error = ToolError::new(kind, "no column `stage`").hint("did you mean `lead_stage`?");
        let result = serde_json::to_value(tell("count", Err(error)).unwrap()).unwrap();
        assert_eq!(result["isError"], true);
        assert_eq!(result["content"][0]["text"], "no column `stage`\nhint: did you mean `lead_stage`?");
        assert!(result.get("structuredContent").is_none());
    }
}

#[test]
fn a_fault_of_our_own_is_a_protocol_error_that_keeps_its_reason_to_the_log() {
    let error = ToolError::new(ErrorKind::Internal, "index 7 out of range");
    let error = tell("count", Err(error)).unwrap_err();
    assert_eq!(error.code, ErrorCode::INTERNAL_ERROR);
    assert!(error.message.contains("count") && !error.message.contains("index 7"), "{}", error.message);
}

/// Sells something after two questions, the second of which depends on the answer to the first.
struct Sells;

impl Tool for Sells {
    const NAME: &'static str = "sell_thing";
    const TITLE: &'static str = "Sell";
    const DESCRIPTION: &'static str = "Asks twice.";
    const TOOLSET: Toolset = Toolset::Data;
    type Input = Sale;
    type Output = Sold;

    async fn call(input: Sale, context: &Context) -> Result<Answer<Sold>, ToolError> {
        let Reply::Answered(first) = context.ask.ask(&wants("what", "What is it to be?")).await? else {
            return Err(ToolError::input("nobody wants anything"));
        };
        let what = first.text("what").unwrap().to_owned();
        let Reply::Answered(second) =
            context.ask.ask(&wants("how_many", &format!("How many {what}?"))).await?
        else {
            return Err(ToolError::input(format!("nobody wants {what}")));
        };
        let sold = format!("{} {what} for {}", second.text("how_many").unwrap(), input.price);
        Ok(Answer { text: sold.clone(), structured: Sold { sold } })
    }
}

#[derive(Deserialize, JsonSchema)]
struct Sale {
    price: u64,
}

#[derive(Serialize, JsonSchema)]
struct Sold {
    sold: String,
}

fn wants(id: &str, message: &str) -> Question {
    let kind = Kind::Text { default: None };
    let field = Field { name: id.to_owned(), title: id.to_owned(), description: None, kind };
    Question { id: id.to_owned(), message: message.to_owned(), fields: vec![field] }
}

/// A client with a person who answers each question from a list, and declines what is not in it.
struct Buyer(&'static [(&'static str, &'static str, &'static str)]);

impl ClientHandler for Buyer {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_elicitation().build();
        ClientConfig::new(capabilities, Implementation::new("buyer", "1"))
    }

    async fn create_elicitation(
        &self,
        question: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let ElicitRequestParams::FormElicitationParams { message, .. } = question else { unreachable!() };
        Ok(match self.0.iter().find(|(asked, ..)| *asked == message) {
            Some((_, field, answer)) => {
                ElicitResult::new(ElicitationAction::Accept).with_content(json!({*field: answer}))
            }
            None => ElicitResult::new(ElicitationAction::Decline),
        })
    }
}

fn sale(price: u64) -> CallToolRequestParams {
    CallToolRequestParams::new("sell_thing")
        .with_arguments(json!({"price": price}).as_object().unwrap().clone())
}

async fn buyer(
    answers: &'static [(&'static str, &'static str, &'static str)],
    era: ClientLifecycleMode,
) -> RunningService<RoleClient, Buyer> {
    let workplace = Workplace::open_empty(Options::default()).await.unwrap();
    let server = Server::new(Arc::new(workplace), Toolbox::new(vec![Route::of::<Sells>()]));
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move { Box::pin(server.serve(near)).await.unwrap().waiting().await });
    Buyer(answers).serve_with_lifecycle(far, era).await.unwrap()
}

fn modern() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

#[tokio::test]
async fn questions_may_depend_on_answers_in_both_eras() {
    const ANSWERS: &[(&str, &str, &str)] =
        &[("What is it to be?", "what", "pears"), ("How many pears?", "how_many", "three")];
    for era in [ClientLifecycleMode::Initialize, modern()] {
        let client = buyer(ANSWERS, era.clone()).await;
        let sold = client.call_tool(sale(5)).await.unwrap();
        assert_eq!(sold.structured_content, Some(json!({"sold": "three pears for 5"})));

        let client = buyer(&ANSWERS[..1], era).await;
        let failed = client.call_tool(sale(5)).await.unwrap();
        assert_eq!(failed.content[0].as_text().unwrap().text, "nobody wants pears");
    }
}

/// Makes the first two rounds of a sale, and gives what the third has to send.
async fn third_round(client: &RunningService<RoleClient, Buyer>) -> CallToolRequestParams {
    let answer = |field: &str, text: &str| {
        let answer = json!({"action": "accept", "content": {field: text}});
        InputResponses::from([(field.to_owned(), answer)])
    };
    let CallToolResponse::InputRequired(first) = client.call_tool_once(sale(5)).await.unwrap() else {
        panic!("the first question was not asked")
    };
    assert_eq!(first.input_requests.unwrap().len(), 1);
    let retry = sale(5)
        .with_input_responses(answer("what", "pears"))
        .with_request_state(first.request_state.expect("every round has a state"));
    let CallToolResponse::InputRequired(second) = client.call_tool_once(retry).await.unwrap() else {
        panic!("the second question was not asked")
    };
    assert!(second.input_requests.unwrap().contains_key("how_many"));
    sale(5)
        .with_input_responses(answer("how_many", "two"))
        .with_request_state(second.request_state.expect("the first answer is kept"))
}

#[tokio::test]
async fn an_answer_kept_by_the_client_counts_for_its_own_call_only() {
    let client = buyer(&[], modern()).await;
    let right = third_round(&client).await;
    let CallToolResponse::Complete(sold) = client.call_tool_once(right.clone()).await.unwrap() else {
        panic!("the call was not completed")
    };
    assert_eq!(sold.structured_content, Some(json!({"sold": "two pears for 5"})));

    let state = right.request_state.clone().unwrap();
    let tampered = state.replacen("rs1.", "rs1.A", 1);
    let mut other_price = right.clone();
    other_price.arguments = sale(1).arguments;
    let elsewhere = buyer(&[], modern()).await;
    for (client, refused) in [
        (&client, right.clone().with_request_state(tampered)),
        (&client, right.clone().with_request_state(state[..state.len() - 2].to_owned())),
        (&client, other_price),
        (&elsewhere, right),
    ] {
        match client.call_tool_once(refused).await {
            Err(ServiceError::McpError(error)) => {
                assert_eq!(error.code, ErrorCode::INVALID_PARAMS);
                assert!(error.message.contains("`requestState` was not given out"), "{}", error.message);
            }
            other => panic!("{other:?}"),
        }
    }
}
