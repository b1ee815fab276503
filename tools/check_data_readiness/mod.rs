//! Can agents rely on this data layer?

mod evidence;
mod output;
mod text;

use crate::{
    Answer, Context, Tool, ToolError, Toolset,
    confirm::{self, Settled},
    page, shapes,
    wire::ResponseFormat,
};
use evidence::Aggregate;
pub use evidence::Table;
pub(crate) use evidence::table as inline;
pub use output::Output;
use revarch_data::Tables;
use revarch_domain::readiness::{self, Facts, Lens, NextQuery, Readiness, System, next_queries};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// The tool.
pub struct CheckDataReadiness;

/// Arguments of `check_data_readiness`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// `concise` (default) gives verdicts, failed and open checks and the gravest findings; `detailed` gives all, in
    /// pages.
    pub response_format: ResponseFormat,
    /// Where to go on in the detailed form: the `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Small tables got elsewhere, such as from a CRM's own MCP server, checked together with the files. Each has
    /// `csv` or `rows`.
    pub tables: Vec<Table>,
    /// Counts made elsewhere, as answers to `next_queries`.
    pub aggregates: Vec<Aggregate>,
    /// Where more could be asked: salesforce, hubspot, warehouse. Default: the systems the files come from.
    pub systems: Vec<String>,
    /// Ask the person about guesses that are not sure, where the client can ask. Default false.
    pub confirm: bool,
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
    const LONG: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let lens = lens(&input, &context.readiness)?;
        let start = page::position(input.cursor.as_deref())?;
        let Input { response_format, tables, aggregates, systems, confirm, .. } = input;
        let systems = systems.iter().map(|name| evidence::system(name)).collect::<Result<Vec<_>, _>>()?;
        let aggregates = aggregates.iter().map(evidence::aggregate).collect::<Result<Vec<_>, _>>()?;
        let detailed = response_format == ResponseFormat::Detailed;
        let checked =
            measure(context, &lens, Asked { tables, aggregates, systems, confirm, subject: None }).await?;
        let text = text::text(&checked.readiness, &checked.next);
        Ok(Answer { structured: output::wire(checked, &lens, detailed.then_some(start))?, text })
    }
}

/// What is asked beside the operator's files.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) tables: Vec<Table>,
    pub(crate) aggregates: Vec<readiness::facts::Aggregate>,
    pub(crate) systems: Vec<System>,
    pub(crate) confirm: bool,
    /// Whose earlier review tells what the tables looked like; none for the newest of all.
    pub(crate) subject: Option<String>,
}

/// The answer with what it rests on.
pub(crate) struct Checked {
    pub(crate) readiness: Readiness,
    pub(crate) facts: Facts,
    pub(crate) next: Vec<NextQuery>,
    pub(crate) settled: Settled,
}

/// Reads the facts and judges them.
pub(crate) async fn measure(context: &Context, lens: &Lens, asked: Asked) -> Result<Checked, ToolError> {
    let Asked { tables, aggregates, systems, confirm, subject } = asked;
    let tables: Arc<Tables> = if tables.is_empty() {
        Arc::clone(&context.tables)
    } else {
        let tables = tables.into_iter().map(evidence::table).collect::<Result<Vec<_>, _>>()?;
        Arc::new(context.tables.with(tables).await?)
    };
    let is_empty = tables.all().is_empty() && tables.problems().is_empty();
    if is_empty && tables.has_sources() {
        return Err(tables.nothing().into());
    }
    let settled = confirm::settle(context, tables, |_| true, confirm).await?;
    let tables = &settled.tables;
    let mut facts = tables.facts(context.now.as_microsecond(), &context.run).await?;
    facts.aggregates = aggregates;
    facts.earlier = shapes::earlier(context, subject.as_deref()).await?;
    if subject.is_none() {
        // A table of the same name in another folder is another company's, or another system's.
        let is_here = |table: &str, source: &str| {
            facts.tables.iter().any(|known| known.profile.name == table && known.source == source)
        };
        facts.earlier.retain(|shape| is_here(&shape.table, &shape.source));
    }
    let systems = if systems.is_empty() { evidence::systems_of(tables, context).await? } else { systems };
    let readiness = readiness::check(&facts, lens);
    let next = next_queries(&facts, &readiness, &systems);
    Ok(Checked { readiness, facts, next, settled })
}

/// The operator's lens, with the numbers the caller set.
fn lens(input: &Input, lens: &Lens) -> Result<Lens, ToolError> {
    let mut lens = lens.clone();
    for (argument, threshold, asked) in [
        ("fill_threshold", "filled", input.fill_threshold),
        ("link_threshold", "linked", input.link_threshold),
        ("lag_hours", "lag_p95_hours", input.lag_hours),
        ("age_days", "age_days", input.age_days),
    ] {
        let Some(value) = asked else { continue };
        lens = lens.with(threshold, value).map_err(|_| {
            let range = if argument.ends_with("threshold") {
                "above 0 and below 1, such as 0.8: a sample never proves that every row holds"
            } else {
                "above 0"
            };
            ToolError::input(format!("cannot use {argument} {value}")).hint(format!("give a number {range}"))
        })?;
    }
    Ok(lens)
}
