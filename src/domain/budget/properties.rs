use super::*;
use proptest::prelude::*;

/// Limits of three categories and of the first two together, in tenths of the budget.
#[derive(Clone, Debug)]
struct Case {
    ranges: [(u8, u8); 3],
    pair: (u8, u8),
    currents: [u8; 3],
    total: u32,
}

fn range() -> impl Strategy<Value = (u8, u8)> {
    (0_u8..=10, 0_u8..=10).prop_map(|(one, other)| (one.min(other), one.max(other)))
}

fn case() -> impl Strategy<Value = Case> {
    ([range(), range(), range()], range(), [0_u8..=10, 0_u8..=10, 0_u8..=10], 1_u32..1_000_000_000)
        .prop_map(|(ranges, pair, currents, total)| Case { ranges, pair, currents, total })
}

fn tenth(part: u8) -> Size {
    Size::Percent(f64::from(part) * 10.0)
}

fn request(case: &Case, order: [usize; 3]) -> Request {
    let names = ["a", "b", "c"];
    let total = f64::from(case.total) / 100.0;
    let line = |at: usize| Line {
        name: names[at].to_owned(),
        is_own: true,
        least: Some(tenth(case.ranges[at].0)),
        most: Some(tenth(case.ranges[at].1)),
        current: Some(f64::from(case.currents[at]) / 10.0 * total),
        ..Line::default()
    };
    let pair = order.iter().filter(|at| **at < 2).map(|at| names[*at].to_owned());
    Request {
        total: Some(total),
        currency: Currency::default(),
        model: None,
        keep_published: true,
        lines: order.map(line).to_vec(),
        groups: vec![Group {
            names: pair.collect(),
            least: Some(tenth(case.pair.0)),
            most: Some(tenth(case.pair.1)),
        }],
        aim: Aim::Nearest,
    }
}

/// By how much a value lies outside a range.
fn outside(value: u8, (low, high): (u8, u8)) -> u8 {
    low.saturating_sub(value) + value.saturating_sub(high)
}

/// The least that limits have to move, and the least distance among the plans that need no move, both in tenths
/// and found by trying every plan in tenths. Limits on neighbours have their best plans there.
fn by_hand(case: &Case) -> (u8, Option<u8>) {
    let plans = (0..=10_u8).flat_map(|a| (0..=10 - a).map(move |b| [a, b, 10 - a - b]));
    let slack = |plan: &[u8; 3]| {
        let single: u8 = plan.iter().zip(case.ranges).map(|(part, range)| outside(*part, range)).sum();
        single + outside(plan[0] + plan[1], case.pair)
    };
    let distance = |plan: &[u8; 3]| plan.iter().zip(case.currents).map(|(a, b)| a.abs_diff(b)).sum::<u8>();
    let least = plans.clone().map(|plan| slack(&plan)).min().unwrap();
    (least, plans.filter(|plan| slack(plan) == 0).map(|plan| distance(&plan)).min())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_plan_adds_up_is_nearest_and_its_relaxation_the_smallest(case in case()) {
        let plan = allocate(&request(&case, [0, 1, 2])).unwrap();
        prop_assert_eq!(plan.shares.iter().filter_map(|share| share.amount).sum::<u64>(), u64::from(case.total));
        let (least, distance) = by_hand(&case);
        let points = plan.relaxation.as_ref().map_or(0.0, |relaxation| relaxation.points);
        prop_assert!((points - f64::from(least) * 10.0).abs() < 1e-4, "{points} and {least} tenths: {plan:?}");
        let cents = 300.0 / f64::from(case.total);
        if let Some(distance) = distance {
            prop_assert!((plan.distance - f64::from(distance) * 10.0).abs() < 1e-4 + cents, "{distance}: {plan:?}");
        }
        let moved = |at: &str, end: End| {
            let mut moves = plan.relaxation.iter().flat_map(|relaxation| &relaxation.moves);
            moves.find(|moved| moved.categories == [at] && moved.end == end).map(|moved| moved.to)
        };
        for share in &plan.shares {
            let low = moved(&share.id, End::Least).or(share.least.map(|limit| limit.at)).unwrap_or(0.0);
            let high = moved(&share.id, End::Most).or(share.most.map(|limit| limit.at)).unwrap_or(100.0);
            prop_assert!(share.percent > low - 1e-4 - cents && share.percent < high + 1e-4 + cents, "{share:?}");
            prop_assert!(share.could_be.low > low - 1e-4 && share.could_be.high < high + 1e-4, "{share:?}");
        }
    }

    #[test]
    fn the_order_in_which_categories_are_given_does_not_matter(case in case()) {
        let plan = allocate(&request(&case, [0, 1, 2])).unwrap();
        for order in [[2, 1, 0], [1, 2, 0], [0, 2, 1]] {
            prop_assert_eq!(&allocate(&request(&case, order)).unwrap(), &plan);
        }
    }
}
