//! The outcome of comparing two records, in one number.

/// Comparisons that a pattern holds at most.
pub const MOST_COMPARISONS: usize = 15;
/// Blocking rules that a pattern holds at most.
pub const MOST_RULES: usize = 16;

const BITS: usize = 3;
const RULES_FROM: usize = 48;

/// The level of every comparison of a pair, and the blocking rules that both records fall under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(u64);

impl Pattern {
    /// The pattern of a number that [`Self::number`] gave.
    pub const fn of(number: u64) -> Self {
        Self(number)
    }

    /// The pattern as a number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The same with a level for one comparison, which has none yet.
    #[must_use]
    pub const fn with(self, comparison: usize, level: u8) -> Self {
        Self(self.0 | (level as u64) << (BITS * comparison))
    }

    /// The same under one more rule.
    #[must_use]
    pub const fn under(self, rule: usize) -> Self {
        Self(self.0 | 1 << (RULES_FROM + rule))
    }

    /// The level of a comparison.
    pub const fn level(self, comparison: usize) -> u8 {
        (self.0 >> (BITS * comparison) & 7) as u8
    }

    /// Whether both records fall under a rule.
    pub const fn is_under(self, rule: usize) -> bool {
        self.0 >> (RULES_FROM + rule) & 1 == 1
    }

    /// The number of rules that both records fall under.
    pub const fn rules(self) -> u32 {
        (self.0 >> RULES_FROM).count_ones()
    }

    /// The first rule that both records fall under: the one that brings the pair forth.
    pub const fn first_rule(self) -> Option<usize> {
        match self.0 >> RULES_FROM {
            0 => None,
            rules => Some(rules.trailing_zeros() as usize),
        }
    }

    /// The levels alone.
    #[must_use]
    pub const fn levels(self) -> Self {
        Self(self.0 & ((1 << RULES_FROM) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        let pattern = Pattern::default().with(0, 5).with(14, 7).with(3, 1).under(2).under(15);
        assert_eq!([0, 3, 14, 1].map(|at| pattern.level(at)), [5, 1, 7, 0]);
        assert_eq!((pattern.first_rule(), pattern.rules()), (Some(2), 2));
        assert!(pattern.is_under(15) && !pattern.is_under(0));
        assert_eq!(pattern.levels().first_rule(), None);
        assert_eq!(Pattern::of(pattern.number()), pattern);
    }
}
