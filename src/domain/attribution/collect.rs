//! Many timelines made into merged journeys, with a count of everything that had to be left out.

use super::{
    journey::{Conversion, Journey, Terms, Timeline, Untouched},
    paths::{Added, HALF_LIVES, Marks, Merging, Paths, Worth},
};
use crate::leads::random::Random;
use std::collections::BTreeMap;

/// A journey of more touches than this is more likely a machine, or a key that many share, than one person.
pub const LONG: usize = 1_000;

/// Conversions and what they are worth together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Conversions.
    pub conversions: u64,
    /// What those with a recorded value are worth.
    pub cents: i64,
}

impl Sum {
    /// Adds conversions.
    pub const fn add(&mut self, conversions: u64, cents: i64) {
        self.conversions += conversions;
        self.cents = self.cents.saturating_add(cents);
    }
}

/// What was counted while journeys were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Conversions that touches preceded.
    pub touched: Sum,
    /// Conversions that none preceded, by the reason.
    pub untouched: BTreeMap<Untouched, Sum>,
    /// Conversions after the first of the same person or account, where only the first counts.
    pub repeated: Sum,
    /// Journeys that ended in nothing.
    pub nulls: u64,
    /// Of these, journeys so young that a conversion may still follow.
    pub open: u64,
    /// Conversions without a recorded value.
    pub unvalued: u64,
    /// Conversions worth less than nothing.
    pub negative: Sum,
    /// Conversions worth exactly nothing.
    pub zero: u64,
    /// The touches of the longest journey.
    pub longest: usize,
    /// Journeys of more than [`LONG`] touches.
    pub long: u64,
    /// Touches at the same moment as another of the same person or account by another channel, put in the order of
    /// names.
    pub ties: u64,
}

impl Counts {
    /// Conversions that no touch preceded.
    pub fn untouched(&self) -> Sum {
        let mut sum = Sum::default();
        self.untouched.values().for_each(|one| sum.add(one.conversions, one.cents));
        sum
    }
}

/// Collects journeys on one set of terms.
#[derive(Clone, Debug)]
pub struct Collector {
    terms: Terms,
    merging: Merging,
    counts: Counts,
    path: Vec<u16>,
    decay: Vec<[f64; HALF_LIVES.len()]>,
}

impl Collector {
    /// An empty collection.
    pub fn new(terms: Terms) -> Self {
        let (merging, counts) = (Merging::default(), Counts::default());
        Self { terms, merging, counts, path: Vec::new(), decay: Vec::new() }
    }

    /// Adds what one person or account did.
    pub fn add(&mut self, timeline: &mut Timeline) {
        let Self { terms, merging, counts, path, decay } = self;
        timeline.journeys(terms, |journey| match journey {
            Journey::Converted { touches, conversion, marks } => {
                path.clear();
                path.extend(touches.iter().map(|touch| touch.channel));
                let ages = touches.iter().map(|touch| conversion.at - touch.at);
                shares(ages, terms.half_life, decay);
                counts.length(path.len());
                counts.value(conversion);
                let cents = conversion.cents.unwrap_or(0);
                counts.touched.add(1, cents);
                let worth = conversion.cents.map_or(Worth::Unrecorded, Worth::Each);
                let decay = Some(decay.as_slice());
                merging.add(path, Added { worth, marks, conversions: 1, nulls: 0, cents, decay });
            }
            Journey::Untouched { conversion, reason } => {
                counts.value(conversion);
                counts.untouched.entry(reason).or_default().add(1, conversion.cents.unwrap_or(0));
            }
            Journey::Null { touches, open } => {
                path.clear();
                path.extend(touches.iter().map(|touch| touch.channel));
                counts.length(path.len());
                counts.nulls += 1;
                counts.open += u64::from(open);
                merging.add(path, NULL);
            }
            Journey::Repeated(conversion) => counts.repeated.add(1, conversion.cents.unwrap_or(0)),
        });
        // In the order of time by now.
        let tied = timeline.touches.windows(2);
        let tied = tied.filter(|pair| pair[0].at == pair[1].at && pair[0].channel != pair[1].channel);
        self.counts.ties += tied.count() as u64;
    }

    /// Adds what one person or account did, as it would look had this share of the touches lost their owner: each
    /// of them then is the whole journey of somebody nobody knows.
    pub fn add_losing(&mut self, timeline: &Timeline, share: f64, seed: u64) {
        let mut left = Timeline { touches: Vec::new(), ..timeline.clone() };
        let mut touches = timeline.touches.clone();
        // In the order of time, so that the order of rows decides nothing.
        touches.sort_unstable();
        let mut random = Random::new(seed);
        random.next();
        for touch in touches {
            if random.unit() < share {
                self.counts.nulls += 1;
                self.merging.add(&[touch.channel], NULL);
            } else {
                left.touches.push(touch);
            }
        }
        if !left.touches.is_empty() || !left.conversions.is_empty() {
            self.add(&mut left);
        }
    }

    /// Adds a conversion that names nobody.
    pub fn add_keyless(&mut self, conversion: Conversion) {
        if self.terms.since.is_none_or(|since| conversion.at >= since) {
            self.counts.value(conversion);
            let cents = conversion.cents.unwrap_or(0);
            self.counts.untouched.entry(Untouched::NoKey).or_default().add(1, cents);
        }
    }

    /// Adds journeys that somebody else made and merged.
    pub fn add_made(&mut self, path: &[u16], marks: Marks, conversions: u64, cents: Option<i64>, nulls: u64) {
        let (touched, value) = (conversions, cents.unwrap_or(0));
        if path.is_empty() {
            if conversions > 0 {
                self.counts.untouched.entry(Untouched::NeverTouched).or_default().add(touched, value);
            }
            return;
        }
        self.counts.length(path.len());
        self.counts.touched.add(touched, value);
        self.counts.nulls += nulls;
        if cents.is_none() {
            self.counts.unvalued += conversions;
        }
        if value < 0 {
            self.counts.negative.add(conversions, value);
        }
        if conversions > 0 {
            let worth = if cents.is_some() { Worth::Sum } else { Worth::Unrecorded };
            self.merging.add(path, Added { worth, marks, conversions, nulls: 0, cents: value, decay: None });
        }
        if nulls > 0 {
            self.merging.add(path, Added { nulls, ..NULL });
        }
    }

    /// What is held in memory, in touches and journeys.
    pub fn held(&self) -> usize {
        self.merging.held()
    }

    /// The journeys, merged, and what was counted.
    pub fn finish(self) -> Collected {
        Collected { paths: self.merging.finish(), counts: self.counts }
    }
}

/// A journey that ended in nothing.
const NULL: Added<'static> = Added {
    worth: Worth::Nothing,
    marks: Marks { lead: None, deal: None },
    conversions: 0,
    nulls: 1,
    cents: 0,
    decay: None,
};

/// Journeys, merged, and what was counted while they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// The journeys.
    pub paths: Paths,
    /// The counts.
    pub counts: Counts,
}

impl Counts {
    fn length(&mut self, touches: usize) {
        self.longest = self.longest.max(touches);
        self.long += u64::from(touches > LONG);
    }

    fn value(&mut self, conversion: Conversion) {
        match conversion.cents {
            None => self.unvalued += 1,
            Some(0) => self.zero += 1,
            Some(cents) if cents < 0 => self.negative.add(1, cents),
            Some(_) => {}
        }
    }
}

/// The share of each touch by time decay, for each half-life. Ages are taken from the youngest touch, so that no
/// weight vanishes however old they all are.
fn shares(
    ages: impl DoubleEndedIterator<Item = i64> + ExactSizeIterator,
    half_life: f64,
    shares: &mut Vec<[f64; HALF_LIVES.len()]>,
) {
    shares.clear();
    let mut youngest = None;
    let mut sums = [0.0; HALF_LIVES.len()];
    for age in ages.rev() {
        let age = (age - *youngest.get_or_insert(age)) as f64;
        let weights = HALF_LIVES.map(|times| (-age / (half_life * times)).exp2());
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        shares.push(weights);
    }
    shares.reverse();
    for share in shares {
        share.iter_mut().zip(sums).for_each(|(share, sum)| *share /= sum);
    }
}
