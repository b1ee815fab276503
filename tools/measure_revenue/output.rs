//! The result of `measure_revenue`.

use super::rows::Rows;
use crate::{
    ToolError,
    page::Window,
    wire::{self, Interval, Provenance, one_line},
};
use revarch_domain::{
    metrics::{Claim, Definition, Known, Measured, Missing, Period, Quantity, Reading, Score, Trend},
    value::shown,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Revenue metrics against targets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The periods, the earliest first, in UTC.
    pub periods: Vec<PeriodOut>,
    /// The period that a concise result and the scorecard tell: the last that is over.
    pub period: String,
    /// The metrics that could be worked out; in the detailed form all.
    pub metrics: Vec<MetricOut>,
    /// Metrics that are unknown in `period`, and what each lacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<UnknownOut>,
    /// The guide's eight KPIs, or those of the metrics that were asked for. Their baselines and targets are published
    /// claims.
    pub scorecard: Vec<ScoreOut>,
    /// What `assess_maturity` takes as evidence, under `evidence`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<wire::Measure>,
    /// The sources of deals and how many deals have each, to choose `marketing_sources` from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceOut>,
    /// What the numbers rest on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Pass it as `cursor` to see more metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A period.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeriodOut {
    /// Its name.
    pub name: String,
    /// Its first moment.
    pub from: String,
    /// The first moment after it, or now.
    pub until: String,
    /// Whether it is not over yet.
    pub partial: bool,
}

/// A metric.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MetricOut {
    /// Its id.
    pub metric: String,
    /// The name people read.
    pub title: String,
    /// The segment; absent for all together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// `money`, `money_per_day`, `share` (1 is the whole), `ratio`, `days`, `months` or `points`.
    pub unit: String,
    /// Which way is better: `higher` or `lower`.
    pub better: String,
    /// The formula in words.
    pub formula: String,
    /// Whose formula it is.
    pub formula_from: Provenance,
    /// Its value per period: `period` alone in the concise form.
    pub values: Vec<ValueOut>,
    /// How it went between the last two periods that are over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<TrendOut>,
    /// What published sources say it should be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetOut>,
    /// What to bear in mind, contradictions of the sources above all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
}

/// A value in one period.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ValueOut {
    /// The period.
    pub period: String,
    /// The value; absent where it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its 95% interval, where it is a share of counted things (Wilson).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// What stands above the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<f64>,
    /// What stands below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<f64>,
    /// The weakest ground that any part of it stands on.
    pub provenance: Provenance,
    /// The numbers it was made from, with the rows behind each (detailed).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<InputOut>,
    /// What it lacks, where it is unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
}

/// A number that a metric was made from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InputOut {
    /// What it counts.
    pub what: String,
    /// Its value.
    pub value: f64,
    /// Rows it was counted from; absent where it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The ground it stands on.
    pub provenance: Provenance,
}

/// How a metric went.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrendOut {
    /// The earlier period.
    pub from: String,
    /// The later period.
    pub to: String,
    /// The later value less the earlier.
    pub change: f64,
    /// That as a part of the earlier value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative: Option<f64>,
    /// `better`, `worse`, `steady` (under one in a hundred) or `may_be_chance` (the intervals overlap).
    pub course: String,
}

/// What a published source says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TargetOut {
    /// The claim.
    pub states: String,
    /// Who says so.
    pub source: String,
    /// Always published: a claim, not a truth.
    pub provenance: Provenance,
    /// Whether the value of `period` reaches the least number it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<bool>,
}

/// A metric that is unknown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownOut {
    /// The metrics that lack the same.
    pub metrics: Vec<String>,
    /// What they lack.
    pub lacks: String,
    /// Why, and what would provide it.
    pub why: String,
}

/// One KPI of the scorecard.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScoreOut {
    /// Its name.
    pub kpi: String,
    /// The dimension it stands for.
    pub dimension: String,
    /// The metric it is measured by.
    pub metric: String,
    /// Which way is better.
    pub better: String,
    /// What it is counted in, as `unit` of a metric.
    pub unit: String,
    /// Its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The ground of the value.
    pub provenance: Provenance,
    /// The published baseline, or your own where the target is a change of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// The published target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// The ground of the target: published.
    pub target_provenance: Provenance,
    /// `below_baseline`, `underway`, `at_target` or `unknown`.
    pub standing: String,
    /// How far it has come from baseline to target: 0 at the one, 1 at the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
    /// What to bear in mind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
}

/// A source of deals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SourceOut {
    /// The source, as the data has it.
    pub source: String,
    /// Deals that have it.
    pub deals: u64,
}

pub(super) fn wire(rows: &Rows, detailed: bool, from: usize) -> Result<Output, ToolError> {
    let focus = rows.focus();
    let mut output = Output {
        periods: rows.periods.iter().map(period).collect(),
        period: rows.periods.get(focus).map_or_else(String::new, |period| period.name.clone()),
        metrics: Vec::new(),
        unknown: unknown(rows, focus),
        scorecard: rows.scorecard().into_iter().map(|one| score(rows, one)).collect(),
        measures: rows.workable().map(wire::Measure::of).into_iter().collect(),
        sources: rows
            .facts
            .sources
            .iter()
            .map(|(source, deals)| SourceOut { source: one_line(source, 60), deals: *deals })
            .collect(),
        notes: rows.facts.notes.iter().map(|note| one_line(note, 300)).collect(),
        next_cursor: None,
    };
    let mut metrics = Vec::new();
    for definition in rows.metrics() {
        for segment in &rows.facts.segments {
            let told = |at: usize| value(&rows.periods[at], rows.reading(definition, segment, at), detailed);
            let values: Vec<ValueOut> =
                if detailed { (0..rows.periods.len()).map(told).collect() } else { vec![told(focus)] };
            if values.iter().all(|value| value.value.is_none()) && (!detailed || segment.name.is_some()) {
                continue;
            }
            let reading = rows.reading(definition, segment, focus);
            metrics.push(metric(
                rows,
                definition,
                segment.name.as_deref(),
                values,
                &reading,
                rows.trend(definition, segment),
            ));
        }
    }
    let mut window = Window::beside(&output, from, usize::MAX);
    output.metrics = window.of(metrics);
    window.check("metrics")?;
    output.next_cursor = window.next();
    Ok(output)
}

fn period(period: &Period) -> PeriodOut {
    let Period { name, from, until, is_partial } = period;
    PeriodOut {
        name: name.clone(),
        from: shown(*from, true),
        until: shown(*until, true),
        partial: *is_partial,
    }
}

fn metric(
    rows: &Rows,
    definition: &Definition,
    segment: Option<&str>,
    values: Vec<ValueOut>,
    reading: &Reading,
    trend: Option<Trend>,
) -> MetricOut {
    let Definition {
        id,
        title,
        unit,
        better,
        formula,
        formula_from,
        numerator: _,
        denominator: _,
        counts: _,
        claims,
        cautions,
    } = definition;
    let reached = |claim: &Claim| Some(reading.as_ref().ok()?.value >= claim.least?);
    let source = |word: &String| rows.definitions.sources.get(word).unwrap_or(word).clone();
    let name = |at: usize| rows.periods[at].name.clone();
    let is_whole = segment.is_none();
    MetricOut {
        metric: id.clone(),
        title: title.clone(),
        segment: segment.map(|segment| one_line(segment, 60)),
        unit: unit.name().to_owned(),
        better: better.name().to_owned(),
        formula: formula.clone(),
        formula_from: Provenance::of(*formula_from),
        values,
        trend: trend.map(|Trend { before, last, change, relative, course }| TrendOut {
            from: name(before),
            to: name(last),
            change: rounded(change),
            relative: relative.map(rounded),
            course: course.name().to_owned(),
        }),
        targets: claims
            .iter()
            .filter(|_| is_whole)
            .map(|claim| TargetOut {
                states: claim.states.clone(),
                source: source(&claim.source),
                provenance: Provenance::Published,
                reached: reached(claim),
            })
            .collect(),
        cautions: if is_whole { cautions.clone() } else { Vec::new() },
    }
}

fn value(period: &Period, reading: Reading, detailed: bool) -> ValueOut {
    match reading {
        Ok(Measured { value, interval, numerator, denominator, provenance, inputs }) => ValueOut {
            period: period.name.clone(),
            value: Some(rounded(value)),
            interval: interval
                .map(|interval| Interval { low: rounded(interval.low), high: rounded(interval.high) }),
            numerator: Some(rounded(numerator)),
            denominator: denominator.map(rounded),
            provenance: Provenance::of(provenance),
            inputs: inputs.into_iter().filter(|_| detailed).map(input).collect(),
            lacks: Vec::new(),
        },
        Err(missing) => ValueOut {
            period: period.name.clone(),
            value: None,
            interval: None,
            numerator: None,
            denominator: None,
            provenance: Provenance::Unknown,
            inputs: Vec::new(),
            lacks: missing.into_iter().map(|Missing { what, why }| format!("{what}: {why}")).collect(),
        },
    }
}

fn input((quantity, known): (Quantity, Known)) -> InputOut {
    let Known { value, rows, provenance } = known;
    InputOut {
        what: quantity.name().to_owned(),
        value: rounded(value),
        rows: rows.filter(|_| quantity != Quantity::Months),
        provenance: Provenance::of(provenance),
    }
}

/// The metrics of all together that are unknown in a period, by what they lack.
fn unknown(rows: &Rows, focus: usize) -> Vec<UnknownOut> {
    let mut by: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let Some(whole) = rows.whole() else { return Vec::new() };
    for definition in rows.metrics() {
        for Missing { what, why } in rows.reading(definition, whole, focus).err().into_iter().flatten() {
            by.entry((what, why)).or_default().push(definition.id.clone());
        }
    }
    let mut told: Vec<UnknownOut> =
        by.into_iter().map(|((lacks, why), metrics)| UnknownOut { metrics, lacks, why }).collect();
    told.sort_by_key(|unknown| std::cmp::Reverse(unknown.metrics.len()));
    told
}

fn score(rows: &Rows, score: Score<'_>) -> ScoreOut {
    let Score { kpi, dimension, metric, better, baseline, target, reading, standing, progress, cautions } =
        score;
    let known = reading.as_ref().ok();
    ScoreOut {
        kpi: kpi.to_owned(),
        dimension: dimension.to_owned(),
        metric: metric.to_owned(),
        better: better.name().to_owned(),
        unit: rows
            .definitions
            .metric(metric)
            .map_or_else(String::new, |metric| metric.unit.name().to_owned()),
        value: known.map(|known| rounded(known.value)),
        provenance: known.map_or(Provenance::Unknown, |known| Provenance::of(known.provenance)),
        baseline: baseline.map(rounded),
        target: target.map(rounded),
        target_provenance: Provenance::Published,
        standing: standing.name().to_owned(),
        progress: progress.map(rounded),
        cautions: cautions.to_vec(),
    }
}

/// A number short enough to read: six decimals, which keep shares and sums exact enough to compare.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
