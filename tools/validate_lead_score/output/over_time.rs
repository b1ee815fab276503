//! Whether a score keeps what it promises over time.

use crate::{
    score_leads::output::{day, rounded, rounded_interval},
    wire::Interval,
};
use revarch_domain::leads::validate;
use schemars::JsonSchema;
use serde::Serialize;

/// How the score ranked over time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Decay {
    /// Whether the last period ranks worse than the first beyond the interval; absent where too few can be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decays: Option<bool>,
    /// The periods, earliest first.
    pub periods: Vec<Period>,
}

impl Decay {
    pub(super) fn of(found: validate::Decay) -> Self {
        let validate::Decay { periods, decays } = found;
        let period = |period: validate::Period| {
            let validate::Period { from, to, rows, conversions, auc } = period;
            Period {
                from: day(from),
                to: day(to),
                rows,
                conversions,
                auc: auc.map(|auc| rounded(auc.value)),
                interval: auc.map(|auc| rounded_interval(auc.interval)),
            }
        };
        Self { decays, periods: periods.into_iter().map(period).collect() }
    }
}

/// One period.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Period {
    /// Its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Leads.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// How the score ranks them; absent where there are too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    /// Its 95% interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// How far later scores are spread otherwise than earlier ones.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Drift {
    /// `none`: chance explains it; `slight`: it does not, and it is small; `material`: it is large too.
    pub shift: String,
    /// The population stability index, later half against earlier half.
    pub psi: f64,
    /// What chance alone exceeds no more often than the lens allows, for this many leads.
    pub cut_off: f64,
    /// How often chance alone gives as much.
    pub chance: f64,
    /// Bins of equal counts of earlier scores.
    pub bins: u32,
    /// Earlier scores.
    pub earlier: u64,
    /// Later scores.
    pub later: u64,
}

impl Drift {
    pub(super) fn of(found: validate::Drift) -> Self {
        let validate::Drift { psi, cut_off, chance, bins, earlier, later, shift } = found;
        let shift = match shift {
            validate::Shift::None => "none",
            validate::Shift::Slight => "slight",
            validate::Shift::Material => "material",
        };
        Self {
            shift: shift.to_owned(),
            psi: rounded(psi),
            cut_off: rounded(cut_off),
            chance: rounded(chance),
            bins,
            earlier,
            later,
        }
    }
}
