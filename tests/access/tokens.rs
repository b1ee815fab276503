//! Tokens of the configuration, and `revarch token new`, which makes them.

use super::{challenge, configured};
use crate::support::{Http, message, modern, run, stderr, stdout};
use reqwest::{Response, StatusCode};
use serde_json::json;
use std::fs;

/// Makes a token; gives it and the lines that let it in.
fn made(arguments: &[&str]) -> (String, String) {
    let output = run(&[&["token", "new"], arguments].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let (token, lines) = (text.lines().next().unwrap(), text.split_once("[[").unwrap().1);
    assert!(token.starts_with("rva_") && token.len() == 68, "{token}");
    assert!(!lines.contains(token));
    (token.to_owned(), format!("[[{lines}"))
}

async fn list(server: &Http, token: &str) -> Response {
    server.post_modern(&modern(1, "tools/list", json!({}))).bearer_auth(token).send().await.unwrap()
}

#[tokio::test]
async fn a_token_that_was_made_lets_in_and_no_other_does() {
    let (ci, of_ci) = made(&["--name", "ci"]);
    let (narrow, of_narrow) = made(&["--name", "narrow", "--toolsets", "data,leads", "--read-only", "--expires", "2999-01-01"]);
    let (ended, of_ended) = made(&["--name", "ended", "--expires", "2020-01-01"]);
    let (unknown, _) = made(&["--name", "ci"]);
    assert_ne!(ci, unknown);
    let log = "[audit]\nfile = \"audit.jsonl\"\n".to_owned();
    let (folder, file) = configured(&[log, of_ci, of_narrow, of_ended].concat());
    let server = Http::start(&["--config", &file]);
    assert_eq!(list(&server, &ci).await.status(), StatusCode::OK);
    for (token, said) in [(&unknown, "not known"), (&ended, "expired"), (&ci[..67].to_owned(), "not known")] {
        let refused = list(&server, token).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        let challenge = challenge(&refused);
        assert!(challenge.contains("invalid_token") && challenge.contains(said), "{challenge}");
        assert!(!challenge.contains("resource_metadata"), "no issuer gives out tokens here: {challenge}");
    }
    let listed = message(list(&server, &narrow).await).await;
    let names: Vec<_> = listed["result"]["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
    assert!(names.contains(&json!("validate_lead_score")) && !names.contains(&json!("score_leads")), "{names:?}");
    for (tool, said) in [("score_leads", "may only read"), ("plan_roadmap", "`toolsets`")] {
        let call = modern(1, "tools/call", json!({"name": tool, "arguments": {}}));
        let refused = server.post_modern(&call).bearer_auth(&narrow).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert!(!challenge(&refused).contains(" scope="), "{}", challenge(&refused));
        let told = message(refused).await;
        assert!(told["error"]["message"].as_str().unwrap().contains(said), "{told}");
    }
    let log = fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let refused: Vec<_> = log.lines().filter(|line| line.contains("\"event\":\"refused\"")).collect();
    assert_eq!(refused.len(), 5, "{log}");
    assert!(refused[4].contains("`plan_roadmap` is not open to `token:narrow`"), "{}", refused[4]);
    assert!([&ci, &narrow, &ended, &unknown].iter().all(|token| !log.contains(token.as_str())));
    let metadata = server.request(reqwest::Method::GET, "/.well-known/oauth-protected-resource/mcp").send().await;
    assert_eq!(metadata.unwrap().status(), StatusCode::NOT_FOUND);
    let health = server.request(reqwest::Method::GET, "/healthz").send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK, "health is asked for without a token");
}

#[test]
fn what_makes_no_token_is_told() {
    for (arguments, said) in [
        (&["--name", "two words"][..], "`two words`"),
        (&["--name", "ci", "--expires", "soon"], "`soon`"),
        (&["--name", "ci", "--toolsets", "asess"], "did you mean `assess`?"),
    ] {
        let output = run(&[&["token", "new"], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(said) && output.stdout.is_empty(), "{}", stderr(&output));
    }
}
