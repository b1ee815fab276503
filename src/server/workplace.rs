//! What every call works with: the data, servers and store that the operator named.

use crate::{
    cli::Options,
    config::{Config, Http},
    failure::Failure,
    memory,
};
use anyhow::Context as _;
use revarch_data::{DEFAULT_MEMORY, DataError, Run, Sources, Tables};
use revarch_domain::readiness::Lens;
use revarch_remote::Servers;
use revarch_store::Store;
use revarch_tools::{Answer, Context, ErrorKind, Route, ToolError, ask::Asker};
use serde_json::Value;
use std::{path::Path, sync::Arc};

/// The seed where none is named.
pub(crate) const DEFAULT_SEED: u64 = 1;

/// The opened data, servers and store.
pub(crate) struct Workplace {
    has_data: bool,
    readiness: Arc<Lens>,
    tables: Arc<Tables>,
    servers: Arc<Servers>,
    store: Arc<Store>,
    seed: u64,
    now: Option<jiff::Timestamp>,
    http: Http,
}

impl Workplace {
    /// Opens what the command line and the configuration name.
    pub(crate) async fn open(options: Options) -> Result<Self, Failure> {
        let config = Config::read(options.config.as_deref())?;
        Self::of(config, options).await
    }

    /// The same, with reviews kept in `store` where no other file is named.
    pub(crate) async fn open_beside(options: Options, store: &Path) -> Result<Self, Failure> {
        let mut config = Config::read(options.config.as_deref())?;
        config.store.get_or_insert_with(|| store.to_owned());
        Self::of(config, options).await
    }

    /// The sample in `folder`, whatever a configuration nearby may name.
    pub(crate) async fn open_sample(options: Options, folder: &Path, store: &Path) -> Result<Self, Failure> {
        let config =
            Config { data: vec![folder.to_owned()], store: Some(store.to_owned()), ..Config::default() };
        Self::of(config, Options { data: Vec::new(), store: None, ..options }).await
    }

    /// Nothing but what the options name.
    #[cfg(test)]
    pub(crate) async fn open_empty(options: Options) -> Result<Self, Failure> {
        Self::of(Config::default(), options).await
    }

    async fn of(config: Config, options: Options) -> Result<Self, Failure> {
        let Config { data: mut folders, tables: mappings, mcp_servers, http, memory, lenses, .. } = config;
        let Options { data, config: _, seed, now, store, memory: asked_memory, log: _ } = options;
        folders.extend(data);
        let memory = memory.map(|text| memory::parse(&text)).transpose().map_err(Failure::Usage)?;
        let memory = asked_memory.or(memory).unwrap_or(DEFAULT_MEMORY);
        let readiness = Arc::new(readiness_lens(lenses.readiness.as_deref())?);
        let has_data = !folders.is_empty();
        let sources = Sources { folders, mappings, memory };
        let tables = Tables::open(sources).await.map_err(|error| unusable(&error))?;
        let servers = mcp_servers.into_iter().map(|(name, server)| server.named(name));
        let servers =
            servers.collect::<Result<Vec<_>, _>>().map_err(|error| Failure::Usage(error.to_string()))?;
        let store = match store.or(config.store) {
            Some(path) => Store::open(&path).await?,
            None => Store::in_memory().await?,
        };
        Ok(Self {
            has_data,
            readiness,
            tables: Arc::new(tables),
            servers: Arc::new(Servers::new(servers)),
            store: Arc::new(store),
            seed: seed.or(config.seed).unwrap_or(DEFAULT_SEED),
            now,
            http,
        })
    }

    /// Calls a tool where nobody is there to ask.
    pub(crate) async fn call(&self, route: &Route, arguments: Value, run: Run) -> Result<Answer, ToolError> {
        self.call_asking(route, arguments, run, Asker::default()).await
    }

    /// Calls a tool that may ask.
    pub(crate) async fn call_asking(
        &self,
        route: &Route,
        arguments: Value,
        run: Run,
        ask: Asker,
    ) -> Result<Answer, ToolError> {
        route.call(arguments, &self.context(run, ask).await?).await
    }

    /// What one call may use. Each sees the data as the files are when it begins.
    async fn context(&self, run: Run, ask: Asker) -> Result<Context, ToolError> {
        let tables = if self.has_data {
            Arc::new(self.tables.reopen().await.map_err(|error| unusable(&error))?)
        } else {
            Arc::clone(&self.tables)
        };
        Ok(Context {
            tables,
            servers: Arc::clone(&self.servers),
            store: Arc::clone(&self.store),
            readiness: Arc::clone(&self.readiness),
            now: self.now.unwrap_or_else(jiff::Timestamp::now),
            seed: self.seed,
            run,
            ask,
        })
    }

    /// What revarch remembers.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Who may reach the server over HTTP, as configured.
    pub(crate) fn http(&self) -> &Http {
        &self.http
    }
}

/// The lens that the operator named, or the one that ships.
fn readiness_lens(path: Option<&Path>) -> Result<Lens, Failure> {
    let Some(path) = path else { return Ok(Lens::shipped().map_err(anyhow::Error::from)?) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the readiness lens {}", path.display()))?;
    Lens::parse(&text).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        Failure::Usage(format!("cannot use the readiness lens {}: {error}{cause}", path.display()))
    })
}

fn unusable(error: &DataError) -> ToolError {
    let reason = std::error::Error::source(error).map_or_else(String::new, |source| format!(": {source}"));
    ToolError::new(ErrorKind::Data, format!("{error}{reason}")).hint(error.hint())
}
