//! Removal effects by reducing the chain to the states of one channel.
//!
//! A state is eliminated by handing what flows into it on to where it leads (Grassmann, Taksar and Heyman 1985).
//! Eliminating half of the channels serves all of the other half, and so on: the cost is that of one inverse.

use super::{Chain, Effects, Flow};

/// Columns before those of the states: converted, and lost.
const ENDS: usize = 2;

/// Flows between the start, the states that are left, and the ends. The last row is that of the start.
struct Reduced {
    owner: Vec<u16>,
    cells: Vec<f64>,
}

pub(super) fn effects(chain: &Chain, flow: &Flow, conversions: f64) -> Effects {
    let states = chain.states();
    let mut whole =
        Reduced { owner: chain.owner[1..].to_vec(), cells: vec![0.0; (states + 1) * (states + ENDS)] };
    // State 0 of the chain is the start, which comes last here.
    let row = |state: usize| state.checked_sub(1).unwrap_or(states) * (states + ENDS);
    for state in 0..=states {
        whole.cells[row(state)] = flow.converted[state];
        whole.cells[row(state) + 1] = flow.lost[state];
    }
    for ((from, to), count) in chain.steps.iter().zip(&flow.steps) {
        whole.cells[row(*from as usize) + ENDS + *to as usize - 1] += count;
    }
    let mut removal = vec![0.0; chain.channels];
    let mut channels = whole.owner.clone();
    channels.sort_unstable();
    channels.dedup();
    whole.halve(&channels, conversions, &mut removal);
    Effects { removal, bound: 0.0 }
}

impl Reduced {
    fn width(&self) -> usize {
        self.owner.len() + ENDS
    }

    /// Finds the effects of some channels, to whose states the chain has been reduced.
    fn halve(&self, channels: &[u16], conversions: f64, removal: &mut [f64]) {
        match channels {
            [] => {}
            [channel] => {
                // What reaches a conversion from the start without entering any state that is left.
                let avoiding = self.cells[self.owner.len() * self.width()];
                removal[usize::from(*channel)] = (1.0 - avoiding / conversions).clamp(0.0, 1.0);
            }
            several => {
                let (one, other) = several.split_at(several.len() / 2);
                self.to(one).halve(one, conversions, removal);
                self.to(other).halve(other, conversions, removal);
            }
        }
    }

    /// The chain reduced to the states of some channels.
    fn to(&self, channels: &[u16]) -> Self {
        let (states, width) = (self.owner.len(), self.width());
        let is_kept = |state: &usize| channels.binary_search(&self.owner[*state]).is_ok();
        // The states to be kept first, so that eliminating from the end touches one stretch of each row.
        let (mut order, gone): (Vec<usize>, Vec<usize>) = (0..states).partition(is_kept);
        let kept = order.len();
        order.extend(gone);
        let mut cells = Vec::with_capacity(self.cells.len());
        for row in order.iter().copied().chain([states]) {
            let row = &self.cells[row * width..(row + 1) * width];
            cells.extend_from_slice(&row[..ENDS]);
            cells.extend(order.iter().map(|state| row[ENDS + state]));
        }
        for state in (kept..states).rev() {
            let reach = ENDS + state;
            let handed_on = cells[state * width..state * width + reach].to_vec();
            let all: f64 = handed_on.iter().sum();
            if all <= 0.0 {
                continue;
            }
            for row in (0..state).chain([states]) {
                let into = &mut cells[row * width..=row * width + reach];
                let share = into[reach] / all;
                if share > 0.0 {
                    into.iter_mut().zip(&handed_on).for_each(|(into, part)| *into += share * part);
                }
            }
        }
        let rows = (0..kept).chain([states]);
        let cells =
            rows.flat_map(|row| cells[row * width..row * width + ENDS + kept].iter().copied()).collect();
        Self { owner: order[..kept].iter().map(|state| self.owner[*state]).collect(), cells }
    }
}
