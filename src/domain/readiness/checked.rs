//! The keys of all findings that could have come of this data. A finding of an earlier review counts as resolved
//! only if its key is in here and it was not found again.

use super::{Facts, Lens, Question, aggregates, drift, event_types, facts::TableFacts, hygiene, partial};
use crate::verdict::Verdict;
use std::collections::BTreeSet;

/// The rows that were left out may hold what would be found, so a table read in part clears nothing of suspicion.
pub(super) fn keys(facts: &Facts, lens: &Lens, questions: &[Question]) -> BTreeSet<String> {
    let whole = |name: &str| partial::is_whole(facts, name);
    let mut keys = BTreeSet::new();
    for check in questions.iter().flat_map(|question| &question.checks) {
        let is_judged = check.verdict != Verdict::Unknown;
        if is_judged && check.tables.iter().all(|name| whole(name)) {
            keys.insert(check.id.clone());
        }
    }
    for link in facts.links.iter().filter(|link| whole(&link.table) && whole(&link.target)) {
        keys.insert(format!("link.{}.{}", link.table, link.column));
        keys.insert(format!("childless.{}.{}", link.target, link.table));
    }
    for repeats in facts.repeats.iter().filter(|repeats| whole(&repeats.table)) {
        keys.insert(format!("duplicate.{}.{}", repeats.table, repeats.column));
    }
    for stream in facts.streams.iter().filter(|stream| whole(&stream.table)) {
        let kinds = ["gap", "future", "ancient", "untimed", "early"];
        let typed = if stream.types.is_some() { &event_types::KINDS[..] } else { &[] };
        keys.extend(kinds.iter().chain(typed).map(|kind| format!("events.{kind}.{}", stream.table)));
    }
    for table in facts.tables.iter().filter(|table| partial::is_read_whole(table)) {
        keys.extend(of_table(facts, lens, table));
    }
    keys
}

fn of_table(facts: &Facts, lens: &Lens, table: &TableFacts) -> Vec<String> {
    let name = &table.profile.name;
    let mut keys: Vec<String> = ["", ".csv", ".tsv", ".parquet", ".jsonl", ".ndjson"]
        .map(|ending| format!("unread.{name}{ending}"))
        .into();
    keys.extend(hygiene::keys(table));
    keys.extend(drift::keys(facts, table));
    let Some(entity) = table.entity() else { return keys };
    if lens.fields_of(entity).is_empty() {
        return keys;
    }
    keys.extend([format!("naming.{name}"), format!("fill_optional.{name}")]);
    for column in &table.profile.columns {
        keys.extend(["type", "picklist"].map(|kind| format!("{kind}.{name}.{}", column.name)));
    }
    // What a count said of this entity while there was no table of it is now measured.
    for field in lens.fields_of(entity).iter().filter(|field| table.column(field.role.0).is_some()) {
        if !aggregates::stands_alone(facts, entity) {
            keys.push(format!("fill.{}.{}", entity.name(), field.role.0));
        }
    }
    keys
}
