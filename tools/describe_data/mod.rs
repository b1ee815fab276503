//! What tables are here, which entities and columns do they hold, how full are they?

mod output;

use crate::{
    Answer, Context, Tool, ToolError, Toolset,
    confirm::{self, Outcome, Settled},
    page,
    wire::ResponseFormat,
};
pub use output::Output;
use output::{Column, Shown};
pub(crate) use output::{OpenQuestionOut, open_questions};
use revarch_data::DataError;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{fmt::Write, sync::Arc};

/// Columns on one page, so that a result stays within what a model can read.
const CONCISE_PAGE: usize = 100;
const DETAILED_PAGE: usize = 30;
/// Files that could not be read, and joins, that are listed on a page.
const PROBLEMS_SHOWN: usize = 20;

/// The tool.
pub struct DescribeData;

/// Arguments of `describe_data`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// Tables to describe, by name. Absent: all of them.
    pub tables: Option<Vec<String>>,
    /// `concise` (default) gives role, type, fill and distinct values; `detailed` adds counts, ranges, quantiles,
    /// how values are written, and reasons.
    pub response_format: ResponseFormat,
    /// Whether to show the commonest values of stages, sources, types, industries and close reasons. Default false.
    pub show_values: bool,
    /// Whether to show what values look like, each letter as a and each digit as 9. Default false.
    pub show_shapes: bool,
    /// Ask the person about guesses that are not sure, where the client can ask. What is confirmed counts for this
    /// answer only; what stays open is listed in `open_questions`. Default false.
    pub confirm: bool,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for DescribeData {
    const NAME: &'static str = "describe_data";
    const TITLE: &'static str = "Describe the data";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Data;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let Input { tables, response_format, show_values, show_shapes, confirm, cursor } = input;
        let shown = Shown {
            detailed: response_format == ResponseFormat::Detailed,
            values: show_values,
            shapes: show_shapes,
        };
        if context.tables.all().is_empty() && context.tables.problems().is_empty() {
            return Err(context.tables.nothing().into());
        }
        let names = tables.unwrap_or_else(|| context.tables.names());
        for name in &names {
            context.tables.table(name)?;
        }
        let start = page::position(cursor.as_deref())?;
        let concerns = |table: &str| names.iter().any(|name| name == table);
        let settled = confirm::settle(context, Arc::clone(&context.tables), concerns, confirm).await?;
        let mut output = columns_from(&names, start, shown, &settled, context).await?;
        // What holds for all pages stands on the first.
        if start == 0 {
            let recognised = settled.tables.recognised(&context.run).await?;
            output.layouts = recognised.iter().filter_map(output::layout).collect();
            output.joins = recognised.iter().flat_map(|folder| output::joins(folder, concerns)).collect();
            output.open_questions = output::open_questions(&settled.open);
        }
        let text = summary(&output, settled.outcome);
        Ok(Answer { structured: output, text })
    }
}

async fn columns_from(
    names: &[String],
    start: usize,
    shown: Shown,
    settled: &Settled,
    context: &Context,
) -> Result<Output, ToolError> {
    let tables = &settled.tables;
    let size = if shown.detailed { DETAILED_PAGE } else { CONCISE_PAGE };
    let mut output = Output::default();
    if start == 0 {
        let problems = tables.problems();
        output.problems.extend(problems.iter().take(PROBLEMS_SHOWN).map(output::problem));
        output.problems_left_out =
            Some(problems.len().saturating_sub(PROBLEMS_SHOWN) as u64).filter(|left_out| *left_out > 0);
    }
    let (mut seen, mut room) = (0, size);
    for name in names {
        let table = tables.table(name)?;
        let first = start.saturating_sub(seen).min(table.columns.len());
        seen += table.columns.len();
        if seen <= start && !table.columns.is_empty() {
            continue;
        }
        if output.next_cursor.is_none() && room == 0 && !table.columns.is_empty() {
            output.next_cursor = Some((seen - table.columns.len()).to_string());
        }
        if output.next_cursor.is_some() {
            break;
        }
        let profile = match tables.profile(name, &context.run).await {
            Ok(profile) => profile,
            Err(error @ DataError::Unreadable { .. }) => {
                output.problems.push(output::unreadable(name, &error));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let recognition = tables.recognition(name, &context.run).await?;
        let rest = profile.columns.len().saturating_sub(first);
        if rest > room {
            output.next_cursor = Some((seen - table.columns.len() + first + room).to_string());
        }
        let columns = profile.columns.iter().skip(first).take(room);
        let columns: Vec<Column> = columns
            .map(|column| output::column(column, recognition.columns.get(&column.name), shown))
            .collect();
        room -= rest.min(room);
        let scanned = tables.scanned(name, &context.run).await?;
        let notes = tables.notes(name, &context.run).await?;
        output.tables.push(output::table(table, profile.rows, &recognition, (scanned, notes), columns));
    }
    Ok(output)
}

/// A column in a few words: `email (email, 96% filled)`.
fn told(column: &Column) -> String {
    let role = column.role.as_ref().map(|role| role.name.clone());
    let fill =
        column.fill.filter(|fill| *fill < 1.0).map(|fill| format!("{:.0}% filled", (fill * 100.0).floor()));
    let notes: Vec<String> = role.into_iter().chain(fill).collect();
    if notes.is_empty() { column.name.clone() } else { format!("{} ({})", column.name, notes.join(", ")) }
}

fn summary(output: &Output, outcome: Outcome) -> String {
    let mut text = String::new();
    for layout in &output.layouts {
        let _ = writeln!(text, "{}: {} ({:.0}% sure)", layout.source, layout.name, layout.confidence * 100.0);
    }
    for table in &output.tables {
        let entity = table.entity.as_ref().map_or("not recognised", |entity| entity.name.as_str());
        let _ = writeln!(
            text,
            "- **{}**: {} rows, {} ({} columns)",
            table.name, table.rows, entity, table.column_count
        );
        let _ = writeln!(text, "  {}", table.columns.iter().map(told).collect::<Vec<_>>().join(", "));
        for part in &table.left_out {
            let _ = writeln!(text, "  - not read: {part}");
        }
    }
    for problem in &output.problems {
        let _ = writeln!(text, "- not read: {}: {} (hint: {})", problem.file, problem.reason, problem.hint);
    }
    if !output.open_questions.is_empty() {
        let why = match outcome {
            Outcome::Declined => "the person was asked and gave no answer",
            Outcome::Unavailable => "this client cannot ask the person",
            Outcome::Answered => "the person did not settle these",
            Outcome::NothingToAsk => "`confirm` asks the person, where the client can",
        };
        let _ =
            writeln!(text, "\nStill open, and not used ({why}); the configuration can say what they are:");
        for open in &output.open_questions {
            let _ = writeln!(text, "- {}", open.told());
        }
    }
    if let Some(cursor) = &output.next_cursor {
        let _ = writeln!(text, "\nMore columns follow: call again with cursor \"{cursor}\".");
    }
    text
}
