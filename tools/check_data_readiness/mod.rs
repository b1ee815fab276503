//! Can agents rely on this data layer?

mod output;

use crate::{Answer, Context, Tool, ToolError, Toolset, wire::ResponseFormat};
pub use output::Output;
use revarch_domain::{
    provenance::Provenance,
    readiness::{self, Readiness, Threshold, Thresholds},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The tool.
pub struct CheckDataReadiness;

/// Arguments of `check_data_readiness`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// `concise` (default) gives verdicts, failed and open checks and the gravest findings; `detailed` gives all.
    pub response_format: ResponseFormat,
    /// Share of rows in which a needed field has to be filled, above 0 and below 1. Default 0.8, the guide's.
    pub fill_threshold: Option<f64>,
    /// Share of contacts that have to belong to an account, above 0 and below 1. Default 0.95.
    pub link_threshold: Option<f64>,
    /// Hours within which 95% of events have to arrive. Default 24.
    pub lag_hours: Option<f64>,
    /// Days the newest event may be old. Default 7.
    pub age_days: Option<f64>,
}

impl Tool for CheckDataReadiness {
    const NAME: &'static str = "check_data_readiness";
    const TITLE: &'static str = "Check data readiness";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let detailed = input.response_format == ResponseFormat::Detailed;
        let thresholds = thresholds(&input)?;
        let readiness = measure(context, &thresholds).await?;
        let text = output::text(&readiness);
        Ok(Answer { structured: output::wire(readiness, detailed), text })
    }
}

/// Reads the facts and judges them.
pub(crate) async fn measure(context: &Context, thresholds: &Thresholds) -> Result<Readiness, ToolError> {
    let facts = context.tables.facts(context.now.as_microsecond(), &context.run).await?;
    Ok(readiness::check(&facts, thresholds))
}

fn thresholds(input: &Input) -> Result<Thresholds, ToolError> {
    let mut thresholds = Thresholds::default();
    for (name, asked, held, most) in [
        ("fill_threshold", input.fill_threshold, &mut thresholds.filled, 1.0),
        ("link_threshold", input.link_threshold, &mut thresholds.linked, 1.0),
        ("lag_hours", input.lag_hours, &mut thresholds.lag_p95_hours, f64::MAX),
        ("age_days", input.age_days, &mut thresholds.age_days, f64::MAX),
    ] {
        let Some(value) = asked else { continue };
        if !(value > 0.0 && value < most) {
            let range = if most <= 1.0 {
                "above 0 and below 1, such as 0.8: a sample never proves that every row holds"
            } else {
                "above 0"
            };
            return Err(
                ToolError::input(format!("cannot use {name} {value}")).hint(format!("give a number {range}"))
            );
        }
        *held = Threshold { value, provenance: Provenance::Attested };
    }
    Ok(thresholds)
}
