//! The command line: what goes to stdout, what to stderr, and how it exits.

use crate::support::{over_sample, revarch, run, stderr, stdout, tools};
use serde_json::Value;
use std::{fs, io::Write as _, path::Path, process::Stdio};

#[track_caller]
fn check_usage(arguments: &[&str], said: &[&str]) {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    for said in said {
        assert!(stderr(&output).contains(said), "{said:?} is not in {}", stderr(&output));
    }
}

/// A tool that answers without data or arguments.
fn calls_over_sample(tool: &str) -> std::process::Output {
    let arguments = over_sample();
    let mut all = vec!["call", tool];
    all.extend(arguments.iter().map(String::as_str));
    run(&all)
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_would_be_right() {
    check_usage(&[], &["Usage: revarch"]);
    check_usage(&["frobnicate"], &["unrecognized subcommand"]);
    check_usage(&["call", "describe_date"], &["there is no tool `describe_date`", "`describe_data`"]);
    check_usage(&["call", "describe_data", "--args", "{\"a\": 1,}"], &["--args as JSON", "line 1 column 9"]);
    check_usage(&["call", "describe_data", "--args", "[1]"], &["must hold a JSON object"]);
    check_usage(&["serve", "--now", "yesterday"], &["--now"]);
    check_usage(&["serve", "--allow-host", "x"], &["--http"]);
    check_usage(&["demo", "--contacts", "0"], &["--contacts"]);
    check_usage(&["tools", "--log", "a=b=c"], &["log filter"]);
}

#[test]
fn only_loopback_addresses_are_served() {
    for address in ["0.0.0.0:8787", "[::]:8787", "192.0.2.1:8787"] {
        check_usage(&["serve", "--http", address], &["nobody is asked who they are", "hint: ", "8787"]);
    }
    check_usage(&["serve", "--http", "no port"], &["cannot serve on `no port`"]);
}

#[test]
fn a_result_is_json_on_stdout_and_nothing_else() {
    let output = calls_over_sample("describe_data");
    assert!(output.status.success(), "{}", stderr(&output));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(result.is_object());
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_failed_tool_exits_with_1_and_gives_its_hints_on_stderr() {
    let output = run(&["call", "describe_data", "--args", "{\"no_such_argument\": 1}"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("no_such_argument") && stderr(&output).contains("\nhint: "), "{}", stderr(&output));
}

#[test]
fn arguments_come_from_a_file_or_from_stdin_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("arguments.json");
    fs::write(&file, "{\"from_a_file\": 1}").unwrap();
    let output = run(&["call", "describe_data", "--args", &format!("@{}", file.display())]);
    assert!(stderr(&output).contains("from_a_file"), "{}", stderr(&output));
    let mut child = revarch(&["call", "describe_data", "--args", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"{\"from_stdin\": 1}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stderr(&output).contains("from_stdin"), "{}", stderr(&output));
    let output = run(&["call", "describe_data", "--args", "@/no/such/file"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("/no/such/file"), "{}", stderr(&output));
}

#[test]
fn tools_are_listed_for_people() {
    let output = run(&["tools"]);
    for tool in tools() {
        assert!(stdout(&output).contains(tool["name"].as_str().unwrap()), "{}", stdout(&output));
    }
}

#[test]
fn a_faulty_configuration_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    fs::write(&file, "seed = 1\nstor = \"kept.db\"\n").unwrap();
    check_usage(
        &["serve", "--config", file.to_str().unwrap()],
        &["revarch.toml", "line 2", "did you mean `store`?"],
    );
    let output = run(&["serve", "--config", "/no/such/revarch.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("/no/such/revarch.toml"), "{}", stderr(&output));
}

#[test]
fn the_configuration_beside_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("revarch.toml"), "data = [\"nowhere\"]\n").unwrap();
    let output = revarch(&["call", "describe_data"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nowhere") && stderr(&output).contains("hint: "), "{}", stderr(&output));
}

#[test]
fn the_committed_schemas_are_what_the_tools_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = revarch(&["schemas", "--check"]).current_dir(root).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn stale_schemas_are_named_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("README.md"), "# x\n<!-- tools:begin -->\nold\n<!-- tools:end -->\ny\n").unwrap();
    let schemas = |arguments: &[&str]| revarch(arguments).current_dir(folder.path()).output().unwrap();
    assert!(schemas(&["schemas"]).status.success());
    assert!(schemas(&["schemas", "--check"]).status.success());
    let readme = fs::read_to_string(path("README.md")).unwrap();
    assert!(readme.starts_with("# x\n<!-- tools:begin -->\n|") && readme.ends_with("<!-- tools:end -->\ny\n"), "{readme}");
    fs::write(path("schemas/gone_tool.json"), "{}").unwrap();
    fs::write(path("schemas/lens.json"), "{}").unwrap();
    let output = schemas(&["schemas", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("gone_tool.json") && stderr(&output).contains("lens.json"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("config.json"), "{}", stderr(&output));
    assert!(schemas(&["generate"]).status.success());
    assert!(schemas(&["schemas", "--check"]).status.success() && !path("schemas/gone_tool.json").exists());
}

#[test]
fn the_demo_makes_a_company_and_reviews_it() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let arguments = ["demo", "--contacts", "500", "--now", crate::support::NOW];
        revarch(&arguments).current_dir(folder.path()).output().unwrap()
    };
    let output = demo();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("Ready for agents"), "{}", stdout(&output));
    for name in ["contacts.csv", "truth.json", "review.md", "review.json", "revarch.db"] {
        assert!(folder.path().join("revarch-demo").join(name).exists(), "{name} is missing");
    }
    assert_eq!(stdout(&demo()), stdout(&output), "the same company, time and seed give the same review");
}

#[test]
fn your_own_stack_is_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let sample = crate::support::sample_folder();
    let out = folder.path().join("report");
    let output = run(&[
        "review",
        "--data",
        sample.to_str().unwrap(),
        "--stack",
        sample.join("stack.json").to_str().unwrap(),
        "--answers",
        sample.join("maturity_answers.json").to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: Value = serde_json::from_str(&fs::read_to_string(out.join("review.json")).unwrap()).unwrap();
    assert!(json.is_object() && out.join("review.md").exists());
    let broken = folder.path().join("stack.json");
    fs::write(&broken, "{\"platform\": []}").unwrap();
    check_usage(&["review", "--stack", broken.to_str().unwrap()], &["stack.json", "{\"platforms\": [...]}"]);
}
