//! Which record of a cluster the others might be merged into: a proposal, never a deed.

use std::{cmp::Reverse, str::FromStr};

/// What speaks for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It changed last.
    Newest,
    /// It has most columns filled.
    MostComplete,
    /// Its table is trusted more.
    TrustedSource,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Newest, Self::MostComplete, Self::TrustedSource];

    /// The rule's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::MostComplete => "most_complete",
            Self::TrustedSource => "trusted_source",
        }
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|rule| rule.name() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.into_iter().map(Self::name).collect();
            format!("no rule of survival `{text}`; rules are {}", known.join(", "))
        })
    }
}

/// A record of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its key, which decides where nothing else does.
    pub key: String,
    /// When it last changed, in microseconds since 1970, where that is known.
    pub updated: Option<i64>,
    /// Columns that are filled.
    pub filled: usize,
    /// The place of its table among those that are trusted, the most trusted first; nothing where it is not among them.
    pub trusted: Option<usize>,
}

/// The record to keep, and the rule that decided; no rule where they are alike in everything.
pub fn survivor(candidates: &[Candidate], rules: &[Rule]) -> Option<(usize, Option<Rule>)> {
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    for rule in rules {
        let merit = |at: usize| {
            let Candidate { updated, filled, trusted, .. } = &candidates[at];
            match rule {
                Rule::Newest => *updated,
                Rule::MostComplete => i64::try_from(*filled).ok(),
                Rule::TrustedSource => {
                    trusted.and_then(|place| i64::try_from(place).ok()).map(|place| -place)
                }
            }
        };
        let best = left.iter().map(|at| merit(*at)).max()?;
        left.retain(|at| merit(*at) == best);
        if let [only] = left[..] {
            return Some((only, Some(*rule)));
        }
    }
    left.into_iter().min_by_key(|at| (&candidates[*at].key, Reverse(*at))).map(|at| (at, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_tells_records_apart_decides() {
        let candidate =
            |key: &str, updated, filled, trusted| Candidate { key: key.to_owned(), updated, filled, trusted };
        let all = [
            candidate("b", Some(5), 3, None),
            candidate("a", Some(5), 3, Some(1)),
            candidate("c", None, 9, Some(0)),
        ];
        let by = |rules: &[Rule]| survivor(&all, rules).unwrap();
        assert_eq!(by(&[Rule::MostComplete]), (2, Some(Rule::MostComplete)));
        assert_eq!(by(&[Rule::TrustedSource]), (2, Some(Rule::TrustedSource)));
        assert_eq!(
            by(&[Rule::Newest, Rule::TrustedSource]),
            (1, Some(Rule::TrustedSource)),
            "unknown is not new"
        );
        assert_eq!(by(&[Rule::Newest]), (1, None), "the key decides");
        assert_eq!(survivor(&[], &Rule::ALL), None);
    }
}
