//! One thing that was looked up, whole.

use super::{GROUND, lens::lens, write_contradictions, write_source, write_table};
use revarch_domain::knowledge::{Contradiction, Entry, Item, Source, knowledge};
use std::fmt::Write as _;

/// The page of an item.
pub fn item(item: &Item<'_>) -> String {
    match item {
        Item::Entry(entry) => self::entry(entry),
        Item::Contradiction(contradiction) => self::contradiction(contradiction),
        Item::Lens(one) => lens(one),
    }
}

fn entry(entry: &Entry) -> String {
    let served = knowledge().served(entry);
    let mut page = format!("# {}\n\n{}\n\n", entry.title, entry.statement);
    let figures = entry.figures.iter().map(ToString::to_string);
    let lines: Vec<String> = entry.items.iter().cloned().chain(figures).collect();
    for line in &lines {
        let _ = writeln!(page, "- {line}");
    }
    if !lines.is_empty() {
        page.push('\n');
    }
    if let Some(table) = &entry.table {
        write_table(table, &mut page);
    }
    if let Some(gaps) = &entry.gaps {
        let _ = writeln!(page, "Left open by the source: {gaps}\n");
    }
    write_contradictions(&served, &mut page);
    for (what, ids) in [
        ("Scored by the lens", served.lenses.iter().map(|id| format!("lenses/{id}")).collect::<Vec<_>>()),
        ("See also", entry.see.iter().map(|id| format!("knowledge/{id}")).collect()),
    ] {
        if !ids.is_empty() {
            let _ = writeln!(page, "{what}: {}.\n", quoted(&ids));
        }
    }
    served.from.into_iter().for_each(|source| write_source(source, &mut page));
    let _ = writeln!(page, "{GROUND}");
    page
}

fn contradiction(contradiction: &Contradiction) -> String {
    let Contradiction { id: _, title, statement, reading, entries } = contradiction;
    let ids: Vec<String> = entries.iter().map(|id| format!("knowledge/{id}")).collect();
    let mut page = format!("# {title}\n\n{statement}\n\nHow revarch reads it (authored): {reading}\n\n");
    let _ = writeln!(page, "Touches: {}.\n", quoted(&ids));
    let of = entries.iter().filter_map(|id| knowledge().source(&knowledge().entry(id)?.source));
    let mut sources: Vec<&Source> = Vec::new();
    for source in of {
        if !sources.contains(&source) {
            sources.push(source);
            write_source(source, &mut page);
        }
    }
    let _ = writeln!(page, "{GROUND}");
    page
}

fn quoted(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
