//! Which leads convert, why, and where is the cut-off?

mod answer;
mod best;
mod card;
mod cells;
pub(crate) mod file;
mod kept;
pub(crate) mod labelled;
pub mod output;
mod points;
mod stream;
mod text;

pub use kept::record;
pub(crate) use text::of_history;

use crate::{Answer, Context, ErrorKind, Tool, ToolError, Toolset, wire::ResponseFormat};
use answer::Request;
use labelled::{Asked, Leads, Missing};
use output::Output;
use revarch_domain::leads::{
    cutoff::{Bounds, Economics},
    document::Document,
    history::Conversion,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Leads listed unless the caller asks otherwise.
const TOP: u32 = 20;
/// Leads listed at most.
const MOST_TOP: u32 = 200;

/// How leads are scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By a model of what converted before; where no outcome is to be found, by points.
    #[default]
    Model,
    /// By authored points for fit and engagement, which nothing has validated.
    Points,
}

/// The arguments of `score_leads`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The table of leads, as `describe_data` names it. Left out: the one table with an outcome column, or else
    /// leads or contacts that deals can be joined to.
    #[serde(default)]
    table: Option<String>,
    /// The column that says whether a lead converted: yes/no, true/false, 1/0, won/lost. Leads where it is
    /// blank are the ones to score. Left out: the column recognised as the outcome, or else the deals.
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
    /// The column that says how many times each lead counts in training.
    #[serde(default)]
    weight: Option<String>,
    /// Columns to leave out, such as one that was flagged by an earlier call.
    #[serde(default)]
    exclude: Vec<String>,
    /// The table of deals, where no column holds the outcome: a lead converted when a deal followed within
    /// `within_days` of its creation. What is known of it then comes from the joined tables, strictly before
    /// the decision.
    #[serde(default)]
    deals: Option<String>,
    /// What counts as a conversion when deals are joined; any deal unless given.
    #[serde(default)]
    conversion: Option<Conversion>,
    /// Days from a lead's creation within which a deal counts. Left out: chosen from the data, and told.
    #[serde(default)]
    within_days: Option<u32>,
    /// Days from a lead's creation to the decision when deals are joined; 0 unless given. With more days more is
    /// known of each lead.
    #[serde(default)]
    decide_after_days: Option<u32>,
    /// How to score; by a model unless given.
    #[serde(default)]
    method: Method,
    /// The id of a stored model, as an earlier call gave it: scores `table` without training.
    #[serde(default)]
    model: Option<String>,
    /// Another table to score with the model that is trained, such as this week's leads.
    #[serde(default)]
    score_table: Option<String>,
    /// Writes the scores of all scored leads to a new file of this name, ending in .csv or .parquet, in the
    /// folder that the operator set up for output.
    #[serde(default)]
    write: Option<String>,
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

    /// Refuses what a stored model has settled already.
    fn fits_a_stored_model(&self) -> Result<(), ToolError> {
        let settled = [
            ("positive_value", self.positive_value.is_some()),
            ("weight", self.weight.is_some()),
            ("exclude", !self.exclude.is_empty()),
            ("conversion", self.conversion.is_some()),
            ("within_days", self.within_days.is_some()),
            ("decide_after_days", self.decide_after_days.is_some()),
            ("method", self.method == Method::Points),
        ];
        let given: Vec<String> =
            settled.iter().filter(|(_, given)| *given).map(|(name, _)| format!("`{name}`")).collect();
        if given.is_empty() {
            return Ok(());
        }
        Err(ToolError::input(format!(
            "{} cannot be given with `model`: it is settled by the model's training",
            given.join(", ")
        ))
        .hint("leave it out to score with the stored model, or leave `model` out to train another"))
    }

    fn asked(&self) -> Asked {
        Asked {
            table: self.table.clone(),
            label: self.label.clone(),
            positive: self.positive_value.clone(),
            time: self.time.clone(),
            id: self.id.clone(),
            weight: self.weight.clone(),
            exclude: self.exclude.clone(),
            deals: self.deals.clone(),
            conversion: self.conversion,
            within_days: self.within_days,
            decide_after_days: self.decide_after_days,
            ..Asked::default()
        }
    }
}

/// Which leads convert, why, and where is the cut-off?
pub struct ScoreLeads;

impl Tool for ScoreLeads {
    const NAME: &'static str = "score_leads";
    const TITLE: &'static str = "Score leads";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Leads;
    const READ_ONLY: bool = false;
    const LONG: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let request = Request {
            bounds: bounds(&input)?,
            top: top(input.top)?,
            detailed: input.response_format == ResponseFormat::Detailed,
            seed: context.seed,
        };
        // What cannot be written is said before anything is computed.
        let writes = input.write.as_deref().map(|name| file::check(name, context)).transpose()?;
        let output = if let Some(id) = &input.model {
            input.fits_a_stored_model()?;
            let document = kept::load(id, context).await?;
            stored(&document, id, &input, &request, writes, context).await?
        } else if input.method == Method::Points {
            let table = points::table(input.table.as_deref(), context).await?;
            points::score(&table, "points were asked for", &input, &request, writes, context).await?
        } else {
            match labelled::find(&input.asked(), context).await {
                Ok(leads) => fresh(leads, &input, &request, writes, context).await?,
                Err(Missing::Outcome { table, reason }) => {
                    let table = input.score_table.clone().unwrap_or(table);
                    points::score(&table, &reason, &input, &request, writes, context).await?
                }
                Err(Missing::Error(error)) => return Err(error),
            }
        };
        Ok(Answer { text: text::of(&output), structured: output })
    }
}

/// Trains a model, keeps it where it has signal, and scores with it.
async fn fresh(
    leads: Leads,
    input: &Input,
    request: &Request,
    writes: Option<file::Target>,
    context: &Context,
) -> Result<Output, ToolError> {
    let columns = labelled::columns(&leads, context).await?;
    context.run.progress(1, Some(2), "training on the earlier leads");
    let work = tokio::task::spawn_blocking({
        let (leads, request) = (leads.clone(), request.clone());
        move || answer::answer(columns, &leads, &request)
    });
    let failed = |error| ToolError::new(ErrorKind::Internal, format!("scoring stopped short: {error}"));
    let answer::Answered { mut output, document, tested } = work.await.map_err(failed)??;
    let Some(document) = document else { return Ok(output) };
    output.model_id = Some(kept::keep(&document, context).await?);
    if input.score_table.is_some() || writes.is_some() {
        let all = output.scored.as_ref().is_some_and(|scored| scored.which == output::Which::Test);
        let over = match (&input.score_table, leads) {
            (Some(table), _) => stream::Over::table(table.clone(), &document, input, context).await?,
            (None, Leads::History { history, .. }) => stream::Over::history(*history, context).await?,
            (None, Leads::Table { table, .. }) => {
                stream::Over::table(table, &document, input, context).await?.all_if(all)
            }
        };
        stream::score(over, &document, &tested, request, writes, context).await?.tell(&mut output);
    }
    Ok(output)
}

/// Scores with a model that was kept.
async fn stored(
    document: &Document,
    id: &str,
    input: &Input,
    request: &Request,
    writes: Option<file::Target>,
    context: &Context,
) -> Result<Output, ToolError> {
    let named = input.score_table.clone().or_else(|| input.table.clone());
    let mut output = card::of_stored(document, id, request);
    if !document.has_signal() {
        return Ok(output);
    }
    let over = if let Some(terms) = document.origin.history {
        stream::Over::history_of(terms, named, input, context).await?
    } else {
        let table = named.unwrap_or_else(|| document.origin.table.clone());
        stream::Over::table(table, document, input, context).await?
    };
    output.source.table.clone_from(&over.table);
    stream::score(over, document, &[], request, writes, context).await?.tell(&mut output);
    Ok(output)
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
