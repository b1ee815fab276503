//! Cells as they are compared, in SQL.

use revarch_domain::value::quoted_in_sql;

/// A key as it is compared: of several in one cell the first, which is the record's primary one.
pub(super) fn key(column: &str, is_address: bool, many: bool) -> String {
    let key = format!("key_text(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column));
    let key = if many { format!("nullif(trim(split_part({key}, ';', 1)), '')") } else { key };
    if is_address { format!("lower({key})") } else { key }
}

/// A column with everything that only looks filled as null.
pub(super) fn filled(column: &str) -> String {
    format!("filled(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column))
}

/// A column of times in microseconds since 1970; what is no time is null.
pub(super) fn micros(column: &str) -> String {
    format!("moment_micros({})", filled(column))
}

/// Microseconds since 1970 as text that is read as a time again.
pub(super) fn moment(micros: &str) -> String {
    format!("CAST(arrow_cast({micros}, 'Timestamp(Microsecond, None)') AS VARCHAR)")
}
