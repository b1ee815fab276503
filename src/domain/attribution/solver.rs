//! Every model over the same journeys, as they are and resampled.

use super::{
    answer::{Ask, MarkovTold, ModelCredit, Scenario},
    credit::{Credit, Positional, of_positions},
    enough,
    leave_one_out::LeaveOneOut,
    markov::{Chain, Effects},
    model::Model,
    money,
    paths::{HALF_LIVES, Paths},
    resample::Draw,
    shapley::Sets,
};
use crate::{leads::bootstrap::quantile, proportion::Interval};

/// Additions that resampling may take for a model; with more journeys fewer resamples are drawn, and fewer are needed.
const WORK: f64 = 3.0e9;

/// Everything of some journeys that models need more than once.
pub(super) struct Solver<'a> {
    paths: &'a Paths,
    channels: usize,
    direct: &'a [bool],
    seed: u64,
    order: u8,
    resamples: u32,
    pub(super) models: Vec<Model>,
    pub(super) left_out: Vec<(Model, String)>,
    chain: Option<Chain>,
    sets: Option<Sets>,
    leave_one_out: Option<LeaveOneOut>,
    /// The credit of models of positions: as it is, then by resample.
    positions: Vec<(Model, Vec<Credit>)>,
}

impl<'a> Solver<'a> {
    pub(super) fn new(paths: &'a Paths, channels: usize, direct: &'a [bool], ask: &Ask) -> Self {
        let rows = paths.rows();
        let has_times = rows.iter().any(|row| paths.decay(row).is_some());
        let has_marks = rows.iter().any(|row| row.marks.lead.is_some() || row.marks.deal.is_some());
        let mut solver = Self {
            paths,
            channels,
            direct,
            seed: ask.seed,
            order: ask.markov_order,
            resamples: ask.resamples,
            models: Vec::new(),
            left_out: Vec::new(),
            chain: None,
            sets: None,
            leave_one_out: None,
            positions: Vec::new(),
        };
        for model in &ask.models {
            let reason = match model {
                Model::TimeDecay if !has_times => Some("it needs the time of every touch"),
                Model::WShaped | Model::FullPath if !has_marks => {
                    Some("it needs to know when leads were made or deals opened")
                }
                Model::Markov => {
                    solver.chain = Chain::new(paths, channels, ask.markov_order);
                    solver
                        .chain
                        .is_none()
                        .then_some("the chain has too many states; give a smaller `markov_order`")
                }
                Model::Shapley | Model::ShapleyRate => {
                    solver.sets.get_or_insert_with(|| Sets::new(paths, channels));
                    None
                }
                Model::LeaveOneOut => {
                    solver.leave_one_out = Some(LeaveOneOut::new(paths));
                    None
                }
                _ => None,
            };
            match reason {
                Some(reason) => solver.left_out.push((*model, reason.to_owned())),
                None => solver.models.push(*model),
            }
        }
        solver.positions = solver.of_positions();
        solver
    }

    fn of_positions(&self) -> Vec<(Model, Vec<Credit>)> {
        let models: Vec<Positional> =
            self.models.iter().filter(|model| model.is_of_positions()).map(|model| (*model, 0)).collect();
        let touches: usize = self.paths.rows().iter().map(|row| self.paths.path(row.path).len()).sum();
        let mut draws = vec![Draw::plain()];
        draws.extend(self.draws((touches * models.len()) as f64));
        let credits = of_positions(&models, self.paths, self.channels, self.direct, &draws);
        models.into_iter().map(|(model, _)| model).zip(credits).collect()
    }

    /// As many draws as were asked for, or as the work allows at what each costs.
    fn draws(&self, cost: f64) -> Vec<Draw> {
        let may = (WORK / cost.max(1.0)).floor();
        let count = if may >= f64::from(self.resamples) {
            self.resamples
        } else {
            (1..self.resamples).rev().find(|count| f64::from(*count) <= may).unwrap_or(0)
        };
        Draw::resamples(self.seed, if count < enough::RESAMPLES.min(self.resamples) { 0 } else { count })
    }

    /// The credit of a model in one draw, and the sampling error where it has one.
    fn credit(&self, model: Model, draw: Draw) -> (Credit, Option<f64>) {
        let none = || Credit::none(self.channels);
        let credit = match model {
            Model::Markov => self.chain.as_ref().map_or_else(none, |chain| chain.credit(self.paths, draw)),
            Model::LeaveOneOut => self
                .leave_one_out
                .as_ref()
                .map_or_else(none, |model| model.credit(self.paths, self.channels, draw)),
            Model::Shapley => self.sets.as_ref().map_or_else(none, |sets| sets.of_sums(self.paths, draw)),
            Model::ShapleyRate => {
                return self
                    .sets
                    .as_ref()
                    .map_or_else(|| (none(), None), |sets| sets.of_rates(self.paths, draw, self.seed));
            }
            _ => none(),
        };
        (credit, None)
    }

    fn cost(&self, model: Model) -> f64 {
        let rows = self.paths.rows().len() as f64;
        rows + match model {
            Model::Markov => self.chain.as_ref().map_or(0.0, Chain::cost),
            Model::LeaveOneOut => 8.0 * rows,
            Model::ShapleyRate => self.sets.as_ref().map_or(0.0, Sets::cost),
            _ => 4.0 * rows,
        }
    }

    /// A model's credit with its intervals, and the shares of each resample.
    pub(super) fn told(&self, model: Model, cents: i64, valued: bool) -> (ModelCredit, Vec<Vec<f64>>) {
        let known = self.positions.iter().find(|(known, _)| *known == model);
        let (plain, sampling_error, drawn): (Credit, Option<f64>, Vec<Credit>) =
            if let Some((_, credits)) = known {
                (credits[0].clone(), None, credits[1..].to_vec())
            } else {
                let (plain, error) = self.credit(model, Draw::plain());
                let drawn = self.draws(self.cost(model)).into_iter().map(|draw| self.credit(model, draw).0);
                (plain, error, drawn.collect())
            };
        let resamples = u32::try_from(drawn.len()).unwrap_or(u32::MAX);
        let drawn: Vec<Vec<f64>> = drawn.iter().filter_map(|credit| credit.shares(valued)).collect();
        let shares = plain.shares(valued).unwrap_or_else(|| vec![0.0; self.channels]);
        let markov = (model == Model::Markov).then(|| self.markov()).flatten();
        let credit = ModelCredit {
            model,
            cents: money::split(cents, &plain.cents),
            conversions: plain.conversions,
            intervals: intervals(&shares, &drawn),
            shares,
            resamples,
            markov,
            sampling_error,
        };
        (credit, drawn)
    }

    fn markov(&self) -> Option<MarkovTold> {
        let chain = self.chain.as_ref()?;
        let Effects { removal, bound } = chain.effects(self.paths, Draw::plain()).0?;
        Some(MarkovTold { order: self.order, states: chain.states(), removal, bound })
    }

    /// The shares of every model in every scenario.
    pub(super) fn scenarios(
        &self,
        scenarios: &[Scenario],
        channels: usize,
        direct: &[bool],
        ask: &Ask,
        valued: bool,
    ) -> Vec<(String, Model, Vec<f64>)> {
        let mut found = Vec::new();
        if ask.other_half_lives && self.models.contains(&Model::TimeDecay) {
            for (place, times) in HALF_LIVES.iter().enumerate().skip(1) {
                let credits = of_positions(
                    &[(Model::TimeDecay, place)],
                    self.paths,
                    channels,
                    direct,
                    &[Draw::plain()],
                );
                let shares = credits.first().and_then(|credits| credits.first()?.shares(valued));
                found.extend(shares.map(|shares| (format!("half-life x {times}"), Model::TimeDecay, shares)));
            }
        }
        for Scenario { name, collected } in scenarios {
            let plain = Ask { resamples: 0, models: self.models.clone(), ..ask.clone() };
            let solver = Solver::new(&collected.paths, channels, direct, &plain);
            for model in &solver.models {
                let known = solver.positions.iter().find(|(known, _)| known == model);
                let credit = match known {
                    Some((_, credits)) => credits[0].clone(),
                    None => solver.credit(*model, Draw::plain()).0,
                };
                found.extend(credit.shares(valued).map(|shares| (name.clone(), *model, shares)));
            }
        }
        found
    }
}

fn intervals(shares: &[f64], drawn: &[Vec<f64>]) -> Vec<Interval> {
    if drawn.is_empty() {
        return Vec::new();
    }
    let of_channel = |(channel, share): (usize, &f64)| {
        let mut values: Vec<f64> = drawn.iter().map(|shares| shares[channel]).collect();
        values.sort_by(f64::total_cmp);
        Interval { low: quantile(&values, 0.025).min(*share), high: quantile(&values, 0.975).max(*share) }
    };
    shares.iter().enumerate().map(of_channel).collect()
}
