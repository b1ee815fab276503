//! `revarch models`: the lead scores that are kept.

use crate::{cli::Options, failure::Failure, output, store};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use revarch_domain::leads::document::Document;
use revarch_store::Store;
use revarch_tools::score_leads;
use std::{fs, path::PathBuf};

/// Models that are listed.
const LISTED: u32 = 1000;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    whose: store::Whose,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the models, newest first.
    List,
    /// Forgets a model.
    Delete {
        /// Its id.
        id: String,
    },
    /// Writes a model as one JSON file that another store can import.
    Export {
        /// Its id.
        id: String,
        /// The file; stdout where none is named.
        file: Option<PathBuf>,
    },
    /// Keeps a model from such a file.
    Import {
        /// The file.
        file: PathBuf,
    },
}

/// Does what is asked with the store that the command line or the configuration names.
pub(crate) async fn run(arguments: Arguments, options: &Options) -> Result<(), Failure> {
    let now = options.now.unwrap_or_else(jiff::Timestamp::now);
    let store = store::named(options).await?;
    let makes = matches!(arguments.command, Command::Import { .. });
    let done = async { obey(arguments.command, &arguments.whose.view(&store, makes).await?, now).await };
    let done = done.await;
    store.close().await;
    done
}

async fn obey(command: Command, store: &Store, now: jiff::Timestamp) -> Result<(), Failure> {
    match command {
        Command::List => list(store).await,
        Command::Delete { id } => {
            if !store.delete_model(&id).await? {
                return Err(unknown(&id).into());
            }
            output::print(&format!("deleted {id}"))
        }
        Command::Export { id, file } => {
            let model = store.model(&id).await?.ok_or_else(|| unknown(&id))?;
            match file {
                None => output::print(&model.document),
                Some(file) => {
                    fs::write(&file, model.document + "\n")
                        .with_context(|| format!("cannot write {}", file.display()))?;
                    output::print(&format!("wrote {id} to {}", file.display()))
                }
            }
        }
        Command::Import { file } => {
            let text =
                fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let document =
                Document::parse(text.trim_end()).with_context(|| format!("cannot use {}", file.display()))?;
            let record = score_leads::record(&document, now).map_err(|error| anyhow!(error.message))?;
            store.save_model(&record).await?;
            output::print(&format!("imported {}", record.id))
        }
    }
}

async fn list(store: &Store) -> Result<(), Failure> {
    let models = store.models(LISTED).await?;
    if models.is_empty() {
        return output::print("no model is kept");
    }
    let lines = models.iter().map(|model| {
        let auc = Document::parse(&model.document).map_or_else(
            |error| error.to_string(),
            |document| {
                let metrics = &document.card.metrics;
                let (low, high) = (metrics.auc_interval.low, metrics.auc_interval.high);
                format!("AUC {:.3} ({low:.3} to {high:.3}), {}", metrics.auc, document.model.learner().name())
            },
        );
        format!("{}  {}  {}  {auc}", model.id, model.made_at.strftime("%Y-%m-%d"), model.subject)
    });
    output::print(&lines.collect::<Vec<_>>().join("\n"))
}

fn unknown(id: &str) -> anyhow::Error {
    anyhow!("there is no model `{id}`; `revarch models list` names those that are kept")
}
