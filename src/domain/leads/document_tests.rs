//! Stored models: what is written is read again, bit for bit, and what is damaged is refused.

use super::{
    batch::{BatchError, Cells, EMPTY, UNSEEN},
    document::{Document, DocumentError},
    model::{Learner, Model},
    random::Random,
    reading::{Roles, TextColumn, read},
    table::{Kind, Table},
    train::{Training, train},
};

/// Leads whose outcome rises and falls with visits, so that trees win, or only rises.
fn document(rows: usize, seed: u64) -> (Table, Document) {
    of(rows, seed, true)
}

fn of(rows: usize, seed: u64, bump: bool) -> (Table, Document) {
    let mut random = Random::new(3);
    let mut columns: Vec<TextColumn> =
        ["converted", "created_at", "source", "visits", "employees", "note_kind"]
            .map(|name| TextColumn { name: name.into(), values: Vec::new() })
            .into();
    for row in 0..rows {
        let (source, visits, size) = (random.below(12), random.below(20), random.below(5000));
        let telling = if bump { (6..14).contains(&visits) } else { visits > 9 };
        let chance = if source % 3 > 0 && telling { 0.5 } else { 0.08 };
        let cells = [
            Some((random.unit() < chance).to_string()),
            Some(format!("2024-{:02}-{:02}", row * 12 / rows + 1, row % 28 + 1)),
            (random.unit() < 0.9).then(|| format!("source {source}")),
            Some(visits.to_string()),
            (random.unit() < 0.7).then(|| size.to_string()),
            Some(["x", "y"][random.below(2)].to_owned()),
        ];
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.values.push(cell));
    }
    let roles = Roles { label: "converted".into(), time: Some("created_at".into()), ..Roles::default() };
    let reading = read(&columns, &roles).unwrap();
    match train(&reading, seed) {
        Training::Trained(trained) => (reading.table, Document::new(&trained)),
        Training::Insufficient(why, _) => panic!("{why:?}"),
    }
}

fn batch(model: &Model) -> (Vec<f64>, Vec<u32>) {
    let known = model.code(0, "source 3");
    (vec![3.0, f64::NAN, 12.0, 7.0], vec![known, EMPTY, UNSEEN, model.code(0, "nobody")])
}

#[test]
fn a_document_is_read_as_it_was_written() {
    for (rows, bump, learner) in [(6000, true, Learner::Boosted), (900, false, Learner::Logistic)] {
        let (table, document) = of(rows, 4, bump);
        assert_eq!(document.model.learner(), learner, "{}", document.card.contest);
        let text = document.to_json().unwrap();
        let again = Document::parse(&text).unwrap();
        assert_eq!(again, document);
        assert_eq!(again.to_json().unwrap(), text);
        let all: Vec<usize> = (0..table.rows()).collect();
        assert_eq!(again.model.log_odds(&table, &all), document.model.log_odds(&table, &all));
    }
}

#[test]
fn the_same_table_and_seed_give_the_same_document() {
    let (_, first) = document(3000, 4);
    assert_eq!(first.to_json().unwrap(), document(3000, 4).1.to_json().unwrap());
    assert_ne!(first.fingerprint(), document(3000, 5).1.fingerprint());
}

#[test]
fn what_cannot_be_trusted_is_refused() {
    let text = document(900, 4).1.to_json().unwrap();
    let refused = |text: &str| Document::parse(text).unwrap_err();
    assert!(matches!(
        refused(&text.replacen("\"version\":1", "\"version\":9", 1)),
        DocumentError::Version { found: 9 }
    ));
    assert!(matches!(refused("{\"format\":\"tea\",\"version\":1}"), DocumentError::Format { .. }));
    assert!(matches!(refused(&text[..text.len() / 2]), DocumentError::Json { .. }));
    assert!(matches!(refused(&text.replacen("\"seed\":4", "\"seed\":5", 1)), DocumentError::Damaged));
    let DocumentError::Json { path, .. } =
        refused(&text.replacen("\"kind\":\"category\"", "\"kind\":\"colour\"", 1))
    else {
        panic!("read a kind that there is not")
    };
    assert_eq!(path, "card.columns[0].kind");
    assert!(matches!(refused(""), DocumentError::Json { .. }));
    assert!(matches!(refused(&format!("{text} more")), DocumentError::Json { .. }));
}

#[test]
fn batches_are_scored_whatever_their_size_and_strange_levels_are_counted() {
    let (table, document) = document(6000, 4);
    let model = &document.model;
    let names: Vec<&str> = model.columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["source", "visits", "employees", "note_kind"]);
    let (numbers, codes) = batch(model);
    let notes = [0, 1, UNSEEN, EMPTY];
    let columns =
        [Cells::Codes(&codes), Cells::Numbers(&numbers), Cells::Numbers(&numbers), Cells::Codes(&notes)];
    let scorer = model.scorer();
    let whole = scorer.score(&columns).unwrap();
    assert_eq!(whole.unseen, [2, 0, 0, 1]);
    assert!(whole.probability.iter().all(|chance| *chance > 0.0 && *chance < 1.0));
    for row in 0..4 {
        let one: Vec<Cells<'_>> = columns.iter().map(|cells| cells.part(row..row + 1)).collect();
        assert_eq!(scorer.score(&one).unwrap().log_odds[0].to_bits(), whole.log_odds[row].to_bits());
        let reasons = scorer.reasons(&columns, row).unwrap();
        let sum = reasons.base + reasons.contributions.iter().sum::<f64>();
        assert!(
            (sum - reasons.log_odds).abs() < 1e-9
                && reasons.log_odds.to_bits() == whole.log_odds[row].to_bits()
        );
    }
    let subtotals = scorer.subtotals(&columns).unwrap();
    for row in 0..4 {
        let sum = model.base() + subtotals.fit[row] + subtotals.engagement[row] + subtotals.other[row];
        assert!((sum - whole.log_odds[row]).abs() < 1e-9);
        let contributions = scorer.reasons(&columns, row).unwrap().contributions;
        // `employees` tells of fit and `visits` of engagement.
        assert!((subtotals.fit[row] - contributions[2]).abs() < 1e-4);
        assert!((subtotals.engagement[row] - contributions[1]).abs() < 1e-4);
    }
    let rows: Vec<usize> = (0..table.rows()).collect();
    let odds = model.log_odds(&table, &rows).unwrap();
    let chances = model.probabilities(&table, &rows).unwrap();
    let mut order = rows;
    order.sort_by(|a, b| odds[*a].total_cmp(&odds[*b]));
    assert!(order.windows(2).all(|pair| chances[pair[0]] <= chances[pair[1]]));
}

#[test]
fn changed_tables_are_refused_with_the_column_named() {
    let (_, document) = document(900, 4);
    let model = &document.model;
    let table = [
        ("visit", Kind::Number),
        ("source", Kind::Category),
        ("employees", Kind::Number),
        ("note_kind", Kind::Category),
    ];
    let BatchError::MissingColumn { column, near } = model.places(&table).unwrap_err() else {
        panic!("found visits")
    };
    assert_eq!((column.as_str(), near), ("visits", vec!["visit".to_owned()]));
    let mut table = table;
    table[0] = ("visits", Kind::Category);
    let error = model.places(&table).unwrap_err().to_string();
    assert_eq!(error, "column `visits` was number when the model was trained and is category now");
    table[0].1 = Kind::Number;
    assert_eq!(model.places(&table), Ok(vec![1, 0, 2, 3]));
    let (numbers, codes) = batch(model);
    let scorer = model.scorer();
    let wrong = [Cells::Codes(&codes), Cells::Codes(&codes), Cells::Numbers(&numbers), Cells::Codes(&codes)];
    assert!(scorer.score(&wrong).unwrap_err().to_string().starts_with("column `visits` was number"));
    assert_eq!(scorer.score(&wrong[..2]).unwrap_err(), BatchError::Columns { expected: 4, found: 2 });
    let uneven =
        [Cells::Codes(&codes), Cells::Numbers(&numbers[1..]), Cells::Numbers(&numbers), Cells::Codes(&codes)];
    assert_eq!(scorer.score(&uneven).unwrap_err(), BatchError::Uneven("visits".into()));
}
