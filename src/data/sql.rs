//! Cells as they are compared, in SQL.

use revarch_domain::value::quoted_in_sql;

/// A key as it is compared: of several in one cell the first, which is the record's primary one.
pub(crate) fn key_of(column: &str, is_address: bool, many: bool) -> String {
    let key = format!("key_text(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column));
    let key = if many { format!("nullif(trim(split_part({key}, ';', 1)), '')") } else { key };
    if is_address { format!("lower({key})") } else { key }
}

/// A column with everything that only looks filled as null.
pub(crate) fn filled(column: &str) -> String {
    format!("filled(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column))
}

/// A column of times in microseconds since 1970; what is no time is null.
pub(crate) fn micros(column: &str) -> String {
    format!("moment_micros({})", filled(column))
}

/// A column of numbers; what is no number is null.
pub(crate) fn number(column: &str) -> String {
    format!("number_value({})", filled(column))
}

/// Microseconds since 1970 as text that is read as a time again.
pub(crate) fn moment(micros: &str) -> String {
    format!("CAST(arrow_cast({micros}, 'Timestamp(Microsecond, None)') AS VARCHAR)")
}

/// A stage that no deal leaves.
pub(crate) fn stage_is_closed(stage: &str) -> String {
    stage_is(stage, &["closed%", "% closed", "won%", "%won", "lost%", "%lost"])
}

/// A stage in which a deal is won.
pub(crate) fn stage_is_won(stage: &str) -> String {
    stage_is(stage, &["%won%"])
}

fn stage_is(stage: &str, patterns: &[&str]) -> String {
    let like = |pattern: &str| format!("lower({stage}) LIKE '{pattern}'");
    let any: Vec<String> = patterns.iter().copied().map(like).collect();
    format!("({}) AND NOT ({} OR {})", any.join(" OR "), like("not %"), like("un%"))
}
