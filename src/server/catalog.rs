//! What is known of platforms besides what ships: the operator's own file, and news from the MCP registry.

use crate::{
    cli::Options,
    config::{CatalogFiles, Config},
    failure::Failure,
    output,
};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use revarch_domain::coverage::{
    catalog::{Catalog, FactChange, Package, Transport, catalog},
    own::{self, OwnFile},
    refresh::{self, Doubt, EntryStatus, Kept, Refreshed},
};
use revarch_remote::registry::{
    DEFAULT_REGISTRY, Registry, RegistryEntry, RegistryLimits, RegistryReading, RegistryState, RegistryStatus,
};
use revarch_tools::Platforms;
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Where the copy of the registry is kept where nothing else is said.
const COPY: &str = "revarch-registry.json";
/// Facts of each kind that are printed for people; the JSON form has them all.
const SHOWN: usize = 40;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads the MCP registry, keeps a copy of it, and prints what it tells otherwise than the catalog. Without a
    /// network the copy is used.
    Refresh(RefreshArguments),
    /// Checks the operator's own file and the copy of the registry, and prints what they change.
    Check(CheckArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RefreshArguments {
    /// The address before /v0.1/servers [default: that of the configuration, or the official registry's].
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Lets the address be a loopback, private or link-local one.
    #[arg(long)]
    allow_private: bool,
    /// The file of the copy [default: `registry_copy` under [catalog] of the configuration, or
    /// revarch-registry.json].
    #[arg(long, value_name = "FILE")]
    copy: Option<PathBuf>,
    /// How to write what was found.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The file to check [default: `own` under [catalog] of the configuration].
    file: Option<PathBuf>,
    /// How to write what was found.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A few lines for people.
    #[default]
    Text,
    /// Everything, as JSON.
    Json,
}

/// The catalog that calls work with.
pub(crate) async fn platforms(config: &Config) -> Result<Platforms, Failure> {
    let CatalogFiles { own, registry_copy } = &config.catalog;
    if own.is_none() && registry_copy.is_none() {
        return Ok(Platforms::shipped());
    }
    let mut known = with_own(own.as_deref())?;
    if let Some(file) = registry_copy {
        let kept = Registry::new(config.registry.clone()).kept(file).await;
        let kept = kept.map_err(|problem| {
            Failure::Usage(format!(
                "{problem}\nhint: run `revarch catalog refresh`, or take `registry_copy` out"
            ))
        })?;
        if let Some(kept) = kept {
            known = refresh::refresh(&known, &entries(&kept.entries), day_of(kept.read_at)).catalog;
        } else {
            let file = file.display();
            tracing::warn!("there is no copy of the registry at {file}; run `revarch catalog refresh`");
        }
    }
    Ok(Platforms::own(known))
}

/// Runs a command about the catalog.
pub(crate) async fn run(command: Command, options: &Options) -> Result<(), Failure> {
    let config = Config::read(options.config.as_deref())?;
    match command {
        Command::Refresh(arguments) => refresh(arguments, config, options).await,
        Command::Check(arguments) => check(&arguments, &config).await,
    }
}

async fn refresh(arguments: RefreshArguments, config: Config, options: &Options) -> Result<(), Failure> {
    let RefreshArguments { url, allow_private, copy, format } = arguments;
    let known = with_own(config.catalog.own.as_deref())?;
    let mut registry = config.registry;
    registry.url = url.or(registry.url);
    registry.allow_private |= allow_private;
    let base = registry.url.clone().unwrap_or_else(|| DEFAULT_REGISTRY.to_owned());
    let is_configured = config.catalog.registry_copy.is_some();
    let file = copy.or(config.catalog.registry_copy).unwrap_or_else(|| PathBuf::from(COPY));
    output::complain(&format!("reading {base}"));
    let reading = Registry::new(registry).refresh(Some(&file), RegistryLimits::default()).await;
    let today = date_of(options.now.unwrap_or_else(Timestamp::now));
    let read_on = match (&reading.state, reading.kept_since) {
        (RegistryState::Offline(_), Some(kept)) => day_of(kept),
        _ => today,
    };
    let news = refresh::refresh(&known, &entries(&reading.entries), read_on);
    let is_empty = matches!(reading.state, RegistryState::Offline(_)) && reading.entries.is_empty();
    match format {
        Format::Json => output::print_json(&told(&reading, &news, &file))?,
        Format::Text => output::print(&text(&reading, &news, &file, is_configured))?,
    }
    match reading.state {
        RegistryState::Offline(why) if is_empty => Err(Failure::Failed(anyhow::anyhow!(
            "the registry could not be read, and there is no copy: {why}\nhint: {}",
            why.hint()
        ))),
        _ => Ok(()),
    }
}

async fn check(arguments: &CheckArguments, config: &Config) -> Result<(), Failure> {
    let CheckArguments { file, format } = arguments;
    let CatalogFiles { own, registry_copy } = &config.catalog;
    let own = file.as_ref().or(own.as_ref());
    if own.is_none() && registry_copy.is_none() {
        return Err(Failure::Usage(
            "nothing to check: no file is named\nhint: give one, as in `revarch catalog check own.json`, or name it \
             as `own` under [catalog] of the configuration"
                .to_owned(),
        ));
    }
    let mut lines = Vec::new();
    let known = with_own(own.map(PathBuf::as_path))?;
    let changes: Vec<&FactChange> =
        known.platforms().iter().flat_map(|platform| &platform.mcp.changes).collect();
    if let Some(own) = own {
        let added =
            known.platforms().iter().filter(|platform| catalog().platform(&platform.id).is_none()).count();
        lines.push(format!("{}: {added} platform(s) added, {} fact(s) in all", own.display(), changes.len()));
        lines.extend(changes.iter().take(SHOWN).map(|change| format!("  {}", changed(change))));
    }
    let mut told = json!({ "own": changes.iter().map(|change| change_json(change)).collect::<Vec<Value>>() });
    if let Some(copy) = registry_copy {
        let kept = Registry::new(config.registry.clone()).kept(copy).await.map_err(Failure::Usage)?;
        match kept {
            None => lines.push(format!("{}: no copy yet; run `revarch catalog refresh`", copy.display())),
            Some(kept) => {
                let news = refresh::refresh(&known, &entries(&kept.entries), day_of(kept.read_at));
                lines.push(format!(
                    "{}: {} servers, read on {}; {} fact(s) changed, {} kept, {} doubtful",
                    copy.display(),
                    kept.entries.len(),
                    day_of(kept.read_at),
                    news.changed.len(),
                    news.kept.len(),
                    news.doubtful.len()
                ));
                told["registry"] = news_json(&news);
            }
        }
    }
    match format {
        Format::Json => output::print_json(&told),
        Format::Text => output::print(&lines.join("\n")),
    }
}

/// The catalog that ships, with the operator's own file over it.
fn with_own(path: Option<&Path>) -> Result<Catalog, Failure> {
    match path {
        None => Ok(catalog().clone()),
        Some(path) => Ok(catalog().with_own(&read_own(path)?)),
    }
}

fn read_own(path: &Path) -> Result<OwnFile, Failure> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read the own catalog {}", path.display()))?;
    let unusable = |reason: String| {
        Failure::Usage(format!(
            "cannot use {}: {reason}\nhint: schemas/own_catalog.json says how such a file is written",
            path.display()
        ))
    };
    let is_toml = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("toml"));
    let text = if is_toml {
        let table: toml::Table = toml::from_str(&text).map_err(|error| unusable(error.to_string()))?;
        json_of(toml::Value::Table(table)).to_string()
    } else {
        text
    };
    own::parse(&text).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        // The line is that of the JSON made from a TOML file, and says nothing to its writer.
        let cause =
            if is_toml { cause.split(" at line ").next().unwrap_or_default().to_owned() } else { cause };
        unusable(format!("{error}: {cause}"))
    })
}

/// TOML has dates of its own; JSON writes them as text.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json_of(value))).collect(),
    }
}

fn entries(read: &[RegistryEntry]) -> Vec<refresh::RegistryEntry> {
    read.iter().map(entry).collect()
}

/// A server of the registry in the terms of the catalog.
fn entry(read: &RegistryEntry) -> refresh::RegistryEntry {
    let date = |text: &Option<String>| text.as_deref().and_then(|text| text.get(..10)?.parse::<Date>().ok());
    refresh::RegistryEntry {
        name: read.name.clone(),
        description: read.description.clone().unwrap_or_default(),
        version: read.version.clone(),
        is_latest: read.is_latest,
        status: match read.status {
            Some(RegistryStatus::Deprecated) => EntryStatus::Deprecated,
            Some(RegistryStatus::Deleted) => EntryStatus::Deleted,
            Some(RegistryStatus::Active | RegistryStatus::Other(_)) | None => EntryStatus::Active,
        },
        updated: date(&read.updated_at).or_else(|| date(&read.published_at)),
        remotes: read
            .remotes
            .iter()
            .map(|remote| (transport(remote.transport.as_deref()), remote.url.clone()))
            .collect(),
        packages: read
            .packages
            .iter()
            .filter_map(|package| {
                Some(Package {
                    registry: package.registry.clone()?,
                    name: package.identifier.clone(),
                    version: package.version.clone(),
                })
            })
            .collect(),
    }
}

fn transport(name: Option<&str>) -> Option<Transport> {
    match name? {
        "streamable-http" | "streamable_http" | "http" => Some(Transport::StreamableHttp),
        "sse" => Some(Transport::Sse),
        "stdio" => Some(Transport::Stdio),
        _ => None,
    }
}

fn day_of(seconds: u64) -> Date {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    date_of(moment.unwrap_or(Timestamp::UNIX_EPOCH))
}

fn date_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

fn state(reading: &RegistryReading) -> String {
    match &reading.state {
        RegistryState::Complete => format!("read to its end, {} page(s)", reading.pages),
        RegistryState::Unchanged => "nothing new since the copy was kept".to_owned(),
        RegistryState::Partial(why) => {
            format!("read in part, {} page(s): {why}; {}", reading.pages, why.hint())
        }
        RegistryState::Offline(why) => format!("not read, the copy is used: {why}; {}", why.hint()),
    }
}

fn changed(change: &FactChange) -> String {
    let FactChange { platform, field, was, now, source } = change;
    let was = was.as_ref().map(|was| format!("{was} -> ")).unwrap_or_default();
    format!("{platform}: {field}: {was}{now} ({})", source.reference)
}

fn text(reading: &RegistryReading, news: &Refreshed, file: &Path, is_configured: bool) -> String {
    let Refreshed { catalog: _, changed: changes, kept, doubtful, confirmed, unrelated } = news;
    let mut text = format!("{}: {}\n", reading.base, state(reading));
    let _ = writeln!(
        text,
        "{} servers, {} of them told now; {} platforms of the catalog have their vendor's entry, {unrelated} entries \
         concern none",
        reading.entries.len(),
        reading.told_now,
        confirmed.len()
    );
    let mut section = |heading: &str, lines: Vec<String>| {
        let _ = writeln!(text, "\n{heading}: {}", lines.len());
        for line in lines.iter().take(SHOWN) {
            let _ = writeln!(text, "  {line}");
        }
        if lines.len() > SHOWN {
            let _ = writeln!(text, "  and {} more; --format json has all", lines.len() - SHOWN);
        }
    };
    section("changed", changes.iter().map(changed).collect());
    section(
        "kept against the registry",
        kept.iter()
            .map(|Kept { platform, field, ours, theirs, why }| {
                format!("{platform}: {field}: {ours}, not {theirs} ({why})")
            })
            .collect(),
    );
    section(
        "doubtful, and not taken over",
        doubtful
            .iter()
            .map(|Doubt { entry, platform, why }| format!("{platform}: {entry} ({why})"))
            .collect(),
    );
    if !reading.unread.is_empty() {
        section("entries that could not be read", reading.unread.clone());
    }
    if !reading.gone.is_empty() {
        section("gone from the registry", reading.gone.clone());
    }
    match &reading.copy_problem {
        Some(problem) => {
            let _ = write!(text, "\nthe copy: {problem}");
        }
        None => {
            let _ = write!(text, "\nkept in {}", file.display());
        }
    }
    if !is_configured {
        let _ = write!(
            text,
            "\nTo use it, name the file in the configuration: [catalog] registry_copy = \"{}\"",
            file.display()
        );
    }
    text
}

fn told(reading: &RegistryReading, news: &Refreshed, file: &Path) -> Value {
    let mut told = json!({
        "registry": reading.base,
        "state": state(reading),
        "servers": reading.entries.len(),
        "told_now": reading.told_now,
        "pages": reading.pages,
        "gone": reading.gone,
        "unread": reading.unread,
        "copy": file.display().to_string(),
        "copy_problem": reading.copy_problem,
    });
    if let (Value::Object(told), Value::Object(news)) = (&mut told, news_json(news)) {
        told.extend(news);
    }
    told
}

fn change_json(change: &FactChange) -> Value {
    let FactChange { platform, field, was, now, source } = change;
    json!({
        "platform": platform, "field": field, "was": was, "now": now,
        "source": source.reference, "date": source.date.map(|date| date.to_string()),
    })
}

fn news_json(news: &Refreshed) -> Value {
    let Refreshed { catalog: _, changed, kept, doubtful, confirmed, unrelated } = news;
    let kept = kept.iter().map(|Kept { platform, field, ours, theirs, why }| {
        json!({"platform": platform, "field": field, "ours": ours, "theirs": theirs, "why": why})
    });
    let doubtful = doubtful
        .iter()
        .map(|Doubt { entry, platform, why }| json!({"platform": platform, "entry": entry, "why": why}));
    json!({
        "changed": changed.iter().map(change_json).collect::<Vec<Value>>(),
        "kept": kept.collect::<Vec<Value>>(),
        "doubtful": doubtful.collect::<Vec<Value>>(),
        "confirmed": confirmed,
        "unrelated": unrelated,
    })
}
