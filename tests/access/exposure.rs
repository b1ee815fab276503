//! Addresses that other machines reach.

use super::{Guarded, Issuer, configured};
use crate::support::{Http, modern, run, stderr};
use reqwest::{Method, StatusCode, header::HOST};
use serde_json::json;

const TOKEN: &str = "[[http.auth.tokens]]\nname = \"ci\"\n\
    sha256 = \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"\n";

#[test]
fn an_address_of_other_machines_is_not_served_unguarded() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused = run(&["serve", "--http", address]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("[http.auth]\npublic_url = "), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("revarch token new"), "{}", stderr(&refused));
    }
    let (_folder, file) = configured(TOKEN);
    let clear = run(&["serve", "--http", "0.0.0.0:0", "--config", &file]);
    assert_eq!(clear.status.code(), Some(2));
    assert!(stderr(&clear).contains("in the clear") && stderr(&clear).contains("public_url"), "{}", stderr(&clear));
    let (_folder, file) = configured(&format!("[http.auth]\npublic_url = \"http://revarch.example.com/mcp\"\n{TOKEN}"));
    let clear = run(&["serve", "--http", "0.0.0.0:0", "--config", &file]);
    assert_eq!(clear.status.code(), Some(2));
    assert!(stderr(&clear).contains("neither https"), "{}", stderr(&clear));
}

#[tokio::test]
async fn with_tokens_and_a_proxy_it_is() {
    let (_folder, file) = configured(&format!("[http.auth]\npublic_url = \"https://revarch.example.com/mcp\"\n{TOKEN}"));
    let server = Http::start_on("0.0.0.0:0", &["--config", &file]);
    let list = |token: &str, host: &'static str| {
        let request = server.post_modern(&modern(1, "tools/list", json!({}))).bearer_auth(token);
        request.header(HOST, host).send()
    };
    let host = "revarch.example.com";
    assert_eq!(list("abc", host).await.unwrap().status(), StatusCode::OK);
    assert_eq!(list("abd", host).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(list("abc", "evil.example").await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_clients_use_is_whom_tokens_are_for() {
    let public = "public_url = \"https://revarch.example.com/a/mcp\"\ndocumentation_url = \"https://docs.example/\"";
    let place = Guarded::by(Issuer::start("").await, public);
    place.check_accepted(&place.token(&json!({"aud": "https://revarch.example.com/a/mcp"}))).await;
    place.check_invalid(&place.token(&json!({})), "another audience").await;
    for path in ["/.well-known/oauth-protected-resource/a/mcp", "/.well-known/oauth-protected-resource"] {
        let page = place.server.request(Method::GET, path).send().await.unwrap();
        let page: serde_json::Value = serde_json::from_str(&page.text().await.unwrap()).unwrap();
        assert_eq!(page["resource"], "https://revarch.example.com/a/mcp");
        assert_eq!(page["resource_documentation"], "https://docs.example/");
    }
}

#[test]
fn a_section_that_lets_nobody_in_is_refused() {
    for (text, said) in [
        ("[http.auth]\n", "nobody could call"),
        ("[http.auth]\nissuer = \"http://login.example.com\"\n", "neither https"),
        ("[http.auth]\nissuer = \"https://login.example.com\"\nalgorithms = [\"none\"]\n", "unknown variant `none`"),
        ("[http.auth]\nissuer = \"https://login.example.com\"\nalgorithms = [\"HS256\"]\n", "unknown variant `HS256`"),
        ("[[http.auth.tokens]]\nname = \"ci\"\nsha256 = \"rva_secret\"\n", "64 hexadecimal digits"),
    ] {
        let (_folder, file) = configured(text);
        let refused = run(&["serve", "--http", "127.0.0.1:0", "--config", &file]);
        assert_eq!(refused.status.code(), Some(2), "{text}");
        assert!(stderr(&refused).contains(said), "{}", stderr(&refused));
        assert!(!stderr(&refused).contains("rva_secret"));
    }
}
