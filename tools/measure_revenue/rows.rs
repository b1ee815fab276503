//! What the metrics come to, before it is put into the shape of the result.

use revarch_data::{MetricFacts, SegmentFacts};
use revarch_domain::{
    measure::{Measure, MeasureId},
    metrics::{Definition, Definitions, Period, Reading, Score, Trend, evaluate, scorecard, trend},
    provenance::Provenance,
};
use std::collections::BTreeMap;

/// Everything that the result is made from.
pub(super) struct Rows {
    pub(super) definitions: &'static Definitions,
    pub(super) periods: Vec<Period>,
    pub(super) facts: MetricFacts,
    /// The metrics that were asked for; all where none are named.
    pub(super) only: Vec<String>,
    /// The company's own baselines.
    pub(super) own: BTreeMap<String, f64>,
}

impl Rows {
    /// The metrics that are told.
    pub(super) fn metrics(&self) -> impl Iterator<Item = &'static Definition> {
        self.definitions
            .metrics
            .iter()
            .filter(|metric| self.only.is_empty() || self.only.contains(&metric.id))
    }

    /// The period that a short answer tells: the last that is over, or else the last.
    pub(super) fn focus(&self) -> usize {
        self.periods
            .iter()
            .rposition(|period| !period.is_partial)
            .unwrap_or(self.periods.len().saturating_sub(1))
    }

    pub(super) fn whole(&self) -> Option<&SegmentFacts> {
        self.facts.segments.iter().find(|segment| segment.name.is_none())
    }

    pub(super) fn reading(&self, metric: &Definition, segment: &SegmentFacts, period: usize) -> Reading {
        segment
            .periods
            .get(period)
            .map_or_else(|| Err(Vec::new()), |facts| evaluate(self.definitions, metric, facts))
    }

    /// The share of all metrics that the data alone allow, where all were asked for and there is data.
    pub(super) fn workable(&self) -> Option<Measure> {
        let whole = self.whole().filter(|_| self.only.is_empty())?;
        let readings =
            self.definitions.metrics.iter().map(|metric| self.reading(metric, whole, self.focus()));
        let is_counted = |reading: &Reading| {
            reading.as_ref().is_ok_and(|measured| measured.provenance == Provenance::Measured)
        };
        let counted = readings.filter(is_counted).count() as f64;
        Some(Measure::exact(MeasureId::RevenueMetricsShare, counted / self.definitions.metrics.len() as f64))
    }

    pub(super) fn trend(&self, metric: &Definition, segment: &SegmentFacts) -> Option<Trend> {
        let readings: Vec<Reading> =
            (0..self.periods.len()).map(|period| self.reading(metric, segment, period)).collect();
        trend(metric.better, &self.periods, &readings.iter().collect::<Vec<_>>())
    }

    /// The eight KPIs, or those of the metrics that were asked for, in the period that a short answer tells.
    pub(super) fn scorecard(&self) -> Vec<Score<'static>> {
        let reading = |id: &str| match (self.definitions.metric(id), self.whole()) {
            (Some(metric), Some(whole)) => self.reading(metric, whole, self.focus()),
            _ => Err(Vec::new()),
        };
        let mut scores = scorecard(self.definitions, |metric| self.own.get(metric).copied(), reading);
        scores.retain(|score| self.only.is_empty() || self.only.iter().any(|id| id == score.metric));
        scores
    }
}
