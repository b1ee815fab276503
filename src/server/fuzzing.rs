//! The ways by which text from outside comes in, for the fuzz targets in `fuzz/`. Each panics where something is told or
//! done that must not be.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a panic is how a fuzz target tells what it found"
)]

use crate::{
    ask::{Rounds, Seal},
    caller::Caller,
    cli::Options,
    config::Config,
    handler::Server,
    serve,
    toolbox::Toolbox,
    workplace::Workplace,
};
use revarch_tools::ask::{Field, Kind, Question, Reply};
use rmcp::model::{CallToolRequestParams, ClientCapabilities, ProtocolVersion};
use serde_json::{Value, json};
use std::{cell::OnceCell, sync::Arc};
use tokio::{
    io::AsyncReadExt as _,
    runtime::{Builder, Runtime},
};

/// More than any answer to a few messages takes, so that writing never waits for reading.
const ROOM: usize = 64 << 20;

/// One for all inputs, since making one takes longer than most of what is done with it.
struct Place {
    runtime: Runtime,
    server: Server,
}

impl Place {
    fn open() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let workplace =
            runtime.block_on(Workplace::open_empty(Options::default())).expect("an empty workplace");
        let server = Server::new(Arc::new(workplace), Toolbox::new(revarch_tools::all()));
        Self { runtime, server }
    }

    /// What the server says on stdout to what comes on stdin.
    fn converse(&self, input: Vec<u8>) -> String {
        let (output, mut said) = tokio::io::duplex(ROOM);
        let mut text = String::new();
        self.runtime.block_on(async {
            let conversation = serve::stdio::converse(
                self.server.clone(),
                self.server.gate().clone(),
                std::io::Cursor::new(input),
                output,
            );
            let (done, read) = tokio::join!(conversation, said.read_to_string(&mut text));
            assert!(done.is_ok(), "the conversation ended badly");
            read.expect("text on stdout");
        });
        text
    }
}

fn with<T>(work: impl FnOnce(&Place) -> T) -> T {
    thread_local!(static PLACE: OnceCell<Place> = const { OnceCell::new() });
    PLACE.with(|place| work(place.get_or_init(Place::open)))
}

/// Every line that goes out is one message, and none tells of a fault of our own.
fn check(said: &str) {
    for line in said.lines() {
        let message: Value = serde_json::from_str(line).expect("a line on stdout that is no JSON");
        assert_eq!(message["jsonrpc"], "2.0", "{line}");
        let members = ["result", "error", "method"].iter().filter(|name| message.get(name).is_some()).count();
        assert_eq!(members, 1, "{line}");
        assert_ne!(message["error"]["code"], -32603, "a fault of revarch's own: {line}");
    }
}

/// Bytes on stdin: the handshake, or not, and what follows.
pub fn lines(input: &[u8]) {
    check(&with(|place| place.converse(input.to_vec())));
}

/// A message, first as it stands and then as the only thing that is wrong within a conversation.
pub fn message(input: &[u8]) {
    let begin = [
        json!({
            "jsonrpc": "2.0", "id": "begin", "method": "initialize",
            "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "f", "version": "1"}},
        }),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
    ];
    let mut conversation = begin.map(|message| format!("{message}\n")).concat().into_bytes();
    conversation.extend(input.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
    conversation.extend(b"\n{\"jsonrpc\":\"2.0\",\"id\":\"alive\",\"method\":\"ping\"}\n");
    let said = with(|place| place.converse(conversation));
    check(&said);
    assert!(
        said.contains("\"id\":\"begin\"") && said.contains("\"id\":\"alive\""),
        "the server fell silent: {said}"
    );
}

/// A cursor, handed to every list and to a tool that has pages.
pub fn cursor(cursor: &str) {
    let call = json!({"name": "audit_mcp_coverage", "arguments": {"platforms": ["HubSpot", "Salesforce"], "cursor": cursor}});
    let requests = ["tools/list", "resources/list", "prompts/list", "resources/templates/list"]
        .map(|method| (method, json!({"cursor": cursor})))
        .into_iter()
        .chain([("tools/call", call)]);
    for (method, mut params) in requests {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "f", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let said = with(|place| place.converse(format!("{request}\n").into_bytes()));
        check(&said);
        let answer: Value = serde_json::from_str(said.trim()).expect("one answer");
        let refused = answer["error"]["code"] == -32602 || answer["result"]["isError"] == true;
        let page = cursor.parse::<usize>();
        assert!(refused || (method == "tools/call" && page.is_ok()), "{method} takes {cursor:?}: {said}");
    }
}

/// A state that comes with a request: nothing opens but what was given out, for the call that it was given out for.
pub fn request_state(input: &[u8]) {
    let (Some((place, change)), text) = (input.split_first(), String::from_utf8_lossy(input).into_owned())
    else {
        return;
    };
    let sealed = with(|place| place.runtime.block_on(sealed()));
    let (seal, state) = sealed;
    let open = |state: String| {
        Rounds::of(&mut call(Some(state)), ProtocolVersion::V_2026_07_28, seal.clone(), &Caller::local())
            .is_ok()
    };
    assert!(open(state.clone()), "what was given out opens");
    assert!(!open(text), "a state opens that was never given out");
    let mut bytes = state.clone().into_bytes();
    let at = usize::from(*place) * bytes.len() / 256;
    for (byte, change) in bytes[at..].iter_mut().zip(change) {
        *byte ^= *change & 0x7f;
    }
    let changed = String::from_utf8(bytes).expect("seven bits stay text");
    assert!(changed == state || !open(changed.clone()), "a changed state opens: {changed} for {state}");
}

fn call(state: Option<String>) -> CallToolRequestParams {
    let mut params = json!({"name": "describe_data", "arguments": {"confirm": true}});
    match state {
        Some(state) => params["requestState"] = json!(state),
        None => params["inputResponses"] = json!({"size": {"action": "accept", "content": {"note": "soon"}}}),
    }
    serde_json::from_value(params).expect("a call")
}

/// A seal, and a state that it has sealed.
async fn sealed() -> (Seal, String) {
    let seal = Seal::new();
    let rounds = Rounds::of(&mut call(None), ProtocolVersion::V_2026_07_28, seal.clone(), &Caller::local())
        .expect("a first round");
    let capabilities: ClientCapabilities =
        serde_json::from_value(json!({"elicitation": {"form": {}}})).expect("capabilities");
    let kind = Kind::Text { default: None };
    let field = Field { name: "note".to_owned(), title: "Note".to_owned(), description: None, kind };
    let question = Question { id: "size".to_owned(), message: "When?".to_owned(), fields: vec![field] };
    let reply = rounds.asker(Some(&capabilities)).ask(&question).await;
    assert!(matches!(reply, Ok(Reply::Answered(_))), "the answer of the first round is used");
    let questions = rounds.questions().expect("questions");
    (seal, questions.request_state.expect("a state"))
}

/// A configuration: understood, or refused with a reason.
pub fn config(text: &str) {
    if let Err(reason) = Config::understood(text) {
        assert!(!reason.trim().is_empty(), "refused without a reason");
    }
}
