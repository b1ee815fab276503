//! What a plan rests on: what was measured and what the stage is, in a form that a review can keep.

use crate::{
    coverage::audit::StackAudit,
    finding::{Finding, Severity},
    maturity::{Assessment, GateState},
    measure::Measure,
    provenance::Provenance,
    readiness::Readiness,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Steps told that would settle the stage.
const STEPS: usize = 4;

/// What a plan rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Situation {
    /// What was found wrong.
    pub gaps: Vec<Gap>,
    /// Every number that an exit can be held against: measures, dimensions and questions of maturity, by name.
    pub measured: BTreeMap<String, Reading>,
    /// The phase in which the roadmap begins; nothing where no stage can be named.
    pub entry: Option<Entry>,
    /// The gates of the next stage that are not passed.
    pub gates: Vec<OpenGate>,
    /// What would settle the stage, the most telling first; empty where it is settled.
    pub settle: Vec<String>,
}

/// A finding, as far as a plan needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its key.
    pub id: String,
    /// How much it hinders.
    pub severity: Severity,
    /// What was found, with its numbers.
    pub found: String,
    /// The first step that mends it.
    pub step: Option<String>,
}

/// A number, with the bounds that are known of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The least it can be.
    pub low: f64,
    /// The most it can be.
    pub high: f64,
    /// The ground it stands on.
    pub provenance: Provenance,
}

/// The phase in which the roadmap begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The phase if every unknown turned out at its worst.
    pub lowest: u8,
    /// The phase if every unknown turned out at its best.
    pub highest: u8,
    /// The stages that are possible.
    pub stages: Vec<String>,
    /// The rule that leads there.
    pub reason: String,
    /// Whether the rule is published or authored.
    pub provenance: Provenance,
}

/// A gate of the next stage that is not passed, whatever the unknowns turn out to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenGate {
    /// The stage that asks.
    pub stage: u8,
    /// The dimension.
    pub dimension: String,
    /// The least score.
    pub at_least: f64,
    /// What would raise it, the nearest step first.
    pub steps: Vec<String>,
}

impl Situation {
    /// What was found, as far as each part was looked at.
    pub fn of(
        readiness: Option<&Readiness>,
        coverage: Option<&StackAudit>,
        assessment: Option<&Assessment>,
    ) -> Self {
        let findings = readiness.into_iter().flat_map(|readiness| &readiness.findings);
        let findings = findings.chain(coverage.into_iter().flat_map(|audit| &audit.findings));
        let of_data = readiness.into_iter().flat_map(|readiness| readiness.measures.iter().copied());
        let of_stack = coverage.into_iter().flat_map(|audit| &audit.summaries);
        let taken = of_data.chain(of_stack.filter_map(|summary| summary.measure));
        let mut measured: BTreeMap<String, Reading> =
            Measure::worst(taken).into_iter().map(reading).collect();
        measured.extend(assessment.into_iter().flat_map(of_maturity));
        let failing = assessment.into_iter().flat_map(|assessment| &assessment.missing_gates);
        let gates = failing.filter(|gate| gate.state == GateState::Fails).map(|gate| OpenGate {
            stage: gate.stage,
            dimension: gate.dimension.clone(),
            at_least: gate.at_least,
            steps: gate.steps.clone(),
        });
        Self {
            gaps: findings.map(Gap::of).collect(),
            measured,
            entry: assessment.and_then(entry),
            gates: gates.collect(),
            settle: settle(assessment),
        }
    }
}

impl Gap {
    fn of(finding: &Finding) -> Self {
        Self {
            id: finding.id.clone(),
            severity: finding.severity,
            found: finding.what_found.clone(),
            step: finding.fix.first().cloned(),
        }
    }

    /// Whether the finding is of the kind that a key such as `events.person` names.
    pub(super) fn is_of(&self, kind: &str) -> bool {
        self.id.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

fn reading(measure: Measure) -> (String, Reading) {
    let Measure { id, value, interval, provenance } = measure;
    let (low, high) = interval.map_or((value, value), |ends| (ends.low, ends.high));
    (id.name().to_owned(), Reading { low, high, provenance })
}

/// The scores of dimensions and of the questions that are known.
fn of_maturity(assessment: &Assessment) -> Vec<(String, Reading)> {
    let mut readings = Vec::new();
    for dimension in &assessment.dimensions {
        let mut add = |id: &str, low: f64, high: f64, provenance: Provenance| {
            if provenance != Provenance::Unknown {
                readings.push((id.to_owned(), Reading { low, high, provenance }));
            }
        };
        add(&dimension.id, dimension.score.low, dimension.score.high, dimension.provenance);
        for question in &dimension.questions {
            add(&question.id, question.score.low, question.score.high, question.provenance);
        }
    }
    readings
}

fn entry(assessment: &Assessment) -> Option<Entry> {
    let entry = assessment.entry.as_ref()?;
    Some(Entry {
        lowest: entry.lowest.number,
        highest: entry.highest.number,
        stages: assessment.stage.iter().flat_map(|stage| stage.names.clone()).collect(),
        reason: entry.reason.clone(),
        provenance: entry.provenance,
    })
}

/// What would settle the phase of entry, where it is not settled.
fn settle(assessment: Option<&Assessment>) -> Vec<String> {
    let Some(assessment) = assessment else {
        return vec![
            "call assess_maturity without arguments, and answer the questions that it asks".to_owned(),
            "run check_data_readiness and audit_mcp_coverage: their measures answer questions too".to_owned(),
        ];
    };
    if assessment.entry.as_ref().is_some_and(|entry| entry.lowest.number == entry.highest.number) {
        return Vec::new();
    }
    let cheapest = assessment.insufficient.iter().map(|insufficient| insufficient.cheapest.clone());
    let measurement = assessment
        .next_measurement
        .iter()
        .map(|run| format!("run {} for {}", run.tool, run.measures.join(", ")));
    let asked = assessment.next_questions.iter().filter(|question| !question.declined);
    let asked = asked.map(|question| format!("ask `{}`: {}", question.question, question.text));
    let mut steps: Vec<String> = Vec::new();
    for step in cheapest.chain(asked).chain(measurement) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps.truncate(STEPS);
    if steps.is_empty() {
        steps.push("find somebody who can answer the questions that were left open".to_owned());
    }
    steps
}
