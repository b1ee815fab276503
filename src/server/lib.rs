//! All of the `revarch` binary: an MCP server on stdio or HTTP, and the same tools from a shell. It is a library so that
//! a test binary can put other tools behind the same transport.

mod access;
mod ask;
mod audit;
mod call;
mod caller;
mod catalog;
mod changes;
mod cli;
mod config;
#[cfg(feature = "conformance")]
pub mod conformance;
mod demo;
mod failure;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod generate;
mod handler;
mod history;
mod incident;
mod knowledge;
mod lens;
mod lenses;
mod limits;
mod listing;
mod log_fields;
mod memory;
mod models;
mod output;
mod progress;
mod prompts;
mod resources;
mod review;
mod serve;
mod servers;
mod skills;
mod store;
mod subscriptions;
mod tasks;
mod telemetry;
mod tenants;
mod toolbox;
mod workplace;

use clap::Parser;
use std::process::ExitCode;

/// Calls that compute for a while must not keep the server from hearing a cancellation or the end of input.
const LEAST_WORKERS: usize = 4;

/// What the binary does: obeys the command line.
pub fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let done = telemetry::start(&cli.options).and_then(|()| run(cli));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

fn run(cli: cli::Cli) -> Result<(), failure::Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.max(LEAST_WORKERS))
        .enable_all()
        .build()?;
    let done = runtime.block_on(cli.run());
    // Work that nobody waits for any more must not hold the process.
    runtime.shutdown_background();
    done
}
