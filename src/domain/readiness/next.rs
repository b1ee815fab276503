//! The queries worth running where the records are, for what is not known here.
//!
//! Each counts filled records; its answer is handed back as an aggregate. A system counts whatever is not null,
//! so a placeholder counts as filled there: such a count can only be too high.

use super::{
    Facts, Readiness,
    systems::{self, System},
    wanted::Wanted,
};
use crate::{
    entity::Entity,
    recognition::Role,
    value::{empty_in_sql, quoted_in_sql},
    verdict::Verdict,
};
use serde_json::{Value, json};

/// More queries than this nobody runs before looking at the answers.
const MOST: usize = 12;

/// The language of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Salesforce's query language.
    Soql,
    /// The body of a HubSpot CRM search.
    HubspotSearch,
    /// SQL.
    Sql,
}

impl Language {
    /// The language's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Soql => "soql",
            Self::HubspotSearch => "hubspot_search",
            Self::Sql => "sql",
        }
    }
}

/// A query worth running.
#[derive(Clone, Debug, PartialEq)]
pub struct NextQuery {
    /// The system that answers it.
    pub system: System,
    /// The language it is written in.
    pub language: Language,
    /// The object it is asked of, where the query itself does not say.
    pub object: Option<String>,
    /// The query that counts filled records.
    pub query: String,
    /// The query that counts all of them, where the first does not.
    pub total_query: Option<String>,
    /// Which part of an answer is the count.
    pub read: &'static str,
    /// The check it settles, by id.
    pub settles: String,
    /// What it counts, in words.
    pub what: String,
    /// Why it stands where it does in the list.
    pub reason: String,
    /// What to hand back: an aggregate to which `filled` and `total` are added.
    pub hand_back: HandBack,
}

/// The part of an aggregate that is known before the query has run.
#[derive(Clone, Debug, PartialEq)]
pub struct HandBack {
    /// The entity that is counted.
    pub entity: Entity,
    /// The field as its system names it.
    pub field: String,
    /// What the field is for.
    pub role: Role,
}

/// The queries that narrow the verdict most, in that order: what is essential and unknown, what is unknown, and
/// what is known least surely.
pub fn next_queries(facts: &Facts, readiness: &Readiness, systems: &[System]) -> Vec<NextQuery> {
    readiness
        .wanted
        .iter()
        .flat_map(|wanted| systems.iter().filter_map(|system| query(facts, wanted, *system)))
        .take(MOST)
        .collect()
}

fn query(facts: &Facts, wanted: &Wanted, system: System) -> Option<NextQuery> {
    match system {
        System::Salesforce => soql(wanted),
        System::HubSpot => search(wanted),
        System::Warehouse => sql(facts, wanted),
    }
}

fn reason(wanted: &Wanted) -> String {
    match (wanted.verdict, wanted.essential) {
        (Verdict::Unknown, true) => "nothing is known of it, and work stops without it".to_owned(),
        (Verdict::Unknown, false) => "nothing is known of it".to_owned(),
        _ => format!(
            "too little is known of it: its interval is {:.1} points wide, and a count over all records narrows it",
            wanted.width * 100.0
        ),
    }
}

fn soql(wanted: &Wanted) -> Option<NextQuery> {
    let Wanted { entity, role, settles, .. } = wanted;
    let (object, field) = systems::field(System::Salesforce, *entity, *role)?;
    Some(NextQuery {
        system: System::Salesforce,
        language: Language::Soql,
        object: None,
        query: format!("SELECT COUNT() FROM {object} WHERE {field} != null"),
        total_query: Some(format!("SELECT COUNT() FROM {object}")),
        read: "totalSize of the answer, or its count",
        settles: settles.clone(),
        what: format!("records of {object} with a value in {field}, and all of them"),
        reason: reason(wanted),
        hand_back: HandBack { entity: *entity, field: field.to_owned(), role: *role },
    })
}

fn search(wanted: &Wanted) -> Option<NextQuery> {
    let Wanted { entity, role, settles, .. } = wanted;
    let (object, property) = systems::field(System::HubSpot, *entity, *role)?;
    // A reason is asked of lost deals only.
    let lost = (*role == Role::CloseReason)
        .then(|| json!({ "propertyName": "hs_is_closed_lost", "operator": "EQ", "value": "true" }));
    let body = |filters: Vec<Value>| {
        let groups = if filters.is_empty() { json!([]) } else { json!([{ "filters": filters }]) };
        json!({ "filterGroups": groups, "limit": 1 }).to_string()
    };
    let has = json!({ "propertyName": property, "operator": "HAS_PROPERTY" });
    let of = if lost.is_some() { "lost deals" } else { object };
    Some(NextQuery {
        system: System::HubSpot,
        language: Language::HubspotSearch,
        object: Some(object.to_owned()),
        query: body([has].into_iter().chain(lost.clone()).collect()),
        total_query: Some(body(lost.into_iter().collect())),
        read: "total of the answer",
        settles: settles.clone(),
        what: format!("{of} with a value in {property}, and all of them"),
        reason: reason(wanted),
        hand_back: HandBack { entity: *entity, field: property.to_owned(), role: *role },
    })
}

/// What a table of an entity is most often called.
fn plural(entity: Entity) -> String {
    let name = entity.name();
    name.strip_suffix('y').map_or_else(|| format!("{name}s"), |stem| format!("{stem}ies"))
}

/// The table and column as they are known here; where they are not, the entity and the role stand for them.
fn sql(facts: &Facts, wanted: &Wanted) -> Option<NextQuery> {
    let Wanted { entity, role, settles, tables, .. } = wanted;
    let held = facts.tables.iter().find(|table| tables.contains(&table.profile.name));
    let column = held.and_then(|table| table.column(*role));
    // A query over a table that was read whole would only count the same rows again.
    if column.is_some() && held.is_some_and(super::partial::is_read_whole) {
        return None;
    }
    let table = held.map_or_else(|| plural(*entity), |table| table.profile.name.clone());
    let field = column.map_or_else(|| role.to_string(), |column| column.name.clone());
    let names = if column.is_some() { "" } else { " (put in the names your database has for them)" };
    Some(NextQuery {
        system: System::Warehouse,
        language: Language::Sql,
        object: None,
        query: format!(
            "SELECT sum(CASE WHEN {} THEN 0 ELSE 1 END) AS filled, count(*) AS total FROM {}",
            empty_in_sql(&field),
            quoted_in_sql(&table)
        ),
        total_query: None,
        read: "the columns filled and total",
        settles: settles.clone(),
        what: format!("rows of {table} with a usable {field}, and all of them{names}"),
        reason: reason(wanted),
        hand_back: HandBack { entity: *entity, field, role: *role },
    })
}
