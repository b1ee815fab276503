//! Limits, and whose they are.

use crate::provenance::Provenance;
use std::cmp::Ordering;

/// Which end of a range a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The lower one.
    Least,
    /// The upper one.
    Most,
}

impl End {
    /// The end's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Least => "minimum",
            Self::Most => "maximum",
        }
    }
}

/// A limit on one category or on several together, in percent of the budget.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    /// The categories, by place.
    pub(super) members: Vec<usize>,
    pub(super) end: End,
    pub(super) at: f64,
    /// Attested where it is the caller's, published where it is a source's.
    pub(super) whose: Provenance,
}

impl Rule {
    /// An order that does not depend on the order in which limits were given.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let Self { members, end, at, whose: _ } = self;
        members.cmp(&other.members).then(end.cmp(&other.end)).then(at.total_cmp(&other.at))
    }
}

/// A published end of a range that a caller's own limit excludes.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    /// The category.
    pub category: String,
    /// Which end of the range.
    pub end: End,
    /// Where the published end lies, in percent.
    pub at: f64,
}

/// The limits of one category, whoever set them.
pub(super) struct Ends {
    pub(super) least: Option<f64>,
    pub(super) most: Option<f64>,
    pub(super) published: Option<(f64, f64)>,
}

impl Ends {
    /// A caller's own end takes the place of the published one, and sets the other published end aside where the
    /// two exclude each other.
    pub(super) fn rules(&self, at: usize, id: &str, rules: &mut Vec<Rule>, set_aside: &mut Vec<SetAside>) {
        let (low, high) = self.published.unzip();
        let is_low_out = low.zip(self.most).is_some_and(|(low, most)| low > most) && self.least.is_none();
        let is_high_out =
            high.zip(self.least).is_some_and(|(high, least)| high < least) && self.most.is_none();
        let mut aside = |end, at: Option<f64>| {
            set_aside.extend(at.map(|at| SetAside { category: id.to_owned(), end, at }));
        };
        if is_low_out {
            aside(End::Least, low);
        }
        if is_high_out {
            aside(End::Most, high);
        }
        let ends = [
            (End::Least, self.least, low.filter(|_| !is_low_out)),
            (End::Most, self.most, high.filter(|_| !is_high_out)),
        ];
        for (end, own, published) in ends {
            let rule = match (own, published) {
                (Some(own), _) => Some((own, Provenance::Attested)),
                (None, Some(published)) => Some((published, Provenance::Published)),
                (None, None) => None,
            };
            rules.extend(rule.map(|(limit, whose)| Rule { members: vec![at], end, at: limit, whose }));
        }
    }
}
