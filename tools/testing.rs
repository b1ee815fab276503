//! What a call needs, for tests: no data, no server, a store in memory and the catalog that ships.

use crate::{Context, Platforms, ask::Asker};
use revarch_data::{Run, Sources, Tables};
use revarch_domain::{
    leads::{points::PointsLens, validate::lens::Lens as ScoreLens},
    readiness::Lens,
    workflow,
};
use revarch_remote::{Servers, clients::ClientFilesConfig};
use revarch_store::Store;
use std::sync::Arc;

/// Such a context.
pub(crate) async fn context() -> Context {
    Context {
        tables: Arc::new(Tables::open(Sources::default()).await.unwrap()),
        servers: Arc::new(Servers::default()),
        client_files: Arc::new(ClientFilesConfig::default()),
        platforms: Arc::new(Platforms::shipped()),
        workflows: workflow::shipped().to_vec().into(),
        store: Arc::new(Store::in_memory().await.unwrap()),
        readiness: Arc::new(Lens::shipped().unwrap()),
        lead_score: Arc::new(ScoreLens::shipped().unwrap()),
        points: Arc::new(PointsLens::shipped().unwrap()),
        lenses: Arc::default(),
        output: None,
        now: "2026-11-22T09:00:00Z".parse().unwrap(),
        seed: 1,
        run: Run::unwatched(),
        ask: Asker::default(),
    }
}
