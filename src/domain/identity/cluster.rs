//! Records that belong together, from the pairs that match.
//!
//! # Design
//! Everything that pairs connect is one cluster, as long as it stays small enough to be true. One that grows beyond is
//! taken apart at its weakest pairs: each record keeps the cluster it had just before the growth. Pairs of the same
//! weight are taken together, so that the order of the records decides nothing, and a higher threshold can only
//! take clusters apart.

use std::collections::{BTreeMap, HashMap};

/// Two records and their match weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// One record.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// The match weight.
    pub weight: f64,
}

/// What keeps clusters from growing together.
#[derive(Clone, Copy, Debug)]
pub struct Guard<'a> {
    /// Records that a cluster may hold.
    pub most: usize,
    /// The table of each record, where a cluster may hold one record of each at most. Sixty-four tables are told apart.
    pub tables: Option<&'a [u8]>,
}

/// Records that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The records, in rising order: two at least.
    pub members: Vec<u32>,
    /// The places, among the pairs, of those that lie within it.
    pub edges: Vec<usize>,
    /// The lightest pair without which it would fall apart into two parts of two records or more each.
    pub bridge: Option<usize>,
    /// Whether it is a part of something that grew too large.
    pub is_cut: bool,
}

/// Clusters, and what was held back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// The clusters, by their first record.
    pub clusters: Vec<Cluster>,
    /// Records of things that grew too large.
    pub overgrown: u64,
    /// Pairs that would have put two records of one table together, or that were one of several equally good choices.
    pub refused: u64,
}

/// Puts records together along the pairs of at least a weight.
pub fn clusters(records: usize, edges: &[Edge], threshold: f64, guard: Guard<'_>) -> Clusters {
    let mut order: Vec<usize> = (0..edges.len()).filter(|at| edges[*at].weight >= threshold).collect();
    order.sort_unstable_by(|a, b| edges[*b].weight.total_cmp(&edges[*a].weight));
    let mut forest = Forest::new(records, guard);
    for group in order.chunk_by(|a, b| edges[*a].weight.total_cmp(&edges[*b].weight).is_eq()) {
        match group {
            [one] => forest.join(&[(edges[*one].a, edges[*one].b)]),
            several => {
                let pairs: Vec<(u32, u32)> = several.iter().map(|at| (edges[*at].a, edges[*at].b)).collect();
                forest.join(&pairs);
            }
        }
    }
    forest.finish(edges, &order)
}

/// Trees of records that were put together, each with a ring through its records.
struct Forest<'a> {
    parent: Vec<u32>,
    size: Vec<u32>,
    /// The next record of the same tree.
    next: Vec<u32>,
    /// The tables of a tree's records, a bit each.
    tables: Vec<u64>,
    /// The name of the cluster that a record of an overgrown tree keeps.
    kept: HashMap<u32, u32>,
    guard: Guard<'a>,
    refused: u64,
}

impl<'a> Forest<'a> {
    fn new(records: usize, guard: Guard<'a>) -> Self {
        let all = u32::try_from(records).unwrap_or(u32::MAX);
        let tables = guard.tables.map(|tables| tables.iter().map(|table| 1 << (table % 64)).collect());
        Self {
            parent: (0..all).collect(),
            size: vec![1; records],
            next: (0..all).collect(),
            tables: tables.unwrap_or_default(),
            kept: HashMap::new(),
            guard,
            refused: 0,
        }
    }

    fn root(&mut self, mut record: u32) -> u32 {
        while self.parent[record as usize] != record {
            let above = self.parent[self.parent[record as usize] as usize];
            self.parent[record as usize] = above;
            record = above;
        }
        record
    }

    fn is_over(&self, root: u32) -> bool {
        self.size[root as usize] as usize > self.guard.most
    }

    /// Puts together what pairs of one weight connect.
    fn join(&mut self, pairs: &[(u32, u32)]) {
        let roots: Vec<(u32, u32)> = pairs.iter().map(|(a, b)| (self.root(*a), self.root(*b))).collect();
        let roots: Vec<(u32, u32)> = roots.into_iter().filter(|(a, b)| a != b).collect();
        for trees in connected(&roots) {
            let size: usize = trees.iter().map(|root| self.size[*root as usize] as usize).sum();
            if self.guard.tables.is_some() && self.meets_itself(&trees) {
                self.refused += 1;
                continue;
            }
            if size > self.guard.most {
                for root in &trees {
                    if !self.is_over(*root) {
                        self.keep(*root);
                    }
                }
            }
            self.unite(&trees);
        }
    }

    fn meets_itself(&self, trees: &[u32]) -> bool {
        let mut seen = 0;
        trees.iter().any(|root| {
            let own = self.tables[*root as usize];
            let meets = seen & own != 0;
            seen |= own;
            meets
        })
    }

    /// Remembers a tree as it is.
    fn keep(&mut self, root: u32) {
        let mut record = root;
        loop {
            self.kept.insert(record, root);
            record = self.next[record as usize];
            if record == root {
                break;
            }
        }
    }

    fn unite(&mut self, trees: &[u32]) {
        let Some((first, rest)) = trees.split_first() else { return };
        let mut root = *first;
        for other in rest {
            let mut other = *other;
            if self.size[root as usize] < self.size[other as usize] {
                std::mem::swap(&mut root, &mut other);
            }
            self.parent[other as usize] = root;
            self.size[root as usize] += self.size[other as usize];
            self.next.swap(root as usize, other as usize);
            if self.guard.tables.is_some() {
                self.tables[root as usize] |= self.tables[other as usize];
            }
        }
    }

    fn finish(mut self, edges: &[Edge], order: &[usize]) -> Clusters {
        let mut names: BTreeMap<u32, Cluster> = BTreeMap::new();
        let mut overgrown = 0;
        let mut by_name: HashMap<(bool, u32), Vec<u32>> = HashMap::new();
        for record in 0..u32::try_from(self.parent.len()).unwrap_or(u32::MAX) {
            let root = self.root(record);
            let kept = self.kept.get(&record).copied();
            overgrown += u64::from(kept.is_some());
            if self.size[root as usize] > 1 {
                by_name.entry((kept.is_some(), kept.unwrap_or(root))).or_default().push(record);
            }
        }
        let mut first_of: HashMap<u32, u32> = HashMap::new();
        for ((is_cut, _), members) in by_name {
            if let [first, _, ..] = members[..] {
                first_of.extend(members.iter().map(|record| (*record, first)));
                names.insert(first, Cluster { members, edges: Vec::new(), bridge: None, is_cut });
            }
        }
        for at in order {
            let ends = [edges[*at].a, edges[*at].b].map(|record| first_of.get(&record));
            if let [Some(a), Some(b)] = ends
                && a == b
                && let Some(cluster) = names.get_mut(a)
            {
                cluster.edges.push(*at);
            }
        }
        let mut clusters: Vec<Cluster> = names.into_values().collect();
        for cluster in &mut clusters {
            cluster.bridge = bridge(cluster, edges);
        }
        Clusters { clusters, overgrown, refused: self.refused }
    }
}

/// The groups that pairs of roots connect, each in rising order.
fn connected(roots: &[(u32, u32)]) -> Vec<Vec<u32>> {
    if let [(a, b)] = roots {
        return vec![vec![*a.min(b), *a.max(b)]];
    }
    let mut near: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (a, b) in roots {
        near.entry(*a).or_default().push(*b);
        near.entry(*b).or_default().push(*a);
    }
    let mut groups = Vec::new();
    while let Some((first, mut open)) = near.pop_first() {
        let mut group = vec![first];
        while let Some(root) = open.pop() {
            if let Some(more) = near.remove(&root) {
                group.push(root);
                open.extend(more);
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

/// The lightest pair of a cluster that alone holds two parts of two records or more each together (Tarjan 1974).
fn bridge(cluster: &Cluster, edges: &[Edge]) -> Option<usize> {
    let records = cluster.members.len();
    if records < 4 {
        return None;
    }
    let place = |record: u32| cluster.members.binary_search(&record).unwrap_or_default();
    let mut near: Vec<Vec<(usize, usize)>> = vec![Vec::new(); records];
    for at in &cluster.edges {
        let (a, b) = (place(edges[*at].a), place(edges[*at].b));
        near[a].push((b, *at));
        near[b].push((a, *at));
    }
    // Depth first without recursion: when each was met, the earliest it reaches, and the records below it.
    let (mut met, mut low, mut below) = (vec![0; records], vec![0; records], vec![1; records]);
    let mut open: Vec<(usize, Option<usize>, usize)> = vec![(0, None, 0)];
    let mut time = 1;
    met[0] = time;
    low[0] = time;
    let mut found: Vec<usize> = Vec::new();
    while let Some((record, came_by, next)) = open.pop() {
        if let Some((other, by)) = near[record].get(next).copied() {
            open.push((record, came_by, next + 1));
            if Some(by) == came_by {
                continue;
            }
            if met[other] > 0 {
                low[record] = low[record].min(met[other]);
            } else {
                time += 1;
                met[other] = time;
                low[other] = time;
                open.push((other, Some(by), 0));
            }
        } else if let (Some((above, ..)), Some(by)) = (open.last().copied(), came_by) {
            low[above] = low[above].min(low[record]);
            below[above] += below[record];
            if low[record] > met[above] && below[record] >= 2 && records - below[record] >= 2 {
                found.push(by);
            }
        }
    }
    // Of equally light ones any: they are told by their weight.
    found.into_iter().min_by(|a, b| edges[*a].weight.total_cmp(&edges[*b].weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(u32, u32, f64)]) -> Vec<Edge> {
        pairs.iter().map(|(a, b, weight)| Edge { a: *a, b: *b, weight: *weight }).collect()
    }

    fn members(found: &Clusters) -> Vec<Vec<u32>> {
        found.clusters.iter().map(|cluster| cluster.members.clone()).collect()
    }

    const FREE: Guard<'static> = Guard { most: 50, tables: None };

    #[test]
    fn what_pairs_connect_is_one_cluster() {
        let edges = edges(&[(0, 1, 9.0), (1, 2, 5.0), (4, 5, 2.0)]);
        let found = clusters(7, &edges, 3.0, FREE);
        assert_eq!(members(&found), [vec![0, 1, 2]]);
        assert_eq!(found.clusters[0].edges, [0, 1]);
        assert_eq!(members(&clusters(7, &edges, 1.0, FREE)), [vec![0, 1, 2], vec![4, 5]]);
    }

    #[test]
    fn what_swallows_everything_is_taken_apart_where_it_is_weakest() {
        // Three tight threes on a weak chain.
        let mut pairs = Vec::new();
        for first in [0, 3, 6] {
            pairs.extend([(first, first + 1, 9.0), (first + 1, first + 2, 8.0), (first, first + 2, 8.5)]);
        }
        pairs.extend([(2, 3, 4.0), (5, 6, 3.5)]);
        let edges = edges(&pairs);
        let found = clusters(9, &edges, 3.0, Guard { most: 5, tables: None });
        assert_eq!(members(&found), [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7, 8]]);
        assert!(found.clusters.iter().all(|cluster| cluster.is_cut));
        assert_eq!(found.overgrown, 9);
        let whole = clusters(9, &edges, 3.0, FREE);
        assert_eq!(members(&whole), [(0..9).collect::<Vec<u32>>()]);
        assert_eq!(whole.clusters[0].bridge, Some(10), "the lighter of the two bridges");
    }

    #[test]
    fn equal_weights_that_overgrow_leave_nothing_together() {
        let star: Vec<(u32, u32, f64)> = (1..100).map(|other| (0, other, 5.0)).collect();
        let found = clusters(100, &edges(&star), 3.0, FREE);
        assert_eq!((found.clusters.len(), found.overgrown), (0, 100));
    }

    #[test]
    fn one_of_each_table_where_asked() {
        let edges = edges(&[(0, 2, 9.0), (1, 2, 5.0), (1, 3, 4.0)]);
        let found = clusters(4, &edges, 3.0, Guard { most: 50, tables: Some(&[0, 0, 1, 1]) });
        assert_eq!(members(&found), [vec![0, 2], vec![1, 3]]);
        assert_eq!(found.refused, 1);
    }

    #[test]
    fn a_ring_has_no_bridge() {
        let edges = edges(&[(0, 1, 9.0), (1, 2, 9.0), (2, 3, 9.0), (3, 0, 9.0)]);
        assert_eq!(clusters(4, &edges, 3.0, FREE).clusters[0].bridge, None);
    }
}
