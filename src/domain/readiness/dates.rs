//! Days written in more than one way, in a way nobody can read for sure, or that cannot have been.

use super::{facts::TableFacts, telling};
use crate::{
    finding::{Finding, Severity},
    profile::ColumnProfile,
    value::{DateFormat, quoted_in_sql, text_in_sql},
};

/// The keys of findings of this file begin with these.
pub(super) const KEYS: [&str; 2] = ["dates", "implausible"];

pub(super) fn findings(table: &TableFacts, column: &ColumnProfile) -> Vec<Finding> {
    let days: u64 = column.date_formats.iter().sum();
    // A day in a column of other things is an exception of its type, which has a finding of its own.
    if days == 0 || days * 2 < column.filled() {
        return Vec::new();
    }
    written(table, column).into_iter().chain(implausible(table, column)).collect()
}

/// The way the column's days are written for the most part, rows written in any other way, and rows that can be
/// read as two days. `03/04/2024` is written like `31/04/2024`: the two together are one way, and the second
/// says how to read the first.
fn reading(column: &ColumnProfile) -> Option<(DateFormat, u64, u64)> {
    let count = |format: DateFormat| column.date_formats[format.index()];
    let ambiguous = count(DateFormat::Ambiguous);
    let told_by = match (count(DateFormat::DayFirst), count(DateFormat::MonthFirst)) {
        (1.., 0) => Some(DateFormat::DayFirst),
        (0, 1..) => Some(DateFormat::MonthFirst),
        _ => None,
    };
    let mut ways: Vec<(DateFormat, u64)> = column
        .written_days()
        .into_iter()
        .filter(|(format, _)| told_by.is_none() || *format != DateFormat::Ambiguous)
        .map(|(format, rows)| (format, if told_by == Some(format) { rows + ambiguous } else { rows }))
        .collect();
    ways.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let (main, most) = ways.first().copied()?;
    let all: u64 = ways.iter().map(|(_, rows)| rows).sum();
    Some((main, all - most, ambiguous))
}

fn written(table: &TableFacts, column: &ColumnProfile) -> Option<Finding> {
    let (main, others, ambiguous) = reading(column)?;
    if others == 0 && ambiguous == 0 {
        return None;
    }
    let count = |format: DateFormat| column.date_formats[format.index()];
    let settled = (count(DateFormat::DayFirst) > 0) != (count(DateFormat::MonthFirst) > 0);
    let ways: Vec<String> =
        column.written_days().iter().map(|(format, rows)| format!("{} {rows}", format.name())).collect();
    let doubt = match (ambiguous, settled) {
        (0, _) => String::new(),
        (rows, true) => format!("; {rows} can be read as two days, and only the other rows tell which"),
        (rows, false) => format!("; of {rows} nobody can tell the day from the month"),
    };
    let words = telling::Words {
        // Days that differ in writing only can be told; days nobody can read are lost.
        severity: if others == 0 && settled { Severity::Minor } else { Severity::Major },
        rows: if others == 0 { ambiguous } else { others.max(if settled { 0 } else { ambiguous }) },
        what_found: format!(
            "days of `{}` are written in {}: {}{doubt}",
            column.name,
            if ways.len() == 1 { "a way that has two readings" } else { "more than one way" },
            ways.join(", ")
        ),
        why_it_blocks: "an agent that sorts or compares these days gets some of them wrong without noticing",
        fix: vec![
            format!(
                "rewrite the days of `{}` as year, month, day, beginning with those that are not {}",
                column.name,
                main.name()
            ),
            "write days the same way in every system that feeds the field".into(),
        ],
        evidence_query: Some(format!(
            "SELECT regexp_replace(trim({0}), '[0-9]', '9', 'g') AS written, count(*) FROM {1} GROUP BY 1 ORDER BY 2 DESC",
            text_in_sql(&column.name),
            quoted_in_sql(&table.profile.name)
        )),
        owner_role: "data engineering",
    };
    Some(telling::of_column("dates", table, column, words))
}

fn implausible(table: &TableFacts, column: &ColumnProfile) -> Option<Finding> {
    let rows = column.implausible_moments;
    if rows == 0 {
        return None;
    }
    let time = format!("TRY_CAST(trim({}) AS TIMESTAMP)", text_in_sql(&column.name));
    let words = telling::Words {
        severity: Severity::Major,
        rows,
        what_found: format!("{rows} values of `{}` are days before 1900 or after 2100", column.name),
        why_it_blocks: "an agent that asks for the first, the last or the average gets one of these",
        fix: vec![
            "empty the field where the day was made up, and correct it where it was mistyped".into(),
            "refuse such days where they are entered".into(),
        ],
        evidence_query: Some(format!(
            "SELECT {time} AS day, count(*) FROM {} WHERE {time} < TIMESTAMP '1900-01-01' OR {time} >= TIMESTAMP '2101-01-01' GROUP BY 1 ORDER BY 2 DESC",
            quoted_in_sql(&table.profile.name)
        )),
        owner_role: "revenue operations",
    };
    Some(telling::of_column("implausible", table, column, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Kind;

    fn days(counts: &[(DateFormat, u64)], implausible: u64) -> Vec<Finding> {
        let mut column =
            ColumnProfile { name: "closed".into(), implausible_moments: implausible, ..Default::default() };
        for (format, rows) in counts {
            column.date_formats[format.index()] = *rows;
            column.kinds[Kind::Date.index()] += rows;
            column.rows += rows;
        }
        findings(&TableFacts::default(), &column)
    }

    #[test]
    fn days_are_well_written_in_one_way_that_has_one_reading() {
        use DateFormat::{Ambiguous, DayFirst, MonthFirst, Named, YearFirst};
        for (counts, expected) in [
            (&[][..], None),
            (&[(YearFirst, 90)][..], None),
            (&[(DayFirst, 90)][..], None),
            (&[(YearFirst, 90), (Named, 10)][..], Some((10, Severity::Major))),
            (&[(Ambiguous, 30)][..], Some((30, Severity::Major))),
            (&[(Ambiguous, 30), (DayFirst, 70)][..], Some((30, Severity::Minor))),
            (&[(Ambiguous, 30), (DayFirst, 60), (MonthFirst, 10)][..], Some((40, Severity::Major))),
            (&[(YearFirst, 50), (Ambiguous, 30), (MonthFirst, 20)][..], Some((50, Severity::Major))),
        ] {
            let found = days(counts, 0);
            let told = found.first().map(|finding| (finding.affected_rows.unwrap(), finding.severity));
            assert_eq!(told, expected, "{counts:?}");
        }
    }

    #[test]
    fn days_that_cannot_have_been_are_counted() {
        assert_eq!(days(&[(DateFormat::YearFirst, 90)], 2)[0].id, "implausible..closed");
        assert!(days(&[(DateFormat::YearFirst, 90)], 0).is_empty());
    }

    #[test]
    fn a_few_days_in_a_column_of_other_things_are_left_to_the_type() {
        let mut column = ColumnProfile { rows: 100, ..Default::default() };
        column.kinds[Kind::Text.index()] = 60;
        column.kinds[Kind::Date.index()] = 40;
        column.date_formats[DateFormat::Ambiguous.index()] = 40;
        assert!(findings(&TableFacts::default(), &column).is_empty());
    }
}
