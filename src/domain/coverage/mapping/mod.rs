//! Which operations a tool offers, read from its name, description, schema and hints.
//!
//! # Design
//!
//! Names of tools follow habits closely enough that a few declared rules read most of them; where a rule
//! guesses, its confidence says so, and only a reading of high confidence counts as evidence. A tool that
//! takes any call (`api_request`, `call_function`) tells nothing about what lies behind it, so it is opaque
//! and credits nothing and denies nothing. Hints about safety are the server's own claim: they may raise an
//! effect, and where they contradict the verb both are told.

mod arguments;
mod effect;
mod phrase;

use super::{
    taxonomy::{Effect, Operation},
    tools_list::{ListedTool, ToolsList},
    words,
};
use phrase::Reader;
use std::collections::BTreeMap;

/// How sure a reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A guess that counts for nothing until somebody confirms it.
    Low,
    /// Likely; counts as implied.
    Medium,
    /// Verb and object stand in the name; counts as evidence.
    High,
}

impl Confidence {
    /// The confidence's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A rule by which a reading was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The name holds a known verb and ends its noun phrase in a known object.
    NameVerbAndObject,
    /// The object's word means something of its own on this platform.
    PlatformWord,
    /// The verb was found in the description.
    VerbFromDescription,
    /// The object was found in the description.
    ObjectFromDescription,
    /// The last noun of the name is not known, and an earlier one was taken.
    HeadNounUnknown,
    /// A get with a plural noun lists.
    PluralGet,
    /// The last noun is a kind of reading: performance, report, transcript, size.
    KindOfReading,
    /// Adding something to, or removing it from, a container is an operation of the container.
    Container,
    /// Subscribing to marketing or a topic changes consent.
    Consent,
    /// Changing a deal's stage.
    DealStage,
    /// A query language reads whatever the platform holds.
    QueryLanguage,
    /// An argument with a list of actions makes one operation of each.
    ActionArgument,
    /// A generic record tool names the objects it takes.
    ObjectArgument,
    /// The tool takes any call.
    Opaque,
    /// The server says that the tool only reads.
    ReadOnlyHint,
    /// The server says that the tool may destroy.
    DestructiveHint,
    /// The verb and the server's hint contradict each other.
    HintConflict,
}

impl Rule {
    /// The rule in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NameVerbAndObject => "verb and object from the name",
            Self::PlatformWord => "the word has its own meaning on this platform",
            Self::VerbFromDescription => "verb from the description",
            Self::ObjectFromDescription => "object from the description",
            Self::HeadNounUnknown => "last noun unknown, an earlier one taken",
            Self::PluralGet => "a get with a plural noun lists",
            Self::KindOfReading => "last noun names a kind of reading",
            Self::Container => "adding to or removing from a container",
            Self::Consent => "subscribing changes consent",
            Self::DealStage => "changes a deal's stage",
            Self::QueryLanguage => "a query language",
            Self::ActionArgument => "one operation per listed action",
            Self::ObjectArgument => "one operation per listed object",
            Self::Opaque => "takes any call, so tells nothing",
            Self::ReadOnlyHint => "marked read-only by the server",
            Self::DestructiveHint => "marked destructive by the server",
            Self::HintConflict => "name and hint contradict each other",
        }
    }
}

/// One operation that a tool offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The operation.
    pub operation: Operation,
    /// What it does to the world.
    pub effect: Effect,
    /// How sure the reading is.
    pub confidence: Confidence,
    /// The rules that led to it.
    pub rules: Vec<Rule>,
}

/// A tool and what it was read to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedTool {
    /// The tool's name.
    pub tool: String,
    /// The operations; none when the tool is opaque or could not be read.
    pub readings: Vec<Reading>,
    /// Whether it takes any call.
    pub opaque: bool,
    /// The verb, when the name says nothing else: a tool called `search` may search anything.
    pub verb_alone: Option<String>,
}

/// Reads every tool of a list. `platform` is the catalog's id of the platform it belongs to, if known.
pub fn map_list(list: &ToolsList, platform: Option<&str>) -> Vec<MappedTool> {
    let reader = Reader { platform, prefix: common_prefix(&list.tools) };
    list.tools.iter().map(|tool| map_tool(tool, &reader)).collect()
}

fn map_tool(tool: &ListedTool, reader: &Reader<'_>) -> MappedTool {
    let words = reader.words(&tool.name);
    let mut mapped =
        MappedTool { tool: tool.name.clone(), readings: Vec::new(), opaque: false, verb_alone: None };
    if phrase::is_opaque(&words) {
        mapped.opaque = true;
        return mapped;
    }
    mapped.verb_alone = phrase::verb_alone(&words);
    if let Some(found) = reader.read(&words, tool) {
        let all = arguments::expand(found, &tool.input_schema, tool.description.as_deref());
        for (operation, mut confidence, mut rules) in all {
            let effect = effect::of(&operation, tool.annotations.as_ref(), &mut rules, &mut confidence);
            mapped.readings.push(Reading { operation, effect, confidence, rules });
        }
    }
    mapped
}

/// The word with which nearly all names of a server begin, which is then the server's own name.
fn common_prefix(tools: &[ListedTool]) -> Option<String> {
    let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
    for tool in tools {
        let mut words = words::split(&tool.name).into_iter();
        if let (Some(first), Some(_)) = (words.next(), words.next()) {
            *firsts.entry(first).or_default() += 1;
        }
    }
    let (word, count) = firsts.into_iter().max_by_key(|(_, count)| *count)?;
    let is_prefix = tools.len() >= 3 && count * 10 >= tools.len() * 9 && !phrase::is_verb(&word);
    is_prefix.then_some(word)
}

#[cfg(test)]
mod tests;
