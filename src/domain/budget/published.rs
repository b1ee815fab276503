//! The published ranges of a budget by category and model, and what follows from them.

use super::claim::Claim;
use crate::proportion::Interval;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// Whom a company sells to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// To companies.
    B2b,
    /// To consumers.
    B2c,
    /// To companies that sell to consumers.
    B2b2c,
}

impl Model {
    /// Every model.
    pub const ALL: [Self; 3] = [Self::B2b, Self::B2c, Self::B2b2c];

    /// The model's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::B2b => "b2b",
            Self::B2c => "b2c",
            Self::B2b2c => "b2b2c",
        }
    }
}

/// A category of spending with its published numbers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// A stable key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    ranges: BTreeMap<Model, [f64; 2]>,
    /// The revenue per unit invested that the source prints; of what, over which time, is not said.
    pub revenue_per_unit: f64,
}

impl Row {
    /// The published range for a model, in percent of the budget.
    pub fn range(&self, model: Model) -> Option<Interval> {
        self.ranges.get(&model).map(|[low, high]| Interval { low: *low, high: *high })
    }
}

/// What has been published about budgets.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The version of the file, which changes whenever a plan could.
    pub version: String,
    /// Who published the ranges, and where.
    pub source: String,
    /// The categories, in the order of the source.
    pub categories: Vec<Row>,
    /// Other numbers about budgets.
    pub claims: Vec<Claim>,
}

impl Published {
    /// The claim with this key.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.id == id)
    }
}

static PUBLISHED: LazyLock<Published> = LazyLock::new(|| {
    serde_json::from_str(include_str!("published.json"))
        .expect("the embedded ranges parse: a test reads them")
});

/// What has been published about budgets.
pub fn published() -> &'static Published {
    &PUBLISHED
}

/// Whether a plan can keep to a table of ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followable {
    /// It can, in more ways than one.
    Yes,
    /// It can in one way only: every category at its minimum, or every one at its maximum.
    OneWay,
    /// It cannot: the minimums exceed the budget or the maximums do not reach it.
    No,
}

impl Followable {
    /// The answer's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::OneWay => "one_way_only",
            Self::No => "no",
        }
    }
}

/// A published table held against the one thing that every budget does: add up.
#[derive(Clone, Debug, PartialEq)]
pub struct TableCheck {
    /// The model.
    pub model: Model,
    /// What the minimums and the maximums add up to, in percent.
    pub sums: Interval,
    /// Whether a plan can keep to it.
    pub followable: Followable,
    /// The contradictions that touch it.
    pub contradictions: Vec<&'static str>,
}

impl TableCheck {
    /// The check of a model's column.
    pub fn of(model: Model) -> Self {
        let ranges = || published().categories.iter().filter_map(|row| row.range(model));
        let sums = Interval {
            low: ranges().map(|range| range.low).sum(),
            high: ranges().map(|range| range.high).sum(),
        };
        let is_whole = |sum: f64| (sum - 100.0).abs() < 1e-9;
        let followable = if is_whole(sums.low) || is_whole(sums.high) {
            Followable::OneWay
        } else if sums.low > 100.0 || sums.high < 100.0 {
            Followable::No
        } else {
            Followable::Yes
        };
        let contradictions = if model == Model::B2b2c { vec!["c07", "c08"] } else { vec!["c07"] };
        Self { model, sums, followable, contradictions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::claim::contradictions;

    #[test]
    fn the_columns_add_up_to_what_is_printed() {
        let check = |model, low: f64, high: f64, followable| {
            let TableCheck { sums, followable: found, .. } = TableCheck::of(model);
            assert!((sums.low - low).abs() < 1e-9 && (sums.high - high).abs() < 1e-9, "{model:?} {sums:?}");
            assert_eq!(found, followable);
        };
        check(Model::B2b, 98.0, 122.0, Followable::Yes);
        check(Model::B2c, 100.0, 128.0, Followable::OneWay);
        check(Model::B2b2c, 105.0, 128.0, Followable::No);
    }

    #[test]
    fn every_row_has_a_range_per_model_and_every_claim_a_source() {
        let Published { categories, claims, .. } = published();
        assert_eq!(categories.len(), 7);
        for row in categories {
            for model in Model::ALL {
                let range = row.range(model).unwrap();
                assert!(0.0 < range.low && range.low < range.high && range.high <= 100.0, "{}", row.id);
            }
        }
        for claim in claims {
            assert!(!claim.source.is_empty() && claim.low <= claim.high, "{}", claim.id);
            let named = contradictions(claim.contradictions.iter().map(String::as_str));
            assert_eq!(named.len(), claim.contradictions.len(), "{}", claim.id);
        }
    }

    #[test]
    fn the_ranges_are_those_of_the_table_that_is_served() {
        use crate::knowledge::{Cell, knowledge};
        let (table, _) = knowledge().table("budget_ranges").unwrap();
        let bounds = |range: Interval| Cell::Bounds { low: Some(range.low), high: Some(range.high) };
        let ours: Vec<Vec<Cell>> = published()
            .categories
            .iter()
            .map(|row| {
                let ranges = Model::ALL.iter().map(|model| bounds(row.range(*model).unwrap()));
                ranges.chain([Cell::Number(row.revenue_per_unit)]).collect()
            })
            .collect();
        let served: Vec<Vec<Cell>> = table.rows.iter().map(|row| row[1..].to_vec()).collect();
        assert_eq!(ours, served);
    }
}
