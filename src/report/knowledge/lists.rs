//! Pages that hold many entries: what there is, benchmarks, the glossary, tables, contradictions, lenses.

use super::{GROUND, write_contradictions, write_source, write_table};
use revarch_domain::knowledge::{Contradiction, Entry, Knowledge, Table, Topic};
use std::fmt::Write as _;

/// Every entry by its topic, with its id.
pub fn contents(knowledge: &Knowledge) -> String {
    let mut page = "# What the frameworks and benchmarks say\n".to_owned();
    let mut topic = None;
    for entry in knowledge.entries() {
        if topic != Some(entry.topic) {
            topic = Some(entry.topic);
            let _ = writeln!(page, "\n## {}\n", entry.topic.name());
        }
        let _ = writeln!(page, "- {} (`{}`, {})", entry.title, entry.id, entry.kind.name());
    }
    page
}

/// Every benchmark, claim and figure, with what contradicts it.
pub fn benchmarks(knowledge: &Knowledge) -> String {
    let mut page = format!("# Benchmarks and claims\n\n{GROUND}\n");
    for entry in knowledge.benchmarks() {
        let served = knowledge.served(entry);
        let _ = writeln!(page, "\n## {} (`{}`)\n\n{}\n", entry.title, entry.id, entry.statement);
        for figure in &entry.figures {
            let _ = writeln!(page, "- {figure}");
        }
        if let Some(table) = &entry.table {
            let _ = writeln!(page, "- table: `revarch://tables/{}`", table.name);
        }
        page.push('\n');
        write_contradictions(&served, &mut page);
        served.from.into_iter().for_each(|source| write_source(source, &mut page));
    }
    page
}

/// The terms, group by group.
pub fn glossary(knowledge: &Knowledge) -> String {
    let mut page = "# Glossary\n".to_owned();
    let mut group = None;
    for term in knowledge.topic(Topic::Glossary) {
        if group != term.group.as_ref() {
            group = term.group.as_ref();
            let _ = writeln!(page, "\n## {}\n", group.map_or("other", String::as_str));
        }
        let used = if term.items.is_empty() {
            String::new()
        } else {
            format!(" Used for: {}.", term.items.join(", "))
        };
        let see = if term.see.is_empty() { String::new() } else { format!(" See: {}.", term.see.join(", ")) };
        let _ = writeln!(page, "- **{}**: {}{used}{see}", term.title, term.statement);
    }
    page
}

/// The names of the tables.
pub fn tables(knowledge: &Knowledge) -> String {
    let mut page = "# Tables\n\n".to_owned();
    for (table, entry) in knowledge.tables() {
        let _ = writeln!(page, "- `{}`: {} ({} rows)", table.name, entry.title, table.rows.len());
    }
    page
}

/// One table with its source and what contradicts it.
pub fn table(knowledge: &Knowledge, table: &Table, entry: &Entry) -> String {
    let served = knowledge.served(entry);
    let mut page = format!("# {}\n\n{}\n\n", entry.title, entry.statement);
    write_table(table, &mut page);
    if let Some(gaps) = &entry.gaps {
        let _ = writeln!(page, "Left open by the source: {gaps}\n");
    }
    write_contradictions(&served, &mut page);
    served.from.into_iter().for_each(|source| write_source(source, &mut page));
    let _ = writeln!(page, "{GROUND}");
    page
}

/// Where the sources clash, and how each is read.
pub fn contradictions(knowledge: &Knowledge) -> String {
    let mut page = "# Contradictions\n\nThe readings are revarch's own.\n\n".to_owned();
    for Contradiction { id, title, statement, reading, entries } in knowledge.contradictions() {
        let _ = writeln!(
            page,
            "- **{title}** (`{id}`). {statement} Reading: {reading} Touches: {}.",
            entries.join(", ")
        );
    }
    page
}

/// The lenses and their dimensions.
pub fn lenses(knowledge: &Knowledge) -> String {
    let mut page = "# Lenses\n\n".to_owned();
    for lens in knowledge.lenses() {
        let dimensions: Vec<_> = lens.dimensions.iter().map(|dimension| dimension.title.as_str()).collect();
        let _ = writeln!(page, "- `{}`, {}: {}", lens.id, lens.title, dimensions.join(", "));
    }
    page
}
