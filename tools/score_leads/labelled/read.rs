//! Leads read whole, and the model trained on them.

use super::Leads;
use crate::{Context, ErrorKind, ToolError};
use revarch_data::TextStream;
use revarch_domain::leads::{
    reading::{Reading, ReadingError, Roles, TextColumn, lengths, read},
    train::{Training, train},
};

/// Every cell is held in memory; above this many rows that is no longer safe to promise.
const MOST_ROWS: u64 = 2_000_000;

/// The columns of all leads.
pub(crate) async fn columns(leads: &Leads, context: &Context) -> Result<Vec<TextColumn>, ToolError> {
    let table = leads.table();
    let rows = context.tables.profile(table, &context.run).await?.rows;
    if rows > MOST_ROWS {
        return Err(ToolError::new(
            ErrorKind::Data,
            format!("table `{table}` has {rows} rows, and a score is trained in memory on up to {MOST_ROWS}"),
        )
        .hint(
            "train on a table with the last two or three years of leads; a stored `model` scores any number",
        ));
    }
    context.run.progress(0, Some(2), format!("reading {table}"));
    match leads {
        Leads::Table { table, .. } => {
            let names = context.tables.table(table)?.columns.clone();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let columns = context.tables.columns(table, &names, &context.run).await?;
            Ok(columns
                .into_iter()
                .map(|column| {
                    let revarch_data::TextColumn { name, values } = column;
                    TextColumn { name, values }
                })
                .collect())
        }
        Leads::History { history, .. } => {
            collected(context.tables.history_rows(history, &context.run).await?).await
        }
    }
}

async fn collected(mut stream: TextStream) -> Result<Vec<TextColumn>, ToolError> {
    let named = stream.names().iter().map(|name| TextColumn { name: name.clone(), values: Vec::new() });
    let mut columns: Vec<TextColumn> = named.collect();
    while let Some(batch) = stream.next().await? {
        for (at, column) in columns.iter_mut().enumerate() {
            column.values.extend((0..batch.rows()).map(|row| batch.cell(at, row).map(str::to_owned)));
        }
    }
    Ok(columns)
}

/// Reads the columns as facts and trains on them. A decision time that was only recognised is given up where it holds
/// no times; prose is replaced by its length. The roles as they were used come back.
pub(crate) fn trained(
    mut columns: Vec<TextColumn>,
    leads: &Leads,
    seed: u64,
) -> Result<(Reading, Training, Roles), ReadingError> {
    let mut roles = leads.roles().clone();
    let may_give_up = matches!(leads, Leads::Table { guessed_time: true, .. });
    let mut reading = match read(&columns, &roles) {
        Err(ReadingError::NoTimes { .. }) if may_give_up => {
            roles.time = None;
            read(&columns, &roles)?
        }
        other => other?,
    };
    let prose = lengths(&columns, &reading.dropped);
    if !prose.is_empty() {
        columns.extend(prose);
        reading = read(&columns, &roles)?;
    }
    let training = train(&reading, seed);
    Ok((reading, training, roles))
}
