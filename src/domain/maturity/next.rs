//! What to ask or measure next: whatever narrows the result most.
//!
//! The gain is computed, not guessed: the question is set to each level in turn, the bounds are computed
//! anew, and the mean of the widths that remain is taken from the present width.

use super::{
    evidence, gate,
    lens::{HIGHEST_LEVEL, LOWEST_LEVEL, Lens, Question},
    sheet::{Claims, Levels, Sheet, Standing},
};
use crate::{measure::MeasureId, proportion::Interval};
use std::collections::{BTreeMap, BTreeSet};

/// How many questions are put forward at a time.
const MOST_QUESTIONS: usize = 5;

/// By how much an answer would narrow the result, on average over the levels it may turn out at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Stages by which the range of possible stages would shrink.
    pub stages: f64,
    /// Points by which the bounds of the weighted mean would close.
    pub points: f64,
}

/// A question worth asking.
#[derive(Clone, Debug, PartialEq)]
pub struct NextQuestion {
    /// The dimension.
    pub dimension: String,
    /// The question.
    pub question: String,
    /// Its text.
    pub text: String,
    /// What one would see at each level.
    pub anchors: BTreeMap<u8, String>,
    /// The tool that could answer it from data.
    pub measurable_by: Option<&'static str>,
    /// Whether a person has already said that they do not know.
    pub declined: bool,
    /// What the answer would gain.
    pub gain: Gain,
}

/// A measurement worth taking.
#[derive(Clone, Debug, PartialEq)]
pub struct NextMeasurement {
    /// The tool to call.
    pub tool: &'static str,
    /// The measures its result holds that are still missing.
    pub measures: Vec<&'static str>,
    /// The questions they speak to.
    pub questions: Vec<String>,
    /// How many of those questions rest on a statement that the measurement would test.
    pub claims_tested: usize,
    /// The dimensions whose cap it would lift.
    pub lifts_cap_on: Vec<String>,
    /// What it would gain.
    pub gain: Gain,
}

/// The questions to ask next, the most telling first. Between equals, one that no tool can answer comes
/// before one that a tool can, and a dimension not yet asked about before one that was.
pub(super) fn questions(lens: &Lens, sheet: &Sheet) -> Vec<NextQuestion> {
    let mut open: Vec<(usize, usize, &Question, bool, Gain)> = lens
        .questions()
        .filter_map(|(dimension, place, question)| match sheet.standing(dimension, place) {
            Standing::Unknown { declined } => {
                let gain = gain(lens, sheet, |level| {
                    sheet.with(dimension, place, Standing::Attested(Claims::plain(level)))
                });
                Some((dimension, place, question, declined, gain))
            }
            Standing::Attested(_) | Standing::Measured(_) => None,
        })
        .collect();
    let mut asked: Vec<usize> = (0..lens.dimensions.len())
        .map(|dimension| sheet.standings(dimension).iter().filter(|standing| standing.is_known()).count())
        .collect();
    let mut next = Vec::new();
    while next.len() < MOST_QUESTIONS {
        let best = open.iter().enumerate().min_by(|(_, a), (_, b)| {
            let order = a.3.cmp(&b.3).then(b.4.order(a.4));
            let is_measurable = |question: &Question| sheet.measurable(question).is_some();
            let measurable = is_measurable(a.2).cmp(&is_measurable(b.2));
            order.then(measurable).then(asked[a.0].cmp(&asked[b.0])).then((a.0, a.1).cmp(&(b.0, b.1)))
        });
        let Some((position, _)) = best else { break };
        let (dimension, _, question, declined, gain) = open.remove(position);
        asked[dimension] += 1;
        next.push(NextQuestion {
            dimension: lens.dimensions[dimension].id.clone(),
            question: question.id.clone(),
            text: question.text.clone(),
            anchors: question.anchors.clone(),
            measurable_by: sheet.measurable(question).map(|(_, tool)| tool),
            declined,
            gain,
        });
    }
    next
}

/// The one tool whose measures would narrow the result most; between equals, the one that tests more claims.
pub(super) fn measurement(lens: &Lens, sheet: &Sheet) -> Option<NextMeasurement> {
    let tools: BTreeSet<&'static str> = MeasureId::ALL.into_iter().map(evidence::tool_of).collect();
    let mut candidates: Vec<NextMeasurement> =
        tools.into_iter().filter_map(|tool| candidate(lens, sheet, tool)).collect();
    candidates.sort_by(|a, b| b.gain.order(a.gain).then(b.claims_tested.cmp(&a.claims_tested)));
    candidates.into_iter().next()
}

fn candidate(lens: &Lens, sheet: &Sheet, tool: &'static str) -> Option<NextMeasurement> {
    let mut missing = Vec::new();
    let mut measures = Vec::new();
    for (dimension, place, question) in lens.questions() {
        let Some((measure, _)) = sheet.measurable(question).filter(|(_, by)| *by == tool) else { continue };
        if !sheet.standing(dimension, place).is_measured() {
            missing.push((dimension, place));
            if !measures.contains(&measure.name()) {
                measures.push(measure.name());
            }
        }
    }
    if missing.is_empty() {
        return None;
    }
    let run_at = |level: u8| {
        let standing = Standing::Measured(Levels { low: level, high: level });
        missing
            .iter()
            .fold(sheet.clone(), |sheet, (dimension, place)| sheet.with(*dimension, *place, standing))
    };
    let claimed = |(dimension, place): &&(usize, usize)| sheet.standing(*dimension, *place).is_known();
    let name = |dimension: usize| lens.dimensions[dimension].id.clone();
    let mut lifts: Vec<usize> = missing.iter().map(|(dimension, _)| *dimension).collect();
    lifts.dedup();
    lifts.retain(|dimension| sheet.is_capped(*dimension));
    Some(NextMeasurement {
        tool,
        measures,
        questions: missing.iter().map(|(d, q)| lens.dimensions[*d].questions[*q].id.clone()).collect(),
        claims_tested: missing.iter().filter(claimed).count(),
        lifts_cap_on: lifts.into_iter().map(name).collect(),
        gain: gain(lens, sheet, run_at),
    })
}

/// The mean narrowing over the levels that the answer may turn out at, each as likely as the next.
fn gain(lens: &Lens, sheet: &Sheet, at: impl Fn(u8) -> Sheet) -> Gain {
    let levels = LOWEST_LEVEL..=HIGHEST_LEVEL;
    let count = f64::from(HIGHEST_LEVEL);
    let (stages, points) = levels.map(&at).fold((0.0, 0.0), |(stages, points), sheet| {
        (stages + gate::width(lens, &sheet) as f64, points + span(sheet.weighted(lens)))
    });
    Gain {
        stages: gate::width(lens, sheet) as f64 - stages / count,
        points: span(sheet.weighted(lens)) - points / count,
    }
}

fn span(ends: Interval) -> f64 {
    ends.high - ends.low
}

impl Gain {
    /// Stages before points; points are compared to the thousandth, so that rounding decides nothing.
    fn order(self, other: Self) -> std::cmp::Ordering {
        let thousandths = |points: f64| (points * 1000.0).round();
        let stages = thousandths(self.stages).total_cmp(&thousandths(other.stages));
        stages.then(thousandths(self.points).total_cmp(&thousandths(other.points)))
    }
}
