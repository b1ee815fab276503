//! `revarch review`: the whole review of your own stack and data.

use crate::{cli::Options, failure::Failure, output, progress::Bar, toolbox::Toolbox, workplace::Workplace};
use anyhow::Context as _;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The tool that reviews.
const TOOL: &str = "review_architecture";

/// The store beside a report, where no other is named.
pub(crate) const STORE: &str = "revarch.db";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The platforms in use, as JSON: {"platforms": ["Salesforce", ...]}.
    #[arg(long, value_name = "FILE")]
    stack: Option<PathBuf>,
    /// Answers about how the company works, as JSON: {"answers": [...]}.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The table of leads to train a score on, where several have an outcome.
    #[arg(long, value_name = "NAME")]
    lead_table: Option<String>,
    /// The folder for review.md and review.json; the store is kept there too, unless one is named.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

/// What the tool is told besides the data.
#[derive(Default, Serialize)]
pub(crate) struct Told {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    platforms: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_table: Option<String>,
}

#[derive(Deserialize)]
struct Stack {
    platforms: Vec<Value>,
}

#[derive(Deserialize)]
struct Answers {
    answers: Vec<Value>,
}

impl Told {
    /// Reads the files that were named.
    pub(crate) fn read(stack: Option<&Path>, answers: Option<&Path>) -> Result<Self, Failure> {
        let mut told = Self::default();
        if let Some(path) = stack {
            Stack { platforms: told.platforms } = read_json(path, r#"{"platforms": [...]}"#)?;
        }
        if let Some(path) = answers {
            Answers { answers: told.answers } = read_json(path, r#"{"answers": [...]}"#)?;
        }
        Ok(told)
    }
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path, shape: &str) -> Result<T, Failure> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::Usage(format!("cannot use {}: {error}; it should hold {shape}", path.display()))
    })
}

/// Reviews what the command line and the configuration name.
pub(crate) async fn run(arguments: &Arguments, options: Options, toolbox: &Toolbox) -> Result<(), Failure> {
    let Arguments { stack, answers, lead_table, out } = arguments;
    let mut told = Told::read(stack.as_deref(), answers.as_deref())?;
    told.lead_table.clone_from(lead_table);
    prepare(out)?;
    let workplace = Workplace::open_beside(options, &out.join(STORE)).await?;
    let done = write(&told, out, &workplace, toolbox).await;
    workplace.close().await;
    done
}

/// Makes sure of the folder before any work is spent.
pub(crate) fn prepare(out: &Path) -> Result<(), Failure> {
    Ok(fs::create_dir_all(out).with_context(|| format!("cannot create the folder {}", out.display()))?)
}

/// Reviews, prints the summary and writes the files.
pub(crate) async fn write(
    told: &Told,
    out: &Path,
    workplace: &Workplace,
    toolbox: &Toolbox,
) -> Result<(), Failure> {
    let route = toolbox.find(TOOL).map_err(anyhow::Error::msg)?;
    let bar = Bar::new();
    let answer = workplace.call(route, json!(told), bar.run()).await;
    bar.clear();
    let answer = answer?;
    let report = match answer.structured.get("review_id").and_then(Value::as_str) {
        Some(id) => workplace.store().review(id).await?.map(|review| review.markdown),
        None => None,
    };
    let files = [
        ("review.md", report.as_ref().unwrap_or(&answer.text).trim_end().to_owned()),
        ("review.json", serde_json::to_string_pretty(&answer.structured)?),
    ];
    for (name, text) in files {
        let path = out.join(name);
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    output::print(&answer.text)?;
    output::complain(&format!("wrote review.md and review.json in {}", out.display()));
    Ok(())
}
