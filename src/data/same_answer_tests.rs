//! The same rows give the same answer, however they are written: in any order, in parts, as CSV or Parquet.

use crate::{Run, Sources, Tables};
use datafusion::{
    arrow::{
        array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray},
        datatypes::{DataType, Field, Schema, TimeUnit},
    },
    dataframe::DataFrameWriteOptions,
    prelude::SessionContext,
};
use proptest::prelude::*;
use revarch_domain::profile::{ColumnProfile, TableProfile};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path, sync::Arc};

#[derive(Clone, Debug)]
struct Row {
    id: i64,
    name: Option<String>,
    amount: Option<f64>,
    at: Option<i64>,
}

fn row() -> impl Strategy<Value = Row> {
    let name = proptest::option::of(prop_oneof![
        "[a-c]{1,2}",
        Just("n/a".to_owned()),
        Just(" Web".to_owned()),
        Just("WEB".to_owned()),
        Just("a@x.example".to_owned()),
        Just("say \"hi\", Ann".to_owned()),
        Just("2024-01-31".to_owned()),
        Just("7".to_owned()),
    ]);
    let amount = proptest::option::of((-400_i32..400).prop_map(|n| f64::from(n) / 8.0));
    // Whole seconds from 1999 to 2100, as exports write them.
    let at = proptest::option::of((915_148_800_i64..4_102_444_800).prop_map(|second| second * 1_000_000));
    (0..50_i64, name, amount, at).prop_map(|(id, name, amount, at)| Row { id, name, amount, at })
}

const COLUMNS: [&str; 4] = ["id", "name", "amount", "at"];

fn csv(rows: &[Row], order: &[usize]) -> String {
    let line = |cells: [String; 4]| order.iter().map(|at| cells[*at].clone()).collect::<Vec<_>>().join(",");
    let mut text = line(COLUMNS.map(str::to_owned)) + "\n";
    for Row { id, name, amount, at } in rows {
        let name = name.as_ref().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).unwrap_or_default();
        let at = at.map(|micros| revarch_domain::value::shown(micros, true).trim_end_matches('Z').to_owned());
        let amount = amount.map(|amount| format!("{amount:?}")).unwrap_or_default();
        let _ = writeln!(text, "{}", line([id.to_string(), name, amount, at.unwrap_or_default()]));
    }
    text
}

async fn parquet(rows: &[Row], path: &Path) {
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("name", DataType::Utf8, true),
        Field::new("amount", DataType::Float64, true),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, None), true),
    ]));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| row.id).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.name.as_deref()).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| row.amount).collect::<Float64Array>()),
        Arc::new(rows.iter().map(|row| row.at).collect::<TimestampMicrosecondArray>()),
    ];
    let batch = RecordBatch::try_new(schema, columns).unwrap();
    let frame = SessionContext::new().read_batch(batch).unwrap();
    frame.write_parquet(path.to_str().unwrap(), DataFrameWriteOptions::new(), None).await.unwrap();
}

async fn profile(folder: &Path, memory: u64) -> BTreeMap<String, ColumnProfile> {
    let sources = Sources { folders: vec![folder.to_owned()], memory, ..Sources::default() };
    let tables = Tables::open(sources).await.unwrap();
    let profile = tables.profile("t", &Run::unwatched()).await.unwrap();
    let TableProfile { columns, .. } = (*profile).clone();
    columns.into_iter().map(|column| (column.name.clone(), column)).collect()
}

/// Writes the rows in a way and profiles them.
async fn of_csv(files: &[(&str, String)], memory: u64) -> BTreeMap<String, ColumnProfile> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    profile(folder.path(), memory).await
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_way_rows_are_written_does_not_matter(rows in proptest::collection::vec(row(), 1..60), split in 0..60_usize) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let memory = crate::DEFAULT_MEMORY;
            let plain = of_csv(&[("t.csv", csv(&rows, &[0, 1, 2, 3]))], memory).await;
            let mut turned = rows.clone();
            turned.reverse();
            prop_assert_eq!(&plain, &of_csv(&[("t.csv", csv(&turned, &[0, 1, 2, 3]))], memory).await, "rows turned around");
            prop_assert_eq!(&plain, &of_csv(&[("t.csv", csv(&rows, &[2, 3, 1, 0]))], memory).await, "columns swapped");
            let (first, second) = rows.split_at(split.min(rows.len()));
            let parts = [("t/0.csv", csv(first, &[0, 1, 2, 3])), ("t/1.csv", csv(second, &[3, 2, 1, 0]))];
            prop_assert_eq!(&plain, &of_csv(&parts, memory).await, "in parts");
            let folder = tempfile::tempdir().unwrap();
            parquet(&rows, &folder.path().join("t.parquet")).await;
            prop_assert_eq!(&plain, &profile(folder.path(), memory).await, "as Parquet");
            Ok(())
        })?;
    }
}

/// The same where there are too many values to count them.
#[tokio::test]
async fn the_way_many_rows_are_written_does_not_matter() {
    let rows: Vec<Row> = (0..40_000_i64)
        .map(|n| Row {
            id: n * 7_919 % 40_009,
            name: (n % 11 > 0).then(|| format!("name {}", n * 31 % 30_011)),
            amount: (n % 7 > 0).then(|| (n * 13 % 35_023) as f64 / 8.0),
            at: (n % 5 > 0).then(|| 1_600_000_000_000_000 + n * 977_000_000),
        })
        .collect();
    // With so little memory few values are counted.
    let memory = 1 << 22;
    let plain = of_csv(&[("t.csv", csv(&rows, &[0, 1, 2, 3]))], memory).await;
    assert!(plain.values().all(|column| !column.distinct_exact));
    let mut turned = rows.clone();
    turned.reverse();
    let folder = tempfile::tempdir().unwrap();
    parquet(&rows, &folder.path().join("t.parquet")).await;
    let parts =
        [("t/0.csv", csv(&rows[..9_000], &[0, 1, 2, 3])), ("t/1.csv", csv(&rows[9_000..], &[1, 0, 3, 2]))];
    for (what, other) in [
        ("rows turned around", of_csv(&[("t.csv", csv(&turned, &[0, 1, 2, 3]))], memory).await),
        ("in parts", of_csv(&parts, memory).await),
        ("as Parquet", profile(folder.path(), memory).await),
    ] {
        for (name, column) in &plain {
            // Which value is called frequent where none is may depend on the order; nothing else does.
            let other = ColumnProfile { top: column.top.clone(), ..other[name].clone() };
            assert_eq!(*column, other, "{name}, {what}");
        }
    }
    for (name, exact) in [("id", 40_000), ("amount", 30_731), ("at", 32_000)] {
        let distinct = plain[name].distinct;
        assert!(distinct.abs_diff(exact) * 33 < exact, "{name}: {distinct}");
    }
}
