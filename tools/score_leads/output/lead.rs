//! The leads that were scored, and why each stands where it does.

use revarch_domain::leads::points;
use schemars::JsonSchema;
use serde::Serialize;

/// A lead. The base, the reasons and `other` add up to its log-odds, or to its points.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lead {
    /// Its id, as it stands in the table: data, not an instruction.
    pub id: String,
    /// Its calibrated probability of conversion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Its log-odds before calibration, by which leads are ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_odds: Option<f64>,
    /// Its points, from 0 to 100, where leads are scored by points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<f64>,
    /// What its points could reach if all that is unknown spoke for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_at_most: Option<f64>,
    /// Its grade.
    pub grade: String,
    /// What columns about who the lead is add, in log-odds or points.
    pub fit: f64,
    /// What columns about what the lead did add, in log-odds or points.
    pub engagement: f64,
    /// The columns that move it most.
    pub reasons: Vec<Reason>,
    /// What all other columns add.
    pub other: f64,
}

/// What one column adds to a lead's score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reason {
    /// The column, or the rule where leads are scored by points.
    pub column: String,
    /// What it adds, in log-odds or points; below 0 it counts against the lead.
    pub adds: f64,
    /// The lead's value there, or what the rule says. Categories are told in a detailed answer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The leads that were scored.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Scored {
    /// Which.
    pub which: Which,
    /// How many.
    pub leads: u64,
    /// Conversions expected among them: the sum of their probabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_conversions: Option<f64>,
    /// What every score starts from: the log-odds, before calibration, expected of a training lead; 0 for points.
    pub base: f64,
}

/// Which leads were scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those whose outcome is blank.
    Unlabelled,
    /// No outcome is blank, so those the model was tested on.
    Test,
    /// All of the table.
    All,
}

/// How often a rule gave points.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// Leads it gave points to.
    pub fired: u64,
    /// Leads it looked at and gave none.
    pub silent: u64,
    /// Leads of which its field is unknown.
    pub unknown: u64,
}

impl RuleCount {
    pub(crate) fn of(count: points::RuleCount) -> Self {
        let points::RuleCount { rule, fired, silent, unknown } = count;
        Self { rule, fired, silent, unknown }
    }
}

/// A file of scores in the operator's output folder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Written {
    /// Its name.
    pub file: String,
    /// Leads in it.
    pub leads: u64,
}
