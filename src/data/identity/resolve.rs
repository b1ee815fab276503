//! From records to pairs that may match.

use super::{
    ask::{MatchAsk, Matched, Pair, Used},
    compare::{Comparer, Scale},
    pairs::{CROWD, Joiner, Load},
    records::Records,
    rules::Keys,
};
use crate::{DataError, Run, Tables};
use revarch_domain::identity::{
    blocking::{Choice, Counted, EVERYBODY, candidates, choose},
    cluster::Edge,
    pattern::{MOST_RULES, Pattern},
    train::{Sample, Trained, chances, train},
};
use std::{collections::BTreeMap, sync::Arc};

/// With no more pairs than these, everybody is compared with everybody.
const FEW_PAIRS: f64 = 600_000.0;
/// Records on which rules are counted; of more, a part stands for all.
const COUNTED: usize = 150_000;
/// Pairs of a rule from which weights are learnt; of more, a part stands for all.
const LEARNT: f64 = 300_000.0;

impl Tables {
    /// The pairs of records that may be the same.
    pub async fn matched(&self, ask: &MatchAsk, run: &Run) -> Result<Matched, DataError> {
        let records = Arc::new(self.records(ask, run).await?);
        let all = records.len() as f64;
        let pairs = all * (all - 1.0) / 2.0;
        let joiner = Joiner::new(self.context());
        let Choice { mut used, costly } = rules(&joiner, &records, ask, run).await?;
        used.truncate(MOST_RULES - 1);
        if (1.0..=FEW_PAIRS).contains(&pairs) {
            used.push(Counted { rule: EVERYBODY, pairs, crowded: 0, crowd: 0 });
        }
        let rules: Vec<_> = used.iter().map(|one| one.rule.clone()).collect();
        let comparer =
            Arc::new(Comparer::new(Arc::clone(&records), Keys::of(&records, &rules), ask.across_only));
        let steps = 2 * rules.len() as u64;
        let mut patterns: BTreeMap<Pattern, f64> = BTreeMap::new();
        for (at, one) in used.iter_mut().enumerate() {
            run.progress(at as u64, Some(steps), "learning what agreement is worth");
            let load = put(&joiner, &comparer, at, 1, crowd(one), run).await?;
            Load { pairs: one.pairs, crowded: one.crowded, crowd: one.crowd } = load;
            let step = part(one.pairs, LEARNT);
            if step > 1 {
                put(&joiner, &comparer, at, step, crowd(one), run).await?;
            }
            joiner.shared_only(crowd(one), run).await?;
            for (pattern, count) in joiner.patterns(&comparer, at, run).await? {
                *patterns.entry(pattern).or_default() += count as f64 * step as f64;
            }
        }
        let trained = trained(ask, &records, &rules, patterns, possible(&records, ask.across_only)).await?;
        let least = (Arc::new(Scale::of(&trained.model, &records)), ask.floor());
        comparer.compared();
        let mut found = Vec::new();
        for (at, one) in used.iter().enumerate() {
            run.progress((rules.len() + at) as u64, Some(steps), "comparing records");
            put(&joiner, &comparer, at, 1, crowd(one), run).await?;
            joiner.shared_only(crowd(one), run).await?;
            let rows = joiner.matches(&comparer, at, least.clone(), run).await?;
            found.extend(rows.into_iter().map(|(a, b, pattern)| {
                let weight = least.0.weigh(&records, pattern, a);
                Pair { edge: Edge { a, b, weight }, pattern }
            }));
        }
        let pairs_compared = comparer.compared();
        sort(&mut found, &records);
        let told =
            |one: Counted| Used { rule: one.rule, pairs: one.pairs, crowded: one.crowded, crowd: one.crowd };
        let used = used.into_iter().map(told).collect();
        let costly = costly.into_iter().map(told).collect();
        Ok(Matched { records, trained, used, costly, compared: pairs_compared, pairs: found })
    }
}

/// The pairs that may match at all.
fn possible(records: &Records, across_only: bool) -> f64 {
    let among = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
    let within: f64 = records.tables().map(|(_, count)| among(count)).sum();
    among(records.len()) - if across_only { within } else { 0.0 }
}

/// The records that may share a key under a rule.
fn crowd(rule: &Counted) -> u64 {
    if rule.rule == EVERYBODY { u64::MAX } else { CROWD }
}

/// Of so many, each how-manyth comes to about as many as are wanted.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of pairs over a count of pairs"
)]
fn part(all: f64, wanted: f64) -> u64 {
    (all / wanted).ceil().max(1.0) as u64
}

/// Puts the keys of a rule where they can be joined, of each how-manyth key, and counts what they would make.
async fn put(
    joiner: &Joiner,
    comparer: &Comparer,
    rule: usize,
    step: u64,
    crowd: u64,
    run: &Run,
) -> Result<Load, DataError> {
    let records = u32::try_from(comparer.records.len()).unwrap_or(u32::MAX);
    let keys = (0..records).map(|record| (record, comparer.key(rule, record as usize)));
    joiner.put(keys.filter(|(_, key)| (key >> 9) % step == 0))?;
    joiner.load(crowd, run).await
}

/// Decides which rules are used, by what each would make.
async fn rules(joiner: &Joiner, records: &Records, ask: &MatchAsk, run: &Run) -> Result<Choice, DataError> {
    let candidates = candidates(records.comparisons());
    let keys = Keys::of(records, &candidates);
    let step = part(records.len() as f64, COUNTED as f64);
    let chosen: Vec<u32> = (0..records.len())
        .filter(|record| step == 1 || records.hash(*record).is_multiple_of(step))
        .filter_map(|record| u32::try_from(record).ok())
        .collect();
    let steps = candidates.len() as u64;
    let mut counted = Vec::new();
    for (at, rule) in candidates.into_iter().enumerate() {
        run.progress(at as u64, Some(steps), "counting what blocking rules would make");
        joiner.put(chosen.iter().map(|record| (*record, keys.key(records, at, *record as usize))))?;
        let Load { pairs, crowded, crowd } = joiner.load((CROWD / step).max(10), run).await?;
        let times = step as f64;
        counted.push(Counted { rule, pairs: pairs * times * times, crowded, crowd: crowd * step });
    }
    let budget = (ask.pairs_per_record * records.len() as f64).max(FEW_PAIRS);
    Ok(choose(counted, budget))
}

/// Learns the weights, off the threads that answer others.
async fn trained(
    ask: &MatchAsk,
    records: &Arc<Records>,
    rules: &[revarch_domain::identity::blocking::Rule],
    patterns: BTreeMap<Pattern, f64>,
    pairs: f64,
) -> Result<Trained, DataError> {
    let (records, rules, seed) = (Arc::clone(records), rules.to_vec(), ask.seed);
    let work = tokio::task::spawn_blocking(move || {
        let comparisons = records.comparisons().to_vec();
        let chances =
            comparisons.iter().enumerate().map(|(at, one)| chances(one.kind, &records.values(at), seed));
        let chances = chances.collect();
        let patterns = patterns.into_iter().collect();
        train(&Sample { comparisons: &comparisons, chances, rules: &rules, patterns, pairs })
    });
    work.await
        .map_err(|error| DataError::Engine(datafusion::error::DataFusionError::External(Box::new(error))))
}

/// The surest first; of equally sure ones by name, so that the order of the records decides nothing.
fn sort(pairs: &mut [Pair], records: &Records) {
    for Pair { edge, .. } in pairs.iter_mut() {
        let name = |record: u32| (records.table_of(record), records.id(record));
        if name(edge.a) > name(edge.b) {
            std::mem::swap(&mut edge.a, &mut edge.b);
        }
    }
    let name = |record: u32| (records.table_of(record), records.id(record));
    pairs.sort_unstable_by(|one, other| {
        let (one, other) = (one.edge, other.edge);
        other
            .weight
            .total_cmp(&one.weight)
            .then_with(|| (name(one.a), name(one.b)).cmp(&(name(other.a), name(other.b))))
    });
}
