//! Reading a registry, page by page.

use super::{
    RegistryReading, RegistryShortfall, RegistryState,
    cache::{Copy, Etag},
    entry::{self, RegistryEntry},
    seconds_to_wait,
};
use crate::{
    RemoteError,
    address::Allowed,
    wire::{Gate, Sending, read, split_list},
};
use reqwest::{
    Method, StatusCode, Url,
    header::{ACCEPT, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, RETRY_AFTER},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::time::{Instant, sleep, timeout_at};

/// The official registry.
pub const DEFAULT_REGISTRY: &str = "https://registry.modelcontextprotocol.io";
/// What the registry is called in messages.
const NAME: &str = "MCP registry";
/// Servers per page: the most that the registry gives.
const PAGE: &str = "100";
/// How many pages in a row may bring nothing new.
const STALE_PAGES: usize = 3;
/// How old a full reading may be, in seconds, before the next one is full again: what is taken out of the
/// registry altogether does not show in what changed.
const FULL_AGAIN: u64 = 7 * 24 * 60 * 60;

/// Where the registry is, as the configuration writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegistryConfig {
    /// The address before `/v0.1/servers`; the official registry's when absent.
    pub url: Option<String>,
    /// Whether that may be a loopback, private or link-local address.
    pub allow_private: bool,
    /// A PEM file with the certificate of an authority of your own, accepted besides those of this machine.
    pub ca_file: Option<PathBuf>,
    /// Whether it is reached through the proxy that the environment names.
    pub through_proxy: bool,
}

/// How much of a registry is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryLimits {
    /// For all of it.
    pub time: Duration,
    /// For one page.
    pub page_time: Duration,
    /// Pages.
    pub pages: usize,
    /// Servers.
    pub entries: usize,
    /// Bytes of one page.
    pub page_bytes: usize,
    /// How often a page is asked for before it is given up.
    pub tries: u32,
    /// The wait before the second try. It doubles with each further one, and a registry that names its own
    /// wait gets that.
    pub first_wait: Duration,
}

impl Default for RegistryLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_mins(5),
            page_time: Duration::from_secs(30),
            pages: 2_000,
            entries: 200_000,
            page_bytes: 16 * 1024 * 1024,
            tries: 4,
            first_wait: Duration::from_millis(500),
        }
    }
}

/// A registry that may be read.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    config: RegistryConfig,
}

/// What a copy of a registry holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRegistry {
    /// The servers, by name.
    pub entries: Vec<RegistryEntry>,
    /// When the copy was brought up to date last, in seconds since 1970; zero when it never was to the end.
    pub read_at: u64,
}

/// A reading under way.
struct Walk {
    gate: Gate,
    limits: RegistryLimits,
    deadline: Instant,
}

/// What a request for a page brought.
enum Fetched {
    Page { items: Vec<Value>, next: Option<String>, etag: Option<String> },
    NotModified,
}

/// All that a walk brought.
#[derive(Default)]
struct Gathered {
    items: BTreeMap<String, (RegistryEntry, Value)>,
    unread: Vec<String>,
    pages: usize,
    etag: Option<Etag>,
    is_unchanged: bool,
}

impl Registry {
    /// The registry of this configuration.
    pub fn new(config: RegistryConfig) -> Self {
        Self { config }
    }

    fn base(&self) -> &str {
        self.config.url.as_deref().unwrap_or(DEFAULT_REGISTRY).trim_end_matches('/')
    }

    /// What the copy in `file` holds, without asking the registry: nothing where there is no copy, and a reason
    /// where it is of no use.
    pub async fn kept(&self, file: &Path) -> Result<Option<KeptRegistry>, String> {
        let copy = Copy::read(file, self.base()).await?;
        Ok(copy.map(|copy| KeptRegistry {
            entries: copy.items.values().filter_map(|item| entry::read(item).ok()).collect(),
            read_at: copy.read_at,
        }))
    }

    /// Brings the copy in `file` up to date and returns all servers in it. Where a complete copy is there, the
    /// registry is only asked for what changed since. Whatever fails, what is known is returned, and how far
    /// it goes is said.
    pub async fn refresh(&self, file: Option<&Path>, limits: RegistryLimits) -> RegistryReading {
        let mut copy_problem = None;
        let kept = match file {
            None => None,
            Some(file) => Copy::read(file, self.base()).await.unwrap_or_else(|problem| {
                copy_problem = Some(problem);
                None
            }),
        };
        let kept_since = kept.as_ref().map(|copy| copy.read_at);
        let mut copy = kept.unwrap_or_else(|| Copy::new(self.base()));
        let started = now();
        let is_full = copy.up_to.is_none() || started.saturating_sub(copy.full_at) > FULL_AGAIN;
        if is_full {
            copy.up_to = None;
        }
        let mut gathered = Gathered::default();
        let shortfall = self.walk(&copy, limits, &mut gathered).await.err();
        let Gathered { items, unread, pages, etag, is_unchanged } = gathered;
        let told_now = items.len();
        let state = match shortfall {
            Some(shortfall) if pages == 0 => RegistryState::Offline(shortfall),
            Some(shortfall) => RegistryState::Partial(shortfall),
            None if is_unchanged => RegistryState::Unchanged,
            None => RegistryState::Complete,
        };
        let mut gone = Vec::new();
        if is_full && matches!(state, RegistryState::Complete) {
            gone = copy.items.keys().filter(|name| !items.contains_key(*name)).cloned().collect();
            copy.items.clear();
            copy.full_at = started;
        }
        copy.items.extend(items.into_iter().map(|(name, (_, item))| (name, item)));
        if let RegistryState::Complete = state {
            copy.up_to = newest(&copy.items, started).or(copy.up_to);
            copy.etag = etag;
        }
        if let RegistryState::Complete | RegistryState::Unchanged = state {
            copy.read_at = now();
        }
        if let (Some(file), RegistryState::Complete | RegistryState::Unchanged | RegistryState::Partial(_)) =
            (file, &state)
        {
            copy_problem = copy.write(file).await.err().or(copy_problem);
        }
        let entries = copy.items.values().filter_map(|item| entry::read(item).ok()).collect();
        let base = self.base().to_owned();
        RegistryReading { base, entries, gone, told_now, pages, state, unread, kept_since, copy_problem }
    }

    async fn walk(
        &self,
        copy: &Copy,
        limits: RegistryLimits,
        gathered: &mut Gathered,
    ) -> Result<(), RegistryShortfall> {
        let RegistryConfig { allow_private, ca_file, through_proxy, .. } = &self.config;
        let allowed = Allowed { private: *allow_private, plain_http: false, unlooked: *through_proxy };
        let deadline = Instant::now() + limits.time;
        let address = format!("{}/v0.1/servers", self.base());
        let gate = timeout_at(deadline, Gate::new(NAME, &address, allowed, ca_file.as_deref()))
            .await
            .map_err(|_| RegistryShortfall::Time(limits.time))?
            .map_err(RegistryShortfall::Failed)?;
        let mut walk = Walk { gate, limits, deadline };
        walk.gather(copy, gathered).await
    }
}

impl Walk {
    async fn gather(&mut self, copy: &Copy, gathered: &mut Gathered) -> Result<(), RegistryShortfall> {
        let first = self.url(copy.up_to.as_deref(), None);
        let known =
            copy.etag.as_ref().filter(|etag| etag.url == first.as_str()).map(|etag| etag.value.as_str());
        let mut url = first.clone();
        let mut seen = BTreeSet::new();
        let mut stale = 0;
        loop {
            let condition = if gathered.pages == 0 { known } else { None };
            let page = gathered.pages + 1;
            let (items, next, etag) = match self.fetch(&url, condition, page).await? {
                Fetched::Page { items, next, etag } => (items, next, etag),
                Fetched::NotModified => {
                    gathered.is_unchanged = true;
                    return Ok(());
                }
            };
            gathered.pages = page;
            let news = gathered.take(items, self.limits.entries)?;
            stale = if news == 0 { stale + 1 } else { 0 };
            let Some(next) = next else {
                if page == 1 {
                    gathered.etag = etag.map(|value| Etag { url: first.to_string(), value });
                }
                return Ok(());
            };
            if !seen.insert(next.clone()) || stale >= STALE_PAGES {
                return Err(RegistryShortfall::Loop { page });
            }
            if page == self.limits.pages {
                return Err(RegistryShortfall::Pages(page));
            }
            url = self.url(copy.up_to.as_deref(), Some(&next));
        }
    }

    fn url(&self, since: Option<&str>, cursor: Option<&str>) -> Url {
        let mut url = self.gate.home().clone();
        url.query_pairs_mut().clear().append_pair("limit", PAGE).append_pair("version", "latest");
        for (name, value) in [("updated_since", since), ("cursor", cursor)] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }

    /// Asks for a page until it comes, as often as the limits say.
    async fn fetch(
        &mut self,
        url: &Url,
        known: Option<&str>,
        page: usize,
    ) -> Result<Fetched, RegistryShortfall> {
        let mut wait = self.limits.first_wait;
        for attempt in 1.. {
            let until = self.deadline.min(Instant::now() + self.limits.page_time);
            let seconds = self.limits.page_time.as_secs();
            let fetched = timeout_at(until, self.fetch_once(url, known, page)).await.unwrap_or_else(|_| {
                Err(RegistryShortfall::Failed(RemoteError::TimedOut { name: NAME.to_owned(), seconds }))
            });
            let failure = match fetched {
                Err(failure) if Instant::now() < self.deadline => failure,
                Err(_) => return Err(RegistryShortfall::Time(self.limits.time)),
                fetched => return fetched,
            };
            if attempt >= self.limits.tries || !may_pass(&failure) {
                return Err(failure);
            }
            let asked = wait_asked_for(&failure);
            let pause = asked.map_or(wait, Duration::from_secs);
            if Instant::now() + pause >= self.deadline {
                let seconds = pause.as_secs();
                return Err(if asked.is_some() {
                    RegistryShortfall::WaitTooLong { seconds }
                } else {
                    failure
                });
            }
            sleep(pause).await;
            wait *= 2;
        }
        Err(RegistryShortfall::Time(self.limits.time))
    }

    async fn fetch_once(
        &mut self,
        url: &Url,
        known: Option<&str>,
        page: usize,
    ) -> Result<Fetched, RegistryShortfall> {
        let attempt = format!("page {page}");
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(known) = known.and_then(|known| HeaderValue::from_str(known).ok()) {
            headers.insert(IF_NONE_MATCH, known);
        }
        let none = HeaderMap::new();
        let sending = Sending {
            method: Method::GET,
            attempt: &attempt,
            headers: &headers,
            credentials: &none,
            body: None,
        };
        let response = self.gate.send(url, &sending).await.map_err(RegistryShortfall::Failed)?;
        let status = response.status();
        let header =
            |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (etag, wait) = (header(ETAG), header(RETRY_AFTER));
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::NotModified);
        }
        if !status.is_success() {
            return Err(RegistryShortfall::Failed(RemoteError::Status {
                name: NAME.to_owned(),
                attempt,
                status: status.as_u16(),
                said: String::new(),
                scope: None,
                wait_seconds: wait.as_deref().and_then(seconds_to_wait),
            }));
        }
        let garbled = |reason: String| RegistryShortfall::Garbled { page, reason };
        let body = read(NAME, &attempt, response, self.limits.page_bytes)
            .await
            .map_err(RegistryShortfall::Failed)?;
        if body.is_cut {
            return Err(garbled(format!("it has more than {} bytes", self.limits.page_bytes)));
        }
        let value = serde_json::from_slice(&body.bytes)
            .map_err(|error| garbled(format!("it is not JSON: {error}")))?;
        let (items, value) = split_list(value, "servers");
        let items = items.ok_or_else(|| garbled("it has no list `servers`".to_owned()))?;
        let metadata = &value["metadata"];
        let next = [&metadata["nextCursor"], &metadata["next_cursor"]].into_iter().find_map(Value::as_str);
        let next = next.filter(|next| !next.is_empty()).map(str::to_owned);
        Ok(Fetched::Page { items, next, etag })
    }
}

impl Gathered {
    /// Takes the items of a page and says how many servers were not known before.
    fn take(&mut self, items: Vec<Value>, limit: usize) -> Result<usize, RegistryShortfall> {
        let mut news = 0;
        for (index, item) in items.into_iter().enumerate() {
            let entry = match entry::read(&item) {
                Ok(entry) => entry,
                Err(problem) => {
                    let shown = entry::shown(&item);
                    self.unread.push(format!("page {}, servers[{index}]: {problem}: {shown}", self.pages));
                    continue;
                }
            };
            match self.items.get(&entry.name) {
                Some((known, _)) if !is_newer(&entry, known) => {}
                Some(_) => {
                    self.items.insert(entry.name.clone(), (entry, item));
                }
                None if self.items.len() == limit => return Err(RegistryShortfall::Entries(limit)),
                None => {
                    news += 1;
                    self.items.insert(entry.name.clone(), (entry, item));
                }
            }
        }
        Ok(news)
    }
}

/// Of two versions of a server, the one that is marked as the newest is kept, or else the one changed later.
fn is_newer(entry: &RegistryEntry, known: &RegistryEntry) -> bool {
    let rank = |entry: &RegistryEntry| (entry.is_latest == Some(true), moment(entry));
    rank(entry) > rank(known)
}

fn moment(entry: &RegistryEntry) -> Option<jiff::Timestamp> {
    entry.updated_at.as_deref().or(entry.published_at.as_deref())?.parse().ok()
}

/// The newest change among the items, in the registry's own words. One that lies in the future is a mistake,
/// and would hide every change until then.
fn newest(items: &BTreeMap<String, Value>, now: u64) -> Option<String> {
    let entries = items.values().filter_map(|item| entry::read(item).ok());
    let changed = entries.filter_map(|entry| {
        let text = entry.updated_at?;
        let moment: jiff::Timestamp = text.parse().ok()?;
        (u64::try_from(moment.as_second()).ok()? <= now).then_some((moment, text))
    });
    changed.max().map(|(_, text)| text)
}

/// Whether trying again may help.
fn may_pass(failure: &RegistryShortfall) -> bool {
    match failure {
        RegistryShortfall::Failed(error) => matches!(
            error,
            RemoteError::Status { status: 408 | 425 | 429 | 500..=599, .. }
                | RemoteError::Connect { .. }
                | RemoteError::Conversation { .. }
                | RemoteError::TimedOut { .. }
        ),
        RegistryShortfall::Garbled { .. } => true,
        _ => false,
    }
}

/// How many seconds the registry asks to wait before trying again.
fn wait_asked_for(failure: &RegistryShortfall) -> Option<u64> {
    match failure {
        RegistryShortfall::Failed(RemoteError::Status { wait_seconds, .. }) => *wait_seconds,
        _ => None,
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
