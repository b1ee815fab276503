//! What a lens must be so that it can be scored.
//!
//! The check goes on after the first flaw, so that an author who changes a lens sees all of them at once.

use super::{
    evidence,
    flaw::{Flaw, LensError},
    lens::{Condition, EvidenceRule, Gate, HIGHEST_LEVEL, LOWEST_LEVEL, Lens, Question, Target},
    lens_text::LensText,
    rests,
};
use crate::{nearest::nearest, provenance::Provenance};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(lens: &Lens, text: &LensText) -> Result<(), LensError> {
    let mut report = Report { text, flaws: text.twice().to_vec() };
    header(lens, &mut report);
    ids(lens, &mut report);
    facts(lens, &mut report);
    dimensions(lens, &mut report);
    rests::check(lens, &mut report);
    stages(lens, &mut report);
    phases(lens, &mut report);
    readings(lens, &mut report);
    if let Some(register) = &lens.register {
        register.check(lens, &mut report);
    }
    let Report { mut flaws, .. } = report;
    flaws.sort_by(|a, b| a.line.cmp(&b.line).then(a.path.cmp(&b.path)));
    if flaws.is_empty() { Ok(()) } else { Err(LensError::Flawed { flaws }) }
}

/// The flaws found so far.
pub(super) struct Report<'a> {
    text: &'a LensText,
    flaws: Vec<Flaw>,
}

impl Report<'_> {
    pub(super) fn flaw(&mut self, path: impl Into<String>, problem: impl Into<String>) {
        let path = path.into();
        self.flaws.push(Flaw { line: self.text.line(&path), path, problem: problem.into() });
    }

    pub(super) fn filled(&mut self, path: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.flaw(path, "is empty");
        }
    }

    fn within(&mut self, path: impl Into<String>, value: f64, low: f64, high: f64, expected: &str) {
        if !(low..=high).contains(&value) {
            self.flaw(path, format!("is {value}, which is not {expected}"));
        }
    }

    /// A name that the lens does not have, with those it resembles.
    pub(super) fn unknown<'n>(
        &mut self,
        path: impl Into<String>,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let near = nearest(name, known);
        let hint = if near.is_empty() {
            String::new()
        } else {
            format!("; did you mean `{}`?", near.join("` or `"))
        };
        self.flaw(path, format!("names the {what} `{name}`, which the lens does not have{hint}"));
    }
}

fn header(lens: &Lens, report: &mut Report) {
    report.filled("id", &lens.id);
    report.filled("title", &lens.title);
    report.filled("version", &lens.version);
    report.filled("provenance.source", &lens.provenance.source);
    let (low, high) = (f64::from(LOWEST_LEVEL), f64::from(HIGHEST_LEVEL));
    let parameters = lens.parameters;
    let cap = parameters.attested_cap;
    report.within("parameters.attested_cap", f64::from(cap), low, high, "a level from 1 to 5");
    if let Some(documented) = parameters.documented_cap {
        let least = f64::from(cap);
        let expected = "a level from the attested cap to 5";
        report.within("parameters.documented_cap", f64::from(documented), least, high, expected);
    }
    report.within(
        "parameters.minimum_coverage",
        parameters.minimum_coverage,
        0.0,
        1.0,
        "a share from 0 to 1",
    );
    report.within("parameters.ahead_by", parameters.ahead_by, f64::MIN_POSITIVE, 4.0, "above 0 and up to 4");
}

/// Groups, dimensions, questions and readings share one space of names, so that a name says one thing.
fn ids(lens: &Lens, report: &mut Report) {
    let groups = lens.groups.iter().enumerate().map(|(place, one)| (format!("groups[{place}].id"), &one.id));
    let dimensions =
        lens.dimensions.iter().enumerate().map(|(place, one)| (format!("dimensions[{place}].id"), &one.id));
    let questions = lens
        .questions()
        .map(|(dimension, place, one)| (format!("dimensions[{dimension}].questions[{place}].id"), &one.id));
    let readings =
        lens.readings.iter().enumerate().map(|(place, one)| (format!("readings[{place}].id"), &one.id));
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (path, id) in groups.chain(dimensions).chain(questions).chain(readings) {
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.".contains(letter);
        if id.is_empty() || !id.chars().all(plain) {
            report.flaw(path, format!("`{id}` must be made of small letters, digits, `_` and `.`"));
        } else if !seen.insert(id) {
            report.flaw(path, format!("`{id}` stands twice in the lens"));
        }
    }
}

fn facts(lens: &Lens, report: &mut Report) {
    let mut known: BTreeMap<&str, Provenance> = BTreeMap::new();
    for (place, fact) in lens.provenance.facts.iter().enumerate() {
        let path = format!("provenance.facts[{place}]");
        report.filled(format!("{path}.id"), &fact.id);
        report.filled(format!("{path}.states"), &fact.states);
        report.filled(format!("{path}.source"), &fact.source);
        if !matches!(fact.provenance, Provenance::Published | Provenance::Authored) {
            report.flaw(format!("{path}.provenance"), "must be published or authored");
        }
        if known.insert(&fact.id, fact.provenance).is_some() {
            report.flaw(format!("{path}.id"), format!("the fact `{}` stands twice", fact.id));
        }
    }
    let mut grounded = |path: String, provenance: Provenance, facts: &[String]| {
        for (place, id) in facts.iter().enumerate() {
            if !known.contains_key(id.as_str()) {
                report.unknown(format!("{path}.facts[{place}]"), "fact", id, known.keys().copied());
            }
        }
        if !matches!(provenance, Provenance::Published | Provenance::Authored) {
            report.flaw(format!("{path}.provenance"), "must be published or authored");
        }
        let backed = facts.iter().any(|id| known.get(id.as_str()) == Some(&Provenance::Published));
        if provenance == Provenance::Published && !backed {
            report.flaw(path, "is called published and names no published fact");
        }
    };
    for (place, one) in lens.groups.iter().enumerate() {
        grounded(format!("groups[{place}]"), one.provenance, &one.facts);
    }
    for (place, one) in lens.dimensions.iter().enumerate() {
        grounded(format!("dimensions[{place}]"), one.provenance, &one.facts);
    }
    for (dimension, place, one) in lens.questions() {
        let path = format!("dimensions[{dimension}].questions[{place}]");
        grounded(path, Provenance::Authored, &one.facts);
    }
    for (place, one) in lens.stages.iter().enumerate() {
        grounded(format!("stages[{place}]"), one.provenance, &one.facts);
    }
    for (place, one) in lens.entry_phases.iter().enumerate() {
        grounded(format!("entry_phases[{place}]"), one.provenance, &one.facts);
    }
    for (place, one) in lens.readings.iter().enumerate() {
        grounded(format!("readings[{place}]"), one.provenance, &one.facts);
    }
}

fn dimensions(lens: &Lens, report: &mut Report) {
    if lens.dimensions.is_empty() {
        report.flaw("dimensions", "is empty: there would be nothing to score");
    }
    for (place, dimension) in lens.dimensions.iter().enumerate() {
        let path = format!("dimensions[{place}]");
        report.filled(format!("{path}.title"), &dimension.title);
        if dimension.questions.is_empty() {
            report.flaw(format!("{path}.questions"), "is empty: the dimension could never be known");
        }
        if !dimension.weight.is_finite() || dimension.weight <= 0.0 {
            report.flaw(format!("{path}.weight"), format!("is {}, which is not above 0", dimension.weight));
        }
        if let Some(group) = &dimension.group
            && !lens.groups.iter().any(|known| known.id == *group)
        {
            let known = lens.groups.iter().map(|group| group.id.as_str());
            report.unknown(format!("{path}.group"), "group", group, known);
        }
        for (inner, question) in dimension.questions.iter().enumerate() {
            let path = format!("{path}.questions[{inner}]");
            report.filled(format!("{path}.text"), &question.text);
            anchors(&path, question, report);
            if let Some(rule) = question.evidence {
                thresholds(&path, rule, report);
            }
        }
    }
    for (place, group) in lens.groups.iter().enumerate() {
        report.filled(format!("groups[{place}].title"), &group.title);
        if !lens.dimensions.iter().any(|dimension| dimension.group.as_ref() == Some(&group.id)) {
            report.flaw(
                format!("groups[{place}]"),
                format!("no dimension belongs to the group `{}`", group.id),
            );
        }
    }
}

/// An anchor for every level and no two alike: otherwise two people could not score the same sight alike.
fn anchors(path: &str, question: &Question, report: &mut Report) {
    let path = format!("{path}.anchors");
    let missing: Vec<String> = (LOWEST_LEVEL..=HIGHEST_LEVEL)
        .filter(|level| question.anchors.get(level).is_none_or(|anchor| anchor.trim().is_empty()))
        .map(|level| level.to_string())
        .collect();
    if !missing.is_empty() {
        let problem =
            format!("must have one anchor for each level from 1 to 5; missing: {}", missing.join(", "));
        report.flaw(path.as_str(), problem);
    }
    let mut seen: BTreeMap<&str, u8> = BTreeMap::new();
    for (level, anchor) in &question.anchors {
        if !(LOWEST_LEVEL..=HIGHEST_LEVEL).contains(level) {
            report.flaw(format!("{path}.{level}"), format!("{level} is no level; levels run from 1 to 5"));
        }
        if let Some(twin) = seen.insert(anchor.trim(), *level).filter(|_| !anchor.trim().is_empty()) {
            report.flaw(format!("{path}.{level}"), format!("says the same as level {twin}"));
        }
    }
}

fn thresholds(path: &str, rule: EvidenceRule, report: &mut Report) {
    let range = evidence::range(rule.measure);
    let path = format!("{path}.evidence.levels");
    let harder = |pair: &[f64]| if rule.higher_is_better { pair[0] < pair[1] } else { pair[0] > pair[1] };
    if !rule.levels.windows(2).all(harder) {
        report.flaw(path.as_str(), "the thresholds must get strictly harder from level 2 to level 5");
    }
    if let Some(level) = rule.levels.iter().find(|level| !(range.low..=range.high).contains(*level)) {
        let problem = format!("{level} is a value that `{}` cannot take", rule.measure.name());
        report.flaw(path, problem);
    }
}

fn stages(lens: &Lens, report: &mut Report) {
    let open = lens.stages.first().is_none_or(|stage| stage.gates.is_empty());
    numbered("stages", lens.stages.iter().map(|stage| stage.number), open, report);
    let mut asked: BTreeMap<&str, (f64, u8)> = BTreeMap::new();
    for (place, stage) in lens.stages.iter().enumerate() {
        report.filled(format!("stages[{place}].name"), &stage.name);
        for (inner, gate) in stage.gates.iter().enumerate() {
            let path = format!("stages[{place}].gates[{inner}]");
            passable(lens, &path, gate, report);
            let target = gate.question.as_deref().unwrap_or(&gate.dimension);
            if let Some((before, earlier)) = asked.insert(target, (gate.at_least, stage.number))
                && gate.at_least < before
            {
                let problem = format!("asks less of `{target}` than stage {earlier}, which asks {before}");
                report.flaw(format!("{path}.at_least"), problem);
            }
        }
    }
}

fn phases(lens: &Lens, report: &mut Report) {
    if lens.stages.is_empty() {
        if !lens.entry_phases.is_empty() {
            report.flaw("entry_phases", "a lens without stages cannot say where a roadmap is entered");
        }
        return;
    }
    let first = lens.entry_phases.first();
    let open = first.is_none_or(|rule| rule.stage <= LOWEST_LEVEL && rule.requires.is_empty());
    numbered("entry_phases", lens.entry_phases.iter().map(|rule| rule.number), open, report);
    for (place, rule) in lens.entry_phases.iter().enumerate() {
        let path = format!("entry_phases[{place}]");
        report.filled(format!("{path}.name"), &rule.name);
        report.filled(format!("{path}.reason"), &rule.reason);
        if !lens.stages.iter().any(|stage| stage.number == rule.stage) {
            report.flaw(
                format!("{path}.stage"),
                format!("is {}, which is not a stage of the lens", rule.stage),
            );
        }
        for (inner, gate) in rule.requires.iter().enumerate() {
            passable(lens, &format!("{path}.requires[{inner}]"), gate, report);
        }
    }
}

/// Numbers run 1, 2, 3 ... and the first entry is open to everyone, so that somebody always stands somewhere.
fn numbered(what: &str, numbers: impl Iterator<Item = u8>, open: bool, report: &mut Report) {
    for (place, number) in numbers.enumerate() {
        if usize::from(number) != place + 1 {
            report.flaw(
                format!("{what}[{place}].number"),
                format!("is {number}; they are numbered from 1 without gaps"),
            );
        }
    }
    if !open {
        report.flaw(format!("{what}[0]"), "the first must ask nothing, so that everybody stands somewhere");
    }
}

/// A gate names something the lens has and asks a score that can be reached.
fn passable(lens: &Lens, path: &str, gate: &Gate, report: &mut Report) {
    let low = f64::from(LOWEST_LEVEL);
    report.within(
        format!("{path}.at_least"),
        gate.at_least,
        low,
        f64::from(HIGHEST_LEVEL),
        "a score from 1 to 5",
    );
    let Some((dimension, _)) = lens.places(gate) else {
        let dimension = lens.dimensions.iter().find(|dimension| dimension.id == gate.dimension);
        if let (Some(dimension), Some(question)) = (dimension, &gate.question) {
            let known = dimension.questions.iter().map(|question| question.id.as_str());
            report.unknown(format!("{path}.question"), "question", question, known);
        } else {
            let known = lens.dimensions.iter().map(|dimension| dimension.id.as_str());
            report.unknown(format!("{path}.dimension"), "dimension", &gate.dimension, known);
        }
        return;
    };
    let most = lens.reachable(dimension);
    if gate.at_least > f64::from(most) {
        let problem = format!(
            "can never pass: nothing in `{}` can be measured, and what is only said counts up to {most}",
            gate.dimension
        );
        report.flaw(format!("{path}.at_least"), problem);
    }
}

fn readings(lens: &Lens, report: &mut Report) {
    for (place, reading) in lens.readings.iter().enumerate() {
        let path = format!("readings[{place}]");
        report.filled(format!("{path}.title"), &reading.title);
        report.filled(format!("{path}.means"), &reading.means);
        if reading.when.is_empty() {
            report.flaw(format!("{path}.when"), "is empty: the reading would always hold");
        }
        for (inner, condition) in reading.when.iter().enumerate() {
            holds_for_some(lens, &format!("{path}.when[{inner}]"), condition, report);
        }
    }
}

/// A condition that some set of answers meets.
fn holds_for_some(lens: &Lens, path: &str, condition: &Condition, report: &mut Report) {
    let Condition { of, at_least, below, exceeds } = condition;
    let known = || {
        let groups = lens.groups.iter().map(|group| group.id.as_str());
        groups.chain(lens.question_ids().flat_map(|(dimension, question)| [dimension, question]))
    };
    let mut target = |path: String, name: &str| {
        let found = lens.target(name);
        if found.is_none() {
            report.unknown(path, "score", name, known());
        }
        found
    };
    let most = target(format!("{path}.of"), of).map_or(HIGHEST_LEVEL, |target| most_of(lens, target));
    if let Some(other) = exceeds {
        target(format!("{path}.exceeds.of"), &other.of);
    }
    let (low, most) = (f64::from(LOWEST_LEVEL), f64::from(most));
    match (at_least, below, exceeds) {
        (Some(least), None, None) => {
            report.within(
                format!("{path}.at_least"),
                *least,
                low,
                most,
                &format!("a score from 1 to {most}"),
            );
        }
        (None, Some(limit), None) => {
            let above = low + f64::EPSILON;
            let expected = "above 1 and up to 5";
            report.within(format!("{path}.below"), *limit, above, f64::from(HIGHEST_LEVEL), expected);
        }
        (None, None, Some(other)) => {
            let expected = format!("above 0 and up to {}", most - low);
            report.within(format!("{path}.exceeds.by"), other.by, f64::MIN_POSITIVE, most - low, &expected);
        }
        _ => report.flaw(path, "must have exactly one of `at_least`, `below` and `exceeds`"),
    }
}

fn most_of(lens: &Lens, target: Target) -> u8 {
    match target {
        Target::Dimension(place) | Target::Question(place, _) => lens.reachable(place),
        Target::Group(group) => {
            let inside =
                |place: &usize| lens.dimensions[*place].group.as_ref() == Some(&lens.groups[group].id);
            let places = (0..lens.dimensions.len()).filter(inside);
            places.map(|place| lens.reachable(place)).max().unwrap_or(HIGHEST_LEVEL)
        }
    }
}
