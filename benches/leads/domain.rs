//! What a lead score costs and gains: `LEADS=leads.csv cargo bench -p revarch-domain --bench leads`.
//!
//! The file is one that `peers.py --out` wrote. One line of JSON is printed for each model, in the fields of the
//! peers' lines, so that the two can be laid side by side.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench reads files and the clock, prints, and may stop at the first fault"
)]

use revarch_domain::leads::{
    batch::Cells,
    reading::{Roles, TextColumn, read},
    table::{Table, Values},
    train::{Training, train},
};
use std::{thread, time::Instant};

/// Threads that score, as many as the peers use.
const THREADS: usize = 2;
/// Times that scoring is measured; the best counts, as with the peers.
const TRIES: usize = 5;

fn main() {
    let Some(path) = std::env::var_os("LEADS") else {
        return println!("LEADS names no file: nothing measured");
    };
    let text = std::fs::read_to_string(path).unwrap();
    let columns = columns(&text);
    let name =
        |name: &str| columns.iter().find(|column| column.name == name).map(|column| column.name.clone());
    let roles = Roles {
        label: "converted".to_owned(),
        time: name("created_at"),
        id: name("lead_id"),
        exclude: name("total_touches_all").into_iter().collect(),
        ..Roles::default()
    };
    let start = Instant::now();
    let reading = read(&columns, &roles).unwrap();
    let reading_took = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let Training::Trained(trained) = train(&reading, 1) else { return println!("insufficient") };
    let training_took = start.elapsed().as_secs_f64();
    println!("{}", trained.card.contest);

    let (cells, codes) = cells(&trained.model, &reading.table, &trained.test);
    let batch: Vec<Cells<'_>> = cells
        .iter()
        .zip(&codes)
        .map(|(numbers, codes)| if codes.is_empty() { Cells::Numbers(numbers) } else { Cells::Codes(codes) })
        .collect();
    let scorer = trained.model.scorer();
    let speed = |work: &(dyn Fn(&[Cells<'_>]) + Sync)| {
        let tries = (0..TRIES).map(|_| {
            let start = Instant::now();
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| (0..4).for_each(|_| work(&batch)));
                }
            });
            (THREADS * 4 * trained.test.len()) as f64 / start.elapsed().as_secs_f64()
        });
        tries.fold(0.0, f64::max)
    };
    let per_second = speed(&|batch| drop(scorer.score(batch).unwrap()));
    let split = speed(&|batch| drop(scorer.subtotals(batch).unwrap()));
    let start = Instant::now();
    let reasons = 500.min(trained.test.len());
    (0..reasons).for_each(|row| drop(scorer.reasons(&batch, row).unwrap()));
    let explained = reasons as f64 / start.elapsed().as_secs_f64();
    println!(
        "{{\"learner\": \"revarch ({})\", \"auc\": {:.4}, \"log_loss\": {:.4}, \"train_s\": {training_took:.2}, \"rows_per_s\": {per_second:.0}, \
         \"subtotals_per_s\": {split:.0}, \"reasons_per_s\": {explained:.0}, \"read_s\": {reading_took:.2}, \"calibration\": \"{}\"}}",
        trained.model.learner().name(),
        trained.ranking.auc.value,
        trained.honesty.log_loss,
        trained.card.calibration,
    );
}

/// The columns of a file without quotes.
fn columns(text: &str) -> Vec<TextColumn> {
    let mut lines = text.lines();
    let names = lines.next().unwrap().split(',');
    let mut columns: Vec<TextColumn> =
        names.map(|name| TextColumn { name: name.to_owned(), values: Vec::new() }).collect();
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.values.push((!cell.is_empty()).then(|| cell.to_owned()));
        }
    }
    columns
}

/// The cells of some rows, in the order of the model's columns.
fn cells(
    model: &revarch_domain::leads::model::Model,
    table: &Table,
    rows: &[usize],
) -> (Vec<Vec<f64>>, Vec<Vec<u32>>) {
    let kinds: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    let places = model.places(&kinds).unwrap();
    let column = |(at, place): (usize, &usize)| match &table.columns[*place].values {
        Values::Number(values) => (rows.iter().map(|row| values[*row].unwrap_or(f64::NAN)).collect(), vec![]),
        Values::Category { codes, levels } => {
            let code = |row: &usize| {
                codes[*row].map_or(u32::MAX, |code| model.code(at, &levels[usize::try_from(code).unwrap()]))
            };
            (vec![], rows.iter().map(code).collect())
        }
    };
    places.iter().enumerate().map(column).unzip()
}
