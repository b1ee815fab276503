//! What each feature adds to a lead's score: Shapley values of trees.
//!
//! # Design
//! The values are those of path-dependent `TreeSHAP` (Lundberg et al. 2020): a feature left out is averaged over
//! the training weight on either side. Trees of four questions are small enough to sum the definition as it
//! stands, leaf by leaf, so nothing is approximated, and what the features add to the base is the log-odds
//! before calibration. The subtotals of a side (fit, engagement) are wanted for every lead of a stream, so they
//! are tabled beforehand: the four leaves of a quarter of a tree hang on five answers, which makes thirty-two
//! cases for each quarter. The learner's own Shapley values are the oracle in the tests.

use super::{
    forest::{BLOCK, Block, DEPTH, Forest, LEAVES, NODES, Tree},
    words::Side,
};

/// Quarters of a tree.
const QUARTERS: usize = 4;
/// Answers that a quarter's leaves hang on.
const CASES: usize = 32;

/// The expected log-odds over the training rows: what the contributions start from.
pub(crate) fn base(forest: &Forest) -> f64 {
    let of_tree = |tree: &Tree| -> f64 {
        (0..LEAVES).filter_map(|leaf| Path::to(tree, leaf)).map(|path| path.value * path.share()).sum()
    };
    f64::from(forest.intercept) + forest.trees.iter().map(of_tree).sum::<f64>()
}

/// What each feature adds for one row of a block, added to `into`.
pub(crate) fn contributions(forest: &Forest, block: &Block, row: usize, into: &mut [f64]) {
    for tree in &forest.trees {
        let answers = tree.answers_of(block, row);
        for path in (0..LEAVES).filter_map(|leaf| Path::to(tree, leaf)) {
            path.contributions(answers, |feature, value| into[usize::from(feature)] += value);
        }
    }
}

/// The subtotals of fit and engagement for every set of answers.
#[derive(Clone, Debug)]
pub(crate) struct Sides {
    trees: Vec<[[[f32; 2]; CASES]; QUARTERS]>,
}

impl Sides {
    /// Tables a forest, given the side of each feature.
    pub(crate) fn new(forest: &Forest, sides: &[Side]) -> Self {
        Self { trees: forest.trees.iter().map(|tree| table(tree, sides)).collect() }
    }

    /// The subtotals of fit and engagement for a block of rows.
    pub(crate) fn of(&self, forest: &Forest, block: &Block) -> [[f64; 2]; BLOCK] {
        let mut sums = [[0.0; 2]; BLOCK];
        for (tree, quarters) in forest.trees.iter().zip(&self.trees) {
            for (sum, answers) in sums.iter_mut().zip(tree.answers(block)) {
                for (quarter, cases) in quarters.iter().enumerate() {
                    let [fit, engagement] = cases[case(quarter, answers)];
                    sum[0] += f64::from(fit);
                    sum[1] += f64::from(engagement);
                }
            }
        }
        sums
    }
}

/// The questions that a quarter's leaves hang on, from the root down.
const fn questions(quarter: usize) -> [usize; 5] {
    [0, 1 + quarter / 2, 3 + quarter, 7 + 2 * quarter, 8 + 2 * quarter]
}

fn case(quarter: usize, answers: u16) -> usize {
    questions(quarter)
        .iter()
        .enumerate()
        .fold(0, |case, (at, node)| case | usize::from(answers >> node & 1) << at)
}

fn table(tree: &Tree, sides: &[Side]) -> [[[f32; 2]; CASES]; QUARTERS] {
    let mut quarters = [[[0.0; 2]; CASES]; QUARTERS];
    for (quarter, cases) in quarters.iter_mut().enumerate() {
        let paths: Vec<Path> = (LEAVES / QUARTERS * quarter..LEAVES / QUARTERS * (quarter + 1))
            .filter_map(|leaf| Path::to(tree, leaf))
            .collect();
        for (case, subtotals) in cases.iter_mut().enumerate() {
            let answers = questions(quarter)
                .iter()
                .enumerate()
                .fold(0_u16, |answers, (at, node)| answers | u16::from(case >> at & 1 == 1) << node);
            let mut sums = [0.0; 2];
            for path in &paths {
                path.contributions(answers, |feature, value| match sides.get(usize::from(feature)) {
                    Some(Side::Fit) => sums[0] += value,
                    Some(Side::Engagement) => sums[1] += value,
                    Some(Side::Other) | None => {}
                });
            }
            #[expect(clippy::cast_possible_truncation, reason = "a table of f32 stays in the cache")]
            {
                *subtotals = sums.map(|sum| sum as f32);
            }
        }
    }
    quarters
}

/// The way from the root to one leaf.
struct Path {
    value: f64,
    /// The features asked about, each once.
    steps: Vec<Step>,
}

/// What a path asks of one feature.
struct Step {
    feature: u16,
    /// The share of training weight that goes on along the path at this feature's questions.
    share: f64,
    /// The questions about the feature, and the answers that lead on.
    asked: u16,
    wanted: u16,
}

impl Path {
    /// The way to a leaf. Nothing where the leaf only repeats one to its left.
    fn to(tree: &Tree, leaf: usize) -> Option<Self> {
        let mut path = Self { value: f64::from(tree.leaves[leaf]), steps: Vec::with_capacity(DEPTH) };
        let mut node = 0;
        for level in (0..DEPTH).rev() {
            let yes = leaf >> level & 1;
            if tree.asked >> node & 1 == 1 {
                let no_share = f64::from(tree.no_shares[node]);
                path.step(tree.features[node], node, yes, if yes == 1 { 1.0 - no_share } else { no_share });
            } else if yes == 1 {
                return None;
            }
            node = 2 * node + 1 + yes;
        }
        debug_assert_eq!(node - NODES, leaf);
        Some(path)
    }

    fn step(&mut self, feature: u16, node: usize, yes: usize, share: f64) {
        let (asked, wanted) = (1 << node, u16::from(yes == 1) << node);
        match self.steps.iter_mut().find(|step| step.feature == feature) {
            Some(step) => {
                step.share *= share;
                step.asked |= asked;
                step.wanted |= wanted;
            }
            None => self.steps.push(Step { feature, share, asked, wanted }),
        }
    }

    /// The share of training weight that ends in the leaf.
    fn share(&self) -> f64 {
        self.steps.iter().map(|step| step.share).product()
    }

    /// Hands over what each feature adds by way of this leaf, given the answers of a row.
    fn contributions(&self, answers: u16, mut add: impl FnMut(u16, f64)) {
        let count = self.steps.len();
        let goes_on: [bool; DEPTH] = std::array::from_fn(|at| {
            self.steps.get(at).is_some_and(|step| answers & step.asked == step.wanted)
        });
        for (at, step) in self.steps.iter().enumerate() {
            let mut weight = 0.0;
            for known in 0_usize..1 << count {
                if known >> at & 1 == 1 {
                    continue;
                }
                let others = self.steps.iter().enumerate().filter(|(other, _)| *other != at);
                let product: f64 = others
                    .map(|(other, step)| match (known >> other & 1 == 1, goes_on[other]) {
                        (false, _) => step.share,
                        (true, goes_on) => f64::from(u8::from(goes_on)),
                    })
                    .product();
                weight += product * ORDERS[count][known.count_ones() as usize];
            }
            add(step.feature, self.value * weight * (f64::from(u8::from(goes_on[at])) - step.share));
        }
    }
}

/// The share of orders of `n` features in which just a given set of `s` comes before a given other one:
/// `s! (n - s - 1)! / n!`.
const ORDERS: [[f64; DEPTH]; DEPTH + 1] = [
    [0.0, 0.0, 0.0, 0.0],
    [1.0, 0.0, 0.0, 0.0],
    [1.0 / 2.0, 1.0 / 2.0, 0.0, 0.0],
    [1.0 / 3.0, 1.0 / 6.0, 1.0 / 3.0, 0.0],
    [1.0 / 4.0, 1.0 / 12.0, 1.0 / 12.0, 1.0 / 4.0],
];
