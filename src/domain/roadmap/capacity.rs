//! How much work each owner role can give to the plan.

use super::{PersonDays, item::Planned};
use crate::provenance::Provenance;
use std::collections::BTreeMap;

/// Days in a month, on average.
pub(super) const MONTH: f64 = 365.25 / 12.0;

/// What one role gives to the plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Days of people per month, all people of the role together.
    pub days_per_month: f64,
    /// How many items it works on at once; the days are shared among them.
    pub parallel_items: u32,
    /// Whether somebody said so or revarch assumed it.
    pub provenance: Provenance,
}

impl Rate {
    /// What is assumed of a role of which nothing was said: half of one person, one item at a time.
    pub const ASSUMED: Self =
        Self { days_per_month: 10.0, parallel_items: 1, provenance: Provenance::Authored };

    /// The calendar days that work takes in one place of the role: at least one.
    pub(super) fn days_for(self, work: f64) -> u32 {
        let per_day = self.days_per_month / f64::from(self.parallel_items) / MONTH;
        let days = (work / per_day).ceil().max(1.0);
        if days >= f64::from(u32::MAX) {
            return u32::MAX;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        let days = days as u32;
        days
    }
}

/// What each role gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// By role, in lower case.
    roles: BTreeMap<String, Rate>,
    /// That of every other role.
    others: Rate,
}

/// Why a capacity cannot be planned with.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CapacityError {
    /// The days are no positive number.
    #[error("{whose} has {days} people-days per month, and a plan needs more than 0 and at most 10000")]
    Days {
        /// The role, or all others.
        whose: String,
        /// The days.
        days: f64,
    },
    /// The places are none or absurdly many.
    #[error("{whose} works on {items} items at once, and a plan needs 1 to 100")]
    Items {
        /// The role, or all others.
        whose: String,
        /// The items.
        items: u32,
    },
    /// The role stands twice.
    #[error("the capacity of {0} is given twice")]
    Twice(String),
}

impl Default for Capacity {
    fn default() -> Self {
        Self { roles: BTreeMap::new(), others: Rate::ASSUMED }
    }
}

impl Capacity {
    /// The capacity that was given, each with the role it is of; without a role it is that of all others.
    pub fn of(given: impl IntoIterator<Item = (Option<String>, Rate)>) -> Result<Self, CapacityError> {
        let mut capacity = Self::default();
        let mut has_others = false;
        for (role, rate) in given {
            let whose = role.clone().unwrap_or_else(|| "every other role".to_owned());
            let Rate { days_per_month: days, parallel_items: items, provenance: _ } = rate;
            if !(days.is_finite() && days > 0.0 && days <= 10_000.0) {
                return Err(CapacityError::Days { whose, days });
            }
            if !(1..=100).contains(&items) {
                return Err(CapacityError::Items { whose, items });
            }
            let is_twice = if let Some(role) = role {
                capacity.roles.insert(key(&role), rate).is_some()
            } else {
                capacity.others = rate;
                std::mem::replace(&mut has_others, true)
            };
            if is_twice {
                return Err(CapacityError::Twice(whose));
            }
        }
        Ok(capacity)
    }

    /// What a role gives.
    pub fn rate(&self, role: &str) -> Rate {
        self.roles.get(&key(role)).copied().unwrap_or(self.others)
    }

    /// The roles that were named, in lower case.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(String::as_str)
    }
}

/// A role as it is looked up: people write it in any case.
pub(super) fn key(role: &str) -> String {
    role.trim().to_lowercase()
}

/// What a role has and what the plan asks of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// The role.
    pub owner_role: String,
    /// What it gives.
    pub rate: Rate,
    /// Days of people it gives until the horizon.
    pub available: f64,
    /// Days of people that its items ask for.
    pub needed: PersonDays,
}

/// The load of each role that owns something, the shortest of days first.
pub(super) fn loads(items: &[Planned], capacity: &Capacity, horizon_days: u32) -> Vec<Load> {
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    for item in items {
        let rate = capacity.rate(&item.owner_role);
        let load = loads.entry(key(&item.owner_role)).or_insert_with(|| Load {
            owner_role: item.owner_role.clone(),
            rate,
            available: rate.days_per_month * f64::from(horizon_days) / MONTH,
            needed: PersonDays { low: 0.0, high: Some(0.0) },
        });
        load.needed = load.needed.and(item.effort);
    }
    let mut loads: Vec<Load> = loads.into_values().collect();
    let share = |load: &Load| load.needed.high.unwrap_or(f64::INFINITY) / load.available;
    loads.sort_by(|one, other| share(other).total_cmp(&share(one)));
    loads
}
