//! Addresses and numbers that should be one person's and are on the rows of many: a switchboard, an `info@`.

use super::{facts::TableFacts, lens::Thresholds, percent, telling};
use crate::{
    entity::Entity,
    finding::{Finding, Severity},
    profile::ColumnProfile,
    recognition::Role,
    value::{empty_in_sql, quoted_in_sql, text_in_sql},
};

/// The key of the finding begins with this.
pub(super) const KEY: &str = "shared";

/// Whether the column should tell people apart.
pub(super) fn is_asked(table: &TableFacts, column: &ColumnProfile) -> bool {
    matches!(table.entity(), Some(Entity::Contact | Entity::Lead))
        && matches!(table.recognition.role(&column.name), Some(Role::Email | Role::Phone))
}

/// The value itself is a person's or a company's and is never told.
pub(super) fn finding(
    table: &TableFacts,
    column: &ColumnProfile,
    thresholds: &Thresholds,
) -> Option<Finding> {
    if !is_asked(table, column) {
        return None;
    }
    let least = (thresholds.shared_value.value * column.filled() as f64).max(thresholds.shared_rows.value);
    let shared: Vec<u64> =
        column.top.iter().map(|(_, rows)| *rows).filter(|rows| *rows as f64 > least).collect();
    let most = shared.first()?;
    let rows: u64 = shared.iter().sum();
    let value = format!("lower(trim({}))", text_in_sql(&column.name));
    let words = telling::Words {
        severity: Severity::Major,
        rows,
        what_found: format!(
            "{} of `{}` {} on {rows} rows ({} of those filled), the commonest on {most}",
            if shared.len() == 1 { "one value".to_owned() } else { format!("{} values", shared.len()) },
            column.name,
            if shared.len() == 1 { "stands" } else { "stand" },
            percent(rows as f64 / column.filled() as f64)
        ),
        why_it_blocks: "an agent takes the people on these rows for one, or reaches a switchboard instead of the person",
        fix: vec![
            "keep the shared value at the account, and empty it at the persons".into(),
            "leave it out where people are matched".into(),
        ],
        evidence_query: Some(format!(
            "SELECT md5({value}) AS value, count(*) FROM {} WHERE NOT {} GROUP BY 1 HAVING count(*) > {} ORDER BY 2 DESC",
            quoted_in_sql(&table.profile.name),
            empty_in_sql(&column.name),
            least.floor()
        )),
        owner_role: "revenue operations",
    };
    Some(telling::of_column(KEY, table, column, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        profile::TableProfile,
        readiness::Lens,
        recognition::{Mapping, recognise},
        value::Kind,
    };

    fn found(rows: u64, top: u64, name: &str) -> Option<Finding> {
        let mut phone = ColumnProfile {
            name: "phone".into(),
            rows,
            distinct: rows - top + 1,
            top: vec![("+1 555 0100".into(), top), ("+1 555 0101".into(), 1)],
            ..ColumnProfile::default()
        };
        phone.kinds[Kind::Phone.index()] = rows;
        let mut id = ColumnProfile {
            name: "contact_id".into(),
            rows,
            distinct: rows,
            distinct_exact: true,
            ..ColumnProfile::default()
        };
        id.kinds[Kind::Text.index()] = rows;
        let profile = TableProfile { name: name.into(), rows, columns: vec![id, phone.clone()] };
        let table = TableFacts {
            recognition: recognise(&profile, &Mapping::default()),
            profile,
            ..TableFacts::default()
        };
        finding(&table, &phone, &Lens::shipped().unwrap().thresholds)
    }

    #[test]
    fn a_value_on_more_than_one_row_in_a_hundred_and_on_twenty_is_shared() {
        let shared = found(5000, 51, "contacts").unwrap();
        assert_eq!(shared.affected_rows, Some(51));
        assert!(!format!("{shared:?}").contains("555"), "the value is never told");
        assert!(found(5000, 50, "contacts").is_none());
        assert!(found(500, 20, "contacts").is_none());
        assert!(found(500, 21, "contacts").is_some());
        assert!(found(5000, 500, "accounts").is_none(), "a company may share its number");
    }
}
