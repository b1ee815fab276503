//! Maturity lenses of the operator's own: reading those the configuration names, and `revarch lens check`.

use crate::{failure::Failure, output};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use revarch_domain::maturity::{Lens, LensError};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tells every error of a lens file, each with its line and field.
    Check(CheckArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The lens file, as JSON; `schemas/lens.json` says how it is written.
    file: PathBuf,
}

/// Does what the command asks.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    let Command::Check(CheckArguments { file }) = command;
    match Lens::parse(&text(file)?) {
        Ok(lens) => output::print(&passed(file, &lens)),
        Err(error) => {
            let told: Vec<String> =
                error.flaws().iter().map(|flaw| format!("{}: {flaw}", file.display())).collect();
            output::print(&told.join("\n"))?;
            let count = told.len();
            Err(anyhow!("{count} {} in {}", if count == 1 { "error" } else { "errors" }, file.display())
                .into())
        }
    }
}

/// The lenses in these files, each with a name of its own.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<Lens>, Failure> {
    let mut lenses: Vec<Lens> = Vec::new();
    for file in files {
        let lens = Lens::parse(&text(file)?).map_err(|error| unusable(file, &error))?;
        let id = &lens.id;
        if is_taken(id) || lenses.iter().any(|other| other.id == *id) {
            return Err(Failure::Usage(format!(
                "the lens {} has the id `{id}`, which another lens has\nhint: give yours another id, so that no \
                 assessment changes its meaning unnoticed",
                file.display()
            )));
        }
        lenses.push(lens);
    }
    Ok(lenses)
}

fn text(file: &Path) -> Result<String, Failure> {
    Ok(fs::read_to_string(file).with_context(|| format!("cannot read the lens {}", file.display()))?)
}

fn is_taken(id: &str) -> bool {
    Lens::names().any(|shipped| shipped == id)
}

fn unusable(file: &Path, error: &LensError) -> Failure {
    let file = file.display();
    Failure::Usage(format!(
        "cannot use the lens {file}: {error}\nhint: `revarch lens check {file}` tells every error"
    ))
}

fn passed(file: &Path, lens: &Lens) -> String {
    let Lens { id, title, version, dimensions, stages, readings, .. } = lens;
    let mut told = format!(
        "{}: the lens `{id}` ({title}, version {version}) can be used: {} dimensions, {} questions, {} stages, {} \
         readings.",
        file.display(),
        dimensions.len(),
        lens.question_ids().count(),
        stages.len(),
        readings.len()
    );
    if is_taken(id) {
        told.push_str(
            "\nA lens of that id ships: give yours another before you name it in the configuration.",
        );
    }
    told
}
