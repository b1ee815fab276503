//! Removal effects by sweeping over the states until hardly anything is missing.
//!
//! The chance to convert without a channel is approached from below (Gauss and Seidel). What one more sweep would add
//! at each state, times the journeys that come through it, bounds what all further sweeps can add at the start: the
//! flow of the whole chain is known from the journeys, and taking a channel out only lessens it.

use super::{Chain, Effects, Flow};

/// What a removal effect may be off by at most.
const ENOUGH: f64 = 1e-12;
/// Sweeps between two looks at the bound.
const STRETCH: usize = 8;
/// Sweeps after which the bound is told as it is.
const MOST: usize = 20_000;

pub(super) fn effects(chain: &Chain, flow: &Flow, conversions: f64) -> Effects {
    let mut effects = Effects { removal: vec![0.0; chain.channels], bound: 0.0 };
    let through: Vec<f64> = (0..chain.owner.len())
        .map(|state| {
            let steps = &flow.steps[chain.leaving[state]..chain.leaving[state + 1]];
            steps.iter().sum::<f64>() + flow.converted[state] + flow.lost[state]
        })
        .collect();
    let mut channels = chain.owner[1..].to_vec();
    channels.sort_unstable();
    channels.dedup();
    for channel in channels {
        let (avoiding, missing) = avoiding(chain, flow, &through, channel, conversions);
        effects.removal[usize::from(channel)] = (1.0 - avoiding / conversions).clamp(0.0, 1.0);
        effects.bound = effects.bound.max(missing);
    }
    effects
}

/// The conversions that never enter a channel, and the share of all conversions that may be missing there.
fn avoiding(chain: &Chain, flow: &Flow, through: &[f64], channel: u16, conversions: f64) -> (f64, f64) {
    let mut chance = vec![0.0; chain.owner.len()];
    let one = |state: usize, chance: &[f64]| {
        let range = chain.leaving[state]..chain.leaving[state + 1];
        let onward = chain.steps[range.clone()].iter().zip(&flow.steps[range]);
        let sum: f64 = onward.map(|((_, to), count)| count * chance[*to as usize]).sum();
        (flow.converted[state] + sum) / through[state]
    };
    // Nobody comes through a state that only other draws have.
    let states: Vec<usize> = (0..chain.owner.len())
        .rev()
        .filter(|state| chain.owner[*state] != channel && through[*state] > 0.0)
        .collect();
    let mut missing = f64::INFINITY;
    for _ in 0..MOST / STRETCH {
        for _ in 0..STRETCH {
            for state in &states {
                chance[*state] = one(*state, &chance);
            }
        }
        let adds = |state: &usize| through[*state] * (one(*state, &chance) - chance[*state]).max(0.0);
        missing = states.iter().map(adds).sum::<f64>() / conversions;
        if missing <= ENOUGH {
            break;
        }
    }
    (chance[0] * through[0], missing)
}
