use super::Intake;
use crate::leads::{
    batch::BatchError,
    document::{Document, Origin},
    random::Random,
    reading::{Roles, TextColumn, lengths, read},
    train::{Training, train},
};

const NAMES: [&str; 6] = ["converted", "created_at", "source", "visits", "last_seen", "notes"];

/// Leads of which visits tell the outcome, with prose of which only the length can be used.
fn leads(rows: usize) -> Vec<TextColumn> {
    let mut random = Random::new(3);
    let mut columns: Vec<TextColumn> =
        NAMES.map(|name| TextColumn { name: name.into(), values: Vec::new() }).into();
    for row in 0..rows {
        let visits = random.below(20);
        let converted = random.unit() < if visits > 9 { 0.6 } else { 0.1 };
        let cells = [
            Some(converted.to_string()),
            Some(format!("2024-{:02}-{:02}", row * 12 / rows + 1, row % 28 + 1)),
            (random.unit() < 0.9).then(|| format!("source {}", random.below(5))),
            Some(visits.to_string()),
            Some(format!("2023-11-{:02}", random.below(28) + 1)),
            Some(format!("lead {row} came to the fair and asked{}", " much".repeat(random.below(9)))),
        ];
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.values.push(cell));
    }
    columns
}

fn document(columns: &mut Vec<TextColumn>) -> Document {
    let roles = Roles { label: "converted".into(), time: Some("created_at".into()), ..Roles::default() };
    let reading = read(columns, &roles).unwrap();
    columns.extend(lengths(columns, &reading.dropped));
    match train(&read(columns, &roles).unwrap(), 4) {
        Training::Trained(trained) => Document::from(&trained, Origin::default()),
        Training::Insufficient(why, _) => panic!("{why:?}"),
    }
}

fn names(columns: &[TextColumn]) -> Vec<&str> {
    columns.iter().map(|column| column.name.as_str()).collect()
}

#[test]
fn a_stream_scores_as_the_table_did() {
    let mut columns = leads(1500);
    let document = document(&mut columns);
    let model = &document.model;
    assert!(model.columns().iter().any(|column| column.name == "notes_length"));
    let roles = Roles { label: "converted".into(), time: Some("created_at".into()), ..Roles::default() };
    let rows: Vec<usize> = (0..1500).collect();
    let expected = model.log_odds(&read(&columns, &roles).unwrap().table, &rows).unwrap();

    // The length is taken from the text itself where the table to score has no column of it.
    let table = leads(1500);
    let names = names(&table);
    let mut intake = Intake::new(model, &names, Some(1)).unwrap();
    let scorer = model.scorer();
    let mut found = Vec::new();
    for part in rows.chunks(400) {
        let batch = intake.take(part, |column, row| table[column].values[row].as_deref()).unwrap();
        found.extend(scorer.score(&batch.cells()).unwrap().log_odds);
    }
    intake.finish().unwrap();
    assert_eq!(found, expected);
    assert_eq!(Intake::needed(model, &names), ["source", "visits", "last_seen", "notes"]);
}

#[test]
fn missing_and_changed_columns_are_named() {
    let mut columns = leads(1500);
    let document = document(&mut columns);
    let model = &document.model;
    let missing =
        Intake::new(model, &["converted", "source", "visitz", "last_seen", "notes"], Some(0)).unwrap_err();
    assert_eq!(missing, BatchError::MissingColumn { column: "visits".into(), near: vec!["visitz".into()] });
    let undated = Intake::new(model, &NAMES, None).unwrap_err();
    assert_eq!(undated, BatchError::NoDecisionTime("last_seen".into()));
    let with = |name: &str, cell: &str| {
        let mut table = leads(50);
        let at = NAMES.iter().position(|known| *known == name).unwrap();
        table[at].values = vec![Some(cell.to_owned()); 50];
        let mut intake = Intake::new(model, &NAMES, Some(1)).unwrap();
        let rows: Vec<usize> = (0..50).collect();
        intake.take(&rows, |column, row| table[column].values[row].as_deref()).unwrap();
        intake.finish()
    };
    let changed =
        |column: &str, trained, found| Err(BatchError::ChangedKind { column: column.into(), trained, found });
    assert_eq!(with("visits", "many"), changed("visits", "number", "category"));
    assert_eq!(with("visits", "yes"), changed("visits", "number", "boolean"));
    assert_eq!(with("source", "7"), changed("source", "category", "number"));
    assert_eq!(with("last_seen", "7"), changed("last_seen", "date", "number"));
    assert_eq!(with("source", "never seen"), Ok(()));
}
