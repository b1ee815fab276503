use super::{Chain, Effects, reduction, sweeps};
use crate::{
    attribution::{
        collect::Collector,
        paths::Paths,
        resample::Draw,
        tests::{made, terms},
    },
    leads::random::Random,
};

/// Journeys that wander.
fn wandering(channels: u16, journeys: usize, longest: usize) -> Paths {
    let mut random = Random::new(4);
    let mut collector = Collector::new(terms());
    let mut draw = |bound: usize| u16::try_from(random.below(bound)).unwrap();
    for _ in 0..journeys {
        let length = usize::from(draw(longest)) + 1;
        let path: Vec<u16> = (0..length).map(|_| draw(usize::from(channels))).collect();
        let converts = u64::from(path.contains(&0) && draw(3) == 0);
        made(&mut collector, &path, converts, Some(100), 1 - converts);
    }
    collector.finish().paths
}

fn both(paths: &Paths, channels: usize, order: u8) -> (usize, Effects, Effects) {
    let chain = Chain::new(paths, channels, order).unwrap();
    let (flow, all) = chain.flow(paths, Draw::plain());
    let direct = reduction::effects(&chain, &flow, all.conversions);
    (chain.states(), direct, sweeps::effects(&chain, &flow, all.conversions))
}

#[test]
fn sweeping_comes_to_what_reduction_gives() {
    for (order, states) in [(1, 7), (2, 56), (3, 399)] {
        let (found, direct, swept) = both(&wandering(7, 4_000, 9), 7, order);
        assert_eq!(found, states);
        assert!(swept.bound <= 1e-12);
        for (direct, swept) in direct.removal.iter().zip(&swept.removal) {
            assert!((direct - swept).abs() < 1e-11, "order {order}: {direct} {swept}");
        }
    }
}

#[test]
fn a_chain_that_people_stay_in_for_long_loses_no_digits() {
    // Each journey wanders for 4,000 touches between two channels; one in two visits a third at its end and converts.
    let mut collector = Collector::new(terms());
    let wander: Vec<u16> = (0..4_000).map(|at| at % 2).collect();
    made(&mut collector, &wander, 0, None, 1);
    made(&mut collector, &[wander.clone(), vec![2]].concat(), 1, Some(1), 0);
    let (_, direct, swept) = both(&collector.finish().paths, 3, 1);
    for effects in [direct, swept] {
        let off = effects.removal.iter().map(|effect| (effect - 1.0).abs()).fold(0.0, f64::max);
        assert!(off < 1e-11, "{effects:?}");
    }
}

#[test]
fn a_chain_of_too_many_states_is_not_begun() {
    let mut collector = Collector::new(terms());
    let mut random = Random::new(1);
    let path: Vec<u16> = (0..600_000).map(|_| u16::try_from(random.below(90)).unwrap()).collect();
    made(&mut collector, &path, 1, Some(1), 1);
    let paths = collector.finish().paths;
    assert!(Chain::new(&paths, 90, 1).is_some());
    assert!(Chain::new(&paths, 90, 8).is_none());
}
