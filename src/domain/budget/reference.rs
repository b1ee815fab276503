//! Where each category would stand if there were no limits: what a plan keeps near to.

use super::{read::Category, request::RequestError};
use crate::{proportion::Interval, provenance::Provenance};

/// Where a reference comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The caller would like it there.
    Target,
    /// It is what is spent now.
    Current,
    /// It is the middle of the published range.
    Midpoint,
    /// It is an even part of what the other references leave, since nothing else is known.
    Even,
    /// The part is fixed.
    Fixed,
}

impl From {
    /// The origin's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Current => "current_spend",
            Self::Midpoint => "published_midpoint",
            Self::Even => "even_part",
            Self::Fixed => "fixed",
        }
    }

    /// The ground it stands on.
    pub const fn provenance(self) -> Provenance {
        match self {
            Self::Target | Self::Current | Self::Fixed => Provenance::Attested,
            Self::Midpoint => Provenance::Published,
            Self::Even => Provenance::Authored,
        }
    }
}

/// Where a category would stand if there were no limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// In percent of the budget.
    pub percent: f64,
    /// Where that comes from.
    pub from: From,
}

/// The reference of a category before the current spend is looked at.
pub(super) fn known(target: Option<f64>, range: Option<Interval>) -> Reference {
    match (target, range) {
        (Some(percent), _) => Reference { percent, from: From::Target },
        (None, Some(Interval { low, high })) => {
            Reference { percent: f64::midpoint(low, high), from: From::Midpoint }
        }
        (None, None) => Reference { percent: 0.0, from: From::Even },
    }
}

/// Brings the current spend into percent and gives every category its reference.
pub(super) fn complete(categories: &mut [Category], total: Option<f64>) -> Result<(), RequestError> {
    scale_current(categories, total)?;
    for Category { current, fixed, reference, .. } in categories.iter_mut() {
        if let Some(fixed) = fixed {
            *reference = Reference { percent: *fixed, from: From::Fixed };
        } else if let (Some(current), true) = (&current, reference.from != From::Target) {
            *reference = Reference { percent: *current, from: From::Current };
        }
    }
    let (even, held): (Vec<&mut Category>, Vec<&mut Category>) =
        categories.iter_mut().partition(|category| category.reference.from == From::Even);
    let left = 100.0 - held.iter().map(|category| category.reference.percent).sum::<f64>();
    let part = left.max(0.0) / even.len().max(1) as f64;
    for category in even {
        category.reference.percent = part;
    }
    Ok(())
}

/// The current spend as a share of the budget, or of itself where no budget is given.
fn scale_current(categories: &mut [Category], total: Option<f64>) -> Result<(), RequestError> {
    if categories.iter().all(|category| category.current.is_none()) {
        return Ok(());
    }
    let whole = if let Some(total) = total {
        total
    } else {
        let unknown = categories.iter().filter(|category| category.current.is_none());
        let names: Vec<String> = unknown.map(|category| category.id.clone()).collect();
        if !names.is_empty() {
            return Err(RequestError::CurrentUnknown { names });
        }
        categories.iter().filter_map(|category| category.current).sum()
    };
    for category in categories {
        category.current =
            category.current.map(|spent| spent / whole * 100.0).filter(|share| share.is_finite());
    }
    Ok(())
}
