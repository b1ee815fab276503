//! The guide's eight KPIs: each held against its published baseline and target.

use super::{
    definition::{Better, Definitions, Kpi},
    evaluate::{Measured, Reading},
};

/// Where a KPI stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It falls short of the published baseline.
    BelowBaseline,
    /// It reaches the baseline and not the target.
    Underway,
    /// It reaches the target.
    AtTarget,
    /// It, or what it is held against, is not known.
    Unknown,
}

impl Standing {
    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BelowBaseline => "below_baseline",
            Self::Underway => "underway",
            Self::AtTarget => "at_target",
            Self::Unknown => "unknown",
        }
    }
}

/// One KPI.
#[derive(Clone, Debug, PartialEq)]
pub struct Score<'a> {
    /// Its name.
    pub kpi: &'a str,
    /// The dimension it stands for.
    pub dimension: &'a str,
    /// The metric it is measured by.
    pub metric: &'a str,
    /// Which way is better.
    pub better: Better,
    /// The baseline: the published one, or the company's own where the target is a change of it.
    pub baseline: Option<f64>,
    /// The published target.
    pub target: Option<f64>,
    /// The metric, or what it lacks.
    pub reading: Reading,
    /// Where it stands.
    pub standing: Standing,
    /// How far it has come from the baseline to the target: 0 at the one, 1 at the other.
    pub progress: Option<f64>,
    /// What to bear in mind.
    pub cautions: &'a [String],
}

/// The scorecard. `own` is the company's own baseline of a metric, `reading` the value of one.
pub fn scorecard(
    definitions: &Definitions,
    own: impl Fn(&str) -> Option<f64>,
    reading: impl Fn(&str) -> Reading,
) -> Vec<Score<'_>> {
    let better = |metric: &str| definitions.metric(metric).map_or(Better::Higher, |metric| metric.better);
    definitions
        .scorecard
        .iter()
        .map(|kpi| score(kpi, better(&kpi.metric), own(&kpi.metric), reading(&kpi.metric)))
        .collect()
}

fn score(kpi: &Kpi, better: Better, own: Option<f64>, reading: Reading) -> Score<'_> {
    let baseline = if kpi.relative { own } else { kpi.baseline };
    let target =
        if kpi.relative { baseline.map(|own| own * (1.0 + kpi.optimised)) } else { Some(kpi.optimised) };
    let (standing, progress) = match (&reading, baseline, target) {
        (Ok(Measured { value, .. }), Some(baseline), Some(target)) => {
            let standing = if better.reaches(*value, target) {
                Standing::AtTarget
            } else if better.reaches(*value, baseline) {
                Standing::Underway
            } else {
                Standing::BelowBaseline
            };
            let way = target - baseline;
            (standing, (way != 0.0).then(|| (value - baseline) / way))
        }
        _ => (Standing::Unknown, None),
    };
    Score {
        kpi: &kpi.kpi,
        dimension: &kpi.dimension,
        metric: &kpi.metric,
        better,
        baseline,
        target,
        reading,
        standing,
        progress,
        cautions: &kpi.cautions,
    }
}
