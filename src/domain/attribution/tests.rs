use super::{
    answer::{Ask, Attribution, Scenario},
    attribute::attribute,
    channels::Channels,
    collect::{Collected, Collector, Sum},
    journey::{Conversion, Terms, Timeline, Touch, Untouched},
    model::Model,
    paths::Marks,
};
use crate::value::MICROS_PER_DAY;

pub(super) fn terms() -> Terms {
    Terms {
        window: 90 * MICROS_PER_DAY,
        reset: true,
        once: false,
        collapse: false,
        half_life: 7.0 * MICROS_PER_DAY as f64,
        since: None,
        open_from: i64::MAX,
    }
}

pub(super) fn made(
    collector: &mut Collector,
    path: &[u16],
    conversions: u64,
    cents: Option<i64>,
    nulls: u64,
) {
    collector.add_made(path, Marks::default(), conversions, cents, nulls);
}

fn touch((day, channel): (i64, u16)) -> Touch {
    Touch { at: day * MICROS_PER_DAY, channel }
}

fn conversion((day, cents): (i64, i64)) -> Conversion {
    Conversion { at: day * MICROS_PER_DAY, cents: Some(cents), opened: None }
}

fn timeline(touches: &[(i64, u16)], conversions: &[(i64, i64)]) -> Timeline {
    Timeline {
        touches: touches.iter().copied().map(touch).collect(),
        conversions: conversions.iter().copied().map(conversion).collect(),
        lead: None,
    }
}

fn collect(terms: Terms, timelines: &[Timeline]) -> Collected {
    let mut collector = Collector::new(terms);
    for timeline in timelines {
        collector.add(&mut timeline.clone());
    }
    collector.finish()
}

fn channels(count: usize) -> Channels {
    let names = ["ads", "blog", "calls", "direct", "email"];
    Channels::of(names[..count].iter().map(|name| (*name, 1)), 100)
}

fn answer(collected: &Collected, count: usize, models: &[Model]) -> Attribution {
    let ask = Ask { models: models.to_vec(), markov_order: 1, other_half_lives: true, ..Ask::default() };
    attribute(&channels(count), collected, &[], &ask)
}

/// The paths of the journeys with their conversions and nulls.
fn paths(collected: &Collected) -> Vec<(Vec<u16>, u64, u64)> {
    let rows = collected.paths.rows().iter();
    rows.map(|row| (collected.paths.path(row.path).to_vec(), row.conversions, row.nulls)).collect()
}

#[test]
fn touches_in_the_window_before_a_conversion_make_its_journey() {
    let person = timeline(&[(0, 0), (100, 1), (150, 2), (190, 3)], &[(160, 500)]);
    let found = collect(terms(), &[person]);
    assert_eq!(paths(&found), [(vec![1, 2], 1, 0)], "the first is too old, the last too late");
    assert_eq!((found.counts.touched, found.counts.nulls), (Sum { conversions: 1, cents: 500 }, 0));
}

#[test]
fn a_touch_at_the_moment_of_the_conversion_counts() {
    assert_eq!(paths(&collect(terms(), &[timeline(&[(5, 1)], &[(5, 1)])])), [(vec![1], 1, 0)]);
}

#[test]
fn a_conversion_ends_the_journey_unless_told_otherwise() {
    let person = [timeline(&[(0, 0), (20, 1)], &[(10, 100), (30, 100)])];
    assert_eq!(paths(&collect(terms(), &person)), [(vec![0], 1, 0), (vec![1], 1, 0)]);
    let kept = Terms { reset: false, ..terms() };
    assert_eq!(paths(&collect(kept, &person)), [(vec![0], 1, 0), (vec![0, 1], 1, 0)]);
    let first = collect(Terms { once: true, ..terms() }, &person);
    assert_eq!(paths(&first), [(vec![0], 1, 0)]);
    assert_eq!(first.counts.repeated, Sum { conversions: 1, cents: 100 });
}

#[test]
fn conversions_at_one_moment_share_their_touches() {
    let found = collect(terms(), &[timeline(&[(0, 0)], &[(10, 100), (10, 200)])]);
    assert_eq!(found.counts.touched, Sum { conversions: 2, cents: 300 });
}

#[test]
fn every_conversion_without_a_touch_has_its_reason() {
    let people = [
        timeline(&[], &[(1, 10)]),
        timeline(&[(5, 0)], &[(1, 20)]),
        timeline(&[(0, 0)], &[(300, 40)]),
        timeline(&[(0, 0)], &[(1, 1), (20, 80)]),
    ];
    let found = collect(terms(), &people);
    let reason = |reason| found.counts.untouched[&reason].cents;
    assert_eq!(reason(Untouched::NeverTouched), 10);
    assert_eq!(reason(Untouched::TouchedAfter), 20);
    assert_eq!(reason(Untouched::OutsideWindow), 40);
    assert_eq!(reason(Untouched::UsedBefore), 80);
    assert_eq!(found.counts.untouched(), Sum { conversions: 4, cents: 150 });
}

#[test]
fn who_never_converts_makes_a_null_journey_of_the_last_window() {
    let people = [timeline(&[(0, 0), (200, 1), (210, 2)], &[]), timeline(&[(300, 1)], &[])];
    let found = collect(Terms { open_from: 250 * MICROS_PER_DAY, ..terms() }, &people);
    assert_eq!(paths(&found), [(vec![1], 0, 1), (vec![1, 2], 0, 1)]);
    assert_eq!((found.counts.nulls, found.counts.open), (2, 1));
}

#[test]
fn equal_times_are_put_in_the_order_of_channels_and_told() {
    let one = collect(terms(), &[timeline(&[(0, 2), (0, 1), (1, 0)], &[(2, 1)])]);
    let other = collect(terms(), &[timeline(&[(1, 0), (0, 1), (0, 2)], &[(2, 1)])]);
    assert_eq!(one, other);
    assert_eq!((paths(&one), one.counts.ties), (vec![(vec![1, 2, 0], 1, 0)], 1));
}

#[test]
fn a_person_with_very_many_touches_is_told() {
    let touches: Vec<(i64, u16)> = (0..100_000).map(|at| (at / 2_000, u16::from(at % 2 == 0))).collect();
    let found = collect(terms(), &[timeline(&touches, &[(60, 1_000)])]);
    assert_eq!((found.counts.longest, found.counts.long), (100_000, 1));
    let answer = answer(&found, 2, &[Model::Linear, Model::TimeDecay, Model::Markov]);
    for credit in &answer.models {
        assert_eq!(credit.cents.iter().sum::<i64>(), 1_000, "{}", credit.model);
    }
    assert!(answer.warnings.iter().any(|warning| warning.id == "long_journeys"));
}

/// The shares of one journey of channels 0, 1, 2 ...
#[track_caller]
fn check(model: Model, marks: Marks, touches: u16, expected: &[f64]) {
    let path: Vec<u16> = (0..touches).collect();
    let mut collector = Collector::new(terms());
    collector.add_made(&path, marks, 1, Some(10_000), 0);
    let answer = answer(&collector.finish(), 5, &[model]);
    let shares = &answer.models[0].shares[..usize::from(touches)];
    for (share, expected) in shares.iter().zip(expected) {
        assert!((share - expected).abs() < 1e-12, "{model}: {shares:?}");
    }
}

#[test]
fn positions_share_as_they_are_said_to() {
    let none = Marks::default();
    let marks = |lead, deal| Marks { lead: Some(lead), deal: Some(deal) };
    check(Model::UShaped, none, 1, &[1.0]);
    check(Model::UShaped, none, 2, &[0.5, 0.5]);
    check(Model::UShaped, none, 4, &[0.4, 0.1, 0.1, 0.4]);
    check(Model::WShaped, marks(1, 3), 5, &[0.3, 0.3, 0.05, 0.3, 0.05]);
    check(Model::WShaped, marks(0, 2), 4, &[0.6, 0.05, 0.3, 0.05]);
    check(Model::WShaped, marks(0, 0), 1, &[1.0]);
    check(Model::WShaped, Marks { lead: Some(1), deal: None }, 3, &[0.3 / 0.7, 0.3 / 0.7, 0.1 / 0.7]);
    check(Model::FullPath, marks(1, 2), 5, &[0.225, 0.225, 0.225, 0.1, 0.225]);
    check(Model::FullPath, marks(1, 1), 2, &[0.25, 0.75]);
    check(Model::LastNonDirect, none, 4, &[0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn milestones_are_the_last_touches_before_them() {
    let mut person = timeline(&[(0, 0), (10, 1), (20, 2), (30, 4)], &[(40, 10_000)]);
    person.lead = Some(15 * MICROS_PER_DAY);
    person.conversions[0].opened = Some(20 * MICROS_PER_DAY);
    let found = collect(terms(), &[person]);
    assert_eq!(found.paths.rows()[0].marks, Marks { lead: Some(1), deal: Some(2) });
}

#[test]
fn credit_halves_with_every_half_life() {
    let found = collect(terms(), &[timeline(&[(0, 0), (7, 1), (14, 2)], &[(21, 700)])]);
    let answer = answer(&found, 3, &[Model::TimeDecay]);
    assert_eq!(answer.models[0].cents, [100, 200, 400]);
    let halved = answer.shifts.iter().find(|shift| shift.scenario == "half-life x 0.5").unwrap();
    assert!((halved.to - 16.0 / 21.0).abs() < 1e-12, "{halved:?}");
    let old = collect(terms(), &[timeline(&[(0, 0), (1, 1)], &[(80, 300)])]);
    let ages = Ask { models: vec![Model::TimeDecay], ..Ask::default() };
    let short = Terms { half_life: MICROS_PER_DAY as f64 / 1e4, ..terms() };
    let old_too = collect(short, &[timeline(&[(0, 0), (1, 1)], &[(80, 300)])]);
    for collected in [&old, &old_too] {
        let cents = &attribute(&channels(2), collected, &[], &ages).models[0].cents;
        assert_eq!(cents.iter().sum::<i64>(), 300, "no weight vanishes");
    }
}

#[test]
fn models_that_lack_what_they_need_are_left_out_with_the_reason() {
    let mut collector = Collector::new(terms());
    made(&mut collector, &[0, 1], 5, Some(500), 5);
    let answer = answer(&collector.finish(), 2, &Model::ALL);
    let left_out: Vec<Model> = answer.left_out.iter().map(|(model, _)| *model).collect();
    assert_eq!(left_out, [Model::TimeDecay, Model::WShaped, Model::FullPath]);
    assert_eq!(answer.models.len() + left_out.len(), Model::ALL.len());
}

#[test]
fn without_null_paths_removal_is_reach_and_it_is_said() {
    let mut collector = Collector::new(terms());
    made(&mut collector, &[0, 1], 30, Some(3_000), 0);
    made(&mut collector, &[1], 10, Some(1_000), 0);
    let answer = answer(&collector.finish(), 2, &[Model::Markov]);
    let removal = &answer.models[0].markov.as_ref().unwrap().removal;
    assert!((removal[0] - 0.75).abs() < 1e-12 && (removal[1] - 1.0).abs() < 1e-12, "{removal:?}");
    assert!(answer.warnings.iter().any(|warning| warning.id == "no_null_paths"));
}

#[test]
fn one_channel_gets_all_and_nothing_is_compared() {
    let mut collector = Collector::new(terms());
    made(&mut collector, &[0, 0], 40, Some(4_001), 9);
    let answer = answer(&collector.finish(), 1, &Model::ALL);
    for credit in &answer.models {
        assert_eq!(credit.cents, [4_001], "{}", credit.model);
    }
    assert!(answer.moves.is_empty());
    assert!(answer.warnings.iter().any(|warning| warning.id == "one_channel"));
}

#[test]
fn values_that_are_missing_negative_or_nought_are_told_and_never_taken_for_another() {
    let mut collector = Collector::new(terms());
    for (day, cents) in [(10, Some(1_000)), (30, None), (50, Some(-400)), (70, Some(0))] {
        let conversion = Conversion { at: day * MICROS_PER_DAY, cents, opened: None };
        let touches = vec![touch((day - 1, 0)), touch((day - 1, 1))];
        collector.add(&mut Timeline { touches, conversions: vec![conversion], lead: None });
    }
    let found = collector.finish();
    assert_eq!((found.counts.unvalued, found.counts.zero, found.counts.negative.cents), (1, 1, -400));
    let answer = answer(&found, 2, &[Model::Linear]);
    assert_eq!(answer.models[0].cents, [300, 300]);
    let conversions: f64 = answer.models[0].conversions.iter().sum();
    assert!((conversions - 4.0).abs() < 1e-12);
    for id in ["values_missing", "negative_values", "zero_values", "few_conversions"] {
        assert!(answer.warnings.iter().any(|warning| warning.id == id), "{id}");
    }
}

#[test]
fn refunds_that_outweigh_all_leave_conversions_to_compare_by() {
    let mut collector = Collector::new(terms());
    made(&mut collector, &[0], 3, Some(-500), 1);
    made(&mut collector, &[1], 1, Some(100), 1);
    let answer = answer(&collector.finish(), 2, &[Model::Last, Model::Markov]);
    assert!(!answer.valued);
    assert_eq!(answer.models[0].shares, [0.75, 0.25]);
    assert_eq!(answer.models[0].cents, [-500, 100]);
    assert_eq!(answer.models[1].cents.iter().sum::<i64>(), -400);
}

/// Two channels, of which one plainly earns more for its money.
fn plain_difference(journeys: u64) -> Collected {
    let mut collector = Collector::new(terms());
    made(&mut collector, &[0], journeys, Some(100_000), journeys);
    made(&mut collector, &[1], journeys * 5, Some(500_000), journeys);
    collector.finish()
}

fn moves(collected: &Collected, scenarios: &[Scenario], spend: [f64; 2]) -> Attribution {
    let ask = Ask {
        models: vec![Model::First, Model::Linear, Model::Markov],
        markov_order: 1,
        resamples: 200,
        seed: 3,
        spend: spend.into_iter().map(Some).collect(),
        ..Ask::default()
    };
    attribute(&channels(2), collected, scenarios, &ask)
}

#[test]
fn a_move_is_robust_only_if_everything_agrees() {
    let plain = moves(&plain_difference(50), &[], [1_000.0, 1_000.0]);
    let found = &plain.moves[0];
    assert_eq!((plain.moves.len(), found.from, found.to, found.robust), (1, 0, 1, true), "{found:?}");
    assert!(found.least_ratio.unwrap() > 2.0 && found.resamples_agree == Some(1.0));
    let dear = moves(&plain_difference(50), &[], [1_000.0, 100_000.0]);
    assert_eq!((dear.moves[0].from, dear.moves[0].to), (1, 0), "what counts is the return on spend");
    let even = moves(&plain_difference(50), &[], [1_000.0, 5_000.0]);
    assert!(!even.moves.iter().any(|one| one.robust), "a difference within chance: {:?}", even.moves);
    let few = moves(&plain_difference(3), &[], [1_000.0, 1_000.0]);
    assert!(!few.sufficient && !few.moves[0].robust, "too few conversions");
    let mut other = Collector::new(terms());
    made(&mut other, &[0], 50, Some(900_000), 50);
    made(&mut other, &[1], 50, Some(100_000), 50);
    let other = Scenario { name: "window x 2".to_owned(), collected: other.finish() };
    let scenario = moves(&plain_difference(50), &[other], [1_000.0, 1_000.0]);
    assert!(!scenario.moves[0].robust);
    assert!(scenario.moves[0].against.contains(&"first, window x 2".to_owned()), "{:?}", scenario.moves);
}

#[test]
fn intervals_hold_the_share_and_shrink_with_journeys() {
    let width = |journeys| {
        let answer = moves(&plain_difference(journeys), &[], [1.0, 1.0]);
        let credit = &answer.models[0];
        assert_eq!(credit.resamples, 200);
        let interval = credit.intervals[0];
        assert!(interval.low <= credit.shares[0] && credit.shares[0] <= interval.high);
        interval.high - interval.low
    };
    assert!(width(1_000) < width(20) / 4.0);
}

#[test]
fn without_spend_credit_itself_is_compared() {
    let ask = Ask { models: vec![Model::Last], resamples: 100, ..Ask::default() };
    let answer = attribute(&channels(2), &plain_difference(50), &[], &ask);
    assert!(!answer.by_spend && answer.moves[0].robust);
}

#[test]
fn many_channels_are_drawn_and_agree_with_enumeration() {
    let many = |extra: u16| {
        let mut collector = Collector::new(terms());
        for channel in 0..10_u16 {
            made(&mut collector, &[channel, (channel + 1) % 10], u64::from(channel) + 1, Some(100), 20);
        }
        // Channels that change nothing: rare nulls beyond the tenth.
        (10..10 + extra).for_each(|channel| made(&mut collector, &[channel], 0, None, 1));
        let names: Vec<String> = (0..10 + extra).map(|at| format!("c{at:02}")).collect();
        let channels = Channels::of(names.iter().map(|name| (name.as_str(), 1)), 100);
        let ask = Ask { models: vec![Model::ShapleyRate], seed: 5, ..Ask::default() };
        attribute(&channels, &collector.finish(), &[], &ask).models.remove(0)
    };
    let (exact, drawn) = (many(2), many(3));
    assert_eq!(exact.sampling_error, None);
    let error = drawn.sampling_error.unwrap();
    assert!(error > 0.0 && error < 0.02, "{error}");
    for (exact, drawn) in exact.shares.iter().zip(&drawn.shares) {
        assert!((exact - drawn).abs() < 5.0 * error + 0.01, "{exact} {drawn}");
    }
}
