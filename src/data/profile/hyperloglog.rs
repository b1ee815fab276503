//! The number of different values, estimated in a fixed space: the registers of Flajolet et al. 2007, read by the
//! estimator of Ertl 2017 (arXiv:1702.01284, algorithm 6), which is as good for small numbers as for large ones.
//! Estimates merge, which the engine's own, kept for itself, do not.

#![expect(clippy::cast_possible_truncation, reason = "a rank is at most 64; the estimate is a whole number")]

use super::waiting::Waiting;
use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;

/// 2^14 registers: a standard error of 0.8%.
const PRECISION: u32 = 14;
const REGISTERS: usize = 1 << PRECISION;
/// The rank of a hash whose other bits are all nought.
const HIGHEST: usize = 64 - PRECISION as usize + 1;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HyperLogLog {
    registers: Vec<u8>,
    #[serde(skip)]
    waiting: Waiting,
}

impl Default for HyperLogLog {
    fn default() -> Self {
        Self { registers: vec![0; REGISTERS], waiting: Waiting::default() }
    }
}

/// A hash that is the same in every process.
pub(super) fn hash(value: &[u8]) -> u64 {
    mixed(FixedState::with_seed(0).hash_one(value))
}

/// The same of a number.
pub(super) fn hash_number(value: u64) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    mixed(value.wrapping_add(ODD))
}

/// A fast hash leaves traces of its input in its low bits; the estimate looks at all of them (splitmix64).
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

impl HyperLogLog {
    pub(super) fn add(&mut self, hash: u64) {
        if self.waiting.add(hash) {
            self.settle();
        }
    }

    /// Takes in what waits.
    pub(super) fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.drain().for_each(|hash| self.register(hash));
        self.waiting = waiting;
    }

    fn register(&mut self, hash: u64) {
        let register = (hash >> (64 - PRECISION)) as usize;
        let rest = hash << PRECISION;
        let rank = (rest.leading_zeros().min(64 - PRECISION) + 1) as u8;
        let highest = &mut self.registers[register];
        if *highest < rank {
            *highest = rank;
        }
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        other.settle();
        for (mine, theirs) in self.registers.iter_mut().zip(other.registers) {
            *mine = (*mine).max(theirs);
        }
    }

    #[expect(clippy::cast_sign_loss, reason = "the estimate is a count")]
    pub(super) fn count(mut self) -> u64 {
        self.settle();
        let m = REGISTERS as f64;
        let mut of_rank = [0.0; HIGHEST + 1];
        for rank in &self.registers {
            of_rank[usize::from(*rank)] += 1.0;
        }
        let mut z = m * tau(1.0 - of_rank[HIGHEST] / m);
        for registers in of_rank[1..HIGHEST].iter().rev() {
            z = 0.5 * (z + registers);
        }
        z += m * sigma(of_rank[0] / m);
        (m * m / (2.0 * std::f64::consts::LN_2 * z)).round() as u64
    }

    pub(super) fn size(&self) -> usize {
        self.registers.len() + self.waiting.size()
    }
}

/// x + the sum over k of x^(2^k) * 2^(k-1): the part of the registers that no value reached.
fn sigma(mut x: f64) -> f64 {
    let (mut weight, mut sum) = (1.0, x);
    loop {
        x *= x;
        let next = sum + x * weight;
        if next.total_cmp(&sum).is_eq() || next.is_infinite() {
            return next;
        }
        weight += weight;
        sum = next;
    }
}

/// A third of 1 - x - the sum over k of (1 - x^(2^-k))^2 * 2^-k: the part of those that are full.
fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut weight, mut rest) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        weight *= 0.5;
        let next = rest - (1.0 - x).powi(2) * weight;
        if next.total_cmp(&rest).is_eq() {
            return next / 3.0;
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_close_whatever_the_number() {
        for exact in [0, 1, 2, 100, 5_000, 30_000, 41_000, 60_000, 100_000, 400_000] {
            let mut seen = HyperLogLog::default();
            for value in 0..exact {
                seen.add(hash_number(value));
            }
            let count = seen.count();
            assert!(count.abs_diff(exact) * 100 <= exact * 2, "{count} for {exact}");
        }
    }
}
