//! The two ways in which messages travel.

mod body;
mod gate;
mod http;
mod lines;
mod message;
mod program;

pub(crate) use body::read;
pub(crate) use gate::{Gate, Sending};
pub(crate) use http::Endpoint;
pub(crate) use message::{Ask, Unanswered, brief, split_list};
pub(crate) use program::Program;

use crate::{Limits, Note, RemoteError, Server, Transport};
use serde_json::Value;

/// A way to a server, opened.
#[derive(Debug)]
pub(crate) enum Wire {
    Stdio(Box<Program>),
    Http(Box<Endpoint>),
}

impl Wire {
    pub(crate) async fn open(server: &Server, limits: Limits) -> Result<Self, RemoteError> {
        match &server.transport {
            Transport::Stdio { command, args, env, given } => {
                let program = Program::start(&server.name, command, args, env, given, limits)?;
                Ok(Self::Stdio(Box::new(program)))
            }
            Transport::Http(http) => {
                Ok(Self::Http(Box::new(Endpoint::new(&server.name, http, limits).await?)))
            }
        }
    }

    /// Sends a request and waits for its answer, as the server gave it.
    pub(crate) async fn ask(&mut self, ask: &Ask<'_>) -> Result<Value, Unanswered> {
        match self {
            Self::Stdio(program) => program.ask(ask).await,
            Self::Http(endpoint) => endpoint.ask(ask).await,
        }
    }

    /// Sends a notification.
    pub(crate) async fn tell(&mut self, method: &'static str) -> Result<(), RemoteError> {
        match self {
            Self::Stdio(program) => program.tell(method).await,
            Self::Http(endpoint) => endpoint.tell(method).await,
        }
    }

    /// Says which version of the protocol was agreed on.
    pub(crate) fn agree(&mut self, version: &str) {
        if let Self::Http(endpoint) = self {
            endpoint.agree(version);
        }
    }

    /// The answer to the first request of all, where it came after nobody waited for it any more.
    pub(crate) fn late_answer(&mut self) -> Option<Value> {
        match self {
            Self::Stdio(program) => program.late_answer(),
            Self::Http(_) => None,
        }
    }

    /// Begins anew, where that is possible and needed: a program that has ended is started again.
    pub(crate) fn restart(&mut self) -> Result<(), RemoteError> {
        match self {
            Self::Stdio(program) => program.restart(),
            Self::Http(_) => Ok(()),
        }
    }

    /// Whether it has not begun anew before.
    pub(crate) fn may_restart(&self) -> bool {
        match self {
            Self::Stdio(program) => program.may_restart(),
            Self::Http(_) => false,
        }
    }

    /// What was remarkable about the way the server talks.
    pub(crate) fn notes(&mut self) -> Vec<Note> {
        match self {
            Self::Stdio(program) => program.notes(),
            Self::Http(endpoint) => endpoint.notes(),
        }
    }

    /// The text without any secret that was sent.
    pub(crate) fn hide_in(&self, value: &mut Value) {
        match self {
            Self::Stdio(program) => program.secrets().hide_in(value),
            Self::Http(endpoint) => endpoint.secrets().hide_in(value),
        }
    }

    /// Takes leave. However the server takes that does not matter any more.
    pub(crate) async fn leave(self) {
        match self {
            Self::Stdio(program) => program.leave().await,
            Self::Http(endpoint) => endpoint.leave().await,
        }
    }
}
