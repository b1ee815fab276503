//! The result of `assess_maturity`, made from the domain's assessment.

use crate::wire::{Interval, Measure, Provenance};
use revarch_domain::{
    maturity::{self, Levels},
    proportion,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Where an organisation stands, what holds it there, and how sure that is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The lens used.
    pub lens: String,
    /// Its version; assessments by different versions do not compare.
    pub lens_version: String,
    /// Whether enough was known to name a stage.
    pub status: Status,
    /// The stages that remain possible; absent when the status is `insufficient`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Why no stage is named, and the cheapest evidence to get next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insufficient: Option<Insufficient>,
    /// The dimension that holds the stage down; absent at the last stage or when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_dimension: Option<String>,
    /// The gates of the next stage that are not passed for certain, the binding one first.
    pub missing_gates: Vec<MissingGate>,
    /// Where the roadmap is entered; absent when no stage is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_phase: Option<EntryPhase>,
    /// Scores by dimension.
    pub dimensions: Vec<Dimension>,
    /// The weighted mean beside the stage, which does not decide it.
    pub profile: Profile,
    /// Claims that the evidence does not bear out.
    pub contradictions: Vec<Contradiction>,
    /// How much is known.
    pub coverage: Coverage,
    /// Questions to ask next, the most telling first.
    pub next_questions: Vec<NextQuestion>,
    /// The measurement to take next; absent when every question that data can answer has been measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_measurement: Option<NextMeasurement>,
    /// The highest level a statement counts for in a dimension of which nothing was measured.
    pub attested_cap: u8,
    /// Measures that were handed in and that the lens does not ask about.
    pub unused_evidence: Vec<String>,
    /// Gaps and contradictions in the lens's published source.
    pub source_cautions: Vec<String>,
}

/// Whether a stage is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Enough is known to say which stages are possible.
    Assessed,
    /// Too little is known.
    Insufficient,
}

/// The stages that remain possible.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Stage {
    /// The stage if everything unknown turned out at its worst.
    pub lowest: u8,
    /// The stage if everything unknown turned out at its best.
    pub highest: u8,
    /// The names from the lowest to the highest.
    pub names: Vec<String>,
    /// The ground of the rule from scores to stages.
    pub provenance: Provenance,
}

/// Too little is known to name a stage.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Insufficient {
    /// How many more questions must become known.
    pub questions_short: usize,
    /// The evidence that is cheapest to get.
    pub cheapest_next: String,
}

/// A gate of the next stage that is not passed for certain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MissingGate {
    /// The stage that asks.
    pub stage: u8,
    /// The dimension.
    pub dimension: String,
    /// The question, where the gate is on one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The least score.
    pub at_least: f64,
    /// The bounds of the score.
    pub score: Interval,
    /// Why it is not passed.
    pub state: GateState,
    /// What would change it, the nearest step first.
    pub steps: Vec<String>,
}

/// Why a gate is not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    /// The score is too low even with every unknown at its best.
    Fails,
    /// The claims would be enough; they are capped because nothing in the dimension was measured.
    Capped,
    /// What is unknown decides.
    Open,
}

/// Where the roadmap is entered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntryPhase {
    /// The phase if everything unknown turned out at its worst.
    pub lowest: u8,
    /// The phase if everything unknown turned out at its best.
    pub highest: u8,
    /// The name of the lowest, and of the highest where it is another.
    pub names: Vec<String>,
    /// The rule that leads there, with whose rule it is.
    pub reason: String,
    /// The ground of that rule.
    pub provenance: Provenance,
}

/// One dimension's score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dimension {
    /// The dimension's id.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The bounds of its score, from 1 to 5, every unknown question counted at 1 and at 5.
    pub score: Interval,
    /// The mean of what was claimed, before cap and measurement; absent when nothing was claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<f64>,
    /// Whether claims count for less than was said, because nothing here was measured.
    pub capped: bool,
    /// The weakest ground any of its known questions stands on.
    pub provenance: Provenance,
    /// Its weight in the profile.
    pub weight: f64,
    /// Questions answered by measurement.
    pub measured: usize,
    /// Questions answered by a statement alone.
    pub attested: usize,
    /// Questions without an answer.
    pub unknown: usize,
    /// Its questions, in the detailed format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<Question>>,
}

/// One question and what is known about it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Question {
    /// The question's id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The bounds that count.
    pub score: Interval,
    /// The ground they stand on.
    pub provenance: Provenance,
    /// The level claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<u8>,
    /// The lowest and the highest level the measurement supports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supported: Option<[u8; 2]>,
    /// The measurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// What the person pointed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What one would see at each level, while the question is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Vec<Anchor>>,
}

/// What one would see at a level.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Anchor {
    /// The level.
    pub level: u8,
    /// What one would see.
    pub seen: String,
}

/// The weighted mean of the dimensions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Profile {
    /// The bounds over all dimensions, every unknown question counted at 1 and at 5.
    pub all: Interval,
    /// The bounds over known questions only; absent when none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Interval>,
    /// The ground of the weights.
    pub provenance: Provenance,
}

/// A claim and the evidence against it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Contradiction {
    /// The dimension.
    pub dimension: String,
    /// The question.
    pub question: String,
    /// The level claimed.
    pub claimed: u8,
    /// The lowest and the highest level the evidence supports.
    pub supported: [u8; 2],
    /// The measurement.
    pub measure: Measure,
    /// Which way they part.
    pub direction: Direction,
    /// Claim, number and gap in one sentence.
    pub sentence: String,
    /// The evidence that would bear the claim out.
    pub would_change: String,
}

/// Which way claim and evidence part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More was claimed than the evidence supports.
    Overclaimed,
    /// Less was claimed than the evidence supports.
    Underclaimed,
}

/// How much of what the lens asks is known.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Coverage {
    /// Questions the lens asks.
    pub questions: usize,
    /// Questions answered by measurement.
    pub measured: usize,
    /// Questions answered by a statement alone.
    pub attested: usize,
    /// The share of questions known.
    pub known_share: f64,
    /// The share of questions measured.
    pub measured_share: f64,
    /// The least share known at which a stage is named.
    pub minimum: f64,
}

/// A question worth asking.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextQuestion {
    /// The dimension.
    pub dimension: String,
    /// The id to answer with.
    pub question: String,
    /// The question to put.
    pub text: String,
    /// What one would see at each level.
    pub anchors: Vec<Anchor>,
    /// The tool that could answer it from data instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurable_by: Option<String>,
    /// Whether somebody has already said that they do not know.
    pub declined: bool,
    /// Stages by which the answer would shrink the range, on average over the five levels.
    pub narrows_stages: f64,
    /// Points by which it would close the bounds of the profile.
    pub narrows_profile: f64,
}

/// A measurement worth taking.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextMeasurement {
    /// The tool to call; its `measures` are the evidence to hand in.
    pub tool: String,
    /// The measures that are still missing.
    pub measures: Vec<String>,
    /// The questions they answer.
    pub questions: Vec<String>,
    /// How many of those questions rest on a statement that would be tested.
    pub claims_tested: usize,
    /// The dimensions whose cap would be lifted.
    pub lifts_cap_on: Vec<String>,
    /// Stages by which it would shrink the range, on average over the five levels; below 0 where lifting a cap
    /// opens a higher stage.
    pub narrows_stages: f64,
    /// Points by which it would close the bounds of the profile.
    pub narrows_profile: f64,
}

/// The concise result.
pub(crate) fn wire(assessment: maturity::Assessment) -> Output {
    output(assessment, false)
}

/// The result with every question.
pub(crate) fn detailed(assessment: maturity::Assessment) -> Output {
    output(assessment, true)
}

fn output(assessment: maturity::Assessment, with_questions: bool) -> Output {
    let binding_dimension = assessment.binding_dimension().map(str::to_owned);
    let maturity::Assessment {
        lens,
        lens_version,
        attested_cap,
        stage,
        insufficient,
        missing_gates,
        entry,
        dimensions,
        weighted,
        weighted_known,
        contradictions,
        unused,
        coverage,
        next_questions,
        next_measurement,
        cautions,
    } = assessment;
    Output {
        lens,
        lens_version,
        status: if stage.is_some() { Status::Assessed } else { Status::Insufficient },
        stage: stage.map(Stage::of),
        insufficient: insufficient.map(Insufficient::of),
        binding_dimension,
        missing_gates: missing_gates.into_iter().map(MissingGate::of).collect(),
        entry_phase: entry.map(EntryPhase::of),
        dimensions: dimensions.into_iter().map(|one| Dimension::of(one, with_questions)).collect(),
        profile: Profile {
            all: rounded(weighted),
            known: weighted_known.map(rounded),
            provenance: Provenance::Authored,
        },
        contradictions: contradictions.into_iter().map(Contradiction::of).collect(),
        coverage: Coverage::of(coverage),
        next_questions: next_questions.into_iter().map(NextQuestion::of).collect(),
        next_measurement: next_measurement.map(NextMeasurement::of),
        attested_cap,
        unused_evidence: unused.into_iter().map(|id| id.name().to_owned()).collect(),
        source_cautions: cautions,
    }
}

impl Stage {
    fn of(range: maturity::StageRange) -> Self {
        let maturity::StageRange { lowest, highest, names } = range;
        Self { lowest: lowest.number, highest: highest.number, names, provenance: Provenance::Authored }
    }
}

impl Insufficient {
    fn of(insufficient: maturity::Insufficient) -> Self {
        let maturity::Insufficient { questions_short, cheapest } = insufficient;
        Self { questions_short, cheapest_next: cheapest }
    }
}

impl MissingGate {
    fn of(gate: maturity::MissingGate) -> Self {
        let maturity::MissingGate { stage, dimension, question, at_least, score, state, steps } = gate;
        let state = match state {
            maturity::GateState::Fails => GateState::Fails,
            maturity::GateState::Capped => GateState::Capped,
            maturity::GateState::Open => GateState::Open,
        };
        Self { stage, dimension, question, at_least, score: rounded(score), state, steps }
    }
}

impl EntryPhase {
    fn of(entry: maturity::EntryPhase) -> Self {
        let maturity::EntryPhase { lowest, highest, reason, provenance } = entry;
        let mut names = vec![lowest.name, highest.name];
        names.dedup();
        let provenance = Provenance::of(provenance);
        Self { lowest: lowest.number, highest: highest.number, names, reason, provenance }
    }
}

impl Dimension {
    fn of(dimension: maturity::DimensionScore, with_questions: bool) -> Self {
        let maturity::DimensionScore {
            id,
            title,
            weight,
            score,
            claimed,
            capped,
            provenance,
            measured,
            attested,
            unknown,
            questions,
        } = dimension;
        Self {
            id,
            title,
            score: rounded(score),
            claimed: claimed.map(thousandths),
            capped,
            provenance: Provenance::of(provenance),
            weight,
            measured,
            attested,
            unknown,
            questions: with_questions.then(|| questions.into_iter().map(Question::of).collect()),
        }
    }
}

impl Question {
    fn of(question: maturity::QuestionScore) -> Self {
        let maturity::QuestionScore {
            id,
            text,
            anchors: by_level,
            claimed,
            note,
            measure,
            supported,
            score,
            provenance,
        } = question;
        let provenance = Provenance::of(provenance);
        Self {
            id,
            text,
            score: rounded(score),
            claimed,
            supported: supported.map(ends),
            measure: measure.map(Measure::of),
            note,
            anchors: (provenance == Provenance::Unknown).then(|| anchors(by_level)),
            provenance,
        }
    }
}

impl Contradiction {
    fn of(contradiction: maturity::Contradiction) -> Self {
        let maturity::Contradiction {
            dimension,
            question,
            claimed,
            supported,
            measure,
            direction,
            sentence,
            would_change,
        } = contradiction;
        let direction = match direction {
            maturity::Direction::Overclaimed => Direction::Overclaimed,
            maturity::Direction::Underclaimed => Direction::Underclaimed,
        };
        let (supported, measure) = (ends(supported), Measure::of(measure));
        Self { dimension, question, claimed, supported, measure, direction, sentence, would_change }
    }
}

impl Coverage {
    fn of(coverage: maturity::Coverage) -> Self {
        let maturity::Coverage { questions, measured, attested, known_share, measured_share, minimum } =
            coverage;
        Self {
            questions,
            measured,
            attested,
            known_share: thousandths(known_share),
            measured_share: thousandths(measured_share),
            minimum,
        }
    }
}

impl NextQuestion {
    fn of(next: maturity::NextQuestion) -> Self {
        let maturity::NextQuestion {
            dimension,
            question,
            text,
            anchors: by_level,
            measurable_by,
            declined,
            gain: maturity::Gain { stages, points },
        } = next;
        Self {
            dimension,
            question,
            text,
            anchors: anchors(by_level),
            measurable_by: measurable_by.map(str::to_owned),
            declined,
            narrows_stages: thousandths(stages),
            narrows_profile: thousandths(points),
        }
    }
}

impl NextMeasurement {
    fn of(next: maturity::NextMeasurement) -> Self {
        let maturity::NextMeasurement {
            tool,
            measures,
            questions,
            claims_tested,
            lifts_cap_on,
            gain: maturity::Gain { stages, points },
        } = next;
        Self {
            tool: tool.to_owned(),
            measures: measures.into_iter().map(str::to_owned).collect(),
            questions,
            claims_tested,
            lifts_cap_on,
            narrows_stages: thousandths(stages),
            narrows_profile: thousandths(points),
        }
    }
}

fn anchors(by_level: BTreeMap<u8, String>) -> Vec<Anchor> {
    by_level.into_iter().map(|(level, seen)| Anchor { level, seen }).collect()
}

const fn ends(levels: Levels) -> [u8; 2] {
    [levels.low, levels.high]
}

fn rounded(ends: proportion::Interval) -> Interval {
    Interval::of(proportion::Interval { low: thousandths(ends.low), high: thousandths(ends.high) })
}

/// More digits than these would claim more than five levels can tell.
fn thousandths(value: f64) -> f64 {
    // Adding zero turns a negative zero into a plain one.
    (value * 1000.0).round() / 1000.0 + 0.0
}
