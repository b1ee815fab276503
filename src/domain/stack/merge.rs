//! Which of several tools with one job stays.
//!
//! # Design
//!
//! Use decides, and where it is equal the number of systems connected, then the MCP server, then the name. Costs do
//! not: a tool that everybody uses is not given up because another is cheaper, and a cost that becomes known must
//! not turn a plan around. A tool whose use is not known neither wins nor loses.

use super::{
    overlap::{Overlap, Sameness},
    tool::{StackTool, Use},
};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// What comes of overlaps.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// The tools that another takes over from, by key, with that other's key and why.
    pub(super) into: BTreeMap<String, (String, Sameness)>,
    /// Tools whose use has to be measured in the same way before one of them can be chosen.
    pub(super) incomparable: BTreeSet<String>,
}

pub(super) fn merges(tools: &BTreeMap<&str, &StackTool>, overlaps: &[Overlap]) -> Merges {
    let mut merges = Merges::default();
    for overlap in overlaps.iter().filter(|overlap| overlap.sameness != Sameness::Open) {
        let members = overlap.tools.iter().filter_map(|key| tools.get(key.as_str()).copied());
        let in_use: Vec<&StackTool> = members
            .filter(|tool| tool.is_kept || matches!(tool.usage(), Use::Some { .. }))
            .filter(|tool| !merges.into.contains_key(&tool.key))
            .collect();
        merges.choose(&in_use, overlap.sameness);
    }
    merges.follow();
    merges
}

impl Merges {
    /// Chooses the one of several tools in use that stays.
    fn choose(&mut self, in_use: &[&StackTool], sameness: Sameness) {
        let (suites, tools) = without_suites(in_use, sameness);
        let Some(measure) = Measure::of(&tools) else {
            self.incomparable.extend(in_use.iter().map(|tool| tool.key.clone()));
            return;
        };
        let Some(best) = tools.iter().max_by(|one, other| measure.compare(one, other)) else { return };
        for tool in tools.iter().filter(|tool| tool.key != best.key && !tool.is_kept) {
            // A suite is not given up for a tool that does a part of its work.
            if tool.categories.iter().all(|category| best.covers(category)) {
                self.into.insert(tool.key.clone(), (best.key.clone(), sameness));
            }
        }
        // No more people use a part of a suite than use the suite.
        let is_behind =
            |suite: &StackTool| users(suite).zip(users(best)).is_some_and(|(suite, best)| suite <= best);
        let open: Vec<&&StackTool> = suites.iter().filter(|suite| !is_behind(suite)).collect();
        if !open.is_empty() {
            self.incomparable.extend(open.into_iter().chain([best]).map(|tool| tool.key.clone()));
        }
    }

    /// A tool whose successor has a successor goes to the last one. None of them comes back to where it began,
    /// since a tool that has a successor never becomes one.
    fn follow(&mut self) {
        let before = self.into.clone();
        for (next, _) in self.into.values_mut() {
            for _ in 0..before.len() {
                let Some((further, _)) = before.get(next) else { break };
                next.clone_from(further);
            }
        }
        let Self { into, incomparable } = self;
        incomparable.retain(|key| !into.contains_key(key));
    }
}

/// The suites of a group, and the others. The users of a suite are not those of the part of it that does this job,
/// unless the caller says that the job is the same, or has decided the matter.
fn without_suites<'a>(
    in_use: &[&'a StackTool],
    sameness: Sameness,
) -> (Vec<&'a StackTool>, Vec<&'a StackTool>) {
    let fewest = in_use.iter().map(|tool| tool.categories.len()).min().unwrap_or(0);
    let is_guess = sameness == Sameness::OneJobCategory && !in_use.iter().any(|tool| tool.is_kept);
    in_use.iter().partition(|tool| is_guess && tool.categories.len() > fewest)
}

/// The measure of use that all tools of a group have.
#[derive(Clone, Copy)]
enum Measure {
    Kept,
    Users,
    Share,
}

impl Measure {
    /// Nothing where several tools are in use and no measure is known of them all.
    fn of(tools: &[&StackTool]) -> Option<Self> {
        let has = |wanted: fn(&StackTool) -> bool| tools.iter().all(|tool| wanted(tool));
        if tools.len() < 2 || tools.iter().any(|tool| tool.is_kept) {
            Some(Self::Kept)
        } else if has(|tool| users(tool).is_some()) {
            Some(Self::Users)
        } else if has(|tool| share(tool).is_some()) {
            Some(Self::Share)
        } else {
            None
        }
    }

    fn compare(self, one: &StackTool, other: &StackTool) -> Ordering {
        let by_use = match self {
            Self::Kept => one.is_kept.cmp(&other.is_kept).then(users(one).cmp(&users(other))),
            Self::Users => users(one).cmp(&users(other)),
            Self::Share => share(one).unwrap_or(0.0).total_cmp(&share(other).unwrap_or(0.0)),
        };
        let links = |tool: &StackTool| tool.links.as_ref().map_or(0, Vec::len) + tool.outside_links;
        by_use
            .then(links(one).cmp(&links(other)))
            // Statuses are ordered from the best down; a status nobody has looked up comes last.
            .then_with(|| match (one.mcp, other.mcp) {
                (Some(one), Some(other)) => other.cmp(&one),
                (one, other) => one.is_some().cmp(&other.is_some()),
            })
            .then(other.key.cmp(&one.key))
    }
}

fn users(tool: &StackTool) -> Option<u64> {
    match tool.usage() {
        Use::Some { users, .. } => users,
        Use::None | Use::Unknown => None,
    }
}

fn share(tool: &StackTool) -> Option<f64> {
    match tool.usage() {
        Use::Some { share, .. } => share,
        Use::None | Use::Unknown => None,
    }
}
