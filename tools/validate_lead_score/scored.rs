//! Leads with their outcome and the score beside it, wherever each of the two stands.

use super::Input;
use crate::{
    Context, ToolError,
    score_leads::labelled::{self, Asked, Leads, Missing},
};
use revarch_data::Apart;
use revarch_domain::{entity::Entity, recognition::Role};

/// The leads, and the column with their score.
pub(super) async fn find(input: &Input, context: &Context) -> Result<(Leads, String), ToolError> {
    let mut asked = Asked {
        table: input.table.clone(),
        label: input.label.clone(),
        positive: input.positive_value.clone(),
        time: input.time.clone(),
        deals: input.deals.clone(),
        conversion: input.conversion,
        within_days: input.within_days,
        decide_after_days: input.decide_after_days,
        also: beside(input),
        ..Asked::default()
    };
    if let Some(table) = &input.score_table {
        let column = match &input.score {
            Some(score) => score.clone(),
            None => only(table, scores(table, context).await?, context)?,
        };
        asked.apart = Some(Apart { table: table.clone(), column: column.clone() });
        return Ok((leads(&asked, context).await?, column));
    }
    if let Some(score) = &input.score {
        asked.also.push(score.clone());
        return Ok((leads(&asked, context).await?, score.clone()));
    }
    let found = leads(&asked, context).await?;
    let table = found.table().to_owned();
    let here = scores(&table, context).await?;
    let Leads::History { .. } = found else { return Ok((found, only(&table, here, context)?)) };
    // The table is known now, and the score has to be read beside the features that are made for it.
    asked.table = Some(table.clone());
    let score = match kept_apart(&here, context).await? {
        Some(apart) => {
            let column = apart.column.clone();
            asked.apart = Some(apart);
            column
        }
        None => only(&table, here, context)?,
    };
    if asked.apart.is_none() {
        asked.also.push(score.clone());
    }
    Ok((leads(&asked, context).await?, score))
}

/// The columns other than the score that have to stand beside the features of a history.
fn beside(input: &Input) -> Vec<String> {
    let columns = [&input.scored_at, &input.outcome_at, &input.activity];
    columns.into_iter().flatten().cloned().collect()
}

async fn leads(asked: &Asked, context: &Context) -> Result<Leads, ToolError> {
    labelled::find(asked, context).await.map_err(|missing| match missing {
        Missing::Error(error) => error,
        Missing::Outcome { table, reason } => ToolError::input(format!(
            "nothing says what became of the leads in `{table}`: it has no outcome column, and {reason}"
        ))
        .hint("name `label`, the column that says whether a lead converted, or `deals`, the table of deals"),
    })
}

/// The one table of scores with one score, where the leads hold none themselves.
async fn kept_apart(here: &[String], context: &Context) -> Result<Option<Apart>, ToolError> {
    if !here.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for table in context.tables.names() {
        let recognition = context.tables.recognition(&table, &context.run).await?;
        if recognition.sure_entity() == Some(Entity::Score) {
            for column in scores(&table, context).await? {
                found.push(Apart { table: table.clone(), column });
            }
        }
    }
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// The columns of a table that are recognised as scores.
async fn scores(table: &str, context: &Context) -> Result<Vec<String>, ToolError> {
    let recognition = context.tables.recognition(table, &context.run).await?;
    let is_score = |column: &&String| recognition.role(column) == Some(Role::Score);
    Ok(recognition.columns.keys().filter(is_score).cloned().collect())
}

fn only(table: &str, mut scores: Vec<String>, context: &Context) -> Result<String, ToolError> {
    match (scores.pop(), scores.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(ToolError::input(format!("no column of `{table}` is recognised as a score"))
            .hint("name the column in `score`, and its table in `score_table` where it is kept apart from the leads")
            .hint(format!("tables are: {}", context.tables.names().join(", ")))),
        (Some(last), false) => {
            scores.push(last);
            Err(ToolError::input(format!("`{table}` has several scores"))
                .hint(format!("name one in `score`: {}", scores.join(", "))))
        }
    }
}
