//! The answer over made-up leads, without files or servers.

use super::*;
use revarch_domain::leads::cutoff::Economics;

/// Leads that convert more often the more they visit. `known` of them have an outcome.
fn leads(rows: usize, known: usize, visits_tell: bool) -> Vec<TextColumn> {
    let column = |name: &str, cell: &dyn Fn(usize) -> Option<String>| TextColumn {
        name: name.into(),
        values: (0..rows).map(cell).collect(),
    };
    // A fixed scramble of the row number stands in for chance.
    let scrambled = |row: usize| row.wrapping_mul(2_654_435_761) % 1009;
    let visits = move |row: usize| scrambled(row) % 10;
    let converted = move |row: usize| {
        let chance = if visits_tell { 30 + 50 * visits(row) } else { 250 };
        scrambled(row + 7) % 1000 < chance
    };
    vec![
        column("lead_id", &|row| Some(format!("L{row:05}"))),
        column("created_at", &|row| Some(format!("2024-{:02}-{:02}", row * 12 / rows + 1, row % 28 + 1))),
        column("visits", &|row| Some(visits(row).to_string())),
        column("industry", &|row| Some(["retail", "health"][scrambled(row + 3) % 2].into())),
        column("total_visits_all", &|row| Some((visits(row) + row % 2).to_string())),
        column("email", &|row| Some(format!("p{row}@example.org"))),
        column("close_date", &|row| converted(row).then(|| "2025-01-01".into())),
        column("converted", &|row| (row < known).then(|| converted(row).to_string())),
    ]
}

fn roles() -> Roles {
    Roles {
        label: "converted".into(),
        time: Some("created_at".into()),
        id: Some("lead_id".into()),
        ..Roles::default()
    }
}

fn told(columns: Vec<TextColumn>, roles: Roles, request: &Request) -> Result<Output, ToolError> {
    let leads = Leads::Table { table: "leads".into(), roles, guessed_time: true };
    answer(columns, &leads, request).map(|answered| answered.output)
}

fn request() -> Request {
    Request { bounds: Bounds::default(), top: 20, detailed: false, seed: 7 }
}

#[test]
fn open_leads_are_ranked_with_reasons_that_add_up() {
    let bounds = Bounds {
        capacity: Some(40),
        economics: Some(Economics { value_per_conversion: 100.0, cost_per_contact: 5.0 }),
    };
    let output = told(leads(2000, 1800, true), roles(), &Request { bounds, ..request() }).unwrap();
    let text = super::super::text::of(&output);
    assert_eq!(output.outcome, Outcome::Trained, "{text}");
    let scored = output.scored.unwrap();
    assert_eq!((scored.which, scored.leads, output.top_leads.len()), (Which::Unlabelled, 200, 20));
    assert!(output.top_leads.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    assert!(output.top_leads.windows(2).all(|pair| pair[0].log_odds >= pair[1].log_odds));
    for lead in &output.top_leads {
        let sum = scored.base + lead.reasons.iter().map(|reason| reason.adds).sum::<f64>() + lead.other;
        assert!((sum - lead.log_odds.unwrap()).abs() < 1e-9, "{lead:?}");
        assert!(lead.id.as_str() >= "L01800", "{lead:?}");
    }
    assert_eq!(output.cut_off.unwrap().contacts, 40);
    let dropped: Vec<&str> = output.dropped.iter().map(|note| note.column.as_str()).collect();
    assert_eq!(dropped, ["close_date", "email"]);
    assert!(output.flagged[0].reason.contains("exceeds `visits` on 50% of rows"), "{:?}", output.flagged);
    assert!(output.next_steps[0].contains("exclude: [\"total_visits_all\"]"), "{:?}", output.next_steps);
    assert!(text.lines().count() < 60 && !text.contains("example.org"), "{text}");
}

#[test]
fn without_open_leads_the_test_leads_are_shown() {
    let output = told(leads(2000, 2000, true), roles(), &Request { detailed: true, ..request() }).unwrap();
    let card = output.model_card.unwrap();
    assert_eq!(output.scored.unwrap().which, Which::Test);
    assert!(output.top_leads.iter().all(|lead| lead.reasons.len() == 3), "three columns are used");
    let values = output.top_leads[0].reasons.iter().map(|reason| reason.value.clone());
    assert!(values.flatten().any(|value| value == "retail" || value == "health"));
    assert_eq!(card.parts[0].from.as_deref(), Some("2024-01-01"));
    assert_eq!(card.parts.iter().map(|part| part.rows).sum::<u64>(), 2000);
}

#[test]
fn a_concise_answer_fits_its_budget_and_repeats_no_cell() {
    let output = told(leads(2000, 1800, true), roles(), &request()).unwrap();
    let json = serde_json::to_string(&output).unwrap();
    // Four letters to a token.
    assert!(json.len() < 40_000, "{}", json.len());
    assert!(!json.contains("example.org") && !json.contains("retail"));
}

#[test]
fn no_signal_gives_no_scores() {
    let output = told(leads(2000, 1800, false), roles(), &request()).unwrap();
    assert_eq!(output.outcome, Outcome::NoSignal, "{}", output.summary);
    assert!(output.top_leads.is_empty() && output.cut_off.is_none() && output.scored.is_none());
    assert!(output.metrics.unwrap().auc_interval.low <= 0.5);
}

#[test]
fn few_outcomes_are_insufficient_and_name_the_next_evidence() {
    let output = told(leads(2000, 150, true), roles(), &request()).unwrap();
    let text = super::super::text::of(&output);
    assert_eq!(output.outcome, Outcome::Insufficient);
    assert!(!output.shortages.is_empty() && output.metrics.is_none());
    assert!(text.contains("INSUFFICIENT") && text.contains("fill in the outcome"), "{text}");
}

#[test]
fn errors_name_the_next_step() {
    let fail = |roles: Roles| told(leads(100, 100, true), roles, &request()).unwrap_err().text();
    let unknown = fail(Roles { label: "convertd".into(), ..roles() });
    assert_eq!(unknown, "no column `convertd` in `leads`\nhint: did you mean `converted`?");
    let many = fail(Roles { label: "visits".into(), ..roles() });
    assert!(many.contains("positive_value"), "{many}");
    let one = fail(Roles { label: "industry".into(), positive: Some("mining".into()), ..roles() });
    assert!(one.contains("one outcome only") && one.contains("both outcomes"), "{one}");
    let person = fail(Roles { id: Some("email".into()), ..roles() });
    assert!(person.contains("identifies people"), "{person}");
}

#[test]
fn a_decision_time_that_was_only_recognised_is_given_up() {
    let mut columns = leads(2000, 1800, true);
    columns[1].values.fill(Some("last spring".into()));
    let output = told(columns.clone(), roles(), &request()).unwrap();
    assert!(output.source.time.is_none() && output.outcome == Outcome::Trained, "{}", output.summary);
    assert!(output.next_steps.iter().any(|step| step.contains("random split")), "{:?}", output.next_steps);
    let named = Leads::Table { table: "leads".into(), roles: roles(), guessed_time: false };
    let Err(error) = answer(columns, &named, &request()) else { panic!("it was named") };
    assert!(error.text().contains("`created_at` cannot be the decision time"), "{}", error.text());
}

#[test]
fn weights_of_nothing_are_refused() {
    let mut columns = leads(500, 500, true);
    columns.push(TextColumn { name: "times".into(), values: vec![Some("0".into()); 500] });
    let weighted = Roles { weight: Some("times".into()), ..roles() };
    let error = told(columns, weighted, &request()).unwrap_err().text();
    assert!(error.contains("weights in `times` are all zero") && error.contains("hint: "), "{error}");
}
