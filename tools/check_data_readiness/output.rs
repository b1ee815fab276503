//! The result of `check_data_readiness`.

use crate::wire::{Finding, Interval, Measure, Provenance, Verdict};
use revarch_domain::{
    readiness::{self, Readiness},
    verdict,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;

/// Findings in the concise form; the gravest come first.
const FINDINGS_SHOWN: usize = 15;

/// Checks of a question in the concise form: what failed, then what is open.
const CHECKS_SHOWN: usize = 12;

/// Whether agents can rely on the data.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// All four questions together: ready only if each is.
    pub verdict: Verdict,
    /// What holds the whole back most, and the next thing to mend or measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_constraint: Option<Binding>,
    /// The four questions with their evidence.
    pub questions: Vec<Question>,
    /// The same checks counted by entity.
    pub entities: Vec<Entity>,
    /// What to mend, the gravest first.
    pub findings: Vec<Finding>,
    /// Findings there are, of which the concise form shows the first.
    pub findings_total: u64,
    /// Numbers to pass to `assess_maturity` as `evidence`.
    pub measures: Vec<Measure>,
    /// Where the guide behind the questions says nothing or contradicts itself, and what was done.
    pub notes: Vec<String>,
}

/// What holds the whole back most.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Binding {
    /// The question it belongs to.
    pub question: String,
    /// The check.
    pub check: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// One of the four questions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Question {
    /// fields, association, events or `lead_score`.
    pub id: String,
    /// The question in words.
    pub asks: String,
    /// The answer.
    pub verdict: Verdict,
    /// Checks that passed.
    pub passed: u64,
    /// The evidence, failures first; the concise form leaves out what passed.
    pub checks: Vec<Check>,
    /// Failed or open checks that the concise form leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks_left_out: Option<u64>,
    /// What would answer what is still open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_evidence: Option<String>,
}

/// One piece of evidence held against one threshold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// A stable key such as `fill.contacts.email`.
    pub id: String,
    /// What was measured.
    pub what: String,
    /// What it says.
    pub verdict: Verdict,
    /// The measured value; absent where nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its 95% interval, where it is an estimate (Wilson for shares).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// Rows that hold, where it is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Rows it was asked of, where it is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials: Option<u64>,
    /// The number it is held against.
    pub threshold: f64,
    /// Whose number that is: published (the guide's), authored (revarch's) or attested (yours).
    pub threshold_from: Provenance,
    /// True where a smaller value is better.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub lower_is_better: bool,
}

/// The checks about one kind of record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entity {
    /// account, contact, lead, deal, activity, event and so on.
    pub entity: String,
    /// Its tables.
    pub tables: Vec<String>,
    /// Rows in them.
    pub rows: u64,
    /// The checks of the four questions about it together; unknown where none is. Read it with `grave_findings`.
    pub verdict: Verdict,
    /// Checks passed.
    pub passed: u64,
    /// Checks failed.
    pub failed: u64,
    /// Checks inconclusive or unknown.
    pub open: u64,
    /// Blockers and major findings about it, such as duplicates, beside the questions too.
    pub grave_findings: u64,
}

pub(crate) fn wire(readiness: Readiness, detailed: bool) -> Output {
    let Readiness { verdict, questions, entities, binding, findings, measures, checked: _ } = readiness;
    let findings_total = findings.len() as u64;
    let shown = if detailed { findings.len() } else { FINDINGS_SHOWN };
    Output {
        verdict: Verdict::of(verdict),
        binding_constraint: binding.map(|binding| {
            let readiness::Binding { question, check, reason } = binding;
            Binding { question: question.name().to_owned(), check, reason }
        }),
        questions: questions.into_iter().map(|question| self::question(question, detailed)).collect(),
        entities: entities.into_iter().map(entity).collect(),
        findings: findings
            .into_iter()
            .take(shown)
            .map(if detailed { Finding::of } else { Finding::brief })
            .collect(),
        findings_total,
        measures: measures.into_iter().map(Measure::of).collect(),
        notes: notes(),
    }
}

fn question(question: readiness::Question, detailed: bool) -> Question {
    let readiness::Question { id, verdict, mut checks, next_evidence } = question;
    let passed = checks.iter().filter(|check| check.verdict == verdict::Verdict::Ready).count();
    checks.sort_by_key(|check| check.verdict != verdict::Verdict::NotReady);
    let mut left_out = 0;
    if !detailed {
        checks.retain(|check| check.verdict != verdict::Verdict::Ready);
        left_out = checks.len().saturating_sub(CHECKS_SHOWN);
        checks.truncate(CHECKS_SHOWN);
    }
    Question {
        id: id.name().to_owned(),
        asks: id.asks().to_owned(),
        verdict: Verdict::of(verdict),
        passed: passed as u64,
        checks: checks.into_iter().map(check).collect(),
        checks_left_out: (left_out > 0).then_some(left_out as u64),
        next_evidence,
    }
}

fn check(check: readiness::Check) -> Check {
    let readiness::Check {
        id,
        entity: _,
        what,
        value,
        interval,
        counts,
        threshold,
        lower_is_better,
        floor: _,
        verdict,
    } = check;
    let readiness::Threshold { value: limit, provenance } = threshold;
    Check {
        id,
        what,
        verdict: Verdict::of(verdict),
        value,
        interval: interval.map(Interval::of),
        hits: counts.map(|(hits, _)| hits),
        trials: counts.map(|(_, trials)| trials),
        threshold: limit,
        threshold_from: Provenance::of(provenance),
        lower_is_better,
    }
}

fn entity(entity: readiness::EntityReadiness) -> Entity {
    let readiness::EntityReadiness { entity, tables, rows, verdict, passed, failed, open, grave_findings } =
        entity;
    Entity {
        entity: entity.name().to_owned(),
        tables,
        rows,
        verdict: Verdict::of(verdict),
        passed: passed as u64,
        failed: failed as u64,
        open: open as u64,
        grave_findings: grave_findings as u64,
    }
}

/// What the guide leaves open or says in two ways, wherever a number here depends on it.
fn notes() -> Vec<String> {
    [
        "The guide asks that every field be filled above 80%. Optional and terminal fields cannot be, so the verdict rests on the fields an agent needs, each asked of the rows it applies to; the rest are counted in findings.",
        "Elsewhere the guide sets complete profiles at 60% as a baseline and 90% as a goal, which is another threshold than 80%; 80% is used here.",
        "For association, real-time flow and predictive scores the guide gives no number; these thresholds are revarch's own (authored); those for association, arrival and age can be set in the call.",
    ]
    .map(str::to_owned)
    .into()
}

pub(crate) fn text(readiness: &Readiness) -> String {
    let mut text = format!("**Data readiness: {}**\n\n", readiness.verdict.words());
    for question in &readiness.questions {
        let failed =
            question.checks.iter().filter(|check| check.verdict == verdict::Verdict::NotReady).count();
        let _ = writeln!(
            text,
            "- {} **{}** ({} checks, {failed} failed)",
            question.id.asks(),
            question.verdict.words(),
            question.checks.len()
        );
    }
    if let Some(binding) = &readiness.binding {
        let _ = writeln!(text, "\nBinding constraint: {}.", binding.reason);
    }
    let _ = writeln!(text, "\n{} findings; the gravest:", readiness.findings.len());
    for finding in readiness.findings.iter().take(5) {
        let _ = writeln!(text, "- {}", finding.what_found);
    }
    text
}
