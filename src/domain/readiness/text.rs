//! Text that is not what it looks like: control characters, outer spaces, the same value written differently,
//! and numbers written for people.

use super::{facts::TableFacts, naming, telling};
use crate::{
    finding::{Finding, Severity},
    profile::{ColumnProfile, ValueType},
    recognition::Role,
    value::{Kind, quoted_in_sql, text_in_sql},
};

/// The keys of findings of this file begin with these.
pub(super) const KEYS: [&str; 4] = ["control", "padded", "variants", "number"];

pub(super) fn findings(table: &TableFacts, column: &ColumnProfile) -> Vec<Finding> {
    [
        controls(table, column),
        padded(table, column),
        variants(table, column),
        formatted_numbers(table, column),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn controls(table: &TableFacts, column: &ColumnProfile) -> Option<Finding> {
    let rows = column.controls;
    if rows == 0 {
        return None;
    }
    let words = telling::Words {
        severity: Severity::Major,
        rows,
        what_found: format!("{rows} values of `{}` hold a control character such as NUL", column.name),
        why_it_blocks: "such a value does not equal the one it looks like, and tools that pass it on cut it or fail",
        fix: vec![
            "remove the characters".into(),
            "find the import that wrote them: most often a wrong encoding or a fixed-width file".into(),
        ],
        evidence_query: Some(format!(
            "SELECT count(*) FROM {} WHERE regexp_matches({}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F\\x{{80}}-\\x{{9F}}]')",
            quoted_in_sql(&table.profile.name),
            quoted_in_sql(&column.name)
        )),
        owner_role: "data engineering",
    };
    Some(telling::of_column("control", table, column, words))
}

fn padded(table: &TableFacts, column: &ColumnProfile) -> Option<Finding> {
    let rows = column.padded;
    if rows == 0 {
        return None;
    }
    let joins = matches!(
        table.recognition.role(&column.name),
        Some(Role::Id | Role::Key(_) | Role::Email | Role::Domain)
    );
    let value = text_in_sql(&column.name);
    let words = telling::Words {
        severity: if joins { Severity::Major } else { Severity::Minor },
        rows,
        what_found: format!("{rows} values of `{}` have spaces around them", column.name),
        why_it_blocks: if joins {
            "an agent that looks the record up by this value does not find it"
        } else {
            "an agent that filters by the value misses these rows"
        },
        fix: vec!["trim the values".into(), "trim where records enter".into()],
        evidence_query: Some(format!(
            "SELECT {value}, count(*) FROM {} WHERE {value} <> trim({value}) GROUP BY 1 ORDER BY 2 DESC",
            quoted_in_sql(&table.profile.name)
        )),
        owner_role: "revenue operations",
    };
    Some(telling::of_column("padded", table, column, words))
}

/// Columns that repeat their values but are too varied for a list of choices, whose variants are named one by one.
fn variants(table: &TableFacts, column: &ColumnProfile) -> Option<Finding> {
    let (case, space) = (column.case_variants?, column.space_variants?);
    let repeats = column.distinct * 4 <= column.filled();
    let listed = !naming::variants(column).is_empty();
    if case + space == 0
        || !repeats
        || listed
        || column.value_type() != ValueType::Text
        || naming::is_code(table, column)
        || matches!(column.pattern(), Some(Kind::SalesforceId | Kind::Uuid | Kind::Url))
    {
        return None;
    }
    let value = text_in_sql(&column.name);
    let words = telling::Words {
        severity: Severity::Minor,
        rows: case + space,
        what_found: format!(
            "of the values of `{}`, {case} rows differ from a commoner value in case only and {space} in spaces only",
            column.name
        ),
        why_it_blocks: "an agent that groups or filters by the value counts one thing as two",
        fix: vec![
            "write each value the way its commonest form is written".into(),
            "compare without case and outer spaces until then".into(),
        ],
        evidence_query: Some(format!(
            "SELECT lower(regexp_replace(trim({value}), '\\s+', '', 'g')) AS value, count(DISTINCT {value}) AS forms, count(*) FROM {} GROUP BY 1 HAVING count(DISTINCT {value}) > 1 ORDER BY 3 DESC",
            quoted_in_sql(&table.profile.name)
        )),
        owner_role: "revenue operations",
    };
    Some(telling::of_column("variants", table, column, words))
}

/// Numbers that only people read as numbers. Where most of the column are plain numbers the finding about its
/// type counts them.
fn formatted_numbers(table: &TableFacts, column: &ColumnProfile) -> Option<Finding> {
    let rows = column.count(Kind::FormattedNumber);
    let numbers = rows + column.count(Kind::Integer) + column.count(Kind::Decimal);
    if rows == 0 || numbers * 2 < column.filled() || column.exceptions() > 0 || naming::is_code(table, column)
    {
        return None;
    }
    let value = text_in_sql(&column.name);
    let words = telling::Words {
        severity: Severity::Major,
        rows,
        what_found: format!(
            "{rows} of {} numbers in `{}` are written with currency signs, percent signs or separators",
            numbers, column.name
        ),
        why_it_blocks: "an agent cannot add or compare them as they stand, and 1.234 means two things in two countries",
        fix: vec![
            "store plain numbers, and the currency in a field of its own".into(),
            "export raw values instead of formatted ones".into(),
        ],
        evidence_query: Some(format!(
            "SELECT regexp_replace(trim({value}), '[0-9]+', '9', 'g') AS written, count(*) FROM {} GROUP BY 1 ORDER BY 2 DESC",
            quoted_in_sql(&table.profile.name)
        )),
        owner_role: "data engineering",
    };
    Some(telling::of_column("number", table, column, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> ColumnProfile {
        let mut column = ColumnProfile {
            name: "city".into(),
            rows: 1000,
            distinct: 150,
            distinct_exact: true,
            case_variants: Some(0),
            space_variants: Some(0),
            ..ColumnProfile::default()
        };
        column.kinds[Kind::Text.index()] = 1000;
        column
    }

    fn ids(column: &ColumnProfile) -> Vec<String> {
        findings(&TableFacts::default(), column).into_iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn clean_text_has_no_finding() {
        assert!(ids(&texts()).is_empty());
        assert!(ids(&ColumnProfile::default()).is_empty());
    }

    #[test]
    fn each_fault_of_text_is_found() {
        for (column, expected) in [
            (ColumnProfile { controls: 1, ..texts() }, "control..city"),
            (ColumnProfile { padded: 1, ..texts() }, "padded..city"),
            (ColumnProfile { case_variants: Some(1), ..texts() }, "variants..city"),
            (ColumnProfile { space_variants: Some(1), ..texts() }, "variants..city"),
        ] {
            assert_eq!(ids(&column), [expected]);
        }
    }

    #[test]
    fn variants_count_only_where_values_repeat() {
        assert!(ids(&ColumnProfile { case_variants: Some(5), distinct: 900, ..texts() }).is_empty());
        assert!(ids(&ColumnProfile { case_variants: None, ..texts() }).is_empty(), "not counted is not none");
        let code = ColumnProfile { name: "legacy_id".into(), case_variants: Some(5), ..texts() };
        assert!(ids(&code).is_empty(), "case tells ids apart");
    }

    #[test]
    fn numbers_written_for_people_are_found_where_the_column_is_one_of_numbers() {
        let with = |formatted: u64, plain: u64, text: u64| {
            let mut column =
                ColumnProfile { name: "amount".into(), rows: formatted + plain + text, ..Default::default() };
            column.kinds[Kind::FormattedNumber.index()] = formatted;
            column.kinds[Kind::Integer.index()] = plain;
            column.kinds[Kind::Text.index()] = text;
            ids(&column)
        };
        assert_eq!(with(90, 10, 0), ["number..amount"]);
        assert_eq!(with(40, 0, 40), ["number..amount"]);
        assert!(with(40, 0, 41).is_empty(), "mostly text");
        assert!(with(10, 90, 0).is_empty(), "told by the type's finding");
        assert!(with(0, 100, 0).is_empty());
    }
}
