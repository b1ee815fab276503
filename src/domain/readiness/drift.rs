//! What changed in the shape of a table since it was last remembered.

use super::{
    Facts,
    facts::{ColumnShape, Shape, TableFacts},
    lens::Thresholds,
    partial, percent,
};
use crate::{
    finding::{Finding, Severity, Subject},
    nearest::nearest,
    proportion::Proportion,
    provenance::Provenance,
    value::quoted_in_sql,
};

/// The normal quantile of a two-sided 95% test.
const Z_95: f64 = 1.959_963_984_540_054;
/// Columns named in one finding.
const SHOWN: usize = 12;

/// The earlier shape of a table, where one is known.
pub(super) fn earlier<'a>(facts: &'a Facts, table: &TableFacts) -> Option<&'a Shape> {
    facts.earlier.iter().find(|shape| shape.table == table.profile.name)
}

/// Tables of which no earlier shape is known, so that nothing can be said of change.
pub(super) fn unknown(facts: &Facts) -> Vec<String> {
    let new = facts.tables.iter().filter(|table| earlier(facts, table).is_none());
    new.map(|table| table.profile.name.clone()).collect()
}

/// The keys of the findings that were looked for.
pub(super) fn keys(facts: &Facts, table: &TableFacts) -> Vec<String> {
    let Some(before) = earlier(facts, table) else { return Vec::new() };
    let name = &table.profile.name;
    let mut keys: Vec<String> = ["gone", "new", "rows"].map(|kind| format!("drift.{kind}.{name}")).into();
    for column in &before.columns {
        keys.extend(["type", "fill"].map(|kind| format!("drift.{kind}.{name}.{}", column.name)));
    }
    keys
}

pub(super) fn findings(facts: &Facts, thresholds: &Thresholds) -> Vec<Finding> {
    let mut found = Vec::new();
    for table in &facts.tables {
        let Some(before) = earlier(facts, table) else { continue };
        let now = Shape::of(table);
        found.extend(gone(table, before, &now));
        found.extend(new(table, before, &now));
        let kept = before
            .columns
            .iter()
            .filter_map(|old| Some((old, now.columns.iter().find(|column| column.name == old.name)?)));
        for (old, column) in kept {
            found.extend(retyped(table, old, column));
            // A part of the rows says nothing of how many there are or how full they are.
            if partial::is_read_whole(table) {
                found.extend(emptier(table, thresholds, (before, old), (&now, column)));
            }
        }
        if partial::is_read_whole(table) {
            found.extend(fewer(table, thresholds, before));
        }
    }
    found
}

fn missing_from<'a>(from: &'a Shape, other: &Shape) -> Vec<&'a str> {
    from.columns
        .iter()
        .filter(|column| other.columns.iter().all(|kept| kept.name != column.name))
        .map(|column| column.name.as_str())
        .collect()
}

fn listed(names: &[String]) -> String {
    let mut told: Vec<String> = names.iter().take(SHOWN).cloned().collect();
    if names.len() > SHOWN {
        told.push(format!("and {} more", names.len() - SHOWN));
    }
    told.join(", ")
}

fn gone(table: &TableFacts, before: &Shape, now: &Shape) -> Option<Finding> {
    let gone = missing_from(before, now);
    if gone.is_empty() {
        return None;
    }
    let new = missing_from(now, before);
    let told: Vec<String> = gone
        .iter()
        .map(|name| match nearest(name, new.iter().copied()).first() {
            Some(like) => format!("`{name}` (perhaps now `{like}`)"),
            None => format!("`{name}`"),
        })
        .collect();
    Some(of_table(
        "gone",
        table,
        None,
        Severity::Major,
        Words {
            what_found: format!(
                "{} columns that were there at the last look are gone: {}",
                gone.len(),
                listed(&told)
            ),
            why_it_blocks: "an agent or a workflow built on such a column reads nothing from now on",
            fix: vec![
                "restore the columns, or tell every agent and workflow that reads them the new name".into(),
                "freeze the layout of the export".into(),
            ],
            rows: None,
        },
    ))
}

fn new(table: &TableFacts, before: &Shape, now: &Shape) -> Option<Finding> {
    let new: Vec<String> = missing_from(now, before).iter().map(|name| format!("`{name}`")).collect();
    if new.is_empty() {
        return None;
    }
    Some(of_table(
        "new",
        table,
        None,
        Severity::Minor,
        Words {
            what_found: format!("{} columns are new since the last look: {}", new.len(), listed(&new)),
            why_it_blocks: "nobody has said what a new column means, and an agent may take it for one it knows",
            fix: vec!["say what each new column holds, or leave it out of what agents read".into()],
            rows: None,
        },
    ))
}

fn retyped(table: &TableFacts, old: &ColumnShape, now: &ColumnShape) -> Option<Finding> {
    // Whole numbers and decimals, days and moments: one more decimal or one time of day moves between these.
    let family = |name: &str| match name {
        "integer" | "decimal" => "number",
        "date" | "timestamp" => "time",
        _ => "other",
    };
    let (was, is) = (old.value_type.as_str(), now.value_type.as_str());
    let same = was == is || family(was) != "other" && family(was) == family(is);
    if same || [was, is].contains(&"empty") {
        return None;
    }
    Some(of_table(
        "type",
        table,
        Some(&now.name),
        Severity::Major,
        Words {
            what_found: format!(
                "`{}` held values of type {was} at the last look and holds {is} now",
                now.name
            ),
            why_it_blocks: "an agent that computes with the values fails, or compares text where it compared numbers",
            fix: vec!["find out what changed at the source and convert the values back".into()],
            rows: None,
        },
    ))
}

/// How many standard errors the share fell by, were both samples of one share.
fn fall(before: Proportion, now: Proportion) -> Option<(f64, f64)> {
    let drop = before.rate()? - now.rate()?;
    let pooled = Proportion::new(before.hits + now.hits, before.trials + now.trials).rate()?;
    let error = (pooled * (1.0 - pooled) * (1.0 / before.trials as f64 + 1.0 / now.trials as f64)).sqrt();
    Some((drop, if error > 0.0 { drop / error } else { 0.0 }))
}

fn emptier(
    table: &TableFacts,
    thresholds: &Thresholds,
    (before, old): (&Shape, &ColumnShape),
    (now, column): (&Shape, &ColumnShape),
) -> Option<Finding> {
    let was = Proportion::new(old.filled.min(before.rows), before.rows);
    let is = Proportion::new(column.filled, now.rows);
    let (drop, z) = fall(was, is)?;
    if drop <= thresholds.fill_drop.value || z <= Z_95 {
        return None;
    }
    Some(of_table(
        "fill",
        table,
        Some(&column.name),
        Severity::Major,
        Words {
            what_found: format!(
                "`{}` was filled in {} of rows at the last look and is in {} now ({z:.1} standard errors less)",
                column.name,
                percent(was.rate().unwrap_or_default()),
                percent(is.rate().unwrap_or_default())
            ),
            why_it_blocks: "what agents relied on at the last look is no longer there for these records",
            fix: vec![
                "find out which form, import or integration stopped filling it".into(),
                "fill the rows made since".into(),
            ],
            rows: Some(now.rows - column.filled),
        },
    ))
}

fn fewer(table: &TableFacts, thresholds: &Thresholds, before: &Shape) -> Option<Finding> {
    let rows = table.profile.rows;
    let lost = before.rows.checked_sub(rows)?;
    let share = Proportion::new(lost, before.rows).rate()?;
    if share <= thresholds.row_drop.value {
        return None;
    }
    Some(of_table(
        "rows",
        table,
        None,
        Severity::Major,
        Words {
            what_found: format!(
                "{} has {rows} rows and had {} at the last look ({} fewer)",
                table.profile.name,
                before.rows,
                percent(share)
            ),
            why_it_blocks: "an agent takes the records that are missing for ones that never were",
            fix: vec![
                "find out whether records were deleted, merged or left out of the export".into(),
                "restore them, or remember the new size by running the check again".into(),
            ],
            rows: Some(lost),
        },
    ))
}

struct Words {
    what_found: String,
    why_it_blocks: &'static str,
    fix: Vec<String>,
    rows: Option<u64>,
}

fn of_table(
    kind: &str,
    table: &TableFacts,
    column: Option<&str>,
    severity: Severity,
    words: Words,
) -> Finding {
    let Words { what_found, why_it_blocks, fix, rows } = words;
    let name = &table.profile.name;
    let column = column.map(str::to_owned);
    let evidence_query = match (kind, &column) {
        ("fill", Some(column)) => {
            format!(
                "SELECT count({}) AS with_value, count(*) FROM {}",
                quoted_in_sql(column),
                quoted_in_sql(name)
            )
        }
        ("rows", _) => format!("SELECT 'now' AS look, count(*) AS records FROM {}", quoted_in_sql(name)),
        _ => format!(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{}'",
            name.replace('\'', "''")
        ),
    };
    Finding {
        id: match &column {
            Some(column) => format!("drift.{kind}.{name}.{column}"),
            None => format!("drift.{kind}.{name}"),
        },
        severity,
        subject: Subject { entity: table.entity(), table: Some(name.clone()), column },
        what_found,
        why_it_blocks: why_it_blocks.to_owned(),
        fix,
        affected_rows: rows,
        scanned_rows: Some(table.profile.rows),
        evidence_query: Some(evidence_query),
        owner_role: "data engineering".to_owned(),
        retest: "run check_data_readiness on a new export".to_owned(),
        provenance: Provenance::Measured,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        profile::{ColumnProfile, TableProfile},
        readiness::{Lens, facts::Scanned},
        value::Kind,
    };

    fn shape(rows: u64, columns: &[(&str, &str, u64)]) -> Shape {
        let columns = columns.iter().map(|(name, value_type, filled)| ColumnShape {
            name: (*name).into(),
            value_type: (*value_type).into(),
            filled: *filled,
        });
        Shape { table: "contacts".into(), source: String::new(), rows, columns: columns.collect() }
    }

    /// A table of one column `phone`, of text.
    fn facts(before: Option<Shape>, rows: u64, filled: u64, left_out: Vec<String>) -> Facts {
        let mut phone =
            ColumnProfile { name: "phone".into(), rows, nulls: rows - filled, ..ColumnProfile::default() };
        phone.kinds[Kind::Text.index()] = filled;
        let profile = TableProfile { name: "contacts".into(), rows, columns: vec![phone] };
        let scanned = Scanned { left_out, ..Scanned::default() };
        let table = TableFacts { profile, scanned, ..TableFacts::default() };
        Facts { tables: vec![table], earlier: before.into_iter().collect(), ..Facts::default() }
    }

    fn ids(facts: &Facts) -> Vec<String> {
        let thresholds = Lens::shipped().unwrap().thresholds;
        findings(facts, &thresholds).into_iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn each_change_of_shape_is_found_and_no_change_is_not() {
        for (before, rows, filled, expected) in [
            (shape(1000, &[("phone", "text", 900)]), 1000, 900, &[][..]),
            (
                shape(1000, &[("phone", "text", 900), ("fone", "text", 9)]),
                1000,
                900,
                &["drift.gone.contacts"][..],
            ),
            (shape(1000, &[]), 1000, 900, &["drift.new.contacts"][..]),
            (shape(1000, &[("phone", "integer", 900)]), 1000, 900, &["drift.type.contacts.phone"][..]),
            (shape(1000, &[("phone", "empty", 900)]), 1000, 900, &[][..]),
            (shape(1000, &[("phone", "text", 900)]), 1000, 800, &[][..]),
            (shape(1000, &[("phone", "text", 900)]), 1000, 799, &["drift.fill.contacts.phone"][..]),
            (shape(10, &[("phone", "text", 8)]), 10, 6, &[][..]),
            (shape(1000, &[("phone", "text", 900)]), 900, 810, &[][..]),
            (shape(1000, &[("phone", "text", 900)]), 899, 810, &["drift.rows.contacts"][..]),
            (shape(0, &[("phone", "text", 0)]), 0, 0, &[][..]),
        ] {
            assert_eq!(ids(&facts(Some(before.clone()), rows, filled, Vec::new())), expected, "{before:?}");
        }
    }

    #[test]
    fn a_part_of_the_rows_says_nothing_of_size_or_fill() {
        let before = shape(1000, &[("phone", "integer", 900)]);
        let found = ids(&facts(Some(before), 100, 10, vec!["line 101".into()]));
        assert_eq!(found, ["drift.type.contacts.phone"]);
    }

    #[test]
    fn without_an_earlier_shape_nothing_is_said_and_that_is_told() {
        let facts = facts(None, 10, 10, Vec::new());
        assert!(ids(&facts).is_empty());
        assert_eq!(unknown(&facts), ["contacts"]);
        assert!(keys(&facts, &facts.tables[0]).is_empty());
    }
}
