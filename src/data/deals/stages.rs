//! The stages of deals and which of them are ends: by what a person says, by the system's own table of stages, by their
//! names, and by what is recorded of the deals in them.

use super::{DealAsk, refuse};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{filled, key_of},
};
use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use revarch_domain::{
    nearest::nearest,
    outcome,
    recognition::{Recognition, Role},
    risk::{StageKind, classify},
    value::quoted_in_sql,
};
use std::collections::BTreeMap;

/// Columns that name a stage in a system's own table of them, the surest first.
const STAGE_NAMES: [&str; 4] = ["stageid", "apiname", "masterlabel", "stagename"];

/// Stages by the text that deals hold.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    of: BTreeMap<String, StageKind>,
    labels: BTreeMap<String, String>,
}

impl Kinds {
    /// The kind of a stage; one that no deal is in now is known by its name.
    pub(super) fn kind(&self, stage: &str) -> StageKind {
        self.of.get(stage).copied().unwrap_or_else(|| classify(self.label(stage)))
    }

    /// What a stage is called, where the system's own table tells.
    pub(super) fn label<'a>(&'a self, stage: &'a str) -> &'a str {
        self.labels.get(stage).map_or(stage, String::as_str)
    }

    /// The stages in which deals end, by the state they end in.
    pub(super) fn closing(&self) -> [(&'static str, Vec<&str>); 3] {
        let of = |kind| {
            self.of.iter().filter(|(_, known)| **known == kind).map(|(name, _)| name.as_str()).collect()
        };
        [("won", of(StageKind::Won)), ("lost", of(StageKind::Lost)), ("closed", of(StageKind::Closed))]
    }
}

impl Tables {
    pub(super) async fn kinds(
        &self,
        map: &Map<'_>,
        deals: &str,
        recognition: &Recognition,
        ask: &DealAsk,
        run: &Run,
    ) -> Result<Kinds, DataError> {
        let Some(stage) = recognition.column(Role::Stage) else { return Ok(Kinds::default()) };
        let mut kinds = self.own_stages(map, run).await?;
        let truth = |role| {
            let good = outcome::in_sql(&outcome::GOOD);
            let share = |column| {
                format!("avg(CASE WHEN lower({}) IN ({good}) THEN 1.0 ELSE 0.0 END)", filled(column))
            };
            recognition.column(role).map_or_else(|| "CAST(NULL AS DOUBLE)".to_owned(), share)
        };
        let sql = format!(
            "SELECT CAST({stage} AS VARCHAR) AS s, {} AS closed, {} AS won FROM {} WHERE {stage} IS NOT NULL GROUP BY 1",
            truth(Role::ClosedFlag),
            truth(Role::Outcome),
            quoted_in_sql(deals),
            stage = filled(stage),
        );
        for batch in self.query(deals, &sql, run).await? {
            let (names, closed, won) = (texts(&batch, 0)?, numbers(&batch, 1)?, numbers(&batch, 2)?);
            for ((name, closed), won) in names.into_iter().zip(closed).zip(won) {
                let Some(name) = name else { continue };
                let by_name = classify(kinds.label(&name));
                let most = |share: Option<f64>| share.is_some_and(|share| share > 0.5);
                let kind = match by_name {
                    StageKind::Open if most(closed) && most(won) => StageKind::Won,
                    StageKind::Open if most(closed) && won.is_some() => StageKind::Lost,
                    StageKind::Open if most(closed) => StageKind::Closed,
                    kind => kind,
                };
                kinds.of.entry(name).or_insert(kind);
            }
        }
        for (said, kind) in [(&ask.won_stages, StageKind::Won), (&ask.lost_stages, StageKind::Lost)] {
            for name in said {
                kinds.say(name, kind)?;
            }
        }
        Ok(kinds)
    }

    /// The stages of a system's own table of them, such as HubSpot's `deal_pipeline_stage`.
    async fn own_stages(&self, map: &Map<'_>, run: &Run) -> Result<Kinds, DataError> {
        let mut kinds = Kinds::default();
        for table in self.all().iter().filter(|table| map.entity(&table.name).is_none()) {
            let plain = |name: &str| name.to_lowercase().replace(['_', ' '], "");
            let find = |wanted: &str| table.columns.iter().find(|column| plain(column) == wanted);
            let stage = STAGE_NAMES.iter().find_map(|name| find(name));
            let won = ["closedwon", "iswon"].iter().find_map(|name| find(name));
            let (Some(stage), Some(closed), Some(won)) = (stage, find("isclosed"), won) else { continue };
            let good = |column: &str| {
                format!("coalesce(lower({}) IN ({}), false)", filled(column), outcome::in_sql(&outcome::GOOD))
            };
            let sql = format!(
                "SELECT CAST({} AS VARCHAR) AS s, CAST({} AS VARCHAR) AS label, CAST({} AS BIGINT) AS closed, \
                 CAST({} AS BIGINT) AS won FROM {}",
                key_of(stage, false, false),
                find("label").map_or_else(|| "NULL".to_owned(), |column| filled(column)),
                good(closed),
                good(won),
                quoted_in_sql(&table.name)
            );
            for batch in self.query(&table.name, &sql, run).await? {
                let (names, labels) = (texts(&batch, 0)?, texts(&batch, 1)?);
                let (closed, won) = (whole(&batch, 2)?, whole(&batch, 3)?);
                for (row, name) in names.into_iter().enumerate() {
                    let Some(name) = name else { continue };
                    let kind = match (won[row], closed[row]) {
                        (Some(1), _) => StageKind::Won,
                        (_, Some(1)) => StageKind::Lost,
                        _ => StageKind::Open,
                    };
                    kinds.labels.extend(labels[row].clone().map(|label| (name.clone(), label)));
                    kinds.of.insert(name, kind);
                }
            }
        }
        Ok(kinds)
    }
}

impl Kinds {
    fn say(&mut self, name: &str, kind: StageKind) -> Result<(), DataError> {
        let named: Vec<String> = self
            .of
            .keys()
            .filter(|stage| same(stage, name) || same(self.label(stage), name))
            .cloned()
            .collect();
        if named.is_empty() {
            let known: Vec<&str> = self.of.keys().map(|stage| self.label(stage)).collect();
            let near =
                nearest(name, known.iter().copied()).first().map(|near| format!("did you mean `{near}`? "));
            let hint = format!("{}stages are: {}", near.unwrap_or_default(), known.join(", "));
            return Err(refuse(format!("no deal is in a stage `{name}`"), &hint));
        }
        self.of.extend(named.into_iter().map(|stage| (stage, kind)));
        Ok(())
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

fn engine(error: datafusion::arrow::error::ArrowError) -> DataError {
    DataError::Engine(error.into())
}

/// A column of texts.
pub(super) fn texts(batch: &RecordBatch, column: usize) -> Result<Vec<Option<String>>, DataError> {
    let cells = cast(batch.column(column), &DataType::Utf8View).map_err(engine)?;
    Ok(cells.as_string_view().iter().map(|cell| cell.map(str::to_owned)).collect())
}

/// A column of whole numbers.
pub(super) fn whole(batch: &RecordBatch, column: usize) -> Result<Vec<Option<i64>>, DataError> {
    let cells = cast(batch.column(column), &DataType::Int64).map_err(engine)?;
    let cells = cells.as_primitive::<Int64Type>();
    Ok((0..cells.len()).map(|row| cells.is_valid(row).then(|| cells.value(row))).collect())
}

/// A column of numbers.
pub(super) fn numbers(batch: &RecordBatch, column: usize) -> Result<Vec<Option<f64>>, DataError> {
    let cells = cast(batch.column(column), &DataType::Float64).map_err(engine)?;
    let cells = cells.as_primitive::<Float64Type>();
    Ok((0..cells.len()).map(|row| cells.is_valid(row).then(|| cells.value(row))).collect())
}
