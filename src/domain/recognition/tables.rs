//! The entity a table holds.

use super::{Guess, Role, columns, names};
use crate::{entity::Entity, profile::TableProfile};

/// Words after an entity's that make the table a list of past states or of choices, not of records.
const STATE_WORDS: [&str; 2] = ["stage", "status"];
/// Words after an entity's that make the table reference data.
const REFERENCE_WORDS: [&str; 10] =
    ["pipeline", "property", "option", "type", "describe", "template", "role", "team", "list", "item"];
/// Records that are none of the entities; a table of their keys beside another's is a link.
const OTHER_RECORDS: [&str; 2] = ["ticket", "case"];
/// Words that make a table a trace of records that are gone.
const TRACE_WORDS: [&str; 3] = ["merged", "audit", "deleted"];
/// Words before `activity` that say that people did it, not salespeople.
const PEOPLE_WORDS: [&str; 3] = ["visitor", "web", "email"];

/// Columns say what a table may hold, but too little to act upon.
const COLUMNS_ALONE: f64 = 0.45;

/// The entity, by the table's name first and by its key column where the name says nothing. Columns alone give a
/// guess to ask about.
pub(super) fn entity(table: &TableProfile) -> Option<Guess<Entity>> {
    by_name(table).or_else(|| by_key(table)).or_else(|| by_columns(table))
}

/// What a table without a telling name or key may hold.
fn by_columns(table: &TableProfile) -> Option<Guess<Entity>> {
    let words = names::table_words(&table.name);
    if words.iter().any(|word| {
        REFERENCE_WORDS.contains(&word.as_str())
            || OTHER_RECORDS.contains(&word.as_str())
            || TRACE_WORDS.contains(&word.as_str())
            || names::entity(word).is_some()
    }) {
        return None;
    }
    let roles = columns::roles(table, None);
    let has = |role: Role| roles.values().any(|guess| guess.value == role && guess.is_sure());
    let (entity, why) = if has(Role::Amount) && has(Role::Stage) {
        (Entity::Deal, "it holds amounts and stages")
    } else if has(Role::Email) && has(Role::Outcome) {
        (Entity::Lead, "it holds e-mail addresses and an outcome")
    } else if has(Role::Email) && has(Role::Occurred) {
        (Entity::Event, "it holds e-mail addresses and when something happened")
    } else if has(Role::Email) && has(Role::Name) {
        (Entity::Contact, "it holds e-mail addresses and names")
    } else if has(Role::Domain) && has(Role::Name) {
        (Entity::Account, "it holds web domains and names")
    } else {
        return None;
    };
    Some(Guess::new(entity, COLUMNS_ALONE, why))
}

fn by_name(table: &TableProfile) -> Option<Guess<Entity>> {
    let words = names::table_words(&table.name);
    let known: Vec<Entity> = words.iter().filter_map(|word| names::entity(word)).collect();
    let last = words.last()?;
    let says = |entity: Entity, confidence: f64, why: &str| {
        Some(Guess::new(entity, confidence, format!("its name `{}` {why}", table.name)))
    };
    if words.iter().any(|word| word == "history") {
        return says(Entity::History, 0.9, "speaks of a history");
    }
    if STATE_WORDS.contains(&last.as_str()) && known.len() == 1 && words.len() == 2 {
        let dated = column_named(table, &["date", "entered"]) || column_named(table, &["entered", "at"]);
        return if dated {
            says(Entity::History, 0.8, "speaks of states, and its rows are dated")
        } else {
            None
        };
    }
    let has = |word: &str| words.iter().any(|known| known == word);
    if REFERENCE_WORDS.contains(&last.as_str()) || has("pipeline") || TRACE_WORDS.iter().any(|word| has(word))
    {
        return None;
    }
    if OTHER_RECORDS.iter().any(|word| has(word)) {
        return if is_pair_of_keys(table) { says(Entity::Link, 0.9, "pairs two records") } else { None };
    }
    // Marketo and Pardot write what people did as activities; what salespeople did stands alone or behind `sales`.
    if known.first() == Some(&Entity::Activity)
        && (words.len() > 1 && words[0] == "activity"
            || PEOPLE_WORDS.iter().any(|word| has(word)) && has("activity"))
    {
        return says(Entity::Event, 0.8, "speaks of what people did");
    }
    if words.iter().any(|word| word == "spend") {
        return says(Entity::Spend, 0.9, "speaks of spend");
    }
    if words.iter().any(|word| word == "membership" || word == "member") {
        return says(Entity::Link, 0.8, "pairs two records");
    }
    match known.as_slice() {
        [] => None,
        [Entity::Event] if column_named(table, &["who", "id"]) => {
            says(Entity::Activity, 0.8, "is Salesforce's word for a meeting, as its column `who_id` shows")
        }
        [only] => {
            says(*only, if words.len() == 1 { 0.95 } else { 0.8 }, &format!("speaks of {}", article(*only)))
        }
        several if several.contains(&Entity::Event) => says(Entity::Event, 0.8, "speaks of events"),
        [first, second] if first != second && is_pair_of_keys(table) => {
            says(Entity::Link, 0.9, "pairs two records")
        }
        // A table about scoring that holds no score holds what is to be scored.
        [first, Entity::Score] if !has_score(table) => {
            says(*first, 0.7, &format!("speaks of {} to be scored", article(*first)))
        }
        [Entity::Activity, _] => says(Entity::Activity, 0.7, "speaks of an activity first"),
        several => says(*several.last()?, 0.6, &format!("ends with {}", article(*several.last()?))),
    }
}

/// A table without a telling name holds what its own key names.
fn by_key(table: &TableProfile) -> Option<Guess<Entity>> {
    let keyed = || {
        table.columns.iter().find_map(|column| {
            let words = names::column_words(&column.name);
            let [word, id] = words.as_slice() else { return None };
            let entity = names::entity(word).filter(|_| id == "id")?;
            column.is_key().then_some((entity, column.name.clone()))
        })
    };
    let (entity, column) = keyed()?;
    Some(Guess::new(entity, 0.7, format!("its column `{column}` is unique and never empty")))
}

fn column_named(table: &TableProfile, words: &[&str]) -> bool {
    table.columns.iter().any(|column| names::column_words(&column.name) == words)
}

fn has_score(table: &TableProfile) -> bool {
    table
        .columns
        .iter()
        .any(|column| names::column_words(&column.name).last().is_some_and(|word| word == "score"))
}

/// Most of its columns are keys of other tables.
fn is_pair_of_keys(table: &TableProfile) -> bool {
    let keys = table
        .columns
        .iter()
        .filter(|column| names::words(&column.name).last().is_some_and(|word| word == "id"));
    keys.count() >= 2 && table.columns.len() <= 8
}

fn article(entity: Entity) -> String {
    let name = entity.name();
    let article =
        if name.starts_with(['a', 'e', 'i', 'o', 'u']) && entity != Entity::User { "an" } else { "a" };
    format!("{article} {name}")
}
