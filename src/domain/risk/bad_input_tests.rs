//! Data as it really comes.

use super::{
    tests::{DAY, NOW, pipeline, stages, terms, with_stalled},
    *,
};

fn of_one(path: &[(usize, i64)], stage: usize) -> Facts {
    Facts {
        stages: stages(&["proposal", "contract", "closed_lost", "closed"]),
        deals: vec![Deal {
            id: "D".into(),
            stage: Some(stage),
            created: Some(NOW - 100 * DAY),
            ..Deal::default()
        }],
        entries: path
            .iter()
            .map(|(stage, ago)| Entry { deal: 0, stage: *stage, at: NOW - ago * DAY })
            .collect(),
        basis: Basis::StageHistory { starts: 0 },
        ..Facts::default()
    }
}

#[test]
fn a_reopened_deal_begins_a_new_stay() {
    let stays = Stays::of(&of_one(&[(0, 100), (2, 80), (0, 50), (1, 20)], 1), NOW);
    assert_eq!(stays.reopened, 1);
    let told: Vec<_> = stays.seen.iter().map(|stay| (stay.stage, stay.by(NOW))).collect();
    assert_eq!(told, [(0, (20.0, Some(Exit::Lost))), (0, (30.0, Some(Exit::Moved))), (1, (20.0, None))]);
}

#[test]
fn entries_at_the_same_moment_leave_one_stay() {
    let stays = Stays::of(&of_one(&[(0, 100), (1, 60), (2, 60)], 2), NOW);
    assert_eq!(stays.replaced, 1);
    assert_eq!(stays.seen.len(), 1);
    assert_eq!(stays.seen[0].by(NOW), (40.0, Some(Exit::Lost)), "the closing entry is the last");
}

#[test]
fn a_stage_that_is_written_twice_is_one_stay() {
    let stays = Stays::of(&of_one(&[(0, 100), (0, 90), (0, 80), (1, 20)], 1), NOW);
    assert_eq!(stays.seen[0].by(NOW), (80.0, Some(Exit::Moved)));
    assert_eq!(stays.seen.len(), 2);
}

#[test]
fn future_entries_are_left_out_and_counted() {
    let stays = Stays::of(&of_one(&[(0, 100), (1, -5)], 0), NOW);
    assert_eq!((stays.in_future, stays.seen.len()), (1, 1));
    assert_eq!(stays.seen[0].by(NOW), (100.0, None));
}

#[test]
fn a_history_that_disagrees_with_the_deal_says_nothing_of_its_age() {
    let facts = of_one(&[(0, 100)], 1);
    assert_eq!(Stays::of(&facts, NOW).out_of_step, 1);
    let outlook = outlook(&facts, NOW, &terms());
    assert_eq!(outlook.deals[0].days_in_stage, None);
}

#[test]
fn what_began_before_the_history_is_left_out() {
    let mut facts = of_one(&[(0, 50), (1, 20)], 1);
    facts.basis = Basis::StageHistory { starts: NOW - 60 * DAY };
    let stays = Stays::of(&facts, NOW);
    assert_eq!(stays.began_unseen, 1);
    assert_eq!(stays.seen.len(), 1, "the stay that followed was seen to begin");
    facts.entries.pop();
    facts.deals[0].stage = Some(0);
    assert_eq!(outlook(&facts, NOW, &terms()).basis, Basis::Snapshot, "nothing was seen to begin");
}

#[test]
fn a_closing_that_says_not_how_ends_a_stay_without_a_way() {
    let facts = of_one(&[(0, 100), (3, 60)], 3);
    let stays = Stays::of(&facts, NOW);
    assert_eq!(stays.seen[0].by(NOW), (40.0, None));
    assert!(!stays.seen[0].lasts_at(NOW - 59 * DAY));
}

#[test]
fn too_few_stays_give_no_chance() {
    let deals: Vec<_> = (0..9).map(|at| (100 + at, Some((5, 2)))).chain([(1, None)]).collect();
    let outlook = outlook(&pipeline(&deals), NOW, &terms());
    assert_eq!(outlook.deals[0].loss, None, "nine had reached the age of a day");
    assert_eq!(outlook.backtest.unwrap().loss.ranking(), Ranking::Insufficient);
}

#[test]
fn nobody_followed_so_long_gives_no_chance() {
    let deals: Vec<_> = (0..40).map(|at| (20, (at < 20).then_some((5, 2)))).collect();
    let outlook = outlook(&pipeline(&deals), NOW, &terms());
    assert!(outlook.deals.iter().all(|deal| deal.loss.is_none()), "no stay was seen for 50 days");
}

#[test]
fn amounts_below_nothing_and_none_are_no_gain() {
    let mut facts = with_stalled(2);
    facts.deals[200].amount = Some(-500.0);
    facts.deals[201].amount = None;
    let outlook = outlook(&facts, NOW, &terms());
    let of = |id: &str| outlook.deals.iter().find(|deal| deal.id == id).unwrap();
    assert_eq!(of("D0200").expected_loss(), Some(0.0));
    assert_eq!(of("D0201").expected_loss(), None);
}

#[test]
fn nothing_at_all_is_an_empty_answer() {
    let outlook = outlook(&Facts::default(), NOW, &terms());
    assert!(outlook.deals.is_empty() && outlook.stages.is_empty() && outlook.backtest.is_none());
    assert!(inventory(&Facts::default(), NOW).is_empty());
}
