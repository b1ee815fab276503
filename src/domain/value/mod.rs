//! What one cell of text is: empty in disguise, or a value of some kind.

mod kind;
mod letters;
mod moment;
mod order;
mod placeholder;

pub use kind::{Kind, Number, Reading};
pub use letters::Letters;
pub use moment::{DateFormat, MICROS_PER_DAY, Moment, moment, shown};
pub use order::reads_like_an_order;
pub use placeholder::{empty_in_sql, is_placeholder};

/// A text without the white space around it. Most cells have none, which two bytes tell.
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// A column as text in SQL, whatever its type.
pub fn text_in_sql(column: &str) -> String {
    format!("CAST({} AS VARCHAR)", quoted_in_sql(column))
}

/// A name as it stands in SQL.
pub fn quoted_in_sql(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
