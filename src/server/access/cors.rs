//! What browsers have to be told before they let a page of an allowed origin call.
//!
//! # Design
//!
//! rmcp refuses requests from other origins and tells browsers nothing, so that no page could ever read an answer. A
//! browser asks beforehand, without the token that the page will send; it is answered for allowed origins alone, and
//! that answer opens nothing by itself.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
            ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
        },
    },
    response::{IntoResponse as _, Response},
};

/// How long browsers may keep the answer, in seconds.
const LASTS: u64 = 600;

/// The origins whose pages may call, as rmcp reads them: `:*` stands for any port, and so does no port.
#[derive(Debug)]
pub(super) struct Origins(Vec<Origin>);

#[derive(Debug)]
struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    fn read(text: &str) -> Option<Self> {
        let uri: Uri = text.strip_suffix(":*").unwrap_or(text).parse().ok()?;
        let (scheme, host) = (uri.scheme_str()?.to_ascii_lowercase(), uri.host()?.to_ascii_lowercase());
        Some(Self { scheme, host, port: uri.port_u16() })
    }

    fn port(&self) -> Option<u16> {
        let usual = match self.scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        self.port.or(usual)
    }
}

impl Origins {
    pub(super) fn of(allowed: &[String]) -> Self {
        Self(allowed.iter().filter_map(|origin| Origin::read(origin)).collect())
    }

    /// The origin of a request, where it is allowed.
    pub(super) fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let value = headers.get(ORIGIN)?;
        let origin = Origin::read(value.to_str().ok()?)?;
        let allows = |allowed: &Origin| {
            (&allowed.scheme, &allowed.host) == (&origin.scheme, &origin.host)
                && (allowed.port.is_none() || allowed.port == origin.port())
        };
        self.0.iter().any(allows).then(|| value.clone())
    }
}

/// Whether a browser asks what it may send, instead of sending it.
pub(super) fn is_preflight(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a browser that asks for a page of `origin`, where that may call.
pub(super) fn preflight(origin: Option<HeaderValue>, asked: &HeaderMap) -> Response {
    let Some(origin) = origin else {
        return (StatusCode::FORBIDDEN, "Forbidden: Origin header is not allowed").into_response();
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE"));
    // Tools may name headers of their own, so there is no list to hold these against.
    if let Some(wanted) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, LASTS.into());
    open(&mut response, origin);
    response
}

/// Lets a page of `origin` read an answer.
pub(super) fn open(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("mcp-session-id, mcp-protocol-version, www-authenticate, retry-after"),
    );
    headers.append(VARY, HeaderValue::from_static("origin"));
}

#[cfg(test)]
mod tests {
    use super::Origins;
    use axum::http::{HeaderMap, HeaderValue, header::ORIGIN};

    #[test]
    fn origins_are_compared_by_scheme_host_and_port() {
        let allowed =
            ["https://app.example.com:443", "http://localhost:*", "http://[::1]:*", "https://any.example"];
        let origins = Origins::of(&allowed.map(str::to_owned));
        let is_allowed = |origin: &str| {
            let headers = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_str(origin).unwrap())]);
            origins.allowed(&headers).is_some()
        };
        for good in [
            "https://app.example.com",
            "http://localhost",
            "http://localhost:6274",
            "http://[::1]:80",
            "https://any.example:8443",
        ] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in [
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://localhost",
            "null",
            "",
            "https://app.example.com.evil.example",
            "http://localhost.evil.example",
        ] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }
}
