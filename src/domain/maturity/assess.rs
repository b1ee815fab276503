//! The assessment: everything a lens says about one set of answers and measurements.

use super::{
    check::{self, Answer, AnswerError},
    contradiction::{self, Contradiction},
    dimension::{self, DimensionScore},
    entry::{self, EntryPhase},
    gate::{self, MissingGate, StageRange},
    lens::{HIGHEST_LEVEL, Lens},
    next::{self, NextMeasurement, NextQuestion},
    sheet::Sheet,
};
use crate::{
    measure::{Measure, MeasureId},
    proportion::Interval,
};

/// What a lens says about an organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// The lens's name.
    pub lens: String,
    /// The name people read.
    pub lens_title: String,
    /// The lens's version, without which two assessments cannot be compared.
    pub lens_version: String,
    /// The cap that held for dimensions of which nothing was measured.
    pub attested_cap: u8,
    /// The stages that remain possible, or nothing when too few questions are known to name any or the lens
    /// has no stages.
    pub stage: Option<StageRange>,
    /// Why no stage is named.
    pub insufficient: Option<Insufficient>,
    /// The gates of the next stage that are not passed, the binding one first; empty when no stage is named.
    pub missing_gates: Vec<MissingGate>,
    /// What would raise the dimension that holds the profile down, the nearest step first: by a lens without
    /// stages, as soon as enough is known.
    pub lifts: Vec<String>,
    /// Where the roadmap is entered, when a stage is named.
    pub entry: Option<EntryPhase>,
    /// The dimensions in the lens's order.
    pub dimensions: Vec<DimensionScore>,
    /// The weighted mean over all dimensions, every unknown at 1 and at 5.
    pub weighted: Interval,
    /// The weighted mean over known questions only, or nothing when none is known.
    pub weighted_known: Option<Interval>,
    /// Claims that the evidence does not bear out.
    pub contradictions: Vec<Contradiction>,
    /// Measures that were given and that the lens does not ask about.
    pub unused: Vec<MeasureId>,
    /// How much is known.
    pub coverage: Coverage,
    /// What to ask next, the most telling first.
    pub next_questions: Vec<NextQuestion>,
    /// What to measure next.
    pub next_measurement: Option<NextMeasurement>,
    /// Gaps and contradictions in the lens's source.
    pub cautions: Vec<String>,
}

/// How much of what the lens asks is known, and from what ground.
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// Too little is known to name a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insufficient {
    /// How many more questions must become known.
    pub questions_short: usize,
    /// The evidence that is cheapest to get.
    pub cheapest: String,
}

impl Assessment {
    /// The dimension that holds the stage down, when a stage is named and is not the last. By a lens without
    /// stages it is the one that stays lowest even at its best, as soon as enough is known.
    pub fn binding_dimension(&self) -> Option<&str> {
        if self.stage.is_some() || self.insufficient.is_some() {
            return self.missing_gates.first().map(|gate| gate.dimension.as_str());
        }
        weakest(&self.dimensions).map(|place| self.dimensions[place].id.as_str())
    }
}

/// The dimension that stays lowest even at its best, unless all may be at the top.
fn weakest(dimensions: &[DimensionScore]) -> Option<usize> {
    let order = |a: &DimensionScore, b: &DimensionScore| {
        a.score.high.total_cmp(&b.score.high).then(a.score.low.total_cmp(&b.score.low))
    };
    let (place, lowest) = dimensions.iter().enumerate().min_by(|(_, a), (_, b)| order(a, b))?;
    (lowest.score.high < f64::from(HIGHEST_LEVEL)).then_some(place)
}

/// Assesses `answers` and `evidence` by `lens`. A measurement replaces what was said about its question; a
/// measure the lens does not ask about is left aside.
pub fn assess(lens: &Lens, answers: &[Answer], evidence: &[Measure]) -> Result<Assessment, AnswerError> {
    check::answers(lens, answers)?;
    check::measures(evidence)?;
    Ok(of_sheet(lens, &Sheet::read(lens, answers, evidence), answers, evidence))
}

/// The assessment that follows from a sheet; the answers may be those of several people.
pub(super) fn of_sheet(lens: &Lens, sheet: &Sheet, answers: &[Answer], evidence: &[Measure]) -> Assessment {
    let dimensions = dimension::scores(lens, sheet, answers, evidence);
    let coverage = coverage(lens, &dimensions);
    let next_questions = next::questions(lens, sheet);
    let next_measurement = next::measurement(lens, sheet);
    let enough = coverage.known_share > 0.0 && coverage.known_share >= coverage.minimum;
    let lifted = weakest(&dimensions).filter(|_| enough && lens.stages.is_empty());
    Assessment {
        lens: lens.id.clone(),
        lens_title: lens.title.clone(),
        lens_version: lens.version.clone(),
        attested_cap: lens.parameters.attested_cap,
        stage: if enough { gate::range(lens, sheet) } else { None },
        insufficient: (!enough).then(|| insufficient(&coverage, &next_questions, next_measurement.as_ref())),
        missing_gates: if enough { gate::missing(lens, sheet) } else { Vec::new() },
        lifts: lifted.map_or_else(Vec::new, |place| gate::lifts(lens, sheet, place)),
        entry: if enough { entry::entry(lens, sheet) } else { None },
        contradictions: contradiction::contradictions(lens, &dimensions),
        dimensions,
        unused: unused(lens, evidence),
        weighted: sheet.weighted(lens),
        weighted_known: sheet.weighted_known(lens),
        coverage,
        next_questions,
        next_measurement,
        cautions: lens.provenance.cautions.clone(),
    }
}

fn unused(lens: &Lens, evidence: &[Measure]) -> Vec<MeasureId> {
    let mut unused: Vec<MeasureId> =
        evidence.iter().map(|measure| measure.id).filter(|id| !lens.asks(*id)).collect();
    unused.sort_unstable();
    unused
}

fn coverage(lens: &Lens, dimensions: &[DimensionScore]) -> Coverage {
    let questions = lens.questions().count();
    let measured = dimensions.iter().map(|dimension| dimension.measured).sum::<usize>();
    let attested = dimensions.iter().map(|dimension| dimension.attested).sum::<usize>();
    let share = |part: usize| part as f64 / questions as f64;
    Coverage {
        questions,
        measured,
        attested,
        known_share: share(measured + attested),
        measured_share: share(measured),
        minimum: lens.parameters.minimum_coverage,
    }
}

/// One call of a tool that answers several questions is cheaper than asking a person the same ones; a single
/// question is cheaper asked.
fn insufficient(
    coverage: &Coverage,
    questions: &[NextQuestion],
    measurement: Option<&NextMeasurement>,
) -> Insufficient {
    let known = coverage.measured + coverage.attested;
    let short = (1..=coverage.questions.saturating_sub(known))
        .find(|more| (known + more) as f64 / coverage.questions as f64 >= coverage.minimum)
        .unwrap_or(0);
    let asked = questions.iter().find(|question| !question.declined);
    let cheapest = match (measurement, asked) {
        (Some(run), _) if run.questions.len() - run.claims_tested > 1 => {
            let new = run.questions.len() - run.claims_tested;
            format!("run {}: one call can answer {new} open questions from data", run.tool)
        }
        (_, Some(question)) => format!("ask `{}`: {}", question.question, question.text),
        (Some(run), None) => format!("run {} for {}", run.tool, run.measures.join(", ")),
        (None, None) => "find somebody who can answer the questions that were left open".to_owned(),
    };
    Insufficient { questions_short: short, cheapest }
}
