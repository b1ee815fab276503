//! Whole runs over made-up leads: what is found, what is promised, and what must not change.

use super::{
    cutoff::{Bounds, cut_off},
    grade::{Grade, grade},
    logistic::probability,
    model::Learner,
    random::Random,
    reading::{Roles, TextColumn, read},
    split::Method,
    sufficiency::Insufficient,
    table::{Table, Values},
    train::{Trained, Training, train},
    words::Side,
};
use crate::proportion::Proportion;
use proptest::prelude::*;

/// Leads of which visits, industry and a missing budget speak with the given strength.
fn leads(rows: usize, strength: f64, seed: u64) -> Vec<TextColumn> {
    let mut random = Random::new(seed);
    let mut columns: Vec<TextColumn> =
        ["lead_id", "created_at", "industry", "visits", "budget", "email", "closed_at", "converted"]
            .map(|name| TextColumn { name: name.into(), values: Vec::new() })
            .into();
    for row in 0..rows {
        let industry = ["retail", "logistics", "health"][random.below(3)];
        let visits = random.below(10);
        let budget = (random.unit() < 0.7).then(|| 1000.0 + 9000.0 * random.unit());
        let logistics = if industry == "logistics" { 1.0 } else { 0.0 };
        let known = if budget.is_some() { 0.5 } else { -0.5 };
        let odds = -1.5 + strength * (0.35 * (visits as f64 - 4.5) + logistics + known);
        let converted = random.unit() < probability(odds);
        let cells = [
            Some(format!("L{row:06}")),
            Some(format!("2024-{:02}-{:02}", row * 12 / rows + 1, row % 28 + 1)),
            Some(industry.to_owned()),
            (random.unit() < 0.95).then(|| visits.to_string()),
            budget.map(|budget| format!("{budget:.2}")),
            Some(format!("p{row}@example.org")),
            converted.then(|| "2025-01-01".to_owned()),
            Some(converted.to_string()),
        ];
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.values.push(cell));
    }
    columns
}

fn roles() -> Roles {
    let name = |name: &str| Some(name.to_owned());
    Roles { label: "converted".into(), time: name("created_at"), id: name("lead_id"), ..Roles::default() }
}

fn trained(columns: &[TextColumn], seed: u64) -> (Table, Trained) {
    let reading = read(columns, &roles()).unwrap();
    match train(&reading, seed) {
        Training::Trained(trained) => (reading.table, *trained),
        Training::Insufficient(why, _) => panic!("{why:?}"),
    }
}

#[test]
fn finds_the_signal_and_leaves_out_what_leaks() {
    let (_, trained) = trained(&leads(3000, 1.0, 1), 7);
    assert!(trained.has_signal() && trained.card.converged);
    assert!(
        trained.ranking.auc.value > 0.7 && trained.ranking.auc.interval.low > 0.65,
        "{:?}",
        trained.ranking.auc
    );
    assert!(trained.honesty.log_loss < trained.honesty.baseline_log_loss);
    assert!(trained.honesty.calibration_error < 0.06, "{}", trained.honesty.calibration_error);
    assert_eq!(trained.card.method, Method::ByTime);
    let used: Vec<&str> = trained.card.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(used, ["industry", "visits", "budget"]);
    let dropped: Vec<(&str, bool)> =
        trained.card.dropped.iter().map(|drop| (drop.column.as_str(), drop.reason.is_leak())).collect();
    assert_eq!(dropped, [("email", false), ("closed_at", true)]);
    assert!(trained.ranking.lift[0].lift > 1.8, "{:?}", trained.ranking.lift);
    let tested: Proportion = trained.bands.iter().fold(Proportion::default(), |sum, band| {
        Proportion::new(sum.hits + band.tested.hits, sum.trials + band.tested.trials)
    });
    assert_eq!(tested.trials, trained.test.len() as u64);
    assert_eq!(tested.hits, trained.ranking.auc.positives);
    assert!(trained.bands[0].tested.rate() > trained.bands[3].tested.rate());
    let best = trained.tested.iter().map(|(chance, _)| *chance).fold(0.0, f64::max);
    assert_eq!(grade(best, &trained.bands), Grade::A);
}

#[test]
fn says_so_where_there_is_no_signal() {
    let mut chance = 0;
    for seed in 0..8 {
        let (_, trained) = trained(&leads(1500, 0.0, seed), 7);
        chance += usize::from(!trained.has_signal());
    }
    // A 95% interval may miss one half now and then, on either side.
    assert!(chance >= 7, "{chance} of 8");
}

#[test]
fn few_conversions_are_insufficient_and_the_next_evidence_is_named() {
    let mut columns = leads(3000, 1.0, 1);
    for (row, cell) in columns[7].values.iter_mut().enumerate() {
        if row % 10 != 0 {
            *cell = None;
        }
    }
    let reading = read(&columns, &roles()).unwrap();
    let Training::Insufficient(why, _) = train(&reading, 7) else { panic!("trained on 300 labels") };
    let Insufficient::Outcomes { shortages, more_leads, unlabelled } = &why else { panic!("{why:?}") };
    assert!(shortages.iter().all(|short| short.converted && short.found < short.needed), "{shortages:?}");
    assert!((1..500).contains(more_leads), "{more_leads}");
    assert_eq!(*unlabelled, 2700);
    assert!(why.next_evidence().starts_with("fill in the outcome of about"), "{}", why.next_evidence());
}

#[test]
fn nothing_to_learn_from_is_insufficient() {
    let columns: Vec<TextColumn> = [0, 1, 5, 7].map(|at| leads(3000, 1.0, 1)[at].clone()).into();
    let training = train(&read(&columns, &roles()).unwrap(), 7);
    assert!(matches!(training, Training::Insufficient(Insufficient::Columns, dropped) if dropped.len() == 1));
}

#[test]
fn the_order_of_rows_changes_nothing_at_all() {
    let columns = leads(1500, 1.0, 2);
    let mut order: Vec<usize> = (0..1500).collect();
    Random::new(5).shuffle(&mut order);
    let mixed: Vec<TextColumn> = columns
        .iter()
        .map(|column| TextColumn {
            name: column.name.clone(),
            values: order.iter().map(|row| column.values[*row].clone()).collect(),
        })
        .collect();
    let (_, first) = trained(&columns, 7);
    let (_, again) = trained(&columns, 7);
    assert_eq!(first, again);
    let (_, other) = trained(&mixed, 7);
    assert_eq!(first.model, other.model);
    assert_eq!(first.card, other.card);
    assert_eq!((first.ranking, first.honesty), (other.ranking, other.honesty));
}

#[test]
fn the_fingerprint_knows_every_fact() {
    let base = leads(400, 1.0, 2);
    let of = |columns: &[TextColumn]| super::card::fingerprint(&read(columns, &roles()).unwrap().table);
    assert!(of(&base).starts_with("sha256:") && of(&base).len() == 71);
    for column in [0, 1, 2, 3, 4, 7] {
        let mut changed = base.clone();
        changed[column].values[9] = None;
        assert_ne!(of(&changed), of(&base), "{}", base[column].name);
    }
}

#[test]
fn unlabelled_leads_are_scored_and_cut_off() {
    let mut columns = leads(2000, 1.0, 3);
    columns[7].values[1800..].fill(None);
    let (table, trained) = trained(&columns, 7);
    let open: Vec<usize> = (0..table.rows()).filter(|row| table.label[*row].is_none()).collect();
    assert_eq!(open.len(), 200);
    let scored: Vec<f64> = trained.model.probabilities(&table, &open).unwrap();
    let bounds = Bounds { capacity: Some(30), economics: None };
    let cut = cut_off(&scored, &trained.tested, &bounds).unwrap();
    assert_eq!(cut.contacts, 30);
    assert!(cut.expected_conversions / 30.0 > 1.5 * scored.iter().sum::<f64>() / 200.0);
    assert!(cut.tested.trials > 0);
}

#[test]
fn a_hundred_thousand_rows_are_no_trouble() {
    let (table, trained) = trained(&leads(100_000, 1.0, 4), 7);
    assert!(trained.has_signal());
    assert_eq!(table.rows(), 100_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn reasons_add_up_to_the_score(seed in 0_u64..1000, strength in 0.5_f64..2.0) {
        let (table, trained) = trained(&leads(900, strength, seed), seed);
        let rows: Vec<usize> = (0..table.rows()).collect();
        let odds = trained.model.log_odds(&table, &rows).unwrap();
        for (row, odds) in odds.iter().enumerate() {
            let score = trained.model.score(&table, row).unwrap();
            let sum = score.base + score.contributions.iter().sum::<f64>();
            prop_assert!((sum - odds).abs() < 1e-9);
            prop_assert!((0.0..=1.0).contains(&score.probability));
            prop_assert!((score.probability - trained.model.calibration().apply(sum)).abs() < 1e-9);
            let sides: f64 = [Side::Fit, Side::Engagement, Side::Other].map(|side| trained.model.subtotal(&score, side)).iter().sum();
            prop_assert!((score.base + sides - odds).abs() < 1e-9);
        }
        if trained.model.learner() == Learner::Boosted {
            return Ok(());
        }
        // The base is the average training lead, so contributions cancel out over the training rows.
        let earliest: Vec<usize> = rows.iter().copied().filter(|row| table.time.as_ref().unwrap()[*row] <= trained.card.parts[0].to).collect();
        prop_assert_eq!(earliest.len() as u64, trained.card.parts[0].conversions.trials);
        let mean = earliest.iter().map(|row| odds[*row] - trained.model.base()).sum::<f64>() / earliest.len() as f64;
        prop_assert!(mean.abs() < 1e-9);
    }

    #[test]
    fn cells_of_any_text_are_read_without_fault(cells in prop::collection::vec(prop::option::of(".{0,12}"), 60..90)) {
        let rows = cells.len();
        let columns = [
            TextColumn { name: "anything".into(), values: cells },
            TextColumn { name: "converted".into(), values: (0..rows).map(|row| Some((row % 2).to_string())).collect() },
        ];
        let reading = read(&columns, &Roles { label: "converted".into(), ..Roles::default() }).unwrap();
        prop_assert_eq!(reading.table.columns.len() + reading.dropped.len(), 1);
        if let Some(Values::Number(values)) = reading.table.columns.first().map(|column| &column.values) {
            prop_assert!(values.iter().flatten().all(|value| value.is_finite()));
        }
    }
}
