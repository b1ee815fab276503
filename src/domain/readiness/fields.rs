//! Question one: are the fields an agent needs named consistently and filled?
//!
//! The guide asks it of every field. Optional and terminal fields can never be full, so the verdict rests on
//! the fields the lens lists, each asked only of the rows it applies to; every other field is counted and shown.

use super::{
    Check, Facts, Lens, Part, aggregates,
    facts::{Aggregate, Applicable, TableFacts},
    lens::Field,
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

pub(super) fn check(facts: &Facts, lens: &Lens) -> Part {
    let mut part = Part::default();
    let mut naming_counts = Proportion::default();
    for table in &facts.tables {
        let Some(entity) = table.entity() else { continue };
        let fields = lens.fields_of(entity);
        if fields.is_empty() {
            continue;
        }
        for field in fields.iter().filter(|field| is_asked(table, field)) {
            needed_field(facts, table, entity, field, lens, &mut part);
        }
        optional_fields(table, entity, lens, &mut part);
        let named = naming::check(table, entity, &lens.thresholds, &mut part);
        naming_counts = Proportion::new(naming_counts.hits + named.hits, naming_counts.trials + named.trials);
    }
    for listed in &lens.fields {
        if aggregates::stands_alone(facts, listed.entity) {
            counted_entity(facts, listed.entity, &listed.fields, lens, &mut part);
        }
    }
    measure(naming_counts, &mut part);
    if part.checks.is_empty() {
        part.next_evidence = Some("give a table of contacts, accounts, leads or deals".into());
    } else if let Some(open) = part.checks.iter().find(|check| check.verdict == Verdict::Unknown) {
        part.next_evidence =
            Some(format!("{}: export the column, or map it in the configuration", open.what));
    }
    part
}

/// A field that the record of a key holds is not asked of the table with the key.
fn is_asked(table: &TableFacts, field: &Field) -> bool {
    table.column(field.role.0).is_some()
        || field.unless_key.is_none_or(|entity| table.column(Role::Key(entity)).is_none())
}

fn measure(named: Proportion, part: &mut Part) {
    let judged: Vec<&Check> = part
        .checks
        .iter()
        .filter(|check| check.id.starts_with("fill.") && check.verdict != Verdict::Unknown)
        .collect();
    let passed = judged.iter().filter(|check| check.verdict == Verdict::Ready).count();
    let filled = Proportion::new(passed as u64, judged.len() as u64);
    let ground = judged.iter().map(|check| check.provenance).max().unwrap_or(Provenance::Measured);
    // Fields and columns are all there are, not a sample: these shares have no interval.
    part.measures
        .extend(filled.rate().map(|value| Measure::exact(MeasureId::FieldsFilledShare, value).on(ground)));
    part.measures.extend(named.rate().map(|value| Measure::exact(MeasureId::ConsistentNamingShare, value)));
}

/// What a fill check came to, in the parts that its finding tells.
struct Asked<'a> {
    entity: Entity,
    field: &'a Field,
    table: Option<&'a str>,
    column: &'a str,
    fill: Proportion,
    among: Option<&'a Applicable>,
    placeholders: u64,
    provenance: Provenance,
}

fn needed_field(
    facts: &Facts,
    table: &TableFacts,
    entity: Entity,
    field: &Field,
    lens: &Lens,
    part: &mut Part,
) {
    let name = &table.profile.name;
    let threshold = &lens.thresholds.filled;
    let role = field.role.0;
    let column = table.column(role);
    let measured = column.map(|column| table.fill(column));
    let open = |column: &str, what: String| {
        Check::open(format!("fill.{name}.{column}"), entity, what, threshold).about(role)
    };
    let held = measured.map(|(fill, _)| (fill, threshold.value));
    if let Some(counted) = aggregates::better(facts, table, entity, role, held) {
        let key = column.map_or_else(|| role.to_string(), |column| column.name.clone());
        let asked = of_count(counted, field, Some(name));
        return judge(open(&key, counted_what(counted)), &asked, part);
    }
    let (Some(column), Some((fill, among))) = (column, measured) else {
        part.checks.push(
            open(&role.to_string(), format!("no column of {name} is recognised as {role}"))
                .counted_in([name.as_str()]),
        );
        return;
    };
    let which = among.map(|asked| format!(" among {}", asked.condition)).unwrap_or_default();
    let asked = Asked {
        entity,
        field,
        table: Some(name),
        column: &column.name,
        fill,
        among,
        placeholders: if among.is_none() { column.placeholders } else { 0 },
        provenance: Provenance::Measured,
    };
    let what = format!("{name}.{} filled{which}", column.name);
    judge(open(&column.name, what).counted_in([name.as_str()]), &asked, part);
}

/// The fields of an entity that is known by counts alone. One that nobody counted is open, not left out. The
/// system that counted refers to its records by their id, so that one is not asked.
fn counted_entity(facts: &Facts, entity: Entity, fields: &[Field], lens: &Lens, part: &mut Part) {
    for field in fields.iter().filter(|field| field.role.0 != Role::Id) {
        let role = field.role.0;
        let id = format!("fill.{}.{role}", entity.name());
        let open = |what| Check::open(id, entity, what, &lens.thresholds.filled).about(role);
        match aggregates::of(facts, entity, role) {
            Some(counted) => judge(open(counted_what(counted)), &of_count(counted, field, None), part),
            None => part.checks.push(open(format!("nobody has counted the {role} of {}", entity.name()))),
        }
    }
}

fn counted_what(counted: &Aggregate) -> String {
    format!("{}.{} filled, as counted elsewhere", counted.entity.name(), counted.field)
}

fn of_count<'a>(counted: &'a Aggregate, field: &'a Field, table: Option<&'a str>) -> Asked<'a> {
    Asked {
        entity: counted.entity,
        field,
        table,
        column: &counted.field,
        fill: counted.filled,
        among: None,
        placeholders: 0,
        provenance: Provenance::Attested,
    }
}

fn judge(open: Check, asked: &Asked, part: &mut Part) {
    let check = open.by_share(asked.fill, asked.provenance);
    if check.verdict == Verdict::NotReady {
        part.findings.push(empty_field(&check.id, asked));
    }
    part.checks.push(check);
}

/// Below this share a missing essential field stops more work than it lets through.
const MOSTLY_EMPTY: f64 = 0.5;

fn severity(field: &Field, fill: Proportion) -> Severity {
    if field.essential && fill.rate().is_some_and(|share| share < MOSTLY_EMPTY) {
        Severity::Blocker
    } else {
        Severity::Major
    }
}

fn empty_field(id: &str, asked: &Asked) -> Finding {
    let Asked { entity, field, table, column, fill, among, placeholders, provenance } = asked;
    let measured = *provenance == Provenance::Measured;
    let empty = fill.trials - fill.hits;
    let of = match (among, measured) {
        (Some(asked), _) => asked.condition.clone(),
        (None, true) => "rows".to_owned(),
        (None, false) => format!("records of {}", entity.name()),
    };
    let which = among.map(|asked| format!("({}) AND ", asked.condition_sql)).unwrap_or_default();
    let aside = match (measured, placeholders) {
        (false, _) => ", as counted elsewhere".to_owned(),
        (true, 0) => String::new(),
        (true, rows) => format!(", {rows} of them with a placeholder instead of a value"),
    };
    Finding {
        id: id.to_owned(),
        severity: severity(field, *fill),
        subject: Subject {
            entity: Some(*entity),
            table: table.map(str::to_owned),
            column: Some((*column).to_owned()),
        },
        what_found: format!(
            "{empty} of {} {of} have no usable `{column}` ({} filled){aside}",
            fill.trials,
            percent(fill.rate().unwrap_or_default()),
        ),
        why_it_blocks: format!(
            "an agent needs it to {}; where it is empty the agent guesses or skips the record",
            field.purpose
        ),
        fix: vec![
            format!("fill `{column}` from enrichment or from another system that holds it"),
            "make it required where records enter, and refuse placeholders there".into(),
        ],
        affected_rows: Some(empty),
        scanned_rows: Some(fill.trials),
        evidence_query: table.filter(|_| measured).map(|table| {
            format!("SELECT count(*) FROM {} WHERE {which}{}", quoted_in_sql(table), empty_in_sql(column))
        }),
        owner_role: "revenue operations".into(),
        retest: if measured {
            "run check_data_readiness on a new export".into()
        } else {
            "count again and hand the count in".into()
        },
        provenance: *provenance,
    }
}

/// A call outside any deal has no deal, and that is no defect.
fn is_optional_key(table: &TableFacts, entity: Entity, column: &ColumnProfile) -> bool {
    entity == Entity::Activity && matches!(table.recognition.role(&column.name), Some(Role::Key(_)))
}

/// Columns named in one finding.
const SHOWN: usize = 12;

/// The fields nobody named as needed, in one finding a table.
fn optional_fields(table: &TableFacts, entity: Entity, lens: &Lens, part: &mut Part) {
    let threshold = lens.thresholds.filled.value;
    let needed: Vec<&str> =
        lens.fields_of(entity).iter().filter_map(|field| table.recognition.column(field.role.0)).collect();
    let low: Vec<&ColumnProfile> = table
        .profile
        .columns
        .iter()
        .filter(|column| !needed.contains(&column.name.as_str()))
        .filter(|column| !is_optional_key(table, entity, column))
        .filter(|column| table.fill(column).0.judge(threshold) == Verdict::NotReady)
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
            percent(threshold),
            list.join(", ")
        ),
        why_it_blocks: "an agent that reads the whole record spends context on empty fields and may take them for answers".into(),
        fix: vec!["retire the fields nobody uses".into(), "fill the ones that are used, or write down when they apply".into()],
        affected_rows: None,
        scanned_rows: Some(table.profile.rows),
        evidence_query: Some(emptiness(name, &low)),
        owner_role: "CRM administrator".into(),
        retest: "run describe_data on a new export".into(),
        provenance: Provenance::Measured,
    });
}

fn emptiness(table: &str, columns: &[&ColumnProfile]) -> String {
    let counts: Vec<String> = columns
        .iter()
        .take(SHOWN)
        .map(|column| {
            let name = quoted_in_sql(&column.name);
            format!("sum(CASE WHEN {} THEN 0 ELSE 1 END) AS {name}", empty_in_sql(&column.name))
        })
        .collect();
    format!("SELECT {} FROM {}", counts.join(", "), quoted_in_sql(table))
}
