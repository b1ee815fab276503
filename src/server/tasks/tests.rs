//! Long calls over a connection in memory: answered soon, or followed, answered, cancelled and kept as tasks.

use crate::{cli::Options, config, handler::Server, toolbox::Toolbox, workplace::Workplace};
use jiff::{SignedDuration, Timestamp};
use revarch_store::TaskRecord;
use revarch_tools::{
    Answer, Context, Route, Tool, ToolError, Toolset,
    ask::{Field, Kind, Question, Reply},
};
use rmcp::{
    ClientHandler, RoleClient, ServiceExt as _,
    model::{
        CallToolRequestParams, CallToolResponse, CancelTaskParams, CancelTaskRequest, ClientCapabilities,
        ClientConfig, ClientRequest, DetailedTask, ErrorCode, GetTaskParams, GetTaskRequest, Implementation,
        ProtocolVersion, ServerResult, TaskPayload, TaskStatus, UpdateTaskParams, UpdateTaskRequest,
    },
    service::{ClientLifecycleMode, ClientServiceExt as _, RunningService, ServiceError},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Nothing here takes nearly as long.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize, JsonSchema)]
struct Asked {
    /// Milliseconds of work.
    work: u64,
    /// Whether to ask after it.
    asks: bool,
}

#[derive(Serialize, JsonSchema)]
struct Said {
    said: String,
}

/// Calls of [`Bakes`] that were dropped or are done.
static ENDED: AtomicUsize = AtomicUsize::new(0);

struct Ends;

impl Drop for Ends {
    fn drop(&mut self) {
        ENDED.fetch_add(1, Ordering::SeqCst);
    }
}

struct Bakes;

impl Tool for Bakes {
    const NAME: &'static str = "bake_cake";
    const TITLE: &'static str = "Bake";
    const DESCRIPTION: &'static str = "Works and asks.";
    const TOOLSET: Toolset = Toolset::Data;
    const LONG: bool = true;
    type Input = Asked;
    type Output = Said;

    async fn call(input: Asked, context: &Context) -> Result<Answer<Said>, ToolError> {
        let _ends = Ends;
        context.run.progress(1, Some(2), "baking");
        tokio::time::sleep(Duration::from_millis(input.work)).await;
        let mut said = "a cake".to_owned();
        if input.asks {
            let kind = Kind::Text { default: None };
            let field =
                Field { name: "icing".to_owned(), title: "Icing".to_owned(), description: None, kind };
            let question =
                Question { id: "icing".to_owned(), message: "Which icing?".to_owned(), fields: vec![field] };
            match context.ask.ask(&question).await? {
                Reply::Answered(answers) => said = format!("{said} with {}", answers.text("icing").unwrap()),
                _ => return Err(ToolError::input("nobody wants icing")),
            }
        }
        Ok(Answer { text: said.clone(), structured: Said { said } })
    }
}

#[derive(Clone)]
struct Baker {
    knows_tasks: bool,
}

impl ClientHandler for Baker {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_elicitation();
        let capabilities =
            if self.knows_tasks { capabilities.enable_tasks().build() } else { capabilities.build() };
        ClientConfig::new(capabilities, Implementation::new("baker", "1"))
    }
}

type Client = RunningService<RoleClient, Baker>;

async fn server(config: config::Tasks) -> (Server, Arc<Workplace>) {
    let place = Arc::new(Workplace::open_empty(Options::default()).await.unwrap().with_tasks(config));
    (Server::new(Arc::clone(&place), Toolbox::new(vec![Route::of::<Bakes>()])), place)
}

async fn connect(server: &Server, knows_tasks: bool) -> Client {
    let (near, far) = tokio::io::duplex(1 << 16);
    let server = server.clone();
    tokio::spawn(async move { Box::pin(server.serve(near)).await.unwrap().waiting().await });
    let era = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    Baker { knows_tasks }.serve_with_lifecycle(far, era).await.unwrap()
}

fn bake(work: u64, asks: bool) -> CallToolRequestParams {
    CallToolRequestParams::new("bake_cake")
        .with_arguments(json!({"work": work, "asks": asks}).as_object().unwrap().clone())
}

fn soon(answer_within_ms: u64) -> config::Tasks {
    config::Tasks { answer_within_ms, ..config::Tasks::default() }
}

async fn begin(client: &Client, call: CallToolRequestParams) -> String {
    match client.call_tool_once(call).await.unwrap() {
        CallToolResponse::Task(created) => created.task.task_id,
        other => panic!("{other:?}"),
    }
}

async fn get(client: &Client, id: &str) -> Result<DetailedTask, ServiceError> {
    let request = ClientRequest::GetTaskRequest(GetTaskRequest::new(GetTaskParams::new(id)));
    match client.send_request(request).await? {
        ServerResult::GetTaskResult(result) => Ok(result.task),
        other => panic!("{other:?}"),
    }
}

/// Polls until the task is `wanted`.
async fn wait(client: &Client, id: &str, wanted: TaskStatus) -> DetailedTask {
    let polled = async {
        loop {
            let task = get(client, id).await.unwrap();
            if task.status() == wanted {
                return task;
            }
            assert!(!task.status().is_terminal(), "{task:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, polled).await.unwrap()
}

async fn answer(client: &Client, id: &str, answers: Value) -> Result<ServerResult, ServiceError> {
    let answers = serde_json::from_value(answers).unwrap();
    let params = UpdateTaskParams::new(id, answers);
    client.send_request(ClientRequest::UpdateTaskRequest(UpdateTaskRequest::new(params))).await
}

fn text(task: &DetailedTask) -> String {
    match &task.payload {
        TaskPayload::Completed { result } => result["content"][0]["text"].as_str().unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check_refused<T: std::fmt::Debug>(answer: Result<T, ServiceError>, code: ErrorCode, said: &str) {
    match answer {
        Err(ServiceError::McpError(error)) => {
            assert_eq!(error.code, code, "{error:?}");
            assert!(error.message.contains(said), "{}", error.message);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_soon_done_is_answered_and_what_takes_longer_becomes_a_task() {
    let (server, _) = server(soon(300)).await;
    let client = connect(&server, true).await;
    let CallToolResponse::Complete(done) = client.call_tool_once(bake(1, false)).await.unwrap() else {
        panic!("no task is wanted for this")
    };
    assert_eq!(done.structured_content, Some(json!({"said": "a cake"})));

    let id = begin(&client, bake(2_000, false)).await;
    let task = get(&client, &id).await.unwrap();
    assert_eq!(
        (task.status(), task.task.status_message.as_deref()),
        (TaskStatus::Working, Some("baking (1 of 2)"))
    );
    assert_eq!(task.task.ttl_ms, Some(60 * 60 * 1000));
    assert_eq!(text(&wait(&client, &id, TaskStatus::Completed).await), "a cake");
}

#[tokio::test]
async fn a_client_that_knows_no_tasks_waits_for_its_answer() {
    let (server, _) = server(soon(0)).await;
    let client = connect(&server, false).await;
    let CallToolResponse::Complete(done) = client.call_tool_once(bake(50, false)).await.unwrap() else {
        panic!("it cannot follow a task")
    };
    assert_eq!(done.structured_content, Some(json!({"said": "a cake"})));
    check_refused(get(&client, "any").await, ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY, "capab");
}

#[tokio::test]
async fn a_question_ends_a_young_call_and_is_put_to_the_client_of_a_task() {
    let (server, _) = server(soon(300)).await;
    let client = connect(&server, true).await;
    let CallToolResponse::InputRequired(asked) = client.call_tool_once(bake(0, true)).await.unwrap() else {
        panic!("the question comes at once")
    };
    assert!(asked.input_requests.unwrap().contains_key("icing"));

    let id = begin(&client, bake(800, true)).await;
    let TaskPayload::InputRequired { input_requests } =
        wait(&client, &id, TaskStatus::InputRequired).await.payload
    else {
        panic!("a task that waits says for what")
    };
    assert_eq!(input_requests.keys().collect::<Vec<_>>(), ["icing"]);
    let misfit = answer(&client, &id, json!({"icing": {"action": "accept", "content": {"icing": 7}}})).await;
    check_refused(misfit, ErrorCode::INVALID_PARAMS, "`icing` must be a text");
    answer(&client, &id, json!({"other": {"action": "decline"}})).await.unwrap();
    assert_eq!(get(&client, &id).await.unwrap().status(), TaskStatus::InputRequired);
    answer(&client, &id, json!({"icing": {"action": "accept", "content": {"icing": "lemon"}}}))
        .await
        .unwrap();
    assert_eq!(text(&wait(&client, &id, TaskStatus::Completed).await), "a cake with lemon");
    // An answer that comes late is no fault.
    answer(&client, &id, json!({"icing": {"action": "decline"}})).await.unwrap();
}

/// Alone in counting the calls that have ended.
#[tokio::test]
async fn a_cancelled_task_stops_its_work() {
    let (server, _) = server(soon(0)).await;
    let client = connect(&server, true).await;
    let cancel = async |id: &str| {
        let request = CancelTaskRequest::new(CancelTaskParams::new(id));
        client.send_request(ClientRequest::CancelTaskRequest(request)).await
    };
    let id = begin(&client, bake(1_000_000, false)).await;
    let before = ENDED.load(Ordering::SeqCst);
    cancel(&id).await.unwrap();
    wait(&client, &id, TaskStatus::Cancelled).await;
    assert!(ENDED.load(Ordering::SeqCst) > before, "the work has stopped");
    cancel(&id).await.unwrap();
    assert_eq!(get(&client, &id).await.unwrap().status(), TaskStatus::Cancelled);
    check_refused(cancel("none").await, ErrorCode::INVALID_PARAMS, "there is no task `none`");
}

#[tokio::test]
async fn a_caller_with_tasks_enough_waits_for_its_answer() {
    let (server, _) = server(config::Tasks { most_per_caller: 1, ..soon(0) }).await;
    let client = connect(&server, true).await;
    begin(&client, bake(1_000_000, false)).await;
    let answered = client.call_tool_once(bake(100, false)).await.unwrap();
    assert!(matches!(answered, CallToolResponse::Complete(_)), "{answered:?}");
    let asked = client.call_tool_once(bake(100, true)).await.unwrap();
    assert!(matches!(asked, CallToolResponse::InputRequired(_)), "{asked:?}");
}

#[tokio::test]
async fn a_task_whose_process_has_gone_is_told_as_failed() {
    let (server, place) = server(soon(0)).await;
    let client = connect(&server, true).await;
    let now = Timestamp::now();
    for (id, caller, alive_until) in [
        ("lost", "local", now - SignedDuration::from_secs(1)),
        ("elsewhere", "local", now + SignedDuration::from_secs(60)),
        ("foreign", "ann", now + SignedDuration::from_secs(60)),
    ] {
        let record = TaskRecord {
            id: id.to_owned(),
            caller: caller.to_owned(),
            tool: "bake_cake".to_owned(),
            begun_at: now - SignedDuration::from_secs(60),
            changed_at: now - SignedDuration::from_secs(60),
            expires_at: now + SignedDuration::from_secs(60),
            alive_until,
            message: None,
            outcome: None,
        };
        assert!(place.store().begin_task(&record, 9).await.unwrap());
    }
    let TaskPayload::Failed { error } = get(&client, "lost").await.unwrap().payload else {
        panic!("it is lost")
    };
    assert!(error["message"].as_str().unwrap().contains("hint: call `bake_cake` again"), "{error:?}");
    assert_eq!(get(&client, "elsewhere").await.unwrap().status(), TaskStatus::Working);
    let unheard = answer(&client, "elsewhere", json!({})).await;
    check_refused(unheard, ErrorCode::INVALID_PARAMS, "another process");
    check_refused(
        get(&client, "foreign").await,
        ErrorCode::INVALID_PARAMS,
        "there is no task `foreign` of yours",
    );
}

#[tokio::test]
async fn what_is_at_work_when_the_server_stops_is_kept_as_stopped() {
    let (first, place) = server(soon(0)).await;
    let client = connect(&first, true).await;
    let id = begin(&client, bake(1_000_000, false)).await;
    first.close().await;
    let second = Server::new(place, Toolbox::new(vec![Route::of::<Bakes>()]));
    let client = connect(&second, true).await;
    let TaskPayload::Failed { error } = get(&client, &id).await.unwrap().payload else {
        panic!("it was stopped")
    };
    assert!(error["message"].as_str().unwrap().contains("the server was stopped"), "{error:?}");
}
