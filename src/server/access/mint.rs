//! `revarch token`: tokens for small set-ups, without an authorization server.

use super::tokens::{check_name, time};
use crate::{cli::Options, failure::Failure, output};
use clap::{Args, Subcommand};
use revarch_domain::fingerprint::sha256_hex;
use std::fmt::Write as _;

/// What tokens begin with, so that scanners for secrets know them.
const PREFIX: &str = "rva_";

/// What is done with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes a token and the lines of the configuration that let it in; `--toolsets` and `--read-only` hold it to some
    /// tools.
    New(Arguments),
}

/// The token to make.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What logs and limits call whoever shows it, such as `ci`.
    #[arg(long)]
    name: String,
    /// Whose data it opens [default: the operator's own].
    #[arg(long)]
    tenant: Option<String>,
    /// When it ends, such as 2027-01-01 or 2027-01-01T12:00:00Z [default: never].
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
}

/// Does what is asked.
pub(crate) fn run(command: &Command, options: &Options) -> Result<(), Failure> {
    let Command::New(arguments) = command;
    check_name(&arguments.name)?;
    if let Some(end) = arguments.expires.as_deref().filter(|end| time(end).is_none()) {
        return Err(Failure::Usage(format!(
            "cannot use `{end}` after --expires: it is neither a date nor a time\n\
             hint: write it as 2027-01-01 or 2027-01-01T12:00:00Z"
        )));
    }
    let secret: [u8; 32] = rand::random();
    let token = secret.iter().fold(PREFIX.to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let lines = lines(arguments, options, &sha256_hex(token.as_bytes()));
    output::print(&format!(
        "{token}\n\n\
         Clients send it in the header `Authorization: Bearer TOKEN`. It is shown this once; the configuration holds \
         its hash:\n\n{lines}"
    ))
}

/// The entry of the configuration.
fn lines(arguments: &Arguments, options: &Options, hash: &str) -> String {
    let Arguments { name, tenant, expires } = arguments;
    let text = |value: &str| toml::Value::from(value);
    let mut lines = format!("[[http.auth.tokens]]\nname = {}\nsha256 = {}", text(name), text(hash));
    if let Some(tenant) = tenant {
        let _ = write!(lines, "\ntenant = {}", text(tenant));
    }
    if !options.toolsets.is_empty() {
        let names: Vec<_> = options.toolsets.iter().map(|toolset| text(toolset.name())).collect();
        let _ = write!(lines, "\ntoolsets = {}", toml::Value::from(names));
    }
    if options.read_only {
        lines.push_str("\nread_only = true");
    }
    if let Some(end) = expires {
        let _ = write!(lines, "\nexpires = {}", text(end));
    }
    lines
}
