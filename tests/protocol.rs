//! Every version of the protocol over every transport, and what results say of themselves.

use crate::support::{Http, NOW, Pipe, initialize, message, modern, over_sample, tools};
use serde_json::{Value, json};
use std::collections::HashSet;

const WITH_HANDSHAKE: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// A connection to a server, whatever lies between.
enum Line {
    Pipe(Pipe),
    Http { server: Http, session: Option<String>, version: &'static str },
}

impl Line {
    fn pipe() -> Self {
        Self::Pipe(Pipe::start(&over_sample().iter().map(String::as_str).collect::<Vec<_>>()))
    }

    fn http(version: &'static str) -> Self {
        let server = Http::start(&over_sample().iter().map(String::as_str).collect::<Vec<_>>());
        Self::Http { server, session: None, version }
    }

    async fn ask(&mut self, request: &Value) -> Value {
        match self {
            Self::Pipe(pipe) => pipe.ask(request),
            Self::Http { server, session: None, version: "2026-07-28" } => {
                message(server.post_modern(request).send().await.unwrap()).await
            }
            Self::Http { server, session, version } => {
                let mut post = server.post(request.to_string());
                if let Some(session) = &session {
                    post = post.header("mcp-session-id", session).header("mcp-protocol-version", *version);
                }
                let response = post.send().await.unwrap();
                if let Some(named) = response.headers().get("mcp-session-id") {
                    *session = Some(named.to_str().unwrap().to_owned());
                }
                message(response).await
            }
        }
    }

    async fn initialized(&mut self) {
        let note = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        match self {
            Self::Pipe(pipe) => pipe.send(&note),
            Self::Http { server, session, version } => {
                let post = server.post(note.to_string()).header("mcp-protocol-version", *version);
                let noted = post.header("mcp-session-id", session.as_deref().unwrap()).send().await.unwrap();
                assert_eq!(noted.status(), 202);
            }
        }
    }
}

/// A method, its parameters, and what looks at the result.
type Work = (&'static str, Value, fn(&Value));

/// What every version can do, each with what shows that it was done.
fn work() -> [Work; 3] {
    [
        ("tools/list", json!({}), |result| assert_eq!(result["tools"].as_array().unwrap().len(), tools().len())),
        ("tools/call", json!({"name": "describe_data", "arguments": {}}), |result| {
            assert_eq!(result["isError"], false, "{result}");
            assert!(result["content"][0]["text"].as_str().unwrap().contains("contacts"), "{result}");
        }),
        ("resources/read", json!({"uri": "revarch://glossary"}), |result| {
            assert!(result["contents"][0]["text"].as_str().unwrap().contains("Data Lake"), "{result}");
        }),
    ]
}

#[tokio::test]
async fn every_version_with_a_handshake_works_over_both_transports() {
    for version in WITH_HANDSHAKE {
        for mut line in [Line::pipe(), Line::http(version)] {
            let opened = line.ask(&initialize(version)).await;
            assert_eq!(opened["result"]["protocolVersion"], version, "{opened}");
            line.initialized().await;
            for (at, (method, params, check)) in work().into_iter().enumerate() {
                let request = json!({"jsonrpc": "2.0", "id": at + 1, "method": method, "params": params});
                let answer = line.ask(&request).await;
                assert_eq!(answer["id"], at + 1, "{version} {method}: {answer}");
                check(&answer["result"]);
                // What came later is not in it.
                assert!(answer["result"].get("resultType").is_none() && answer["result"].get("ttlMs").is_none());
            }
        }
    }
}

#[tokio::test]
async fn the_version_without_a_handshake_works_over_both_transports() {
    for mut line in [Line::pipe(), Line::http("2026-07-28")] {
        let found = line.ask(&modern(0, "server/discover", json!({}))).await;
        let supported: HashSet<_> = serde_json::from_value(found["result"]["supportedVersions"].clone()).unwrap();
        let all = WITH_HANDSHAKE.into_iter().chain(["2026-07-28"]).map(str::to_owned);
        assert_eq!(supported, all.collect::<HashSet<String>>(), "{found}");
        for (at, (method, params, check)) in work().into_iter().enumerate() {
            let id = u32::try_from(at + 1).unwrap();
            let answer = line.ask(&modern(id, method, params)).await;
            check(&answer["result"]);
            let named = &answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"];
            assert_eq!(named, "revarch", "{method}: {answer}");
            assert_eq!(answer["result"]["resultType"], "complete");
        }
    }
}

#[tokio::test]
async fn an_unknown_version_is_answered_with_those_that_are_known() {
    for mut line in [Line::pipe(), Line::http("1999-01-01")] {
        let opened = line.ask(&initialize("1999-01-01")).await;
        assert_eq!(opened["result"]["protocolVersion"], "2025-11-25", "{opened}");
    }
    let mut request = modern(1, "tools/list", json!({}));
    request["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2099-01-01");
    let Line::Http { server, .. } = Line::http("2099-01-01") else { unreachable!() };
    let refused = server.post_modern(&request).header("mcp-protocol-version", "2099-01-01");
    let over_http = message(refused.send().await.unwrap()).await;
    for refused in [Line::pipe().ask(&request).await, over_http] {
        assert!(refused["error"]["code"].as_i64().unwrap() < 0, "{refused}");
        assert!(refused.to_string().contains("2026-07-28") || refused["error"]["code"] == -32020, "{refused}");
    }
}

/// How long an answer may be kept, and by whom.
#[tokio::test]
async fn hints_for_caches_are_true() {
    let mut line = Line::http("2026-07-28");
    for (method, params, lasts, scope) in [
        ("tools/list", json!({}), 3_600_000, "public"),
        ("prompts/list", json!({}), 3_600_000, "public"),
        ("skills/list", json!({}), 3_600_000, "public"),
        ("resources/templates/list", json!({}), 3_600_000, "public"),
        ("resources/list", json!({}), 0, "private"),
        ("resources/read", json!({"uri": "revarch://reviews"}), 0, "private"),
        ("resources/read", json!({"uri": "revarch://glossary"}), 3_600_000, "public"),
    ] {
        let answer = line.ask(&modern(1, method, params)).await;
        let result = &answer["result"];
        assert_eq!((&result["ttlMs"], &result["cacheScope"]), (&json!(lasts), &json!(scope)), "{method}: {answer}");
        assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "revarch", "{method}: {answer}");
    }
}

#[tokio::test]
async fn pages_of_resources_lead_on_across_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.db");
    let store = revarch_store::Store::open(&path).await.unwrap();
    for number in 0..60 {
        let review = revarch_store::ReviewRecord {
            id: format!("r-{number}"),
            made_at: NOW.parse().unwrap(),
            subject: "acme".to_owned(),
            json: json!({}),
            markdown: "# A".to_owned(),
        };
        store.save_review(&review).await.unwrap();
    }
    store.close().await;
    let (mut cursor, mut seen) = (Value::Null, HashSet::new());
    loop {
        // Each page from a server of its own.
        let mut pipe = Pipe::start(&["--store", path.to_str().unwrap()]);
        let params = if cursor.is_null() { json!({}) } else { json!({"cursor": cursor}) };
        let answer = pipe.ask(&modern(1, "resources/list", params));
        let listed = answer["result"]["resources"].as_array().unwrap_or_else(|| panic!("{answer}"));
        assert!(listed.len() <= 50);
        assert!(listed.iter().all(|resource| seen.insert(resource["uri"].as_str().unwrap().to_owned())));
        cursor = answer["result"]["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    let reviews = seen.iter().filter(|uri| uri.starts_with("revarch://reviews/")).count();
    assert_eq!(reviews, 120);
    let refused = Pipe::start(&[]).ask(&modern(1, "resources/list", json!({"cursor": "reviews:1"})));
    assert_eq!(refused["error"]["code"], -32602, "{refused}");
}

#[tokio::test]
async fn skills_are_listed_read_and_found_by_folder() {
    let mut line = Line::http("2026-07-28");
    let listed = line.ask(&modern(1, "skills/list", json!({}))).await;
    let skills = listed["result"]["skills"].as_array().unwrap_or_else(|| panic!("{listed}"));
    assert_eq!(skills.len(), 4, "{listed}");
    for skill in skills {
        let uri = skill["uri"].as_str().unwrap();
        let got = line.ask(&modern(2, "skills/get", json!({"uri": uri}))).await;
        assert_eq!(&got["result"]["skill"], skill, "{got}");
        let read = line.ask(&modern(3, "resources/read", json!({"uri": uri}))).await;
        let text = read["result"]["contents"][0]["text"].as_str().unwrap();
        assert_eq!(text.len(), usize::try_from(skill["resources"][0]["size"].as_u64().unwrap()).unwrap());
        let folder = uri.trim_end_matches("SKILL.md");
        let inside = line.ask(&modern(4, "resources/directory/read", json!({"uri": folder}))).await;
        assert_eq!(inside["result"]["resources"][0]["uri"], uri, "{inside}");
    }
}
