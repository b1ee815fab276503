//! The stack put together from names, pasted lists and servers that were asked.

use super::{
    PastedList,
    servers::{Failure, Held, Inspected, Said},
};
use crate::{Platforms, tool::ToolError};
use revarch_domain::coverage::{
    audit::{Audited, Ground, LiveServer},
    grade::Session,
    inspection::inspect,
    resolve::Resolution,
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

/// The stack, ready to be audited.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) audited: Vec<Audited>,
    pub(super) readings: Vec<Reading>,
    pub(super) held: Vec<Held>,
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
    names: &[String],
    pasted: &[PastedList],
    inspected: Vec<Inspected>,
    platforms: &Platforms,
) -> Result<Stack, ToolError> {
    let mut builder =
        Builder { platforms, audited: Vec::new(), readings: Vec::new(), named: Vec::new(), held: Vec::new() };
    for name in names {
        builder.place(name, Place::Platforms)?;
    }
    for (index, PastedList { platform, tools_list, server, instructions, scopes }) in
        pasted.iter().enumerate()
    {
        let at = builder.place(platform, Place::ToolsLists)?;
        let list = parse(tools_list, index, platform)?;
        let session =
            Session { instructions: instructions.clone(), scopes: scopes.clone(), ..Session::default() };
        let name = server.clone().unwrap_or_else(|| builder.key(at));
        builder.hold(name, at, Ground::Pasted, Said { list, session, config: None, remarks: Vec::new() });
    }
    let mut failures = Vec::new();
    for Inspected { server, platform, said } in inspected {
        let at = builder.place(&platform, Place::Inspect)?;
        match said {
            Ok(said) => builder.hold(server, at, Ground::Inspected, said),
            Err(failure) => failures.push(failure),
        }
    }
    builder.give();
    let Builder { audited, readings, held, .. } = builder;
    Ok(Stack { audited, readings, held, failures })
}

fn parse(value: &Value, index: usize, platform: &str) -> Result<ToolsList, ToolError> {
    tools_list::parse(value).map_err(|error| {
        ToolError::input(format!("cannot read `tools_lists[{index}].tools_list` of `{platform}`: {error}"))
            .hint(format!("expected is {EXPECTED}"))
    })
}

struct Builder<'a> {
    platforms: &'a Platforms,
    audited: Vec<Audited>,
    readings: Vec<Reading>,
    named: Vec<(usize, Place, String)>,
    held: Vec<Held>,
}

impl Builder<'_> {
    /// The place of a platform in the stack, made if it is not there yet.
    fn place(&mut self, asked: &str, place: Place) -> Result<usize, ToolError> {
        if asked.trim().is_empty() {
            return Err(ToolError::input("a platform's name is empty").hint("name it or leave it out"));
        }
        let (platform, ground, candidates) = match self.platforms.resolve(asked) {
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

    /// A platform may stand among the platforms and have one pasted list or servers that are asked, and nothing
    /// more.
    fn refuse_twice(&self, at: usize, asked: &str, place: Place) -> Result<(), ToolError> {
        let before = |wanted: Place| {
            let mut named = self.named.iter().filter(|(other, place, _)| *other == at && *place == wanted);
            named.next().map(|(.., name)| name.as_str())
        };
        let name = &self.audited[at].name;
        let message = match (place, before(place)) {
            (Place::Platforms, Some(first)) => {
                format!("`{first}` and `{asked}` in `platforms` are both {name}")
            }
            (Place::ToolsLists, Some(first)) => {
                format!("`tools_lists` holds two lists for {name}: `{first}` and `{asked}`")
            }
            (Place::Inspect, _) if before(Place::ToolsLists).is_some() => {
                let message = format!("{name} has a list in `tools_lists` and a server in `inspect`");
                return Err(ToolError::input(message)
                    .hint("keep the server to see what it lists now, or the list alone"));
            }
            _ => return Ok(()),
        };
        Err(ToolError::input(message).hint("name each platform once; join its lists into one"))
    }

    fn key(&self, at: usize) -> String {
        let audited = &self.audited[at];
        audited.platform.map_or_else(|| audited.name.clone(), |platform| platform.id.clone())
    }

    fn hold(&mut self, server: String, at: usize, ground: Ground, said: Said) {
        let Said { list, session, config, remarks } = said;
        let platform = self.audited[at].platform.map(|platform| platform.id.as_str());
        let inspection = inspect(&list, platform);
        self.held.push(Held { server, at, ground, list, inspection, session, config, remarks });
    }

    /// Gives each platform what its servers offer together.
    fn give(&mut self) {
        for (at, audited) in self.audited.iter_mut().enumerate() {
            let mut own = self.held.iter().filter(|held| held.at == at);
            let Some(first) = own.next() else { continue };
            let mut more = own.peekable();
            let inspection = if more.peek().is_none() {
                first.inspection.clone()
            } else {
                let mut all = first.list.clone();
                for held in more {
                    all.tools.extend(held.list.tools.iter().cloned());
                    all.has_more_pages |= held.list.has_more_pages;
                }
                inspect(&all, audited.platform.map(|platform| platform.id.as_str()))
            };
            audited.live = Some(LiveServer { ground: first.ground, inspection });
        }
    }
}
