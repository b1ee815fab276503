//! Beside the four questions: what repeats, who may be written to, and who owns what.

use super::{Facts, Part, aggregates, facts::Repeats, percent};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    measure::{Measure, MeasureId},
    proportion::Proportion,
    provenance::Provenance,
    recognition::Role,
    value::{empty_in_sql, quoted_in_sql, text_in_sql},
};

pub(super) fn check(facts: &Facts) -> Part {
    let mut part = Part::default();
    for repeats in &facts.repeats {
        let extra = repeats.extra();
        if repeats.entity == Entity::Contact {
            part.measures.extend(Measure::of(MeasureId::DuplicateContactShare, extra));
        }
        part.findings.extend(repeated(repeats, extra));
    }
    for (role, entity, id) in [
        (Role::Consent, Entity::Contact, MeasureId::ConsentFilledShare),
        (Role::Owner, Entity::Deal, MeasureId::OwnerFilledShare),
    ] {
        let column = facts
            .tables
            .iter()
            .filter(|table| table.entity() == Some(entity))
            .find_map(|table| table.column(role));
        let counted = aggregates::of(facts, entity, role)
            .and_then(|counted| Measure::of(id, counted.filled))
            .map(|measure| measure.on(Provenance::Attested));
        part.measures.extend(column.and_then(|column| Measure::of(id, column.fill())).or(counted));
    }
    part
}

fn repeated(repeats: &Repeats, extra: Proportion) -> Option<Finding> {
    if extra.hits == 0 {
        return None;
    }
    let Repeats { table, entity, column, with_value, .. } = repeats;
    Some(Finding {
        id: format!("duplicate.{table}.{column}"),
        severity: Severity::Major,
        subject: Subject { entity: Some(*entity), table: Some(table.clone()), column: Some(column.clone()) },
        what_found: format!(
            "{} of {with_value} rows of {table} repeat the `{column}` of an earlier row ({})",
            extra.hits,
            percent(extra.rate().unwrap_or_default())
        ),
        why_it_blocks: if *entity == Entity::Contact {
            "an agent writes to the same person twice, and reads half of the history".into()
        } else {
            "an agent works the same company as two, and reads half of the history of each".into()
        },
        fix: vec![
            "merge the records that are the same, the fuller one first".into(),
            format!("refuse a second record with the same `{column}`"),
        ],
        affected_rows: Some(extra.hits),
        scanned_rows: Some(*with_value),
        evidence_query: Some(format!(
            "SELECT count(*) - count(DISTINCT lower(trim({}))) FROM {} WHERE NOT {}",
            text_in_sql(column),
            quoted_in_sql(table),
            empty_in_sql(column)
        )),
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export".into(),
        provenance: Provenance::Measured,
    })
}
