//! The stack put together from names, pasted lists and inspected servers.

use super::{Inspected, PastedList};
use crate::tool::ToolError;
use revarch_domain::coverage::{
    audit::{Audited, Ground, LiveServer},
    inspection::inspect,
    resolve::{Resolution, resolve},
    tools_list::{self, EXPECTED, ToolsList},
};
use serde_json::Value;

/// How a name was read.
#[derive(Debug)]
pub(super) struct Reading {
    /// The name as it was given.
    pub(super) asked: String,
    /// The index of the platform in the stack.
    pub(super) at: usize,
    /// Why it was taken for that platform, and how sure that is; nothing when no platform was found.
    pub(super) ground: Option<(&'static str, &'static str)>,
    /// Platforms that may be meant instead.
    pub(super) candidates: Vec<String>,
}

/// A server that was asked and did not list its tools.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) server: String,
    pub(super) error: String,
    pub(super) hint: String,
}

/// The stack, ready to be audited.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) audited: Vec<Audited>,
    pub(super) readings: Vec<Reading>,
    pub(super) failures: Vec<Failure>,
}

/// Where in the arguments a platform was named, for messages and for telling repetitions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Platforms,
    ToolsLists,
    Inspect,
}

pub(super) fn assemble(
    platforms: &[String],
    pasted: &[PastedList],
    inspected: Vec<Inspected>,
) -> Result<Stack, ToolError> {
    let mut builder = Builder { audited: Vec::new(), readings: Vec::new(), named: Vec::new() };
    for name in platforms {
        builder.place(name, Place::Platforms)?;
    }
    for (index, PastedList { platform, tools_list }) in pasted.iter().enumerate() {
        let at = builder.place(platform, Place::ToolsLists)?;
        builder.give(at, Ground::Pasted, &parse(tools_list, index, platform)?);
    }
    let mut failures = Vec::new();
    for Inspected { server, platform, listed } in inspected {
        let at = builder.place(&platform, Place::Inspect)?;
        match listed.map(|tools| tools_list::parse(&Value::Array(tools))) {
            Ok(Ok(list)) => builder.give(at, Ground::Inspected, &list),
            Ok(Err(error)) => failures.push(Failure {
                server,
                error: error.to_string(),
                hint: "paste the server's tools/list answer under `tools_lists` instead".to_owned(),
            }),
            Err(error) => failures.push(Failure { server, hint: error.hint(), error: error_chain(&error) }),
        }
    }
    let Builder { audited, readings, .. } = builder;
    Ok(Stack { audited, readings, failures })
}

fn error_chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn parse(value: &Value, index: usize, platform: &str) -> Result<ToolsList, ToolError> {
    tools_list::parse(value).map_err(|error| {
        ToolError::input(format!("cannot read `tools_lists[{index}].tools_list` of `{platform}`: {error}"))
            .hint(format!("expected is {EXPECTED}"))
    })
}

struct Builder {
    audited: Vec<Audited>,
    readings: Vec<Reading>,
    named: Vec<(usize, Place, String)>,
}

impl Builder {
    /// The place of a platform in the stack, made if it is not there yet.
    fn place(&mut self, asked: &str, place: Place) -> Result<usize, ToolError> {
        if asked.trim().is_empty() {
            return Err(ToolError::input("a platform's name is empty").hint("name it or leave it out"));
        }
        let (platform, ground, candidates) = match resolve(asked) {
            Resolution::Known { platform, ground } => {
                (Some(platform), Some((ground.words(), ground.confidence())), Vec::new())
            }
            Resolution::Unsure { candidates } => {
                (None, None, candidates.into_iter().map(|platform| platform.name.clone()).collect())
            }
            Resolution::Unknown => (None, None, Vec::new()),
        };
        let known = self.audited.iter().position(|audited| match (audited.platform, platform) {
            (Some(one), Some(other)) => one.id == other.id,
            (None, None) => audited.name.eq_ignore_ascii_case(asked.trim()),
            _ => false,
        });
        let Some(at) = known else {
            let at = self.audited.len();
            let name = platform.map_or_else(|| asked.trim().to_owned(), |platform| platform.name.clone());
            self.audited.push(Audited { name, platform, live: None });
            self.readings.push(Reading { asked: asked.to_owned(), at, ground, candidates });
            self.named.push((at, place, asked.to_owned()));
            return Ok(at);
        };
        self.refuse_twice(at, asked, place)?;
        self.named.push((at, place, asked.to_owned()));
        Ok(at)
    }

    /// A platform may stand among the platforms and have one list, and nothing more.
    fn refuse_twice(&self, at: usize, asked: &str, place: Place) -> Result<(), ToolError> {
        let before = |wanted: Place| {
            let mut named = self.named.iter().filter(|(other, place, _)| *other == at && *place == wanted);
            named.next().map(|(.., name)| name.as_str())
        };
        let name = &self.audited[at].name;
        if let Some(first) = before(place) {
            let message = match place {
                Place::Platforms => format!("`{first}` and `{asked}` in `platforms` are both {name}"),
                Place::ToolsLists => {
                    format!("`tools_lists` holds two lists for {name}: `{first}` and `{asked}`")
                }
                Place::Inspect => format!("two servers of `inspect` belong to {name}"),
            };
            return Err(ToolError::input(message).hint("name each platform once; join its lists into one"));
        }
        if place == Place::Inspect && before(Place::ToolsLists).is_some() {
            let message = format!("{name} has a list in `tools_lists` and a server in `inspect`");
            return Err(
                ToolError::input(message).hint("keep the server to see what it lists now, or the list alone")
            );
        }
        Ok(())
    }

    fn give(&mut self, at: usize, ground: Ground, list: &ToolsList) {
        let audited = &mut self.audited[at];
        let inspection = inspect(list, audited.platform.map(|platform| platform.id.as_str()));
        audited.live = Some(LiveServer { ground, inspection });
    }
}
