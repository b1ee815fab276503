//! Whether a table's columns are named in one style, each once, and hold one type each.

use super::{Check, Part, facts::TableFacts, lens::Thresholds};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    profile::{ColumnProfile, ValueType},
    proportion::Proportion,
    provenance::Provenance,
    recognition::Role,
    value::{Kind, empty_in_sql, quoted_in_sql, text_in_sql},
};
use std::collections::BTreeMap;

/// Words that add nothing to a name: `phone_number` says what `phone` says.
const FILLERS: [&str; 6] = ["number", "address", "name", "value", "text", "field"];
/// Names that somebody meant to replace.
const UNLABELLED: [&str; 8] =
    ["custom", "field", "column", "attribute", "unnamed", "untitled", "temp", "tmp"];

/// The ways of writing a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Snake,
    Camel,
    Pascal,
    Spaced,
    Upper,
    Kebab,
    Mixed,
}

/// The style of a name, or nothing where one lower-case word fits several.
fn style(name: &str) -> Option<Style> {
    let name = name.trim_matches(['"', '`', '\'']).trim_start_matches('_');
    let has = |test: fn(char) -> bool| name.chars().any(test);
    let (upper, lower) = (has(char::is_uppercase), has(char::is_lowercase));
    let marks = [name.contains('_'), name.contains('-'), name.contains(' ')];
    match (marks, upper, lower) {
        ([false, false, false], false, _) => None,
        ([true, false, false], false, _) => Some(Style::Snake),
        ([false, true, false], false, _) => Some(Style::Kebab),
        ([false, false, true], ..) => Some(Style::Spaced),
        ([_, false, false], true, false) => Some(Style::Upper),
        ([false, false, false], true, true) if name.starts_with(char::is_uppercase) => Some(Style::Pascal),
        ([false, false, false], true, true) => Some(Style::Camel),
        _ => Some(Style::Mixed),
    }
}

/// The name without fillers, so that twins come out alike.
fn core(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| !FILLERS.contains(word)).collect();
    if kept.is_empty() { words.concat() } else { kept.concat() }
}

fn is_unlabelled(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => true,
        [word] => UNLABELLED.contains(word),
        [word, rest @ ..] => {
            UNLABELLED.contains(word)
                && rest.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        }
    }
}

/// Checks one table; gives the columns that are named well among all.
pub(super) fn check(
    table: &TableFacts,
    entity: Entity,
    thresholds: &Thresholds,
    part: &mut Part,
) -> Proportion {
    let columns = &table.profile.columns;
    let mut reasons: BTreeMap<&str, String> = BTreeMap::new();

    let mut styles: BTreeMap<Style, usize> = BTreeMap::new();
    for style in columns.iter().filter_map(|column| style(&column.name)) {
        *styles.entry(style).or_default() += 1;
    }
    let own = styles.iter().max_by_key(|(_, count)| **count).map(|(style, _)| *style);
    for column in columns {
        if style(&column.name).is_some_and(|style| Some(style) != own) {
            reasons.insert(&column.name, "not in the style of the other columns".into());
        }
        if column.name.contains(['"', '`']) {
            reasons.insert(&column.name, "carries quotation marks".into());
        }
        if is_unlabelled(&column.name) {
            reasons.insert(&column.name, "does not say what it holds".into());
        }
    }
    for (at, column) in columns.iter().enumerate() {
        if let Some(twin) = columns[..at].iter().find(|other| are_twins(table, other, column)) {
            reasons.insert(&column.name, format!("says what `{}` says", twin.name));
        }
    }
    let named = Proportion::new((columns.len() - reasons.len()) as u64, columns.len() as u64);
    let name = table.profile.name.as_str();
    let what = format!("columns of {name} with a name of their own in one style");
    // Every column was read: the share is exact.
    part.checks.push(
        Check::open(format!("naming.{name}"), entity, what, &thresholds.named)
            .by_exact_share(named)
            .counted_in([name]),
    );
    if !reasons.is_empty() {
        part.findings.push(badly_named(table, entity, &reasons));
    }
    part.findings.extend(
        columns
            .iter()
            .filter(|column| column.exceptions() > 0 && !is_code(table, column))
            .map(|column| mixed_type(table, entity, column)),
    );
    part.findings.extend(columns.iter().filter_map(|column| misspelt(table, entity, column)));
    named
}

/// Keys and telephone numbers are codes: some are all digits, and none is a number.
pub(super) fn is_code(table: &TableFacts, column: &ColumnProfile) -> bool {
    let role = table.recognition.role(&column.name);
    matches!(role, Some(Role::Id | Role::Key(_) | Role::Owner | Role::Phone))
        || column.name.to_lowercase().ends_with("id")
}

fn are_twins(table: &TableFacts, a: &ColumnProfile, b: &ColumnProfile) -> bool {
    let roles = (table.recognition.role(&a.name), table.recognition.role(&b.name));
    // `name` is a filler, so `first_name` and `first` would match; columns of different roles never do.
    core(&a.name) == core(&b.name) && roles.0 == roles.1
}

fn badly_named(table: &TableFacts, entity: Entity, reasons: &BTreeMap<&str, String>) -> Finding {
    const SHOWN: usize = 12;
    let mut told: Vec<String> =
        reasons.iter().take(SHOWN).map(|(name, reason)| format!("`{name}` {reason}")).collect();
    if reasons.len() > SHOWN {
        told.push(format!("and {} more", reasons.len() - SHOWN));
    }
    let name = &table.profile.name;
    Finding {
        id: format!("naming.{name}"),
        severity: Severity::Minor,
        subject: Subject { entity: Some(entity), table: Some(name.clone()), column: None },
        what_found: format!(
            "{} of {} columns are named inconsistently: {}",
            reasons.len(),
            table.profile.columns.len(),
            told.join("; ")
        ),
        why_it_blocks: "an agent picks columns by name; of two that say the same it may read the empty one"
            .into(),
        fix: vec![
            "keep one column of each pair and merge the other into it".into(),
            "rename the rest in one style".into(),
        ],
        affected_rows: None,
        scanned_rows: Some(table.profile.rows),
        evidence_query: Some(format!(
            "SELECT column_name FROM information_schema.columns WHERE table_name = '{}'",
            name.replace('\'', "''")
        )),
        owner_role: "CRM administrator".into(),
        retest: "run check_data_readiness on a new export".into(),
        provenance: Provenance::Measured,
    }
}

fn mixed_type(table: &TableFacts, entity: Entity, column: &ColumnProfile) -> Finding {
    let name = &table.profile.name;
    let formatted = match column.count(Kind::FormattedNumber) {
        0 => String::new(),
        rows => format!("; {rows} are numbers written with signs or separators"),
    };
    Finding {
        id: format!("type.{name}.{}", column.name),
        severity: Severity::Major,
        subject: Subject {
            entity: Some(entity),
            table: Some(name.clone()),
            column: Some(column.name.clone()),
        },
        what_found: format!(
            "{} of {} filled values of `{}` are of another type than the rest{formatted}",
            column.exceptions(),
            column.filled(),
            column.name
        ),
        why_it_blocks:
            "an agent that compares or adds the values fails on these rows or leaves them out unnoticed"
                .into(),
        fix: vec!["convert the exceptions".into(), "set the field's type where it is entered".into()],
        affected_rows: Some(column.exceptions()),
        scanned_rows: Some(column.rows),
        evidence_query: Some(unlike(name, column)),
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export".into(),
        provenance: Provenance::Measured,
    }
}

/// What the values look like, digits and letters aside: the exceptions stand among the rare shapes.
fn unlike(table: &str, column: &ColumnProfile) -> String {
    let value = text_in_sql(&column.name);
    format!(
        "SELECT regexp_replace(regexp_replace(trim({value}), '[0-9]+', '9', 'g'), '[A-Za-z]+', 'a', 'g') AS shape, count(*) FROM {} WHERE NOT {} GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
        quoted_in_sql(table),
        empty_in_sql(&column.name)
    )
}

/// Values of a short list that are another value of the list but for case, space or a letter.
fn misspelt(table: &TableFacts, entity: Entity, column: &ColumnProfile) -> Option<Finding> {
    let variants = variants(column);
    if variants.is_empty() {
        return None;
    }
    let rows: u64 = variants.iter().map(|(_, _, rows)| rows).sum();
    // Cells of a column that is not known to be a list of choices may speak of persons: those are only counted.
    let role = table.recognition.role(&column.name);
    let is_choice = role.is_some_and(Role::is_choice);
    let told: Vec<String> = variants
        .iter()
        .take(if is_choice { 8 } else { 0 })
        .map(|(variant, canonical, rows)| {
            format!("`{}` ({rows} rows) beside `{}`", shown(variant), shown(canonical))
        })
        .collect();
    let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
    let name = &table.profile.name;
    Some(Finding {
        id: format!("picklist.{name}.{}", column.name),
        severity: Severity::Major,
        subject: Subject {
            entity: Some(entity),
            table: Some(name.clone()),
            column: Some(column.name.clone()),
        },
        what_found: format!(
            "{rows} rows of `{}` hold a variant of another value of its list{told}",
            column.name
        ),
        why_it_blocks: "an agent that filters or groups by the value misses these rows".into(),
        fix: vec![
            "merge each variant into the value it stands for".into(),
            "make the field a closed list".into(),
        ],
        affected_rows: Some(rows),
        scanned_rows: Some(column.rows),
        evidence_query: Some(format!(
            "SELECT {}, count(*) FROM {} GROUP BY 1 ORDER BY 2 DESC",
            quoted_in_sql(&column.name),
            quoted_in_sql(name)
        )),
        owner_role: "CRM administrator".into(),
        retest: "run check_data_readiness on a new export".into(),
        provenance: Provenance::Measured,
    })
}

/// A cell as a result may show it: short, on one line, and unable to close its own quotation.
pub(super) fn shown(cell: &str) -> String {
    const LONGEST: usize = 40;
    cell.chars()
        .take(LONGEST)
        .map(|letter| if letter.is_control() || letter == '`' { ' ' } else { letter })
        .collect()
}

/// `(variant, canonical, rows)` for each rarer value that is a commoner one but for case, space or a letter.
pub(super) fn variants(column: &ColumnProfile) -> Vec<(&str, &str, u64)> {
    if !column.is_picklist() || column.value_type() != ValueType::Text {
        return Vec::new();
    }
    spellings(&column.top)
}

/// The same of any list of values, the commonest first.
pub(super) fn spellings(values: &[(String, u64)]) -> Vec<(&str, &str, u64)> {
    /// Shorter words are too easily one letter or one mark apart.
    const SHORTEST: usize = 6;
    /// A word with a letter wrong is rarer than the word by this much; two words that are one letter apart and
    /// about as common are two words.
    const RARER: u64 = 2;
    let letters = |value: &str| {
        value.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    let mut found = Vec::new();
    for (at, (value, rows)) in values.iter().enumerate() {
        // `1-10` and `110` are two values, and so are `A+` and `A-`: in codes only case and outer space may differ.
        let is_code = value.bytes().any(|byte| byte.is_ascii_digit()) || letters(value).len() < SHORTEST;
        let canonical = values[..at].iter().find(|(other, other_rows)| {
            if is_code {
                return value.trim().to_lowercase() == other.trim().to_lowercase();
            }
            let (a, b) = (letters(value), letters(other));
            a == b || *other_rows >= rows * RARER && strsim::osa_distance(&a, &b) == 1
        });
        if let Some((canonical, _)) = canonical {
            found.push((value.as_str(), canonical.as_str(), *rows));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Kind;

    #[test]
    fn styles() {
        assert_eq!(style("email"), None);
        assert_eq!(style("lead_source"), Some(Style::Snake));
        assert_eq!(style("leadSource"), Some(Style::Camel));
        assert_eq!(style("LeadSource"), Some(Style::Pascal));
        assert_eq!(style("Lead Source"), Some(Style::Spaced));
        assert_eq!(style("LEAD_SOURCE"), Some(Style::Upper));
        assert_eq!(style("Lead_Source__c"), Some(Style::Mixed));
    }

    #[test]
    fn twins_and_names_that_say_nothing() {
        assert_eq!(core("phone"), core("Phone_Number"));
        assert_ne!(core("created_at"), core("updated_at"));
        assert!(is_unlabelled("custom_3") && is_unlabelled("Unnamed: 0") && !is_unlabelled("custom_price"));
    }

    #[test]
    fn variants_of_a_picklist() {
        let mut column = ColumnProfile {
            rows: 200,
            distinct: 5,
            distinct_exact: true,
            top: [("technology", 100), ("finance", 80), ("technolgy", 9), ("Tech nology ", 8), ("retail", 3)]
                .map(|(value, rows)| (value.to_owned(), rows))
                .into(),
            ..Default::default()
        };
        column.kinds[Kind::Text.index()] = 200;
        assert_eq!(variants(&column), [("technolgy", "technology", 9), ("Tech nology ", "technology", 8)]);
        column.top = [("A", 60), ("A+", 60), ("A-", 60), (" a", 20)]
            .map(|(value, rows)| (value.to_owned(), rows))
            .into();
        assert_eq!(variants(&column), [(" a", "A", 20)], "a mark makes another grade");
    }
}
