//! How a conversation is opened: in the newer protocol where the server speaks it, and otherwise in the older.

use crate::{
    Era, Note, RemoteError,
    wire::{Ask, Unanswered, Wire, brief},
};
use rmcp::model::{ClientCapabilities, ErrorCode, Implementation, ProtocolVersion, RequestMetaObject};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The name by which servers get to know us.
fn ourselves() -> Implementation {
    Implementation::new("revarch", env!("CARGO_PKG_VERSION"))
}

/// Where the newer protocol says who the server is.
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// What a server says of itself.
#[derive(Debug)]
pub(crate) struct Greeting {
    pub(crate) era: Era,
    pub(crate) version: String,
    pub(crate) supported: Vec<String>,
    pub(crate) info: Option<Value>,
    pub(crate) capabilities: Value,
    pub(crate) instructions: Option<String>,
    pub(crate) notes: Vec<Note>,
}

/// A conversation that has been opened.
#[derive(Debug)]
pub(crate) struct Session {
    name: String,
    wire: Wire,
    meta: Option<Value>,
    deadline: Instant,
    time: Duration,
}

/// How the first question went.
enum Probe {
    Modern(Value),
    Legacy,
}

impl Session {
    /// A conversation that has to end by the deadline, which was `time` away when it began.
    pub(crate) fn new(name: &str, wire: Wire, deadline: Instant, time: Duration) -> Self {
        Self { name: name.to_owned(), wire, meta: None, deadline, time }
    }

    /// Finds out which protocol the server speaks, and what it says of itself.
    pub(crate) async fn open(&mut self, patience: Duration) -> Result<Greeting, RemoteError> {
        let mut greeting = match self.probe(patience).await? {
            Probe::Modern(found) => self.agree_modern(&found),
            Probe::Legacy => self.initialize().await?,
        };
        let known = ProtocolVersion::KNOWN_VERSIONS.iter().any(|known| known.as_str() == greeting.version);
        if !known {
            greeting.notes.push(Note::UnknownVersion { version: greeting.version.clone() });
        }
        Ok(greeting)
    }

    /// Asks in the newer protocol. Whatever an older server may do on hearing it (refuse, fall silent, end) is
    /// taken as a sign of its age; what no age explains is an error.
    async fn probe(&mut self, patience: Duration) -> Result<Probe, RemoteError> {
        const DISCOVER: &str = "server/discover";
        self.wire.agree(ProtocolVersion::LATEST.as_str());
        let ask = Ask { method: DISCOVER, params: json!({"_meta": modern_meta()}), tool: None };
        let until = self.deadline.min(Instant::now() + patience);
        let Ok(answer) = timeout_at(until, self.wire.ask(&ask)).await else {
            return if until == self.deadline { Err(self.timed_out()) } else { Ok(Probe::Legacy) };
        };
        match answer {
            Ok(found) => match versions(&found["supportedVersions"]) {
                None => Ok(Probe::Legacy),
                Some(supported) => {
                    Ok(if self.choose(&supported)? { Probe::Modern(found) } else { Probe::Legacy })
                }
            },
            Err(Unanswered::Refused { code, message, data }) => match code {
                _ if code == i64::from(ErrorCode::UNSUPPORTED_PROTOCOL_VERSION.0) => {
                    match versions(&data["supported"]) {
                        Some(supported) if self.choose(&supported)? => {
                            Err(Unanswered::Refused { code, message, data }.told(&self.name, DISCOVER))
                        }
                        _ => Ok(Probe::Legacy),
                    }
                }
                _ if code == i64::from(ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY.0)
                    || code == i64::from(ErrorCode::HEADER_MISMATCH.0) =>
                {
                    Err(Unanswered::Refused { code, message, data }.told(&self.name, DISCOVER))
                }
                _ => Ok(Probe::Legacy),
            },
            Err(Unanswered::Failed(error)) => match error {
                RemoteError::Status { status: 401 | 403 | 429, .. } => Err(error),
                RemoteError::Status { .. } | RemoteError::Conversation { .. } | RemoteError::Ended { .. } => {
                    Ok(Probe::Legacy)
                }
                error => Err(error),
            },
        }
    }

    /// Whether the newer protocol is among what the server speaks. Where nothing we speak is, that is an error.
    fn choose(&self, supported: &[String]) -> Result<bool, RemoteError> {
        let speaks = |version: &ProtocolVersion| supported.iter().any(|known| known == version.as_str());
        if speaks(&ProtocolVersion::LATEST) {
            return Ok(true);
        }
        if supported.is_empty() || ProtocolVersion::KNOWN_VERSIONS.iter().any(speaks) {
            return Ok(false);
        }
        let offered = supported.iter().take(5).map(|version| brief(version)).collect::<Vec<_>>().join(", ");
        Err(RemoteError::NoCommonVersion { name: self.name.clone(), offered })
    }

    fn agree_modern(&mut self, found: &Value) -> Greeting {
        let version = ProtocolVersion::LATEST.as_str();
        self.wire.agree(version);
        self.meta = Some(modern_meta());
        let info =
            [&found["_meta"][SERVER_INFO], &found["serverInfo"]].into_iter().find(|info| info.is_object());
        greeting(Era::Stateless, version.to_owned(), found, info.cloned())
    }

    async fn initialize(&mut self) -> Result<Greeting, RemoteError> {
        const INITIALIZE: &str = "initialize";
        self.wire.restart()?;
        let version = ProtocolVersion::LATEST_WITH_INITIALIZE;
        self.wire.agree(version.as_str());
        let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": ourselves()});
        let ask = Ask { method: INITIALIZE, params, tool: None };
        let mut answer =
            timeout_at(self.deadline, self.wire.ask(&ask)).await.map_err(|_| self.timed_out())?;
        // A slow program may hear the first question only now, and end at it.
        if matches!(answer, Err(Unanswered::Failed(RemoteError::Ended { .. }))) && self.wire.may_restart() {
            self.wire.restart()?;
            answer = timeout_at(self.deadline, self.wire.ask(&ask)).await.map_err(|_| self.timed_out())?;
        }
        let found = match answer {
            Ok(found) => found,
            Err(error) => {
                // A slow server of the newer protocol refuses, and has answered the first question meanwhile.
                return match self.wire.late_answer() {
                    Some(found) if versions(&found["supportedVersions"]).is_some() => {
                        Ok(self.agree_modern(&found))
                    }
                    _ => Err(error.told(&self.name, INITIALIZE)),
                };
            }
        };
        let Some(version) = found["protocolVersion"].as_str().map(brief) else {
            return Err(RemoteError::Conversation {
                name: self.name.clone(),
                attempt: INITIALIZE.to_owned(),
                reason: "its answer names no `protocolVersion`".to_owned(),
            });
        };
        self.wire.agree(&version);
        let era = if version.as_str() >= ProtocolVersion::NO_INITIALIZE.as_str() {
            self.meta = Some(modern_meta());
            Era::Stateless
        } else {
            let told = timeout_at(self.deadline, self.wire.tell("notifications/initialized")).await;
            told.map_err(|_| self.timed_out())??;
            Era::Handshake
        };
        let info = found.get("serverInfo").filter(|info| info.is_object()).cloned();
        Ok(greeting(era, version, &found, info))
    }

    /// Asks for something, within the time that is left. An answer holds no secret of ours.
    pub(crate) async fn ask(
        &mut self,
        method: &'static str,
        params: Value,
        tool: Option<&str>,
    ) -> Result<Value, Unanswered> {
        let mut params = params;
        if let Some(meta) = &self.meta {
            params["_meta"] = meta.clone();
        }
        let ask = Ask { method, params, tool };
        match timeout_at(self.deadline, self.wire.ask(&ask)).await {
            Ok(answer) => {
                let mut result = answer?;
                self.wire.hide_in(&mut result);
                Ok(result)
            }
            Err(_) => Err(Unanswered::Failed(self.timed_out())),
        }
    }

    pub(crate) fn hide_in(&self, value: &mut Value) {
        self.wire.hide_in(value);
    }

    /// How much time there is until the deadline.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn notes(&mut self) -> Vec<Note> {
        self.wire.notes()
    }

    pub(crate) async fn leave(self) {
        self.wire.leave().await;
    }

    fn timed_out(&self) -> RemoteError {
        RemoteError::TimedOut { name: self.name.clone(), seconds: self.time.as_secs() }
    }
}

fn modern_meta() -> Value {
    let meta = RequestMetaObject::with_client_context(
        ProtocolVersion::LATEST,
        ourselves(),
        ClientCapabilities::default(),
    );
    serde_json::to_value(meta).unwrap_or_default()
}

fn greeting(era: Era, version: String, found: &Value, info: Option<Value>) -> Greeting {
    let supported = versions(&found["supportedVersions"]).unwrap_or_default();
    let capabilities = found["capabilities"].clone();
    let instructions = found["instructions"].as_str().map(str::to_owned);
    Greeting { era, version, supported, info, capabilities, instructions, notes: Vec::new() }
}

fn versions(value: &Value) -> Option<Vec<String>> {
    let list = value.as_array()?;
    Some(list.iter().filter_map(|version| version.as_str().map(str::to_owned)).collect())
}
