//! The stays of deals in open stages, from their entries.

use super::facts::{Basis, Entry, Facts, StageKind};
use crate::value::MICROS_PER_DAY;

/// How a stay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The deal was won.
    Won,
    /// The deal was lost.
    Lost,
    /// The deal went to another open stage, forward or back.
    Moved,
}

impl Exit {
    /// Every way out.
    pub const ALL: [Self; 3] = [Self::Won, Self::Lost, Self::Moved];
}

/// The time a deal spent in an open stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stay {
    /// The deal, by its place in the facts.
    pub deal: usize,
    /// The stage, by its place in the facts.
    pub stage: usize,
    /// When it began.
    pub from: i64,
    /// When and how it ended; none while it lasts. A closing of which nobody said how it went ends it without a way.
    pub end: Option<(i64, Option<Exit>)>,
}

impl Stay {
    /// How many days it lasted until a time, and how it had ended by then.
    pub fn by(&self, time: i64) -> (f64, Option<Exit>) {
        let (until, exit) = match self.end {
            Some((at, exit)) if at <= time => (at, exit),
            _ => (time, None),
        };
        ((until - self.from).max(0) as f64 / MICROS_PER_DAY as f64, exit)
    }

    /// Whether it lasts at a time.
    pub fn lasts_at(&self, time: i64) -> bool {
        self.from <= time && self.end.is_none_or(|(at, _)| at > time)
    }
}

/// The stays that were seen to begin, and what was left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stays {
    /// The stays, by deal and time.
    pub seen: Vec<Stay>,
    /// Stays that began before the history does: those of them that ended early are missing from it.
    pub began_unseen: u64,
    /// Entries after now, which cannot have taken place.
    pub in_future: u64,
    /// Entries that another entry of the same deal replaced at the same moment.
    pub replaced: u64,
    /// Deals that were closed and then open again.
    pub reopened: u64,
    /// Deals whose present stage is not the last in their history: nobody knows since when they are in it.
    pub out_of_step: u64,
}

impl Stays {
    /// The stays that the facts tell of.
    pub fn of(facts: &Facts, now: i64) -> Self {
        let mut stays = Self::default();
        let mut entries = facts.entries.clone();
        // Of entries at the same moment the closing one is the last.
        let rank = |entry: &Entry| facts.stages[entry.stage].kind != StageKind::Open;
        entries.sort_by_key(|entry| (entry.deal, entry.at, rank(entry), entry.stage));
        for of_deal in entries.chunk_by(|one, other| one.deal == other.deal) {
            stays.add(facts, of_deal, now);
        }
        stays
    }

    fn add(&mut self, facts: &Facts, entries: &[Entry], now: i64) {
        let mut path: Vec<Entry> = Vec::new();
        for entry in entries {
            if entry.at > now {
                self.in_future += 1;
            } else if path.last().is_some_and(|last| last.at == entry.at && last.stage != entry.stage) {
                self.replaced += 1;
                path.pop();
                path.push(*entry);
            } else if path.last().is_none_or(|last| last.stage != entry.stage) {
                path.push(*entry);
            }
        }
        let Some(last) = path.last() else { return };
        let kind = |stage: usize| facts.stages[stage].kind;
        if path
            .windows(2)
            .any(|two| kind(two[0].stage) != StageKind::Open && kind(two[1].stage) == StageKind::Open)
        {
            self.reopened += 1;
        }
        let deal = &facts.deals[last.deal];
        // What a deal's own record says of its stage is newer than its history.
        let is_out_of_step = deal.stage.is_some_and(|stage| stage != last.stage)
            && matches!(facts.basis, Basis::StageHistory { .. });
        self.out_of_step += u64::from(is_out_of_step);
        for (at, entry) in path.iter().enumerate() {
            if kind(entry.stage) != StageKind::Open {
                continue;
            }
            if at == 0 && is_unseen(facts, entry) {
                self.began_unseen += 1;
                continue;
            }
            let next = path.get(at + 1);
            if next.is_none() && is_out_of_step {
                continue;
            }
            let end = next.map(|next| {
                let exit = match kind(next.stage) {
                    StageKind::Won => Some(Exit::Won),
                    StageKind::Lost => Some(Exit::Lost),
                    StageKind::Open => Some(Exit::Moved),
                    StageKind::Closed => None,
                };
                (next.at, exit)
            });
            self.seen.push(Stay { deal: entry.deal, stage: entry.stage, from: entry.at, end });
        }
    }
}

/// Whether a deal's first entry is only where its history begins: the deal is older than the history.
fn is_unseen(facts: &Facts, first: &Entry) -> bool {
    let Basis::StageHistory { starts } = facts.basis else { return false };
    let created = facts.deals[first.deal].created;
    created.is_some_and(|created| created < starts - MICROS_PER_DAY && first.at - created > MICROS_PER_DAY)
}
