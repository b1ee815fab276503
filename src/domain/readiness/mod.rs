//! Can agents rely on this data layer? Four questions, each answered with its evidence.
//!
//! The questions and the threshold of 80% are the guide's; it gives no other number, so every other threshold
//! is revarch's own and says so. All of them stand in a [`Lens`], which a team may copy and change.

mod aggregates;
mod association;
mod check;
mod checked;
mod dates;
mod drift;
mod event_types;
mod events;
pub mod facts;
mod fields;
mod flow;
mod governance;
mod hygiene;
mod instructions;
pub mod lens;
mod lens_check;
mod naming;
mod next;
mod partial;
mod scope;
mod score;
mod shared;
mod systems;
mod telling;
mod text;
mod wanted;
mod whole;
mod workflows;

use crate::{entity::Entity, finding::Finding, measure::Measure, verdict::Verdict};
pub use check::Check;
pub use facts::Facts;
pub use flow::Flow;
pub use lens::{Lens, Threshold, Thresholds};
pub use lens_check::LensError;
pub use next::{HandBack, Language, NextQuery, next_queries};
use schemars::JsonSchema;
pub use scope::Scope;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
pub use systems::System;
pub use wanted::Wanted;
pub use workflows::{NeedReadiness, WorkflowReadiness};

/// 1990-01-01 in microseconds since 1970: before it no system recorded what people did on the web, so an earlier
/// event is a clock's error.
pub const FIRST_EVENT: i64 = 631_152_000_000_000;

/// The four questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionId {
    /// Are fields named consistently and filled?
    Fields,
    /// Do contacts belong to accounts?
    Association,
    /// Do behavioural events flow?
    Events,
    /// Does the lead score predict conversion?
    LeadScore,
}

impl QuestionId {
    /// The question's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Association => "association",
            Self::Events => "events",
            Self::LeadScore => "lead_score",
        }
    }

    /// The question in words.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::Fields => "Are the fields an agent needs named consistently and filled?",
            Self::Association => "Does every contact belong to an account that exists?",
            Self::Events => "Are behavioural events recorded, tied to people and fresh?",
            Self::LeadScore => "Does the lead score predict conversion?",
        }
    }
}

/// A question and what the evidence answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which question.
    pub id: QuestionId,
    /// The answer.
    pub verdict: Verdict,
    /// The evidence.
    pub checks: Vec<Check>,
    /// What would answer it, where it is open.
    pub next_evidence: Option<String>,
}

/// One entity's part of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityReadiness {
    /// The entity.
    pub entity: Entity,
    /// Its tables.
    pub tables: Vec<String>,
    /// Rows in them.
    pub rows: u64,
    /// The verdict of every check about it.
    pub verdict: Verdict,
    /// Checks passed, failed and open.
    pub passed: usize,
    /// Checks failed.
    pub failed: usize,
    /// Checks that are inconclusive or unknown.
    pub open: usize,
    /// Blockers and major findings about it, those beside the four questions among them.
    pub grave_findings: usize,
}

/// What holds the whole back most.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The question.
    pub question: QuestionId,
    /// The check within it.
    pub check: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Readiness {
    /// All questions together.
    pub verdict: Verdict,
    /// What holds the whole back most.
    pub binding: Option<Binding>,
    /// The four questions.
    pub questions: Vec<Question>,
    /// The same by entity.
    pub entities: Vec<EntityReadiness>,
    /// The same by agentic workflow: the data's side of it, without the operations that MCP servers offer.
    pub workflows: Vec<WorkflowReadiness>,
    /// How each table of behavioural events flows.
    pub flows: Vec<Flow>,
    /// What exactly was scanned, and what was not.
    pub scanned: Scope,
    /// What to mend, the gravest first.
    pub findings: Vec<Finding>,
    /// The fields that verdicts wait on, the most wanted first; see [`next_queries`].
    pub wanted: Vec<Wanted>,
    /// Numbers that other tools take as evidence.
    pub measures: Vec<Measure>,
    /// The keys of all findings that could have come of this data: what is in here and not among the findings
    /// was looked at and is in order.
    pub checked: BTreeSet<String>,
}

/// The part of the answer that one file of rules gives.
#[derive(Default)]
struct Part {
    checks: Vec<Check>,
    findings: Vec<Finding>,
    measures: Vec<Measure>,
    next_evidence: Option<String>,
}

/// Judges the facts.
pub fn check(facts: &Facts, lens: &Lens) -> Readiness {
    let thresholds = &lens.thresholds;
    let parts = [
        (QuestionId::Fields, fields::check(facts, lens)),
        (QuestionId::Association, association::check(facts, thresholds)),
        (QuestionId::Events, events::check(facts, thresholds)),
        (QuestionId::LeadScore, score::check(facts, thresholds)),
    ];
    let mut findings = partial::findings(facts);
    let mut measures = Vec::new();
    let mut questions = Vec::new();
    for (id, part) in parts {
        let Part { mut checks, findings: found, measures: taken, next_evidence } = part;
        findings.extend(found);
        measures.extend(taken);
        partial::withhold(facts, &mut checks);
        // What was not read may hold the rows that fail: a part can fail a question, never pass it.
        let unread = (!facts.unread.is_empty()).then_some(Verdict::Unknown);
        let verdict = Verdict::all(checks.iter().map(|check| check.verdict).chain(unread));
        questions.push(Question { id, verdict, checks, next_evidence });
    }
    let governance = governance::check(facts);
    findings.extend(governance.findings);
    measures.extend(governance.measures);
    findings.extend(hygiene::findings(facts, lens));
    findings.extend(drift::findings(facts, thresholds));
    findings.sort_by(|a, b| {
        a.severity.cmp(&b.severity).then(b.affected_rows.cmp(&a.affected_rows)).then_with(|| a.id.cmp(&b.id))
    });
    Readiness {
        verdict: Verdict::all(questions.iter().map(|question| question.verdict)),
        binding: whole::binding(&questions, &findings),
        entities: whole::by_entity(facts, &questions, &findings),
        workflows: workflows::judge(&lens.workflows, &questions, !facts.unread.is_empty()),
        flows: flow::list(facts),
        scanned: scope::of(facts, lens),
        wanted: wanted::list(lens, &questions),
        measures: Measure::worst(measures),
        checked: checked::keys(facts, lens, &questions),
        findings,
        questions,
    }
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A number as sentences write it.
fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests;
