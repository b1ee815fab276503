//! What tables are here, which entities and columns do they hold, how full are they?

mod output;

use crate::{Answer, Context, Tool, ToolError, Toolset, wire::ResponseFormat};
use output::Column;
pub use output::Output;
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Write;

/// Columns on one page, so that a result stays within what a model can read.
const CONCISE_PAGE: usize = 100;
const DETAILED_PAGE: usize = 40;

/// The tool.
pub struct DescribeData;

/// Arguments of `describe_data`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// Tables to describe, by name. Absent: all of them.
    pub tables: Option<Vec<String>>,
    /// `concise` (default) gives role, type, fill and distinct values; `detailed` adds counts, ranges and reasons.
    pub response_format: ResponseFormat,
    /// Whether to show the commonest values of stages, sources, types, industries and close reasons. Default false.
    pub show_values: bool,
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
        let Input { tables, response_format, show_values, cursor } = input;
        let detailed = response_format == ResponseFormat::Detailed;
        let all = &context.tables;
        if all.all().is_empty() && all.problems().is_empty() {
            return Err(all.nothing().into());
        }
        let names = tables.unwrap_or_else(|| all.names());
        let start = position(cursor.as_deref())?;
        let page = if detailed { DETAILED_PAGE } else { CONCISE_PAGE };
        let mut output = Output {
            tables: Vec::new(),
            problems: all.problems().iter().map(output::problem).collect(),
            next_cursor: None,
        };
        let mut seen = 0;
        for (at, name) in names.iter().enumerate() {
            let table = all.table(name)?;
            context.run.progress(at as u64, Some(names.len() as u64), format!("reading {name}"));
            let first = start.saturating_sub(seen).min(table.columns.len());
            seen += table.columns.len();
            if seen <= start && !table.columns.is_empty() {
                continue;
            }
            if output.next_cursor.is_some() {
                break;
            }
            let profile = match all.profile(name, &context.run).await {
                Ok(profile) => profile,
                Err(error @ revarch_data::DataError::Unreadable { .. }) => {
                    output.problems.push(output::unreadable(name, &error));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let recognition = all.recognition(name, &context.run).await?;
            let shown: usize = output.tables.iter().map(|table| table.columns.len()).sum();
            let room = page.saturating_sub(shown);
            if profile.columns.len().saturating_sub(first) > room {
                output.next_cursor = Some((seen - table.columns.len() + first + room).to_string());
            }
            let columns: Vec<Column> = profile
                .columns
                .iter()
                .skip(first)
                .take(room)
                .map(|column| {
                    output::column(column, recognition.columns.get(&column.name), detailed, show_values)
                })
                .collect();
            output.tables.push(output::table(table, &profile, &recognition, columns));
        }
        let text = summary(&output);
        Ok(Answer { structured: output, text })
    }
}

fn position(cursor: Option<&str>) -> Result<usize, ToolError> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor.parse().map_err(|_| {
        ToolError::input(format!("`{cursor}` is no cursor of describe_data"))
            .hint("pass the next_cursor of the page before, or none to start over")
    })
}

/// A column in a few words: `email (email, 96% filled)`.
fn told(column: &Column) -> String {
    let role = column.role.as_ref().map(|role| role.name.clone());
    let fill =
        column.fill.filter(|fill| *fill < 1.0).map(|fill| format!("{:.0}% filled", (fill * 100.0).floor()));
    let notes: Vec<String> = role.into_iter().chain(fill).collect();
    if notes.is_empty() { column.name.clone() } else { format!("{} ({})", column.name, notes.join(", ")) }
}

fn summary(output: &Output) -> String {
    let mut text = String::new();
    for table in &output.tables {
        let entity = table.entity.as_ref().map_or("not recognised", |entity| entity.name.as_str());
        let _ = writeln!(
            text,
            "- **{}**: {} rows, {} ({} columns)",
            table.name, table.rows, entity, table.column_count
        );
        let _ = writeln!(text, "  {}", table.columns.iter().map(told).collect::<Vec<_>>().join(", "));
    }
    for problem in &output.problems {
        let _ = writeln!(text, "- not read: {}: {} (hint: {})", problem.file, problem.reason, problem.hint);
    }
    if let Some(cursor) = &output.next_cursor {
        let _ = writeln!(text, "\nMore columns follow: call again with cursor \"{cursor}\".");
    }
    text
}
