//! What a lens must be so that it can be scored.

use super::{
    evidence,
    lens::{EvidenceRule, Gate, HIGHEST_LEVEL, LOWEST_LEVEL, Lens, Question},
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a lens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LensError {
    /// No lens of that name ships.
    #[error("no lens `{name}`")]
    UnknownLens {
        /// The name asked for.
        name: String,
    },
    /// The text is not a lens in JSON.
    #[error("cannot read the lens as JSON")]
    Json(#[from] serde_json::Error),
    /// The same id stands twice.
    #[error("the id `{id}` stands twice in the lens")]
    Repeated {
        /// The id.
        id: String,
    },
    /// A list that must hold something is empty.
    #[error("{what} is empty")]
    Empty {
        /// The list.
        what: String,
    },
    /// A question does not say what one would see at each level.
    #[error("question `{question}` must have one anchor for each level from 1 to 5")]
    Anchors {
        /// The question.
        question: String,
    },
    /// A number lies where it cannot be used.
    #[error("{what} is {value}, which is not {expected}")]
    Number {
        /// The number's name.
        what: String,
        /// The number.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// A gate names something the lens does not have.
    #[error("a gate of {place} refers to `{target}`, which the lens does not have")]
    Gate {
        /// Where the gate stands.
        place: String,
        /// What it names.
        target: String,
    },
    /// A later stage asks less than an earlier one.
    #[error("stage {stage} asks less of `{target}` than an earlier stage")]
    Easier {
        /// The later stage.
        stage: u8,
        /// The dimension or question.
        target: String,
    },
    /// Stages or phases are not numbered 1, 2, 3 ... with an open first one.
    #[error("{what} must be numbered from 1 without gaps, and the first must ask nothing")]
    Numbering {
        /// The list.
        what: &'static str,
    },
    /// Thresholds do not rise with the level.
    #[error("the thresholds of `{question}` must get strictly harder from level 2 to level 5")]
    Thresholds {
        /// The question.
        question: String,
    },
}

pub(super) fn check(lens: &Lens) -> Result<(), LensError> {
    parameters(lens)?;
    dimensions(lens)?;
    stages(lens)?;
    phases(lens)
}

fn parameters(lens: &Lens) -> Result<(), LensError> {
    let cap = f64::from(lens.parameters.attested_cap);
    within("attested_cap", cap, f64::from(LOWEST_LEVEL), f64::from(HIGHEST_LEVEL), "a level from 1 to 5")?;
    within("minimum_coverage", lens.parameters.minimum_coverage, 0.0, 1.0, "a share from 0 to 1")
}

fn dimensions(lens: &Lens) -> Result<(), LensError> {
    if lens.dimensions.is_empty() {
        return Err(LensError::Empty { what: "the list of dimensions".to_owned() });
    }
    let mut seen = BTreeSet::new();
    for dimension in &lens.dimensions {
        unique(&mut seen, &dimension.id)?;
        if dimension.questions.is_empty() {
            return Err(LensError::Empty { what: format!("the list of questions of `{}`", dimension.id) });
        }
        if !dimension.weight.is_finite() || dimension.weight <= 0.0 {
            let what = format!("the weight of `{}`", dimension.id);
            return Err(LensError::Number { what, value: dimension.weight, expected: "above 0" });
        }
        for question in &dimension.questions {
            unique(&mut seen, &question.id)?;
            anchors(question)?;
            if let Some(rule) = question.evidence {
                thresholds(&question.id, rule)?;
            }
        }
    }
    Ok(())
}

fn unique<'a>(seen: &mut BTreeSet<&'a str>, id: &'a str) -> Result<(), LensError> {
    if id.trim().is_empty() {
        return Err(LensError::Empty { what: "an id".to_owned() });
    }
    if seen.insert(id) { Ok(()) } else { Err(LensError::Repeated { id: id.to_owned() }) }
}

fn anchors(question: &Question) -> Result<(), LensError> {
    let complete = question.anchors.keys().copied().eq(LOWEST_LEVEL..=HIGHEST_LEVEL)
        && question.anchors.values().all(|anchor| !anchor.trim().is_empty());
    if complete { Ok(()) } else { Err(LensError::Anchors { question: question.id.clone() }) }
}

fn thresholds(question: &str, rule: EvidenceRule) -> Result<(), LensError> {
    let range = evidence::range(rule.measure);
    let harder = |pair: &[f64]| if rule.higher_is_better { pair[0] < pair[1] } else { pair[0] > pair[1] };
    let possible = rule.levels.iter().all(|level| (range.low..=range.high).contains(level));
    if possible && rule.levels.windows(2).all(harder) {
        Ok(())
    } else {
        Err(LensError::Thresholds { question: question.to_owned() })
    }
}

fn stages(lens: &Lens) -> Result<(), LensError> {
    numbered("stages", lens.stages.iter().map(|stage| (stage.number, stage.gates.is_empty())))?;
    let mut asked: BTreeMap<&str, f64> = BTreeMap::new();
    for stage in &lens.stages {
        for gate in &stage.gates {
            refers(lens, gate, || format!("stage {}", stage.number))?;
            let target = gate.question.as_deref().unwrap_or(&gate.dimension);
            if asked.insert(target, gate.at_least).is_some_and(|before| gate.at_least < before) {
                return Err(LensError::Easier { stage: stage.number, target: target.to_owned() });
            }
        }
    }
    Ok(())
}

fn phases(lens: &Lens) -> Result<(), LensError> {
    let open = |stage: u8, requires: &[Gate]| stage <= LOWEST_LEVEL && requires.is_empty();
    numbered(
        "entry_phases",
        lens.entry_phases.iter().map(|rule| (rule.number, open(rule.stage, &rule.requires))),
    )?;
    for rule in &lens.entry_phases {
        if !lens.stages.iter().any(|stage| stage.number == rule.stage) {
            let what = format!("the stage of phase {}", rule.number);
            return Err(LensError::Number {
                what,
                value: f64::from(rule.stage),
                expected: "a stage of the lens",
            });
        }
        for gate in &rule.requires {
            refers(lens, gate, || format!("phase {}", rule.number))?;
        }
    }
    Ok(())
}

/// Numbers run 1, 2, 3 ... and the first entry is open to everyone, so that somebody always stands somewhere.
fn numbered(what: &'static str, entries: impl Iterator<Item = (u8, bool)>) -> Result<(), LensError> {
    let mut next = 1;
    for (number, open) in entries {
        if number != next || (number == 1 && !open) {
            return Err(LensError::Numbering { what });
        }
        next += 1;
    }
    if next == 1 { Err(LensError::Empty { what: format!("the list of {what}") }) } else { Ok(()) }
}

fn refers(lens: &Lens, gate: &Gate, place: impl Fn() -> String) -> Result<(), LensError> {
    let target = gate.question.as_deref().unwrap_or(&gate.dimension);
    if lens.places(gate).is_none() {
        return Err(LensError::Gate { place: place(), target: target.to_owned() });
    }
    let what = format!("the gate of {} on `{target}`", place());
    within(&what, gate.at_least, f64::from(LOWEST_LEVEL), f64::from(HIGHEST_LEVEL), "a score from 1 to 5")
}

fn within(what: &str, value: f64, low: f64, high: f64, expected: &'static str) -> Result<(), LensError> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(LensError::Number { what: what.to_owned(), value, expected })
    }
}
