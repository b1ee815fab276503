//! Servers whose list of tools is at hand, whether handed in or asked for just now.

use super::found::Found;
use crate::{Context, ToolError};
use revarch_domain::coverage::{
    audit::Ground,
    grade::{Configured, Credential, Launch, Served, Session},
    inspection::Inspection,
    tools_list::{self, ToolsList},
};
use revarch_remote::{Limits, ListState, RemoteError, Server, ServerReading, Transport};
use serde_json::{Value, json};

/// Servers that are asked at the same time.
const AT_ONCE: usize = 4;
/// Remarks about one server that are told.
const REMARKS: usize = 5;

/// A server whose list is at hand.
#[derive(Debug)]
pub(super) struct Held {
    /// The name it goes by.
    pub(super) server: String,
    /// The platform it belongs to, by its place in the stack.
    pub(super) at: usize,
    /// How its list came to be known.
    pub(super) ground: Ground,
    /// Its tools.
    pub(super) list: ToolsList,
    /// What they show.
    pub(super) inspection: Inspection,
    /// What the connection showed.
    pub(super) session: Session,
    /// How it is configured, where that is known.
    pub(super) config: Option<Configured>,
    /// What was remarkable on the way.
    pub(super) remarks: Vec<String>,
}

impl Held {
    /// The server as it is graded.
    pub(super) fn served(&self) -> Served<'_> {
        Served {
            server: &self.server,
            list: &self.list,
            inspection: &self.inspection,
            session: &self.session,
            config: self.config.as_ref(),
        }
    }
}

/// What a server said when it was asked.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) list: ToolsList,
    pub(super) session: Session,
    pub(super) config: Option<Configured>,
    pub(super) remarks: Vec<String>,
}

/// A server that was asked, and what it said or why it did not.
#[derive(Debug)]
pub(super) struct Inspected {
    pub(super) server: String,
    pub(super) platform: String,
    pub(super) said: Result<Said, Failure>,
}

/// A server that was asked and did not list its tools.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) server: String,
    pub(super) error: String,
    pub(super) hint: String,
}

/// Asks the servers that the caller named. None of their tools is called.
pub(super) async fn inspect(
    names: &[String],
    found: &[Found],
    context: &Context,
) -> Result<Vec<Inspected>, ToolError> {
    let servers = &context.servers;
    for (at, name) in names.iter().enumerate() {
        servers.get(name).map_err(|error| unknown(&error, found))?;
        if names[..at].contains(name) {
            return Err(
                ToolError::input(format!("server `{name}` is named twice in `inspect`")).hint("name it once")
            );
        }
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    context.run.progress(0, Some(names.len() as u64), "asking servers what they offer");
    let asked: Vec<&str> = names.iter().map(String::as_str).collect();
    let readings = servers.inspect_all(&asked, AT_ONCE, Limits::default()).await;
    context.run.progress(names.len() as u64, Some(names.len() as u64), "servers have answered");
    let told = asked.iter().zip(readings).filter_map(|(name, reading)| {
        let server = servers.get(name).ok()?;
        let seen = found.iter().find(|found| found.is_server(name));
        let config = seen.map_or_else(|| configured(server), Found::configured);
        let said = reading.map_err(|error| failure(name, &error)).and_then(|read| said(read, server, config));
        let platform = server.platform.clone().unwrap_or_else(|| (*name).to_owned());
        Some(Inspected { server: (*name).to_owned(), platform, said })
    });
    Ok(told.collect())
}

/// A server that may not be asked: one in a client's file has to be allowed first.
fn unknown(error: &RemoteError, found: &[Found]) -> ToolError {
    let RemoteError::NotNamed { name, .. } = error else {
        return ToolError::input(error.to_string()).hint(error.hint());
    };
    match found.iter().find(|found| found.is_server(name)) {
        Some(_) => ToolError::input(format!("server `{name}` stands in a client's file and is not allowed"))
            .hint(format!("the operator may allow it with `allow = [\"{name}\"]` under [mcp_clients]")),
        None => ToolError::input(error.to_string()).hint(error.hint()),
    }
}

pub(super) fn failure(server: &str, error: &RemoteError) -> Failure {
    let told = match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    Failure { server: server.to_owned(), error: told, hint: error.hint() }
}

fn said(reading: ServerReading, server: &Server, config: Configured) -> Result<Said, Failure> {
    let paste = "paste the server's tools/list answer under `tools_lists` instead";
    let refused = |error: String| Failure { server: server.name.clone(), error, hint: paste.to_owned() };
    let ServerReading { protocol_version, instructions, tools, notes, .. } = reading;
    let pages = tools.pages;
    let mut remarks: Vec<String> = notes.iter().take(REMARKS).map(ToString::to_string).collect();
    if notes.len() > REMARKS {
        remarks.push(format!("and {} more", notes.len() - REMARKS));
    }
    let has_more = match tools.state {
        ListState::Complete | ListState::NotOffered => false,
        ListState::Partial(why) => {
            remarks.push(format!("the list of tools is not whole: {why}"));
            true
        }
        ListState::Failed(error) => return Err(failure(&server.name, &error)),
        ListState::NotAsked => return Err(refused("it was gone before it listed its tools".to_owned())),
    };
    // A tool without a name cannot be called by anybody; it is remarked on and left out.
    let named = |tool: &Value| tool["name"].as_str().is_some_and(|name| !name.trim().is_empty());
    let items: Vec<Value> = tools.items.into_iter().filter(named).collect();
    let mut list = tools_list::parse(&json!({ "tools": items }))
        .map_err(|error| refused(format!("server `{}`: {error}", server.name)))?;
    list.has_more_pages = has_more;
    let session = Session {
        protocol_version: Some(protocol_version),
        instructions,
        pages: u32::try_from(pages).ok(),
        structured_results: None,
        answered_without_credentials: is_stranger(server).then_some(true),
        scopes: server.scopes.clone(),
    };
    Ok(Said { list, session, config: Some(config), remarks })
}

/// Whether revarch shows an address no credentials.
fn is_stranger(server: &Server) -> bool {
    match &server.transport {
        Transport::Stdio { .. } => false,
        Transport::Http(http) => {
            http.bearer_env.is_none() && http.headers_env.is_empty() && http.given.is_empty()
        }
    }
}

/// A server of the operator's configuration, as the rules about configurations see it.
fn configured(server: &Server) -> Configured {
    let named = |name: &String| Credential { name: name.clone(), value: None };
    match &server.transport {
        Transport::Stdio { command, args, env, given } => Configured {
            launch: Launch::Program { command: command.clone(), args: args.clone() },
            credentials: env.iter().chain(given.keys()).map(named).collect(),
        },
        Transport::Http(http) => Configured {
            launch: Launch::Address { url: http.url.clone() },
            credentials: http.headers_env.keys().chain(http.given.keys()).map(named).collect(),
        },
    }
}
