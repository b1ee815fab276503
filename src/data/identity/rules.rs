//! What records have to agree on, as keys to join by.

use super::{
    dictionary::{NOTHING, hash},
    records::Records,
};
use revarch_domain::identity::{
    blocking::{Part, Rule},
    pattern::Pattern,
};

/// A part of the values of a column: the number of each value's part, by the number of the value.
#[derive(Debug)]
struct Parts {
    comparison: usize,
    part: Part,
    numbers: Vec<u64>,
}

/// Keys of rules.
#[derive(Debug)]
pub(super) struct Keys {
    parts: Vec<Parts>,
    /// The parts of each rule, by their place, and whether they are the two halves of a name.
    rules: Vec<(Vec<usize>, bool)>,
}

/// The number of no key.
pub(super) const NO_KEY: u64 = 0;

impl Keys {
    pub(super) fn of(records: &Records, rules: &[Rule]) -> Self {
        let mut parts: Vec<Parts> = Vec::new();
        let rules = rules.iter().map(|rule| {
            let places: Vec<usize> = rule
                .parts
                .iter()
                .map(|(comparison, part)| {
                    let known =
                        parts.iter().position(|one| (one.comparison, one.part) == (*comparison, *part));
                    known.unwrap_or_else(|| {
                        parts.push(Parts::of(records, *comparison, *part));
                        parts.len() - 1
                    })
                })
                .collect();
            let is_name = matches!(rule.parts[..], [(a, first), (b, second)]
                if records.twins[a] == Some(b) && first == second);
            (places, is_name)
        });
        let rules = rules.collect();
        Self { parts, rules }
    }

    /// The key of a record under a rule. The halves of a name make the same key either way round.
    pub(super) fn key(&self, records: &Records, rule: usize, record: usize) -> u64 {
        let (parts, is_name) = &self.rules[rule];
        let mut key = 0x5EED_u64;
        for (at, place) in parts.iter().enumerate() {
            let part = self.parts[*place].number(records, record);
            if part == NO_KEY {
                return NO_KEY;
            }
            let salt = if *is_name { 0 } else { at as u64 + 1 };
            key = key.wrapping_add(
                part.wrapping_add(salt)
                    .wrapping_mul(0xD6E8_FEB8_6659_FD93)
                    .rotate_left(29)
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15),
            );
        }
        key.max(1)
    }

    /// The rules that two records agree on.
    pub(super) fn shared(&self, records: &Records, a: u32, b: u32) -> Pattern {
        let (a, b) = (a as usize, b as usize);
        let agrees = |place: usize| {
            let parts = &self.parts[place];
            let number = parts.number(records, a);
            number != NO_KEY && number == parts.number(records, b)
        };
        let mut met = 0_u64;
        for place in 0..self.parts.len() {
            met |= u64::from(agrees(place)) << place;
        }
        let mut pattern = Pattern::default();
        for (rule, (parts, is_name)) in self.rules.iter().enumerate() {
            let is_met = parts.iter().all(|place| met >> place & 1 == 1)
                || *is_name
                    && self.key(records, rule, a) != NO_KEY
                    && self.key(records, rule, a) == self.key(records, rule, b);
            if is_met {
                pattern = pattern.under(rule);
            }
        }
        pattern
    }
}

impl Parts {
    fn of(records: &Records, comparison: usize, part: Part) -> Self {
        let dictionary = &records.dictionaries[records.columns[comparison].dictionary];
        let number = |value: u32| match part {
            Part::Whole => dictionary.hash_of(value).max(1),
            part => part.of(dictionary.value(value)).map_or(NO_KEY, |part| hash(&part).max(1)),
        };
        let values = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
        let numbers = std::iter::once(NO_KEY).chain((1..=values).map(number)).collect();
        Self { comparison, part, numbers }
    }

    fn number(&self, records: &Records, record: usize) -> u64 {
        let value = records.columns[self.comparison].numbers[record];
        if value == NOTHING { NO_KEY } else { self.numbers[value as usize] }
    }
}
