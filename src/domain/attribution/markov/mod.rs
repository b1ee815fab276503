//! Credit by the conversions that are lost when a channel is taken out of the chain of touches.
//!
//! # Design
//! A state is the last `order` touches; its channel is the newest of them. Taking a channel out sends whoever reaches
//! it to nothing, so its removal effect is the share of conversions that pass through it. Steps from a state to
//! itself only pass time and are left out. All that is wanted is how likely a conversion is without ever entering a
//! channel's states. With few states [`reduction`] computes that directly; it only adds, multiplies and divides what
//! is not negative, so it loses no digits however long people stay in the chain. With many, [`sweeps`] approaches it
//! from below with a proven bound on what is missing.

mod reduction;
mod sweeps;

use super::{
    credit::Credit,
    model::MOST_ORDER,
    paths::Paths,
    resample::{Counted, Draw},
};
use std::collections::HashMap;

/// More states than this are not solved for.
const MOST_STATES: usize = 500_000;
/// Up to so many states the chain is reduced directly.
const DIRECT: usize = 300;

/// The chain that journeys follow: its states and steps, and those that each path takes. State 0 is the start.
pub(crate) struct Chain {
    channels: usize,
    /// The channel of each state.
    owner: Vec<u16>,
    /// From state to state, in the order of the state they leave.
    steps: Vec<(u32, u32)>,
    /// Where the steps from each state begin.
    leaving: Vec<usize>,
    /// Where the steps of each path begin, and the state it ends in.
    of_path: Vec<(usize, u32)>,
    taken: Vec<u32>,
}

/// How many journeys take each step and how many end in each state, one way or the other.
pub(super) struct Flow {
    steps: Vec<f64>,
    converted: Vec<f64>,
    lost: Vec<f64>,
}

/// What taking out a channel costs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Effects {
    /// The share of the conversions lost without each channel.
    pub(crate) removal: Vec<f64>,
    /// By how much a removal effect may be too large: nought but for rounding where it was computed directly.
    pub(crate) bound: f64,
}

impl Chain {
    /// The chain of some order; nothing where it would have too many states.
    pub(crate) fn new(paths: &Paths, channels: usize, order: u8) -> Option<Self> {
        let mut walk = Walk::new(order);
        let mut chain = Self {
            channels,
            owner: Vec::new(),
            steps: Vec::new(),
            leaving: Vec::new(),
            of_path: Vec::with_capacity(paths.len() + 1),
            taken: Vec::new(),
        };
        for number in 0..u32::try_from(paths.len()).ok()? {
            chain.of_path.push((chain.taken.len(), 0));
            let mut state = 0;
            for channel in paths.path(number) {
                let (next, step) = walk.on(state, *channel);
                state = next;
                chain.taken.extend(step);
            }
            if walk.states.len() > MOST_STATES {
                return None;
            }
            if let Some((_, end)) = chain.of_path.last_mut() {
                *end = state;
            }
        }
        chain.of_path.push((chain.taken.len(), 0));
        chain.owner = walk.owner;
        chain.sort(&walk.steps);
        Some(chain)
    }

    /// The states without the start.
    pub(crate) fn states(&self) -> usize {
        self.owner.len() - 1
    }

    /// What solving for one draw costs, in multiplications.
    pub(crate) fn cost(&self) -> f64 {
        let states = self.states() as f64;
        let solve = if self.states() <= DIRECT {
            states.powi(3)
        } else {
            // Journeys are short, so some dozens of sweeps suffice.
            60.0 * self.channels as f64 * self.steps.len() as f64
        };
        solve + self.taken.len() as f64
    }

    /// Puts the steps in the order of the states they leave.
    fn sort(&mut self, steps: &[(u32, u32)]) {
        let mut order: Vec<usize> = (0..steps.len()).collect();
        order.sort_by_key(|step| steps[*step]);
        let mut place = vec![0_u32; steps.len()];
        for (new, old) in (0_u32..).zip(&order) {
            place[*old] = new;
        }
        self.steps = order.into_iter().map(|old| steps[old]).collect();
        self.taken.iter_mut().for_each(|step| *step = place[*step as usize]);
        let below = |state: usize| self.steps.partition_point(|(from, _)| (*from as usize) < state);
        self.leaving = (0..=self.owner.len()).map(below).collect();
    }

    fn flow(&self, paths: &Paths, draw: Draw) -> (Flow, Counted) {
        let states = self.owner.len();
        let mut flow = Flow {
            steps: vec![0.0; self.steps.len()],
            converted: vec![0.0; states],
            lost: vec![0.0; states],
        };
        let mut all = Counted::default();
        for (number, row) in paths.rows().iter().enumerate() {
            let Counted { conversions, nulls, cents } = draw.of(number, row);
            all.conversions += conversions;
            all.nulls += nulls;
            all.cents += cents;
            let (begin, end) = self.of_path[row.path as usize];
            let until = self.of_path[row.path as usize + 1].0;
            for step in &self.taken[begin..until] {
                flow.steps[*step as usize] += conversions + nulls;
            }
            flow.converted[end as usize] += conversions;
            flow.lost[end as usize] += nulls;
        }
        (flow, all)
    }

    /// What each channel's removal costs; nothing where nothing converts.
    pub(crate) fn effects(&self, paths: &Paths, draw: Draw) -> (Option<Effects>, Counted) {
        let (flow, all) = self.flow(paths, draw);
        if all.conversions <= 0.0 {
            return (None, all);
        }
        let effects = if self.states() <= DIRECT {
            reduction::effects(self, &flow, all.conversions)
        } else {
            sweeps::effects(self, &flow, all.conversions)
        };
        (Some(effects), all)
    }

    /// Removal effects, brought to a sum of 1, times all that was counted.
    pub(crate) fn credit(&self, paths: &Paths, draw: Draw) -> Credit {
        let (effects, all) = self.effects(paths, draw);
        let removal = effects.map(|effects| effects.removal).unwrap_or_default();
        let sum: f64 = removal.iter().sum();
        if sum <= 0.0 {
            return Credit::none(self.channels);
        }
        let shares: Vec<f64> = removal.iter().map(|effect| effect / sum).collect();
        Credit::of_shares(&shares, all)
    }
}

/// The states met so far while paths are walked.
struct Walk {
    order: u32,
    /// The state of some last touches, packed into one number: each its channel and 1.
    states: HashMap<u128, u32>,
    memory: Vec<u128>,
    owner: Vec<u16>,
    steps: Vec<(u32, u32)>,
    /// The state after a state and a channel, and the step there.
    next: HashMap<(u32, u16), (u32, Option<u32>)>,
}

impl Walk {
    fn new(order: u8) -> Self {
        Self {
            order: u32::from(order.clamp(1, MOST_ORDER)),
            states: HashMap::from([(0, 0)]),
            memory: vec![0],
            owner: vec![u16::MAX],
            steps: Vec::new(),
            next: HashMap::new(),
        }
    }

    fn on(&mut self, state: u32, channel: u16) -> (u32, Option<u32>) {
        if let Some(known) = self.next.get(&(state, channel)) {
            return *known;
        }
        let mask = u128::MAX >> (128 - 16 * self.order);
        let memory = ((self.memory[state as usize] << 16) | (u128::from(channel) + 1)) & mask;
        let new = u32::try_from(self.memory.len()).unwrap_or(u32::MAX);
        let next = *self.states.entry(memory).or_insert(new);
        if next == new {
            self.memory.push(memory);
            self.owner.push(channel);
        }
        let step = (next != state).then(|| {
            self.steps.push((state, next));
            u32::try_from(self.steps.len() - 1).unwrap_or(u32::MAX)
        });
        self.next.insert((state, channel), (next, step));
        (next, step)
    }
}

#[cfg(test)]
mod tests;
