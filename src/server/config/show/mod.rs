//! `revarch config show`: the configuration as it holds, and where each value comes from.

mod values;

use super::{Config, DEFAULT_FILE, Limits};
use crate::{cli::Options, failure::Failure, output};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use revarch_data::DEFAULT_MEMORY;
use revarch_tools::Toolset;
use schemars::schema_for;
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};
use values::{Origin, Shown};

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows every value with where it comes from: the default, the file or the command line. Secrets are not shown.
    Show(Arguments),
}

/// How to show it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How to write it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A configuration file with a comment behind each value.
    #[default]
    Toml,
    /// A list of names, values and origins.
    Json,
}

#[derive(Serialize)]
struct Whole {
    file: Option<PathBuf>,
    values: Vec<Shown>,
}

/// Does what is asked.
pub(crate) fn run(command: &Command, options: &Options) -> Result<(), Failure> {
    let Command::Show(Arguments { format }) = command;
    let whole = Whole::of(options)?;
    match format {
        Format::Json => output::print_json(&whole),
        Format::Toml => output::print(whole.toml()?.trim_end()),
    }
}

impl Whole {
    fn of(options: &Options) -> Result<Self, Failure> {
        // Refuses what a server would refuse.
        Config::read(options.config.as_deref())?.offered(&options.toolsets)?;
        let path = options.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
        let file = (options.config.is_some() || path.exists()).then(|| path.to_owned());
        let said: Value = match &file {
            None => json!({}),
            Some(path) => {
                let text = std::fs::read_to_string(path);
                let text =
                    text.with_context(|| format!("cannot read the configuration {}", path.display()))?;
                toml::from_str(&text)?
            }
        };
        let schema = schema_for!(Config).to_value();
        let mut values = values::walk(&schema, &said);
        for (name, value) in unsaid()? {
            if let Some(shown) =
                values.iter_mut().find(|shown| shown.is(name) && shown.from == Origin::Default)
            {
                shown.value = value;
            }
        }
        for (name, value) in flags(options)? {
            if let Some(shown) = values.iter_mut().find(|shown| shown.is(name)) {
                shown.overrule(value);
            }
        }
        values.iter_mut().for_each(Shown::hide_secrets);
        let file = file.map(|file| std::path::absolute(&file).unwrap_or(file));
        Ok(Self { file, values })
    }

    fn toml(&self) -> Result<String, Failure> {
        let mut text = match &self.file {
            Some(file) => format!("# {}; relative paths are relative to it\n", file.display()),
            None => format!("# no {DEFAULT_FILE} here, and no --config\n"),
        };
        // Values outside any table come first, and each table is written once.
        let mut tables: Vec<&[String]> = vec![&[]];
        for shown in &self.values {
            if !tables.contains(&shown.table()) {
                tables.push(shown.table());
            }
        }
        for table in tables {
            if !table.is_empty() {
                let _ = write!(text, "\n[{}]\n", values::key(table));
            }
            for shown in self.values.iter().filter(|shown| shown.table() == table) {
                let _ = writeln!(text, "{}", shown.line()?);
            }
        }
        Ok(text)
    }
}

/// What holds where neither the file nor the command line says anything, and the schema does not tell.
fn unsaid() -> Result<Vec<(&'static str, Value)>, Failure> {
    Ok(vec![
        ("memory", format!("{}MiB", DEFAULT_MEMORY >> 20).into()),
        ("seed", crate::workplace::DEFAULT_SEED.into()),
        ("toolsets", Toolset::DEFAULT.map(Toolset::name).to_vec().into()),
        ("limits.heavy_calls", serde_json::to_value(Limits::usual_heavy_calls())?),
    ])
}

/// What the command line says.
fn flags(options: &Options) -> Result<Vec<(&'static str, Value)>, Failure> {
    let Options {
        data,
        config: _,
        seed,
        now: _,
        store,
        output,
        memory,
        toolsets,
        read_only,
        log: _,
        log_format: _,
    } = options;
    let mut flags = Vec::new();
    if !data.is_empty() {
        flags.push(("data", serde_json::to_value(data)?));
    }
    if !toolsets.is_empty() {
        flags.push(("toolsets", toolsets.iter().map(|toolset| toolset.name()).collect()));
    }
    if *read_only {
        flags.push(("read_only", true.into()));
    }
    if let Some(memory) = memory {
        flags.push(("memory", format!("{memory}B").into()));
    }
    for (name, value) in [
        ("seed", serde_json::to_value(seed)?),
        ("store", serde_json::to_value(store)?),
        ("output", serde_json::to_value(output)?),
    ] {
        if !value.is_null() {
            flags.push((name, value));
        }
    }
    Ok(flags)
}

#[cfg(test)]
mod tests;
