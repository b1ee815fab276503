use super::*;
use crate::value::MICROS_PER_DAY;
use proptest::prelude::*;

pub(super) const DAY: i64 = MICROS_PER_DAY;
pub(super) const NOW: i64 = 20_000 * DAY;

pub(super) fn terms() -> Terms {
    Terms { horizon_days: 30.0, pushes: 2, quiet_days: 30.0, seed: 1 }
}

pub(super) fn stages(names: &[&str]) -> Vec<Stage> {
    names.iter().map(|name| Stage { name: (*name).to_owned(), kind: classify(name) }).collect()
}

/// Facts of one open stage and the two ends: for each deal when it entered, counted back from now, after how many
/// days it left, and for which stage.
pub(super) fn pipeline(deals: &[(i64, Option<(i64, usize)>)]) -> Facts {
    let mut facts = Facts {
        stages: stages(&["proposal", "closed_won", "closed_lost", "contract"]),
        basis: Basis::StageHistory { starts: 0 },
        ..Facts::default()
    };
    for (at, (ago, left)) in deals.iter().enumerate() {
        let entered = NOW - ago * DAY;
        facts.entries.push(Entry { deal: at, stage: 0, at: entered });
        if let Some((after, to)) = left {
            facts.entries.push(Entry { deal: at, stage: *to, at: entered + after * DAY });
        }
        let stage = left.map_or(0, |(_, to)| to);
        let id = format!("D{at:04}");
        facts.deals.push(Deal {
            id,
            stage: Some(stage),
            created: Some(entered),
            amount: Some(100.0),
            ..Deal::default()
        });
    }
    facts
}

/// Two hundred deals that leave after 1 to 40 days, every third lost, and some that never leave.
pub(super) fn with_stalled(stalled: i64) -> Facts {
    let ended = (0..200).map(|at| (400 - at, Some((1 + at % 40, 1 + usize::from(at % 3 == 0)))));
    let young = (0..10).map(|at| (1 + at, None));
    let stuck = (0..stalled).map(|at| (150 + 10 * at, None));
    pipeline(&ended.chain(young).chain(stuck).collect::<Vec<_>>())
}

#[test]
fn stages_are_known_by_their_words() {
    for (name, kind) in [
        ("closed_won", StageKind::Won),
        ("Closed Lost", StageKind::Lost),
        ("Disqualified", StageKind::Lost),
        ("Closed", StageKind::Closed),
        ("not won yet", StageKind::Open),
        ("negotiation", StageKind::Open),
        ("", StageKind::Open),
    ] {
        assert_eq!(classify(name), kind, "{name}");
    }
}

#[test]
fn stalled_deals_are_found_and_young_ones_are_not() {
    let facts = with_stalled(6);
    let outlook = outlook(&facts, NOW, &terms());
    let stalled: Vec<&str> = outlook
        .deals
        .iter()
        .filter(|deal| deal.reasons.iter().any(|reason| reason.kind == ReasonKind::Stalled))
        .map(|deal| deal.id.as_str())
        .collect();
    assert_eq!(stalled.len(), 6, "{stalled:?}");
    assert!(stalled.iter().all(|id| *id >= "D0210"), "{stalled:?}");
    assert!(
        outlook.deals[..6].iter().all(|deal| deal.reasons[0].kind == ReasonKind::Stalled),
        "they come first"
    );
    let stall = outlook.stages[0].stall.unwrap();
    assert!((20.0..=150.0).contains(&stall.days) && stall.left == 0 && stall.expected > 5.0, "{stall:?}");
    assert_eq!(outlook.stages[0].open, 16);
}

#[test]
fn a_stage_that_does_not_dry_up_has_no_stall() {
    assert_eq!(outlook(&with_stalled(0), NOW, &terms()).stages[0].stall, None);
}

#[test]
fn open_deals_are_not_measured_by_the_median_of_the_ended() {
    // Half of the deals end after a day, the others go on: the median of ended stays is one day, and half last on.
    let deals: Vec<_> = (0..40).map(|at| (100, (at % 2 == 0).then_some((1, 2)))).collect();
    let outlook = outlook(&pipeline(&deals), NOW, &terms());
    assert_eq!(outlook.stages[0].ninth_decile_days, None, "four in ten never left");
    let deal = &outlook.deals[0];
    assert!((deal.longer_stays.unwrap() - 0.5).abs() < 1e-12, "{deal:?}");
}

#[test]
fn a_chance_is_that_of_the_deals_that_had_reached_the_age() {
    // Of 40 deals 20 are lost on day 5; of the 20 others 10 are lost on day 50 and 10 are won on day 60.
    let mut deals = Vec::new();
    for at in 0..40 {
        deals.push((
            300,
            Some(if at < 20 {
                (5, 2)
            } else if at < 30 {
                (50, 2)
            } else {
                (60, 1)
            }),
        ));
    }
    deals.push((30, None));
    let outlook = outlook(&pipeline(&deals), NOW, &terms());
    let deal = &outlook.deals[0];
    let (loss, win, leaving) = (deal.loss.unwrap(), deal.win.unwrap(), deal.leaving.unwrap());
    assert!((loss.value - 0.5).abs() < 1e-12, "{loss:?}");
    assert!((win.value - 0.5).abs() < 1e-12, "{win:?}");
    assert!((leaving.value - 1.0).abs() < 1e-12, "{leaving:?}");
    assert!(loss.interval.low > 0.2 && loss.interval.high < 0.8, "{loss:?}");
}

#[test]
fn a_reason_that_nearly_all_have_is_told_apart() {
    let mut facts = with_stalled(20);
    facts.have.next_step = true;
    for deal in &mut facts.deals {
        deal.next_step = Some(false);
    }
    let outlook = outlook(&facts, NOW, &terms());
    assert_eq!(outlook.shared, [Shared { kind: ReasonKind::NoNextStep, deals: 30, open: 30 }]);
    assert!(
        outlook
            .deals
            .iter()
            .flat_map(|deal| &deal.reasons)
            .all(|reason| reason.kind != ReasonKind::NoNextStep)
    );
}

#[test]
fn what_cannot_be_looked_for_is_named() {
    let outlook = outlook(&with_stalled(0), NOW, &terms());
    let kinds: Vec<ReasonKind> = outlook.not_looked_for.iter().map(|(kind, _)| *kind).collect();
    assert!(!kinds.contains(&ReasonKind::Stalled) && kinds.contains(&ReasonKind::Slipping), "{kinds:?}");
}

#[test]
fn reasons_say_their_numbers() {
    let deal = Deal {
        close_date: Some(NOW - 12 * DAY),
        next_step: Some(false),
        contacts: Some(1),
        last_activity: Some(NOW - 45 * DAY),
        pushes: Some(Pushes { times: 3, days: 61.0 }),
        amount_change: Some(Change { from: 1_000.0, to: 600.0 }),
        ..Deal::default()
    };
    let have = Have {
        close_date: true,
        next_step: true,
        contacts: true,
        activity: true,
        pushes: true,
        amounts: true,
    };
    let told: Vec<String> =
        reason::of_record(&deal, have, NOW, &terms()).into_iter().map(|reason| reason.fact).collect();
    assert_eq!(
        told,
        [
            "its close date passed 12 days ago",
            "its close date was put off 3 times, 61 days in all",
            "its amount fell by 40%",
            "no next step is written down",
            "one person of the buyer is linked to it",
            "nothing was done about it for 45 days",
        ]
    );
    let fine = Deal { close_date: Some(NOW), contacts: Some(2), last_activity: Some(NOW), ..Deal::default() };
    assert!(reason::of_record(&fine, have, NOW, &terms()).is_empty(), "the close date is today");
}

#[test]
fn the_backtest_sees_only_what_had_happened() {
    // Deals that enter all the time; those that are lost are lost on day 3, the others are won on day 40.
    let ends = |at| if at % 2 == 0 { (3, 2) } else { (40, 1) };
    let deals: Vec<_> = (0..1_600).map(|at| (at / 4, (at > 160).then(|| ends(at)))).collect();
    let facts = pipeline(&deals);
    let backtest = outlook(&facts, NOW, &terms()).backtest.unwrap();
    assert_eq!(backtest.dates.len(), 6);
    let Checked { concordance, happened, mean_chance, .. } = &backtest.loss;
    let concordance = concordance.unwrap();
    assert!(concordance.interval.low > 0.9, "only deals younger than 3 days are lost: {concordance:?}");
    assert_eq!(backtest.loss.ranking(), Ranking::Ranks);
    assert!((mean_chance.unwrap() - happened.rate().unwrap()).abs() < 0.05, "{mean_chance:?} {happened:?}");
    // What happens after the last date changes nothing that was foretold for the dates before.
    let mut later = facts.clone();
    later.entries.retain(|entry| entry.at <= NOW - 30 * DAY);
    later.deals.iter_mut().for_each(|deal| deal.stage = None);
    let chances = |facts: &Facts| {
        let stays = Stays::of(facts, NOW).seen;
        outlook::curves(4, &stays, NOW - 60 * DAY)[0].clone()
    };
    assert_eq!(chances(&facts), chances(&later));
}

#[test]
fn without_entries_there_is_an_inventory_and_no_chance() {
    let mut facts = with_stalled(2);
    facts.entries.clear();
    facts.basis = Basis::Snapshot;
    let outlook = outlook(&facts, NOW, &terms());
    assert!(outlook.stages.is_empty() && outlook.backtest.is_none());
    assert!(outlook.deals.iter().all(|deal| deal.loss.is_none() && deal.days_in_stage.is_none()));
    let inventory = inventory(&facts, NOW);
    assert_eq!((inventory.len(), inventory[0].deals), (1, 12));
    assert!((inventory[0].amount.unwrap() - 1_200.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn ways_out_and_staying_sum_to_one(stays in stays(1..60), age in 0.0..50.0_f64, more in 1.0..50.0_f64) {
        let curve = Curve::of(stays);
        let ways: f64 = Exit::ALL.iter().map(|exit| curve.incidence(*exit, age).unwrap().value).sum();
        prop_assert!((ways + curve.staying(age).unwrap().value - 1.0).abs() < 1e-9);
        if let Some(on) = curve.staying_on(age, more) {
            let ways: f64 = Exit::ALL.iter().map(|exit| curve.leaving_by(*exit, age, more).unwrap().value).sum();
            prop_assert!((ways + on.value - 1.0).abs() < 1e-9);
            prop_assert!(0.0 <= on.interval.low && on.interval.low <= on.value + 1e-12);
            prop_assert!(on.value <= on.interval.high + 1e-12 && on.interval.high <= 1.0);
        }
    }

    #[test]
    fn a_chance_from_an_age_is_the_ratio_of_two(stays in stays(10..60), age in 0.0..30.0_f64, more in 1.0..30.0_f64) {
        let curve = Curve::of(stays);
        if let Some(on) = curve.staying_on(age, more) {
            let (before, after) = (curve.staying(age).unwrap().value, curve.staying(age + more).unwrap().value);
            prop_assert!((on.value - after / before).abs() < 1e-9);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(stays in stays(1..40), seed in 0..100_usize) {
        let mut turned = stays.clone();
        turned.rotate_left(seed % stays.len());
        turned.reverse();
        prop_assert_eq!(Curve::of(stays), Curve::of(turned));
    }
}

fn stays(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(f64, Option<Exit>)>> {
    let exit =
        prop_oneof![Just(None), Just(Some(Exit::Won)), Just(Some(Exit::Lost)), Just(Some(Exit::Moved))];
    prop::collection::vec((0..40_u32, exit).prop_map(|(days, exit)| (f64::from(days), exit)), count)
}
