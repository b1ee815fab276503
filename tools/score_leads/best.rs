//! The best of a stream, as many as are listed.

use std::{cmp::Ordering, collections::BinaryHeap};

/// The best so far.
pub(super) struct Best<T> {
    most: usize,
    /// The worst of the best is on top, to be pushed out first.
    heap: BinaryHeap<Entry<T>>,
}

/// One of them, ranked by its score, then by its name, then by its row.
pub(super) struct Entry<T> {
    pub(super) score: f64,
    pub(super) id: String,
    pub(super) row: u64,
    pub(super) held: T,
}

impl<T> Best<T> {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, heap: BinaryHeap::new() }
    }

    /// Holds what `held` gives, if the score is among the best.
    pub(super) fn offer(&mut self, score: f64, id: &str, row: u64, held: impl FnOnce() -> T) {
        let is_better = |worst: &Entry<T>| order((score, id, row), worst.key()) == Ordering::Less;
        if self.heap.len() < self.most {
            self.heap.push(Entry { score, id: id.to_owned(), row, held: held() });
        } else if self.heap.peek().is_some_and(is_better) {
            self.heap.pop();
            self.heap.push(Entry { score, id: id.to_owned(), row, held: held() });
        }
    }

    /// The best, best first.
    pub(super) fn ranked(self) -> Vec<Entry<T>> {
        self.heap.into_sorted_vec()
    }
}

impl<T> Entry<T> {
    fn key(&self) -> (f64, &str, u64) {
        (self.score, &self.id, self.row)
    }
}

/// The better comes first.
fn order(one: (f64, &str, u64), other: (f64, &str, u64)) -> Ordering {
    other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)).then(one.2.cmp(&other.2))
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.key(), other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::Best;

    #[test]
    fn the_best_are_kept_whatever_the_order() {
        let rows = [(0.1, "f"), (0.9, "b"), (0.9, "a"), (0.5, "c"), (0.4, "d"), (0.5, "e")];
        for turn in 0..rows.len() {
            let mut best = Best::new(4);
            for (row, (score, id)) in rows.iter().cycle().skip(turn).take(rows.len()).enumerate() {
                best.offer(*score, id, row as u64, || ());
            }
            let ids: String = best.ranked().into_iter().map(|entry| entry.id).collect();
            assert_eq!(ids, "abce");
        }
    }
}
