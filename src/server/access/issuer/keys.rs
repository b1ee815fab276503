//! The keys of an issuer, kept and renewed.
//!
//! # Design
//!
//! Keys are fetched again when they are old, and when a token names one that is not known: that is how a rotation shows
//! without a restart. Anybody can make up names of keys, so attempts are limited, however many tokens come. Where the
//! issuer cannot be reached, the keys that are known do for a while: an outage of the issuer is not one of ours. After
//! that they are forgotten, because the issuer may have withdrawn one meanwhile.

use super::{
    super::{policy::is_local, refusal::Refusal},
    discovery, fetch,
    key::Key,
};
use anyhow::{Context as _, ensure};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::{Client, Url};
use std::{
    num::NonZeroU32,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How long keys are used without asking for them again.
const FRESH: Duration = Duration::from_mins(10);

/// How long keys are used while their issuer cannot be reached.
const LASTING: Duration = Duration::from_hours(24);

/// How many attempts to fetch keys may follow each other, and how soon there is another one after that.
const ATTEMPTS: NonZeroU32 = NonZeroU32::new(5).unwrap();
const NEXT_ATTEMPT: Duration = Duration::from_secs(10);

/// The most keys of a set that are looked at.
const MOST_KEYS: usize = 64;

/// The keys of an issuer.
#[derive(Debug)]
pub(super) struct Keys {
    client: Client,
    name: String,
    issuer: Url,
    address: Option<Url>,
    fresh: Duration,
    lasting: Duration,
    attempts: DefaultDirectRateLimiter,
    known: RwLock<Option<Arc<Known>>>,
    turn: tokio::sync::Mutex<()>,
    attempted: AtomicU64,
}

#[derive(Debug)]
struct Known {
    keys: Vec<Key>,
    fetched: Instant,
}

impl Known {
    fn fitting(&self, id: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        self.keys.iter().filter(|key| key.fits(id, algorithm)).map(|key| key.key.clone()).collect()
    }
}

impl Keys {
    /// The keys at `address`, or where the metadata of the issuer says they are. Nothing is fetched yet.
    pub(super) fn new(name: &str, issuer: &Url, address: Option<Url>) -> anyhow::Result<Self> {
        let client = fetch::client(is_local(issuer)).context("cannot make a client for the issuer's keys")?;
        let quota = Quota::with_period(NEXT_ATTEMPT).context("keys are fetched at no rate")?;
        Ok(Self {
            client,
            name: name.to_owned(),
            issuer: issuer.clone(),
            address,
            fresh: FRESH,
            lasting: LASTING,
            attempts: RateLimiter::direct(quota.allow_burst(ATTEMPTS)),
            known: RwLock::default(),
            turn: tokio::sync::Mutex::default(),
            attempted: AtomicU64::default(),
        })
    }

    /// The keys with which a token of that header may have been signed, none where the issuer has none.
    pub(super) async fn fitting(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Vec<DecodingKey>, Refusal> {
        if let Some(known) = self.known(self.fresh) {
            let fitting = known.fitting(id, algorithm);
            if !fitting.is_empty() {
                return Ok(fitting);
            }
        }
        self.refresh().await;
        let known = self.known(self.lasting).ok_or(Refusal::Unavailable)?;
        Ok(known.fitting(id, algorithm))
    }

    /// Fetches the keys, unless that has just been tried too often. Whoever comes while they are being fetched waits for
    /// them.
    pub(super) async fn refresh(&self) {
        let before = self.attempted.load(Ordering::Acquire);
        let _turn = self.turn.lock().await;
        if self.attempted.load(Ordering::Acquire) != before || self.attempts.check().is_err() {
            return;
        }
        match self.fetch().await {
            Ok(keys) => {
                let known = Arc::new(Known { keys, fetched: Instant::now() });
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
            }
            Err(error) => tracing::warn!("cannot renew the keys of the issuer {}: {error:#}", self.name),
        }
        self.attempted.fetch_add(1, Ordering::Release);
    }

    async fn fetch(&self) -> anyhow::Result<Vec<Key>> {
        let address = match &self.address {
            Some(address) => address.clone(),
            None => discovery::keys_address(&self.client, &self.name, &self.issuer).await?,
        };
        let set = fetch::json(&self.client, &address).await?;
        let entries = set["keys"].as_array().with_context(|| format!("{address} holds no `keys`"))?;
        let keys: Vec<_> = entries.iter().take(MOST_KEYS).filter_map(Key::read).collect();
        ensure!(!keys.is_empty(), "{address} holds no key that verifies signatures");
        Ok(keys)
    }

    /// What is known and not older than `age`.
    fn known(&self, age: Duration) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| known.fetched.elapsed() < age)
    }
}

#[cfg(test)]
mod tests;
