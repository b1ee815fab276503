//! The number of different values, estimated in a fixed space (Flajolet et al. 2007, with the linear counting
//! of the same paper for small numbers). Estimates merge, which the engine's own, kept for itself, do not.

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;

/// 2^14 registers: a standard error of 0.8%.
const PRECISION: u32 = 14;
const REGISTERS: usize = 1 << PRECISION;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HyperLogLog {
    registers: Vec<u8>,
}

impl Default for HyperLogLog {
    fn default() -> Self {
        Self { registers: vec![0; REGISTERS] }
    }
}

/// A hash that is the same in every process.
pub(super) fn hash(value: &[u8]) -> u64 {
    mixed(FixedState::with_seed(0).hash_one(value))
}

/// The same of a number.
pub(super) fn hash_number(value: u64) -> u64 {
    mixed(FixedState::with_seed(1).hash_one(value))
}

/// A fast hash leaves traces of its input in its low bits; the estimate looks at all of them (the finaliser of
/// splitmix64).
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

impl HyperLogLog {
    pub(super) fn add(&mut self, hash: u64) {
        let register = (hash >> (64 - PRECISION)) as usize;
        let rest = hash << PRECISION;
        let rank = u8::try_from(rest.leading_zeros().min(64 - PRECISION) + 1).unwrap_or(u8::MAX);
        self.registers[register] = self.registers[register].max(rank);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.registers.iter_mut().zip(&other.registers) {
            *mine = (*mine).max(*theirs);
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the estimate is a count: whole and not negative"
    )]
    pub(super) fn count(&self) -> u64 {
        let m = REGISTERS as f64;
        let sum: f64 = self.registers.iter().map(|rank| 0.5_f64.powi(i32::from(*rank))).sum();
        let raw = 0.721_3 / (1.0 + 1.079 / m) * m * m / sum;
        let zeros = self.registers.iter().map(|rank| usize::from(*rank == 0)).sum::<usize>();
        let estimate = if raw <= 2.5 * m && zeros > 0 { m * (m / zeros as f64).ln() } else { raw };
        estimate.round() as u64
    }

    pub(super) fn size(&self) -> usize {
        self.registers.len()
    }
}
