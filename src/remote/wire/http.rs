//! A server at an address: each request is a POST, and its answer is JSON or a stream of events.

use super::{
    body::{innermost, read},
    gate::{Gate, Sending},
    message::{self, Ask, Message, Unanswered, brief},
};
use crate::{
    Limits, Note, RemoteError,
    address::Allowed,
    clients::secret_parts,
    secret::{Secret, Secrets, from_environment},
    servers::HttpServer,
};
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::{
    Method, Response, Url,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
        WWW_AUTHENTICATE,
    },
};
use rmcp::model::ProtocolVersion;
use serde_json::Value;
use sse_stream::SseStream;
use std::{io, time::Duration};

const SESSION: &str = "mcp-session-id";
const VERSION: &str = "mcp-protocol-version";
/// How much of a refusal's body is read.
const REFUSAL: usize = 64 * 1024;
/// How often a stream that broke off is taken up again.
const RESUMES: usize = 5;
/// How many requests of the server's own are answered in one conversation.
const MAX_REPLIES: usize = 20;
/// How long a server may take to let a session go, or to take a reply.
const TIME_TO_LEAVE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Endpoint {
    name: String,
    gate: Gate,
    url: Url,
    credentials: HeaderMap,
    secrets: Secrets,
    limits: Limits,
    version: Option<String>,
    session: Option<HeaderValue>,
    asked: u64,
    replies: usize,
    not_utf8: bool,
}

/// What a stream of events brought.
enum Streamed {
    Answer(Result<Value, Value>),
    /// It ended before, and may be taken up again after this event.
    BrokeOff(Option<String>, Duration),
}

impl Endpoint {
    pub(crate) async fn new(name: &str, server: &HttpServer, limits: Limits) -> Result<Self, RemoteError> {
        let HttpServer {
            url,
            bearer_env,
            headers_env,
            given,
            allow_private,
            allow_http,
            ca_file,
            through_proxy,
        } = server;
        let mut secrets = Secrets::default();
        let mut credentials = HeaderMap::new();
        if let Some(variable) = bearer_env {
            let token = from_environment(name, variable)?;
            secrets.keep(&token);
            let header = Secret::new(format!("Bearer {}", token.expose().trim()));
            insert(&mut credentials, name, AUTHORIZATION.as_str(), &header)?;
        }
        for (header, variable) in headers_env {
            let value = from_environment(name, variable)?;
            secrets.keep(&value);
            insert(&mut credentials, name, header, &value)?;
        }
        for (header, value) in given {
            secrets.keep(value);
            insert(&mut credentials, name, header, value)?;
        }
        let allowed = Allowed { private: *allow_private, plain_http: *allow_http, unlooked: *through_proxy };
        let gate = Gate::new(name, url, allowed, ca_file.as_deref()).await?;
        for value in secret_parts(url) {
            secrets.keep(&Secret::new(value));
        }
        let url = gate.home().clone();
        Ok(Self {
            name: name.to_owned(),
            gate,
            url,
            credentials,
            secrets,
            limits,
            version: None,
            session: None,
            asked: 0,
            replies: 0,
            not_utf8: false,
        })
    }

    pub(crate) fn agree(&mut self, version: &str) {
        self.version = Some(version.to_owned());
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(crate) fn notes(&mut self) -> Vec<Note> {
        let redirected = self.gate.redirected().map(|to| Note::Redirected { to: to.to_owned() });
        redirected.into_iter().chain(self.not_utf8.then_some(Note::NotUtf8)).collect()
    }

    pub(crate) async fn tell(&mut self, method: &'static str) -> Result<(), RemoteError> {
        let response = self.post(method, &message::notification(method), None).await?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(self.status(method, response).await.told(&self.name, method))
    }

    pub(crate) async fn ask(&mut self, ask: &Ask<'_>) -> Result<Value, Unanswered> {
        self.asked += 1;
        let id = self.asked;
        let response = self.post(ask.method, &message::request(id, ask), Some(ask)).await?;
        if !response.status().is_success() {
            return Err(self.status(ask.method, response).await);
        }
        if let Some(session) = response.headers().get(SESSION) {
            self.session = Some(session.clone());
        }
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let outcome = match kind.split(';').next().unwrap_or_default().trim().to_lowercase().as_str() {
            "text/event-stream" => self.events(ask.method, response, id).await?,
            "application/json" => self.json(ask.method, response, id).await?,
            other => {
                let (status, kind) = (response.status().as_u16(), brief(other));
                let reason = format!("it answered {status} with `{kind}`, where JSON or events belong");
                return Err(Unanswered::Failed(self.garbled(ask.method, reason)));
            }
        };
        message::outcome(outcome)
    }

    async fn json(
        &mut self,
        attempt: &str,
        response: Response,
        id: u64,
    ) -> Result<Result<Value, Value>, RemoteError> {
        let body = read(&self.name, attempt, response, self.limits.answer_bytes).await?;
        if body.is_cut {
            return Err(self.too_large(attempt));
        }
        let value = self.parse(attempt, &body.bytes)?;
        let messages = match value {
            Value::Array(batch) => batch,
            one => vec![one],
        };
        let answer = messages.into_iter().map(message::read).find_map(|message| answers(message, id));
        answer.ok_or_else(|| self.garbled(attempt, "its JSON is no answer to the request".to_owned()))
    }

    async fn events(
        &mut self,
        attempt: &str,
        response: Response,
        id: u64,
    ) -> Result<Result<Value, Value>, RemoteError> {
        let mut budget = self.limits.answer_bytes;
        let mut response = response;
        for _ in 0..=RESUMES {
            let (last, pause) = match self.stream(attempt, response, id, &mut budget).await? {
                Streamed::Answer(outcome) => return Ok(outcome),
                Streamed::BrokeOff(Some(last), pause) => (last, pause),
                Streamed::BrokeOff(None, _) => break,
            };
            tokio::time::sleep(pause).await;
            response = self.resume(attempt, &last).await?;
        }
        Err(self.garbled(attempt, "its stream of events ended without an answer".to_owned()))
    }

    async fn stream(
        &mut self,
        attempt: &str,
        response: Response,
        id: u64,
        budget: &mut usize,
    ) -> Result<Streamed, RemoteError> {
        let mut left = *budget;
        let bytes =
            response.bytes_stream().map_err(|error| io::Error::other(innermost(&error.without_url())));
        // What passes is counted, so that an event without end ends the stream.
        let counted = bytes.map(move |bytes| {
            let bytes = bytes?;
            left = left.checked_sub(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
            Ok::<_, io::Error>(bytes)
        });
        let mut events = std::pin::pin!(SseStream::from_bytes_stream(counted));
        let mut last = None;
        let mut pause = Duration::from_millis(500);
        while let Some(event) = events.next().await {
            let event = match event {
                Ok(event) => event,
                Err(sse_stream::Error::Body(error)) if innermost(&*error).contains("too large") => {
                    return Err(self.too_large(attempt));
                }
                Err(sse_stream::Error::Body(_)) => break,
                Err(error) => {
                    return Err(
                        self.garbled(attempt, format!("its stream of events cannot be read: {error}"))
                    );
                }
            };
            last = event.id.or(last);
            pause = event.retry.map_or(pause, |retry| Duration::from_millis(retry.min(5_000)));
            let Some(data) = event.data.filter(|data| !data.trim().is_empty()) else { continue };
            *budget = budget.saturating_sub(data.len());
            if *budget == 0 {
                return Err(self.too_large(attempt));
            }
            let message = message::read(self.parse(attempt, data.as_bytes())?);
            if let Message::Request { id, method } = &message {
                self.reply(attempt, &message::reply(id, method)).await;
            }
            if let Some(outcome) = answers(message, id) {
                return Ok(Streamed::Answer(outcome));
            }
        }
        Ok(Streamed::BrokeOff(last, pause))
    }

    async fn resume(&mut self, attempt: &str, last: &str) -> Result<Response, RemoteError> {
        let mut headers = self.headers(None);
        if let Ok(last) = HeaderValue::from_str(last) {
            headers.insert("last-event-id", last);
        }
        let response = self.send(Method::GET, attempt, headers, None).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.status(attempt, response).await.told(&self.name, attempt))
    }

    /// Answers a request of the server's. That it gets no answer is for the server to bear.
    async fn reply(&mut self, attempt: &str, reply: &Value) {
        self.replies += 1;
        if self.replies <= MAX_REPLIES {
            let _ = tokio::time::timeout(TIME_TO_LEAVE, self.post(attempt, reply, None)).await;
        }
    }

    async fn post(
        &mut self,
        attempt: &str,
        body: &Value,
        ask: Option<&Ask<'_>>,
    ) -> Result<Response, RemoteError> {
        let headers = self.headers(ask);
        self.send(Method::POST, attempt, headers, Some(body.to_string().into_bytes())).await
    }

    async fn send(
        &mut self,
        method: Method,
        attempt: &str,
        headers: HeaderMap,
        body: Option<Vec<u8>>,
    ) -> Result<Response, RemoteError> {
        let mut credentials = self.credentials.clone();
        if let Some(session) = &self.session {
            credentials.insert(SESSION, session.clone());
        }
        let sending = Sending { method, attempt, headers: &headers, credentials: &credentials, body };
        self.gate.send(&self.url, &sending).await
    }

    fn headers(&self, ask: Option<&Ask<'_>>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let Some(version) = &self.version else { return headers };
        if let Ok(value) = HeaderValue::from_str(version) {
            headers.insert(VERSION, value);
        }
        if let Some(ask) = ask
            && version.as_str() >= ProtocolVersion::STANDARD_HEADERS.as_str()
        {
            headers.insert("mcp-method", HeaderValue::from_static(ask.method));
            if let Some(tool) = ask.tool.and_then(|tool| HeaderValue::from_str(tool).ok()) {
                headers.insert("mcp-name", tool);
            }
        }
        headers
    }

    /// Reads a refusal: an error of the protocol where its body holds one, and otherwise the status.
    async fn status(&mut self, attempt: &str, response: Response) -> Unanswered {
        let status = response.status().as_u16();
        let challenge = text(response.headers(), WWW_AUTHENTICATE);
        let scope = challenge.and_then(|challenge| parameter(challenge, "scope")).map(|scope| brief(&scope));
        let wait_seconds = text(response.headers(), RETRY_AFTER).and_then(crate::registry::seconds_to_wait);
        let body =
            read(&self.name, attempt, response, REFUSAL).await.map(|body| body.bytes).unwrap_or_default();
        if !matches!(status, 401 | 403 | 429 | 500..)
            && let Ok(value) = serde_json::from_slice(&body)
            && let Message::Answer { outcome: Err(mut error), .. } = message::read(value)
            && error["code"].is_i64()
        {
            self.secrets.hide_in(&mut error);
            return match message::outcome(Err(error)) {
                Err(refused) => refused,
                Ok(_) => Unanswered::Failed(self.garbled(attempt, "it answers with an error".to_owned())),
            };
        }
        let said = brief(&self.secrets.hide(&words(&String::from_utf8_lossy(&body))));
        let said = if said.is_empty() { said } else { format!(": {said}") };
        let (name, attempt) = (self.name.clone(), attempt.to_owned());
        Unanswered::Failed(RemoteError::Status { name, attempt, status, said, scope, wait_seconds })
    }

    fn parse(&mut self, attempt: &str, bytes: &[u8]) -> Result<Value, RemoteError> {
        let text = String::from_utf8_lossy(bytes);
        self.not_utf8 |= matches!(text, std::borrow::Cow::Owned(_)) || text.contains('\u{fffd}');
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| self.garbled(attempt, format!("its answer is not JSON: {error}")))
    }

    fn garbled(&self, attempt: &str, reason: String) -> RemoteError {
        RemoteError::Conversation { name: self.name.clone(), attempt: attempt.to_owned(), reason }
    }

    fn too_large(&self, attempt: &str) -> RemoteError {
        let (name, attempt) = (self.name.clone(), attempt.to_owned());
        RemoteError::TooLarge { name, attempt, limit: self.limits.answer_bytes }
    }

    /// Lets the session go, where there is one.
    pub(crate) async fn leave(mut self) {
        if self.session.is_some() {
            let headers = self.headers(None);
            let gone = self.send(Method::DELETE, "leaving", headers, None);
            let _ = tokio::time::timeout(TIME_TO_LEAVE, gone).await;
        }
    }
}

fn insert(headers: &mut HeaderMap, name: &str, header: &str, value: &Secret) -> Result<(), RemoteError> {
    let wrong = |reason: String| RemoteError::Config { name: name.to_owned(), reason };
    let key = HeaderName::from_bytes(header.as_bytes())
        .map_err(|_| wrong(format!("`{header}` is no name of a header")))?;
    let mut value = HeaderValue::from_str(value.expose().trim())
        .map_err(|_| wrong(format!("the value for the header `{header}` cannot be sent in one")))?;
    value.set_sensitive(true);
    headers.insert(key, value);
    Ok(())
}

fn answers(message: Message, id: u64) -> Option<Result<Value, Value>> {
    match message {
        Message::Answer { id: Some(answered), outcome } if answered == id => Some(outcome),
        Message::Answer { id: None, outcome } => Some(outcome),
        _ => None,
    }
}

fn text(headers: &HeaderMap, header: HeaderName) -> Option<&str> {
    headers.get(header)?.to_str().ok()
}

/// A parameter of a challenge, quoted or not.
fn parameter(challenge: &str, wanted: &str) -> Option<String> {
    let start = challenge.to_ascii_lowercase().find(&format!("{wanted}="))? + wanted.len() + 1;
    let value = challenge.get(start..)?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().map(str::to_owned),
        None => value.split([',', ' ']).next().map(str::to_owned),
    }
}

/// What a body says: the message of an error in JSON, or plain text. A page of HTML says nothing to us.
fn words(body: &str) -> String {
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        let places = ["/error/message", "/error_description", "/message", "/detail", "/error"];
        let said = places.iter().find_map(|place| value.pointer(place)?.as_str());
        return said.unwrap_or_default().to_owned();
    }
    if body.trim_start().starts_with('<') { String::new() } else { body.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_is_read_from_a_challenge() {
        let scope = |challenge| parameter(challenge, "scope");
        assert_eq!(scope("Bearer scope=\"a:read b\", error=\"x\"").as_deref(), Some("a:read b"));
        assert_eq!(scope("Bearer realm=x,scope=a, error=x").as_deref(), Some("a"));
        assert_eq!(scope("Bearer"), None);
    }

    #[test]
    fn a_body_is_reduced_to_its_words() {
        assert_eq!(words(r#"{"error":{"message":"no"}}"#), "no");
        assert_eq!(words(r#"{"error":"invalid_token","error_description":"expired"}"#), "expired");
        assert_eq!(words("<html>"), "");
        assert_eq!(words("busy"), "busy");
    }
}
