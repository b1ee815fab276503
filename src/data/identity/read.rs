//! Reading records, in their order, with the work on their values done beside the reading.

use super::{
    ask::{MatchAsk, Side},
    dictionary::hash,
    records::{Records, Texts},
};
use crate::{DataError, Run, Tables, TextBatch};
use revarch_domain::{
    identity::{
        kind::Kind,
        normal::{Region, normal},
    },
    value::moment,
};
use std::{collections::VecDeque, sync::Arc};
use tokio::task::{JoinHandle, spawn_blocking};

/// Batches whose values are being worked on at a time.
const AHEAD: usize = 4;

/// Where things stand in the batches of a table.
struct Plan {
    id: Option<usize>,
    updated: Option<usize>,
    columns: Vec<(Kind, Option<usize>)>,
    region: Option<Region>,
}

/// The normal values of a batch.
struct Normal {
    rows: usize,
    ids: Vec<Option<String>>,
    updated: Vec<Option<i64>>,
    /// By comparison: the values, empty where there is none, and their hashes.
    values: Vec<(Texts, Vec<u64>)>,
}

impl Tables {
    /// Reads the records of all sides.
    pub(super) async fn records(&self, ask: &MatchAsk, run: &Run) -> Result<Records, DataError> {
        let mut records = Records::new(&ask.comparisons);
        for side in &ask.sides {
            self.read_side(ask, side, &mut records, run).await?;
            records.end_table(&side.table);
        }
        records.close();
        Ok(records)
    }

    async fn read_side(
        &self,
        ask: &MatchAsk,
        side: &Side,
        records: &mut Records,
        run: &Run,
    ) -> Result<(), DataError> {
        let mut wanted: Vec<&str> = Vec::new();
        let (id, updated) = (place(side.id.as_ref(), &mut wanted), place(side.updated.as_ref(), &mut wanted));
        let columns = ask
            .comparisons
            .iter()
            .zip(&side.columns)
            .map(|(one, column)| (one.kind, place(column.as_ref(), &mut wanted)))
            .collect();
        let plan = Arc::new(Plan { id, updated, columns, region: ask.region });
        let mut stream = self.rows(&side.table, &wanted, run).await?;
        let mut working: VecDeque<JoinHandle<Normal>> = VecDeque::new();
        let mut is_more = true;
        loop {
            while is_more && working.len() < AHEAD {
                match stream.next().await? {
                    Some(batch) => {
                        let plan = Arc::clone(&plan);
                        working.push_back(spawn_blocking(move || normal_batch(&batch, &plan)));
                    }
                    None => is_more = false,
                }
            }
            let Some(next) = working.pop_front() else { return Ok(()) };
            let batch = next.await.map_err(|error| {
                DataError::Engine(datafusion::error::DataFusionError::External(Box::new(error)))
            })?;
            add(records, &batch);
            run.progress(records.len() as u64, None, format!("reading {}", side.table));
        }
    }
}

fn add(records: &mut Records, batch: &Normal) {
    for (comparison, (texts, hashes)) in batch.values.iter().enumerate() {
        for (row, hash) in hashes.iter().enumerate() {
            let value = texts.get(row);
            records.add_value(comparison, (!value.is_empty()).then_some((value, *hash)));
        }
    }
    for row in 0..batch.rows {
        records.add_record(batch.ids[row].as_deref(), batch.updated[row]);
    }
}

fn normal_batch(batch: &TextBatch, plan: &Plan) -> Normal {
    let rows = batch.rows();
    let cell = |column: Option<usize>, row: usize| batch.cell(column?, row);
    let values = plan.columns.iter().map(|(kind, column)| {
        let mut texts = Texts::default();
        let mut hashes = Vec::with_capacity(rows);
        for row in 0..rows {
            let value =
                cell(*column, row).and_then(|text| normal(*kind, text, plan.region)).unwrap_or_default();
            hashes.push(hash(&value));
            texts.push(&value);
        }
        (texts, hashes)
    });
    Normal {
        rows,
        values: values.collect(),
        ids: (0..rows).map(|row| cell(plan.id, row).map(str::to_owned)).collect(),
        updated: (0..rows)
            .map(|row| cell(plan.updated, row).and_then(moment).and_then(|moment| moment.micros))
            .collect(),
    }
}

/// Where a column stands among those that are read, each once.
pub(super) fn place<'a>(column: Option<&'a String>, wanted: &mut Vec<&'a str>) -> Option<usize> {
    let column = column?.as_str();
    let known = wanted.iter().position(|one| *one == column);
    Some(known.unwrap_or_else(|| {
        wanted.push(column);
        wanted.len() - 1
    }))
}
