//! What holds for any records.

use super::{
    cluster::{Edge, Guard, clusters},
    compare::Comparison,
    kind::Kind,
    likeness::{level, levels, same},
    model::{Model, Weighed, probability, weight_of},
    pattern::Pattern,
    train::first_guess,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const RECORDS: u32 = 24;

fn edges() -> impl Strategy<Value = Vec<Edge>> {
    let edge = (0..RECORDS, 0..RECORDS, 0_u8..12).prop_filter("two records", |(a, b, _)| a != b);
    proptest::collection::vec(edge.prop_map(|(a, b, weight)| Edge { a, b, weight: f64::from(weight) }), 0..60)
}

fn together(records: u32, edges: &[Edge], threshold: f64, most: usize) -> BTreeSet<Vec<u32>> {
    let found = clusters(records as usize, edges, threshold, Guard { most, tables: None });
    found.clusters.into_iter().map(|cluster| cluster.members).collect()
}

fn renamed(edges: &[Edge], name: impl Fn(u32) -> u32) -> Vec<Edge> {
    let mut renamed: Vec<Edge> =
        edges.iter().map(|edge| Edge { a: name(edge.b), b: name(edge.a), weight: edge.weight }).collect();
    renamed.reverse();
    renamed
}

proptest! {
    #[test]
    fn the_order_of_records_decides_nothing(edges in edges(), turn in 0..RECORDS, most in 2_usize..30) {
        let name = |record: u32| (record + turn) % RECORDS;
        let expected: BTreeSet<Vec<u32>> = together(RECORDS, &edges, 4.0, most)
            .into_iter()
            .map(|members| {
                let mut members: Vec<u32> = members.into_iter().map(name).collect();
                members.sort_unstable();
                members
            })
            .collect();
        prop_assert_eq!(together(RECORDS, &renamed(&edges, name), 4.0, most), expected);
    }

    #[test]
    fn an_unrelated_record_changes_no_cluster(edges in edges(), most in 2_usize..30) {
        prop_assert_eq!(together(RECORDS, &edges, 4.0, most), together(RECORDS + 1, &edges, 4.0, most));
    }

    #[test]
    fn a_higher_threshold_never_makes_clusters_grow(edges in edges(), low in 0_u8..12, more in 0_u8..6, most in 2_usize..30) {
        let before = together(RECORDS, &edges, f64::from(low), most);
        for cluster in together(RECORDS, &edges, f64::from(low + more), most) {
            prop_assert!(before.iter().any(|wide| cluster.iter().all(|record| wide.contains(record))), "{:?}", cluster);
            prop_assert!(cluster.len() <= most);
        }
    }

    #[test]
    fn a_level_is_the_same_either_way_round(a in "[a-z]{1,9}", b in "[a-z]{1,9}") {
        for kind in Kind::ALL {
            let found = level(kind, &a, &b);
            prop_assert_eq!(found, level(kind, &b, &a));
            prop_assert!(found >= 1 && found <= same(kind));
        }
    }

    #[test]
    fn parts_add_up_to_the_match_weight(reached in proptest::collection::vec(0_u8..=4, 3), share in 1e-6_f64..0.5, prior in 1e-9_f64..0.4) {
        let kinds = [Kind::Place, Kind::Company, Kind::Address];
        let weighed = kinds.map(|kind| Weighed {
            comparison: Comparison { name: kind.to_string(), kind },
            m: first_guess(levels(kind).len()),
            u: vec![0.9, 0.06, 0.03, 0.01],
            is_trained: false,
        });
        let model = Model { weighed: weighed.into(), prior };
        let pattern = reached.iter().enumerate().fold(Pattern::default(), |pattern, (at, level)| pattern.with(at, *level));
        let parts = model.parts(pattern, |_| share);
        let sum = model.prior_weight() + parts.iter().map(|part| part.weight + part.rarity).sum::<f64>();
        let weight = model.match_weight(pattern, |_| share);
        prop_assert!((sum - weight).abs() < 1e-9);
        prop_assert!(parts.iter().all(|part| part.level != 0 || part.weight.abs() + part.rarity.abs() == 0.0));
        if weight.abs() < 30.0 {
            prop_assert!((weight_of(probability(weight)) - weight).abs() < 1e-5);
        }
    }
}
