//! Knowledge as Markdown. All of it ships with revarch, so nothing in it has to be made harmless.

mod item;
mod lens;
mod lists;

#[cfg(test)]
mod tests;

pub use item::item;
pub use lists::{benchmarks, contents, contradictions, glossary, lenses, table, tables};

use revarch_domain::knowledge::{Contradiction, Served, Source, Table};
use std::fmt::Write as _;

/// What stands under every page of published statements.
const GROUND: &str = "Published statements are claims of their sources; revarch has not checked them.";

fn write_table(table: &Table, page: &mut String) {
    let heads = table.columns.iter().map(|column| match column.unit {
        Some(unit) if !unit.suffix().is_empty() => format!("{} ({})", column.name, unit.suffix().trim()),
        _ => column.name.clone(),
    });
    let _ = writeln!(page, "| {} |", heads.collect::<Vec<_>>().join(" | "));
    let _ = writeln!(page, "|{}", "---|".repeat(table.columns.len()));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    page.push('\n');
}

fn write_contradictions(served: &Served<'_>, page: &mut String) {
    for contradiction in &served.contradictions {
        let Contradiction { id, title, statement, reading, entries: _ } = contradiction;
        let _ =
            writeln!(page, "Contradiction `{id}`, {title}: {statement} How revarch reads it: {reading}\n");
    }
}

fn write_source(source: &Source, page: &mut String) {
    let url = source.url.as_ref().map(|url| format!(" <{url}>")).unwrap_or_default();
    let _ = writeln!(page, "Source (published): {}; {}.{url}", source.line(), source.nature);
}
