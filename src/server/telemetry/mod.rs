//! Logs, on stderr only: on stdout a client expects nothing but the protocol. And what is counted.

mod metrics;
mod request;

pub(crate) use metrics::{Metrics, Now, Refusal, UNKNOWN_TOOL};
pub(crate) use request::{REQUEST_ID, RequestId};

use crate::{cli::Options, failure::Failure, log_fields};
use clap::ValueEnum;
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Our own doings, and what others find alarming. rmcp logs every closed session as an error.
const DEFAULT_FILTER: &str = "warn,revarch=info,rmcp=error";

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// Starts logging as the command line asks.
pub(crate) fn start(options: &Options) -> Result<(), Failure> {
    let filter = options.log.as_deref().unwrap_or(DEFAULT_FILTER);
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| Failure::Usage(format!("cannot use the log filter `{filter}`: {error}")))?;
    // A log that nobody reads any more must not take down what is logged: telling of it on stderr would panic.
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).log_internal_errors(false);
    match options.log_format {
        LogFormat::Text => {
            logs.with_ansi(io::stderr().is_terminal()).fmt_fields(log_fields::on_one_line()).init();
        }
        LogFormat::Json => logs.json().flatten_event(true).init(),
    }
    Ok(())
}
