//! Comparing two records.

use super::{dictionary::NOTHING, records::Records, rules::Keys};
use revarch_domain::identity::{
    kind::Kind,
    likeness::{UNKNOWN, level, of_namesakes, same, swapped},
    model::Model,
    pattern::{MOST_COMPARISONS, Pattern},
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Compares records by number. What was found of two values is remembered for a while, so that names that meet
/// again and again are compared once.
pub(super) struct Comparer {
    pub(super) records: Arc<Records>,
    keys: Keys,
    across_only: bool,
    idle: Mutex<Vec<Memory>>,
    compared: AtomicU64,
}

impl std::fmt::Debug for Comparer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparer").field("records", &self.records.len()).finish_non_exhaustive()
    }
}

/// The levels of values that were compared last, by comparison.
pub(super) struct Memory(Vec<Vec<(u32, u32, u8)>>);

/// Pairs of values remembered of each comparison; a power of two.
const REMEMBERED: usize = 1 << 13;

impl Comparer {
    pub(super) fn new(records: Arc<Records>, keys: Keys, across_only: bool) -> Self {
        Self { records, keys, across_only, idle: Mutex::default(), compared: AtomicU64::new(0) }
    }

    /// The key of a record under a rule.
    pub(super) fn key(&self, rule: usize, record: usize) -> u64 {
        self.keys.key(&self.records, rule, record)
    }

    /// Pairs compared since this was last asked.
    pub(super) fn compared(&self) -> u64 {
        self.compared.swap(0, Ordering::Relaxed)
    }

    /// Memory to compare with; it is handed back when a batch is done.
    pub(super) fn memory(&self) -> Memory {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| {
            Memory(vec![vec![(NOTHING, NOTHING, UNKNOWN); REMEMBERED]; self.records.columns.len()])
        })
    }

    pub(super) fn give_back(&self, memory: Memory, compared: u64) {
        self.compared.fetch_add(compared, Ordering::Relaxed);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }

    /// The pattern of two records that a rule brought together; nothing where an earlier rule brings them too.
    pub(super) fn pattern(&self, rule: usize, a: u32, b: u32, memory: &mut Memory) -> Option<Pattern> {
        if self.across_only && self.records.table_of(a) == self.records.table_of(b) {
            return None;
        }
        let rules = self.keys.shared(&self.records, a, b);
        if rules.first_rule() != Some(rule) {
            return None;
        }
        let mut levels = [UNKNOWN; MOST_COMPARISONS];
        for (comparison, level) in levels.iter_mut().enumerate().take(self.records.columns.len()) {
            *level = self.level(comparison, a, b, memory);
        }
        self.mind_namesakes(&mut levels, a);
        Some(levels.into_iter().enumerate().fold(rules, |pattern, (at, level)| pattern.with(at, level)))
    }

    /// Where two records have the same name, addresses count for what they say beside it.
    fn mind_namesakes(&self, levels: &mut [u8], a: u32) {
        let kinds = || self.records.comparisons().iter().map(|one| one.kind).enumerate();
        let names = || kinds().filter(|(_, kind)| kind.is_name());
        // One below the same are the same words in another order.
        if names().next().is_none() || names().any(|(at, kind)| levels[at] + 1 < same(kind)) {
            return;
        }
        for (at, _) in kinds().filter(|(_, kind)| *kind == Kind::Email) {
            let Some(email) = self.records.value(at, a) else { continue };
            let name = names().filter_map(|(name, _)| self.records.value(name, a));
            levels[at] = name.fold(levels[at], |level, name| of_namesakes(level, email, name));
        }
    }

    fn level(&self, comparison: usize, a: u32, b: u32, memory: &mut Memory) -> u8 {
        let Records { columns, dictionaries, twins, .. } = self.records.as_ref();
        let column = &columns[comparison];
        let (first, second) = (column.numbers[a as usize], column.numbers[b as usize]);
        if first == NOTHING || second == NOTHING {
            return UNKNOWN;
        }
        let kind = self.records.comparisons()[comparison].kind;
        if first == second {
            return same(kind);
        }
        if let (Some(twin), Some(swapped)) = (twins[comparison], swapped(kind)) {
            let other = &columns[twin].numbers;
            if other[b as usize] == first && other[a as usize] == second {
                return swapped;
            }
        }
        let (low, high) = (first.min(second), first.max(second));
        let place = (u64::from(low) << 32 | u64::from(high)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 51;
        let known = &mut memory.0[comparison][usize::try_from(place).unwrap_or(0) & (REMEMBERED - 1)];
        if (known.0, known.1) != (low, high) {
            let dictionary = &dictionaries[column.dictionary];
            *known = (low, high, level(kind, dictionary.value(low), dictionary.value(high)));
        }
        known.2
    }
}

/// A model made ready to weigh millions of pairs.
#[derive(Debug)]
pub(super) struct Scale {
    weights: Vec<[f64; 8]>,
    same: Vec<u8>,
    /// The weight of the rarity of a value that one record alone has, by comparison.
    rarest: Vec<f64>,
    prior: f64,
}

impl Scale {
    pub(super) fn of(model: &Model, records: &Records) -> Self {
        let weights = model.weighed.iter().map(|one| {
            let mut weights = [0.0; 8];
            for level in 1..=one.same() {
                weights[usize::from(level)] = one.weight(level);
            }
            weights
        });
        let all = |comparison: usize| records.with_value(comparison).max(1) as f64;
        Self {
            weights: weights.collect(),
            same: model.weighed.iter().map(revarch_domain::identity::model::Weighed::same).collect(),
            rarest: (0..model.weighed.len()).map(|one| model.rarity(one, 1.0 / all(one))).collect(),
            prior: model.prior_weight(),
        }
    }

    /// The match weight of a pair.
    pub(super) fn weigh(&self, records: &Records, pattern: Pattern, a: u32) -> f64 {
        let mut weight = self.prior;
        for (comparison, weights) in self.weights.iter().enumerate() {
            let level = pattern.level(comparison);
            weight += weights[usize::from(level)];
            if level == self.same[comparison] {
                weight += self.rarest[comparison] - records.count_bits(comparison, a);
            }
        }
        weight
    }
}
