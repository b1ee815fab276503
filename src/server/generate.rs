//! `revarch schemas`: the committed files that are made from the tools, so that a change of the contract
//! shows in the diff.

use crate::{config::Config, failure::Failure, output, toolbox::Toolbox};
use anyhow::{Context as _, anyhow};
use clap::Args;
use revarch_domain::{
    coverage::own::OwnFile,
    leads::{points::PointsLens, validate},
    maturity::Lens,
    readiness,
    workflow::WorkflowFile,
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

const BEGIN: &str = "<!-- tools:begin -->";
const END: &str = "<!-- tools:end -->";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of the schemas.
    #[arg(long, value_name = "DIR", default_value = "schemas")]
    out: PathBuf,
    /// The file with the table of tools, between `<!-- tools:begin -->` and `<!-- tools:end -->`.
    #[arg(long, value_name = "FILE", default_value = "README.md")]
    readme: PathBuf,
    /// Write nothing; fail and name the files that are not as they would be written.
    #[arg(long)]
    check: bool,
}

/// Writes the files, or names those that are stale.
pub(crate) fn run(arguments: &Arguments, toolbox: &Toolbox) -> Result<(), Failure> {
    let Arguments { out, readme, check } = arguments;
    let mut wanted = schemas(toolbox)?
        .into_iter()
        .map(|(name, text)| (out.join(name), Some(text)))
        .collect::<BTreeMap<_, _>>();
    for path in schema_files(out)? {
        wanted.entry(path).or_insert(None);
    }
    wanted.insert(readme.clone(), Some(with_table(readme, toolbox)?));
    let mut stale = Vec::new();
    for (path, text) in &wanted {
        if read(path)? != *text {
            stale.push(path.display().to_string());
            if !check {
                put(path, text.as_deref())?;
            }
        }
    }
    match (stale.is_empty(), *check) {
        (true, _) => output::print(&format!("{} files are up to date", wanted.len())),
        (false, false) => output::print(&format!("wrote {}", stale.join(", "))),
        (false, true) => Err(anyhow!("stale: {}; run `revarch schemas`", stale.join(", ")).into()),
    }
}

fn schemas(toolbox: &Toolbox) -> Result<Vec<(String, String)>, Failure> {
    let mut files = vec![
        ("config.json".to_owned(), pretty(&schemars::schema_for!(Config))?),
        ("lead_score_lens.json".to_owned(), pretty(&schemars::schema_for!(validate::lens::Lens))?),
        ("points_lens.json".to_owned(), pretty(&schemars::schema_for!(PointsLens))?),
        ("lens.json".to_owned(), pretty(&schemars::schema_for!(Lens))?),
        ("own_catalog.json".to_owned(), pretty(&schemars::schema_for!(OwnFile))?),
        ("readiness_lens.json".to_owned(), pretty(&schemars::schema_for!(readiness::Lens))?),
        ("workflows.json".to_owned(), pretty(&schemars::schema_for!(WorkflowFile))?),
    ];
    for route in toolbox.routes() {
        files.push((format!("{}.json", route.name()), pretty(route.tool())?));
    }
    Ok(files)
}

fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// The schemas that are there: those of tools that no longer exist have to go.
fn schema_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("cannot list {}", folder.display()))?,
    };
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "json")).collect())
}

fn with_table(readme: &Path, toolbox: &Toolbox) -> Result<String, Failure> {
    let text = read(readme)?.ok_or_else(|| anyhow!("there is no {}", readme.display()))?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) =
        parts.ok_or_else(|| anyhow!("{} has no place for the tools: {BEGIN} and {END}", readme.display()))?;
    Ok(format!("{before}{BEGIN}\n{}{END}{after}", table(toolbox)))
}

fn table(toolbox: &Toolbox) -> String {
    let mut text = "| toolset | tool | what it answers |\n|---|---|---|\n".to_owned();
    for route in toolbox.routes() {
        let description = route.tool().description.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | `{}` | {} |",
            route.toolset().name(),
            route.name(),
            first_sentence(description)
        );
    }
    text
}

fn first_sentence(text: &str) -> String {
    let paragraph =
        text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    paragraph[..end].replace('|', "\\|")
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        text => Ok(Some(text.with_context(|| format!("cannot read {}", path.display()))?)),
    }
}

fn put(path: &Path, text: Option<&str>) -> Result<(), Failure> {
    let Some(text) = text else {
        return Ok(fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?);
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    Ok(fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?)
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn the_table_takes_the_first_sentence() {
        assert_eq!(first_sentence("Shows a|b\nover lines. Then more."), "Shows a\\|b over lines.");
        assert_eq!(first_sentence("One paragraph\n\nanother"), "One paragraph");
    }
}
