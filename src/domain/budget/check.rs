//! Numbers of a budget held against published ones.

use super::{claim::Claim, money::sane, published::published, request::RequestError};

/// The technology budget by what it buys, in the currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Split {
    /// Platforms that everything rests on.
    pub core_platforms: f64,
    /// Tools for one job.
    pub specialized_tools: f64,
    /// Connecting and running them.
    pub integration_operations: f64,
    /// Trying out what is new.
    pub innovation_testing: f64,
}

/// What is known of spending beside the split by category; each amount in the currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spending {
    /// The technology budget.
    pub technology: Option<f64>,
    /// The whole marketing budget.
    pub marketing: Option<f64>,
    /// The company's revenue.
    pub revenue: Option<f64>,
    /// The technology budget by what it buys.
    pub split: Option<Split>,
    /// Spent on privacy and compliance.
    pub compliance: Option<f64>,
    /// Spent on transforming the architecture.
    pub transformation: Option<f64>,
}

/// Where a number stands to a published range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Below it.
    Below,
    /// In it, or within half a point of a single published number.
    Within,
    /// Above it.
    Above,
}

impl Standing {
    /// The standing's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Within => "within",
            Self::Above => "above",
        }
    }
}

/// A number held against a published one, which says nothing about which of the two is right.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The published number.
    pub claim: &'static Claim,
    /// The budget's own, in percent; nothing where it is not known.
    pub percent: Option<f64>,
    /// Where it stands; nothing where it is not known.
    pub standing: Option<Standing>,
}

/// The checks, each unknown where what it needs is not given. A split that does not add up to the technology
/// budget is refused.
pub fn checks(spending: &Spending) -> Result<Vec<Check>, RequestError> {
    let Spending { technology, marketing, revenue, split, compliance, transformation } = *spending;
    let named = [
        ("the technology budget", technology),
        ("the marketing budget", marketing),
        ("the revenue", revenue),
        ("the spend on compliance", compliance),
        ("the spend on the transformation", transformation),
    ];
    for (what, amount) in named {
        amount.map(|amount| sane(what, amount)).transpose()?;
    }
    let of_marketing = share(technology, marketing);
    let parts = split.map(|split| parts(&split, technology)).transpose()?;
    let part = |at: usize| parts.map(|parts| parts[at]);
    let known = [
        ("technology_share_average", of_marketing),
        ("technology_share_high_performers", of_marketing),
        ("split_core_platforms", part(0)),
        ("split_specialized_tools", part(1)),
        ("split_integration_operations", part(2)),
        ("split_innovation_testing", part(3)),
        ("compliance_share", share(compliance, technology)),
        ("transformation_share", share(transformation, marketing)),
    ];
    let held = known.into_iter().filter_map(|(id, percent)| {
        let claim = published().claim(id)?;
        Some(Check { claim, percent, standing: percent.map(|percent| standing(percent, claim)) })
    });
    Ok(held.collect())
}

/// The technology budget in percent of the revenue, against which nothing has been published here.
pub fn share_of_revenue(spending: &Spending) -> Option<f64> {
    share(spending.technology, spending.revenue)
}

fn share(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    part.zip(whole.filter(|whole| *whole > 0.0)).map(|(part, whole)| part / whole * 100.0)
}

/// The parts of a split in percent of it.
fn parts(split: &Split, technology: Option<f64>) -> Result<[f64; 4], RequestError> {
    let Split { core_platforms, specialized_tools, integration_operations, innovation_testing } = *split;
    let amounts = [core_platforms, specialized_tools, integration_operations, innovation_testing];
    for amount in amounts {
        sane("a part of the split", amount)?;
    }
    let sum: f64 = amounts.iter().sum();
    let is_off = |budget: f64| (sum - budget).abs() > 0.005 * amounts.len() as f64;
    if sum <= 0.0 {
        return Err(RequestError::NoBudget);
    }
    match technology {
        Some(budget) if is_off(budget) => Err(RequestError::SplitSum { sum, budget }),
        _ => Ok(amounts.map(|amount| amount / sum * 100.0)),
    }
}

fn standing(percent: f64, claim: &Claim) -> Standing {
    const ROUNDED: f64 = 0.5;
    let Claim { low, high, .. } = claim;
    let room = if low < high { 0.0 } else { ROUNDED };
    if percent < low - room {
        Standing::Below
    } else if percent > high + room {
        Standing::Above
    } else {
        Standing::Within
    }
}
