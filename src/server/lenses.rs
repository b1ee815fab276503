//! What the tools judge by: the lenses that ship, or the operator's in their place, and the operator's workflows.

use crate::{config, failure::Failure, lens};
use anyhow::Context as _;
use revarch_domain::{
    leads::{points::PointsLens, validate::lens::Lens as ScoreLens},
    maturity,
    readiness::Lens,
    workflow::{self, Workflow},
};
use std::{path::Path, sync::Arc};

/// The lenses in use.
#[derive(Clone)]
pub(crate) struct Lenses {
    /// What data readiness is held against.
    pub(crate) readiness: Arc<Lens>,
    /// The agentic workflows: those that ship, and the operator's own.
    pub(crate) workflows: Arc<[Workflow]>,
    /// What a lead score is held against.
    pub(crate) lead_score: Arc<ScoreLens>,
    /// The points of leads without outcomes.
    pub(crate) points: Arc<PointsLens>,
    /// The operator's own maturity lenses, beside those that ship.
    pub(crate) maturity: Arc<[maturity::Lens]>,
}

impl Lenses {
    /// Opens what the configuration names, and what ships for the rest.
    pub(crate) fn open(named: &config::Lenses, workflows: Option<&Path>) -> Result<Self, Failure> {
        let readiness = readiness(named.readiness.as_deref(), own_workflows(workflows)?)?;
        Ok(Self {
            workflows: readiness.workflows.clone().into(),
            maturity: lens::read(&named.maturity)?.into(),
            readiness: Arc::new(readiness),
            lead_score: Arc::new(one("lead score", named.lead_score.as_deref(), ScoreLens::parse, || {
                Ok(ScoreLens::shipped()?)
            })?),
            points: Arc::new(one("points", named.points.as_deref(), PointsLens::parse, || {
                Ok(PointsLens::shipped()?)
            })?),
        })
    }
}

/// The lens that the operator named, or the one that ships.
fn one<T, E: std::error::Error>(
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

/// The workflows of the operator's own.
fn own_workflows(path: Option<&Path>) -> Result<Vec<Workflow>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the workflows {}", path.display()))?;
    workflow::parse(&text).map_err(|error| unusable_file("the workflows", path, &error))
}

/// The lens that the operator named, or the one that ships, with the operator's own workflows beside its own.
fn readiness(path: Option<&Path>, own: Vec<Workflow>) -> Result<Lens, Failure> {
    let lens = one("readiness", path, Lens::parse, || Ok(Lens::shipped()?))?;
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
