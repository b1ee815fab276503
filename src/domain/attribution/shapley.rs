//! Shapley values of channels, in two games.
//!
//! Where a set of channels is worth what journeys inside it earned, the value of a channel is known in closed form:
//! each journey's worth, divided equally among its different channels. Where a set is worth the conversion rate of
//! the journeys inside it, every set is looked at while channels are few, and orders of channels are drawn beyond
//! that. In that second game a channel can be worth less than nothing.

use super::{
    credit::{Credit, totals},
    paths::Paths,
    resample::Draw,
};
use crate::leads::random::Random;
use std::collections::BTreeMap;

/// Up to so many channels every set is looked at.
pub(crate) const ENUMERATED: usize = 12;
/// Orders of channels that are drawn beyond that.
const ORDERS: usize = 1_000;

/// The different sets of channels that journeys touch.
pub(crate) struct Sets {
    channels: usize,
    /// The channels that occur at all.
    present: Vec<u16>,
    /// The members of each set, as places in `present`.
    members: Vec<Vec<u16>>,
    of_path: Vec<u32>,
}

impl Sets {
    pub(crate) fn new(paths: &Paths, channels: usize) -> Self {
        let mut place = vec![None; channels];
        for number in 0..u32::try_from(paths.len()).unwrap_or(u32::MAX) {
            paths.path(number).iter().for_each(|channel| place[usize::from(*channel)] = Some(0));
        }
        let present: Vec<u16> =
            (0_u16..).zip(&place).filter(|(_, place)| place.is_some()).map(|(channel, _)| channel).collect();
        for (at, channel) in (0_u16..).zip(&present) {
            place[usize::from(*channel)] = Some(at);
        }
        let mut numbers: BTreeMap<Vec<u16>, u32> = BTreeMap::new();
        let mut of_path = Vec::with_capacity(paths.len());
        for number in 0..u32::try_from(paths.len()).unwrap_or(u32::MAX) {
            let mut set: Vec<u16> =
                paths.path(number).iter().filter_map(|channel| place[usize::from(*channel)]).collect();
            set.sort_unstable();
            set.dedup();
            let new = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            of_path.push(*numbers.entry(set).or_insert(new));
        }
        let mut members = vec![Vec::new(); numbers.len()];
        for (set, number) in numbers {
            members[number as usize] = set;
        }
        Self { channels, present, members, of_path }
    }

    /// The channels that occur.
    pub(crate) const fn present(&self) -> usize {
        self.present.len()
    }

    /// What one draw costs, in additions.
    pub(crate) fn cost(&self) -> f64 {
        let game = if self.present() <= ENUMERATED {
            (1_u64 << self.present()) as f64 * self.present() as f64
        } else {
            ORDERS as f64 * self.members.iter().map(Vec::len).sum::<usize>() as f64
        };
        game + self.of_path.len() as f64
    }

    /// Credit where a set is worth what its journeys earned.
    pub(crate) fn of_sums(&self, paths: &Paths, draw: Draw) -> Credit {
        let mut credit = Credit::none(self.channels);
        for (number, row) in paths.rows().iter().enumerate().filter(|(_, row)| row.conversions > 0) {
            let members = &self.members[self.of_path[row.path as usize] as usize];
            let counted = draw.of(number, row);
            let each = 1.0 / members.len() as f64;
            for place in members {
                credit.give(self.present[usize::from(*place)], each, counted);
            }
        }
        credit
    }

    /// Credit where a set is worth the conversion rate of its journeys, and the greatest standard error of a share
    /// where orders were drawn. All conversions and their value are divided as the rate of all journeys is.
    pub(crate) fn of_rates(&self, paths: &Paths, draw: Draw, seed: u64) -> (Credit, Option<f64>) {
        let mut counts = vec![(0.0, 0.0); self.members.len()];
        for (number, row) in paths.rows().iter().enumerate() {
            let counted = draw.of(number, row);
            let (conversions, all) = &mut counts[self.of_path[row.path as usize] as usize];
            *conversions += counted.conversions;
            *all += counted.conversions + counted.nulls;
        }
        let total = totals(paths, draw);
        let whole = total.conversions / (total.conversions + total.nulls);
        if total.conversions <= 0.0 || self.present() == 0 {
            return (Credit::none(self.channels), None);
        }
        let (values, error) = if self.present() <= ENUMERATED {
            (self.enumerated(&counts), None)
        } else {
            let (values, error) = self.sampled(&counts, seed);
            (values, Some(error / whole))
        };
        let mut shares = vec![0.0; self.channels];
        for (channel, value) in self.present.iter().zip(values) {
            shares[usize::from(*channel)] = value / whole;
        }
        (Credit::of_shares(&shares, total), error)
    }

    fn enumerated(&self, counts: &[(f64, f64)]) -> Vec<f64> {
        let players = self.present();
        let mut inside = vec![(0.0, 0.0); 1 << players];
        for (members, (conversions, all)) in self.members.iter().zip(counts) {
            let set = members.iter().fold(0_usize, |set, place| set | 1 << place);
            inside[set].0 += conversions;
            inside[set].1 += all;
        }
        // What lies in a set is the sum over its subsets, player by player.
        for player in 0..players {
            for set in 0..inside.len() {
                if set & (1 << player) != 0 {
                    let (conversions, all) = inside[set ^ (1 << player)];
                    inside[set].0 += conversions;
                    inside[set].1 += all;
                }
            }
        }
        let rate: Vec<f64> = inside.into_iter().map(rate).collect();
        // The chance that just these came before: s!(n-s-1)!/n!.
        let mut weight = vec![1.0 / players as f64; players];
        for size in 1..players {
            weight[size] = weight[size - 1] * size as f64 / (players - size) as f64;
        }
        let value = |player: usize| {
            let without = (0..rate.len()).filter(|set| set & (1 << player) == 0);
            without.map(|set| weight[set.count_ones() as usize] * (rate[set | 1 << player] - rate[set])).sum()
        };
        (0..players).map(value).collect()
    }

    /// The mean of what each adds to those before it over random orders, and the greatest standard error.
    fn sampled(&self, counts: &[(f64, f64)], seed: u64) -> (Vec<f64>, f64) {
        let players = self.present();
        let mut random = Random::new(seed);
        let mut order: Vec<usize> = (0..players).collect();
        let mut place = vec![0; players];
        let (mut sums, mut squares) = (vec![0.0; players], vec![0.0; players]);
        let mut completed = vec![(0.0, 0.0); players];
        for _ in 0..ORDERS {
            random.shuffle(&mut order);
            order.iter().enumerate().for_each(|(at, player)| place[*player] = at);
            completed.fill((0.0, 0.0));
            for (members, (conversions, all)) in self.members.iter().zip(counts) {
                // A set is inside once the last of its members has come.
                if let Some(last) = members.iter().map(|player| place[usize::from(*player)]).max() {
                    completed[last].0 += conversions;
                    completed[last].1 += all;
                }
            }
            let (mut inside, mut before) = ((0.0, 0.0), 0.0);
            for (player, added) in order.iter().zip(&completed) {
                inside = (inside.0 + added.0, inside.1 + added.1);
                let now = rate(inside);
                sums[*player] += now - before;
                squares[*player] += (now - before).powi(2);
                before = now;
            }
        }
        let drawn = ORDERS as f64;
        let error = |(sum, square): (&f64, &f64)| {
            let mean = sum / drawn;
            ((square / drawn - mean * mean).max(0.0) / (drawn - 1.0)).sqrt()
        };
        let greatest = sums.iter().zip(&squares).map(error).fold(0.0, f64::max);
        (sums.into_iter().map(|sum| sum / drawn).collect(), greatest)
    }
}

fn rate((conversions, all): (f64, f64)) -> f64 {
    if all > 0.0 { conversions / all } else { 0.0 }
}
