//! Servers that are addresses.

use crate::stand_in::{Reply, Request, StandIn};
use revarch_remote::{Era, Limits, ListState, Note, RemoteError, ServerConfig, ServerReading, Servers};
use serde_json::{Map, Value, json};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// An older server, well-behaved.
fn good(request: &Request) -> Reply {
    match request.asks() {
        "initialize" => {
            let version = &request.body["params"]["protocolVersion"];
            let info = json!({"name": "good", "version": "1"});
            answer(request, json!({"protocolVersion": version, "capabilities": {}, "serverInfo": info}))
        }
        "tools/list" => answer(request, json!({"tools": [{"name": "look_up", "inputSchema": {}}]})),
        "" => Reply::new(405, &[], b""),
        "server/discover" => refusal(request, 200, -32601),
        _ => Reply::new(202, &[], b""),
    }
}

fn answer(request: &Request, result: impl Into<Value>) -> Reply {
    let result: Value = result.into();
    Reply::json(&json!({"jsonrpc": "2.0", "id": request.body["id"], "result": result}))
}

fn refusal(request: &Request, status: u16, code: i64) -> Reply {
    let error = json!({"code": code, "message": "no"});
    let body = json!({"jsonrpc": "2.0", "id": request.body["id"], "error": error}).to_string();
    Reply::new(status, &[("content-type", "application/json")], body.as_bytes())
}

fn config(url: String) -> ServerConfig {
    ServerConfig { url: Some(url), allow_private: true, ..ServerConfig::default() }
}

fn limits() -> Limits {
    Limits { answer_bytes: 1024 * 1024, ..Limits::within(Duration::from_secs(20)) }
}

async fn inspect_config(config: ServerConfig) -> Result<ServerReading, RemoteError> {
    Servers::new(vec![config.named("h").unwrap()]).inspect("h", limits()).await
}

async fn inspect(
    handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Result<ServerReading, RemoteError> {
    let server = StandIn::start(handler).await;
    inspect_config(config(server.url())).await
}

fn names(reading: &ServerReading) -> Vec<&str> {
    reading.tools.items.iter().map(|tool| tool["name"].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn an_older_server_is_read_whatever_it_answers_to_the_newer_protocol() {
    for status in [400, 404, 405, 406, 500, 501] {
        let reading = inspect(move |request| match request.asks() {
            "server/discover" => Reply::new(status, &[], b"Bad Request"),
            _ => good(request),
        });
        let reading = reading.await.unwrap();
        assert_eq!((reading.era, names(&reading)), (Era::Handshake, vec!["look_up"]), "{status}");
    }
    let reading = inspect(good).await.unwrap();
    assert_eq!(reading.protocol_version, "2025-11-25");
    assert_eq!(reading.notes, [Note::Undeclared { list: "tools" }]);
}

#[tokio::test]
async fn a_newer_server_gets_the_headers_it_wants() {
    let handler = |request: &Request| {
        let headers =
            ["mcp-protocol-version", "mcp-method", "mcp-name"].map(|name| request.header(name).to_owned());
        match request.asks() {
            "server/discover" => {
                answer(request, json!({"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}))
            }
            "tools/list" => answer(request, json!({"tools": [{"name": headers.join("|")}]})),
            "tools/call" => answer(request, json!({"content": [], "told": headers.join("|")})),
            _ => refusal(request, 404, -32601),
        }
    };
    let server = StandIn::start(handler).await;
    let allowed = ServerConfig { allow_tools: vec!["t".to_owned()], ..config(server.url()) };
    let servers = Servers::new(vec![allowed.named("h").unwrap()]);
    let reading = servers.inspect("h", limits()).await.unwrap();
    assert_eq!((reading.era, names(&reading)), (Era::Stateless, vec!["2026-07-28|tools/list|"]));
    let called = servers.call_tool("h", "t", Map::new(), limits()).await.unwrap();
    assert_eq!(called.result["told"], "2026-07-28|tools/call|t");
}

#[tokio::test]
async fn a_server_that_speaks_only_older_versions_says_so_and_is_asked_in_one() {
    let reading = inspect(|request| match request.asks() {
        "server/discover" => {
            let error = json!({"code": -32022, "message": "no", "data": {"supported": ["2025-06-18"]}});
            let body = json!({"jsonrpc": "2.0", "id": request.body["id"], "error": error}).to_string();
            Reply::new(400, &[("content-type", "application/json")], body.as_bytes())
        }
        "initialize" => answer(request, json!({"protocolVersion": "2025-06-18", "capabilities": {}})),
        _ => good(request),
    });
    assert_eq!(reading.await.unwrap().protocol_version, "2025-06-18");
}

#[tokio::test]
async fn a_session_is_kept_and_let_go() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let reading = inspect(move |request| {
        let Request { method, .. } = request;
        let (session, version) = (request.header("mcp-session-id"), request.header("mcp-protocol-version"));
        log.lock().unwrap().push(format!("{method} {} {session} {version}", request.asks()));
        match request.asks() {
            "initialize" => {
                let result = json!({"protocolVersion": "2025-03-26", "capabilities": {}});
                let body = json!({"jsonrpc": "2.0", "id": request.body["id"], "result": result}).to_string();
                let headers = [("content-type", "application/json; charset=utf-8"), ("mcp-session-id", "s1")];
                Reply::new(200, &headers, body.as_bytes())
            }
            _ => good(request),
        }
    });
    assert_eq!(names(&reading.await.unwrap()), ["look_up"]);
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen[2..],
        [
            "POST notifications/initialized s1 2025-03-26",
            "POST tools/list s1 2025-03-26",
            "DELETE  s1 2025-03-26",
        ]
    );
}

#[tokio::test]
async fn events_are_read_up_to_the_answer_and_taken_up_again_where_they_break_off() {
    let reading = inspect(|request| match request.asks() {
        "tools/list" => Reply::events(
            ": hello\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n\
             id: 7\nretry: 10\ndata:\n\n",
        ),
        "" if request.header("last-event-id") == "7" => Reply::events(
            "data: {\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}\n\n\
             data: {\"jsonrpc\":\"2.0\",\"id\":3,\ndata: \"result\":{\"tools\":[{\"name\":\"late\"}]}}\n\n",
        ),
        _ => good(request),
    });
    assert_eq!(names(&reading.await.unwrap()), ["late"]);
}

#[tokio::test]
async fn credentials_come_from_the_environment_and_are_never_repeated() {
    let secret = std::env::var("CARGO_PKG_NAME").unwrap();
    let echo = |request: &Request| match request.asks() {
        "tools/list" => {
            let said = format!("{} {}", request.header("authorization"), request.header("x-api-key"));
            answer(request, json!({"tools": [{"name": said}]}))
        }
        _ => good(request),
    };
    let server = StandIn::start(echo).await;
    let with_secrets = |url: String| ServerConfig {
        bearer_env: Some("CARGO_PKG_NAME".to_owned()),
        headers_env: [("X-API-Key".to_owned(), "CARGO_PKG_NAME".to_owned())].into(),
        ..config(url)
    };
    let reading = inspect_config(with_secrets(server.url())).await.unwrap();
    assert_eq!(names(&reading), ["Bearer [hidden] [hidden]"]);

    let refuse = |request: &Request| {
        let text = format!("no access with {} at {}", request.header("x-api-key"), request.path);
        Reply::new(401, &[("www-authenticate", "Bearer scope=\"crm.read\"")], text.as_bytes())
    };
    let server = StandIn::start(refuse).await;
    let error =
        inspect_config(with_secrets(format!("{}?api_key=abcdef123", server.url()))).await.unwrap_err();
    let told = format!("{error} {error:?} {}", error.hint());
    assert!(told.contains("HTTP 401: no access with [hidden] at /mcp?api_key=[hidden]"), "{told}");
    assert!(!told.contains(&secret) && !told.contains("abcdef123"), "{told}");

    let without = ServerConfig { bearer_env: Some("REVARCH_NO_SUCH".to_owned()), ..config(server.url()) };
    let error = inspect_config(without).await.unwrap_err();
    assert!(matches!(error, RemoteError::MissingVariable { .. }), "{error}");
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    type Headers = &'static [(&'static str, &'static str)];
    let cases: [(u16, Headers, &str); 7] = [
        (401, &[], "bearer_env"),
        (
            403,
            &[("www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"deals\"")],
            "scope `deals`",
        ),
        (403, &[], "scopes and the role"),
        (404, &[], "check the path"),
        (429, &[("retry-after", "17")], "after 17 s"),
        (500, &[], "those who run"),
        (503, &[("content-type", "text/html")], "try again later"),
    ];
    for (status, headers, hint) in cases {
        let error = inspect(move |_| Reply::new(status, headers, b"<html>nothing to see</html>"));
        let error = error.await.unwrap_err();
        assert!(
            matches!(error, RemoteError::Status { status: got, .. } if got == status),
            "{status}: {error}"
        );
        assert!(error.hint().contains(hint), "{status}: {}", error.hint());
        assert!(!error.to_string().contains("html"), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_after_the_greeting_leaves_the_greeting() {
    let reading = inspect(|request| match request.asks() {
        "tools/list" => Reply::new(503, &[], b"busy"),
        _ => good(request),
    });
    let reading = reading.await.unwrap();
    assert_eq!(reading.server_info.unwrap()["name"], "good");
    assert!(matches!(reading.tools.state, ListState::Failed(RemoteError::Status { status: 503, .. })));
}

#[tokio::test]
async fn what_is_no_answer_is_told() {
    let check = |reply: fn(&Request) -> Reply, reason: &'static str| async move {
        let error = inspect(reply).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    };
    check(|_| Reply::new(200, &[("content-type", "application/json")], b"{oops"), "is not JSON").await;
    check(|_| Reply::new(200, &[("content-type", "text/html")], b"<html>"), "with `text/html`").await;
    check(|_| Reply::new(200, &[], b""), "where JSON or events belong").await;
    check(|_| Reply::json(&json!({"hello": 1})), "no answer to the request").await;
    check(|_| Reply::events("data: {oops\n\n"), "is not JSON").await;
    check(|_| Reply::events(": nothing\n\n"), "ended without an answer").await;
    check(|_| Reply::Bytes(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), "the connection broke").await;
    check(|_| Reply::Bytes(Vec::new()), "the connection broke").await;
    check(|request| answer(request, json!({"capabilities": {}})), "names no `protocolVersion`").await;
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_replaced_and_told() {
    let reading = inspect(|request| match request.asks() {
        "tools/list" => {
            let answer =
                json!({"jsonrpc": "2.0", "id": request.body["id"], "result": {"tools": [{"name": "#"}]}});
            let bytes: Vec<u8> =
                answer.to_string().bytes().map(|byte| if byte == b'#' { 0xff } else { byte }).collect();
            Reply::new(200, &[("content-type", "application/json")], &bytes)
        }
        _ => good(request),
    });
    let reading = reading.await.unwrap();
    assert_eq!(names(&reading), ["\u{fffd}"]);
    assert!(reading.notes.contains(&Note::NotUtf8));
}

#[tokio::test]
async fn answers_without_end_are_stopped() {
    let part = vec![b'x'; 256 * 1024];
    let endless = move |kind: &'static str, first: &'static str| {
        let part = part.clone();
        inspect(move |_| Reply::Endless([&Reply::head(kind), first.as_bytes()].concat(), part.clone()))
    };
    for (kind, first) in [("application/json", "\""), ("text/event-stream", "data: ")] {
        let error = endless(kind, first).await.unwrap_err();
        assert!(matches!(error, RemoteError::TooLarge { limit: 1_048_576, .. }), "{kind}: {error}");
    }
    let events = b"data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n".repeat(1_000);
    let flood = inspect(move |_| Reply::Endless(Reply::head("text/event-stream"), events.clone()));
    let error = flood.await.unwrap_err();
    assert!(matches!(error, RemoteError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_in_time() {
    let stalls: [fn() -> Reply; 3] = [
        || Reply::Stall(Vec::new()),
        || Reply::Stall(Reply::head("application/json")),
        || Reply::Stall(Reply::head("text/event-stream")),
    ];
    for stall in stalls {
        let server = StandIn::start(move |_| stall()).await;
        let servers = Servers::new(vec![config(server.url()).named("h").unwrap()]);
        let started = Instant::now();
        let error = servers.inspect("h", Limits::within(Duration::from_secs(1))).await.unwrap_err();
        assert!(matches!(error, RemoteError::TimedOut { seconds: 1, .. }), "{error}");
        assert!(started.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = inspect_config(config(format!("http://127.0.0.1:{port}/mcp"))).await.unwrap_err();
    assert!(matches!(error, RemoteError::Connect { .. }), "{error}");
    let error = inspect_config(config("https://no-such-host.invalid/mcp".to_owned())).await.unwrap_err();
    assert!(matches!(error, RemoteError::Resolve { .. }), "{error}");
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_with_credentials() {
    let reading = StandIn::start(|request| match request.path.as_str() {
        "/mcp" => Reply::new(307, &[("location", "/v2/mcp")], b""),
        _ if request.header("authorization").is_empty() => Reply::new(401, &[], b""),
        _ => good(request),
    })
    .await;
    let with_token = ServerConfig { bearer_env: Some("CARGO_PKG_NAME".to_owned()), ..config(reading.url()) };
    let reading = inspect_config(with_token).await.unwrap();
    assert_eq!(names(&reading), ["look_up"]);
    assert!(
        matches!(&reading.notes[..], [Note::Undeclared { .. }, Note::Redirected { to }] if to.starts_with("http://127.0.0.1:"))
    );
}

/// What an address redirects to, and why that is not followed.
async fn not_followed(status: u16, to: String) -> String {
    let location = to.clone();
    let error = inspect(move |_| Reply::new(status, &[("location", &location)], b"")).await.unwrap_err();
    assert!(matches!(error, RemoteError::Redirect { .. }), "{to}: {error}");
    error.to_string()
}

#[tokio::test]
async fn redirects_to_other_private_addresses_are_not_followed() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    // The same machine at another port is another place: the permission was for one address.
    let other = StandIn::start(move |request| {
        *count.lock().unwrap() += 1;
        good(request)
    })
    .await;
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.0.0.1", "0177.1"] {
        let error = not_followed(307, format!("https://{host}:{}/mcp", other.port)).await;
        assert!(error.contains("it has a private address"), "{host}: {error}");
        let error = not_followed(308, format!("http://{host}:{}/mcp", other.port)).await;
        assert!(error.contains("plain http"), "{host}: {error}");
    }
    let error = not_followed(307, "https://169.254.169.254/latest/meta-data".to_owned()).await;
    assert!(error.contains("redirects to https://169.254.169.254, which is not followed"), "{error}");
    assert!(not_followed(307, "https://u:secret@example.com/".to_owned()).await.contains("user name"));
    assert!(not_followed(307, "file:///etc/passwd".to_owned()).await.contains("has to begin with https"));
    assert!(not_followed(302, "https://example.com/login".to_owned()).await.contains("turns into a GET"));
    assert_eq!(*asked.lock().unwrap(), 0);
}

#[tokio::test]
async fn redirects_without_end_or_target_are_left() {
    let error = not_followed(307, "/mcp".to_owned()).await;
    assert!(error.contains("after 3 others"), "{error}");
    let error = inspect(|_| Reply::new(307, &[], b"")).await.unwrap_err();
    assert!(error.to_string().contains("without saying where to"), "{error}");
}

#[tokio::test]
async fn a_private_address_needs_permission() {
    let server = StandIn::start(good).await;
    let url = server.url().replace("http:", "https:");
    let error = inspect_config(ServerConfig { allow_private: false, ..config(url) }).await.unwrap_err();
    assert!(matches!(error, RemoteError::PrivateAddress { .. }), "{error}");
}

#[tokio::test]
async fn answers_of_any_shape_are_read_or_refused() {
    let nasty = [
        json!(null),
        json!(true),
        json!(3),
        json!("x"),
        json!([]),
        json!([{"tools": []}]),
        json!({}),
        json!({"tools": null, "protocolVersion": 3, "supportedVersions": "x", "capabilities": []}),
        json!({"tools": [null, 3, "x", [], {}], "protocolVersion": "", "capabilities": 3, "nextCursor": 7}),
        json!({"tools": {}, "protocolVersion": "2025-06-18", "capabilities": {"prompts": 1, "resources": "x"}}),
        json!({"supportedVersions": [], "protocolVersion": "1", "instructions": [], "serverInfo": "x"}),
        json!({"supportedVersions": [3, "2026-07-28"], "_meta": 3, "instructions": 3, "capabilities": "x"}),
        json!({"resultType": 3, "content": 3, "isError": "x"}),
    ];
    for method in ["server/discover", "initialize", "tools/list", "prompts/list", "tools/call"] {
        for result in &nasty {
            for is_error in [false, true] {
                let result = result.clone();
                let server = StandIn::start(move |request| {
                    let id = &request.body["id"];
                    if request.asks() != method {
                        good(request)
                    } else if is_error {
                        Reply::json(&json!({"jsonrpc": "2.0", "id": id, "error": result}))
                    } else {
                        answer(request, result.clone())
                    }
                })
                .await;
                let config = ServerConfig { allow_tools: vec!["t".to_owned()], ..config(server.url()) };
                let servers = Servers::new(vec![config.named("h").unwrap()]);
                if let Err(error) = servers.inspect("h", limits()).await {
                    assert!(!error.to_string().is_empty() && !error.hint().is_empty());
                }
                let called = servers.call_tool("h", "t", Map::new(), limits()).await;
                assert!(called.is_ok() || !called.unwrap_err().hint().is_empty());
            }
        }
    }
}
