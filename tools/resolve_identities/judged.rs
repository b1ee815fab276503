//! Pairs that somebody judged.

use crate::{Context, ToolError};
use revarch_data::{Matched, Tables};
use revarch_domain::identity::truth::{Judged, Quality, best_threshold, quality};
use std::collections::HashMap;

/// The columns of a table of judged pairs.
const COLUMNS: [&str; 3] = ["id_a", "id_b", "is_match"];

/// A row of it.
pub(super) type Row = (String, String, bool);

/// Judged pairs with their match weights.
pub(super) struct Weighed {
    pairs: Vec<Judged>,
    pub(super) best: Option<f64>,
}

/// What judged pairs tell.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) pairs: u64,
    pub(super) at: Quality,
    pub(super) best: Option<Quality>,
}

pub(super) async fn read(tables: &Tables, table: &str, context: &Context) -> Result<Vec<Row>, ToolError> {
    let known = tables.table(table)?;
    for column in COLUMNS {
        known.require(column).map_err(|error| {
            ToolError::from(error).hint("a table of judged pairs has the columns id_a, id_b and is_match")
        })?;
    }
    let mut rows = Vec::new();
    let mut stream = tables.rows(table, &COLUMNS, &context.run).await?;
    while let Some(batch) = stream.next().await? {
        for row in 0..batch.rows() {
            let [Some(a), Some(b), Some(said)] = [0, 1, 2].map(|column| batch.cell(column, row)) else {
                continue;
            };
            let is_match = match said.to_lowercase().as_str() {
                "1" | "1.0" | "true" | "yes" | "y" | "match" => true,
                "0" | "0.0" | "false" | "no" | "n" => false,
                _ => {
                    return Err(ToolError::input(format!(
                        "row {} of `{table}` has `is_match` neither yes nor no",
                        rows.len() + 1
                    ))
                    .hint("give 1 or 0, or leave it empty where nobody knows"));
                }
            };
            rows.push((a.to_owned(), b.to_owned(), is_match));
        }
    }
    if rows.is_empty() {
        return Err(ToolError::input(format!("`{table}` holds no judged pair"))
            .hint("give pairs of record keys with 1 for the same and 0 for different"));
    }
    Ok(rows)
}

/// Gives each judged pair its match weight.
pub(super) fn weigh(rows: &[Row], matched: &Matched) -> Result<Weighed, ToolError> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (a, b, _) in rows {
        for id in [a, b] {
            let next = numbers.len();
            numbers.entry(id).or_insert(next);
        }
    }
    let records = &matched.records;
    let mut known = vec![false; numbers.len()];
    for record in 0..u32::try_from(records.len()).unwrap_or(u32::MAX) {
        if let Some(number) = numbers.get(records.id(record)) {
            known[*number] = true;
        }
    }
    let strange = rows.iter().flat_map(|(a, b, _)| [a, b]).find(|id| !known[numbers[id.as_str()]]);
    if let Some(strange) = strange {
        return Err(ToolError::input(format!(
            "a judged pair names `{}`, which is the key of no record",
            super::sides::key(strange)
        ))
        .hint("judged pairs name records by the key that the results show"));
    }
    let mut weights: HashMap<(usize, usize), f64> = HashMap::new();
    for pair in &matched.pairs {
        let ids = [pair.edge.a, pair.edge.b].map(|record| numbers.get(records.id(record)).copied());
        if let [Some(a), Some(b)] = ids {
            let weight = weights.entry((a.min(b), a.max(b))).or_insert(f64::NEG_INFINITY);
            *weight = weight.max(pair.edge.weight);
        }
    }
    let weight = |(a, b, is_match): &Row| {
        let (a, b) = (numbers[a.as_str()], numbers[b.as_str()]);
        Judged { weight: weights.get(&(a.min(b), a.max(b))).copied(), is_match: *is_match }
    };
    let pairs: Vec<Judged> = rows.iter().map(weight).collect();
    let best = best_threshold(&pairs);
    Ok(Weighed { pairs, best })
}

impl Weighed {
    /// What they tell of a threshold, and of the best one.
    pub(super) fn quality(&self, threshold: f64, seed: u64) -> Told {
        let of = |threshold| quality(&self.pairs, threshold, seed);
        Told { pairs: self.pairs.len() as u64, at: of(threshold), best: self.best.map(of) }
    }
}
