//! `/metrics`, for those who may see it.

use super::connection::Peer;
use crate::{limits::Gate, workplace::Workplace};
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header, uri::Authority},
    response::{IntoResponse, Response},
};
use std::{net::IpAddr, sync::Arc};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Headers by which a proxy tells that the request is another's.
const PASSED_ON: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// What the numbers are taken from.
#[derive(Clone)]
pub(super) struct Numbers {
    pub(super) gate: Gate,
    pub(super) workplace: Arc<Workplace>,
    /// Whether everybody may see them.
    pub(super) for_all: bool,
}

/// The numbers as text.
pub(super) async fn numbers(
    State(numbers): State<Numbers>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
) -> Response {
    let Numbers { gate, workplace, for_all } = numbers;
    if !for_all && !is_local(peer.address.ip(), &headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let store_bytes = workplace.store().overview().await.ok().map(|overview| overview.bytes);
    match gate.numbers(store_bytes) {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot write the metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether a request was made on this machine, to this machine, and not for somebody else.
fn is_local(address: IpAddr, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let is_to_loopback = host.is_some_and(|host| {
        let host = host.host().trim_matches(['[', ']']);
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback())
    });
    address.to_canonical().is_loopback()
        && is_to_loopback
        && !PASSED_ON.iter().any(|name| headers.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use super::is_local;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    #[test]
    fn only_this_machine_asking_for_itself_is_local() {
        for (from, headers, local) in [
            ("127.0.0.1", &[("host", "127.0.0.1:8787")][..], true),
            ("::1", &[("host", "[::1]:8787")], true),
            ("::ffff:127.0.0.1", &[("host", "localhost")], true),
            ("192.0.2.7", &[("host", "localhost")], false),
            ("127.0.0.1", &[("host", "mcp.example.com")], false),
            ("127.0.0.1", &[], false),
            ("127.0.0.1", &[("host", "localhost"), ("x-forwarded-for", "192.0.2.7")], false),
            ("127.0.0.1", &[("host", "localhost"), ("via", "1.1 proxy")], false),
        ] {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(is_local(from.parse().unwrap(), &headers), local, "{from} {headers:?}");
        }
    }
}
