//! The binary under test, as a process, a pipe and an HTTP server.

use rmcp::{
    ClientHandler, RoleClient,
    model::ProtocolVersion,
    service::{ClientLifecycleMode, ClientServiceExt as _, RunningService},
    transport::{StreamableHttpClientTransport, TokioChildProcess},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The time that counts as now in all tests, so that results repeat.
pub(crate) const NOW: &str = "2026-11-22T09:00:00Z";

/// Nothing here takes nearly as long unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

static EMPTY: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

static SAMPLE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let company = revarch_sample::Company { contacts: 1_000, seed: 1, now: NOW.parse().unwrap(), clean: false };
    revarch_sample::write(&company, folder.path(), &mut |_, _| {}).unwrap();
    folder
});

/// A folder without anything in it, above all without a configuration.
pub(crate) fn empty_folder() -> &'static Path {
    EMPTY.path()
}

/// The sample company of 1,000 contacts, made once.
pub(crate) fn sample_folder() -> &'static Path {
    SAMPLE.path()
}

/// Both ways in which a client can begin: with the handshake, and without.
pub(crate) fn eras() -> [ClientLifecycleMode; 2] {
    let modern = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    [ClientLifecycleMode::Initialize, modern]
}

/// The SDK's client on stdio, with `client` behind it.
pub(crate) async fn over_stdio<C: ClientHandler + Clone>(
    client: &C,
    arguments: impl IntoIterator<Item = impl AsRef<std::ffi::OsStr>>,
    era: ClientLifecycleMode,
) -> RunningService<RoleClient, C> {
    let mut command = revarch(&["serve"]);
    command.args(arguments);
    let transport = TokioChildProcess::new(tokio::process::Command::from(command)).unwrap();
    client.clone().serve_with_lifecycle(transport, era).await.unwrap()
}

/// The same on HTTP.
pub(crate) async fn over_http<C: ClientHandler + Clone>(
    client: &C,
    server: &Http,
    era: ClientLifecycleMode,
) -> RunningService<RoleClient, C> {
    let transport = StreamableHttpClientTransport::from_uri(server.url("/mcp"));
    client.clone().serve_with_lifecycle(transport, era).await.unwrap()
}

/// The arguments with which the sample is served.
pub(crate) fn over_sample() -> Vec<String> {
    vec!["--data".to_owned(), sample_folder().display().to_string(), "--now".to_owned(), NOW.to_owned()]
}

/// The binary, away from any configuration.
pub(crate) fn revarch(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_revarch"));
    command.args(arguments).current_dir(empty_folder()).env_remove("REVARCH_LOG").env_remove("RUST_BACKTRACE");
    command
}

/// Runs the binary to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    revarch(arguments).stdin(Stdio::null()).output().unwrap()
}

/// What was written to stdout.
pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// What was written to stderr.
pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Every toolset, those that have to be asked for too.
pub(crate) const EVERY_TOOLSET: &str = "data,assess,leads,revenue,plan,knowledge";

/// The tools that are offered unless others are chosen, as the shell lists them.
pub(crate) fn tools() -> Vec<Value> {
    tools_of(&[])
}

/// Every tool there is.
pub(crate) fn every_tool() -> Vec<Value> {
    tools_of(&["--toolsets", EVERY_TOOLSET])
}

fn tools_of(chosen: &[&str]) -> Vec<Value> {
    let output = run(&[&["tools", "--format", "json"], chosen].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A tool with all there is to say of its results, as it stands in `schemas/`.
pub(crate) fn whole(tool: &str) -> Value {
    let file = format!("{}/schemas/{tool}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The `_meta` that each request of the stateless protocol carries.
pub(crate) fn modern_meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

/// A request of the stateless protocol.
pub(crate) fn modern(id: u32, method: &str, mut params: Value) -> Value {
    params["_meta"] = modern_meta();
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

/// The handshake of the older protocol.
pub(crate) fn initialize(version: &str) -> Value {
    json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    })
}

/// `revarch serve` on pipes.
pub(crate) struct Pipe {
    child: Child,
    input: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
}

impl Pipe {
    /// Starts the server.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut all = vec!["serve"];
        all.extend(arguments);
        let mut child =
            revarch(&all).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, input, lines }
    }

    /// Starts the server and shakes hands as an older client does.
    pub(crate) fn open(arguments: &[&str]) -> Self {
        let mut pipe = Self::start(arguments);
        pipe.ask(&initialize("2025-11-25"));
        pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        pipe
    }

    /// Sends bytes as they are.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        self.send_bytes(format!("{message}\n").as_bytes());
    }

    /// The next message; whatever comes on stdout must be one.
    pub(crate) fn receive(&mut self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).expect("an answer");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("stdout holds more than the protocol: {error}: {line}"))
    }

    /// Sends a message and gives the next one.
    pub(crate) fn ask(&mut self, message: &Value) -> Value {
        self.send(message);
        self.receive()
    }

    /// Asks for the list of tools, to see that the server still serves.
    pub(crate) fn check_alive(&mut self) {
        let answer = self.ask(&json!({"jsonrpc": "2.0", "id": "alive", "method": "tools/list"}));
        assert_eq!(answer["id"], "alive", "{answer}");
        assert!(answer["result"]["tools"].is_array(), "{answer}");
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the input; tells how long the server took to be gone, how, and what it still said.
    pub(crate) fn end(mut self) -> (Duration, ExitStatus, Vec<String>) {
        let begin = Instant::now();
        drop(self.input.take());
        let status = self.child.wait().unwrap();
        (begin.elapsed(), status, self.lines.try_iter().collect())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `revarch serve --http`.
pub(crate) struct Http {
    child: Child,
    url: String,
    client: reqwest::Client,
    log: Arc<Mutex<String>>,
    _configuration: Option<TempDir>,
}

impl Http {
    /// Starts the server on a free port.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_on("127.0.0.1:0", arguments)
    }

    /// Starts the server on an address of one's own.
    pub(crate) fn start_on(address: &str, arguments: &[&str]) -> Self {
        Self::launch(revarch(&["serve", "--http", address]).args(arguments), None)
    }

    /// The same with a configuration.
    pub(crate) fn configured(configuration: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("revarch.toml");
        std::fs::write(&file, configuration).unwrap();
        let mut command = revarch(&["serve", "--http", "127.0.0.1:0"]);
        Self::launch(command.args(arguments).arg("--config").arg(file), Some(folder))
    }

    /// The same with a command that was begun elsewhere.
    pub(crate) fn launch(command: &mut Command, configuration: Option<TempDir>) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = String::new();
        let serving = lines.find_map(|line| {
            said = said.clone() + &line + "\n";
            Some(line.split_once("serving MCP on ")?.1.split_once("/mcp")?.0.to_owned())
        });
        let url = serving.unwrap_or_else(|| panic!("no address in the log: {said}"));
        let log = Arc::new(Mutex::new(said));
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines {
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        Self { child, url, client, log, _configuration: configuration }
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Where the server listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.url.split_once("://").unwrap().1.parse().unwrap()
    }

    /// What was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Speaks to the server through another client.
    pub(crate) fn speak_through(&mut self, client: reqwest::Client) {
        self.client = client;
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until the process has ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begin.elapsed() < PATIENCE, "the server does not end: {}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// A number of `/metrics`: that of the line which begins so.
    pub(crate) async fn number(&self, line: &str) -> Option<f64> {
        let text = self.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
        text.lines().find_map(|told| told.strip_prefix(line)?.trim().parse().ok())
    }

    /// Waits until a number of `/metrics` is this.
    pub(crate) async fn until(&self, line: &str, wanted: f64) {
        self.until_it(line, |found| (found - wanted).abs() < 0.5).await;
    }

    /// Waits until a number of `/metrics` is as it should be.
    pub(crate) async fn until_it(&self, line: &str, is_so: impl Fn(f64) -> bool) {
        let begin = Instant::now();
        loop {
            let found = self.number(line).await;
            if found.is_some_and(&is_so) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{line} is {found:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A request to a path, to be added to.
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// A POST of a body to the endpoint.
    pub(crate) fn post(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        self.request(reqwest::Method::POST, "/mcp")
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .body(body)
    }

    /// A request of the stateless protocol, with the headers it needs.
    pub(crate) fn post_modern(&self, message: &Value) -> reqwest::RequestBuilder {
        let request = self
            .post(message.to_string())
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", message["method"].as_str().unwrap());
        let named = ["name", "uri", "taskId"].into_iter().find_map(|key| message["params"][key].as_str());
        match named {
            Some(name) => request.header("mcp-name", name),
            None => request,
        }
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An MCP server that takes connections and never says a word, so that asking it takes as long as one likes.
pub(crate) struct Mute {
    port: u16,
    open: Arc<AtomicUsize>,
}

impl Mute {
    /// Starts listening.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, open) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&open);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, Ordering::SeqCst);
                let counted = Arc::clone(&counted);
                thread::spawn(move || {
                    let mut stream = stream;
                    while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
                    counted.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, open }
    }

    /// The lines of a configuration that name it as `mute`.
    pub(crate) fn configuration(&self) -> String {
        format!("[mcp_servers.mute]\nurl = \"http://127.0.0.1:{}/mcp\"\nallow_private = true\n", self.port)
    }

    /// The call that asks it.
    pub(crate) fn call(id: u32) -> Value {
        modern(id, "tools/call", json!({"name": "audit_mcp_coverage", "arguments": {"inspect": ["mute"]}}))
    }

    /// How many connections are open to it.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

/// The line of `/metrics` that tells how many calls of the tool work which asks a [`Mute`].
pub(crate) const IN_FLIGHT: &str = "revarch_tool_calls_in_flight{tool=\"audit_mcp_coverage\"}";

/// The text of a tool's result that is an error.
#[track_caller]
pub(crate) fn refusal(answer: &Value) -> &str {
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["content"][0]["text"].as_str().unwrap()
}

/// The message in a response, be it JSON or the last event of a stream.
pub(crate) async fn message(response: reqwest::Response) -> Value {
    let text = response.text().await.unwrap();
    let data = text.lines().filter_map(|line| line.strip_prefix("data:")).rfind(|data| !data.trim().is_empty());
    serde_json::from_str(data.unwrap_or(&text)).unwrap_or_else(|error| panic!("{error}: {text}"))
}
