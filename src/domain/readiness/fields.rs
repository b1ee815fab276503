//! Question one: are the fields an agent needs named consistently and filled?
//!
//! The guide asks it of every field. Optional and terminal fields can never be full, so the verdict rests on
//! the fields an agent needs, each asked only of the rows it applies to; every other field is counted and shown.

use super::{
    Check, Facts, Part, Thresholds,
    facts::{Applicable, TableFacts},
    naming, percent,
};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    measure::{Measure, MeasureId},
    profile::ColumnProfile,
    proportion::Proportion,
    provenance::Provenance,
    recognition::Role,
    value::{empty_in_sql, quoted_in_sql},
    verdict::Verdict,
};

/// The fields an agent needs of an entity and what it needs them for. Keys are the next question's.
const fn needed(entity: Entity) -> &'static [(Role, &'static str)] {
    match entity {
        Entity::Account => &[
            (Role::Id, "refer to the account"),
            (Role::Name, "name the account"),
            (Role::Domain, "match people and intent to the account"),
            (Role::Industry, "judge fit and choose the message"),
            (Role::Owner, "route work to a person"),
        ],
        Entity::Contact => &[
            (Role::Id, "refer to the contact"),
            (Role::Email, "reach the contact and match other systems"),
            (Role::Phone, "place or prepare calls"),
            (Role::JobTitle, "judge the role in the buying group"),
            (Role::Consent, "know whether writing is lawful"),
            (Role::Owner, "route work to a person"),
        ],
        Entity::Lead => &[
            (Role::Id, "refer to the lead"),
            (Role::Created, "measure speed and age"),
            (Role::Source, "explain where it came from"),
        ],
        Entity::Deal => &[
            (Role::Id, "refer to the deal"),
            (Role::Stage, "know what the deal needs"),
            (Role::Amount, "rank deals"),
            (Role::Created, "measure age"),
            (Role::Closed, "forecast"),
            (Role::Owner, "route work to a person"),
            (Role::NextStep, "know what is due"),
            (Role::CloseReason, "learn from closed deals"),
        ],
        Entity::Activity => {
            &[(Role::Occurred, "order what happened"), (Role::Type, "tell a call from a meeting")]
        }
        Entity::Event => {
            &[(Role::Occurred, "order what happened"), (Role::Type, "tell one event from another")]
        }
        _ => &[],
    }
}

pub(super) fn check(facts: &Facts, thresholds: &Thresholds) -> Part {
    let mut part = Part::default();
    let mut naming_counts = Proportion::default();
    for table in &facts.tables {
        let Some(entity) = table.entity() else { continue };
        if needed(entity).is_empty() {
            continue;
        }
        for (role, purpose) in needed(entity) {
            needed_field(table, entity, *role, purpose, thresholds, &mut part);
        }
        optional_fields(table, entity, thresholds, &mut part);
        let named = naming::check(table, entity, thresholds, &mut part);
        naming_counts = Proportion::new(naming_counts.hits + named.hits, naming_counts.trials + named.trials);
    }
    let judged =
        part.checks.iter().filter(|check| check.id.starts_with("fill.") && check.verdict != Verdict::Unknown);
    let (passed, all) = judged
        .fold((0, 0), |(passed, all), check| (passed + u64::from(check.verdict == Verdict::Ready), all + 1));
    // Fields and columns are all there are, not a sample: these shares have no interval.
    for (id, share) in [
        (MeasureId::FieldsFilledShare, Proportion::new(passed, all)),
        (MeasureId::ConsistentNamingShare, naming_counts),
    ] {
        part.measures.extend(share.rate().map(|value| Measure { id, value, interval: None }));
    }
    if part.checks.is_empty() {
        part.next_evidence = Some("give a table of contacts, accounts, leads or deals".into());
    } else if let Some(open) = part.checks.iter().find(|check| check.verdict == Verdict::Unknown) {
        part.next_evidence =
            Some(format!("{}: export the column, or map it in the configuration", open.what));
    }
    part
}

fn needed_field(
    table: &TableFacts,
    entity: Entity,
    role: Role,
    purpose: &str,
    thresholds: &Thresholds,
    part: &mut Part,
) {
    let name = &table.profile.name;
    let Some(column) = table.column(role) else {
        part.checks.push(Check {
            id: format!("fill.{name}.{role}"),
            entity: Some(entity),
            what: format!("no column of {name} is recognised as {role}"),
            value: None,
            interval: None,
            counts: None,
            threshold: thresholds.filled,
            lower_is_better: false,
            floor: 0.0,
            verdict: Verdict::Unknown,
        });
        return;
    };
    let (fill, asked_of) = table.fill(column);
    let among = asked_of.map(|asked| format!(" among {}", asked.condition)).unwrap_or_default();
    let check = Check {
        id: format!("fill.{name}.{}", column.name),
        entity: Some(entity),
        what: format!("{name}.{} filled{among}", column.name),
        value: fill.rate(),
        interval: fill.wilson(),
        counts: Some((fill.hits, fill.trials)),
        threshold: thresholds.filled,
        lower_is_better: false,
        floor: 0.0,
        verdict: fill.judge(thresholds.filled.value),
    };
    if check.verdict == Verdict::NotReady {
        part.findings.push(empty_field(table, entity, column, purpose, fill, asked_of));
    }
    part.checks.push(check);
}

/// Without these an agent cannot reach a person or place a deal at all.
const ESSENTIAL: [Role; 4] = [Role::Id, Role::Email, Role::Stage, Role::Occurred];
/// Below this share a missing essential field stops more work than it lets through.
const MOSTLY_EMPTY: f64 = 0.5;

fn severity(role: Option<Role>, fill: Proportion) -> Severity {
    let essential = role.is_some_and(|role| ESSENTIAL.contains(&role));
    if essential && fill.rate().is_some_and(|share| share < MOSTLY_EMPTY) {
        Severity::Blocker
    } else {
        Severity::Major
    }
}

fn empty_field(
    table: &TableFacts,
    entity: Entity,
    column: &ColumnProfile,
    purpose: &str,
    fill: Proportion,
    asked_of: Option<&Applicable>,
) -> Finding {
    let name = &table.profile.name;
    let empty = fill.trials - fill.hits;
    let of = asked_of.map_or("rows", |asked| &asked.condition);
    let which = asked_of.map(|asked| format!("({}) AND ", asked.condition_sql)).unwrap_or_default();
    let placeholders = if column.placeholders > 0 && asked_of.is_none() {
        format!(", {} of them with a placeholder instead of a value", column.placeholders)
    } else {
        String::new()
    };
    Finding {
        id: format!("fill.{name}.{}", column.name),
        severity: severity(table.recognition.role(&column.name), fill),
        subject: Subject {
            entity: Some(entity),
            table: Some(name.clone()),
            column: Some(column.name.clone()),
        },
        what_found: format!(
            "{empty} of {} {of} have no usable `{}` ({} filled){placeholders}",
            fill.trials,
            column.name,
            percent(fill.rate().unwrap_or_default()),
        ),
        why_it_blocks: format!(
            "an agent needs it to {purpose}; where it is empty the agent guesses or skips the record"
        ),
        fix: vec![
            format!("fill `{}` from enrichment or from another system that holds it", column.name),
            "make it required where records enter, and refuse placeholders there".into(),
        ],
        affected_rows: Some(empty),
        scanned_rows: Some(fill.trials),
        evidence_query: Some(format!(
            "SELECT count(*) FROM {} WHERE {which}{}",
            quoted_in_sql(name),
            empty_in_sql(&column.name)
        )),
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export".into(),
        provenance: Provenance::Measured,
    }
}

/// Columns named in one finding.
const SHOWN: usize = 12;

/// The fields nobody named as needed, in one finding a table.
fn optional_fields(table: &TableFacts, entity: Entity, thresholds: &Thresholds, part: &mut Part) {
    let needed: Vec<&str> =
        needed(entity).iter().filter_map(|(role, _)| table.recognition.column(*role)).collect();
    let low: Vec<&ColumnProfile> = table
        .profile
        .columns
        .iter()
        .filter(|column| !needed.contains(&column.name.as_str()))
        .filter(|column| table.fill(column).0.judge(thresholds.filled.value) == Verdict::NotReady)
        .collect();
    if low.is_empty() {
        return;
    }
    let name = &table.profile.name;
    let mut list: Vec<String> = low
        .iter()
        .take(SHOWN)
        .map(|column| format!("{} {}", column.name, percent(table.fill(column).0.rate().unwrap_or_default())))
        .collect();
    if low.len() > SHOWN {
        list.push(format!("and {} more", low.len() - SHOWN));
    }
    part.findings.push(Finding {
        id: format!("fill_optional.{name}"),
        severity: Severity::Minor,
        subject: Subject { entity: Some(entity), table: Some(name.clone()), column: None },
        what_found: format!(
            "{} of {} columns are surely filled in less than {} of rows, the whole 95% interval being below: {}",
            low.len(),
            table.profile.columns.len(),
            percent(thresholds.filled.value),
            list.join(", ")
        ),
        why_it_blocks: "an agent that reads the whole record spends context on empty fields and may take them for answers".into(),
        fix: vec!["retire the fields nobody uses".into(), "fill the ones that are used, or write down when they apply".into()],
        affected_rows: None,
        scanned_rows: Some(table.profile.rows),
        evidence_query: None,
        owner_role: "CRM administrator".into(),
        retest: "run describe_data on a new export".into(),
        provenance: Provenance::Measured,
    });
}
