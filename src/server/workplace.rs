//! What every call works with: the data, servers and store that the operator named.

use crate::{
    catalog,
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
    workflow::{self, Workflow},
};
use revarch_remote::{RemoteError, Server, ServerConfig, Servers, clients};
use revarch_store::Store;
use revarch_tools::{Answer, Context, ErrorKind, Platforms, Route, ToolError, ask::Asker};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path, sync::Arc};

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
    client_files: Arc<clients::ClientFilesConfig>,
    platforms: Arc<Platforms>,
    workflows: Arc<[Workflow]>,
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
        let platforms = catalog::platforms(&config).await?;
        let Config {
            data: mut folders,
            tables: mappings,
            memory,
            lenses,
            output,
            seed: configured_seed,
            store: configured_store,
            mcp_servers,
            mcp_clients,
            registry: _,
            catalog: _,
            workflows,
            http,
        } = config;
        let Options { data, config: _, seed, now, store, output: asked_output, memory: asked_memory, log: _ } =
            options;
        folders.extend(data);
        let memory = memory.map(|text| memory::parse(&text)).transpose().map_err(Failure::Usage)?;
        let memory = asked_memory.or(memory).unwrap_or(DEFAULT_MEMORY);
        let own = own_workflows(workflows.as_deref())?;
        let readiness = Arc::new(readiness_lens(lenses.readiness.as_deref(), own)?);
        let lead_score =
            lens("lead score", lenses.lead_score.as_deref(), ScoreLens::parse, || Ok(ScoreLens::shipped()?))?;
        let points =
            lens("points", lenses.points.as_deref(), PointsLens::parse, || Ok(PointsLens::shipped()?))?;
        let output = asked_output.or(output).map(|folder| usable_output(&folder)).transpose()?;
        let has_data = !folders.is_empty();
        let sources = Sources { folders, mappings, memory };
        let tables = Tables::open(sources).await.map_err(|error| unusable(&error))?;
        let servers = servers(mcp_servers, &mcp_clients)?;
        let store = store.or(configured_store);
        let keeps = store.is_some();
        let store = match store {
            Some(path) => Store::open(&path).await?,
            None => Store::in_memory().await?,
        };
        Ok(Self {
            has_data,
            lead_score: Arc::new(lead_score),
            points: Arc::new(points),
            output,
            tables: Arc::new(tables),
            servers: Arc::new(Servers::new(servers)),
            client_files: Arc::new(mcp_clients),
            platforms: Arc::new(platforms),
            workflows: readiness.workflows.clone().into(),
            readiness,
            store: Arc::new(store),
            keeps,
            seed: seed.or(configured_seed).unwrap_or(DEFAULT_SEED),
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
            client_files: Arc::clone(&self.client_files),
            platforms: Arc::clone(&self.platforms),
            workflows: Arc::clone(&self.workflows),
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
    parse(&text).map_err(|error| unusable_file(&format!("the {name} lens"), path, &error))
}

/// The folder for output, which has to be there: one that is made by a slip of the pen would be found by nobody.
fn usable_output(folder: &Path) -> Result<Arc<Path>, Failure> {
    if folder.is_dir() {
        Ok(folder.into())
    } else {
        Err(Failure::Usage(format!("the output folder {} is no folder", folder.display())))
    }
}

/// The servers that may be asked: those of the configuration, and those of client files that it allows. One name
/// means one server.
fn servers(
    named: BTreeMap<String, ServerConfig>,
    client_files: &clients::ClientFilesConfig,
) -> Result<Vec<Server>, Failure> {
    let refused = |error: RemoteError| Failure::Usage(format!("{error}\nhint: {}", error.hint()));
    let named = named.into_iter().map(|(name, server)| server.named(name));
    let mut servers = named.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    if client_files.allow.is_empty() {
        return Ok(servers);
    }
    let files = client_files.read();
    for found in clients::allowed(&files, &client_files.allow) {
        let server = found.map_err(|error| match error {
            RemoteError::NotNamed { name, near, known } => Failure::Usage(not_found(&name, &near, &known)),
            other => refused(other),
        })?;
        if servers.iter().any(|other| other.name == server.name) {
            return Err(Failure::Usage(format!(
                "the server `{}` is named twice: under [mcp_servers] and in `allow` of [mcp_clients], or twice in \
                 the latter\nhint: rename the one under [mcp_servers], or take it out of `allow`",
                server.name
            )));
        }
        servers.push(server);
    }
    Ok(servers)
}

fn not_found(name: &str, near: &[String], known: &[String]) -> String {
    let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!(
        "`allow` of [mcp_clients] names `{name}`, which stands in none of its files{near}\nhint: in them are {known}"
    )
}

/// The workflows of the operator's own.
fn own_workflows(path: Option<&Path>) -> Result<Vec<Workflow>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the workflows {}", path.display()))?;
    workflow::parse(&text).map_err(|error| unusable_file("the workflows", path, &error))
}

/// The lens that the operator named, or the one that ships, with the operator's own workflows beside its own.
fn readiness_lens(path: Option<&Path>, own: Vec<Workflow>) -> Result<Lens, Failure> {
    let lens = lens("readiness", path, Lens::parse, || Ok(Lens::shipped()?))?;
    if own.is_empty() {
        return Ok(lens);
    }
    if let Some(clash) = own.iter().find(|one| lens.workflows.iter().any(|known| known.id == one.id)) {
        return Err(Failure::Usage(format!(
            "the workflow `{}` has the name of one that is there already\nhint: give yours another id, so that no \
             verdict changes its meaning unnoticed",
            clash.id
        )));
    }
    let mut all = lens.workflows.clone();
    all.extend(own);
    lens.with_workflows(all).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        Failure::Usage(format!("the readiness lens cannot judge the workflows of your own: {error}{cause}"))
    })
}

fn unusable_file(what: &str, path: &Path, error: &dyn std::error::Error) -> Failure {
    let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
    Failure::Usage(format!("cannot use {what} {}: {error}{cause}", path.display()))
}

fn unusable(error: &DataError) -> ToolError {
    let reason = std::error::Error::source(error).map_or_else(String::new, |source| format!(": {source}"));
    ToolError::new(ErrorKind::Data, format!("{error}{reason}")).hint(error.hint())
}
