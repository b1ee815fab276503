//! Numbers that somebody says, in the place of what tables tell.

use crate::ToolError;
use revarch_data::SegmentFacts;
use revarch_domain::{
    metrics::{Known, Period, Quantity, definitions},
    nearest::nearest,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A number that is said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// What it counts: `sales_cost`, `marketing_spend`, `gross_margin` (0.8 for 80%), `qualified_leads`, `new_customers`,
    /// `customers_start`, `customers_lost`, `customers_end`, `mrr_start`, `mrr_end`, `expansion`, `contraction`,
    /// `churned`, `complete_profiles`, `dynamic_content`, `stack_utilisation` (shares), `net_promoter_score`,
    /// `conversion_lift`, or any other input that a detailed result shows.
    pub what: String,
    /// Its value.
    pub value: f64,
    /// The period it is of, as results name them, such as 2026-Q1. Needed where several are told, except for margins,
    /// shares and scores, which then hold for all.
    pub period: Option<String>,
}

/// The company's own baseline of a metric.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The metric, such as `cost_per_lead`.
    pub metric: String,
    /// Its value before.
    pub value: f64,
}

pub(super) fn baselines(said: &[Baseline]) -> Result<BTreeMap<String, f64>, ToolError> {
    let mut own = BTreeMap::new();
    for Baseline { metric, value } in said {
        if definitions().metric(metric).is_none() {
            let near = nearest(metric, definitions().metrics.iter().map(|metric| metric.id.as_str()));
            let hint = near.first().map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            return Err(
                ToolError::input(format!("there is no metric `{metric}` to have a baseline")).hint(hint)
            );
        }
        if !value.is_finite() || *value <= 0.0 {
            return Err(ToolError::input(format!("the baseline of `{metric}` is {value}"))
                .hint("a baseline is a number above 0"));
        }
        own.insert(metric.clone(), *value);
    }
    Ok(own)
}

/// Puts what was said beside what was counted, in the whole; margins hold for every segment too.
pub(super) fn put(
    said: &[Given],
    periods: &[Period],
    segments: &mut [SegmentFacts],
) -> Result<(), ToolError> {
    for Given { what, value, period } in said {
        let quantity = quantity(what)?;
        check(quantity, *value)?;
        let is_level = quantity.is_share() || quantity.may_be_negative();
        let at: Vec<usize> = match period {
            Some(name) => {
                let known =
                    || periods.iter().map(|period| period.name.as_str()).collect::<Vec<_>>().join(", ");
                let at = periods.iter().position(|period| period.name == *name).ok_or_else(|| {
                    ToolError::input(format!(
                        "`{what}` is given for `{name}`, which is no period of this answer"
                    ))
                    .hint(format!("periods are: {}", known()))
                })?;
                vec![at]
            }
            None if is_level || periods.len() == 1 => (0..periods.len()).collect(),
            None => {
                return Err(ToolError::input(format!("`{what}` is given without saying for which period"))
                    .hint(format!("add `period`, such as {}", periods[periods.len() - 1].name)));
            }
        };
        for segment in segments.iter_mut().filter(|segment| segment.name.is_none() || is_level) {
            for at in &at {
                segment.periods[*at].put(quantity, Ok(Known::said(*value)));
            }
        }
    }
    Ok(())
}

fn quantity(what: &str) -> Result<Quantity, ToolError> {
    Quantity::ALL.into_iter().find(|known| known.name() == what && *known != Quantity::Months).ok_or_else(
        || {
            let known = Quantity::ALL.map(Quantity::name);
            let mut error = ToolError::input(format!("nothing is made from a number called `{what}`"));
            if let Some(near) = nearest(what, known).first() {
                error = error.hint(format!("did you mean `{near}`?"));
            }
            error.hint(format!("numbers are: {}", known.join(", ")))
        },
    )
}

fn check(quantity: Quantity, value: f64) -> Result<(), ToolError> {
    let name = quantity.name();
    let refuse = |why: &str| Err(ToolError::input(format!("`{name}` is given as {value}")).hint(why));
    if !value.is_finite() {
        return refuse("give a finite number");
    }
    if quantity.is_share() && value > 1.0 {
        return refuse("it is a share: write 0.8 for 80%");
    }
    if value < 0.0 && !quantity.may_be_negative() {
        return refuse("it cannot be below 0");
    }
    Ok(())
}
