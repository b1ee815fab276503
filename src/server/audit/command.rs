//! `revarch audit`: checking a log.

use super::{
    files,
    verify::{Expected, Report, verify},
};
use crate::{cli::Options, config::Config, failure::Failure, output};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks that no record of an audit log was altered, taken out, put in or moved.
    Verify(VerifyArguments),
    /// Checks a log and prints the number and hash of its last record, to be kept where nobody who can write the log can
    /// change it.
    Head(FileArguments),
}

#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The files of the log [default: those of the configuration].
    files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    #[command(flatten)]
    files: FileArguments,
    /// A hash that `revarch audit head` once told: a log without it was cut off or written anew.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    head: Option<String>,
    /// How many records there are at least.
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub(crate) fn run(command: Command, options: &Options) -> Result<(), Failure> {
    match command {
        Command::Verify(VerifyArguments { files, head, count, json }) => {
            let report = check(files, options, &Expected { head, count })?;
            if json {
                output::print_json(&report)?;
            } else if report.ok {
                output::print(&told(&report))?;
            }
            faultless(&report)
        }
        Command::Head(files) => {
            let report = check(files, options, &Expected::default())?;
            faultless(&report)?;
            match (report.last, report.head) {
                (Some(last), Some(head)) => output::print(&format!("{last} {head}")),
                _ => Err(anyhow!("the log holds no record").into()),
            }
        }
    }
}

fn check(files: FileArguments, options: &Options, expected: &Expected) -> Result<Report, Failure> {
    let mut files = match files.files {
        none if none.is_empty() => configured(options)?,
        named => named,
    };
    // A shell lists `audit.jsonl` before `audit.jsonl.1`, and that before `audit.jsonl.10`.
    files.sort_by_key(|file| number(file));
    Ok(verify(&files, expected)?)
}

/// The number of a full file; the one that is written to comes after all of these.
fn number(file: &Path) -> u64 {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.and_then(|ending| ending.parse().ok()).unwrap_or(u64::MAX)
}

fn configured(options: &Options) -> Result<Vec<PathBuf>, Failure> {
    let Some(audit) = Config::read(options.config.as_deref())?.audit else {
        return Err(Failure::Usage(
            "no audit log is named: give its files, or `file` under [audit] in revarch.toml".to_owned(),
        ));
    };
    let mut files = files::full(&audit.file)?;
    files.push(audit.file);
    Ok(files)
}

fn told(report: &Report) -> String {
    let Report { records, first, last, first_time, last_time, head, recovered, expected_head_at, .. } =
        report;
    let (Some(first), Some(last), Some(head)) = (first, last, head) else {
        return "ok: no records".to_owned();
    };
    let time = |time: &Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    let mut lines = vec![
        format!("ok: {records} records, {first} to {last}, from {} to {}", time(first_time), time(last_time)),
        format!("head: {head}"),
    ];
    if *first > 1 {
        lines.push(format!("records 1 to {} are in earlier files, which were not given", first - 1));
    }
    if let Some(at) = expected_head_at {
        lines.push(format!("the hash that was expected is that of record {at}; {} came after it", last - at));
    }
    if *recovered > 0 {
        lines.push(format!("{recovered} times a crash cut off a write; a record tells of each"));
    }
    lines.join("\n")
}

fn faultless(report: &Report) -> Result<(), Failure> {
    let Some(fault) = &report.wrong else { return Ok(()) };
    let file = fault.file.display();
    let place = fault.line.map_or_else(|| file.to_string(), |line| format!("{file}, line {line}"));
    let sound = match report.last {
        Some(last) => format!("records up to {last} are as they were written"),
        None => "no record before it can be vouched for".to_owned(),
    };
    Err(anyhow!("{place}: {}\n{sound}", fault.reason).into())
}

/// A hash as it is printed.
fn hash(text: &str) -> Result<String, String> {
    let is_hash = text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hash { Ok(text.to_ascii_lowercase()) } else { Err("a hash has 64 hexadecimal digits".to_owned()) }
}
