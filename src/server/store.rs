//! `revarch store`: what is remembered, shown, carried and forgotten.

use crate::{cli::Options, config::Config, failure::Failure, output};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand, ValueEnum};
use revarch_domain::nearest::nearest;
use revarch_store::{Kind, Store};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Reviews that are shown.
const SHOWN: u32 = 20;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    whose: Whose,
    #[command(subcommand)]
    command: Command,
}

/// Whose things a command is about.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// The tenant whose things are meant [default: the operator's own].
    #[arg(long, global = true, value_name = "NAME")]
    tenant: Option<String>,
}

impl Whose {
    /// The view of the store that is meant. A tenant of whom nothing is kept is taken for a slip of the pen, unless
    /// something of it is about to be.
    pub(crate) async fn view(&self, store: &Store, makes: bool) -> Result<Store, Failure> {
        let Some(name) = &self.tenant else { return Ok(store.clone()) };
        let known = store.tenants().await?;
        if !makes && !known.contains(name) {
            let near = nearest(name, known.iter().map(String::as_str));
            let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(anyhow!("nothing is kept of the tenant `{name}`{near}").into());
        }
        let none = || Failure::Usage("the name of a tenant cannot be empty".to_owned());
        store.for_tenant(name).ok_or_else(none)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows how much there is of what, and the newest reviews.
    Show,
    /// Writes everything as JSON lines, which another store can import.
    Export {
        /// The file.
        file: PathBuf,
    },
    /// Takes such a file, all of it or nothing; of two things that differ the newer stays.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Forgets one thing, or all of its kind that is older than a time.
    Delete {
        /// What kind of thing.
        kind: What,
        /// A review's or model's id; of answers and evidence the subject, of fingerprints the server.
        #[arg(required_unless_present = "older_than")]
        id: Option<String>,
        /// Forget what is older: days or weeks, such as 90d or 12w, or before a day, such as 2026-01-31.
        #[arg(long, value_name = "AGE", conflicts_with = "id")]
        older_than: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Review,
    Evidence,
    Answers,
    Model,
    Fingerprints,
}

impl What {
    const fn kind(self) -> Kind {
        match self {
            Self::Review => Kind::Review,
            Self::Evidence => Kind::Evidence,
            Self::Answers => Kind::Answer,
            Self::Model => Kind::Model,
            Self::Fingerprints => Kind::ToolList,
        }
    }
}

/// Opens the store in a file, and says in the log if it was damaged.
pub(crate) async fn open(path: &Path) -> Result<Store, Failure> {
    let store = Store::open(path).await?;
    if let Some(moved) = store.moved_aside() {
        tracing::warn!("{moved}");
    }
    Ok(store)
}

/// The store that the command line or the configuration names, for commands that work with what is there.
pub(crate) async fn named(options: &Options) -> Result<Store, Failure> {
    open(&path(options)?).await
}

fn path(options: &Options) -> Result<PathBuf, Failure> {
    let configured = match &options.store {
        Some(path) => Some(path.clone()),
        None => Config::read(options.config.as_deref())?.store,
    };
    configured.ok_or_else(|| {
        Failure::Usage("no store is named: give --store FILE, or `store` in revarch.toml".to_owned())
    })
}

/// Does what is asked.
pub(crate) async fn run(arguments: Arguments, options: &Options) -> Result<(), Failure> {
    let path = path(options)?;
    let makes = matches!(arguments.command, Command::Import { .. });
    if !makes && !path.exists() {
        return Err(anyhow!("there is no store {}", path.display()).into());
    }
    let now = options.now.unwrap_or_else(jiff::Timestamp::now);
    let store = open(&path).await?;
    let done =
        async { obey(arguments.command, &arguments.whose.view(&store, makes).await?, &path, now).await };
    let done = done.await;
    store.close().await;
    done
}

async fn obey(command: Command, store: &Store, path: &Path, now: jiff::Timestamp) -> Result<(), Failure> {
    match command {
        Command::Show => show(store, path).await,
        Command::Export { file } => {
            let text = store.export().await?;
            write(&file, &text).with_context(|| format!("cannot write the export {}", file.display()))?;
            let records = text.lines().count().saturating_sub(2);
            output::complain(&format!("exported {records} records to {}", file.display()));
            Ok(())
        }
        Command::Import { file } => {
            let text =
                fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let done = store.import(&text).await?;
            output::print(&format!("imported {} records; {} were known", done.taken, done.known))
        }
        Command::Delete { kind, id, older_than } => {
            let (one, many) = kind.kind().names();
            let count = match (&id, &older_than) {
                (Some(id), _) => store.delete(kind.kind(), id).await?,
                (None, age) => {
                    store.delete_older(kind.kind(), moment(age.as_deref().unwrap_or_default(), now)?).await?
                }
            };
            if let (0, Some(id)) = (count, &id) {
                return Err(
                    anyhow!("there is no {one} `{id}`; `revarch store show` tells what there is").into()
                );
            }
            output::print(&format!("deleted {count} {}", if count == 1 { one } else { many }))
        }
    }
}

async fn show(store: &Store, path: &Path) -> Result<(), Failure> {
    let overview = store.overview().await?;
    let state = overview.trouble.as_ref().map_or("whole", String::as_str);
    let mut lines = vec![
        format!(
            "{}, version {}, {} KiB, {state}",
            path.display(),
            overview.version,
            overview.bytes.div_ceil(1024)
        ),
        String::new(),
    ];
    let day = |moment: Option<jiff::Timestamp>| {
        moment.map_or_else(|| "-".to_owned(), |moment| moment.strftime("%Y-%m-%d").to_string())
    };
    lines.push(format!("{:<22} {:>7}  {:<10}  {:<10}", "KIND", "COUNT", "OLDEST", "NEWEST"));
    for extent in &overview.extents {
        let (_, many) = extent.kind.names();
        let (oldest, newest) = (day(extent.oldest), day(extent.newest));
        lines.push(format!("{many:<22} {:>7}  {oldest:<10}  {newest:<10}", extent.count));
    }
    let reviews = store.reviews(SHOWN).await?;
    if !reviews.is_empty() {
        lines.push(format!("\n{:<18} {:<10}  SUBJECT", "REVIEW", "MADE"));
    }
    for review in reviews {
        let subject: String = review.subject.chars().filter(|letter| !letter.is_control()).collect();
        lines.push(format!("{:<18} {:<10}  {subject}", review.id, day(Some(review.made_at))));
    }
    let tenants = store.tenants().await?;
    if !tenants.is_empty() {
        lines.push(format!("\nTENANTS, each shown with --tenant\n{}", tenants.join("\n")));
    }
    output::print(&lines.join("\n"))
}

/// Writes a file so that an export which fails leaves an earlier one as it is. What is no file, such as a pipe, is written
/// to as it comes.
fn write(file: &Path, text: &str) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|known| !known.is_file()) {
        return File::options().write(true).open(file)?.write_all(text.as_bytes());
    }
    let mut part = OsString::from(file);
    part.push(".part");
    let written = File::create(&part).and_then(|mut part| {
        part.write_all(text.as_bytes())?;
        part.sync_all()
    });
    match written.and_then(|()| fs::rename(&part, file)) {
        Ok(()) => Ok(()),
        Err(error) => {
            let _ = fs::remove_file(&part);
            Err(error)
        }
    }
}

/// The time before which things are old.
fn moment(age: &str, now: jiff::Timestamp) -> Result<jiff::Timestamp, Failure> {
    const HOURS: [(char, i64); 2] = [('d', 24), ('w', 7 * 24)];
    let hours = HOURS.into_iter().find_map(|(unit, hours)| {
        let count: u32 = age.strip_suffix(unit)?.parse().ok()?;
        Some(jiff::SignedDuration::from_hours(i64::from(count) * hours))
    });
    let moment = match hours {
        Some(hours) => now.checked_sub(hours).ok(),
        None => age
            .parse::<jiff::civil::Date>()
            .ok()
            .and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|day| day.timestamp()),
    };
    moment.ok_or_else(|| {
        Failure::Usage(format!("cannot read `{age}` as an age; write days or weeks such as 90d or 12w, or a day such as 2026-01-31"))
    })
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn ages_are_read_as_people_write_them() {
        let now = "2026-11-22T09:00:00Z".parse().unwrap();
        for (age, wanted) in [
            ("1d", "2026-11-21T09:00:00Z"),
            ("2w", "2026-11-08T09:00:00Z"),
            ("0d", "2026-11-22T09:00:00Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
        ] {
            assert_eq!(moment(age, now).unwrap().to_string(), wanted, "{age}");
        }
        for age in ["", "90", "-1d", "d", "1y", "4000000000w", "yesterday", "2026-13-01"] {
            assert!(moment(age, now).is_err(), "{age}");
        }
    }
}
