//! Gradient boosting on histograms, by `hessboost`.
//!
//! # Design
//! Numbers and empty cells go in as they are. A category becomes the smoothed rate of conversion of its level,
//! each training row's counted only over the rows before it in a random order (ordered target statistics,
//! Prokhorenkova et al. 2018), which serves two levels and ten thousand alike. On leads with a category of 500
//! levels this ranked better than native categorical splits, and it keeps every question a comparison. Trees of
//! depth four with many rounds beat deeper ones there as well (`benches/leads` holds the figures). The number
//! of rounds is what does best on the last part of training time.
//!
//! The learner gives the same trees bit for bit on any number of threads. They are kept as a [`Forest`].

use super::{
    batch::{Cells, EMPTY},
    forest::{BLOCK, Block, DEPTH, Forest, NODES, Tree},
};
use hessboost::{
    config::{TrainingParams, TreeMethod},
    data::{
        DMatrix, FeatureType,
        target_stats::{FittedTargetEncoder, OrderedTargetEncoder, TargetKind},
    },
    error::HessboostError,
    metric::EvalMetric,
    model::BoostedModel,
    objective::{Objective, RegLoss},
    training::Trainer,
    tree::RegTree,
};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// The version of the learner, as it stands on a model's card.
pub const HESSBOOST: &str = "0.4.6";

/// How the trees are grown. All authored; the bench that chose them is `benches/leads`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hyperparameters {
    /// Questions on the way to a leaf.
    pub depth: usize,
    /// Share of each tree's advice that is taken.
    pub learning_rate: f64,
    /// Least sum of second derivatives in a leaf: about this many rows times p (1 - p).
    pub min_child_weight: f64,
    /// Ridge penalty on leaves.
    pub lambda: f64,
    /// Share of rows that each tree sees.
    pub row_share: f64,
    /// Share of columns that each tree sees.
    pub column_share: f64,
    /// Rows' worth of the overall rate that each level's rate is drawn to.
    pub prior_weight: f64,
    /// Random orders over which a training row's rate is averaged.
    pub orders: usize,
    /// Rounds without a better log loss after which the search ends.
    pub patience: usize,
    /// Rounds at most.
    pub most_rounds: usize,
}

impl Hyperparameters {
    /// Those in use.
    pub const CHOSEN: Self = Self {
        depth: DEPTH,
        learning_rate: 0.1,
        min_child_weight: 10.0,
        lambda: 5.0,
        row_share: 0.8,
        column_share: 0.6,
        prior_weight: 10.0,
        orders: 2,
        patience: 30,
        most_rounds: 1000,
    };
}

/// Boosted trees and what turns cells into their features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Boosted {
    features: Vec<Feature>,
    pub(crate) forest: Forest,
}

/// How a column's cells become the feature that trees ask about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Feature {
    /// As they are.
    Number,
    /// Each level's rate of conversion; a level never seen has the overall rate.
    Category { rates: Vec<f32>, unseen: f32 },
}

/// Rows to grow trees on.
pub(crate) struct Sample<'a> {
    pub(crate) columns: &'a [Cells<'a>],
    pub(crate) labels: &'a [bool],
    pub(crate) weights: Option<&'a [f64]>,
}

/// Grows trees on `grow` and stops by `stop`. `threads` sets how many threads work, which changes no bit.
pub(crate) fn fit(
    grow: &Sample<'_>,
    stop: &Sample<'_>,
    levels: &[Vec<String>],
    seed: u64,
    threads: Option<usize>,
) -> Result<Boosted, HessboostError> {
    let (model, encoder) = learn(grow, stop, seed, threads)?;
    let feature = |(column, cells): (usize, &Cells<'_>)| match (cells, &encoder) {
        (Cells::Numbers(_), _) | (_, None) => Feature::Number,
        (Cells::Codes(_), Some(encoder)) => {
            let codes = 0..u32::try_from(levels[column].len()).unwrap_or(u32::MAX);
            let rate = |code| encoder.encode(column, code).unwrap_or_else(|| encoder.prior());
            Feature::Category { rates: codes.map(rate).collect(), unseen: encoder.prior() }
        }
    };
    let features = grow.columns.iter().enumerate().map(feature).collect();
    Ok(Boosted { features, forest: forest(&model) })
}

fn learn(
    grow: &Sample<'_>,
    stop: &Sample<'_>,
    seed: u64,
    threads: Option<usize>,
) -> Result<(BoostedModel, Option<FittedTargetEncoder>), HessboostError> {
    let chosen = Hyperparameters::CHOSEN;
    let mut train = matrix(grow)?;
    let mut watch = matrix(stop)?;
    let categories: Vec<usize> =
        (0..grow.columns.len()).filter(|column| matches!(grow.columns[*column], Cells::Codes(_))).collect();
    let mut encoder = None;
    if !categories.is_empty() {
        let statistics = OrderedTargetEncoder::builder()
            .target(TargetKind::Binary)
            .prior_weight(chosen.prior_weight)
            .permutations(chosen.orders)
            .seed(seed)
            .build()?;
        let (numbers, fitted) = statistics.fit_transform(&train, &categories)?;
        watch = fitted.transform(&watch)?;
        train = numbers;
        encoder = Some(fitted);
    }
    let mut parameters = TrainingParams::builder()
        .objective(Objective::BinaryLogistic(RegLoss::default()))
        .tree_method(TreeMethod::Hist)
        .max_depth(chosen.depth)
        .eta(chosen.learning_rate)
        .min_child_weight(chosen.min_child_weight)
        .lambda(chosen.lambda)
        .subsample(chosen.row_share)
        .colsample_bytree(chosen.column_share)
        .eval_metric(EvalMetric::LogLoss)
        .seed(seed);
    if let Some(threads) = threads {
        parameters = parameters.nthread(threads);
    }
    let parameters = parameters.build()?;
    let mut trainer = Trainer::new(&parameters, &train, chosen.most_rounds).eval(&watch, "stop");
    if let Some(patience) = NonZeroUsize::new(chosen.patience) {
        trainer = trainer.early_stopping_rounds(patience);
    }
    Ok((trainer.train()?.model, encoder))
}

/// The rows as the learner wants them, row after row.
fn matrix(sample: &Sample<'_>) -> Result<DMatrix, HessboostError> {
    let (rows, width) = (sample.labels.len(), sample.columns.len());
    let mut cells = vec![0.0_f32; rows * width];
    for (column, values) in sample.columns.iter().enumerate() {
        let into = cells.iter_mut().skip(column).step_by(width);
        match values {
            Cells::Numbers(values) => into.zip(*values).for_each(|(cell, value)| *cell = narrow(*value)),
            Cells::Codes(codes) => into.zip(*codes).for_each(|(cell, code)| {
                *cell = if *code == EMPTY { f32::NAN } else { narrow(f64::from(*code)) };
            }),
        }
    }
    let types: Vec<FeatureType> = sample
        .columns
        .iter()
        .map(|cells| match cells {
            Cells::Numbers(_) => FeatureType::Numerical,
            Cells::Codes(_) => FeatureType::Categorical,
        })
        .collect();
    let labels: Vec<f32> = sample.labels.iter().map(|label| f32::from(u8::from(*label))).collect();
    let matrix =
        DMatrix::from_dense_vec(cells, rows, width)?.with_labels(&labels)?.with_feature_types(&types)?;
    match sample.weights {
        Some(weights) => {
            matrix.with_weights(&weights.iter().map(|weight| narrow(*weight)).collect::<Vec<_>>())
        }
        None => Ok(matrix),
    }
}

/// A number as trees compare it. The ends of f32 stand for all beyond them.
fn narrow(value: f64) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "trees compare in f32, which suffices for thresholds"
    )]
    let narrow = value as f32;
    narrow.clamp(f32::MIN, f32::MAX)
}

/// The trees up to the best round.
fn forest(model: &BoostedModel) -> Forest {
    let rounds = model.best_iteration().map_or(model.num_trees(), |best| best + 1);
    let trees = model.trees().iter().take(rounds).map(|grown| {
        let mut tree = Tree::leaf(0.0);
        copy(grown, 0, &mut tree, 0);
        tree
    });
    Forest { intercept: model.base_score(), trees: trees.collect() }
}

fn copy(grown: &RegTree, id: usize, tree: &mut Tree, place: usize) {
    let node = grown.node(id);
    if place >= NODES {
        tree.leaves[place - NODES] = node.leaf_value;
        return;
    }
    let children = usize::try_from(node.left).ok().zip(usize::try_from(node.right).ok());
    if let Some((left, right)) = children.filter(|_| !node.is_leaf()) {
        tree.asked |= 1 << place;
        tree.features[place] = u16::try_from(node.split_feature).unwrap_or(u16::MAX);
        tree.thresholds[place] = node.split_cond;
        tree.empty |= u16::from(!node.default_left) << place;
        let (no, yes) = (grown.node(left).sum_hess, grown.node(right).sum_hess);
        tree.no_shares[place] = if no + yes > 0.0 { no / (no + yes) } else { 0.5 };
        copy(grown, left, tree, 2 * place + 1);
        copy(grown, right, tree, 2 * place + 2);
    } else {
        copy(grown, id, tree, 2 * place + 1);
        copy(grown, id, tree, 2 * place + 2);
    }
}

impl Boosted {
    /// Columns weighed.
    pub(crate) fn width(&self) -> usize {
        self.features.len()
    }

    /// Whether the trees and the rates fit the columns.
    pub(crate) fn is_whole(&self, levels: &[Vec<String>]) -> bool {
        self.forest.is_whole(self.features.len())
            && self.features.iter().zip(levels).all(|(feature, levels)| match feature {
                Feature::Number => true,
                Feature::Category { rates, .. } => rates.len() == levels.len(),
            })
    }

    /// Fills a block with the rows from `start` on, and says how many there are.
    pub(crate) fn fill(&self, block: &mut Block, columns: &[Cells<'_>], start: usize) -> usize {
        let rows = columns.first().map_or(0, Cells::len).saturating_sub(start).min(BLOCK);
        for (at, (feature, cells)) in self.features.iter().zip(columns).enumerate() {
            match (feature, cells) {
                (Feature::Category { rates, unseen }, Cells::Codes(codes)) => {
                    let rate = |code: &u32| match usize::try_from(*code) {
                        _ if *code == EMPTY => f32::NAN,
                        Ok(level) => rates.get(level).copied().unwrap_or(*unseen),
                        Err(_) => *unseen,
                    };
                    block.set(at, codes[start..start + rows].iter().map(rate));
                }
                (Feature::Number, Cells::Numbers(values)) => {
                    block.set(at, values[start..start + rows].iter().map(|value| narrow(*value)));
                }
                _ => {}
            }
        }
        rows
    }

    /// The log-odds of every row.
    pub(crate) fn log_odds(&self, columns: &[Cells<'_>]) -> Vec<f64> {
        let rows = columns.first().map_or(0, Cells::len);
        let mut odds = Vec::with_capacity(rows);
        let mut block = Block::new(self.width());
        while odds.len() < rows {
            let filled = self.fill(&mut block, columns, odds.len());
            odds.extend_from_slice(&self.forest.log_odds(&block)[..filled]);
        }
        odds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::{random::Random, shapley, words::Side};
    use hessboost::model::Iterations;

    const SIDES: [Side; 3] = [Side::Fit, Side::Engagement, Side::Other];

    struct Leads {
        visits: Vec<f64>,
        source: Vec<u32>,
        size: Vec<f64>,
        labels: Vec<bool>,
    }

    fn leads(rows: usize, seed: u64) -> Leads {
        let mut random = Random::new(seed);
        let mut leads =
            Leads { visits: Vec::new(), source: Vec::new(), size: Vec::new(), labels: Vec::new() };
        for _ in 0..rows {
            let (visits, size) = (random.unit() * 10.0, random.unit());
            let source = u32::try_from(random.below(30)).unwrap();
            let empty = random.unit() < 0.1;
            let chance = 0.1 + 0.04 * visits + if source % 3 == 0 && size > 0.5 { 0.3 } else { 0.0 };
            leads.visits.push(if empty { f64::NAN } else { visits });
            leads.source.push(if random.unit() < 0.05 { EMPTY } else { source });
            leads.size.push(size);
            leads.labels.push(random.unit() < chance);
        }
        leads
    }

    impl Leads {
        fn columns(&self) -> [Cells<'_>; 3] {
            [Cells::Numbers(&self.visits), Cells::Codes(&self.source), Cells::Numbers(&self.size)]
        }
    }

    fn fitted(threads: usize) -> (Boosted, BoostedModel, DMatrix) {
        let (grow, stop) = (leads(3000, 1), leads(800, 2));
        let (grown, stopped) = (grow.columns(), stop.columns());
        let sample = Sample { columns: &grown, labels: &grow.labels, weights: None };
        let watch = Sample { columns: &stopped, labels: &stop.labels, weights: None };
        let levels = [vec![], (0..30).map(|level| level.to_string()).collect(), vec![]];
        let boosted = fit(&sample, &watch, &levels, 5, Some(threads)).unwrap();
        let (model, encoder) = learn(&sample, &watch, 5, Some(threads)).unwrap();
        let test = encoder.unwrap().transform(&matrix(&watch).unwrap()).unwrap();
        (boosted, model, test)
    }

    #[test]
    fn scores_and_reasons_agree_with_the_learner() {
        let (boosted, model, test) = fitted(2);
        assert!(boosted.forest.trees.len() > 10, "{}", boosted.forest.trees.len());
        let stop = leads(800, 2);
        let columns = stop.columns();
        let odds = boosted.log_odds(&columns);
        let margins = model.predict_margin(&test, Iterations::Best).unwrap();
        let theirs = model.predict_contribs(&test, Iterations::Best).unwrap();
        let sides = shapley::Sides::new(&boosted.forest, &SIDES);
        let mut block = Block::new(3);
        for (row, odds) in odds.into_iter().enumerate() {
            assert!((odds - f64::from(margins.as_slice()[row])).abs() < 1e-4);
            let filled = boosted.fill(&mut block, &columns, row);
            let mut ours = vec![0.0; 3];
            shapley::contributions(&boosted.forest, &block, 0, &mut ours);
            let expected = theirs.get(row, 0).unwrap();
            for (ours, theirs) in ours.iter().zip(expected) {
                assert!((ours - f64::from(*theirs)).abs() < 1e-4, "row {row}: {ours} against {theirs}");
            }
            let base = shapley::base(&boosted.forest);
            assert!((base - f64::from(*expected.last().unwrap())).abs() < 1e-4);
            assert!((base + ours.iter().sum::<f64>() - odds).abs() < 1e-9);
            let subtotals = sides.of(&boosted.forest, &block)[0];
            assert!(
                filled > 0 && (subtotals[0] - ours[0]).abs() < 1e-5 && (subtotals[1] - ours[1]).abs() < 1e-5
            );
        }
    }

    #[test]
    fn threads_change_no_bit() {
        assert_eq!(fitted(1).0, fitted(2).0);
    }

    #[test]
    fn the_card_names_the_version_that_is_built_in() {
        let lock = include_str!("../../../Cargo.lock");
        assert!(lock.contains(&format!("name = \"hessboost\"\nversion = \"{HESSBOOST}\"")));
    }
}
