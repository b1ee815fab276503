//! The command line.

use crate::{
    access, audit, call, catalog,
    config::{self, Config},
    demo,
    failure::Failure,
    generate, lens, models, review, serve, store,
    telemetry::LogFormat,
    tenants,
    toolbox::Toolbox,
    workplace::Workplace,
};
use clap::{Args, Parser, Subcommand};
use revarch_domain::nearest::nearest;
use revarch_tools::Toolset;
use std::path::PathBuf;

/// Measures whether a revenue stack is ready for agents, with evidence for every number.
///
/// An MCP server (`revarch serve`), and the same tools from a shell (`revarch call`). Try `revarch demo`.
#[derive(Debug, Parser)]
#[command(name = "revarch", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Options {
    /// A folder of tables; may be given several times. Added to those of the configuration.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Vec<PathBuf>,
    /// The configuration [default: revarch.toml, where there is one].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The seed of everything random: equal data, time and seed give equal results [default: 1].
    #[arg(long, global = true, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// The time that counts as now, such as 2026-11-22T09:00:00Z [default: the time of each call].
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) now: Option<jiff::Timestamp>,
    /// The file that keeps reviews and models [default: revarch.db in the folder of `demo` and `review`; elsewhere they are
    /// forgotten at the end].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// The folder that scores may be written to [default: nothing is written].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// The most memory that reading data may take, such as 512MB; what needs more spills to temporary files
    /// [default: 1GB].
    #[arg(long, global = true, value_name = "SIZE", value_parser = crate::memory::parse)]
    pub(crate) memory: Option<u64>,
    /// The groups of tools to offer, separated by commas: data, assess, leads, revenue, plan, knowledge [default: all but
    /// knowledge].
    #[arg(long, global = true, value_name = "NAMES", value_delimiter = ',', value_parser = toolset)]
    pub(crate) toolsets: Vec<Toolset>,
    /// Offer only tools that leave everything as it was.
    #[arg(long, global = true)]
    pub(crate) read_only: bool,
    /// What to log, on stderr, such as `debug` or `warn,revarch=trace`.
    #[arg(long, global = true, value_name = "FILTER", env = "REVARCH_LOG")]
    pub(crate) log: Option<String>,
    /// How to log: as text for people, or each line as a JSON object.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves MCP on stdin and stdout, or on HTTP.
    Serve(serve::Arguments),
    /// Calls one tool and prints its structured result as JSON.
    Call(call::Arguments),
    /// Lists the tools.
    Tools(call::ListArguments),
    /// Makes a sample company with known defects and reviews it.
    Demo(demo::Arguments),
    /// Reviews your own stack and data, and writes the report.
    Review(review::Arguments),
    /// Lists, deletes, exports and imports the lead scores that are kept.
    Models(models::Arguments),
    /// Shows, exports, imports and deletes what is remembered.
    Store(store::Arguments),
    /// Checks the log of who called what.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Makes tokens for those who call over HTTP.
    #[command(subcommand)]
    Token(access::mint::Command),
    /// Brings what is known of platforms up to date, or checks your own additions to it.
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Shows the configuration as it holds, and where each value comes from.
    #[command(subcommand)]
    Config(config::Command),
    /// Checks a maturity lens of your own, and tells every error with its line.
    #[command(subcommand)]
    Lens(lens::Command),
    /// Writes the tools' schemas and the README's table of tools.
    #[command(visible_alias = "generate")]
    Schemas(generate::Arguments),
}

impl Cli {
    /// Does what the command line asks.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Self { options, command } = self;
        let toolbox = Toolbox::new(revarch_tools::all());
        match command {
            Command::Tools(arguments) => {
                let config = Config::read(options.config.as_deref())?;
                let offered = toolbox.offering(&config.offered(&options.toolsets)?);
                call::list(&arguments, &offered.held_to_reading(options.read_only || config.read_only))
            }
            Command::Schemas(arguments) => generate::run(&arguments, &toolbox),
            Command::Models(arguments) => models::run(arguments, &options).await,
            Command::Store(arguments) => store::run(arguments, &options).await,
            Command::Audit(command) => audit::run(command, &options),
            Command::Token(command) => access::mint::run(&command, &options),
            Command::Catalog(command) => catalog::run(command, &options).await,
            Command::Config(command) => config::show(&command, &options),
            Command::Lens(command) => lens::run(&command),
            Command::Demo(arguments) => demo::run(arguments, options, &toolbox).await,
            Command::Review(arguments) => review::run(&arguments, options, &toolbox).await,
            Command::Call(arguments) => {
                let toolbox = toolbox.held_to_reading(options.read_only);
                let call = call::Call::parse(&arguments, &toolbox)?;
                let workplace = Workplace::open(options).await?;
                let done = call.run(&workplace).await;
                workplace.close().await;
                done
            }
            Command::Serve(arguments) => {
                let place = arguments.check(&options).await?;
                let (workplace, tenants) = tenants::open(options).await?;
                let toolbox =
                    toolbox.offering(workplace.toolsets()).held_to_reading(workplace.is_read_only());
                Box::pin(serve::run(place, arguments, workplace, tenants, toolbox)).await
            }
        }
    }
}

/// A toolset by its name.
pub(crate) fn toolset(name: &str) -> Result<Toolset, String> {
    Toolset::ALL.into_iter().find(|toolset| toolset.name() == name).ok_or_else(|| {
        let names: Vec<_> = Toolset::ALL.map(Toolset::name).into();
        match nearest(name, names.iter().copied()).first() {
            Some(near) => format!("there is no toolset of that name; did you mean `{near}`?"),
            None => format!("toolsets are {}", names.join(", ")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
