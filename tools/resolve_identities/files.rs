//! All pairs and clusters, written where the operator allows it.

use super::{
    Survival,
    output::{WrittenOut, survivor},
};
use crate::{
    Context, ToolError,
    score_leads::file::{self, Target},
};
use revarch_data::Matched;
use revarch_domain::identity::{cluster::Clusters, likeness::levels, model::probability};

/// Rows written at a time.
const ROWS: usize = 8_192;

/// The files that are asked for.
pub(super) struct Targets {
    pairs: Option<Target>,
    clusters: Option<Target>,
}

impl Targets {
    /// Makes sure, before any work, that they can be written.
    pub(super) fn check(
        pairs: Option<&str>,
        clusters: Option<&str>,
        context: &Context,
    ) -> Result<Self, ToolError> {
        if pairs.is_some() && pairs == clusters {
            return Err(ToolError::input("`write_pairs` and `write_clusters` name the same file")
                .hint("give two names"));
        }
        let check = |name: Option<&str>| name.map(|name| file::check(name, context)).transpose();
        Ok(Self { pairs: check(pairs)?, clusters: check(clusters)? })
    }

    /// Writes them.
    pub(super) fn write(
        &self,
        matched: &Matched,
        found: &Clusters,
        threshold: f64,
        survival: &Survival,
    ) -> Result<Vec<WrittenOut>, ToolError> {
        let mut written = Vec::new();
        if let Some(target) = &self.pairs {
            written.push(WrittenOut { file: target.name.clone(), rows: pairs(target, matched, threshold)? });
        }
        if let Some(target) = &self.clusters {
            written.push(WrittenOut {
                file: target.name.clone(),
                rows: clusters(target, matched, found, survival)?,
            });
        }
        Ok(written)
    }
}

fn pairs(target: &Target, matched: &Matched, threshold: f64) -> Result<u64, ToolError> {
    let compared = matched.records.comparisons();
    let level_names: Vec<String> = compared.iter().map(|one| format!("{}_level", one.name)).collect();
    let weight_names: Vec<String> = compared.iter().map(|one| format!("{}_weight", one.name)).collect();
    let mut texts = vec!["table_a", "id_a", "table_b", "id_b", "is_match"];
    texts.extend(level_names.iter().map(String::as_str));
    let mut numbers = vec!["probability", "match_weight", "prior_weight"];
    numbers.extend(weight_names.iter().map(String::as_str));
    let mut out = target.create(&texts, &numbers)?;
    let prior = matched.trained.model.prior_weight();
    for chunk in matched.pairs.chunks(ROWS) {
        let mut texts: Vec<Vec<&str>> = vec![Vec::with_capacity(chunk.len()); texts.len()];
        let mut numbers: Vec<Vec<f64>> = vec![Vec::with_capacity(chunk.len()); numbers.len()];
        for pair in chunk {
            let (a, b, weight) = (pair.edge.a, pair.edge.b, pair.edge.weight);
            let records = &matched.records;
            let told = [
                records.table_name(a),
                records.id(a),
                records.table_name(b),
                records.id(b),
                if weight >= threshold { "yes" } else { "no" },
            ];
            let parts = matched.parts(pair);
            let level = |(at, level): (usize, u8)| match usize::from(level).checked_sub(1) {
                Some(level) => levels(compared[at].kind)[level],
                None => "unknown",
            };
            let reached = parts.iter().map(|part| level((part.comparison, part.level)));
            texts
                .iter_mut()
                .zip(told.into_iter().chain(reached))
                .for_each(|(column, cell)| column.push(cell));
            let weights = parts.iter().map(|part| part.weight + part.rarity);
            numbers
                .iter_mut()
                .zip([probability(weight), weight, prior].into_iter().chain(weights))
                .for_each(|(column, cell)| column.push(cell));
        }
        out.write(&texts, &numbers).map_err(|error| file::unwritable(&error))?;
    }
    out.finish().map_err(|error| file::unwritable(&error))
}

fn clusters(
    target: &Target,
    matched: &Matched,
    found: &Clusters,
    survival: &Survival,
) -> Result<u64, ToolError> {
    let mut out = target.create(&["table", "id", "keep"], &["cluster", "records"])?;
    let records = &matched.records;
    for (start, chunk) in found.clusters.chunks(ROWS).enumerate() {
        let mut texts: [Vec<&str>; 3] = Default::default();
        let mut numbers: [Vec<f64>; 2] = Default::default();
        for (at, cluster) in chunk.iter().enumerate() {
            let kept = survivor(matched, &cluster.members, survival).map(|(record, _)| record);
            for record in &cluster.members {
                let told = [
                    records.table_name(*record),
                    records.id(*record),
                    if kept == Some(*record) { "yes" } else { "no" },
                ];
                texts.iter_mut().zip(told).for_each(|(column, cell)| column.push(cell));
                numbers[0].push((start * ROWS + at + 1) as f64);
                numbers[1].push(cluster.members.len() as f64);
            }
        }
        out.write(&texts, &numbers).map_err(|error| file::unwritable(&error))?;
    }
    out.finish().map_err(|error| file::unwritable(&error))
}
