//! What holds for any journeys.

use super::{
    answer::{Ask, Attribution},
    attribute::attribute,
    channels::Channels,
    collect::{Collected, Collector},
    model::Model,
    tests::{made, terms},
};
use proptest::prelude::*;

type Made = (Vec<u16>, u64, i64, u64);

fn path() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(0..4_u16, 1..5)
}

fn some() -> impl Strategy<Value = Vec<Made>> {
    prop::collection::vec((path(), 0_u64..5, 0_i64..100_000, 0_u64..9), 1..25)
}

fn collect(journeys: &[Made]) -> Collected {
    let mut collector = Collector::new(terms());
    for (path, conversions, cents, nulls) in journeys {
        let cents = if *conversions == 0 { 0 } else { *cents };
        made(&mut collector, path, *conversions, Some(cents), *nulls);
    }
    collector.finish()
}

fn answer(journeys: &[Made]) -> Attribution {
    let ask = Ask { models: Model::ALL.to_vec(), markov_order: 2, resamples: 5, seed: 9, ..Ask::default() };
    let channels = Channels::of(["a", "b", "c", "d"].map(|name| (name, 1)), 100);
    attribute(&channels, &collect(journeys), &[], &ask)
}

fn removal(journeys: &[Made]) -> Option<Vec<f64>> {
    let answer = answer(journeys);
    let markov = answer.models.into_iter().find(|credit| credit.model == Model::Markov)?;
    markov.markov.map(|told| told.removal)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn credit_comes_to_all_that_was_converted(journeys in some()) {
        let answer = answer(&journeys);
        let conversions = answer.counts.touched.conversions;
        prop_assume!(conversions > 0);
        for credit in &answer.models {
            let sum: f64 = credit.conversions.iter().sum();
            prop_assert!((sum - conversions as f64).abs() < 1e-9 * conversions as f64, "{}", credit.model);
            prop_assert_eq!(credit.cents.iter().sum::<i64>(), answer.counts.touched.cents, "{}", credit.model);
            if credit.model != Model::ShapleyRate {
                prop_assert!(credit.conversions.iter().all(|credit| *credit >= 0.0));
            }
        }
    }

    #[test]
    fn the_order_of_journeys_changes_nothing(journeys in some(), at in any::<prop::sample::Index>()) {
        let mut turned = journeys.clone();
        turned.rotate_left(at.index(journeys.len()));
        turned.reverse();
        prop_assert_eq!(answer(&journeys), answer(&turned));
    }

    #[test]
    fn journeys_in_parts_are_the_same_journeys(journeys in some()) {
        let parts: Vec<Made> = journeys
            .iter()
            .flat_map(|(path, conversions, cents, nulls)| {
                let (fewer, less) = (conversions / 2, if *conversions < 2 { 0 } else { cents / 3 });
                [(path.clone(), fewer, less, nulls / 2), (path.clone(), conversions - fewer, cents - less, nulls - nulls / 2)]
            })
            .collect();
        prop_assert_eq!(answer(&journeys), answer(&parts));
    }

    #[test]
    fn no_null_path_lifts_a_removal_effect_above_its_bound(journeys in some(), path in path(), more in 1_u64..50) {
        let mut with = journeys;
        with.push((path, 0, 0, more));
        let converted: u64 = with.iter().map(|(_, conversions, ..)| conversions).sum();
        let Some(effects) = removal(&with) else { return Ok(()) };
        for (channel, effect) in (0_u16..).zip(effects) {
            // Nobody is lost who does not come by, and nobody comes by more often than the channel is touched.
            let touches: u64 = with
                .iter()
                .map(|(path, conversions, _, nulls)| {
                    path.iter().filter(|touch| **touch == channel).count() as u64 * (conversions + nulls)
                })
                .sum();
            let bound = (touches as f64 / converted as f64).min(1.0);
            prop_assert!((0.0..=bound + 1e-12).contains(&effect), "{channel}: {effect} above {bound}");
        }
    }
}
