//! What a model gives to each channel.

use super::{
    model::Model,
    paths::Paths,
    position,
    resample::{Counted, Draw},
};

/// What each channel is given: conversions, and cents of their value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Credit {
    /// Conversions by channel.
    pub conversions: Vec<f64>,
    /// Cents by channel, with fractions.
    pub cents: Vec<f64>,
}

impl Credit {
    pub(crate) fn none(channels: usize) -> Self {
        Self { conversions: vec![0.0; channels], cents: vec![0.0; channels] }
    }

    /// All that was counted, divided among the channels by shares that add up to 1.
    pub(crate) fn of_shares(shares: &[f64], all: Counted) -> Self {
        let times = |total: f64| shares.iter().map(|share| share * total).collect();
        Self { conversions: times(all.conversions), cents: times(all.cents) }
    }

    pub(crate) fn give(&mut self, channel: u16, share: f64, counted: Counted) {
        self.conversions[usize::from(channel)] += share * counted.conversions;
        self.cents[usize::from(channel)] += share * counted.cents;
    }

    /// The channels' shares of the value, or of the conversions where they are not to be valued. Nothing where there
    /// is nothing to divide.
    pub fn shares(&self, valued: bool) -> Option<Vec<f64>> {
        let parts = if valued { &self.cents } else { &self.conversions };
        let all: f64 = parts.iter().sum();
        (all > 0.0).then(|| parts.iter().map(|part| part / all).collect())
    }
}

/// What journeys come to in a draw.
pub(crate) fn totals(paths: &Paths, draw: Draw) -> Counted {
    let mut all = Counted::default();
    for (number, row) in paths.rows().iter().enumerate() {
        let counted = draw.of(number, row);
        all.conversions += counted.conversions;
        all.nulls += counted.nulls;
        all.cents += counted.cents;
    }
    all
}

/// A model of positions, and the half-life it uses where it uses one.
pub(crate) type Positional = (Model, usize);

/// The credit of several models of positions over several draws, by model and draw. Each journey is looked at once,
/// however many there are of both.
pub(crate) fn of_positions(
    models: &[Positional],
    paths: &Paths,
    channels: usize,
    direct: &[bool],
    draws: &[Draw],
) -> Vec<Vec<Credit>> {
    let mut credits = vec![vec![Credit::none(channels); draws.len()]; models.len()];
    let mut shares = Vec::new();
    let mut of_channels: Vec<Vec<(u16, f64)>> = vec![Vec::new(); models.len()];
    for (number, row) in paths.rows().iter().enumerate().filter(|(_, row)| row.conversions > 0) {
        let path = paths.path(row.path);
        for ((model, half_life), merged) in models.iter().zip(&mut of_channels) {
            merged.clear();
            if !position::shares(*model, *half_life, paths, row, direct, &mut shares) {
                continue;
            }
            for (channel, share) in path.iter().zip(&shares).filter(|(_, share)| **share > 0.0) {
                match merged.iter_mut().find(|(known, _)| known == channel) {
                    Some((_, sum)) => *sum += share,
                    None => merged.push((*channel, *share)),
                }
            }
        }
        for (at, draw) in draws.iter().enumerate() {
            let counted = draw.of(number, row);
            if counted.conversions == 0.0 {
                continue;
            }
            for (credits, merged) in credits.iter_mut().zip(&of_channels) {
                for (channel, share) in merged {
                    credits[at].give(*channel, *share, counted);
                }
            }
        }
    }
    credits
}
