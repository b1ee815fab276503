//! What every call works with: the data, servers and store that the operator named.

use crate::{
    catalog,
    cli::Options,
    config::{self, Audit, Config, Http, Limits},
    failure::Failure,
    lenses::Lenses,
    memory, servers, store,
};
use revarch_data::{DEFAULT_MEMORY, DataError, Run, Sources, Tables};
use revarch_domain::workflow::Workflow;
use revarch_remote::{Servers, clients};
use revarch_store::Store;
use revarch_tools::{Answer, Context, ErrorKind, Platforms, Route, ToolError, Toolset, ask::Asker};
use serde_json::Value;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The seed where none is named.
pub(crate) const DEFAULT_SEED: u64 = 1;

/// How long closing the store may take.
const PARTING: Duration = Duration::from_secs(2);

/// The opened data, servers and store.
pub(crate) struct Workplace {
    has_data: bool,
    lenses: Lenses,
    output: Option<Arc<Path>>,
    tables: Arc<Tables>,
    servers: Arc<Servers>,
    client_files: Arc<clients::ClientFilesConfig>,
    platforms: Arc<Platforms>,
    store: Arc<Store>,
    /// What the next answer has to tell besides: that the store was damaged.
    notice: Mutex<Option<String>>,
    seed: u64,
    now: Option<jiff::Timestamp>,
    toolsets: Vec<Toolset>,
    read_only: bool,
    http: Http,
    audit: Option<Audit>,
    tasks: config::Tasks,
    limits: Limits,
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
    #[cfg(any(test, feature = "conformance", feature = "fuzzing"))]
    pub(crate) async fn open_empty(options: Options) -> Result<Self, Failure> {
        Self::of(Config::default(), options).await
    }

    /// The same with other tasks.
    #[cfg(test)]
    pub(crate) fn with_tasks(self, tasks: config::Tasks) -> Self {
        Self { tasks, ..self }
    }

    /// What the configuration names, for the operator.
    pub(crate) async fn of(mut config: Config, mut options: Options) -> Result<Self, Failure> {
        let platforms = Arc::new(catalog::platforms(&config).await?);
        let store = match options.store.take().or(config.store.take()) {
            Some(path) => store::open(&path).await?,
            None => Store::in_memory().await?,
        };
        Self::with(config, options, platforms, store).await
    }

    /// What the configuration names, for a tenant, who shares with the operator what is published of platforms and the
    /// file of the store.
    pub(crate) async fn of_tenant(
        &self,
        name: &str,
        config: Config,
        options: Options,
    ) -> Result<Self, Failure> {
        let Some(store) = self.store.for_tenant(name) else {
            return Err(Failure::Usage(format!("{name:?} cannot be the name of a tenant")));
        };
        Self::with(config, options, Arc::clone(&self.platforms), store).await
    }

    async fn with(
        config: Config,
        options: Options,
        platforms: Arc<Platforms>,
        store: Store,
    ) -> Result<Self, Failure> {
        let toolsets = config.offered(&options.toolsets)?;
        let Config {
            data: mut folders,
            tables: mappings,
            memory,
            lenses,
            output,
            seed: configured_seed,
            store: _,
            mcp_servers,
            mcp_clients,
            registry: _,
            catalog: _,
            workflows,
            toolsets: _,
            read_only,
            http,
            audit,
            tenants: _,
            tasks,
            limits,
        } = config;
        let Options {
            data,
            config: _,
            seed,
            now,
            store: _,
            output: asked_output,
            memory: asked_memory,
            toolsets: _,
            read_only: asked_read_only,
            log: _,
            log_format: _,
        } = options;
        folders.extend(data);
        let memory = memory.map(|text| memory::parse(&text)).transpose().map_err(Failure::Usage)?;
        let memory = asked_memory.or(memory).unwrap_or(DEFAULT_MEMORY);
        let lenses = Lenses::open(&lenses, workflows.as_deref())?;
        let output = asked_output.or(output).map(|folder| usable_output(&folder)).transpose()?;
        let has_data = !folders.is_empty();
        let sources = Sources { folders, mappings, memory };
        let tables = Tables::open(sources).await.map_err(|error| unusable(&error))?;
        let servers = servers::open(mcp_servers, &mcp_clients)?;
        let notice = Mutex::new(store.moved_aside().map(ToString::to_string));
        Ok(Self {
            has_data,
            lenses,
            output,
            tables: Arc::new(tables),
            servers: Arc::new(Servers::new(servers)),
            client_files: Arc::new(mcp_clients),
            platforms,
            store: Arc::new(store),
            notice,
            seed: seed.or(configured_seed).unwrap_or(DEFAULT_SEED),
            now,
            toolsets,
            read_only: read_only || asked_read_only,
            http,
            audit,
            tasks,
            limits,
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
        let mut answer = route.call(arguments, &self.context(route, run, ask).await?).await?;
        let notice = self.notice.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(notice) = notice {
            answer.text = format!("**Note:** {notice}.\n\n{}", answer.text);
        }
        Ok(answer)
    }

    /// What one call may use. Each sees the data as the files are when it begins; what is asked of the knowledge that
    /// ships needs no data, and opening it would take longer than the answer.
    async fn context(&self, route: &Route, run: Run, ask: Asker) -> Result<Context, ToolError> {
        let tables = if self.has_data && route.toolset() != Toolset::Knowledge {
            Arc::new(self.tables.reopen().await.map_err(|error| unusable(&error))?)
        } else {
            Arc::clone(&self.tables)
        };
        let Lenses { readiness, workflows, lead_score, points, maturity } = self.lenses.clone();
        Ok(Context {
            tables,
            servers: Arc::clone(&self.servers),
            client_files: Arc::clone(&self.client_files),
            platforms: Arc::clone(&self.platforms),
            workflows,
            store: Arc::clone(&self.store),
            readiness,
            lead_score,
            points,
            lenses: maturity,
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

    /// Puts what is remembered into its one file. Work that is still going on is not waited for long, because what it
    /// has acknowledged is safe in any case.
    pub(crate) async fn close(&self) {
        let _ = tokio::time::timeout(PARTING, self.store.close()).await;
    }

    /// The platforms that are known.
    pub(crate) fn platforms(&self) -> &Platforms {
        &self.platforms
    }

    /// The agentic workflows that are known.
    pub(crate) fn workflows(&self) -> &[Workflow] {
        &self.lenses.workflows
    }

    /// The toolsets that are offered.
    pub(crate) fn toolsets(&self) -> &[Toolset] {
        &self.toolsets
    }

    /// The audit log that is to be kept.
    pub(crate) fn audit(&self) -> Option<&Audit> {
        self.audit.as_ref()
    }

    /// Whether only tools are offered that leave everything as it was.
    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// How much callers may ask of the server.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether calls would find what they need: the store answers and the tables open.
    pub(crate) async fn readiness(&self) -> Result<(), ToolError> {
        self.store.reviews(1).await?;
        if self.has_data {
            self.tables.reopen().await.map_err(|error| unusable(&error))?;
        }
        Ok(())
    }

    /// Who may reach the server over HTTP, as configured.
    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    /// How long calls become tasks, as configured.
    pub(crate) fn tasks(&self) -> &config::Tasks {
        &self.tasks
    }
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
