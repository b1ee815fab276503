//! Which tools do we keep, retire, merge, add?
//!
//! Each tool is judged by its use, by the tools that do the same job and by what is connected to it; the stack as a
//! whole is held against the published foundation, combinations and sizes. What is saved is computed from the costs
//! that were given.
//!
//! # Design
//!
//! A tool whose use is not known is never given up: the result says what to measure. A tool that nobody uses and
//! that exchanges data may be one that no person is meant to see, so its traffic is measured first.

mod addition;
mod decision;
mod fit;
mod merge;
mod outcome;
mod overlap;
mod published;
mod rules;
mod savings;
mod size;
mod tool;

pub use addition::Addition;
pub use fit::{Fit, Held, Presence};
pub use outcome::{Decision, Outcome, When};
pub use overlap::{Overlap, Sameness};
pub use published::{Combination, Foundation, Part, Published, published};
pub use rules::{OneJob, Rules, Threshold, rules};
pub use savings::Savings;
pub use size::{MeanUse, SizeStanding};
pub use tool::{StackError, StackTool, Use};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use decision::Ground;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A stack to be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// The tools.
    pub tools: Vec<StackTool>,
    /// Whether these are all tools of the stack; if not, what is not listed is unknown and not missing.
    pub is_whole: bool,
    /// The day of the judgement.
    pub today: Date,
    /// Use below this share is low, in percent; revarch's own threshold unless given.
    pub low_use_percent: Option<f64>,
}

/// A stack that has been judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Rationalization {
    /// What becomes of each tool: those that go first, and by name.
    pub decisions: Vec<Decision>,
    /// Tools that do the same job, or may.
    pub overlaps: Vec<Overlap>,
    /// What the stack has of the published foundation and combinations.
    pub fit: Fit,
    /// Foundation categories that the stack lacks.
    pub additions: Vec<Addition>,
    /// How many tools there are, and how many if every retirement and merge came about.
    pub tools: (usize, usize),
    /// Where the number of tools stands now and would stand then.
    pub size: (SizeStanding, SizeStanding),
    /// The mean share in use.
    pub mean_use: Option<MeanUse>,
    /// What could be saved a year.
    pub savings: Savings,
}

/// Judges a stack.
pub fn rationalize(stack: &Stack) -> Result<Rationalization, StackError> {
    let Stack { tools, is_whole, today, low_use_percent } = stack;
    tool::check(tools)?;
    let low_use_percent = low_use_percent.unwrap_or(rules().low_use_percent.value);
    if !(0.0..=100.0).contains(&low_use_percent) {
        return Err(StackError::LowUse { percent: low_use_percent });
    }
    let mut tools = tools.clone();
    tools.sort_by(|one, other| one.key.cmp(&other.key));
    let by_key: BTreeMap<&str, &StackTool> = tools.iter().map(|tool| (tool.key.as_str(), tool)).collect();
    let mut naming: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for tool in &tools {
        for link in tool.links.iter().flatten() {
            naming.entry(link).or_default().push(&tool.key);
        }
    }
    let overlaps = overlap::overlaps(&tools);
    let fit = Fit::of(&tools, *is_whole);
    let merges = merge::merges(&by_key, &overlaps);
    let ground = Ground {
        tools: by_key,
        naming,
        overlaps: &overlaps,
        merges,
        fit: &fit,
        today: *today,
        low_use_percent,
    };
    let mut decisions: Vec<Decision> = tools.iter().map(|tool| ground.decide(tool)).collect();
    decisions.sort_by_key(|decision| (decision.outcome, !decision.is_certain));
    let going =
        decisions.iter().filter(|one| matches!(one.outcome, Outcome::Retire | Outcome::Merge)).count();
    let then = tools.len() - going;
    Ok(Rationalization {
        savings: savings::savings(&ground.tools, &decisions),
        size: (SizeStanding::of(tools.len(), *is_whole), SizeStanding::of(then, *is_whole)),
        tools: (tools.len(), then),
        mean_use: size::mean_use(&tools),
        decisions,
        additions: addition::additions(&fit),
        overlaps,
        fit,
    })
}
