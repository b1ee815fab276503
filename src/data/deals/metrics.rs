//! The quantities that metrics are made from, counted by period and segment.

use super::{
    DealAsk,
    flows::Within,
    refuse,
    stages::{texts, whole},
};
use crate::{DataError, Run, Tables, leads::paths::Map};
use revarch_domain::{
    metrics::{Facts, Known, Missing, Period, Quantity},
    recognition::Role,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is counted, and what a person says of it.
#[derive(Clone, Debug, Default)]
pub struct MetricAsk {
    /// The deals.
    pub deal: DealAsk,
    /// The table of leads; the one recognised where none is named.
    pub leads: Option<String>,
    /// The table of contracts.
    pub subscriptions: Option<String>,
    /// The table of marketing spend.
    pub spend: Option<String>,
    /// The table of marketing touches.
    pub touches: Option<String>,
    /// What numbers are told apart by.
    pub segment: Option<Segment>,
    /// The sources and channels that are marketing's, as the data has them.
    pub marketing: Vec<String>,
}

/// What numbers are told apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Where deals and leads came from.
    Source,
    /// A column of the table of deals.
    Column(String),
}

/// The quantities of every period, for all together and for each segment.
#[derive(Clone, Debug, Default)]
pub struct MetricFacts {
    /// All together first, then each segment by name.
    pub segments: Vec<SegmentFacts>,
    /// The sources of deals and how many deals have each, the most frequent first.
    pub sources: Vec<(String, u64)>,
    /// What the numbers rest on.
    pub notes: Vec<String>,
}

/// The quantities of a segment.
#[derive(Clone, Debug, Default)]
pub struct SegmentFacts {
    /// The segment; none for all together.
    pub name: Option<String>,
    /// The quantities of each period.
    pub periods: Vec<Facts>,
}

/// Segments that are told apart; a column with more is no segment.
const MOST_SEGMENTS: usize = 50;

/// What was counted, and why the rest was not.
#[derive(Default)]
pub(super) struct Counts {
    by: BTreeMap<(Option<String>, usize), BTreeMap<Quantity, Known>>,
    /// Quantities that are counted: where no row was met they are nought.
    counted: BTreeSet<Quantity>,
    /// Quantities that are not, and why.
    lacking: BTreeMap<Quantity, String>,
    /// Quantities that are counted of all together only.
    whole_only: BTreeMap<Quantity, &'static str>,
    pub(super) notes: Vec<String>,
}

impl Counts {
    /// Adds what was counted of a segment to it and to the whole.
    pub(super) fn add(
        &mut self,
        period: usize,
        segment: Option<&str>,
        quantity: Quantity,
        value: f64,
        rows: u64,
    ) {
        let both = [None, segment.map(str::to_owned)];
        for segment in both.into_iter().take(1 + usize::from(segment.is_some())) {
            let known = self.by.entry((segment, period)).or_default();
            let sum = known.entry(quantity).or_insert(Known::counted(0.0, 0));
            sum.value += value;
            sum.rows = Some(sum.rows.unwrap_or(0) + rows);
        }
    }

    pub(super) fn counted(&mut self, quantities: &[Quantity]) {
        self.counted.extend(quantities);
    }

    pub(super) fn lacks(&mut self, quantities: &[Quantity], why: &str) {
        for quantity in quantities {
            self.counted.remove(quantity);
            self.lacking.insert(*quantity, why.to_owned());
        }
    }

    pub(super) fn whole_only(&mut self, quantities: &[Quantity], why: &'static str) {
        self.whole_only.extend(quantities.iter().map(|quantity| (*quantity, why)));
    }

    fn facts(&self, segment: Option<&str>, at: usize, period: &Period) -> Facts {
        let mut facts = Facts::default();
        facts.put(Quantity::Months, Ok(Known::counted(period.months(), 0)));
        let known = self.by.get(&(segment.map(str::to_owned), at));
        let lacks =
            |quantity: Quantity, why: &str| Missing { what: quantity.name().to_owned(), why: why.to_owned() };
        for quantity in &self.counted {
            let whole_only = self.whole_only.get(quantity).filter(|_| segment.is_some());
            let found = known.and_then(|known| known.get(quantity)).cloned();
            let nought = Known::counted(0.0, 0);
            facts.put(
                *quantity,
                whole_only.map_or(Ok(found.unwrap_or(nought)), |why| Err(lacks(*quantity, why))),
            );
        }
        for (quantity, why) in &self.lacking {
            facts.put(*quantity, Err(lacks(*quantity, why)));
        }
        facts
    }
}

impl Tables {
    /// Counts everything that metrics need of the given periods, as far as the tables tell.
    pub async fn metric_facts(
        &self,
        ask: &MetricAsk,
        periods: &[Period],
        now: i64,
        run: &Run,
    ) -> Result<MetricFacts, DataError> {
        let recognised = self.recognised(run).await?;
        let map = Map::of(&recognised);
        let deals = self.deal_table(&map, &ask.deal, run).await?;
        let mut counts = Counts::default();
        counts.notes.extend(deals.money.notes.iter().cloned());
        let beside = self.beside(&map, &deals, ask, &mut counts.notes, run).await?;
        let (column, segment) = match &ask.segment {
            None => (None, "CAST(NULL AS VARCHAR)"),
            Some(Segment::Source) => {
                if let Some(reason) = &beside.no_source {
                    return Err(refuse(reason.clone(), "name a column of the deals as `segment_by` instead"));
                }
                (None, "coalesce(src, '(none)')")
            }
            Some(Segment::Column(column)) => {
                (Some(self.table(&deals.name)?.require(column)?), "coalesce(g, '(none)')")
            }
        };
        let base = beside.deals(&deals, column);
        let within =
            super::flows::Within { deals: &deals, beside: &beside, base: &base, segment, periods, ask };
        self.created(&within, now, &mut counts, run).await?;
        self.closed(&within, &mut counts, run).await?;
        let sources = self.deal_sources(&within, run).await?;
        self.leads_created(&map, &within, &mut counts, run).await?;
        self.spend(&map, ask, periods, &mut counts, run).await?;
        self.customers(&map, &within, &mut counts, run).await?;
        let names: BTreeSet<Option<String>> =
            counts.by.keys().map(|(segment, _)| segment.clone()).chain([None]).collect();
        if names.len() > MOST_SEGMENTS + 1 {
            let reason = format!(
                "the segment has {} values, and at most {MOST_SEGMENTS} are told apart",
                names.len() - 1
            );
            return Err(refuse(reason, "choose a column with fewer values"));
        }
        let of = |name: Option<String>| SegmentFacts {
            periods: periods
                .iter()
                .enumerate()
                .map(|(at, period)| counts.facts(name.as_deref(), at, period))
                .collect(),
            name,
        };
        Ok(MetricFacts { segments: names.into_iter().map(of).collect(), sources, notes: counts.notes })
    }

    /// The time of the newest deal or closing that is not after now.
    pub async fn newest_deal(&self, ask: &DealAsk, now: i64, run: &Run) -> Result<Option<i64>, DataError> {
        let recognised = self.recognised(run).await?;
        let deals = self.deal_table(&Map::of(&recognised), ask, run).await?;
        let sql = format!(
            "SELECT max(CASE WHEN c <= {now} THEN c END) AS c, max(CASE WHEN z <= {now} AND s <> 'open' THEN z END) AS z FROM \
             (SELECT {} AS c, {} AS z, {} AS s FROM {})",
            deals.time(Role::Created),
            deals.time(Role::Closed),
            deals.state(),
            deals.from()
        );
        let mut newest = None;
        for batch in self.query(&deals.name, &sql, run).await? {
            newest = newest.max(whole(&batch, 0)?.into_iter().flatten().max());
            newest = newest.max(whole(&batch, 1)?.into_iter().flatten().max());
        }
        Ok(newest)
    }

    async fn deal_sources(&self, within: &Within<'_>, run: &Run) -> Result<Vec<(String, u64)>, DataError> {
        let base = within.base;
        let sql = format!(
            "{base} SELECT CAST(src AS VARCHAR) AS src, count(*) AS n FROM _revarch_d WHERE src IS NOT NULL GROUP BY 1 \
             ORDER BY 2 DESC, 1 LIMIT 20"
        );
        let mut sources = Vec::new();
        for batch in self.query(&within.deals.name, &sql, run).await? {
            let (names, counts) = (texts(&batch, 0)?, whole(&batch, 1)?);
            sources.extend(
                names
                    .into_iter()
                    .zip(counts)
                    .filter_map(|(name, count)| Some((name?, count?.unsigned_abs()))),
            );
        }
        Ok(sources)
    }
}
