//! Which leads convert, why, and where is the cut-off?

mod answer;
pub mod output;
mod text;

use crate::{Answer, Context, ErrorKind, Tool, ToolError, Toolset, wire::ResponseFormat};
use answer::Request;
use output::Output;
use revarch_data::Tables;
use revarch_domain::{
    entity::Entity,
    leads::{
        cutoff::{Bounds, Economics},
        reading::{Roles, TextColumn},
    },
    recognition::{Recognition, Role},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Every cell is held in memory; above this many rows that is no longer safe to promise.
const MOST_ROWS: u64 = 2_000_000;
/// Leads listed unless the caller asks otherwise.
const TOP: u32 = 20;
/// Leads listed at most.
const MOST_TOP: u32 = 200;

/// The arguments of `score_leads`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The table of leads, as `describe_data` names it. Left out: the one table with an outcome column.
    #[serde(default)]
    table: Option<String>,
    /// The column that says whether a lead converted: yes/no, true/false, 1/0, won/lost. Leads where it is
    /// blank are the ones to score. Left out: the column recognised as the outcome.
    #[serde(default)]
    label: Option<String>,
    /// The value of `label` that means converted, when it is none of the usual words; all other values then
    /// mean not converted.
    #[serde(default)]
    positive_value: Option<String>,
    /// The column with the decision time, usually when the lead was created. Earlier leads train, later ones
    /// test. Left out: the column recognised as the creation time.
    #[serde(default)]
    time: Option<String>,
    /// The column that names leads in the result. It must not be personal. Left out: the recognised key.
    #[serde(default)]
    id: Option<String>,
    /// Columns to leave out, such as one that was flagged by an earlier call.
    #[serde(default)]
    exclude: Vec<String>,
    /// How many leads to list, from 1 to 200; 20 unless given.
    #[serde(default)]
    top: Option<u32>,
    /// How many leads the team can contact; sets the cut-off.
    #[serde(default)]
    capacity: Option<u32>,
    /// What one conversion is worth. With `cost_per_contact` it sets the cut-off by expected value.
    #[serde(default)]
    value_per_conversion: Option<f64>,
    /// What one contact costs, in the same currency.
    #[serde(default)]
    cost_per_contact: Option<f64>,
    /// How much to tell; concise unless given.
    #[serde(default)]
    response_format: ResponseFormat,
}

impl Input {
    /// The plain question over a table and its outcome, as far as they are named.
    pub(crate) fn over(table: Option<String>, label: Option<String>) -> Self {
        Self { table, label, ..Self::default() }
    }
}

/// Which leads convert, why, and where is the cut-off?
pub struct ScoreLeads;

impl Tool for ScoreLeads {
    const NAME: &'static str = "score_leads";
    const TITLE: &'static str = "Score leads";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Leads;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let bounds = bounds(&input)?;
        let top = top(input.top)?;
        let (table, recognition) = match &input.table {
            Some(table) => (table.clone(), context.tables.recognition(table, &context.run).await?),
            None => labelled_table(context).await?,
        };
        let rows = context.tables.profile(&table, &context.run).await?.rows;
        if rows > MOST_ROWS {
            return Err(ToolError::new(
                ErrorKind::Data,
                format!("table `{table}` has {rows} rows, and leads are scored in memory up to {MOST_ROWS}"),
            )
            .hint("give a table with the last two or three years of leads"));
        }
        let roles = roles(&input, &recognition, &table)?;
        let columns = columns(&context.tables, &table, context).await?;
        context.run.progress(1, Some(2), "training on the earlier leads");
        let request = Request {
            table,
            roles,
            bounds,
            top,
            detailed: input.response_format == ResponseFormat::Detailed,
            seed: context.seed,
        };
        let work = tokio::task::spawn_blocking(move || answer::answer(&columns, &request));
        work.await
            .map_err(|error| ToolError::new(ErrorKind::Internal, format!("scoring stopped short: {error}")))?
    }
}

async fn columns(tables: &Tables, table: &str, context: &Context) -> Result<Vec<TextColumn>, ToolError> {
    let names = tables.table(table)?.columns.clone();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    context.run.progress(0, Some(2), format!("reading {table}"));
    let columns = tables.columns(table, &names, &context.run).await?;
    Ok(columns
        .into_iter()
        .map(|column| {
            let revarch_data::TextColumn { name, values } = column;
            TextColumn { name, values }
        })
        .collect())
}

/// The one table that looks like leads with an outcome, or else the one table with an outcome at all.
async fn labelled_table(context: &Context) -> Result<(String, Recognition), ToolError> {
    let names = context.tables.names();
    let mut labelled = Vec::new();
    for name in &names {
        let recognition = context.tables.recognition(name, &context.run).await?;
        if recognition.column(Role::Outcome).is_some() {
            labelled.push((name.clone(), recognition));
        }
    }
    let found: Vec<String> = labelled.iter().map(|(name, _)| name.clone()).collect();
    let leads = |(_, recognition): &(String, Recognition)| recognition.sure_entity() == Some(Entity::Lead);
    if labelled.iter().filter(|candidate| leads(candidate)).count() == 1 {
        labelled.retain(leads);
    }
    if labelled.len() == 1 {
        return labelled.pop().ok_or_else(|| ToolError::input("no table has an outcome column"));
    }
    if found.is_empty() {
        // With no data at all this names the remedy; otherwise there are tables, and none is labelled.
        context.tables.table(names.first().map_or("leads", String::as_str))?;
        return Err(ToolError::input("no table has a column that is recognised as the outcome of a lead")
            .hint(format!("name `table` and `label`; tables are: {}", names.join(", "))));
    }
    Err(ToolError::input("several tables have an outcome column")
        .hint(format!("name `table`: {}", found.join(", "))))
}

fn roles(input: &Input, recognition: &Recognition, table: &str) -> Result<Roles, ToolError> {
    let recognised = |role: Role| recognition.column(role).map(str::to_owned);
    let label = input.label.clone().or_else(|| recognised(Role::Outcome)).ok_or_else(|| {
        ToolError::input(format!("no column of `{table}` is recognised as the outcome"))
            .hint("name `label`: the column that says whether a lead converted")
    })?;
    let unless_label = |column: Option<String>| column.filter(|column| *column != label);
    let personal = recognition
        .columns
        .keys()
        .filter(|column| matches!(recognition.role(column), Some(Role::Email | Role::Phone)));
    Ok(Roles {
        positive: input.positive_value.clone(),
        time: input.time.clone().or_else(|| unless_label(recognised(Role::Created))),
        id: input.id.clone().or_else(|| unless_label(recognised(Role::Id))),
        exclude: input.exclude.clone(),
        personal: personal.cloned().collect(),
        label,
    })
}

fn bounds(input: &Input) -> Result<Bounds, ToolError> {
    let economics = match (input.value_per_conversion, input.cost_per_contact) {
        (None, None) => None,
        (Some(value), Some(cost)) if value.is_finite() && value > 0.0 && cost.is_finite() && cost >= 0.0 => {
            Some(Economics { value_per_conversion: value, cost_per_contact: cost })
        }
        (Some(_), Some(_)) => {
            return Err(ToolError::input(
                "`value_per_conversion` must be above 0 and `cost_per_contact` not below 0",
            ));
        }
        (Some(_), None) | (None, Some(_)) => {
            return Err(ToolError::input(
                "`value_per_conversion` and `cost_per_contact` only mean something together",
            )
            .hint("give both, or give `capacity` instead"));
        }
    };
    let capacity = input.capacity.and_then(|capacity| usize::try_from(capacity).ok());
    Ok(Bounds { capacity, economics })
}

fn top(asked: Option<u32>) -> Result<usize, ToolError> {
    let top = asked.unwrap_or(TOP);
    if !(1..=MOST_TOP).contains(&top) {
        return Err(ToolError::input(format!("`top` is {top}, and may be 1 to {MOST_TOP}")));
    }
    usize::try_from(top).map_err(|error| ToolError::new(ErrorKind::Internal, error.to_string()))
}
