//! Boosted trees as a model keeps them: flat, of one depth, and quick to read.
//!
//! # Design
//! The learner's own model could be kept instead, yet then a stored model could only be read by that learner's
//! version, and its scorer would set the pace. Every tree here has the shape of a full tree of [`DEPTH`]; where
//! the learner stopped early, the leaf's value stands in all of its places. A block of rows runs through all
//! trees while its cells are in the cache, and each tree asks all of its questions of the block in turn, which
//! compilers turn into vector instructions.

use serde::{Deserialize, Serialize};

/// Questions on the way to a leaf.
pub(crate) const DEPTH: usize = 4;
/// Questions of a tree.
pub(crate) const NODES: usize = (1 << DEPTH) - 1;
/// Leaves of a tree.
pub(crate) const LEAVES: usize = 1 << DEPTH;
/// Rows that run through the trees together.
pub(crate) const BLOCK: usize = 64;

/// A feature's cells for one block of rows.
pub(crate) type Cell = [f32; BLOCK];

/// A sum of trees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forest {
    /// What every row starts from.
    pub(crate) intercept: f32,
    pub(crate) trees: Vec<Tree>,
}

/// A tree. Question `n` is followed by question `2n + 1` where the answer is no and by `2n + 2` where it is yes;
/// numbers from [`NODES`] on are leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tree {
    /// The feature that each question is about.
    pub(crate) features: [u16; NODES],
    /// A question asks whether the feature is at least this.
    pub(crate) thresholds: [f32; NODES],
    /// Whether an empty cell counts as yes, one bit for each question.
    pub(crate) empty: u16,
    /// Whether there is a question at all, one bit for each; where not, the leaf above stands on both sides.
    pub(crate) asked: u16,
    /// The share of training weight that answered no.
    pub(crate) no_shares: [f32; NODES],
    /// What each leaf adds to the log-odds.
    pub(crate) leaves: [f32; LEAVES],
}

impl Tree {
    /// A tree of one leaf.
    pub(crate) fn leaf(value: f32) -> Self {
        Self {
            features: [0; NODES],
            thresholds: [0.0; NODES],
            empty: 0,
            asked: 0,
            no_shares: [1.0; NODES],
            leaves: [value; LEAVES],
        }
    }

    /// The answers of one row of a block.
    pub(crate) fn answers_of(&self, block: &Block, row: usize) -> u16 {
        (0..NODES).fold(0, |answers, node| {
            let cell = block.of(self.features[node], self.empty >> node & 1)[row];
            answers | u16::from(cell >= self.thresholds[node]) << node
        })
    }

    /// The answers of a block of rows, one bit for each question.
    pub(crate) fn answers(&self, block: &Block) -> [u16; BLOCK] {
        let mut answers = [0; BLOCK];
        for node in 0..NODES {
            let cells = block.of(self.features[node], self.empty >> node & 1);
            let threshold = self.thresholds[node];
            for (answer, cell) in answers.iter_mut().zip(cells) {
                *answer |= u16::from(*cell >= threshold) << node;
            }
        }
        answers
    }
}

/// The leaf that a row's answers lead to.
#[inline]
pub(crate) fn leaf_of(answers: u16) -> usize {
    let last = usize::from(LAST_QUESTION[usize::from(answers & 0b111_1111)]);
    (2 * last + usize::from(answers >> (7 + last) & 1)) % LEAVES
}

/// Which of the eight last questions the answers to the seven before lead to. A look is quicker than three steps
/// of which each waits for the one before.
const LAST_QUESTION: [u8; 128] = {
    let mut last = [0; 128];
    let mut answers = 0;
    while answers < last.len() {
        let (mut node, mut place) = (0, 0);
        while node < 7 {
            let yes = answers >> node & 1;
            place = 2 * place + yes;
            node = 2 * node + 1 + yes;
        }
        last[answers] = LAST[place];
        answers += 1;
    }
    last
};

/// The numbers of the last questions, since a constant cannot be narrowed otherwise.
const LAST: [u8; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

/// A block of rows, each feature twice: once with empty cells below every threshold and once above, so that a
/// question need not ask whether a cell is empty.
#[derive(Debug)]
pub(crate) struct Block {
    cells: Vec<Cell>,
}

impl Block {
    pub(crate) fn new(features: usize) -> Self {
        Self { cells: vec![[0.0; BLOCK]; 2 * features] }
    }

    /// Sets a feature's cells; NaN is an empty one.
    pub(crate) fn set(&mut self, feature: usize, cells: impl Iterator<Item = f32>) {
        let [below, above] = &mut self.cells[2 * feature..2 * feature + 2] else { return };
        for ((below, above), cell) in below.iter_mut().zip(above.iter_mut()).zip(cells) {
            *below = if cell.is_nan() { f32::NEG_INFINITY } else { cell };
            *above = if cell.is_nan() { f32::INFINITY } else { cell };
        }
    }

    fn of(&self, feature: u16, empty: u16) -> &Cell {
        &self.cells[2 * usize::from(feature) + usize::from(empty)]
    }
}

impl Forest {
    /// Whether each tree is about the given number of features and holds usable numbers.
    pub(crate) fn is_whole(&self, features: usize) -> bool {
        self.intercept.is_finite()
            && self.trees.iter().all(|tree| {
                tree.features.iter().all(|feature| usize::from(*feature) < features)
                    && tree.thresholds.iter().chain(&tree.leaves).all(|value| value.is_finite())
                    && tree.no_shares.iter().all(|share| (0.0..=1.0).contains(share))
            })
    }

    /// The log-odds of a block of rows.
    pub(crate) fn log_odds(&self, block: &Block) -> [f64; BLOCK] {
        let mut odds = [f64::from(self.intercept); BLOCK];
        for tree in &self.trees {
            let answers = tree.answers(block);
            for (sum, answers) in odds.iter_mut().zip(answers) {
                *sum += f64::from(tree.leaves[leaf_of(answers)]);
            }
        }
        odds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_answers_is_followed_to_its_leaf() {
        for answers in 0..1 << NODES {
            let mut node = 0;
            while node < NODES {
                node = 2 * node + 1 + usize::from(answers >> node & 1);
            }
            assert_eq!(leaf_of(answers), node - NODES);
        }
    }

    #[test]
    fn rows_find_their_leaf_and_empty_cells_the_side_they_learned() {
        let mut tree = Tree::leaf(0.0);
        tree.asked = 0b101;
        (tree.features[0], tree.thresholds[0]) = (0, 1.0);
        (tree.features[2], tree.thresholds[2]) = (1, 5.0);
        tree.empty = 0b100;
        for (leaf, value) in tree.leaves.iter_mut().enumerate() {
            *value = [1.0, 1.0, 2.0, 3.0][leaf / 4];
        }
        let forest = Forest { intercept: 0.5, trees: vec![tree] };
        let mut block = Block::new(2);
        block.set(0, [0.9, 1.0, 1.0, f32::NAN, 2.0].into_iter());
        block.set(1, [9.0, 4.9, 5.0, f32::NAN, f32::NAN].into_iter());
        assert_eq!(forest.log_odds(&block)[..5], [1.5, 2.5, 3.5, 1.5, 3.5]);
        assert!(forest.is_whole(2) && !forest.is_whole(1));
    }
}
