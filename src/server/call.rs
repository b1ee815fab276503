//! One tool from the shell, and the list of them.

use crate::{failure::Failure, output, progress::Bar, toolbox::Toolbox, workplace::Workplace};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use revarch_tools::Route;
use serde_json::Value;
use std::{fs, io::Read as _};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The tool's name; `revarch tools` lists them.
    tool: String,
    /// The tool's arguments: a JSON object, `@FILE` to read one, or `-` for stdin.
    #[arg(long, value_name = "JSON", default_value = "{}", allow_hyphen_values = true)]
    args: String,
}

/// A tool and arguments for it that are at least JSON.
pub(crate) struct Call<'a> {
    route: &'a Route,
    arguments: Value,
}

impl<'a> Call<'a> {
    /// Understands the command line before any data is opened.
    pub(crate) fn parse(arguments: &Arguments, toolbox: &'a Toolbox) -> Result<Self, Failure> {
        let Arguments { tool, args } = arguments;
        let route = toolbox.find(tool).map_err(Failure::Usage)?;
        let (text, place) = read(args)?;
        let arguments: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::Usage(format!("cannot read {place} as JSON: {error}")))?;
        if !arguments.is_object() {
            return Err(Failure::Usage(format!(
                "{place} must hold a JSON object, such as {{\"name\": \"value\"}}"
            )));
        }
        Ok(Self { route, arguments })
    }

    /// Calls the tool and prints its structured result.
    pub(crate) async fn run(self, workplace: &Workplace) -> Result<(), Failure> {
        let bar = Bar::new();
        let answer = workplace.call(self.route, self.arguments, bar.run()).await;
        bar.clear();
        output::print_json(&answer?.structured)
    }
}

fn read(args: &str) -> Result<(String, String), Failure> {
    if args == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read the arguments from stdin")?;
        Ok((text, "stdin".to_owned()))
    } else if let Some(path) = args.strip_prefix('@') {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read the arguments from {path}"))?;
        Ok((text, path.to_owned()))
    } else {
        Ok((args.to_owned(), "--args".to_owned()))
    }
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// How to write the list.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A table for people.
    #[default]
    Table,
    /// The tool objects as MCP clients receive them.
    Json,
}

/// Lists the tools.
pub(crate) fn list(arguments: &ListArguments, toolbox: &Toolbox) -> Result<(), Failure> {
    match arguments.format {
        Format::Json => output::print_json(&toolbox.routes().iter().map(Route::listed).collect::<Vec<_>>()),
        Format::Table => output::print(&table(toolbox)),
    }
}

fn table(toolbox: &Toolbox) -> String {
    let rows = std::iter::once(["TOOLSET", "TOOL", "TITLE"]).chain(toolbox.routes().iter().map(|route| {
        [route.toolset().name(), route.name(), route.tool().title.as_deref().unwrap_or_default()]
    }));
    let rows: Vec<_> = rows.collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let lines =
        rows.iter().map(|[toolset, tool, title]| format!("{toolset:first$}  {tool:second$}  {title}"));
    lines.collect::<Vec<_>>().join("\n")
}
