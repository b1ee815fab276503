//! Servers that are programs.

use revarch_remote::{
    Era, Limits, ListState, Note, RemoteError, Server, ServerConfig, ServerReading, Servers, Shortfall,
};
use serde_json::{Map, json};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// The server beside this file, built as an example of the crate.
fn bad_server() -> String {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().unwrap().parent().unwrap();
    built.join("examples").join("bad_server").to_str().unwrap().to_owned()
}

fn config(args: &[&str]) -> ServerConfig {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    ServerConfig { command: Some(bad_server()), args, ..ServerConfig::default() }
}

fn server(args: &[&str]) -> Server {
    config(args).named(args[0]).unwrap()
}

fn limits() -> Limits {
    Limits { patience: Duration::from_millis(300), ..Limits::within(Duration::from_secs(20)) }
}

async fn inspect_within(args: &[&str], limits: Limits) -> Result<ServerReading, RemoteError> {
    Servers::new(vec![server(args)]).inspect(args[0], limits).await
}

async fn inspect(mode: &str) -> Result<ServerReading, RemoteError> {
    inspect_within(&[mode], limits()).await
}

fn names(reading: &ServerReading) -> Vec<&str> {
    reading.tools.items.iter().map(|tool| tool["name"].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn an_older_server_is_read() {
    let reading = inspect("two_pages").await.unwrap();
    assert_eq!((reading.era, reading.protocol_version.as_str()), (Era::Handshake, "2025-11-25"));
    assert_eq!(names(&reading), ["first", "second"]);
    assert_eq!(reading.tools.pages, 2);
    assert!(reading.tools.is_whole());
    assert_eq!(reading.tools.items[0]["x-unknown"], true);
    assert_eq!(reading.server_info.unwrap()["name"], "bad");
    assert!(matches!(reading.prompts.state, ListState::Failed(RemoteError::Refused { code: -32603, .. })));
    assert!(matches!(reading.resources.state, ListState::NotOffered));
    assert_eq!(reading.notes, []);
}

#[tokio::test]
async fn a_newer_server_is_read() {
    let reading = inspect("modern").await.unwrap();
    assert_eq!((reading.era, reading.protocol_version.as_str()), (Era::Stateless, "2026-07-28"));
    assert_eq!(names(&reading), ["2026-07-28"]);
    assert_eq!(reading.supported_versions, ["2026-07-28"]);
    assert_eq!(reading.instructions.as_deref(), Some("look around"));
    assert_eq!(reading.server_info.unwrap()["version"], "1");
}

#[tokio::test]
async fn a_newer_server_that_is_slow_is_known_by_its_late_answer() {
    let reading = inspect("late_modern").await.unwrap();
    assert_eq!(reading.era, Era::Stateless);
}

#[tokio::test]
async fn an_older_server_that_falls_silent_or_ends_at_the_newer_protocol_is_asked_in_the_older() {
    let reading = inspect("silent_at_discover").await.unwrap();
    assert_eq!((reading.era, names(&reading)), (Era::Handshake, vec!["fine"]));
    let reading = inspect("ends_at_discover").await.unwrap();
    assert_eq!(names(&reading), ["fine"]);
    assert_eq!(reading.notes, [Note::Restarted]);
}

#[tokio::test]
async fn a_server_of_unknown_versions_is_told() {
    let error = inspect("from_the_future").await.unwrap_err();
    assert!(error.to_string().ends_with("but 2031-01-01"), "{error}");
    assert!(error.hint().contains("update"));
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time() {
    let started = Instant::now();
    let error =
        inspect_within(&["hang"], Limits { time: Duration::from_secs(1), ..limits() }).await.unwrap_err();
    assert_eq!(error.to_string(), "server `hang` did not answer within 1 s");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn what_was_read_before_a_server_hangs_is_kept() {
    let short = Limits { time: Duration::from_secs(3), ..limits() };
    let reading = inspect_within(&["prompts_hang"], short).await.unwrap();
    assert!(matches!(reading.tools.state, ListState::Complete));
    assert!(matches!(reading.prompts.state, ListState::Failed(RemoteError::TimedOut { .. })));
    let reading = inspect_within(&["hangs_at_list"], short).await.unwrap();
    assert!(matches!(reading.tools.state, ListState::Failed(RemoteError::TimedOut { .. })));
    assert!(matches!(reading.prompts.state, ListState::NotAsked));
}

#[tokio::test]
async fn a_server_that_ends_is_told_with_its_last_words() {
    let error = inspect("ends_at_once").await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("the program of server `ends_at_once` ended (exit status: 1)"), "{text}");
    assert!(text.ends_with(": Error: CRM_TOKEN is not set"), "{text}");
    let reading = inspect("ends_at_list").await.unwrap();
    let ListState::Failed(error) = &reading.tools.state else { panic!("{reading:?}") };
    assert!(error.to_string().ends_with("(exit status: 7) at tools/list: Error: out of cheese"), "{error}");
    assert!(matches!(reading.prompts.state, ListState::NotAsked));
}

#[tokio::test]
async fn a_flood_and_a_line_of_a_hundred_megabytes_are_stopped() {
    for mode in ["flood", "huge_line"] {
        let started = Instant::now();
        let error = inspect(mode).await.unwrap_err();
        assert!(matches!(error, RemoteError::TooLarge { limit: 8_388_608, .. }), "{mode}: {error}");
        assert!(started.elapsed() < Duration::from_secs(18), "{mode}");
    }
}

#[tokio::test]
async fn noise_is_passed_over_and_told() {
    let reading = inspect("noise").await.unwrap();
    assert_eq!(names(&reading), ["fine"]);
    assert_eq!(reading.notes, [Note::Noise { lines: 3, first: "Starting ...".to_owned() }]);
    assert_eq!(names(&inspect("stderr_flood").await.unwrap()), ["fine"]);
}

#[tokio::test]
async fn broken_json_is_told() {
    let error = inspect("garbage").await.unwrap_err();
    assert!(
        error.to_string().starts_with("server `garbage` failed at initialize: its answer is not JSON"),
        "{error}"
    );
    for mode in ["not_a_list", "not_an_object"] {
        let reading = inspect(mode).await.unwrap();
        let ListState::Failed(error) = &reading.tools.state else { panic!("{reading:?}") };
        assert!(error.to_string().ends_with("its answer has no list `tools`"), "{error}");
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_replaced_and_told() {
    let reading = inspect("not_utf8").await.unwrap();
    assert_eq!(names(&reading), ["caf\u{fffd}"]);
    assert_eq!(reading.notes, [Note::NotUtf8]);
}

#[tokio::test]
async fn a_megabyte_of_description_is_cut() {
    let reading = inspect("megabyte").await.unwrap();
    assert_eq!(reading.tools.items[0]["description"].as_str().unwrap().len(), 32 * 1024);
    let at = "tools[0].description".to_owned();
    assert_eq!(reading.notes, [Note::Cut { at, bytes: 1024 * 1024, kept: 32 * 1024 }]);
}

#[tokio::test]
async fn a_circular_schema_is_kept_as_it_is() {
    let reading = inspect("circular").await.unwrap();
    let schema = json!({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"});
    assert_eq!(reading.tools.items[0]["inputSchema"], schema);
}

#[tokio::test]
async fn twins_and_nameless_items_are_kept_and_told() {
    let reading = inspect("odd").await.unwrap();
    assert_eq!(reading.tools.items.len(), 5);
    let nameless = Note::Nameless { list: "tools", times: 2, first: 2 };
    let twins = Note::Duplicate { list: "tools", name: "twin".to_owned(), times: 2 };
    assert_eq!(reading.notes, [nameless, twins]);
}

#[tokio::test]
async fn many_twins_make_few_notes() {
    let reading = inspect("many_twins").await.unwrap();
    assert_eq!(reading.tools.items.len(), 200);
    assert_eq!(reading.notes.len(), 21);
    assert_eq!(reading.notes[20].to_string(), "80 more names are shared by several tools");
}

#[tokio::test]
async fn lists_without_end_are_left() {
    let reading = inspect("loop").await.unwrap();
    assert!(matches!(reading.tools.state, ListState::Partial(Shortfall::Loop)));
    assert_eq!(names(&reading), ["again", "again"]);
    let reading = inspect("endless").await.unwrap();
    assert!(matches!(reading.tools.state, ListState::Partial(Shortfall::Pages(100))));
    assert_eq!(reading.tools.items.len(), 100);
    let reading = inspect("many").await.unwrap();
    assert!(matches!(reading.tools.state, ListState::Partial(Shortfall::Items(5_000))));
    let small = Limits { list_bytes: 1_000, ..limits() };
    let reading = inspect_within(&["many"], small).await.unwrap();
    assert!(matches!(reading.tools.state, ListState::Partial(Shortfall::Bytes(1_000))));
    assert!(!reading.tools.items.is_empty() && !reading.tools.is_whole());
}

#[tokio::test]
async fn a_page_that_fails_leaves_the_pages_before_it() {
    let reading = inspect("second_page_fails").await.unwrap();
    assert_eq!(names(&reading), ["first"]);
    assert!(matches!(reading.tools.state, ListState::Partial(Shortfall::Failed(_))));
}

#[tokio::test]
async fn a_list_that_is_not_whole_is_an_error_where_only_whole_lists_are_given() {
    let servers = Servers::new(vec![server(&["loop"]), server(&["two_pages"])]);
    let time = Duration::from_secs(10);
    let error = servers.tools_list("loop", time).await.unwrap_err();
    assert_eq!(error.to_string(), "server `loop` failed at tools/list: it names the same page twice");
    assert_eq!(servers.tools_list("two_pages", time).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_server_that_asks_back_gets_its_ping_and_nothing_else() {
    assert_eq!(names(&inspect("asks_back").await.unwrap()), ["{} -32601"]);
}

#[tokio::test]
async fn a_program_gets_the_environment_that_is_named_and_its_values_are_hidden() {
    let named = ServerConfig { env: vec!["CARGO_PKG_NAME".to_owned()], ..config(&["environment"]) };
    let servers = Servers::new(vec![named.named("environment").unwrap()]);
    let reading = servers.inspect("environment", limits()).await.unwrap();
    let given = names(&reading)[0].to_owned();
    assert!(given.contains("CARGO_PKG_NAME") && !given.contains("CARGO_MANIFEST_DIR"), "{given}");
    assert_eq!(reading.tools.items[0]["description"], "[hidden]");
}

#[tokio::test]
async fn secrets_among_the_arguments_are_hidden() {
    let args = ["tells_its_arguments", "--level", "verbose", "--api-key", "9f8e7d6c5b4a3210"];
    let reading = inspect_within(&args, limits()).await.unwrap();
    assert_eq!(names(&reading), ["--level verbose --api-key [hidden]"]);
}

#[tokio::test]
async fn what_cannot_be_started_is_told() {
    let start = |config: ServerConfig| async {
        Servers::new(vec![config.named("s").unwrap()]).inspect("s", limits()).await.unwrap_err()
    };
    let command = |name: &str| ServerConfig { command: Some(name.to_owned()), ..ServerConfig::default() };
    let error = start(command("no-such-program-anywhere")).await;
    assert!(matches!(error, RemoteError::Start { .. }), "{error}");
    let error =
        start(ServerConfig { env: vec!["REVARCH_NO_SUCH_VARIABLE".to_owned()], ..command("true") }).await;
    assert!(error.to_string().contains("REVARCH_NO_SUCH_VARIABLE"), "{error}");
    let error = Servers::default().inspect("other", limits()).await.unwrap_err();
    assert_eq!(error.to_string(), "no server `other` in the configuration");
    assert!(error.hint().contains("[mcp_servers.other]"));
}

#[cfg(target_os = "linux")]
fn is_alive(pid: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !status.is_empty() && !status.contains(") Z ")
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_a_program_started_ends_with_it() {
    let reading = inspect("with_child").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!is_alive(names(&reading)[0]));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let short = Limits { time: Duration::from_secs(3), ..limits() };
    inspect_within(&["with_child_hanging", path(&file)], short).await.unwrap();
    let pid = std::fs::read_to_string(&file).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!is_alive(&pid));

    // A caller who loses interest leaves nothing running either.
    std::fs::remove_file(&file).unwrap();
    let args = ["with_child_hanging", path(&file)];
    let pid = tokio::select! {
        reading = inspect_within(&args, limits()) => panic!("{reading:?}"),
        pid = told(&file) => pid,
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!is_alive(&pid));
}

/// Waits for a process to be told in a file, and to run.
#[cfg(target_os = "linux")]
async fn told(file: &Path) -> String {
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if let Ok(pid) = std::fs::read_to_string(file)
            && is_alive(&pid)
        {
            return pid;
        }
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn only_an_allowed_tool_is_called() {
    let allowed = ServerConfig { allow_tools: vec!["ping_crm".to_owned()], ..config(&["good"]) };
    let servers = Servers::new(vec![allowed.named("good").unwrap(), server(&["modern"])]);
    let answer = servers.call_tool("good", "ping_crm", Map::new(), limits()).await.unwrap();
    assert_eq!(answer.result["content"][0]["text"], "called \"ping_crm\"");
    assert!(!answer.is_error);
    for (name, tool) in [("good", "delete_all"), ("modern", "ping_crm")] {
        let error = servers.call_tool(name, tool, Map::new(), limits()).await.unwrap_err();
        assert!(matches!(error, RemoteError::ToolNotAllowed { .. }), "{error}");
        assert!(error.hint().contains("allow_tools"), "{}", error.hint());
    }
}

#[tokio::test]
async fn a_bad_server_holds_the_others_up_no_longer_than_its_time() {
    let modes = ["hang", "two_pages", "ends_at_once", "hang_too", "modern", "loop"];
    let servers = modes.iter().map(|mode| config(&[mode.trim_end_matches("_too")]).named(*mode).unwrap());
    let servers = Servers::new(servers.collect());
    let short = Limits { time: Duration::from_secs(4), ..limits() };
    let started = Instant::now();
    let readings = servers.inspect_all(&modes, 3, short).await;
    assert!(started.elapsed() < Duration::from_millis(7_500), "{:?}", started.elapsed());
    let went_well: Vec<bool> = readings.iter().map(Result::is_ok).collect();
    assert_eq!(went_well, [false, true, false, false, true, true]);
    assert_eq!(readings[4].as_ref().unwrap().server, "modern");
}

/// Callers work on several threads, so what they wait for has to be able to move between them.
#[test]
fn everything_that_is_waited_for_may_move_between_threads() {
    fn moves(_: impl Send) {}
    let servers = Servers::default();
    moves(servers.inspect("a", limits()));
    moves(servers.inspect_all(&["a"], 2, limits()));
    moves(servers.tools_list("a", Duration::from_secs(1)));
    moves(servers.call_tool("a", "b", Map::new(), limits()));
    let registry = revarch_remote::registry::Registry::default();
    moves(registry.refresh(None, revarch_remote::registry::RegistryLimits::default()));
}
