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

fn request() -> Request {
    Request {
        table: "leads".into(),
        roles: Roles {
            label: "converted".into(),
            time: Some("created_at".into()),
            id: Some("lead_id".into()),
            ..Roles::default()
        },
        bounds: Bounds::default(),
        top: 20,
        detailed: false,
        seed: 7,
    }
}

#[test]
fn open_leads_are_ranked_with_reasons_that_add_up() {
    let columns = leads(2000, 1800, true);
    let bounds = Bounds {
        capacity: Some(40),
        economics: Some(Economics { value_per_conversion: 100.0, cost_per_contact: 5.0 }),
    };
    let Answer { structured: output, text } = answer(&columns, &Request { bounds, ..request() }).unwrap();
    assert_eq!(output.outcome, Outcome::Trained, "{text}");
    let scored = output.scored.unwrap();
    assert_eq!((scored.which, scored.leads, output.top_leads.len()), (Which::Unlabelled, 200, 20));
    assert!(output.top_leads.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    for lead in &output.top_leads {
        let sum = scored.base + lead.reasons.iter().map(|reason| reason.adds).sum::<f64>() + lead.other;
        assert!((sum - lead.log_odds).abs() < 1e-9, "{lead:?}");
        assert!((1.0 / (1.0 + (-lead.log_odds).exp()) - lead.probability).abs() < 1e-4);
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
    let output =
        answer(&leads(2000, 2000, true), &Request { detailed: true, ..request() }).unwrap().structured;
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
    let output = answer(&leads(2000, 1800, true), &request()).unwrap().structured;
    let json = serde_json::to_string(&output).unwrap();
    // Four letters to a token.
    assert!(json.len() < 40_000, "{}", json.len());
    assert!(!json.contains("example.org") && !json.contains("retail"));
}

#[test]
fn no_signal_gives_no_scores() {
    let output = answer(&leads(2000, 1800, false), &request()).unwrap().structured;
    assert_eq!(output.outcome, Outcome::NoSignal, "{}", output.summary);
    assert!(output.top_leads.is_empty() && output.cut_off.is_none() && output.scored.is_none());
    assert!(output.metrics.unwrap().auc_interval.low <= 0.5);
}

#[test]
fn few_outcomes_are_insufficient_and_name_the_next_evidence() {
    let Answer { structured: output, text } = answer(&leads(2000, 150, true), &request()).unwrap();
    assert_eq!(output.outcome, Outcome::Insufficient);
    assert!(!output.shortages.is_empty() && output.metrics.is_none());
    assert!(text.contains("INSUFFICIENT") && text.contains("fill in the outcome"), "{text}");
}

#[test]
fn errors_name_the_next_step() {
    let fail =
        |roles: Roles| answer(&leads(100, 100, true), &Request { roles, ..request() }).unwrap_err().text();
    let unknown = fail(Roles { label: "convertd".into(), ..request().roles });
    assert_eq!(unknown, "no column `convertd` in `leads`\nhint: did you mean `converted`?");
    let many = fail(Roles { label: "visits".into(), ..request().roles });
    assert!(many.contains("positive_value"), "{many}");
    let one = fail(Roles { label: "industry".into(), positive: Some("mining".into()), ..request().roles });
    assert!(one.contains("one outcome only") && one.contains("both outcomes"), "{one}");
    let person = fail(Roles { id: Some("email".into()), ..request().roles });
    assert!(person.contains("identifies people"), "{person}");
}
