//! How reading the user's data fails.

use revarch_domain::nearest::nearest;
use std::fmt::Write;

/// Why a question about the data has no answer. The message names the thing and the reason, the hint the
/// next step.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The tools were given no data.
    #[error("no data was given")]
    NoData,
    /// The folders hold nothing that is read as a table.
    #[error("no table in {folders}")]
    NoTables {
        /// The folders as they were named.
        folders: String,
    },
    /// A folder that was named cannot be used.
    #[error("cannot use the data folder {folder}")]
    Folder {
        /// The folder as it was named.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// No table has that name.
    #[error("no table `{asked}`")]
    UnknownTable {
        /// The name that was asked for.
        asked: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// No column has that name.
    #[error("no column `{asked}` in `{table}`")]
    UnknownColumn {
        /// The name that was asked for.
        asked: String,
        /// The table.
        table: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The mapping in the configuration says something impossible.
    #[error("cannot use the mapping of table `{table}`: {reason}")]
    Mapping {
        /// The table.
        table: String,
        /// Why.
        reason: String,
    },
    /// The tables do not tell what became of leads or deals.
    #[error("{reason}")]
    History {
        /// What is missing.
        reason: String,
        /// The next step.
        hint: String,
    },
    /// The tables do not tell what touched whom before which conversion.
    #[error("{reason}")]
    Journeys {
        /// What is missing.
        reason: String,
        /// The next step.
        hint: String,
    },
    /// A table's file cannot be read to its end.
    #[error("cannot read table `{table}`: {reason}")]
    Unreadable {
        /// The table.
        table: String,
        /// Why, in words for the owner of the file.
        reason: String,
        /// The next step.
        hint: String,
    },
    /// A table that came with the call cannot be used.
    #[error("cannot use the table `{table}` in the call: {reason}")]
    Inline {
        /// The table.
        table: String,
        /// Why.
        reason: String,
    },
    /// A query needs more memory than it may take, even when it spills.
    #[error("a query on table `{table}` needs more memory than it may take: {reason}")]
    Memory {
        /// The table.
        table: String,
        /// What the engine says.
        reason: String,
    },
    /// The work was cancelled.
    #[error("the work was cancelled")]
    Cancelled,
    /// The engine failed at a query of ours.
    #[error("the query engine failed")]
    Engine(#[from] datafusion::error::DataFusionError),
}

impl DataError {
    /// The next step for whoever asked.
    pub fn hint(&self) -> String {
        match self {
            Self::NoData => {
                "start revarch with --data DIR, or name folders under `data` in revarch.toml".into()
            }
            Self::NoTables { .. } => {
                "CSV, TSV, Parquet and JSON-lines files in the folder itself become tables".into()
            }
            Self::Folder { .. } => "name an existing folder of CSV, Parquet or JSON-lines files".into(),
            Self::UnknownTable { asked, known } => {
                if asked.contains(['/', '\\']) {
                    return format!("tables are named, not paths; tables are: {}", listed(known));
                }
                offer(asked, known, "tables")
            }
            Self::UnknownColumn { asked, known, .. } => offer(asked, known, "columns"),
            Self::Mapping { .. } => "mend the [tables] section of revarch.toml".into(),
            Self::Unreadable { hint, .. } | Self::History { hint, .. } | Self::Journeys { hint, .. } => {
                hint.clone()
            }
            Self::Inline { .. } => {
                "give a header line and a line for each row as `csv`, or objects with equal fields as `rows`"
                    .into()
            }
            Self::Memory { .. } => "allow more with --memory, such as --memory 4GB".into(),
            Self::Cancelled => "call again to start over".into(),
            Self::Engine(_) => "this is a fault of revarch's; please report it with the log".into(),
        }
    }
}

fn offer(asked: &str, known: &[String], what: &str) -> String {
    let near = nearest(asked, known.iter().map(String::as_str));
    match near.first() {
        Some(best) => format!("did you mean `{best}`? {what} are: {}", listed(known)),
        None => format!("{what} are: {}", listed(known)),
    }
}

/// The names, cut short where there are very many.
fn listed(known: &[String]) -> String {
    const SHOWN: usize = 40;
    let mut text = known.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if known.len() > SHOWN {
        let _ = write!(text, " and {} more", known.len() - SHOWN);
    }
    text
}
