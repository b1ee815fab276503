//! What an issuer publishes, fetched within bounds.

use anyhow::{Context as _, bail, ensure};
use reqwest::{Client, StatusCode, Url};
use serde_json::Value;
use std::time::Duration;

/// How long an answer may take, from the first to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest document that is read.
const LONGEST: usize = 256 * 1024;

/// A client that goes nowhere but where it is sent.
pub(super) fn client(is_local: bool) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("revarch/", env!("CARGO_PKG_VERSION")));
    if is_local { builder.no_proxy() } else { builder }.build()
}

/// The JSON document at an address.
pub(super) async fn json(client: &Client, url: &Url) -> anyhow::Result<Value> {
    let attempt = || format!("cannot read {url}");
    let mut response = client.get(url.clone()).send().await.with_context(attempt)?;
    let status = response.status();
    ensure!(status == StatusCode::OK, "{url} answers {status}");
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.with_context(attempt)? {
        if body.len() + part.len() > LONGEST {
            bail!("{url} is longer than {} KiB", LONGEST / 1024);
        }
        body.extend_from_slice(&part);
    }
    serde_json::from_slice(&body).with_context(|| format!("{url} is no JSON"))
}
