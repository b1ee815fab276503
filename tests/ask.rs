//! Asking back in the middle of a call: in each protocol era, over each transport.

use crate::support::{Http, PATIENCE, Pipe, eras, initialize, message, modern, over_http, over_stdio, revarch, stdout};
use rmcp::{
    ClientHandler, ErrorData, RoleClient,
    model::{
        CallToolRequest, CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, ClientRequest,
        ElicitRequestParams, ElicitResult, ElicitationAction, Implementation,
    },
    service::{
        ClientLifecycleMode, PeerRequestOptions, RequestContext, RunningService, ServiceError,
    },
};
use serde_json::{Value, json};
use std::{
    fs,
    sync::{Arc, LazyLock, Mutex},
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A table with two columns whose names and values disagree, so that neither guess is sure.
static UNSURE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (1..=20).map(|at| format!("{at},building {at},long ago\n")).collect();
    let rows = rows.concat();
    fs::write(folder.path().join("contacts.csv"), format!("contact_id,email,created\n{rows}")).unwrap();
    folder
});

/// The arguments with which it is served.
fn over_unsure() -> [&'static str; 2] {
    ["--data", UNSURE.path().to_str().unwrap()]
}

fn arguments() -> Value {
    json!({"confirm": true})
}

/// What a person does with a question.
#[derive(Clone)]
enum Does {
    Accepts(Value),
    Declines,
    Cancels,
    Nothing,
}

/// A client with a person behind it.
#[derive(Clone)]
struct Person {
    does: Does,
    asked: Arc<Mutex<Vec<ElicitRequestParams>>>,
    let_go: CancellationToken,
}

impl Person {
    fn who(does: Does) -> Self {
        Self { does, asked: Arc::default(), let_go: CancellationToken::new() }
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl ClientHandler for Person {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_elicitation().build();
        ClientConfig::new(capabilities, Implementation::new("test", "1"))
    }

    async fn create_elicitation(
        &self,
        question: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        self.asked.lock().unwrap().push(question);
        Ok(match &self.does {
            Does::Accepts(answers) => ElicitResult::new(ElicitationAction::Accept).with_content(answers.clone()),
            Does::Declines => ElicitResult::new(ElicitationAction::Decline),
            Does::Cancels => ElicitResult::new(ElicitationAction::Cancel),
            Does::Nothing => {
                context.ct.cancelled().await;
                self.let_go.cancel();
                ElicitResult::new(ElicitationAction::Cancel)
            }
        })
    }
}

type Client = RunningService<RoleClient, Person>;

fn params() -> CallToolRequestParams {
    CallToolRequestParams::new("describe_data").with_arguments(arguments().as_object().unwrap().clone())
}

async fn call(client: &Client) -> Result<CallToolResult, ServiceError> {
    tokio::time::timeout(PATIENCE, client.call_tool(params())).await.expect("an answer in time")
}

/// Calls with the person over each transport in each era.
async fn everywhere(does: Does, mut check: impl FnMut(Result<CallToolResult, ServiceError>, &Person)) {
    let server = Http::start(&over_unsure());
    for era in eras() {
        let person = Person::who(does.clone());
        let client = over_stdio(&person, over_unsure(), era.clone()).await;
        check(call(&client).await, &person);
        client.cancel().await.unwrap();

        let person = Person::who(does.clone());
        let client = over_http(&person, &server, era).await;
        check(call(&client).await, &person);
        client.cancel().await.unwrap();
    }
}

/// The role of a column and the columns that are still open.
fn outcome(result: &Value) -> (Vec<Value>, Vec<&str>) {
    let columns = result["tables"][0]["columns"].as_array().unwrap();
    let roles = columns.iter().map(|column| column["role"].clone()).collect();
    let open = result["open_questions"].as_array().map_or(&[][..], Vec::as_slice);
    (roles, open.iter().map(|open| open["column"].as_str().unwrap()).collect())
}

#[tokio::test]
async fn what_a_person_confirms_is_used_and_what_they_reject_is_dropped() {
    let content = json!({"guess_1": "none", "guess_2": "created"});
    everywhere(Does::Accepts(content), |result, person| {
        let result = result.unwrap().structured_content.unwrap();
        let (roles, open) = outcome(&result);
        assert_eq!(roles[1], Value::Null, "{result}");
        assert_eq!(roles[2], json!({"name": "created", "confidence": 1.0}));
        assert_eq!((open.len(), person.asked()), (0, 1), "{result}");
        let asked = serde_json::to_value(&person.asked.lock().unwrap()[0]).unwrap();
        let first = &asked["requestedSchema"]["properties"]["guess_1"];
        assert_eq!(first["title"], "What is column email of contacts for?");
        assert_eq!(first["default"], "do_not_know");
        let values: Vec<_> = first["oneOf"].as_array().unwrap().iter().map(|choice| &choice["const"]).collect();
        assert_eq!(values, ["email", "none", "do_not_know"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_person_does_not_know_stays_open() {
    everywhere(Does::Accepts(json!({"guess_1": "email", "guess_2": "do_not_know"})), |result, _| {
        let result = result.unwrap().structured_content.unwrap();
        let (roles, open) = outcome(&result);
        assert_eq!((&roles[1]["confidence"], open), (&json!(1.0), vec!["created"]), "{result}");
        assert_eq!(result["open_questions"][0]["guess"], "created");
        assert!(result["open_questions"][0]["confidence"].as_f64().unwrap() < 0.6);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_used_where_a_person_declines_or_closes_the_question() {
    for does in [Does::Declines, Does::Cancels] {
        everywhere(does, |result, person| {
            let result = result.unwrap();
            let text = result.content[0].as_text().unwrap().text.clone();
            assert!(text.contains("the person was asked and gave no answer"), "{text}");
            let result = result.structured_content.unwrap();
            let (roles, open) = outcome(&result);
            assert_eq!((open, person.asked()), (vec!["email", "created"], 1), "{result}");
            assert!(roles[1..].iter().all(|role| role["confidence"].as_f64().unwrap() < 0.6), "{result}");
        })
        .await;
    }
}

#[tokio::test]
async fn an_answer_that_was_not_on_offer_is_refused() {
    everywhere(Does::Accepts(json!({"guess_1": "phone"})), |result, _| {
        let said = match result {
            // Where the client's answer was its own request, that request was wrong.
            Err(ServiceError::McpError(error)) => {
                assert_eq!(error.code.0, -32602, "{error:?}");
                error.message.into_owned()
            }
            Ok(result) => {
                assert_eq!(result.is_error, Some(true), "{result:?}");
                result.content[0].as_text().unwrap().text.clone()
            }
            Err(error) => panic!("{error}"),
        };
        assert!(said.contains("`guess_1` must be one of `email`, `none`, `do_not_know`"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_call_that_is_cancelled_takes_its_question_back() {
    let server = Http::start(&over_unsure());
    let person = Person::who(Does::Nothing);
    let clients = [
        over_stdio(&person, over_unsure(), ClientLifecycleMode::Initialize).await,
        over_http(&person, &server, ClientLifecycleMode::Initialize).await,
    ];
    for (before, client) in clients.into_iter().enumerate() {
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params()));
        let call = client.send_cancellable_request(request, PeerRequestOptions::no_options()).await.unwrap();
        wait_for(|| person.asked() > before).await;
        call.cancel(Some("enough".to_owned())).await.unwrap();
        wait_for(|| person.let_go.is_cancelled()).await;
        assert!(!client.list_all_tools().await.unwrap().is_empty(), "the server goes on");
        client.cancel().await.unwrap();
    }
}

async fn wait_for(mut happened: impl FnMut() -> bool) {
    let happened = async {
        while !happened() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, happened).await.expect("it happens in time");
}

fn tool_call(id: u32) -> Value {
    json!({
        "jsonrpc": "2.0", "id": id, "method": "tools/call",
        "params": {"name": "describe_data", "arguments": arguments()},
    })
}

/// Opens a connection whose client declares `elicitation` and calls.
fn call_as(version: &str, elicitation: Option<Value>) -> Value {
    let mut pipe = Pipe::start(&over_unsure());
    let mut opening = initialize(version);
    if let Some(elicitation) = elicitation {
        opening["params"]["capabilities"] = json!({"elicitation": elicitation});
    }
    pipe.ask(&opening);
    pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    pipe.ask(&tool_call(1))
}

#[track_caller]
fn check_unavailable(answer: &Value) {
    let result = &answer["result"];
    assert!(result["content"][0]["text"].as_str().unwrap().contains("this client cannot ask the person"), "{answer}");
    assert_eq!(result["structuredContent"]["open_questions"].as_array().unwrap().len(), 2, "{answer}");
}

#[test]
fn a_client_that_cannot_ask_is_not_asked() {
    for (version, elicitation) in [
        ("2025-11-25", None),
        ("2025-06-18", None),
        ("2025-11-25", Some(json!({"url": {}}))),
        ("2025-03-26", Some(json!({}))),
        ("2024-11-05", Some(json!({}))),
    ] {
        check_unavailable(&call_as(version, elicitation));
    }
    for (version, elicitation) in
        [("2025-11-25", json!({})), ("2025-11-25", json!({"form": {}})), ("2025-06-18", json!({}))]
    {
        let asked = call_as(version, Some(elicitation));
        assert_eq!(asked["method"], "elicitation/create", "{asked}");
        let choice = &asked["params"]["requestedSchema"]["properties"]["guess_1"];
        let titled = if version == "2025-06-18" { "enumNames" } else { "oneOf" };
        assert!(choice[titled].is_array(), "{version}: {choice}");
    }
}

/// A call without a handshake by a client that can ask, as it may or may not be a retry.
fn modern_call(id: u32, more: &[(&str, Value)]) -> Value {
    let mut params = tool_call(id)["params"].clone();
    for (name, value) in more {
        params[*name] = value.clone();
    }
    let mut call = modern(id, "tools/call", params);
    call["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({"elicitation": {}});
    call
}

#[tokio::test]
async fn without_a_handshake_the_capabilities_of_the_request_count() {
    let mut pipe = Pipe::start(&over_unsure());
    let server = Http::start(&over_unsure());
    let mute = modern(1, "tools/call", tool_call(1)["params"].clone());
    check_unavailable(&pipe.ask(&mute));
    check_unavailable(&message(server.post_modern(&mute).send().await.unwrap()).await);
    let can = modern_call(2, &[]);
    for asked in [pipe.ask(&can), message(server.post_modern(&can).send().await.unwrap()).await] {
        let result = &asked["result"];
        assert_eq!(result["resultType"], "input_required", "{asked}");
        assert!(result["requestState"].is_string(), "the question is sealed to its call: {asked}");
        assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "revarch");
        let questions = result["inputRequests"].as_object().unwrap();
        assert!(questions.len() == 1 && questions.values().all(|one| one["method"] == "elicitation/create"), "{asked}");
    }
    check_unavailable(&pipe.ask(&mute));
}

#[tokio::test]
async fn a_forged_retry_is_refused_and_a_strange_one_is_asked_again() {
    let mut pipe = Pipe::start(&over_unsure());
    let server = Http::start(&over_unsure());
    let asked = pipe.ask(&modern_call(1, &[]));
    let id = asked["result"]["inputRequests"].as_object().unwrap().keys().next().unwrap().clone();
    let answer = |answer: Value| ("inputResponses", json!({&id: answer}));
    let refused = [
        (vec![("requestState", json!("garbage"))], "`requestState` was not given out"),
        (vec![("requestState", json!(""))], "`requestState` was not given out"),
        (vec![("requestState", json!("rs1.AAAAAAAAAAB7fQ.AAAA"))], "`requestState` was not given out"),
        (vec![("requestState", json!({"forged": true}))], "do not fit"),
        (vec![("inputResponses", json!("accept"))], "do not fit"),
        (vec![answer(json!("accept"))], "no result of elicitation/create"),
        (vec![answer(json!({"action": "shrug"}))], "no result of elicitation/create"),
        (vec![answer(json!({"action": "accept", "content": "email"}))], "no object"),
        (vec![answer(json!({"action": "accept", "content": {"guess_1": {"$ne": 1}}}))], "`guess_1` must be one of"),
    ];
    for (more, said) in &refused {
        let call = modern_call(2, more);
        for answer in [pipe.ask(&call), message(server.post_modern(&call).send().await.unwrap()).await] {
            assert_eq!(answer["error"]["code"], -32602, "{answer}");
            assert!(answer["error"]["message"].as_str().unwrap().contains(said), "{said:?} is not in {answer}");
        }
    }
    // What answers no question of this call is not looked at.
    let strange = [("inputResponses", json!({"another": {"action": "accept", "content": {"guess_1": "created"}}}))];
    let again = pipe.ask(&modern_call(3, &strange));
    assert_eq!(again["result"]["inputRequests"], asked["result"]["inputRequests"], "{again}");
    let right = [answer(json!({"action": "accept", "content": {"guess_1": "email", "guess_2": "created"}}))];
    let done = pipe.ask(&modern_call(4, &right));
    assert_eq!(done["result"]["structuredContent"].get("open_questions"), None, "{done}");
}

#[test]
fn a_handshaken_client_cannot_slip_an_answer_in() {
    let mut pipe = Pipe::open(&over_unsure());
    let mut call = tool_call(1);
    call["params"]["inputResponses"] = json!({"confirm_guesses": {"action": "accept", "content": {"guess_1": "created"}}});
    call["params"]["requestState"] = json!("forged");
    check_unavailable(&pipe.ask(&call));
}

#[test]
fn the_shell_has_nobody_to_ask() {
    let [flag, folder] = over_unsure();
    let output = revarch(&[flag, folder, "call", "describe_data", "--args", &arguments().to_string()]).output().unwrap();
    let result: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(outcome(&result).1, ["email", "created"]);
    let plain = revarch(&[flag, folder, "call", "describe_data"]).output().unwrap();
    let result: Value = serde_json::from_str(stdout(&plain)).unwrap();
    assert_eq!(outcome(&result).1, ["email", "created"], "what is not sure is reported unasked too");
}
