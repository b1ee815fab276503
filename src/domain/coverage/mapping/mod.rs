//! Which operations a tool offers, read from its name, description, schema and hints.
//!
//! # Design
//!
//! Names of tools follow habits closely enough that a few declared rules read most of them. A name is taken
//! apart into verb and nouns (`name`), the nouns into an object (`noun`), and the description's first sentence
//! likewise (`sentence`). Some names follow habits of their own (`special`); the others are read as they stand
//! (`phrase`), one or many (`number`), and once more for each action or record that the arguments list
//! (`arguments`). A word of several meanings, such as `group`, is read by what else the server speaks of.
//!
//! Where a rule guesses, its confidence says so (`guess`), and only a reading of high confidence counts as
//! evidence. No rule knows a server; `gold` tells how often the rules are right. A tool that
//! takes any call (`api_request`, `call_function`) tells nothing about what lies behind it, so it is opaque
//! and credits nothing and denies nothing. Hints about safety are the server's own claim: they may raise an
//! effect, and where they contradict the verb both are told.

mod arguments;
mod effect;
mod guess;
mod name;
mod noun;
mod number;
mod phrase;
mod sentence;
mod special;

use super::{
    taxonomy::{Effect, Operation},
    tools_list::{ListedTool, ToolsList},
};
use name::Reader;

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
    /// A get whose description says that it lists.
    ListsByDescription,
    /// The last noun is a part of the object before it, or its types.
    PartOfObject,
    /// The word means something else on other platforms.
    OtherMeaning,
    /// The last noun is a kind of reading: performance, report, transcript, size.
    KindOfReading,
    /// Adding something to, or removing it from, a container is an operation of the container.
    Container,
    /// The tool teaches how something is done rather than doing it.
    Documentation,
    /// A step of an upload creates what is uploaded.
    Upload,
    /// A required argument is the id of the object.
    ObjectFromArgument,
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
            Self::ListsByDescription => "the description says that it lists",
            Self::PartOfObject => "last noun is a part of the object before it",
            Self::OtherMeaning => "the word means something else on other platforms",
            Self::KindOfReading => "last noun names a kind of reading",
            Self::Container => "adding to or removing from a container",
            Self::Documentation => "teaches rather than does",
            Self::Upload => "a step of an upload",
            Self::ObjectFromArgument => "object from a required id",
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
    let reader = Reader::new(&list.tools, platform);
    list.tools.iter().map(|tool| map_tool(tool, &reader)).collect()
}

fn map_tool(tool: &ListedTool, reader: &Reader<'_>) -> MappedTool {
    let words = reader.words(&tool.name);
    let mut mapped =
        MappedTool { tool: tool.name.clone(), readings: Vec::new(), opaque: false, verb_alone: None };
    if name::is_opaque(&words) {
        mapped.opaque = true;
        return mapped;
    }
    mapped.verb_alone = name::verb_alone(&words);
    if let Some(found) = reader.read(&words, tool) {
        let all = arguments::expand(found, &tool.input_schema, tool.description.as_deref());
        for (operation, mut confidence, mut rules) in all {
            let effect = effect::of(&operation, tool.annotations.as_ref(), &mut rules, &mut confidence);
            mapped.readings.push(Reading { operation, effect, confidence, rules });
        }
    }
    mapped
}

#[cfg(test)]
mod gold;
#[cfg(test)]
mod tests;
