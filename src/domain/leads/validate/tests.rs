//! Scores with a known fault each, and one without.

use super::*;
use crate::leads::random::Random;
use proptest::prelude::*;

const DAY: i64 = 86_400_000_000;

struct Leads {
    scores: Vec<Option<f64>>,
    outcomes: Vec<Option<bool>>,
    times: Vec<Option<i64>>,
    activity: Vec<Option<f64>>,
    intent: Vec<f64>,
}

/// Leads whose chance of converting rises with a hidden intent, and a score made from intent and activity.
fn leads(rows: usize, score: impl Fn(f64, f64, f64, &mut Random) -> f64) -> Leads {
    let mut random = Random::new(11);
    let mut leads =
        Leads { scores: vec![], outcomes: vec![], times: vec![], activity: vec![], intent: vec![] };
    for row in 0..rows {
        let (intent, activity) = (random.unit(), (random.unit() * 30.0).floor());
        let progress = row as f64 / rows as f64;
        leads.scores.push(Some(score(intent, activity, progress, &mut random)));
        leads.outcomes.push(Some(random.unit() < 0.05 + 0.4 * intent));
        leads.times.push(i64::try_from(row).ok().map(|row| row * DAY / 10));
        leads.activity.push(Some(activity));
        leads.intent.push(intent);
    }
    leads
}

impl Leads {
    fn subject(&self) -> Subject<'_> {
        Subject {
            scores: &self.scores,
            outcomes: &self.outcomes,
            times: Some(&self.times),
            activity: Some(&self.activity),
            ..Subject::default()
        }
    }
}

fn of(subject: &Subject<'_>) -> Validation {
    validate(subject, &Lens::shipped().unwrap(), 3).unwrap()
}

#[test]
fn a_good_score_predicts() {
    let leads = leads(4000, |intent, _, _, random| intent + 0.3 * random.unit());
    let found = of(&leads.subject());
    assert_eq!(found.verdict, Verdict::Predictive, "{:?}", found.reasons);
    assert_eq!(found.reasons.len(), 1, "{:?}", found.reasons);
    assert!(found.monotonicity.holds() && found.deciles.len() == 10 && found.calibration_error.is_none());
    assert_eq!(found.decay.unwrap().decays, Some(false));
    assert_eq!(found.drift.unwrap().shift, Shift::None);
    assert_eq!(found.activity.unwrap().rewards, Rewards::Intent);
    assert!(found.lift[0].lift > 1.4 && (found.lift[0].capture - found.lift[0].lift * 0.1).abs() < 1e-9);
}

#[test]
fn a_score_of_chance_or_turned_round_does_not_predict() {
    let chance = of(&leads(4000, |_, _, _, random| random.unit()).subject());
    assert_eq!(chance.verdict, Verdict::NotPredictive);
    assert!(chance.next.contains("stop routing"), "{}", chance.next);
    let turned = of(&leads(4000, |intent, _, _, _| -intent).subject());
    assert_eq!(turned.verdict, Verdict::NotPredictive);
    assert!(turned.reasons[0].contains("wrong way round") && !turned.monotonicity.holds());
}

#[test]
fn a_count_of_activity_is_told_from_intent() {
    let counted = of(&leads(4000, |_, activity, _, random| activity + random.unit()).subject());
    let activity = counted.activity.unwrap();
    assert_eq!(activity.rewards, Rewards::Activity);
    assert!(activity.correlation > 0.95, "{activity:?}");
    let mixed = of(&leads(4000, |intent, activity, _, _| activity + 20.0 * intent).subject());
    assert_eq!(mixed.activity.unwrap().rewards, Rewards::Intent);
}

#[test]
fn decay_and_drift_are_seen() {
    let fading =
        leads(8000, |intent, _, progress, random| (1.0 - progress) * intent + progress * random.unit());
    let found = of(&fading.subject());
    assert_eq!(found.decay.as_ref().unwrap().decays, Some(true));
    assert_eq!(found.decay.unwrap().periods.len(), 4);
    let moved =
        of(&leads(4000, |intent, _, progress, _| intent + if progress > 0.5 { 0.5 } else { 0.0 }).subject());
    assert_eq!(moved.drift.unwrap().shift, Shift::Material);
}

#[test]
fn the_drift_test_raises_as_many_false_alarms_as_it_says() {
    let thresholds = Lens::shipped().unwrap().thresholds;
    let mut random = Random::new(21);
    let mut alarms = 0;
    let mut by_thumb = 0;
    for _ in 0..2000 {
        let mut draw = || -> Vec<f64> { (0..100).map(|_| random.unit()).collect() };
        let found = drift(&draw(), &draw(), &thresholds).unwrap();
        alarms += usize::from(found.shift != Shift::None);
        by_thumb += usize::from(found.psi > 0.25);
    }
    assert!((60..=150).contains(&alarms), "{alarms} of 2000 at 5%");
    assert!(by_thumb > 200, "{by_thumb} of 2000 exceed 0.25 by chance");
}

#[test]
fn leaks_void_the_verdict() {
    let mut filled = leads(2000, |intent, _, _, _| intent);
    for (score, outcome) in filled.scores.iter_mut().zip(&filled.outcomes) {
        if *outcome == Some(false) && score.is_some_and(|score| score < 0.9) {
            *score = None;
        }
    }
    let found = of(&filled.subject());
    assert_eq!(found.verdict, Verdict::Insufficient, "{:?}", found.reasons);
    assert!(matches!(found.leak.leaks.as_slice(), [Leak::Fill(area)] if *area > 0.9));

    let stamped = leads(2000, |intent, _, _, _| intent);
    let outcome_at: Vec<Option<i64>> =
        stamped.times.iter().map(|time| time.map(|time| time + 30 * DAY)).collect();
    let scored_at: Vec<Option<i64>> = outcome_at
        .iter()
        .enumerate()
        .map(|(row, time)| time.map(|time| time + if row % 5 == 0 { DAY } else { -DAY }))
        .collect();
    let subject = Subject { scored_at: Some(&scored_at), outcome_at: Some(&outcome_at), ..stamped.subject() };
    assert!(matches!(of(&subject).leak.leaks.as_slice(), [Leak::Late(share)] if (share - 0.2).abs() < 0.1));

    let mut equal = leads(2000, |_, _, _, _| 0.0);
    equal.scores =
        equal.outcomes.iter().map(|outcome| outcome.map(|outcome| f64::from(u8::from(outcome)))).collect();
    let found = of(&equal.subject());
    assert_eq!((found.verdict, found.leak.leaks), (Verdict::Insufficient, vec![Leak::TooGood(1.0)]));
}

#[test]
fn a_leak_turned_round_is_a_leak() {
    let mut filled = leads(2000, |intent, _, _, _| intent);
    for (score, outcome) in filled.scores.iter_mut().zip(&filled.outcomes) {
        if *outcome == Some(true) && score.is_some_and(|score| score < 0.9) {
            *score = None;
        }
    }
    let found = of(&filled.subject());
    assert_eq!(found.verdict, Verdict::Insufficient, "{:?}", found.reasons);
    assert!(matches!(found.leak.leaks.first(), Some(Leak::Fill(area)) if *area < 0.1), "{:?}", found.leak);

    let mut turned = leads(2000, |_, _, _, _| 0.0);
    let against = |outcome: &Option<bool>| outcome.map(|outcome| f64::from(u8::from(!outcome)));
    turned.scores = turned.outcomes.iter().map(against).collect();
    assert_eq!(of(&turned.subject()).leak.leaks, [Leak::TooGood(0.0)]);
}

#[test]
fn only_a_converted_lead_scored_after_its_outcome_is_late() {
    let stamped = leads(2000, |intent, _, _, random| intent + random.unit());
    let outcome_at: Vec<Option<i64>> =
        stamped.times.iter().map(|time| time.map(|time| time + 30 * DAY)).collect();
    // Those that converted were scored at the very moment, the others a day after.
    let later = stamped.outcomes.iter().map(|outcome| if *outcome == Some(true) { 0 } else { DAY });
    let scored_at: Vec<Option<i64>> =
        outcome_at.iter().zip(later).map(|(time, later)| time.map(|time| time + later)).collect();
    let subject = Subject { scored_at: Some(&scored_at), outcome_at: Some(&outcome_at), ..stamped.subject() };
    let leak = of(&subject).leak;
    assert_eq!((leak.late.and_then(Proportion::rate), leak.leaks), (Some(0.0), Vec::new()));
}

#[test]
fn equal_scores_share_a_bin_and_equal_times_a_period() {
    let earlier: Vec<f64> = (0..100).map(|row| if row < 30 { 0.0 } else { f64::from(row) }).collect();
    let found = drift(&earlier, &earlier, &Lens::shipped().unwrap().thresholds).unwrap();
    assert_eq!(found.bins, 8, "the three lowest tenths are one value");

    let mut leads = leads(4000, |intent, _, _, random| intent + random.unit());
    for (row, time) in leads.times.iter_mut().enumerate() {
        *time = i64::try_from(row / 700).ok().map(|day| day * DAY);
    }
    let periods = of(&leads.subject()).decay.unwrap().periods;
    assert!(periods.len() > 2 && periods.windows(2).all(|pair| pair[0].to < pair[1].from), "{periods:?}");
}

#[test]
fn a_period_with_few_leads_of_either_outcome_is_not_judged() {
    let judged = |converted: fn(usize) -> bool| {
        let mut leads = leads(4000, |intent, _, _, random| intent + random.unit());
        for (row, outcome) in leads.outcomes.iter_mut().enumerate() {
            *outcome = Some(converted(row));
        }
        let decay = of(&leads.subject()).decay.unwrap();
        (decay.periods.iter().filter(|period| period.auc.is_some()).count(), decay.decays)
    };
    assert_eq!(judged(|row| row % 500 == 0), (0, None));
    assert_eq!(judged(|row| row % 500 != 0), (0, None));
}

#[test]
fn our_model_is_compared_on_the_same_leads() {
    let weak = leads(4000, |intent, _, _, random| 0.3 * intent + random.unit());
    let mut ours: Vec<Option<f64>> = weak.intent.iter().copied().map(Some).collect();
    ours[..1000].fill(None);
    let comparison = of(&Subject { ours: Some(&ours), ..weak.subject() }).comparison.unwrap();
    assert_eq!(comparison.rows, 3000);
    assert!(comparison.difference.is_better() && comparison.ours > comparison.score, "{comparison:?}");
}

#[test]
fn too_little_is_insufficient_and_says_how_much_more() {
    let few = of(&leads(60, |intent, _, _, _| intent).subject());
    assert_eq!(few.verdict, Verdict::Insufficient);
    assert!(few.next.starts_with("bring about") && few.next.contains("converted leads"), "{}", few.next);
    let none = Subject { scores: &[Some(1.0); 200], outcomes: &[Some(false); 200], ..Subject::default() };
    assert!(of(&none).reasons[0].starts_with("There are 0 converted leads"));
    let all = Subject { scores: &[Some(1.0); 200], outcomes: &[Some(true); 200], ..Subject::default() };
    assert!(of(&all).reasons[0].starts_with("There are 0 leads with a score that did not convert"));
    let unsure = of(&leads(600, |intent, _, _, random| 0.4 * intent + random.unit()).subject());
    assert_eq!(unsure.verdict, Verdict::Insufficient, "{:?}", unsure.auc);
    assert!(unsure.reasons[0].contains("on both sides of 0.60"), "{:?}", unsure.reasons);
}

#[test]
fn faulty_columns_are_refused_by_name() {
    let lens = Lens::shipped().unwrap();
    let refuse = |subject: &Subject<'_>| validate(subject, &lens, 1).unwrap_err();
    assert_eq!(refuse(&Subject::default()), SubjectError::NoRows);
    let uneven = Subject { scores: &[Some(1.0)], ..Subject::default() };
    assert_eq!(refuse(&uneven), SubjectError::Uneven("outcomes"));
    let faulty = Subject { scores: &[Some(f64::NAN)], outcomes: &[None], ..Subject::default() };
    assert_eq!(refuse(&faulty), SubjectError::NotANumber { column: "scores", row: 1 });
}

#[test]
fn an_interval_across_the_threshold_proves_neither() {
    let estimate = |value: f64, low: f64, high: f64| AucEstimate {
        value,
        interval: crate::proportion::Interval { low, high },
        positives: 100,
        negatives: 100,
    };
    assert_eq!(by_interval(&estimate(0.65, 0.6, 0.7), 0.6), Verdict::Predictive);
    assert_eq!(by_interval(&estimate(0.65, 0.59, 0.71), 0.6), Verdict::Insufficient);
    assert_eq!(by_interval(&estimate(0.55, 0.5, 0.6), 0.6), Verdict::Insufficient);
    assert_eq!(by_interval(&estimate(0.55, 0.5, 0.599), 0.6), Verdict::NotPredictive);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_changes_nothing(seed in 0_u64..500) {
        let leads = leads(400, |intent, activity, _, random| (intent * 8.0).floor() + 0.02 * activity + random.unit());
        let ours: Vec<Option<f64>> = leads.intent.iter().copied().map(Some).collect();
        let mut order: Vec<usize> = (0..400).collect();
        Random::new(seed).shuffle(&mut order);
        let mixed = Leads {
            scores: order.iter().map(|row| leads.scores[*row]).collect(),
            outcomes: order.iter().map(|row| leads.outcomes[*row]).collect(),
            times: order.iter().map(|row| leads.times[*row]).collect(),
            activity: order.iter().map(|row| leads.activity[*row]).collect(),
            intent: order.iter().map(|row| leads.intent[*row]).collect(),
        };
        let mixed_ours: Vec<Option<f64>> = mixed.intent.iter().copied().map(Some).collect();
        let first = of(&Subject { ours: Some(&ours), ..leads.subject() });
        let other = of(&Subject { ours: Some(&mixed_ours), ..mixed.subject() });
        prop_assert_eq!(first.verdict, other.verdict);
        prop_assert_eq!((first.auc, first.comparison, first.drift), (other.auc, other.comparison, other.drift));
        prop_assert_eq!((first.lift, first.decay, first.monotonicity), (other.lift, other.decay, other.monotonicity));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        prop_assert!(near(first.activity.unwrap().correlation, other.activity.unwrap().correlation));
    }
}
