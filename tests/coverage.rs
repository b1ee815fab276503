//! MCP coverage through the real server: servers good and bad, client files, the catalog and what is remembered.

use crate::support::{Pipe, revarch, stderr, stdout};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Output,
    thread,
};

const MALICIOUS: &str = include_str!("../src/domain/coverage/grade/fixtures/malicious.json");
const CLEAN: &str = include_str!("../src/domain/coverage/grade/fixtures/clean.json");

/// A server that lists the tools of a file; Cargo builds it beside the tests.
fn list_server() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_revarch")).parent().unwrap().join("examples/list_server");
    assert!(binary.exists(), "{} is not built: run `cargo test`, or `cargo build --examples`", binary.display());
    binary
}

/// A folder with a configuration and what it names.
struct Company(tempfile::TempDir);

impl Company {
    fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config.replace("LIST_SERVER", list_server().to_str().unwrap());
        fs::write(folder.path().join("revarch.toml"), config.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
        Self(folder)
    }

    fn with(self, file: &str, content: &str) -> Self {
        let content = content.replace("LIST_SERVER", list_server().to_str().unwrap());
        fs::write(self.path(file), content.replace("FOLDER", self.0.path().to_str().unwrap())).unwrap();
        self
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn config(&self) -> String {
        self.path("revarch.toml").display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let config = self.config();
        let mut all = vec!["--config", config.as_str()];
        all.extend(arguments);
        revarch(&all).current_dir(self.0.path()).output().unwrap()
    }

    /// Calls a tool from the shell.
    #[track_caller]
    fn call(&self, tool: &str, arguments: &Value) -> Value {
        // A list of tools is longer than an argument may be.
        let file = self.path("arguments.json");
        fs::write(&file, arguments.to_string()).unwrap();
        let output = self.run(&["call", tool, "--args", &format!("@{}", file.display())]);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Every finding of an audit, over all pages of the detailed form.
    fn findings(&self, arguments: &Value) -> Vec<Value> {
        let mut found = Vec::new();
        let mut arguments = arguments.clone();
        arguments["response_format"] = json!("detailed");
        for _ in 0..50 {
            let page = self.call("audit_mcp_coverage", &arguments);
            found.extend(page["findings"].as_array().unwrap().iter().cloned());
            arguments["cursor"] = page["next_cursor"].clone();
            if arguments["cursor"].is_null() {
                break;
            }
        }
        found
    }
}

fn rules(findings: &[Value]) -> BTreeSet<String> {
    let ids = findings.iter().map(|finding| finding["id"].as_str().unwrap());
    ids.map(|id| id.trim_start_matches("mcp.").split('.').take(2).collect::<Vec<&str>>().join(".")).collect()
}

/// An MCP server over HTTP that asks nobody who they are.
fn open_server(tools: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                loop {
                    let mut length = 0;
                    let mut line = String::new();
                    let mut lines = 0;
                    while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line != "\r\n" {
                        if let Some((name, value)) = line.split_once(':')
                            && name.eq_ignore_ascii_case("content-length")
                        {
                            length = value.trim().parse().unwrap();
                        }
                        line.clear();
                        lines += 1;
                    }
                    if lines == 0 {
                        return;
                    }
                    let mut body = vec![0; length];
                    reader.read_exact(&mut body).unwrap();
                    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
                    let answer = answer(&request, tools);
                    let (status, body) = match answer {
                        Some(answer) => ("200 OK", answer.to_string()),
                        None => ("202 Accepted", String::new()),
                    };
                    let head = format!(
                        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                        body.len()
                    );
                    if reader.get_mut().write_all((head + &body).as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

fn answer(request: &Value, tools: &str) -> Option<Value> {
    let id = request.get("id")?;
    let result = match request["method"].as_str().unwrap_or_default() {
        "initialize" => json!({
            "protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "open", "version": "1"}
        }),
        "tools/list" => serde_json::from_str(tools).unwrap(),
        _ => return Some(json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "not known"}})),
    };
    Some(json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

#[test]
fn a_malicious_server_trips_every_security_rule_and_a_clean_one_none() {
    let port = open_server(r#"{"tools": [{"name": "shop_checkout_order", "description": "Orders.", "inputSchema": {"type": "object"}}]}"#);
    let company = Company::new(&format!(
        r#"
        store = "kept.db"
        [mcp_servers.evil]
        command = "LIST_SERVER"
        args = ["FOLDER/evil.json"]
        scopes = ["crm.objects.*"]
        [mcp_servers.shop]
        url = "http://0.0.0.0:{port}/mcp"
        allow_private = true
        [mcp_servers.mail]
        command = "LIST_SERVER"
        args = ["FOLDER/mail.json", "--api-key", "sk-0123456789abcdef0123"]
        [mcp_servers.clean]
        command = "LIST_SERVER"
        args = ["FOLDER/clean.json"]
        [mcp_clients]
        files = ["mcp.json"]
        "#
    ))
    .with("evil.json", MALICIOUS)
    .with("mail.json", r#"{"tools": [{"name": "search_contacts", "description": "Finds people.", "inputSchema": {"type": "object"}}]}"#)
    .with("clean.json", CLEAN)
    .with(
        "mcp.json",
        r#"{"mcpServers": {
            "crm": {"command": "npx", "args": ["-y", "@vendor/crm"]},
            "data": {"url": "https://data.example.com/mcp?token=0123456789abcdef0123456789"}
        }}"#,
    );

    let first = company.findings(&json!({"inspect": ["evil", "shop", "mail"]}));
    // The tool whose text was read and allowed becomes another one.
    let text = fs::read_to_string(company.path("evil.json")).unwrap();
    let turned = text.replacen("Finds contacts by name or address.", "Finds contacts, and sends them on.", 1);
    assert_ne!(text, turned);
    let turned = turned.replacen("lookup_thing", "lookup_things", 1);
    fs::write(company.path("evil.json"), turned).unwrap();
    // A plan looks at the server too, and does not make the change look old.
    company.call("plan_workflows", &json!({"inspect": ["evil"]}));
    let second = company.findings(&json!({"inspect": ["evil", "shop", "mail"]}));

    let mut tripped = rules(&first);
    assert!(!tripped.iter().any(|rule| rule.starts_with("security.changed")), "{tripped:?}");
    tripped.extend(rules(&second));
    let known = revarch_domain::coverage::grade::RULES.iter().map(|rule| rule.id);
    let security: Vec<&str> = known.filter(|id| id.starts_with("security.")).collect();
    assert!(security.len() >= 19, "{security:?}");
    for rule in security {
        assert!(tripped.contains(rule), "{rule} is not among {tripped:?}");
    }
    for finding in first.iter().chain(&second) {
        for part in ["what_found", "why_it_blocks", "retest", "owner_role", "severity"] {
            assert!(!finding[part].as_str().unwrap().is_empty(), "{part} of {finding}");
        }
        assert!(!finding["fix"].as_array().unwrap().is_empty(), "{finding}");
        assert!(!finding.to_string().contains("sk-0123456789abcdef0123"), "{finding}");
        assert!(!finding["what_found"].as_str().unwrap().contains('\u{200b}'), "{finding}");
    }

    let clean = company.findings(&json!({"inspect": ["clean"]}));
    let about_clean: Vec<&Value> = clean
        .iter()
        .filter(|finding| finding["table"] == "clean" && rules(&[(*finding).clone()]).iter().any(|rule| rule.starts_with("security.")))
        .collect();
    assert_eq!(about_clean, Vec::<&Value>::new());
}

#[test]
fn a_server_that_fails_is_told_and_the_audit_of_the_rest_goes_on() {
    let company = Company::new(
        r#"
        [mcp_servers.good]
        platform = "HubSpot"
        command = "LIST_SERVER"
        args = ["FOLDER/good.json"]
        [mcp_servers.gone]
        command = "/nonexistent/program"
        [mcp_servers.broken]
        command = "LIST_SERVER"
        args = ["FOLDER/missing.json"]
        [mcp_servers.twin]
        platform = "HubSpot"
        command = "LIST_SERVER"
        args = ["FOLDER/twin.json"]
        "#,
    )
    .with("good.json", r#"{"tools": [{"name": "search_deals", "inputSchema": {"type": "object"}}]}"#)
    .with("twin.json", r#"{"tools": [{"name": "search_contacts", "inputSchema": {"type": "object"}}]}"#);
    let audit = company.call("audit_mcp_coverage", &json!({"inspect": ["good", "gone", "broken", "twin"]}));
    assert_eq!(audit["servers_total"], 2);
    let failed: Vec<&str> =
        audit["inspect_failures"].as_array().unwrap().iter().map(|one| one["server"].as_str().unwrap()).collect();
    assert_eq!(failed, ["gone", "broken"]);
    assert_eq!(audit["platforms"][0]["servers"], json!(["good", "twin"]));
    let live = audit["platforms"][0]["core"]["verified_live"].to_string();
    assert!(live.contains("deal.search") && live.contains("contact.search"), "both lists count: {live}");
}

#[test]
fn a_server_of_a_client_file_is_asked_only_where_the_operator_allowed_it() {
    let files = r#"{"mcpServers": {"crm": {"command": "LIST_SERVER", "args": ["FOLDER/tools.json"]}}}"#;
    let tools = r#"{"tools": [{"name": "search_deals", "inputSchema": {"type": "object"}}]}"#;
    let shut = Company::new("[mcp_clients]\nfiles = [\"mcp.json\"]\n").with("mcp.json", files).with("tools.json", tools);
    let listed = shut.call("audit_mcp_coverage", &json!({}));
    assert_eq!((&listed["found_servers"][0]["server"], &listed["servers_total"]), (&json!("crm"), &json!(0)));
    let refused = shut.run(&["call", "audit_mcp_coverage", "--args", r#"{"inspect": ["crm"]}"#]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("allow = [\"crm\"]"), "{}", stderr(&refused));

    let open = Company::new("[mcp_clients]\nfiles = [\"mcp.json\"]\nallow = [\"crm\"]\n")
        .with("mcp.json", files)
        .with("tools.json", tools);
    let asked = open.call("audit_mcp_coverage", &json!({"inspect": ["crm"]}));
    assert_eq!(asked["servers"][0]["tools"], 1);

    let usage = |config: &str, said: &str| {
        let company = Company::new(config).with("mcp.json", files).with("tools.json", tools);
        let output = company.run(&["call", "audit_mcp_coverage"]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(said), "{said:?} is not in {}", stderr(&output));
    };
    usage("[mcp_clients]\nfiles = [\"mcp.json\"]\nallow = [\"crn\"]\n", "did you mean `crm`?");
    usage(
        "[mcp_clients]\nfiles = [\"mcp.json\"]\nallow = [\"crm\"]\n[mcp_servers.crm]\ncommand = \"x\"\n",
        "the server `crm` is named twice",
    );
}

#[test]
fn the_operators_own_platforms_and_workflows_are_used_and_checked() {
    let own = r#"
        [[platforms]]
        id = "acme-quotes"
        name = "Acme Quotes"
        vendor = "Acme"
        category = "crm"
        aliases = ["AQ"]
        source = "built by our own team"
        date = 2026-10-15
        mcp = { status = "none_found" }
    "#;
    let workflows = r#"{"version": "1", "workflows": [{
        "id": "renewals", "title": "Renewals", "provenance": "attested",
        "needs": [{"question": "association", "entities": ["contact"], "because": "who belongs to whom"}],
        "operations": [{"any_of": ["deal.search"], "in": ["crm"], "because": "renewals are deals"}],
        "escalate_when": "A renewal is disputed."
    }]}"#;
    let company = Company::new("workflows = \"ours.json\"\n[catalog]\nown = \"own.toml\"\n")
        .with("own.toml", own)
        .with("ours.json", workflows);
    let audit = company.call("audit_mcp_coverage", &json!({"platforms": ["AQ"], "response_format": "detailed"}));
    assert_eq!(audit["platforms"][0]["id"], "acme-quotes");
    assert!(audit["platforms"][0]["newer_facts"].to_string().contains("built by our own team"), "{audit}");
    let plan = company.call("plan_workflows", &json!({"platforms": ["AQ"], "only": ["renewals"]}));
    assert_eq!(plan["workflows"][0]["verdict"], "blocked", "{plan}");
    assert_eq!(plan["workflows"][0]["needs_from"], "attested");

    let checked = company.run(&["catalog", "check"]);
    assert!(checked.status.success(), "{}", stderr(&checked));
    assert!(stdout(&checked).contains("1 platform(s) added"), "{}", stdout(&checked));
    let refused = |file: &str, content: &str, arguments: &[&str], said: &[&str]| {
        let company = Company::new("workflows = \"ours.json\"\n[catalog]\nown = \"own.toml\"\n")
            .with("own.toml", own)
            .with("ours.json", workflows)
            .with(file, content);
        let output = company.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        for said in said {
            assert!(stderr(&output).contains(said), "{said:?} is not in {}", stderr(&output));
        }
    };
    let bad = own.replace("\"crm\"", "\"crn\"");
    refused("own.toml", &bad, &["catalog", "check"], &["own.toml", "platforms[0].category", "did you mean `crm`"]);
    refused("own.toml", "platforms = 3", &["call", "audit_mcp_coverage"], &["own.toml"]);
    let clash = workflows.replace("renewals\"", "risk_monitoring\"");
    refused("ours.json", &clash, &["tools", "--now", "x"], &["--now"]);
    refused("ours.json", &clash, &["call", "plan_workflows"], &["risk_monitoring", "hint: give yours another id"]);
}

/// A registry that serves the entries of a file in pages, as the official one does.
fn registry(entries: Vec<Value>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let mut request = String::new();
            reader.read_line(&mut request).unwrap();
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line != "\r\n" {
                line.clear();
            }
            let query: BTreeMap<String, String> = request
                .split(' ')
                .nth(1)
                .and_then(|path| path.split_once('?'))
                .map(|(_, query)| {
                    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
                })
                .unwrap_or_default();
            let start: usize = query.get("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
            let size: usize = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(30);
            let page: Vec<Value> = entries.iter().skip(start).take(size).cloned().collect();
            let end = start + page.len();
            let mut metadata = json!({"count": page.len()});
            if end < entries.len() {
                metadata["nextCursor"] = json!(end.to_string());
            }
            let body = json!({"servers": page, "metadata": metadata}).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = reader.get_mut().write_all((head + &body).as_bytes());
        }
    });
    address
}

/// An entry as the official registry writes it today.
fn published(name: &str, url: &str) -> Value {
    json!({
        "server": {
            "name": name, "description": "A server.", "version": "1.2.0",
            "remotes": [{"type": "streamable-http", "url": url}],
        },
        "_meta": {"io.modelcontextprotocol.registry/official": {
            "status": "active", "isLatest": true, "publishedAt": "2026-11-01T00:00:00Z", "updatedAt": "2026-11-20T00:00:00Z"
        }},
    })
}

#[test]
fn a_refresh_takes_over_what_the_vendor_says_and_doubts_look_alikes() {
    let entries = vec![
        published("com.apollo/mcp", "https://mcp.apollo.com/mcp"),
        published("io.github.stranger/hubspot", "https://hubspot.stranger.example/mcp"),
        published("com.example/nothing", "https://mcp.example.com/mcp"),
    ];
    let address = registry(entries);
    let company = Company::new("[catalog]\nregistry_copy = \"registry.json\"\n");
    let refused = company.run(&["catalog", "refresh", "--url", &address]);
    assert_eq!(refused.status.code(), Some(1), "a private address has to be allowed");
    let refresh = |arguments: &[&str]| {
        let mut all = vec!["catalog", "refresh", "--url", address.as_str(), "--allow-private", "--format", "json"];
        all.extend(arguments);
        let output = company.run(&all);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let news = refresh(&[]);
    assert_eq!((&news["servers"], &news["pages"]), (&json!(3), &json!(1)), "{news}");
    assert!(news["doubtful"].to_string().contains("io.github.stranger/hubspot"), "{news}");
    assert!(company.path("registry.json").exists());
    let again = refresh(&[]);
    assert_eq!(again["changed"], news["changed"], "the same facts, from the copy and what is new");
}

#[test]
fn the_registry_seed_is_read_page_by_page_and_used_offline() {
    let Some(folder) = std::env::var_os("REVARCH_TEST_DATA") else {
        eprintln!("skipped: REVARCH_TEST_DATA does not point at a copy of the registry");
        return;
    };
    let seed: Value =
        serde_json::from_slice(&fs::read(PathBuf::from(folder).join("data/mcp/registry_seed_471.json")).unwrap()).unwrap();
    let entries = seed.get("servers").unwrap_or(&seed).as_array().unwrap().clone();
    let names: BTreeSet<&str> =
        entries.iter().filter_map(|entry| entry.get("server").unwrap_or(entry)["name"].as_str()).filter(|name| !name.is_empty()).collect();
    let total = names.len();
    let address = registry(entries.clone());
    let company = Company::new(&format!(
        "[registry]\nurl = \"{address}\"\nallow_private = true\n[catalog]\nregistry_copy = \"registry.json\"\n"
    ));
    let output = company.run(&["catalog", "refresh"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("read to its end") && text.contains(&format!("{total} servers")), "{text}");
    for heading in ["changed: ", "kept against the registry: ", "doubtful, and not taken over: "] {
        assert!(text.contains(heading), "{heading} is not in {text}");
    }
    let config = company.config();
    let gone = fs::read_to_string(&config).unwrap().replace(&address, "http://127.0.0.1:9");
    fs::write(&config, gone).unwrap();
    let offline = company.run(&["catalog", "check"]);
    assert_eq!(offline.status.code(), Some(2), "the copy is of another registry: {}", stdout(&offline));
    assert!(stderr(&offline).contains("another registry"), "{}", stderr(&offline));
    fs::write(&config, format!("[registry]\nurl = \"{address}\"\n[catalog]\nregistry_copy = \"registry.json\"\n")).unwrap();
    let offline = company.run(&["catalog", "refresh"]);
    assert!(offline.status.success(), "{}", stderr(&offline));
    assert!(stdout(&offline).contains("not read, the copy is used"), "{}", stdout(&offline));
    let audit = company.call("audit_mcp_coverage", &json!({"platforms": ["HubSpot"]}));
    assert_eq!(audit["platforms"][0]["id"], "hubspot");
}

/// revarch audited by its own audit: what is grave about it, and the server's grades.
fn own_grade(toolsets: &[&str]) -> (Vec<String>, Value, Vec<Value>) {
    let listed = Pipe::open(toolsets).ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}));
    let company = Company::new("");
    let list = json!([{"platform": "revarch", "server": "revarch", "tools_list": listed}]);
    let audit = company.call("audit_mcp_coverage", &json!({"tools_lists": list}));
    let findings = company.findings(&json!({"tools_lists": list}));
    let grave = findings
        .iter()
        .filter(|finding| finding["table"] == "revarch" && finding["severity"] != "minor")
        .map(|finding| finding["what_found"].as_str().unwrap().to_owned());
    (grave.collect(), audit["servers"][0].clone(), findings.clone())
}

#[test]
fn revarchs_own_grade_is_top_but_for_what_all_its_tools_cost() {
    assert_eq!(own_grade(&["--toolsets", "data,assess"]).0, [""; 0]);
    let (grave, server, findings) = own_grade(&[]);
    let is_cost = |found: &String| found.starts_with("a list of tools that takes much of a model's context");
    assert!(grave.len() <= 1 && grave.iter().all(is_cost), "{grave:?}");
    assert_eq!((&server["quality"]["tier"], &server["quality"]["worst_tier"]), (&json!("A"), &json!("A")), "{server}");
    assert_eq!(server["protocol"]["unmet"], Value::Null, "{server}");
    assert_eq!(server["security"], json!({"blocker": 0, "major": 0, "minor": 0}), "{findings:?}");
    assert_eq!(server["breaks_limits_of"], Value::Null, "{server}");
}
