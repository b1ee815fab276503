//! Does the score we already have predict conversion?

mod compare;
pub mod output;
mod scored;
mod text;

use crate::{
    Answer, Context, ErrorKind, Tool, ToolError, Toolset,
    score_leads::labelled::{self, Leads},
    wire::ResponseFormat,
};
use compare::{Ours, Work};
use output::Output;
use revarch_domain::leads::{history::Conversion, validate::columns::Names};
use schemars::JsonSchema;
use serde::Deserialize;

/// The arguments of `validate_lead_score`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The table with the score, as `describe_data` names it. Left out: the one table with an outcome column, or
    /// else leads or contacts that deals can be joined to.
    #[serde(default)]
    table: Option<String>,
    /// The column with the score. Left out: the column recognised as a score.
    #[serde(default)]
    score: Option<String>,
    /// The table that holds the score, where it is kept apart from the leads. The score counts as it stood at the
    /// decision, where its table says when it was written. Takes deals as the outcome.
    #[serde(default)]
    score_table: Option<String>,
    /// The column that says whether a lead converted; blank means not known yet. Left out: the column recognised
    /// as the outcome, or else the deals.
    #[serde(default)]
    label: Option<String>,
    /// The value of `label` that means converted, when it is none of the usual words.
    #[serde(default)]
    positive_value: Option<String>,
    /// The column with the creation or decision time. Left out: the column recognised as the creation time.
    #[serde(default)]
    time: Option<String>,
    /// The column that says when the score was last written: shows scores written after the outcome.
    #[serde(default)]
    scored_at: Option<String>,
    /// The column that says when the outcome was known.
    #[serde(default)]
    outcome_at: Option<String>,
    /// A column that counts what each lead did. Left out: the sum of the counts of engagement in the table.
    #[serde(default)]
    activity: Option<String>,
    /// The table of deals, where no column holds the outcome: a lead converted when a deal followed within
    /// `within_days` of its creation.
    #[serde(default)]
    deals: Option<String>,
    /// What counts as a conversion when deals are joined; any deal unless given.
    #[serde(default)]
    conversion: Option<Conversion>,
    /// Days from creation within which a deal counts. Left out: chosen from the data, and told.
    #[serde(default)]
    within_days: Option<u32>,
    /// Days from creation to the decision when deals are joined; 0 unless given.
    #[serde(default)]
    decide_after_days: Option<u32>,
    /// Columns that our model, which the score is compared with, may not use.
    #[serde(default)]
    exclude: Vec<String>,
    /// How much to tell; concise unless given.
    #[serde(default)]
    response_format: ResponseFormat,
}

/// Does the score we already have predict conversion?
pub struct ValidateLeadScore;

impl Tool for ValidateLeadScore {
    const NAME: &'static str = "validate_lead_score";
    const TITLE: &'static str = "Validate a lead score";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Leads;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let (leads, score) = scored::find(&input, context).await?;
        let roles = names(&leads, &score, &input);
        let columns = labelled::columns(&leads, context).await?;
        context.run.progress(1, Some(2), "training a model to compare with");
        let work = Work {
            columns,
            leads,
            names: roles,
            exclude: input.exclude,
            lens: (*context.lead_score).clone(),
            seed: context.seed,
            detailed: input.response_format == ResponseFormat::Detailed,
        };
        let done = tokio::task::spawn_blocking(move || work.done());
        let failed =
            |error| ToolError::new(ErrorKind::Internal, format!("validating stopped short: {error}"));
        let output = done.await.map_err(failed)??;
        Ok(Answer { text: text::of(&output), structured: output })
    }
}

fn names(leads: &Leads, score: &str, input: &Input) -> Names {
    let roles = leads.roles();
    Names {
        score: score.to_owned(),
        outcome: roles.label.clone(),
        positive: roles.positive.clone(),
        time: roles.time.clone(),
        scored_at: input.scored_at.clone(),
        outcome_at: input.outcome_at.clone(),
        activity: input.activity.clone(),
    }
}
