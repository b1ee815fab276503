//! What is kept of a review so that later ones can be compared with it.

use super::{Area, Review};
use crate::{
    finding::Severity, maturity::Assessment, measure::Measure, proportion::Interval, provenance::Provenance,
    verdict::Verdict,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the areas of a review were held against: by area, by name, its version.
pub type Basis = BTreeMap<String, BTreeMap<String, String>>;

/// What is kept of a review.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// The areas that were run.
    pub areas: BTreeSet<String>,
    /// The findings by key.
    pub findings: BTreeMap<String, Place>,
    /// The keys of the data layer's findings that were looked for.
    pub checked: BTreeSet<String>,
    /// The platforms that were audited.
    pub platforms: BTreeSet<String>,
    /// The measures by name.
    pub measures: BTreeMap<String, Taken>,
    /// What the areas were held against.
    #[serde(default)]
    pub basis: Basis,
    /// The tables that were read.
    #[serde(default)]
    pub tables: BTreeSet<String>,
    /// The organisation, where it was assessed.
    #[serde(default)]
    pub maturity: Option<MaturityState>,
}

/// Where a finding belongs, and how much of it there was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The area.
    pub area: String,
    /// The table or platform.
    pub subject: Option<String>,
    /// How much it hindered.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Rows affected.
    #[serde(default)]
    pub affected: Option<u64>,
    /// Rows looked at.
    #[serde(default)]
    pub scanned: Option<u64>,
    /// The ground it stood on.
    #[serde(default)]
    pub provenance: Option<Provenance>,
}

/// A number as it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "TakenForm")]
pub struct Taken {
    /// The value.
    pub value: f64,
    /// The ends of its interval, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<(f64, f64)>,
    /// The ground it stands on.
    pub provenance: Provenance,
}

/// The first reviews kept the bare number.
#[derive(Deserialize)]
#[serde(untagged)]
enum TakenForm {
    Number(f64),
    Whole { value: f64, ends: Option<(f64, f64)>, provenance: Provenance },
}

impl From<TakenForm> for Taken {
    fn from(form: TakenForm) -> Self {
        match form {
            TakenForm::Number(value) => Self { value, ends: None, provenance: Provenance::Measured },
            TakenForm::Whole { value, ends, provenance } => Self { value, ends, provenance },
        }
    }
}

impl From<&Measure> for Taken {
    fn from(measure: &Measure) -> Self {
        let ends = measure.interval.map(|Interval { low, high }| (low, high));
        Self { value: measure.value, ends, provenance: measure.provenance }
    }
}

/// The organisation as it was assessed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MaturityState {
    /// The bounds of each dimension's score.
    pub dimensions: BTreeMap<String, (f64, f64)>,
    /// Questions answered by measurement.
    pub measured: usize,
    /// Questions answered by a statement alone.
    pub attested: usize,
}

impl MaturityState {
    /// What to keep of an assessment.
    pub fn of(assessment: &Assessment) -> Self {
        let dimensions = assessment.dimensions.iter();
        Self {
            dimensions: dimensions
                .map(|dimension| (dimension.id.clone(), (dimension.score.low, dimension.score.high)))
                .collect(),
            measured: assessment.coverage.measured,
            attested: assessment.coverage.attested,
        }
    }
}

impl Snapshot {
    /// Whether a finding would have been made again, had there been ground for it.
    pub(super) fn looked_for(&self, key: &str, place: &Place) -> bool {
        if place.area == Area::Coverage.name() {
            place.subject.as_ref().is_some_and(|platform| self.platforms.contains(platform))
        } else {
            self.checked.contains(key)
        }
    }

    /// What to keep of a review.
    pub fn of(review: &Review) -> Self {
        let ran = |area: Area| review.parts.iter().any(|part| part.area == area && part.missing.is_none());
        let findings = review.findings.iter().map(|(area, finding)| {
            let place = Place {
                area: area.name().to_owned(),
                subject: finding.subject.table.clone(),
                severity: Some(finding.severity),
                affected: finding.affected_rows,
                scanned: finding.scanned_rows,
                provenance: Some(finding.provenance),
            };
            (finding.id.clone(), place)
        });
        let measures = review.measures.iter();
        Self {
            verdict: Some(review.verdict),
            areas: Area::ALL
                .into_iter()
                .filter(|area| ran(*area))
                .map(|area| area.name().to_owned())
                .collect(),
            findings: findings.collect(),
            checked: review.checked.clone(),
            platforms: review.platforms.clone(),
            measures: measures.map(|measure| (measure.id.name().to_owned(), Taken::from(measure))).collect(),
            basis: review.made_with.basis.clone(),
            tables: review.made_with.tables.clone(),
            maturity: review.maturity.clone(),
        }
    }
}
