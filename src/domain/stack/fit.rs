//! What a stack has of the published foundation and combinations.

use super::{
    published::{Combination, Foundation, Part, published},
    tool::{StackTool, Use},
};

/// Whether a stack has a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A tool of its category that is not known to lie idle.
    Covered,
    /// Only tools of its category that nobody uses.
    Idle,
    /// Only tools of a category near to it.
    Near,
    /// No tool, in a list that is the whole stack.
    Missing,
    /// No tool, in a list that is not the whole stack, or no category of the catalog stands for the part.
    Unknown,
}

impl Presence {
    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Idle => "idle",
            Self::Near => "near",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// A part and what the stack has of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The part.
    pub part: &'static Part,
    /// Whether the stack has it.
    pub presence: Presence,
    /// The tools it is held by, or that come near, by key.
    pub tools: Vec<String>,
}

/// What a stack has.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Of the five foundation categories.
    pub foundation: Vec<(&'static Foundation, Held)>,
    /// Of each combination.
    pub combinations: Vec<(&'static Combination, Vec<Held>)>,
}

impl Fit {
    pub(super) fn of(tools: &[StackTool], is_whole: bool) -> Self {
        let held = |part: &'static Part| held(part, tools, is_whole);
        let foundation = published().foundation.iter().map(|one| (one, held(&one.part)));
        let combinations =
            published().combinations.iter().map(|one| (one, one.parts.iter().map(held).collect()));
        Self { foundation: foundation.collect(), combinations: combinations.collect() }
    }

    /// The foundation category that only this tool, which nobody uses, stands for.
    pub(super) fn rests_on(&self, key: &str) -> Option<&str> {
        let idle = self.foundation.iter().filter(|(_, held)| held.presence == Presence::Idle);
        let mut own = idle.filter(|(_, held)| held.tools.iter().any(|tool| tool == key));
        own.next().map(|(foundation, _)| foundation.part.name.as_str())
    }
}

fn held(part: &'static Part, tools: &[StackTool], is_whole: bool) -> Held {
    let of = |categories: &[String]| -> Vec<&StackTool> {
        tools.iter().filter(|tool| categories.iter().any(|category| tool.covers(category))).collect()
    };
    let (own, near) = (of(&part.categories), of(&part.near));
    let is_idle = |tool: &&StackTool| !tool.is_kept && tool.usage() == Use::None;
    // Nobody knows what a tool without a category does.
    let is_known =
        is_whole && !part.categories.is_empty() && tools.iter().all(|tool| !tool.categories.is_empty());
    let (presence, holders) = match (own.is_empty(), near.is_empty()) {
        (false, _) if own.iter().all(is_idle) => (Presence::Idle, own),
        (false, _) => (Presence::Covered, own.into_iter().filter(|tool| !is_idle(tool)).collect()),
        (true, false) => (Presence::Near, near),
        (true, true) if is_known => (Presence::Missing, Vec::new()),
        (true, true) => (Presence::Unknown, Vec::new()),
    };
    Held { part, presence, tools: holders.into_iter().map(|tool| tool.key.clone()).collect() }
}
