//! Can agents rely on this data layer? Four questions, each answered with its evidence.
//!
//! The questions and the threshold of 80% are the guide's; it gives no other number, so every other threshold
//! is revarch's own and says so.

mod association;
mod events;
pub mod facts;
mod fields;
mod governance;
mod naming;
mod score;

use crate::{
    entity::Entity,
    finding::{Finding, Severity},
    measure::Measure,
    proportion::Interval,
    provenance::Provenance,
    verdict::Verdict,
};
pub use facts::Facts;
use std::collections::BTreeSet;

/// A number that evidence is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The number.
    pub value: f64,
    /// Whose it is.
    pub provenance: Provenance,
}

/// The numbers that evidence is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Share of rows in which a needed field is filled.
    pub filled: Threshold,
    /// Share of columns named in their table's own style.
    pub named: Threshold,
    /// Share of contacts joined to an account.
    pub linked: Threshold,
    /// Share of events joined to a person.
    pub known_person: Threshold,
    /// Hours within which 95% of events arrive.
    pub lag_p95_hours: Threshold,
    /// Days since the newest event.
    pub age_days: Threshold,
    /// Area under the ROC curve of a score that predicts.
    pub auc: Threshold,
}

impl Default for Thresholds {
    fn default() -> Self {
        let authored = |value| Threshold { value, provenance: Provenance::Authored };
        Self {
            filled: Threshold { value: 0.8, provenance: Provenance::Published },
            named: authored(0.95),
            linked: authored(0.95),
            known_person: authored(0.8),
            lag_p95_hours: authored(24.0),
            age_days: authored(7.0),
            auc: authored(0.6),
        }
    }
}

/// The four questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// One piece of evidence held against one threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A stable key such as `fill.contacts.email`.
    pub id: String,
    /// The entity it is about.
    pub entity: Option<Entity>,
    /// What was measured, in words.
    pub what: String,
    /// The measured value.
    pub value: Option<f64>,
    /// Its 95% interval, where it is an estimate.
    pub interval: Option<Interval>,
    /// Hits and trials, where it is a share.
    pub counts: Option<(u64, u64)>,
    /// The threshold.
    pub threshold: Threshold,
    /// Whether a smaller value is better.
    pub lower_is_better: bool,
    /// The value of something useless: 0 for a share, 0.5 for the AUC of a coin.
    pub floor: f64,
    /// What it says.
    pub verdict: Verdict,
}

impl Check {
    /// How far the value misses the threshold, from 0 to 1 for a value as useless as can be.
    fn shortfall(&self) -> f64 {
        let Some(value) = self.value else { return 0.0 };
        let gap =
            if self.lower_is_better { value - self.threshold.value } else { self.threshold.value - value };
        (gap / (self.threshold.value - self.floor)).clamp(0.0, 1.0)
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
    /// The four questions.
    pub questions: Vec<Question>,
    /// The same by entity.
    pub entities: Vec<EntityReadiness>,
    /// What holds the whole back most.
    pub binding: Option<Binding>,
    /// What to mend, the gravest first.
    pub findings: Vec<Finding>,
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
pub fn check(facts: &Facts, thresholds: &Thresholds) -> Readiness {
    let parts = [
        (QuestionId::Fields, fields::check(facts, thresholds)),
        (QuestionId::Association, association::check(facts, thresholds)),
        (QuestionId::Events, events::check(facts, thresholds)),
        (QuestionId::LeadScore, score::check(facts, thresholds)),
    ];
    let mut findings = governance::unread(facts);
    let mut measures = Vec::new();
    let mut questions = Vec::new();
    for (id, part) in parts {
        let Part { checks, findings: found, measures: taken, next_evidence } = part;
        findings.extend(found);
        measures.extend(taken);
        // What was not read may hold the rows that fail: a part can fail a question, never pass it.
        let unread = (!facts.unread.is_empty()).then_some(Verdict::Unknown);
        let verdict = Verdict::all(checks.iter().map(|check| check.verdict).chain(unread));
        questions.push(Question { id, verdict, checks, next_evidence });
    }
    let governance = governance::check(facts);
    findings.extend(governance.findings);
    measures.extend(governance.measures);
    let checked = checked(facts, &questions);
    findings.sort_by(|a, b| {
        a.severity.cmp(&b.severity).then(b.affected_rows.cmp(&a.affected_rows)).then_with(|| a.id.cmp(&b.id))
    });
    Readiness {
        verdict: Verdict::all(questions.iter().map(|question| question.verdict)),
        entities: by_entity(facts, &questions, &findings),
        binding: binding(&questions, &findings),
        questions,
        findings,
        measures: Measure::worst(measures),
        checked,
    }
}

fn checked(facts: &Facts, questions: &[Question]) -> BTreeSet<String> {
    let judged = questions
        .iter()
        .flat_map(|question| &question.checks)
        .filter(|check| check.verdict != Verdict::Unknown);
    let mut keys: BTreeSet<String> = judged.map(|check| check.id.clone()).collect();
    for link in &facts.links {
        keys.insert(format!("link.{}.{}", link.table, link.column));
        keys.insert(format!("childless.{}.{}", link.target, link.table));
    }
    keys.extend(
        facts.repeats.iter().map(|repeats| format!("duplicate.{}.{}", repeats.table, repeats.column)),
    );
    for stream in &facts.streams {
        keys.extend(
            ["gap", "future", "untimed", "early"].map(|kind| format!("events.{kind}.{}", stream.table)),
        );
    }
    for table in &facts.tables {
        let name = &table.profile.name;
        keys.extend(
            ["", ".csv", ".tsv", ".parquet", ".jsonl", ".ndjson"]
                .map(|ending| format!("unread.{name}{ending}")),
        );
        if table.entity().is_some() {
            keys.extend([format!("naming.{name}"), format!("fill_optional.{name}")]);
            for column in &table.profile.columns {
                keys.extend(["type", "picklist"].map(|kind| format!("{kind}.{name}.{}", column.name)));
            }
        }
    }
    keys
}

fn by_entity(facts: &Facts, questions: &[Question], findings: &[Finding]) -> Vec<EntityReadiness> {
    let checks: Vec<&Check> = questions.iter().flat_map(|question| &question.checks).collect();
    let mut entities = Vec::new();
    for entity in Entity::ALL {
        let tables: Vec<_> = facts.tables.iter().filter(|table| table.entity() == Some(entity)).collect();
        if tables.is_empty() {
            continue;
        }
        let verdicts: Vec<Verdict> =
            checks.iter().filter(|check| check.entity == Some(entity)).map(|check| check.verdict).collect();
        let count = |wanted: &[Verdict]| verdicts.iter().filter(|verdict| wanted.contains(verdict)).count();
        entities.push(EntityReadiness {
            entity,
            tables: tables.iter().map(|table| table.profile.name.clone()).collect(),
            rows: tables.iter().map(|table| table.profile.rows).sum(),
            // What was not read may hold rows of this entity, too.
            verdict: Verdict::all(
                verdicts.iter().copied().chain((!facts.unread.is_empty()).then_some(Verdict::Unknown)),
            ),
            passed: count(&[Verdict::Ready]),
            failed: count(&[Verdict::NotReady]),
            open: count(&[Verdict::Inconclusive, Verdict::Unknown]),
            grave_findings: findings
                .iter()
                .filter(|finding| {
                    finding.subject.entity == Some(entity) && finding.severity != Severity::Minor
                })
                .count(),
        });
    }
    entities
}

/// The failed check with the gravest finding, of equals the one that misses its threshold by most; where none
/// failed, the first that is open.
fn binding(questions: &[Question], findings: &[Finding]) -> Option<Binding> {
    let severity = |check: &Check| {
        findings.iter().find(|finding| finding.id == check.id).map(|finding| finding.severity)
    };
    let failed = questions
        .iter()
        .flat_map(|question| question.checks.iter().map(move |check| (question, check)))
        .filter(|(_, check)| check.verdict == Verdict::NotReady)
        .min_by(|(_, a), (_, b)| {
            let rank = |check| severity(check).unwrap_or(Severity::Minor);
            rank(a).cmp(&rank(b)).then(b.shortfall().total_cmp(&a.shortfall()))
        });
    if let Some((question, check)) = failed {
        return Some(Binding { question: question.id, check: check.id.clone(), reason: told(check) });
    }
    if let Some(unread) = findings.iter().find(|finding| finding.id.starts_with("unread.")) {
        let question = questions.first()?.id;
        return Some(Binding { question, check: unread.id.clone(), reason: unread.what_found.clone() });
    }
    let open = questions
        .iter()
        .find(|question| matches!(question.verdict, Verdict::Unknown | Verdict::Inconclusive))?;
    let check = open.checks.iter().find(|check| check.verdict != Verdict::Ready);
    Some(Binding {
        question: open.id,
        check: check.map_or_else(|| open.id.name().to_owned(), |check| check.id.clone()),
        reason: match (check, &open.next_evidence) {
            (Some(check), _) if check.value.is_some() => told(check),
            (_, Some(next)) => format!("nothing failed, and this is not known yet: {next}"),
            _ => format!("nothing failed, and this is not known yet: {}", open.id.asks()),
        },
    })
}

/// A check in a sentence.
fn told(check: &Check) -> String {
    let needs = if check.lower_is_better { "at most" } else { "at least" };
    let (value, threshold) = match (check.counts, check.value) {
        (Some((hits, trials)), Some(value)) => {
            (format!("{} ({hits} of {trials})", percent(value)), percent(check.threshold.value))
        }
        (_, Some(value)) => (number(value), number(check.threshold.value)),
        _ => ("unknown".to_owned(), number(check.threshold.value)),
    };
    format!("{}: {value}, and agents need {needs} {threshold}", check.what)
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests;
