//! HTTPS: with good files it is served, with bad ones the server says what is wrong.

use crate::support::{Http, PATIENCE, modern, run, stderr};
use reqwest::StatusCode;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tempfile::TempDir;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

/// A configuration with these files beside it, as `cert.pem` and `key.pem`.
fn folder(certificate: &str, key: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(&folder, certificate, key);
    let text = "[http.tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n";
    fs::write(folder.path().join("revarch.toml"), text).unwrap();
    folder
}

fn put(folder: &TempDir, certificate: &str, key: &str) {
    fs::copy(fixture(certificate), folder.path().join("cert.pem")).unwrap();
    fs::copy(fixture(key), folder.path().join("key.pem")).unwrap();
}

fn configuration(folder: &TempDir) -> String {
    folder.path().join("revarch.toml").display().to_string()
}

/// A client that trusts one certificate and no other, and keeps no connection.
fn trusting(certificate: &str) -> reqwest::Client {
    let trusted = reqwest::Certificate::from_pem(&fs::read(fixture(certificate)).unwrap()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([trusted]).timeout(PATIENCE).pool_max_idle_per_host(0);
    client.build().unwrap()
}

#[tokio::test]
async fn https_is_served_and_the_certificate_is_renewed_without_a_restart() {
    let folder = folder("good.pem", "good.key");
    let mut server = Http::start(&["--config", &configuration(&folder)]);
    assert!(server.url("").starts_with("https://"), "{}", server.url(""));
    server.speak_through(trusting("good.pem"));
    let list = modern(1, "tools/list", json!({}));
    assert_eq!(server.post_modern(&list).send().await.unwrap().status(), StatusCode::OK);
    let plain = reqwest::get(format!("http://{}/healthz", server.address())).await;
    assert!(plain.is_err(), "nothing is served without TLS");
    // What cannot be used changes nothing.
    put(&folder, "other.pem", "good.key");
    server.signal("HUP");
    let begin = Instant::now();
    while !server.log().contains("is not renewed") {
        assert!(begin.elapsed() < PATIENCE, "{}", server.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.post_modern(&list).send().await.unwrap().status(), StatusCode::OK);
    put(&folder, "other.pem", "other.key");
    server.signal("HUP");
    while !server.log().contains("was read again") {
        assert!(begin.elapsed() < PATIENCE, "{}", server.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(server.post_modern(&list).send().await.is_err(), "the old certificate is not shown any more");
    server.speak_through(trusting("other.pem"));
    assert_eq!(server.post_modern(&list).send().await.unwrap().status(), StatusCode::OK);
}

#[track_caller]
fn check_refused(folder: &TempDir, said: &[&str]) {
    let output = run(&["serve", "--http", "127.0.0.1:0", "--config", &configuration(folder)]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    for said in said.iter().chain(&["hint: "]) {
        assert!(stderr(&output).contains(said), "{said} is not in {}", stderr(&output));
    }
}

#[test]
fn files_that_do_not_do_are_told_apart() {
    check_refused(&folder("expired.pem", "good.key"), &["cert.pem", "expired on 2021-01-01"]);
    check_refused(&folder("good.pem", "other.key"), &["cert.pem", "key.pem", "cannot serve HTTPS"]);
    check_refused(&folder("good.key", "good.key"), &["cert.pem", "it holds no certificate"]);
    check_refused(&folder("good.pem", "good.pem"), &["key.pem", "cannot serve HTTPS"]);
    let missing = folder("good.pem", "good.key");
    fs::remove_file(missing.path().join("key.pem")).unwrap();
    check_refused(&missing, &["cannot read the TLS key", "key.pem"]);
}
