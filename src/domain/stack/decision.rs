//! What becomes of each tool, why, under which conditions and when.

use super::{
    fit::Fit,
    merge::Merges,
    outcome::{Decision, Outcome, When},
    overlap::{Overlap, Sameness},
    tool::{StackTool, Use},
};
use crate::coverage::catalog::Status;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What decisions are made from.
pub(super) struct Ground<'a> {
    pub(super) tools: BTreeMap<&'a str, &'a StackTool>,
    /// The tools that say they exchange data with a tool, by that tool.
    pub(super) naming: BTreeMap<&'a str, Vec<&'a str>>,
    pub(super) overlaps: &'a [Overlap],
    pub(super) merges: Merges,
    pub(super) fit: &'a Fit,
    pub(super) today: Date,
    pub(super) low_use_percent: f64,
}

impl Ground<'_> {
    pub(super) fn decide(&self, tool: &StackTool) -> Decision {
        let mut decision = Decision {
            key: tool.key.clone(),
            outcome: Outcome::Keep,
            into: None,
            reasons: Vec::new(),
            conditions: Vec::new(),
            measure: Vec::new(),
            when: None,
            is_little_used: false,
            is_certain: false,
        };
        match (tool.is_kept, tool.usage()) {
            (true, _) => decision.reasons.push("you said that it stays".to_owned()),
            (false, Use::Unknown) => self.ask_for_use(tool, &mut decision),
            (false, Use::None) => self.retire(tool, &mut decision),
            (false, Use::Some { users, share }) => {
                decision.reasons.push(in_use(users, share));
                match self.merges.into.get(&tool.key) {
                    Some((into, sameness)) => self.merge(tool, into, *sameness, &mut decision),
                    None => self.keep(tool, share, &mut decision),
                }
            }
        }
        if matches!(decision.outcome, Outcome::Retire | Outcome::Merge) {
            decision.when = Some(self.when(tool));
        }
        decision
    }

    fn ask_for_use(&self, tool: &StackTool, decision: &mut Decision) {
        decision.outcome = Outcome::Measure;
        decision.reasons.push("nobody has said how much it is used".to_owned());
        decision.measure.push("people who signed in during the last 90 days".to_owned());
        if tool.seats.is_none() {
            decision.measure.push("seats that are paid for".to_owned());
        }
        let others = self.same_job(&tool.key);
        if !others.is_empty() {
            decision.reasons.push(format!("{} may do the same job", self.names(&others)));
        }
    }

    fn retire(&self, tool: &StackTool, decision: &mut Decision) {
        let linked = self.linked(tool);
        decision.reasons.push("nobody uses it".to_owned());
        if !linked.is_empty() || tool.outside_links > 0 {
            let named = self.names(&linked);
            let outside = if tool.outside_links > 0 { "systems outside this list" } else { "" };
            let and = if linked.is_empty() || outside.is_empty() { "" } else { " and " };
            decision.outcome = Outcome::Measure;
            decision
                .reasons
                .push(format!("it exchanges data with {named}{and}{outside}, which people do not see"));
            decision.measure.push("records that passed through it in the last 90 days".to_owned());
            return;
        }
        decision.outcome = Outcome::Retire;
        decision.is_certain = true;
        if tool.links.is_none() {
            decision.is_certain = false;
            decision.conditions.push("find out whether any system exchanges data with it".to_owned());
        }
        if let Some(name) = self.fit.rests_on(&tool.key) {
            decision.is_certain = false;
            let condition = format!(
                "no tool in use stands for {name}, a foundation category: decide first whether to use this one"
            );
            decision.conditions.push(condition);
        }
        decision.conditions.push("export what has to be kept".to_owned());
    }

    fn merge(&self, tool: &StackTool, into: &str, sameness: Sameness, decision: &mut Decision) {
        let best = self.name(into);
        decision.outcome = Outcome::Merge;
        decision.into = Some(into.to_owned());
        decision.reasons.push(match sameness {
            Sameness::Stated => format!("{best} does the same job, as you said, and is used more"),
            Sameness::SameProduct => format!("{best} is the same product and is used more"),
            Sameness::OneJobCategory | Sameness::Open => {
                format!(
                    "{best} is of the same category, in which two tools mostly do one job, and is used more"
                )
            }
        });
        if self.tools.get(into).is_some_and(|best| best.is_kept) {
            let last = decision.reasons.len() - 1;
            decision.reasons[last] = format!("{best} does the same job, and you said that it stays");
        }
        if sameness == Sameness::OneJobCategory {
            decision.conditions.push(format!("confirm that {best} can do what it is used for"));
        }
        decision
            .conditions
            .push(format!("move its data and its users to {best}, and count the seats they take there"));
        let linked = self.linked(tool);
        if !linked.is_empty() {
            decision.conditions.push(format!("connect {} with {best} instead", self.names(&linked)));
        }
        let is_reached = |key: &str| self.tools.get(key).and_then(|tool| tool.mcp);
        if matches!(tool.mcp, Some(Status::OfficialGa | Status::OfficialBeta))
            && matches!(is_reached(into), Some(Status::NoneFound))
        {
            decision
                .conditions
                .push(format!("agents can reach it over MCP, and no server was found for {best}"));
        }
    }

    fn keep(&self, tool: &StackTool, share: Option<f64>, decision: &mut Decision) {
        let others = self.same_job(&tool.key);
        if self.merges.incomparable.contains(&tool.key) {
            decision.outcome = Outcome::Measure;
            decision.reasons.push(format!(
                "{} may do the same job, and their use for it cannot be compared",
                self.names(&others)
            ));
            decision.measure.push("people who used each of them for this job in the last 90 days".to_owned());
            let suite = "list the part of a suite that does it as a tool of its own (`instance`), or give both the same `job`";
            decision.conditions.push(suite.to_owned());
            return;
        }
        if share.is_some_and(|share| share < self.low_use_percent) {
            decision.is_little_used = true;
            decision.reasons.push(format!("its use is low: below {:.0}%", self.low_use_percent));
            decision
                .conditions
                .push("raise its use, buy fewer seats or drop it before the contract renews".to_owned());
            if let (Some(users), Some(seats)) = (tool.users, tool.seats) {
                decision.reasons.push(format!("{} of {seats} seats are idle", seats - users));
            }
        }
        let open = self.overlaps.iter().filter(|overlap| overlap.sameness == Sameness::Open);
        if open.clone().any(|overlap| overlap.tools.contains(&tool.key)) {
            decision.conditions.push(
                "say what it is for (`job`), since another tool of its category may do the same".to_owned(),
            );
        }
        if tool.mcp == Some(Status::NoneFound) {
            decision.reasons.push("no MCP server was found for it, so agents need another way".to_owned());
        }
        if tool.categories.is_empty() {
            decision
                .conditions
                .push("say which category it is of: nothing could be compared with it".to_owned());
        }
    }

    fn when(&self, tool: &StackTool) -> When {
        match tool.contract_end {
            Some(end) if end >= self.today => When::At(end),
            Some(end) => When::Ended(end),
            None => When::Unknown,
        }
    }

    /// The other tools that do the same job as this one, or are taken to.
    fn same_job(&self, key: &str) -> BTreeSet<&str> {
        let shared = self.overlaps.iter().filter(|overlap| overlap.sameness != Sameness::Open);
        let shared = shared.filter(|overlap| overlap.tools.iter().any(|tool| tool == key));
        shared.flat_map(|overlap| &overlap.tools).map(String::as_str).filter(|other| *other != key).collect()
    }

    /// The tools that exchange data with this one, whichever of the two said so.
    fn linked<'b>(&'b self, tool: &'b StackTool) -> BTreeSet<&'b str> {
        let named = tool.links.iter().flatten().map(String::as_str);
        let naming = self.naming.get(tool.key.as_str()).into_iter().flatten().copied();
        named.chain(naming).filter(|key| *key != tool.key).collect()
    }

    fn name<'b>(&'b self, key: &'b str) -> &'b str {
        self.tools.get(key).map_or(key, |tool| tool.name.as_str())
    }

    fn names(&self, keys: &BTreeSet<&str>) -> String {
        const TOLD: usize = 5;
        let named: Vec<&str> =
            keys.iter().take(TOLD).map(|key| self.tools.get(key).map_or(*key, |tool| &tool.name)).collect();
        let more = keys.len().saturating_sub(TOLD);
        if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
    }
}

fn in_use(users: Option<u64>, share: Option<f64>) -> String {
    match (users, share) {
        (Some(users), Some(share)) => format!("{users} people use it, {share:.0}% of it"),
        (Some(users), None) => format!("{users} people use it"),
        (None, Some(share)) => format!("{share:.0}% of it is in use"),
        (None, None) => "it is in use".to_owned(),
    }
}
