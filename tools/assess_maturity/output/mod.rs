//! The result of `assess_maturity`, made from the domain's survey.

mod contradiction;
mod coverage;
mod dimension;
mod next;
mod number;
mod people;
mod question;
mod reading;
mod register;
mod stage;

pub(super) use dimension::Dimension;
pub(super) use next::NextQuestion;
pub(super) use people::{Disagreement, InterviewOutcome, Voice};
pub(super) use question::Anchor;
pub(super) use reading::ReadingState;
pub(super) use register::Register;
pub(super) use stage::{GateState, MissingGate};

use super::{gather, interview};
use crate::{
    ToolError,
    page::{Window, fitting},
    wire::Provenance,
};
use contradiction::Contradiction;
use coverage::Coverage;
use dimension::{Group, Profile};
use next::NextMeasurement;
use number::rounded;
use people::{Interview, Split};
use question::Question;
use reading::{BuiltAhead, Reading};
use register::RegisterForm;
use revarch_domain::maturity::{self, Lens, Survey, register::Tally};
use schemars::JsonSchema;
use serde::Serialize;
use stage::{EntryPhase, Insufficient, Stage};

/// What the disagreements of a concise result may take of a model's context, in tokens.
const DISAGREEMENT_TOKENS: usize = 1_500;

/// Where an organisation stands, what holds it there, and how sure that is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The lens used.
    pub lens: String,
    /// The name people read.
    pub lens_title: String,
    /// Its version; assessments by different versions do not compare.
    pub lens_version: String,
    /// Whether enough was known to name a stage, or to tell a profile by a lens without stages.
    pub status: Status,
    /// The stages that remain possible; absent when the status is `insufficient` or the lens has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// What is missing, and the cheapest evidence to get next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insufficient: Option<Insufficient>,
    /// The dimension that holds the stage, or the profile, down; absent at the top or when too little is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_dimension: Option<String>,
    /// The gates of the next stage that are not passed for certain, the binding one first.
    pub missing_gates: Vec<MissingGate>,
    /// By a lens without stages: what would raise the binding dimension, the nearest step first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifts: Vec<String>,
    /// Where the roadmap is entered; absent when no stage is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_phase: Option<EntryPhase>,
    /// What the lens reads from several scores, such as whether teams are paid against each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// Dimensions built ahead of those they rest on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub built_ahead: Vec<BuiltAhead>,
    /// Scores by dimension.
    pub dimensions: Vec<Dimension>,
    /// Scores by group, where the lens has groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The weighted mean beside the stage, which does not decide it.
    pub profile: Profile,
    /// Claims that the evidence does not bear out.
    pub contradictions: Vec<Contradiction>,
    /// How many people answered.
    pub respondents: usize,
    /// Dimensions in which people differ, the widest apart first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<Split>,
    /// Questions that people answered differently, the widest apart first, those that were measured last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<Disagreement>,
    /// How many there are, of which the concise form shows the first.
    pub disagreements_total: usize,
    /// What the register of debts comes to, where one was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<Register>,
    /// What belongs in the lens's register of debts, where none was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register_form: Option<RegisterForm>,
    /// What came of asking the person, where that was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interview: Option<Interview>,
    /// How much is known.
    pub coverage: Coverage,
    /// Where the evidence comes from that was not handed in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence_from: Vec<Source>,
    /// What kept something from being measured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
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
    /// Every question, in the detailed form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The `cursor` of the next page of the detailed form, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Whether the lens's question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Enough is known to say which stages are possible, or to tell the profile.
    Assessed,
    /// Too little is known.
    Insufficient,
}

/// Where some of the evidence comes from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    /// The tool that measured it.
    pub tool: String,
    /// When, or in which review.
    pub from: String,
    /// The measures that were taken from there.
    pub measures: Vec<String>,
}

/// What goes with a survey.
pub(super) struct Told {
    pub(super) people: usize,
    pub(super) tally: Option<Tally>,
    pub(super) interview: Option<interview::Interview>,
    pub(super) sources: Vec<gather::Source>,
    pub(super) remarks: Vec<String>,
}

/// The concise result, or the page of the detailed one that begins at `page`.
pub(super) fn wire(
    survey: Survey,
    lens: &Lens,
    told: Told,
    page: Option<usize>,
) -> Result<Output, ToolError> {
    let binding_dimension = survey.assessment.binding_dimension().map(str::to_owned);
    let Survey { assessment, groups, readings, built_ahead, respondents: _, disagreements, splits } = survey;
    let maturity::Assessment {
        lens: lens_id,
        lens_title,
        lens_version,
        attested_cap,
        stage,
        insufficient,
        missing_gates,
        lifts,
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
    let Told { people, tally, interview, sources, remarks } = told;
    let form = lens.register.as_ref().filter(|_| tally.is_none());
    let questions: Vec<Question> = dimensions
        .iter()
        .flat_map(|dimension| {
            dimension.questions.iter().map(|question| Question::of(&dimension.id, question.clone()))
        })
        .collect();
    let disagreements: Vec<Disagreement> = disagreements.into_iter().map(Disagreement::of).collect();
    let mut output = Output {
        lens: lens_id,
        lens_title,
        lens_version,
        status: if insufficient.is_none() { Status::Assessed } else { Status::Insufficient },
        stage: stage.map(Stage::of),
        insufficient: insufficient.map(Insufficient::of),
        binding_dimension,
        missing_gates: missing_gates.into_iter().map(MissingGate::of).collect(),
        lifts,
        entry_phase: entry.map(EntryPhase::of),
        readings: readings.into_iter().map(Reading::of).collect(),
        built_ahead: built_ahead.into_iter().map(BuiltAhead::of).collect(),
        dimensions: dimensions.into_iter().map(Dimension::of).collect(),
        groups: groups.into_iter().map(Group::of).collect(),
        profile: Profile {
            all: rounded(weighted),
            known: weighted_known.map(rounded),
            provenance: Provenance::Authored,
        },
        contradictions: contradictions.into_iter().map(Contradiction::of).collect(),
        respondents: people,
        splits: splits.into_iter().map(Split::of).collect(),
        disagreements_total: disagreements.len(),
        disagreements: Vec::new(),
        register: tally.map(Register::of),
        register_form: form.map(RegisterForm::of),
        interview: interview.map(|one| {
            let interview::Interview { outcome, said } = one;
            Interview::of(outcome, said)
        }),
        coverage: Coverage::of(coverage),
        evidence_from: sources.into_iter().map(Source::of).collect(),
        remarks,
        next_questions: next_questions.into_iter().map(NextQuestion::of).collect(),
        next_measurement: next_measurement.map(NextMeasurement::of),
        attested_cap,
        unused_evidence: unused.into_iter().map(|id| id.name().to_owned()).collect(),
        source_cautions: cautions,
        questions: Vec::new(),
        next_cursor: None,
    };
    if let Some(start) = page {
        let mut window = Window::beside(&output, start, usize::MAX);
        output.disagreements = window.of(disagreements);
        output.questions = window.of(questions);
        window.check("disagreements and questions")?;
        output.next_cursor = window.next();
    } else if !disagreements.is_empty() {
        output.disagreements = fitting(disagreements, DISAGREEMENT_TOKENS);
    }
    Ok(output)
}

impl Source {
    fn of(source: gather::Source) -> Self {
        let gather::Source { tool, from, measures } = source;
        let measures = measures.into_iter().map(|id| id.name().to_owned()).collect();
        Self { tool: tool.to_owned(), from, measures }
    }
}
