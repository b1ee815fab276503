//! The judgement as the result shows it.

use super::{
    output::{
        AdditionOut, CombinationOut, Counts, Output, OverlapOut, PartOut, SavingsOut, SizeOut, ToolOut,
    },
    place::Reading,
};
use crate::{
    ToolError,
    allocate_budget::ClaimOut,
    page::{Window, fitting},
    wire::{ContradictionOut, Interval, Provenance},
};
use revarch_domain::{
    budget::{Currency, contradictions},
    stack::{
        Addition, Combination, Decision, Fit, Held, MeanUse, Outcome, Overlap, Presence, Rationalization,
        Savings, StackTool, When, published,
    },
};
use std::collections::BTreeMap;

/// What the overlaps of a result that is not paged may take.
const OVERLAPS: usize = 1_500;

/// What the result tells beside the judgement.
pub(super) struct Facts {
    pub(super) tools: Vec<StackTool>,
    pub(super) readings: BTreeMap<String, Reading>,
    pub(super) currency: Currency,
    pub(super) is_whole: bool,
}

impl Facts {
    fn tool(&self, key: &str) -> Option<&StackTool> {
        self.tools.iter().find(|tool| tool.key == key)
    }

    pub(super) fn name<'a>(&'a self, key: &'a str) -> &'a str {
        self.tool(key).map_or(key, |tool| tool.name.as_str())
    }

    pub(super) fn names(&self, keys: &[String]) -> Vec<String> {
        keys.iter().map(|key| self.name(key).to_owned()).collect()
    }
}

pub(super) fn counts(result: &Rationalization) -> Counts {
    let of = |outcome| result.decisions.iter().filter(|decision| decision.outcome == outcome).count();
    Counts {
        tools: result.decisions.len(),
        retire: of(Outcome::Retire),
        merge: of(Outcome::Merge),
        measure: of(Outcome::Measure),
        keep: of(Outcome::Keep),
    }
}

pub(super) fn wire(
    result: Rationalization,
    facts: &Facts,
    detailed: bool,
    from: usize,
) -> Result<Output, ToolError> {
    let counts = counts(&result);
    let remarks = remarks(facts);
    let Rationalization { decisions, overlaps, fit, additions, tools, size, mean_use, savings } = result;
    let Fit { foundation, combinations } = fit;
    let claims: Vec<ClaimOut> = published()
        .claims
        .iter()
        .filter(|claim| detailed || ["core_tools", "utilisation", "first_audit"].contains(&claim.id.as_str()))
        .map(ClaimOut::of)
        .collect();
    let touched = claims.iter().flat_map(|claim| &claim.contradictions);
    let touched = touched.chain(combinations.iter().flat_map(|(one, _)| &one.contradictions));
    let touched = touched.map(String::as_str).chain((!additions.is_empty()).then_some("c10"));
    let contradictions = contradictions(touched).into_iter().map(ContradictionOut::of).collect();
    let mut output = Output {
        counts,
        savings: saved(savings, facts),
        size: SizeOut {
            tools: tools.0,
            then: tools.1,
            standing: size.0.name().to_owned(),
            standing_then: size.1.name().to_owned(),
            mean_use_percent: mean_use.map(|MeanUse { percent, .. }| tenths(percent)),
            use_known: mean_use.map_or(0, |MeanUse { known, .. }| known),
        },
        tools: Vec::new(),
        overlaps: Vec::new(),
        foundation: foundation.into_iter().map(|(_, held)| part(held, facts)).collect(),
        add: additions.into_iter().map(addition).collect(),
        combinations: combinations
            .into_iter()
            .map(|(combination, parts)| combined(combination, parts, facts, detailed))
            .collect(),
        contradictions,
        claims,
        remarks,
        next_cursor: None,
    };
    let is_told = |decision: &Decision| {
        detailed || decision.outcome != Outcome::Keep || !decision.conditions.is_empty()
    };
    let told: Vec<ToolOut> =
        decisions.into_iter().filter(is_told).map(|decision| tool(decision, facts)).collect();
    let overlaps: Vec<OverlapOut> = overlaps.into_iter().map(|one| overlap(one, facts)).collect();
    if !detailed {
        output.overlaps = fitting(overlaps, OVERLAPS);
        let mut window = Window::beside(&output, from, usize::MAX);
        output.tools = window.of(told);
        window.check("tools")?;
        output.next_cursor = window.next();
        return Ok(output);
    }
    let mut window = Window::beside(&output, from, usize::MAX);
    output.tools = window.of(told);
    output.overlaps = window.of(overlaps);
    window.check("tools and overlaps")?;
    output.next_cursor = window.next();
    Ok(output)
}

pub(super) fn remarks(facts: &Facts) -> Vec<String> {
    let mut remarks = Vec::new();
    let unplaced = facts.tools.iter().filter(|tool| tool.categories.is_empty()).count();
    if unplaced > 0 {
        remarks.push(format!(
            "{unplaced} tool(s) have no category, so nothing was compared with them: give `category`, or the name the vendor uses"
        ));
    }
    if !facts.is_whole {
        remarks.push(
            "the list is not said to be the whole stack, so nothing is called missing (`whole_stack`)"
                .to_owned(),
        );
    }
    remarks
}

fn saved(savings: Savings, facts: &Facts) -> SavingsOut {
    let Savings { low, high, known_cost, priced, unpriced } = savings;
    let cents = |amount: f64| (amount * 100.0).round() / 100.0;
    SavingsOut {
        per_year: Interval { low: cents(low), high: cents(high) },
        currency: facts.currency.code().map(str::to_owned),
        known_cost: cents(known_cost),
        priced_tools: priced,
        unpriced_tools: facts.tools.len() - priced,
        unpriced: fitting(facts.names(&unpriced), OVERLAPS),
        provenance: if priced > 0 { Provenance::Attested } else { Provenance::Unknown },
    }
}

fn tool(decision: Decision, facts: &Facts) -> ToolOut {
    let Decision { key, outcome, into, reasons, conditions, measure, when, is_little_used, is_certain } =
        decision;
    let given = facts.tool(&key);
    let reading = facts.readings.get(&key);
    ToolOut {
        name: facts.name(&key).to_owned(),
        verdict: outcome.name().to_owned(),
        into: into.map(|key| facts.name(&key).to_owned()),
        certain: is_certain,
        low_use: is_little_used,
        reasons,
        conditions,
        measure,
        when: when.map(told),
        categories: given.map(|tool| tool.categories.clone()).unwrap_or_default(),
        annual_cost: given.and_then(|tool| tool.annual_cost),
        owner: given.and_then(|tool| tool.owner.clone()),
        mcp: reading.and_then(|reading| reading.mcp.clone()),
        read_as: reading.and_then(|reading| reading.ground).map(str::to_owned),
        did_you_mean: reading.map(|reading| reading.candidates.clone()).unwrap_or_default(),
    }
}

pub(super) fn told(when: When) -> String {
    match when {
        When::At(date) => format!("at the end of its contract on {date}; look up the notice date before it"),
        When::Ended(date) => format!("its contract ended on {date}: find out whether it has renewed itself"),
        When::Unknown => "the end of its contract is unknown: find it first".to_owned(),
    }
}

fn overlap(overlap: Overlap, facts: &Facts) -> OverlapOut {
    let Overlap { category, tools, sameness } = overlap;
    OverlapOut { category, tools: few(&tools, facts), same_job: sameness.name().to_owned() }
}

fn part(held: Held, facts: &Facts) -> PartOut {
    let Held { part, presence, tools } = held;
    PartOut { name: part.name.clone(), presence: presence.name().to_owned(), tools: few(&tools, facts) }
}

/// The first names of some tools, and how many more there are.
fn few(keys: &[String], facts: &Facts) -> Vec<String> {
    const FEW: usize = 8;
    let (first, more) = keys.split_at(keys.len().min(FEW));
    let mut names = facts.names(first);
    names.extend((!more.is_empty()).then(|| format!("and {} more", more.len())));
    names
}

fn addition(addition: Addition) -> AdditionOut {
    let Addition { foundation, reasons, conditions } = addition;
    AdditionOut { name: foundation.part.name.clone(), reasons, conditions }
}

fn combined(combination: &Combination, parts: Vec<Held>, facts: &Facts, detailed: bool) -> CombinationOut {
    let Combination { id: _, name, claimed_return_percent, contradictions, parts: _ } = combination;
    let of = parts.len();
    let is_covered = |held: &Held| held.presence == Presence::Covered;
    let covered = parts.iter().filter(|held| is_covered(held)).count();
    CombinationOut {
        name: name.clone(),
        covered,
        of,
        parts: parts
            .into_iter()
            .filter(|held| detailed || !is_covered(held))
            .map(|held| part(held, facts))
            .collect(),
        claimed_return_percent: *claimed_return_percent,
        provenance: Provenance::Published,
        contradictions: contradictions.clone(),
    }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
