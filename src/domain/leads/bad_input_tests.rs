//! What people bring: each kind of bad table has a clear answer.

use super::{
    model::Learner,
    random::Random,
    reading::{Reading, ReadingError, Roles, TextColumn, read},
    reason::{Dropped, Reason},
    split::Part,
    sufficiency::Insufficient,
    table::Kind,
    train::{Trained, Training, train},
};
use proptest::prelude::*;

fn column(name: &str, rows: usize, cell: impl FnMut(usize) -> Option<String>) -> TextColumn {
    TextColumn { name: name.into(), values: (0..rows).map(cell).collect() }
}

fn yes(row: usize) -> bool {
    row.wrapping_mul(2_654_435_761) % 97 < 30
}

/// Leads with an outcome, a date and visits that speak of the outcome.
fn leads(rows: usize) -> Vec<TextColumn> {
    let mut random = Random::new(8);
    vec![
        column("converted", rows, |row| Some(yes(row).to_string())),
        column("created_at", rows, |row| {
            Some(format!("2024-{:02}-{:02}", row * 12 / rows + 1, row % 28 + 1))
        }),
        column("visits", rows, |row| Some((random.below(8) + if yes(row) { 3 } else { 0 }).to_string())),
    ]
}

fn roles() -> Roles {
    Roles { label: "converted".into(), time: Some("created_at".into()), ..Roles::default() }
}

fn trained(columns: &[TextColumn], roles: &Roles) -> (Reading, Trained) {
    let reading = read(columns, roles).unwrap();
    match train(&reading, 3) {
        Training::Trained(trained) => (reading, *trained),
        Training::Insufficient(why, dropped) => panic!("{why:?} {dropped:?}"),
    }
}

fn insufficient(columns: &[TextColumn], roles: &Roles) -> Insufficient {
    match train(&read(columns, roles).unwrap(), 3) {
        Training::Insufficient(why, _) => why,
        Training::Trained(_) => panic!("trained"),
    }
}

#[test]
fn one_outcome_is_refused_whichever_it_is() {
    for (text, converted) in [("yes", true), ("no", false)] {
        let mut columns = leads(500);
        columns[0] = column("converted", 500, |_| Some(text.into()));
        let error = read(&columns, &roles()).unwrap_err();
        assert_eq!(error, ReadingError::OneOutcome { column: "converted".into(), rows: 500, converted });
    }
}

#[test]
fn an_outcome_of_three_values_is_refused() {
    let mut columns = leads(500);
    columns[0] = column("converted", 500, |row| Some(["yes", "no", "perhaps"][row % 3].into()));
    let error = read(&columns, &roles()).unwrap_err();
    assert_eq!(error, ReadingError::NotTwoValued { column: "converted".into(), distinct: 3, unread: 1 });
}

#[test]
fn blank_outcomes_neither_train_nor_test() {
    let mut columns = leads(2000);
    (0..2000).step_by(3).for_each(|row| columns[0].values[row] = None);
    let (reading, trained) = trained(&columns, &roles());
    let used: u64 = trained.card.parts.iter().map(|part| part.conversions.trials).sum();
    assert_eq!(used, reading.table.label.iter().flatten().count() as u64);
    assert_eq!(used, 1333);
}

#[test]
fn ten_rows_are_insufficient_and_say_how_many_more() {
    let why = insufficient(&leads(10), &roles());
    let Insufficient::Outcomes { shortages, more_leads, .. } = &why else { panic!("{why:?}") };
    assert!(shortages.iter().any(|short| short.part == Part::Train && short.needed == 50));
    assert!(*more_leads > 100 && why.next_evidence().contains(&more_leads.to_string()));
}

#[test]
fn one_feature_is_enough() {
    let (_, trained) = trained(&leads(1500), &roles());
    assert_eq!(trained.card.columns.len(), 1);
    assert!(trained.has_signal());
}

#[test]
fn a_feature_equal_to_the_outcome_is_dropped_and_named() {
    let mut columns = leads(1500);
    columns.push(column("result_code", 1500, |row| Some(u8::from(yes(row)).to_string())));
    let (_, trained) = trained(&columns, &roles());
    let expected = Dropped { column: "result_code".into(), reason: Reason::TellsOutcome(1.0) };
    assert!(trained.card.dropped.contains(&expected), "{:?}", trained.card.dropped);
}

#[test]
fn ten_thousand_levels_are_learned_from_and_ids_are_not() {
    let rows = 40_000;
    let mut random = Random::new(5);
    let campaigns: Vec<usize> = (0..rows).map(|_| random.below(10_000)).collect();
    let columns = vec![
        column("converted", rows, |row| {
            Some((random.unit() < if campaigns[row].is_multiple_of(2) { 0.5 } else { 0.1 }).to_string())
        }),
        column("created_at", rows, |row| {
            Some(format!("2024-{:02}-{:02}", row * 12 / rows + 1, row % 28 + 1))
        }),
        column("campaign", rows, |row| Some(format!("c{}", campaigns[row]))),
        column("serial", rows, |row| Some(format!("s{row}"))),
        column("owner_id", rows, |row| Some(format!("o{}", row % 9))),
    ];
    let (reading, trained) = trained(&columns, &roles());
    let identifiers: Vec<&str> = trained
        .card
        .dropped
        .iter()
        .filter(|drop| drop.reason == Reason::Identifier)
        .map(|drop| drop.column.as_str())
        .collect();
    assert_eq!(identifiers, ["serial", "owner_id"]);
    assert_eq!(trained.model.learner(), Learner::Boosted, "{}", trained.card.contest);
    assert!(trained.has_signal() && trained.ranking.auc.value > 0.58, "{:?}", trained.ranking.auc);
    let score = trained.model.score(&reading.table, 7).unwrap();
    assert!((score.base + score.contributions.iter().sum::<f64>() - score.log_odds).abs() < 1e-9);
}

#[test]
fn dates_as_text_are_read_and_a_time_that_is_no_time_is_refused() {
    let mut columns = leads(1500);
    columns.push(column("last_seen", 1500, |row| Some(format!("2023-{:02}-01T10:00:00Z", row % 12 + 1))));
    let (_, trained) = trained(&columns, &roles());
    assert_eq!(trained.card.columns.last().map(|column| column.kind), Some(Kind::Date));
    columns[1] = column("created_at", 1500, |row| Some(format!("sometime in {row}")));
    let error = read(&columns, &roles()).unwrap_err();
    assert_eq!(error, ReadingError::NoTimes { column: "created_at".into(), unread: 1500, filled: 1500 });
}

#[test]
fn a_lead_twice_stays_on_one_side() {
    let mut columns = leads(1500);
    columns.push(column("lead_id", 1500, |row| Some(format!("L{}", row % 1400))));
    let roles = Roles { id: Some("lead_id".into()), ..roles() };
    let (reading, trained) = trained(&columns, &roles);
    assert_eq!(trained.card.repeated, 100);
    let earlier: Vec<&String> = reading.table.ids[..1400].iter().collect();
    assert!(trained.test.iter().all(|row| *row < 1400 || !earlier.contains(&&reading.table.ids[*row])));
}

#[test]
fn rows_of_weight_zero_count_for_nothing() {
    let mut columns = leads(1500);
    columns.push(column("copies", 1500, |row| Some(if row % 5 == 0 { "0" } else { "2" }.into())));
    let weighed = Roles { weight: Some("copies".into()), ..roles() };
    let (_, with) = trained(&columns, &weighed);
    assert_eq!(with.card.weightless, 300);
    assert_eq!(with.card.parts.iter().map(|part| part.conversions.trials).sum::<u64>(), 1200);
    columns[3] = column("copies", 1500, |_| Some("0".into()));
    let reason = "are all zero, so no row counts";
    let error = read(&columns, &weighed).unwrap_err();
    assert_eq!(error, ReadingError::Weights { column: "copies".into(), reason });
    columns[3] = column("copies", 1500, |_| Some("-1".into()));
    assert!(read(&columns, &weighed).unwrap_err().to_string().ends_with("go below zero"));
}

#[test]
fn weights_move_the_model_as_copies_would() {
    let mut columns = leads(1500);
    let base = |columns: &[TextColumn], roles: &Roles| trained(columns, roles).1.model.base();
    let plain = base(&columns, &roles());
    columns.push(column("copies", 1500, |row| Some(if yes(row) { "3" } else { "1" }.into())));
    let heavier = base(&columns, &Roles { weight: Some("copies".into()), ..roles() });
    assert!(heavier > plain + 0.5, "{heavier} against {plain}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Tables with leaks and clean columns of all kinds.
    #[test]
    fn planted_leaks_are_caught_and_clean_columns_kept(seed in 0_u64..10_000, late in 0.05_f64..0.6, told in 0.98_f64..1.0) {
        let rows = 1500;
        let mut random = Random::new(seed);
        let mut columns = leads(rows);
        let mut draw = |share: f64| -> Vec<bool> { (0..rows).map(|_| random.unit() < share).collect() };
        let (is_late, is_told, empty, coin, other) = (draw(late), draw(told), draw(0.3), draw(0.5), draw(0.2));
        // Leaks.
        columns.push(column("signed", rows, |row| (yes(row) && is_told[row]).then(|| "2024-01-01".into())));
        columns.push(column("touched", rows, |row| Some(if is_late[row] { "2025-06-01" } else { "2024-01-01" }.into())));
        columns.push(column("grade_given", rows, |row| Some(if yes(row) == is_told[row] { "x" } else { "y" }.into())));
        columns.push(column("close_date", rows, |row| coin[row].then(|| "2024-01-01".into())));
        // Clean, some of them telling, none of them too much.
        columns.push(column("industry", rows, |row| Some(["a", "b", "c"][row % 3].into())));
        columns.push(column("budget", rows, |row| (!empty[row]).then(|| (row % 100).to_string())));
        columns.push(column("inbound", rows, |row| Some((coin[row] || yes(row) && other[row]).to_string())));
        columns.push(column("first_seen", rows, |row| Some(format!("2023-{:02}-11", row % 12 + 1))));
        let (_, trained) = trained(&columns, &roles());
        let leaks: Vec<&str> =
            trained.card.dropped.iter().filter(|drop| drop.reason.is_leak()).map(|drop| drop.column.as_str()).collect();
        prop_assert_eq!(leaks, ["signed", "touched", "grade_given", "close_date"]);
        let kept: Vec<&str> = trained.card.columns.iter().map(|column| column.name.as_str()).collect();
        prop_assert_eq!(kept, ["visits", "industry", "budget", "inbound", "first_seen"]);
    }
}
