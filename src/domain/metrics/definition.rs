//! What each metric is, as data.

use super::quantity::Quantity;
use crate::provenance::Provenance;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// Every metric and the scorecard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    /// The version of this list.
    pub version: String,
    /// Published sources by the word that claims name them with.
    pub sources: BTreeMap<String, String>,
    /// The metrics; one that is made from others stands after them.
    pub metrics: Vec<Definition>,
    /// The eight KPIs of the guide.
    pub scorecard: Vec<Kpi>,
}

/// A metric.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name in results.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// The formula in words.
    pub formula: String,
    /// Whose formula it is.
    pub formula_from: Provenance,
    /// What stands above the line.
    pub numerator: Expression,
    /// What stands below it; none where the metric is a plain quantity.
    #[serde(default)]
    pub denominator: Option<Expression>,
    /// Whether both are counts of the same things, so that it is a share with an interval.
    #[serde(default)]
    pub counts: bool,
    /// What published sources say of it.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// What to bear in mind, contradictions of the sources above all.
    #[serde(default)]
    pub cautions: Vec<String>,
}

/// What a metric is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The currency of the amounts.
    Money,
    /// The currency of the amounts, a day.
    MoneyPerDay,
    /// A share, 1 being the whole.
    Share,
    /// One number over another of the same unit.
    Ratio,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Points of a score.
    Points,
}

impl Unit {
    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::MoneyPerDay => "money_per_day",
            Self::Share => "share",
            Self::Ratio => "ratio",
            Self::Days => "days",
            Self::Months => "months",
            Self::Points => "points",
        }
    }
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
}

impl Better {
    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }

    /// Whether one value is at least as good as another.
    pub fn reaches(self, value: f64, target: f64) -> bool {
        match self {
            Self::Higher => value >= target,
            Self::Lower => value <= target,
        }
    }
}

/// A number made from quantities and other metrics, each by its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Expression {
    /// A quantity or a metric.
    Of(String),
    /// All added up.
    Sum {
        /// What is added.
        sum: Vec<Expression>,
    },
    /// The first less all others.
    Difference {
        /// What is taken from what.
        difference: Vec<Expression>,
    },
    /// All multiplied.
    Product {
        /// What is multiplied.
        product: Vec<Expression>,
    },
}

impl Expression {
    /// The names in it, in the order in which they stand.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Of(name) => vec![name],
            Self::Sum { sum: parts }
            | Self::Difference { difference: parts }
            | Self::Product { product: parts } => parts.iter().flat_map(Self::names).collect(),
        }
    }
}

/// What a published source says a metric should be.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The claim in words.
    pub states: String,
    /// The least value it calls good.
    #[serde(default)]
    pub least: Option<f64>,
    /// The upper end of the range it names.
    #[serde(default)]
    pub most: Option<f64>,
    /// The source, by its word.
    pub source: String,
}

/// One of the eight KPIs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// Its name.
    pub kpi: String,
    /// The dimension it stands for.
    pub dimension: String,
    /// The metric it is measured by.
    pub metric: String,
    /// The published baseline; none where each company has its own.
    #[serde(default)]
    pub baseline: Option<f64>,
    /// The published target; where `relative`, as a change of the baseline.
    pub optimised: f64,
    /// Whether the target is a change of the company's own baseline.
    #[serde(default)]
    pub relative: bool,
    /// What to bear in mind.
    #[serde(default)]
    pub cautions: Vec<String>,
}

impl Definitions {
    /// The metric of a name.
    pub fn metric(&self, id: &str) -> Option<&Definition> {
        self.metrics.iter().find(|metric| metric.id == id)
    }

    /// The quantities that a metric needs, through the metrics it is made from.
    pub fn needs(&self, metric: &Definition) -> Vec<Quantity> {
        let mut needs: Vec<Quantity> = Vec::new();
        let names = metric.numerator.names().into_iter();
        for name in names.chain(metric.denominator.iter().flat_map(Expression::names)) {
            let deeper = match Quantity::ALL.into_iter().find(|quantity| quantity.name() == name) {
                Some(quantity) => vec![quantity],
                None => self.metric(name).map(|metric| self.needs(metric)).unwrap_or_default(),
            };
            for quantity in deeper {
                if !needs.contains(&quantity) {
                    needs.push(quantity);
                }
            }
        }
        needs
    }
}

static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| {
    serde_json::from_str(include_str!("definitions.json"))
        .expect("the embedded definitions parse: a test reads them")
});

/// The definitions that ship.
pub fn definitions() -> &'static Definitions {
    &DEFINITIONS
}
