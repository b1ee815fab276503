//! The role each column plays.

use super::{Guess, Role, names};
use crate::{
    entity::Entity,
    profile::{ColumnProfile, TableProfile, ValueType},
    value::Kind,
};
use std::collections::BTreeMap;

/// The name says it and the content agrees.
const NAME_AND_CONTENT: f64 = 0.95;
/// The name says it and there is no content to ask.
const NAME_ALONE: f64 = 0.75;
/// The name says it and the content is of another type: shown, not used.
const NAME_AGAINST_CONTENT: f64 = 0.4;
/// The content says it and the name does not.
const CONTENT_ALONE: f64 = 0.65;

/// What the content of a column has to look like for a role.
#[derive(Clone, Copy)]
enum Needs {
    Anything,
    Moment,
    Number,
    Mostly(Kind),
    Truth,
}

pub(super) fn roles(table: &TableProfile, entity: Option<Entity>) -> BTreeMap<String, Guess<Role>> {
    let mut roles: BTreeMap<String, Guess<Role>> = table
        .columns
        .iter()
        .filter_map(|column| Some((column.name.clone(), role(column, entity)?)))
        .collect();
    own_key(table, entity, &mut roles);
    event_time(table, entity, &mut roles);
    roles
}

/// The role by the column's words, weighed against its content; by its content where the words say nothing.
fn role(column: &ColumnProfile, entity: Option<Entity>) -> Option<Guess<Role>> {
    let words = names::column_words(&column.name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some((role, needs)) = named(&words, entity) {
        let (confidence, and) = weigh(column, needs);
        return Some(Guess::new(role, confidence, format!("its name{and}")));
    }
    let by_content = match column.pattern() {
        Some(Kind::Email) => Some(Role::Email),
        Some(Kind::Domain) if entity == Some(Entity::Account) => Some(Role::Domain),
        _ => None,
    };
    by_content.map(|role| Guess::new(role, CONTENT_ALONE, "nine in ten of its values look like one"))
}

fn weigh(column: &ColumnProfile, needs: Needs) -> (f64, &'static str) {
    let kind = column.value_type();
    if kind == ValueType::Empty {
        return (NAME_ALONE, "; it holds no value to compare");
    }
    let agrees = match needs {
        Needs::Anything => true,
        Needs::Moment => kind.is_moment(),
        Needs::Number => kind.is_number(),
        Needs::Mostly(wanted) => column.count(wanted) * 2 >= column.filled(),
        Needs::Truth => kind == ValueType::Boolean || (column.distinct <= 2 && !kind.is_moment()),
    };
    if agrees {
        (NAME_AND_CONTENT, " and its values")
    } else {
        (NAME_AGAINST_CONTENT, ", which its values contradict")
    }
}

/// Names that say it in full, their words run together.
const NAMES: &[(&str, Role, Needs)] = &[
    ("fivetransynced", Role::Loaded, Needs::Moment),
    ("isclosed", Role::ClosedFlag, Needs::Truth),
    ("isclosedwon", Role::Outcome, Needs::Truth),
    ("closereason", Role::CloseReason, Needs::Anything),
    ("lostreason", Role::CloseReason, Needs::Anything),
    ("closedlostreason", Role::CloseReason, Needs::Anything),
    ("closedwonreason", Role::CloseReason, Needs::Anything),
    ("nextstep", Role::NextStep, Needs::Anything),
    ("closedate", Role::Closed, Needs::Moment),
    ("closedat", Role::Closed, Needs::Moment),
    ("closeddate", Role::Closed, Needs::Moment),
    ("converteddate", Role::Closed, Needs::Moment),
    ("convertedat", Role::Closed, Needs::Moment),
    ("conversiontimestamp", Role::Closed, Needs::Moment),
    ("closeoutcome", Role::Outcome, Needs::Anything),
    ("jobtitle", Role::JobTitle, Needs::Anything),
    ("title", Role::JobTitle, Needs::Anything),
    ("industry", Role::Industry, Needs::Anything),
    ("createdate", Role::Created, Needs::Moment),
    ("createddate", Role::Created, Needs::Moment),
    ("created", Role::Created, Needs::Moment),
    ("email", Role::Email, Needs::Mostly(Kind::Email)),
    ("emailaddress", Role::Email, Needs::Mostly(Kind::Email)),
    ("workemail", Role::Email, Needs::Mostly(Kind::Email)),
    ("phone", Role::Phone, Needs::Anything),
    ("phonenumber", Role::Phone, Needs::Anything),
    ("mobilephone", Role::Phone, Needs::Anything),
    ("mobilephonenumber", Role::Phone, Needs::Anything),
    ("telephone", Role::Phone, Needs::Anything),
    ("domain", Role::Domain, Needs::Anything),
    ("emaildomain", Role::Domain, Needs::Mostly(Kind::Domain)),
    ("companydomain", Role::Domain, Needs::Anything),
    ("companydomainname", Role::Domain, Needs::Anything),
    ("website", Role::Domain, Needs::Anything),
    ("websiteurl", Role::Domain, Needs::Anything),
    ("stage", Role::Stage, Needs::Anything),
    ("stagename", Role::Stage, Needs::Anything),
    ("dealstage", Role::Stage, Needs::Anything),
    ("lifecyclestage", Role::Stage, Needs::Anything),
    ("leadstatus", Role::Stage, Needs::Anything),
    ("leadstage", Role::Stage, Needs::Anything),
    ("currentstage", Role::Stage, Needs::Anything),
    ("pipelinestage", Role::Stage, Needs::Anything),
    ("opportunitystage", Role::Stage, Needs::Anything),
    ("source", Role::Source, Needs::Anything),
    ("leadsource", Role::Source, Needs::Anything),
    ("originalsource", Role::Source, Needs::Anything),
    ("originaltrafficsource", Role::Source, Needs::Anything),
    ("analyticsource", Role::Source, Needs::Anything),
    ("scoredat", Role::Occurred, Needs::Moment),
    ("scoredate", Role::Occurred, Needs::Moment),
    ("scoretimestamp", Role::Occurred, Needs::Moment),
    ("hubspotscore", Role::Score, Needs::Number),
    ("channel", Role::Source, Needs::Anything),
    ("touchchannel", Role::Source, Needs::Anything),
    ("firsttouchchannel", Role::Source, Needs::Anything),
    ("utmsource", Role::Source, Needs::Anything),
    ("owner", Role::Owner, Needs::Anything),
    ("contactowner", Role::Owner, Needs::Anything),
    ("dealowner", Role::Owner, Needs::Anything),
    ("companyowner", Role::Owner, Needs::Anything),
    ("recipient", Role::Email, Needs::Mostly(Kind::Email)),
];

/// What the words of a name say. The order matters: the more telling rule comes first.
fn named(words: &[&str], entity: Option<Entity>) -> Option<(Role, Needs)> {
    let has = |word: &str| words.contains(&word);
    let last = *words.last()?;
    let joined = words.concat();
    // Keys of other records.
    if last == "id" || last == "fid" || last == "sfid" {
        return key(words, entity).map(|role| (role, Needs::Anything));
    }
    if let Some((_, role, needs)) = NAMES.iter().find(|(name, ..)| *name == joined) {
        return Some((*role, *needs));
    }
    if has("consent")
        || has("gdpr")
        || joined.contains("optin")
        || joined.contains("optout")
        || joined.contains("optedout")
        || joined == "unsubscribed"
        || joined.contains("donotemail")
    {
        return Some((Role::Consent, Needs::Anything));
    }
    if last == "score" && !has("date") {
        return Some((Role::Score, Needs::Number));
    }
    if has("converted") && !["at", "date", "time", "on"].contains(&last)
        || joined == "iswon"
        || joined == "won"
        || joined == "outcome" && entity == Some(Entity::Lead)
    {
        return Some((Role::Outcome, Needs::Truth));
    }
    if ["loaded", "ingested", "synced", "received"].iter().any(|word| has(word)) && words.len() <= 3 {
        return Some((Role::Loaded, Needs::Moment));
    }
    if ["updated", "modified", "lastmodified", "modstamp"].iter().any(|word| has(word)) && last != "by" {
        return Some((Role::Updated, Needs::Moment));
    }
    if has("created")
        && (last == "at" || last == "date" || last == "time" || last == "on")
        && words.len() <= 3
    {
        return Some((Role::Created, Needs::Moment));
    }
    if has("occurred")
        || has("occured")
        || ["timestamp", "entered"].contains(&last)
        || [
            "eventtime",
            "eventdate",
            "activitydate",
            "dateentered",
            "enteredat",
            "collectortstamp",
            "derivedtstamp",
        ]
        .contains(&joined.as_str())
    {
        return Some((Role::Occurred, Needs::Moment));
    }
    // A history's `value` is whatever the property held.
    let money = last != "value" || !matches!(entity, Some(Entity::History | Entity::Event | Entity::Link));
    if ["amount", "acv", "arr", "mrr", "spend", "cost", "value"].contains(&last) && words.len() <= 3 && money
    {
        return Some((Role::Amount, Needs::Number));
    }
    if last == "name"
        || ["firstname", "lastname", "fullname", "companyname", "dealname"].contains(&joined.as_str())
    {
        return Some((Role::Name, Needs::Anything));
    }
    if joined == "company" && matches!(entity, Some(Entity::Lead | Entity::Contact)) {
        return Some((Role::Name, Needs::Anything));
    }
    if last == "type" && (words.len() == 1 || names::entity(words[0]).is_some()) {
        return Some((Role::Type, Needs::Anything));
    }
    None
}

/// The record that a `..._id` column points at. Its last entity word counts: `owner_rep_id` is a rep's.
fn key(words: &[&str], entity: Option<Entity>) -> Option<Role> {
    let stem = &words[..words.len() - 1];
    if stem.is_empty() || stem == ["record"] {
        return Some(Role::Id);
    }
    let joined = stem.concat();
    match joined.as_str() {
        "who" => return Some(Role::Key(Entity::Contact)),
        "what" => return Some(Role::Key(Entity::Deal)),
        _ => {}
    }
    // Everybody who ever owned it, in one cell.
    if stem.contains(&"all") {
        return None;
    }
    if stem.contains(&"owner") || matches!(joined.as_str(), "rep" | "assignedto") {
        return if entity == Some(Entity::User) && stem == ["owner"] {
            Some(Role::Id)
        } else {
            Some(Role::Owner)
        };
    }
    // Who made or changed a record, what caused it, where it was merged: keys, but not associations.
    if ["created", "modified", "caused", "sent", "master", "merged", "portal", "app", "jigsaw", "user"]
        .iter()
        .any(|word| stem.contains(word))
        || joined.starts_with("reportsto")
    {
        return (entity == Some(Entity::User) && stem == ["user"]).then_some(Role::Id);
    }
    let plain = match stem {
        [word] | ["associated" | "primary" | "related" | "crm", word] => names::entity(word),
        ["email", "campaign"] => Some(Entity::Campaign),
        _ => None,
    }
    .or(match joined.as_str() {
        "associatedcompany" | "prospectaccount" => Some(Entity::Account),
        _ => None,
    })?;
    Some(if entity == Some(plain) { Role::Id } else { Role::Key(plain) })
}

/// A table without a column named like its key may still have a unique one as its first.
fn own_key(table: &TableProfile, entity: Option<Entity>, roles: &mut BTreeMap<String, Guess<Role>>) {
    let ids: Vec<String> =
        roles.iter().filter(|(_, guess)| guess.value == Role::Id).map(|(name, _)| name.clone()).collect();
    if ids.len() > 1 {
        // `id` beats `event_id`; of equals, the one that is unique.
        let best = ids
            .iter()
            .max_by_key(|name| {
                (table.column(name).is_some_and(ColumnProfile::is_key), name.eq_ignore_ascii_case("id"))
            })
            .cloned();
        for name in ids.iter().filter(|name| Some(*name) != best.as_ref()) {
            roles.remove(name);
        }
    }
    if ids.is_empty()
        && !matches!(entity, Some(Entity::Link | Entity::History))
        && let Some(first) = table.columns.first()
        && first.is_key()
        && first.name.to_lowercase().ends_with("id")
        && !roles.contains_key(&first.name)
    {
        roles.insert(
            first.name.clone(),
            Guess::new(Role::Id, 0.8, "the first column, unique and never empty"),
        );
    }
}

/// Events and activities that have no time of their own happened when they were created.
fn event_time(table: &TableProfile, entity: Option<Entity>, roles: &mut BTreeMap<String, Guess<Role>>) {
    if !matches!(entity, Some(Entity::Event | Entity::Activity))
        || roles.values().any(|guess| guess.value == Role::Occurred)
    {
        return;
    }
    if let Some(guess) = roles.values_mut().find(|guess| guess.value == Role::Created) {
        guess.value = Role::Occurred;
        guess.reason.push_str("; the table has no other time");
        return;
    }
    let only: Vec<&ColumnProfile> = table
        .columns
        .iter()
        .filter(|column| column.value_type().is_moment() && !roles.contains_key(&column.name))
        .collect();
    if let [column] = only.as_slice() {
        roles.insert(
            column.name.clone(),
            Guess::new(Role::Occurred, CONTENT_ALONE, "the only time in the table"),
        );
    }
}
