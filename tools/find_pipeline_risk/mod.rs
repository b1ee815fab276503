//! Which open deals are at risk, and why?

mod output;
mod stage_output;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{
    Answer, Context, ErrorKind, Tool, ToolError, Toolset,
    check_data_readiness::Table,
    meant::{self, ColumnRole},
    page,
    wire::ResponseFormat,
};
use revarch_data::{CurrencyAsk, DealAsk};
use revarch_domain::risk::{Terms, outlook};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Days within which chances are told unless the caller says otherwise.
const HORIZON_DAYS: f64 = 30.0;
/// Deals listed unless the caller asks otherwise.
const TOP: u32 = 15;
/// Deals listed at most on a page.
const MOST_TOP: u32 = 200;
/// Moves of a close date that make a deal slip, unless the caller says otherwise.
const PUSHES: u64 = 2;
/// Days without activity that make a deal quiet, unless the caller says otherwise.
const QUIET_DAYS: f64 = 30.0;

/// The tool.
pub struct FindPipelineRisk;

/// Arguments of `find_pipeline_risk`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// The table of deals, as `describe_data` names it. Left out: the one recognised.
    pub deals: Option<String>,
    /// The table of the stages that deals went through, or of the values their properties took. Left out: those
    /// recognised.
    pub history: Option<String>,
    /// Days within which chances are told, 1 to 365. Default 30.
    pub horizon_days: Option<f64>,
    /// How often a close date has to be put off for a deal to be slipping. Default 2.
    pub pushes: Option<u64>,
    /// Days without activity after which a deal is quiet. Default 30.
    pub quiet_days: Option<f64>,
    /// Stages in which deals are won, beside those that say so themselves, as the data has them.
    pub won_stages: Vec<String>,
    /// Stages in which deals are lost.
    pub lost_stages: Vec<String>,
    /// Where amounts are in several currencies: what one unit of each is worth in the currency of the answer, such as
    /// {"EUR": 1.08, "USD": 1}.
    pub rates: BTreeMap<String, f64>,
    /// The column with the currency of an amount. Left out: found by its name.
    pub currency_column: Option<String>,
    /// What columns are for, where they were not recognised.
    pub columns: Vec<ColumnRole>,
    /// Small tables got elsewhere, read together with the files.
    pub tables: Vec<Table>,
    /// Whether to give the names of deals beside their ids. They are text from the data. Default false.
    pub names: bool,
    /// How many deals to list, 1 to 200. Default 15.
    pub top: Option<u32>,
    /// `concise` (default) gives the first deals; `detailed` all of them in pages, with every chance and the bins of
    /// the backtest.
    pub response_format: ResponseFormat,
    /// Where to go on in the detailed form: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for FindPipelineRisk {
    const NAME: &'static str = "find_pipeline_risk";
    const TITLE: &'static str = "Find pipeline risk";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Revenue;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let terms = terms(&input, context.seed)?;
        let top = top(input.top)?;
        let from = page::position(input.cursor.as_deref())?;
        let tables = meant::tables(context, input.tables, &input.columns).await?;
        let ask = DealAsk {
            deals: input.deals,
            won_stages: input.won_stages,
            lost_stages: input.lost_stages,
            currency: CurrencyAsk { column: input.currency_column, rates: input.rates },
        };
        let now = context.now.as_microsecond();
        context.run.progress(0, Some(2), "reading deals and their stages");
        let told = tables.deal_facts(&ask, input.history.as_deref(), input.names, now, &context.run).await?;
        context.run.progress(1, Some(2), "estimating how deals leave each stage");
        let work = tokio::task::spawn_blocking(move || {
            let outlook = outlook(&told.facts, now, &terms);
            (told, outlook)
        });
        let failed =
            |error| ToolError::new(ErrorKind::Internal, format!("the estimate stopped short: {error}"));
        let (told, outlook) = work.await.map_err(failed)?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        let output = output::wire(told, outlook, &terms, now, output::Shown { top, detailed, from })?;
        Ok(Answer { text: text::of(&output), structured: output })
    }
}

fn terms(input: &Input, seed: u64) -> Result<Terms, ToolError> {
    let days = |name: &str, asked: Option<f64>, usual: f64| {
        let days = asked.unwrap_or(usual);
        if (1.0..=365.0).contains(&days) {
            return Ok(days);
        }
        Err(ToolError::input(format!("`{name}` is {days}, and may be 1 to 365"))
            .hint(format!("leave it out for {usual} days")))
    };
    let pushes = input.pushes.unwrap_or(PUSHES);
    if pushes == 0 {
        return Err(
            ToolError::input("`pushes` is 0, and every deal would be slipping").hint("give 1 or more")
        );
    }
    Ok(Terms {
        horizon_days: days("horizon_days", input.horizon_days, HORIZON_DAYS)?,
        quiet_days: days("quiet_days", input.quiet_days, QUIET_DAYS)?,
        pushes,
        seed,
    })
}

fn top(asked: Option<u32>) -> Result<usize, ToolError> {
    let top = asked.unwrap_or(TOP);
    if !(1..=MOST_TOP).contains(&top) {
        return Err(ToolError::input(format!("`top` is {top}, and may be 1 to {MOST_TOP}"))
            .hint("ask for all deals with response_format `detailed`, which comes in pages"));
    }
    usize::try_from(top).map_err(|error| ToolError::new(ErrorKind::Internal, error.to_string()))
}
