use super::*;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

/// A server of a few lines: answers `initialize`, then gives out `pages` of tools, each naming the next.
async fn serve(stream: DuplexStream, pages: Vec<Value>) {
    let (input, mut output) = tokio::io::split(stream);
    let mut lines = BufReader::new(input).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let request: Value = serde_json::from_str(&line).unwrap();
        let result = match request["method"].as_str() {
            Some("initialize") => json!({
                "protocolVersion": request["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "fake", "version": "1"},
            }),
            Some("tools/list") => {
                let page = request["params"]["cursor"].as_str().map_or(0, |cursor| cursor.parse().unwrap());
                pages[page].clone()
            }
            Some("tools/call") => panic!("a tool was called"),
            _ => continue,
        };
        let answer = json!({"jsonrpc": "2.0", "id": request["id"], "result": result});
        output.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
    }
}

async fn ask(pages: Vec<Value>) -> Result<Vec<Value>, RemoteError> {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let server = tokio::spawn(serve(theirs, pages));
    let listed = list("fake", tokio::io::split(ours)).await;
    server.abort();
    listed
}

fn tool(name: &str) -> Value {
    json!({"name": name, "description": "d", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}})
}

#[tokio::test]
async fn every_page_is_read() {
    let pages = vec![json!({"tools": [tool("a")], "nextCursor": "1"}), json!({"tools": [tool("b")]})];
    let tools = ask(pages).await.unwrap();
    assert_eq!(tools.len(), 2);
    assert_eq!(tools[1]["name"], "b");
    assert_eq!(tools[1]["annotations"]["readOnlyHint"], true);
}

#[tokio::test]
async fn a_list_without_end_is_left() {
    let error = ask(vec![json!({"tools": [tool("a")], "nextCursor": "0"})]).await.unwrap_err();
    assert_eq!(error.to_string(), "server `fake` failed at tools/list: it names the same page twice");
}

#[tokio::test]
async fn a_list_that_is_too_long_is_refused() {
    let mut long = tool("a");
    long["description"] = "x".repeat(MAX_BYTES).into();
    let error = ask(vec![json!({"tools": [long]})]).await.unwrap_err();
    assert!(matches!(error, RemoteError::TooLarge { .. }), "{error}");
}

fn stdio(command: &str, args: &[&str]) -> Server {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let transport = Transport::Stdio { command: command.to_owned(), args, env: Vec::new() };
    Server { name: "s".to_owned(), platform: None, transport }
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_told() {
    let error =
        tools_list(&stdio("no-such-program-anywhere", &[]), Duration::from_secs(5)).await.unwrap_err();
    assert!(matches!(error, RemoteError::Start { .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_never_answers_is_left_in_time() {
    let error = tools_list(&stdio("sleep", &["60"]), Duration::from_millis(200)).await.unwrap_err();
    assert!(matches!(error, RemoteError::TimedOut { .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_is_no_server_is_told() {
    let error = tools_list(&stdio("true", &[]), Duration::from_secs(5)).await.unwrap_err();
    assert!(error.to_string().starts_with("server `s` failed at initialize"), "{error}");
}

#[tokio::test]
async fn a_variable_that_is_not_set_is_named() {
    let transport = Transport::Stdio {
        command: "true".to_owned(),
        args: Vec::new(),
        env: vec!["REVARCH_TEST_NO_SUCH_VARIABLE".to_owned()],
    };
    let server = Server { name: "s".to_owned(), platform: None, transport };
    let error = tools_list(&server, Duration::from_secs(5)).await.unwrap_err();
    assert!(error.to_string().contains("REVARCH_TEST_NO_SUCH_VARIABLE"), "{error}");
}

#[tokio::test]
async fn only_named_servers_are_asked() {
    let servers = crate::Servers::new(vec![stdio("true", &[])]);
    let error = servers.tools_list("other", Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "no server `other` in the configuration");
    assert!(error.hint().contains("[mcp_servers.other]"));
    assert!(crate::Servers::default().names().is_empty());
}

/// An HTTP server of a few lines on a loopback port: one JSON answer per connection.
async fn serve_http(listener: tokio::net::TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let (input, mut output) = stream.into_split();
            let mut reader = BufReader::new(input);
            let mut length = 0;
            let mut line = String::new();
            while reader.read_line(&mut line).await.unwrap_or(0) > 2 {
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            tokio::io::AsyncReadExt::read_exact(&mut reader, &mut body).await.unwrap();
            let request: Value = serde_json::from_slice(&body).unwrap_or_default();
            let result = match request["method"].as_str() {
                Some("initialize") => json!({
                    "protocolVersion": request["params"]["protocolVersion"],
                    "capabilities": {"tools": {}},
                    "serverInfo": {"name": "fake", "version": "1"},
                }),
                Some("tools/list") => json!({"tools": [tool("over_http")]}),
                Some(_) => {
                    let accepted = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    output.write_all(accepted).await.unwrap();
                    return;
                }
                None => {
                    let refused =
                        b"HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    output.write_all(refused).await.unwrap();
                    return;
                }
            };
            let body = json!({"jsonrpc": "2.0", "id": request["id"], "result": result}).to_string();
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
            output.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
        });
    }
}

#[tokio::test]
async fn a_server_on_an_allowed_private_address_is_asked_and_else_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/mcp", listener.local_addr().unwrap().port());
    let running = tokio::spawn(serve_http(listener));
    let server = |url: String, allow_private: bool| Server {
        name: "h".to_owned(),
        platform: None,
        transport: Transport::Http { url, bearer_env: None, allow_private },
    };
    let tools = tools_list(&server(url.clone(), true), Duration::from_secs(10)).await.unwrap();
    assert_eq!(tools[0]["name"], "over_http");
    let refused = tools_list(&server(url.replace("http:", "https:"), false), Duration::from_secs(10))
        .await
        .unwrap_err();
    assert!(matches!(refused, RemoteError::PrivateAddress { .. }), "{refused}");
    running.abort();
}
