//! Logs, on stderr only: on stdout a client expects nothing but the protocol.

use crate::{cli::Options, failure::Failure, log_fields};
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Our own doings, and what others find alarming. rmcp logs every closed session as an error.
const DEFAULT_FILTER: &str = "warn,revarch=info,rmcp=error";

/// Starts logging as the command line asks.
pub(crate) fn start(options: &Options) -> Result<(), Failure> {
    let filter = options.log.as_deref().unwrap_or(DEFAULT_FILTER);
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| Failure::Usage(format!("cannot use the log filter `{filter}`: {error}")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .fmt_fields(log_fields::on_one_line())
        .init();
    Ok(())
}
