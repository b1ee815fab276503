//! Names taken apart into words, without the marks that exports and warehouses put on them.

mod run_together;

use crate::entity::Entity;

/// Words that say where a table or column comes from, not what it holds; in the singular, as words are compared.
const NOISE: [&str; 26] = [
    "sf",
    "sfdc",
    "salesforce",
    "hubspot",
    "hs",
    "marketo",
    "mkto",
    "pardot",
    "fivetran",
    "stg",
    "staging",
    "dim",
    "fct",
    "fact",
    "raw",
    "data",
    "export",
    "table",
    "tbl",
    "all",
    "crm",
    "postgre",
    "snowflake",
    "databrick",
    "bigquery",
    "redshift",
];

/// The words that name an entity, in the singular.
const ENTITIES: [(&str, Entity); 46] = [
    ("account", Entity::Account),
    ("company", Entity::Account),
    ("organization", Entity::Account),
    ("organisation", Entity::Account),
    ("customer", Entity::Account),
    ("contact", Entity::Contact),
    ("person", Entity::Contact),
    ("people", Entity::Contact),
    ("lead", Entity::Lead),
    ("prospect", Entity::Lead),
    ("deal", Entity::Deal),
    ("opportunity", Entity::Deal),
    ("opp", Entity::Deal),
    ("activity", Entity::Activity),
    ("task", Entity::Activity),
    ("call", Entity::Activity),
    ("meeting", Entity::Activity),
    ("engagement", Entity::Activity),
    ("note", Entity::Activity),
    ("event", Entity::Event),
    ("touch", Entity::Event),
    ("touchpoint", Entity::Event),
    ("session", Entity::Event),
    ("visit", Entity::Event),
    ("pageview", Entity::Event),
    ("click", Entity::Event),
    ("submission", Entity::Event),
    ("user", Entity::User),
    ("owner", Entity::User),
    ("rep", Entity::User),
    ("employee", Entity::User),
    ("score", Entity::Score),
    ("scoring", Entity::Score),
    ("campaign", Entity::Campaign),
    ("program", Entity::Campaign),
    ("programme", Entity::Campaign),
    ("spend", Entity::Spend),
    ("cost", Entity::Spend),
    ("budget", Entity::Spend),
    ("subscription", Entity::Subscription),
    ("contract", Entity::Subscription),
    ("history", Entity::History),
    ("changelog", Entity::History),
    ("link", Entity::Link),
    ("association", Entity::Link),
    ("membership", Entity::Link),
];

/// The words of a name in the singular, lower case: `Associated Company IDs`, `associatedCompanyId` and
/// `associated_company_id` give the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let letters: Vec<char> = name.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let next_is_lower = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let boundary = letter.is_uppercase()
            && (previous.is_lowercase()
                || previous.is_ascii_digit()
                || (previous.is_uppercase()
                    && next_is_lower
                    && letters.get(at + 2).is_some_and(|c| c.is_lowercase())));
        if !letter.is_alphanumeric() || boundary {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        previous = letter;
    }
    words.push(word);
    words.into_iter().filter(|word| !word.is_empty()).map(singular).collect()
}

/// The words of a table's name that say what it holds.
pub(super) fn table_words(name: &str) -> Vec<String> {
    let mut words = words(name);
    words.retain(|word| !NOISE.contains(&word.as_str()));
    words
}

/// The words of a column's name, without HubSpot's `property_` in front and Salesforce's `_c` behind. A name whose
/// words run together, as Data Loader writes `LASTMODIFIEDDATE`, is taken apart.
pub(crate) fn column_words(name: &str) -> Vec<String> {
    let mut words = words(name);
    if words.iter().any(|word| word == "hs") && words.ends_with(&["object".into(), "id".into()]) {
        return vec!["id".into()];
    }
    if words.len() > 1 && words[0] == "property" {
        words.remove(0);
    }
    if words.len() > 1 && words.first().is_some_and(|word| word == "hs") {
        words.remove(0);
    }
    if words.len() > 1 && words.last().is_some_and(|word| word == "c") {
        words.pop();
    }
    match words.as_slice() {
        [word] => run_together::split(word).unwrap_or(words),
        _ => words,
    }
}

/// Whether a column of keys holds several in a cell, as its plural says: `Associated Company IDs`.
pub(super) fn is_plural_key(name: &str) -> bool {
    name.to_lowercase().ends_with("ids")
}

/// The kinds of record that one key may be of.
pub(super) struct Kinds {
    pub(super) entities: Vec<Entity>,
    /// Whether it may be of kinds that no entity stands for.
    pub(super) and_others: bool,
}

/// The kinds of record that a key points at where they are several: Salesforce's `WhoId` and `WhatId`.
pub(super) fn polymorphic_key(name: &str) -> Option<Kinds> {
    match column_words(name).first()?.as_str() {
        "who" => Some(Kinds { entities: vec![Entity::Contact, Entity::Lead], and_others: false }),
        "what" => Some(Kinds { entities: vec![Entity::Deal, Entity::Account], and_others: true }),
        _ => None,
    }
}

fn singular(word: String) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if let Some(stem) = word
        .strip_suffix("es")
        .filter(|stem| stem.ends_with("ch") || stem.ends_with("sh") || stem.ends_with("ss"))
    {
        return stem.to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem)
            if stem.len() > 1
                && !["us", "ss", "is"].iter().any(|end| word.ends_with(end))
                && word != "hs" =>
        {
            stem.to_owned()
        }
        _ => word,
    }
}

/// The entity that a word names.
pub(super) fn entity(word: &str) -> Option<Entity> {
    ENTITIES.iter().find(|(known, _)| *known == word).map(|(_, entity)| *entity)
}
