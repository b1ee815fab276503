//! Journeys without their names and times: which channels, in which order, how often, worth how much.

use std::collections::HashMap;

/// The half-lives that time decay is computed for, as multiples of the one asked for.
pub const HALF_LIVES: [f64; 3] = [1.0, 0.5, 2.0];

/// Where in a journey its milestones lie: the touch before the lead was made and the one before the deal was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks {
    /// The touch that made the lead, counted from 0.
    pub lead: Option<u32>,
    /// The touch that opened the deal.
    pub deal: Option<u32>,
}

/// How the conversions of merged journeys are valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worth {
    /// They ended in nothing.
    Nothing,
    /// They converted, and nobody recorded for how much.
    Unrecorded,
    /// Each is worth so many cents.
    Each(i64),
    /// Only the sum is known.
    Sum,
}

/// Journeys that are alike, merged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Which path they took.
    pub path: u32,
    /// Conversions at its end.
    pub conversions: u64,
    /// Journeys that took it and ended in nothing.
    pub nulls: u64,
    /// What the conversions are worth together.
    pub cents: i64,
    /// Milestones on the way.
    pub marks: Marks,
    worth: Worth,
    decay: Option<usize>,
}

/// Journeys as they are being merged.
#[derive(Clone, Debug, Default)]
pub struct Merging {
    paths: HashMap<Box<[u16]>, u32>,
    rows: HashMap<(u32, Worth, Marks), usize>,
    made: Vec<Row>,
    decay: Vec<[f64; HALF_LIVES.len()]>,
    touches: usize,
}

impl Merging {
    /// Adds journeys along a path. `decay` holds the share of each touch by time decay, where times are known.
    pub fn add(&mut self, path: &[u16], added: Added<'_>) {
        let Added { worth, marks, conversions, nulls, cents, decay } = added;
        let number = self.number(path);
        let row = *self.rows.entry((number, worth, marks)).or_insert_with(|| {
            let begin = decay.map(|shares| {
                let begin = self.decay.len();
                self.decay.resize(begin + shares.len(), [0.0; HALF_LIVES.len()]);
                begin
            });
            self.made.push(Row {
                path: number,
                conversions: 0,
                nulls: 0,
                cents: 0,
                marks,
                worth,
                decay: begin,
            });
            self.made.len() - 1
        });
        let row = &mut self.made[row];
        row.conversions += conversions;
        row.nulls += nulls;
        row.cents = row.cents.saturating_add(cents);
        if let (Some(begin), Some(shares)) = (row.decay, decay) {
            for (sum, share) in self.decay[begin..].iter_mut().zip(shares) {
                sum.iter_mut().zip(share).for_each(|(sum, share)| *sum += share);
            }
        }
    }

    /// What is held in memory: different touches of different paths, and rows. It bounds the memory taken.
    pub fn held(&self) -> usize {
        self.touches + self.decay.len() + self.made.len()
    }

    fn number(&mut self, path: &[u16]) -> u32 {
        if let Some(number) = self.paths.get(path) {
            return *number;
        }
        let number = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
        self.touches += path.len();
        self.paths.insert(path.into(), number);
        number
    }

    /// The merged journeys in the order of their paths, however they came.
    pub fn finish(self) -> Paths {
        let Self { paths, mut made, decay, touches, .. } = self;
        let mut sorted: Vec<(Box<[u16]>, u32)> = paths.into_iter().collect();
        sorted.sort_unstable();
        let mut place = vec![0_u32; sorted.len()];
        let mut merged = Paths { starts: vec![0], touches: Vec::with_capacity(touches), ..Paths::default() };
        for (new, (path, old)) in (0_u32..).zip(sorted) {
            place[old as usize] = new;
            merged.touches.extend_from_slice(&path);
            merged.starts.push(merged.touches.len());
        }
        for row in &mut made {
            row.path = place[row.path as usize];
        }
        made.sort_unstable_by_key(|row| (row.path, row.worth, row.marks));
        Paths { rows: made, decay, ..merged }
    }
}

/// Journeys to add along one path.
#[derive(Clone, Copy, Debug)]
pub struct Added<'a> {
    /// How their conversions are valued.
    pub worth: Worth,
    /// Their milestones.
    pub marks: Marks,
    /// Conversions.
    pub conversions: u64,
    /// Journeys that ended in nothing.
    pub nulls: u64,
    /// What the conversions are worth together.
    pub cents: i64,
    /// The share of each touch by time decay, for each of [`HALF_LIVES`], summed over the conversions.
    pub decay: Option<&'a [[f64; HALF_LIVES.len()]]>,
}

/// Merged journeys in their canonical order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    starts: Vec<usize>,
    touches: Vec<u16>,
    rows: Vec<Row>,
    decay: Vec<[f64; HALF_LIVES.len()]>,
}

impl Paths {
    /// The merged journeys.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many different paths there are.
    pub const fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The channels of a path, in order.
    pub fn path(&self, number: u32) -> &[u16] {
        let at = number as usize;
        &self.touches[self.starts[at]..self.starts[at + 1]]
    }

    /// The path that touches these channels in this order.
    pub(crate) fn find(&self, path: &[u16]) -> Option<u32> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let found = u32::try_from(middle).ok()?;
            match self.path(found).cmp(path) {
                std::cmp::Ordering::Equal => return Some(found),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The share of each touch of a row by time decay, where its times are known.
    pub(crate) fn decay(&self, row: &Row) -> Option<&[[f64; HALF_LIVES.len()]]> {
        let begin = row.decay?;
        self.decay.get(begin..begin + self.path(row.path).len())
    }

    /// Conversions, journeys that ended in nothing, and what the conversions are worth.
    pub fn totals(&self) -> (u64, u64, i64) {
        self.rows.iter().fold((0, 0, 0), |(conversions, nulls, cents), row| {
            (conversions + row.conversions, nulls + row.nulls, i64::saturating_add(cents, row.cents))
        })
    }
}
