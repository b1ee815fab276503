//! The table that was scored, and how outcomes were read out of it.

use super::day;
use revarch_data::{Counts, History, Told};
use revarch_domain::leads::history::{Conversion, Terms};
use schemars::JsonSchema;
use serde::Serialize;

/// The table, and the columns used for what.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    /// The table.
    pub table: String,
    /// The column with the outcome; without one there are points only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The column with the decision time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The column that names leads; without one, rows are numbered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How the outcome was read out of the deals that followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryTold>,
}

/// How the outcome was read out of the deals that followed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HistoryTold {
    /// The table of deals.
    pub deals: String,
    /// What counts as a conversion: `deal` or `won`.
    pub conversion: Conversion,
    /// Days from creation within which it counts.
    pub within_days: u32,
    /// Whether the window was chosen from the data: the shortest that holds nine in ten conversions.
    pub window_chosen: bool,
    /// Days from creation to the decision. Features hold what lay strictly before it.
    pub decide_after_days: u32,
    /// The day until which deals are known. Leads whose window ends later are too young to train on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deals_known_until: Option<String>,
    /// How leads join their deals, then each table that features come from.
    pub joins: Vec<String>,
    /// Leads that converted in time.
    pub converted: u64,
    /// Leads that had the time and did not.
    pub unconverted: u64,
    /// Leads too young to know: the ones to score.
    pub too_young: u64,
    /// Leads left out: too young, and converted already.
    pub too_young_converted: u64,
    /// Leads left out: converted before the decision was due.
    pub converted_before_decision: u64,
    /// Leads left out: the decision is not due yet.
    pub not_due: u64,
    /// Leads left out: without the key that deals are joined by, so that nobody knows what became of them.
    pub unjoined: u64,
    /// Leads left out: without a creation time.
    pub undated: u64,
}

impl HistoryTold {
    pub(crate) fn of(history: &History) -> Self {
        let Terms { conversion, within_days, decide_after_days } = history.terms;
        let Counts { converted, unconverted, young, young_converted, early, not_due, unjoined, undated } =
            history.counts;
        let told = |told: &Told| told.by.clone();
        Self {
            deals: history.deals.clone(),
            conversion,
            within_days,
            window_chosen: history.is_chosen,
            decide_after_days,
            deals_known_until: day(history.newest),
            joins: std::iter::once(history.deals_by.clone())
                .chain(history.sources.iter().map(told))
                .collect(),
            converted,
            unconverted,
            too_young: young,
            too_young_converted: young_converted,
            converted_before_decision: early,
            not_due,
            unjoined,
            undated,
        }
    }
}
