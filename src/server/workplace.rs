//! What every call works with: the data, servers and store that the operator named.

use crate::{
    cli::Options,
    config::{Config, Http},
    failure::Failure,
    memory,
};
use anyhow::Context as _;
use revarch_data::{DEFAULT_MEMORY, DataError, Run, Sources, Tables};
use revarch_domain::{
    leads::{points::PointsLens, validate::lens::Lens as ScoreLens},
    readiness::Lens,
};
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
    lead_score: Arc<ScoreLens>,
    points: Arc<PointsLens>,
    output: Option<Arc<Path>>,
    tables: Arc<Tables>,
    servers: Arc<Servers>,
    store: Arc<Store>,
    /// Whether the store outlives the process.
    keeps: bool,
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
        let Config { data: mut folders, tables: mappings, mcp_servers, http, memory, lenses, output, .. } =
            config;
        let Options { data, config: _, seed, now, store, output: asked_output, memory: asked_memory, log: _ } =
            options;
        folders.extend(data);
        let memory = memory.map(|text| memory::parse(&text)).transpose().map_err(Failure::Usage)?;
        let memory = asked_memory.or(memory).unwrap_or(DEFAULT_MEMORY);
        let readiness = lens("readiness", lenses.readiness.as_deref(), Lens::parse, || Ok(Lens::shipped()?))?;
        let lead_score =
            lens("lead score", lenses.lead_score.as_deref(), ScoreLens::parse, || Ok(ScoreLens::shipped()?))?;
        let points =
            lens("points", lenses.points.as_deref(), PointsLens::parse, || Ok(PointsLens::shipped()?))?;
        let output = asked_output.or(output).map(|folder| usable_output(&folder)).transpose()?;
        let has_data = !folders.is_empty();
        let sources = Sources { folders, mappings, memory };
        let tables = Tables::open(sources).await.map_err(|error| unusable(&error))?;
        let servers = mcp_servers.into_iter().map(|(name, server)| server.named(name));
        let servers =
            servers.collect::<Result<Vec<_>, _>>().map_err(|error| Failure::Usage(error.to_string()))?;
        let store = store.or(config.store);
        let keeps = store.is_some();
        let store = match store {
            Some(path) => Store::open(&path).await?,
            None => Store::in_memory().await?,
        };
        Ok(Self {
            has_data,
            readiness: Arc::new(readiness),
            lead_score: Arc::new(lead_score),
            points: Arc::new(points),
            output,
            tables: Arc::new(tables),
            servers: Arc::new(Servers::new(servers)),
            store: Arc::new(store),
            keeps,
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
            lead_score: Arc::clone(&self.lead_score),
            points: Arc::clone(&self.points),
            output: self.output.clone(),
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

    /// Whether what it remembers outlives the process.
    pub(crate) const fn keeps(&self) -> bool {
        self.keeps
    }

    /// Who may reach the server over HTTP, as configured.
    pub(crate) fn http(&self) -> &Http {
        &self.http
    }
}

/// The lens that the operator named, or the one that ships.
fn lens<T, E: std::error::Error>(
    name: &str,
    path: Option<&Path>,
    parse: impl FnOnce(&str) -> Result<T, E>,
    shipped: impl FnOnce() -> anyhow::Result<T>,
) -> Result<T, Failure> {
    let Some(path) = path else { return Ok(shipped()?) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the {name} lens {}", path.display()))?;
    parse(&text).map_err(|error| {
        let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
        Failure::Usage(format!("cannot use the {name} lens {}: {error}{cause}", path.display()))
    })
}

/// The folder for output, which has to be there: one that is made by a slip of the pen would be found by nobody.
fn usable_output(folder: &Path) -> Result<Arc<Path>, Failure> {
    if folder.is_dir() {
        Ok(folder.into())
    } else {
        Err(Failure::Usage(format!("the output folder {} is no folder", folder.display())))
    }
}

fn unusable(error: &DataError) -> ToolError {
    let reason = std::error::Error::source(error).map_or_else(String::new, |source| format!(": {source}"));
    ToolError::new(ErrorKind::Data, format!("{error}{reason}")).hint(error.hint())
}
