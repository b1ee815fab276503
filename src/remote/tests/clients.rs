//! Configuration files as the clients write them.

use proptest::prelude::*;
use revarch_remote::{
    Limits, RemoteError, Servers, Transport,
    clients::{
        Client, ClientFile, ClientFileError, ClientFilesConfig, FoundServer, PackageRegistry, Pinning, Reach,
        allowed, read_client_file,
    },
};
use std::time::Duration;

fn read(text: &str) -> ClientFile {
    read_client_file(text).unwrap()
}

fn places(server: &FoundServer) -> Vec<&str> {
    server.clear_secrets.iter().map(|secret| secret.at.as_str()).collect()
}

#[test]
fn claude_desktop() {
    let file = read(
        r#"{
          "globalShortcut": "Ctrl+Space",
          "mcpServers": {
            "hubspot": {
              "command": "npx",
              "args": ["-y", "@hubspot/mcp-server@0.4.0"],
              "env": {"PRIVATE_APP_ACCESS_TOKEN": "pat-na1-01234567-89ab", "LOG_LEVEL": "debug"}
            },
            "files": {"command": "/usr/bin/node", "args": ["server.js", "/home/me"]}
          }
        }"#,
    );
    assert_eq!(file.client, Client::McpServers);
    let [hubspot, files] = &file.servers[..] else { panic!("{file:?}") };
    assert_eq!((hubspot.name.as_str(), hubspot.at.as_str()), ("hubspot", "mcpServers.hubspot"));
    assert_eq!(hubspot.env, ["PRIVATE_APP_ACCESS_TOKEN", "LOG_LEVEL"]);
    assert_eq!(places(hubspot), ["env.PRIVATE_APP_ACCESS_TOKEN"]);
    let package = hubspot.package.as_ref().unwrap();
    assert_eq!((package.registry, package.pinning), (PackageRegistry::Npm, Pinning::Exact));
    assert!(files.package.is_none() && files.clear_secrets.is_empty());
    assert!(!format!("{file:?}").contains("01234567"), "{file:?}");
}

#[test]
fn claude_code_with_projects_and_variables() {
    let file = read(
        r#"{
          "mcpServers": {"crm": {
            "type": "http", "url": "https://mcp.example.com/mcp?workspace=7",
            "headers": {"Authorization": "Bearer ${CRM_TOKEN}", "X-Region": "${REGION:-eu}"}
          }},
          "projects": {"/home/me/app": {"mcpServers": {"db": {"command": "uvx", "args": ["db-mcp"]}}, "history": []}}
        }"#,
    );
    let [crm, db] = &file.servers[..] else { panic!("{file:?}") };
    assert_eq!(crm.reach, Reach::Http { url: "https://mcp.example.com/mcp".to_owned() });
    assert_eq!(crm.refers_to, ["CRM_TOKEN", "REGION"]);
    assert_eq!(crm.headers, ["Authorization", "X-Region"]);
    assert!(crm.clear_secrets.is_empty());
    assert_eq!(db.at, "projects./home/me/app.mcpServers.db");
    assert_eq!(db.package.as_ref().unwrap().pinning, Pinning::Unpinned);
}

#[test]
fn cursor_and_windsurf() {
    let file = read(
        r#"{"mcpServers": {
          "a": {"url": "https://mcp.example.com/mcp", "headers": {"X-API-Key": "9f8e7d6c5b4a3210"}},
          "b": {"serverUrl": "https://b.example.com/mcp/?token=9f8e7d6c5b4a3210", "disabled": true},
          "c": {"command": "${workspaceFolder}/run", "args": ["--root", "${userHome}"], "env": {"T": "${env:C_TOKEN}"},
                "envFile": ".env"},
          "d": {"type": "sse", "url": "https://d.example.com/sse"},
          "e": {"httpUrl": "https://e.example.com/mcp"}
        }}"#,
    );
    let [plain, off, local, old, other] = &file.servers[..] else { panic!("{file:?}") };
    assert_eq!(places(plain), ["headers.X-API-Key"]);
    assert_eq!((places(off), off.is_disabled), (vec!["url?token"], true));
    assert_eq!(off.reach, Reach::Http { url: "https://b.example.com/mcp/".to_owned() });
    assert_eq!(
        (&local.refers_to[..], local.env_file.as_deref()),
        (&["C_TOKEN".to_owned()][..], Some(".env"))
    );
    assert!(matches!(old.reach, Reach::OldEvents { .. }) && matches!(other.reach, Reach::Http { .. }));
    assert!(old.allowed().unwrap_err().to_string().contains("transport of 2024"));
}

#[test]
fn visual_studio_code_with_inputs_and_comments() {
    let servers = r#"{
      // asked for once
      "inputs": [{"type": "promptString", "id": "crm-token", "description": "Token", "password": true}],
      "servers": {
        "crm": {
          "type": "stdio", "command": "npx", "args": ["-y", "crm-mcp@latest",],
          "env": {"CRM_TOKEN": "${input:crm-token}"}, /* not in the clear */
        },
        "web": {"type": "http", "url": "https://web.example.com/mcp"},
      },
    }"#;
    let file = read(servers);
    assert_eq!(file.client, Client::VsCode);
    let crm = &file.servers[0];
    assert_eq!((&crm.inputs[..], crm.clear_secrets.len()), (&["crm-token".to_owned()][..], 0));
    assert_eq!(crm.package.as_ref().unwrap().pinning, Pinning::Floating);
    let error = crm.allowed().unwrap_err();
    assert!(error.to_string().contains("only its client can fill in `${input:crm-token}`"), "{error}");
    let settings = read(&format!("{{\"editor.fontSize\": 12, \"mcp\": {servers}}}"));
    assert_eq!((settings.client, settings.servers.len()), (Client::VsCodeSettings, 2));
}

#[test]
fn zed() {
    let file = read(
        r#"{"theme": "One", "context_servers": {
          "new": {"source": "custom", "enabled": false, "command": "docker", "args": ["run", "-i", "mcp/crm:v2"]},
          "old": {"command": {"path": "uvx", "args": ["crm-mcp==1.0"], "env": {"CRM_TOKEN": "9f8e7d6c5b4a3210"}}}
        }}"#,
    );
    let [new, old] = &file.servers[..] else { panic!("{file:?}") };
    assert!(new.is_disabled);
    assert_eq!(new.package.as_ref().unwrap().pinning, Pinning::Tag);
    assert_eq!(places(old), ["env.CRM_TOKEN"]);
    assert_eq!(old.package.as_ref().unwrap().pinning, Pinning::Exact);
}

#[test]
fn entries_that_describe_no_server_are_told_and_the_others_read() {
    let file = read(
        r#"{"mcpServers": {"none": {}, "both": {"command": "a", "url": "https://a"}, "list": [], "args": {"command": "a",
        "args": "-y"}, "number": {"command": 3}, "env": {"command": "a", "env": ["A"]}, "url": {"url": "::"},
        "fine": {"command": "a", "env": {"N": 3}}}}"#,
    );
    let problems: Vec<String> =
        file.unread.iter().map(|entry| format!("{}: {}", entry.at, entry.problem)).collect();
    assert_eq!(problems[0], "mcpServers.none: it has neither `command` nor `url`");
    assert_eq!(problems[1], "mcpServers.both: it has both a command and an address");
    assert_eq!(problems[2], "mcpServers.list: it is no object");
    assert_eq!(problems[3], "mcpServers.args: `args` is no list");
    assert_eq!(problems[4], "mcpServers.number: `command` is no text");
    assert_eq!(problems[5], "mcpServers.env: `env` is no object");
    assert!(problems[6].starts_with("mcpServers.url: `url` is no address"), "{problems:?}");
    assert_eq!(file.servers.len(), 1);
}

#[test]
fn files_that_hold_no_servers_are_told() {
    let error = |text: &str| read_client_file(text).unwrap_err();
    assert!(matches!(error("{oops"), ClientFileError::NotJson(_)));
    for text in ["{}", "[]", "3", "{\"mcpServers\": []}", "{\"servers\": 3}"] {
        assert!(matches!(error(text), ClientFileError::NoServers { .. }), "{text}");
    }
    assert!(error("{}").to_string().contains("`mcpServers`"));
    assert!(matches!(error(&" ".repeat(9_000_000)), ClientFileError::TooLarge { .. }));
    assert!(read("{\"mcpServers\": {}}").servers.is_empty());
}

#[tokio::test]
async fn a_found_server_is_started_only_once_it_is_allowed() {
    let program = std::env::current_exe().unwrap();
    let program = program.parent().unwrap().parent().unwrap().join("examples").join("bad_server");
    let text = serde_json::json!({"mcpServers": {"found": {
        "command": program, "args": ["${NO_SUCH_MODE:-environment}"],
        "env": {"CARGO_PKG_NAME": "s3cret-${CARGO_PKG_VERSION}"},
    }}});
    let file = read(&text.to_string());
    let limits = Limits::within(Duration::from_secs(10));
    let error = Servers::default().inspect("found", limits).await.unwrap_err();
    assert!(matches!(error, RemoteError::NotNamed { .. }), "{error}");
    let server = file.servers[0].allowed().unwrap();
    assert!(!format!("{server:?}").contains("s3cret"), "{server:?}");
    assert!(matches!(&server.transport, Transport::Stdio { args, .. } if args == &["environment"]));
    let reading = Servers::new(vec![server]).inspect("found", limits).await.unwrap();
    assert_eq!(reading.tools.items[0]["description"], "[hidden]");
}

#[test]
fn files_are_read_and_only_allowed_servers_are_made_ready() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let one = write("one.json", br#"{"mcpServers": {"crm": {"command": "a"}, "ads": {"command": "b"}}}"#);
    let two = write("two.json", br#"{"mcpServers": {"crm": {"command": "a"}, "ads": {"command": "other"}}}"#);
    let bytes = write("bytes.json", &[0xff, 0xfe]);
    let none = folder.path().join("none.json");
    let names = ["crm", "ads", "cmr"].map(str::to_owned).to_vec();
    let config = ClientFilesConfig { files: vec![one, two, bytes, none], allow: names };
    let files = config.read();
    let problems: Vec<&str> =
        files.iter().filter_map(|file| file.content.as_ref().err()).map(String::as_str).collect();
    assert!(
        problems[0].ends_with("bytes.json is not UTF-8") && problems[1].contains("cannot read"),
        "{problems:?}"
    );
    let ready = allowed(&files, &config.allow);
    assert_eq!(ready[0].as_ref().unwrap().name, "crm");
    assert!(ready[1].as_ref().unwrap_err().to_string().contains("they differ"));
    assert!(
        matches!(&ready[2], Err(RemoteError::NotNamed { known, .. }) if known == &["ads", "crm"]),
        "{ready:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read_or_refused(parts in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\""), Just("//"), Just("/*"),
        Just("*/"), Just("\n"), Just("\\"), Just("\"mcpServers\":"), Just("\"a\""), Just("\"command\":"),
        Just("\"npx\""), Just("\"args\":"), Just("\"env\":"), Just("\"url\":"), Just("\"https://é${A:-}@\""),
        Just("\u{feff}"), Just("${"), Just("null"), Just("3"),
    ], 0..40)) {
        if let Ok(file) = read_client_file(&parts.concat()) {
            for server in &file.servers {
                let _ = server.allowed();
            }
        }
    }

    #[test]
    fn any_entry_is_read_or_refused(
        command in ".{0,20}", args in proptest::collection::vec("(-[a-z-]{0,8}|[@a-z0-9./:=^$<>-]{0,20}|.{0,6})", 0..6),
        name in ".{0,9}", value in "(\\$\\{[a-zA-Z:-]{0,9}\\}?|.{0,20})",
    ) {
        let entry = serde_json::json!({"command": command, "args": args, "env": {name: value}});
        let file = read(&serde_json::json!({"servers": {"s": entry}}).to_string());
        prop_assert_eq!(file.servers.len(), 1);
        let _ = file.servers[0].allowed();
    }
}
