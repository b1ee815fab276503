//! Written samples, read back.

mod folder;
mod planted;
mod scores;

use crate::{Company, SampleError, Truth, write};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs,
    path::Path,
};
use tempfile::TempDir;

type Row = HashMap<String, String>;

const TABLES: [&str; 12] = [
    "users",
    "accounts",
    "contacts",
    "leads",
    "deals",
    "deal_stage_history",
    "activities",
    "web_events",
    "campaigns",
    "campaign_spend",
    "touches",
    "subscriptions",
];

fn company(contacts: u64, seed: u64) -> Company {
    Company { contacts, seed, now: "2026-03-01T12:00:00Z".parse().unwrap(), clean: false }
}

/// A written sample and its folder, which goes when this does.
struct Sample {
    folder: TempDir,
    truth: Truth,
    tables: BTreeMap<&'static str, Vec<Row>>,
}

impl Sample {
    fn of(contacts: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let truth = write(&company(contacts, 7), folder.path(), &mut |_, _| ()).unwrap();
        let tables = TABLES.into_iter().map(|table| (table, read(folder.path(), table))).collect();
        Self { folder, truth, tables }
    }

    fn rows(&self, table: &str) -> &[Row] {
        &self.tables[table]
    }

    fn ids(&self, table: &str, column: &str) -> HashSet<&str> {
        self.rows(table).iter().map(|row| row[column].as_str()).collect()
    }

    fn now(&self) -> Timestamp {
        self.truth.now
    }

    /// Rows of a table for which something holds.
    fn count(&self, table: &str, holds: impl Fn(&Row) -> bool) -> u64 {
        self.rows(table).iter().filter(|row| holds(row)).count() as u64
    }
}

fn read(folder: &Path, table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn labelled(sample: &Sample) -> Vec<&Row> {
    let mut leads: Vec<&Row> =
        sample.rows("leads").iter().filter(|row| !row["converted"].is_empty()).collect();
    leads.sort_by_key(|row| &row["created_at"]);
    leads
}

fn outcomes(leads: &[&Row]) -> Vec<bool> {
    leads.iter().map(|row| row["converted"].parse().unwrap()).collect()
}

/// The chance that a positive scores above a negative, from ranks (Mann and Whitney), ties at their mean.
fn auc(scores: &[f64], outcomes: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let (mut rank_sum, mut start) = (0.0, 0);
    while start < order.len() {
        let tied = order[start..].iter().take_while(|i| scores[**i].total_cmp(&scores[order[start]]).is_eq());
        let end = start + tied.count();
        let mean_rank = (start + 1 + end) as f64 / 2.0;
        rank_sum += order[start..end].iter().filter(|i| outcomes[**i]).count() as f64 * mean_rank;
        start = end;
    }
    let positives = outcomes.iter().filter(|outcome| **outcome).count() as f64;
    let negatives = outcomes.len() as f64 - positives;
    (rank_sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}
