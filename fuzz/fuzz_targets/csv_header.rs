//! A CSV file of any bytes becomes a table whose columns have different names on one line each, or is refused.
#![no_main]

use revarch_data::{DataError, InlineTable, Run, Sources, Tables};
use std::{cell::OnceCell, collections::HashSet};
use tokio::runtime::{Builder, Runtime};

thread_local!(static PLACE: OnceCell<(Runtime, Tables)> = const { OnceCell::new() });

libfuzzer_sys::fuzz_target!(|input: &str| PLACE.with(|place| {
    let (runtime, tables) = place.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let tables = runtime.block_on(Tables::open(Sources::default())).unwrap();
        (runtime, tables)
    });
    runtime.block_on(read(tables, input));
}));

async fn read(tables: &Tables, input: &str) {
    let Ok(table) = InlineTable::csv("t", input.to_owned(), None) else { return };
    let tables = match tables.with(vec![table]).await {
        Ok(tables) => tables,
        Err(error) => return refused(&error),
    };
    let profile = match tables.profile("t", &Run::unwatched()).await {
        Ok(profile) => profile,
        Err(error) => return refused(&error),
    };
    let names: HashSet<&str> = profile.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names.len(), profile.columns.len(), "two columns of one name");
    assert!(names.iter().all(|name| !name.is_empty() && !name.contains(char::is_control)), "{names:?}");
    for column in &profile.columns {
        assert!(column.nulls <= profile.rows, "more cells are empty than there are rows");
    }
}

/// A table may be refused for what stands in it, and not because the engine could make nothing of what it was given.
fn refused(error: &DataError) {
    assert!(!matches!(error, DataError::Engine(_)), "{error:?}");
}
