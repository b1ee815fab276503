//! The rules about single columns, run over every column of every table.

use super::{Facts, Lens, dates, facts::TableFacts, instructions, shared, text};
use crate::finding::Finding;

pub(super) fn findings(facts: &Facts, lens: &Lens) -> Vec<Finding> {
    let mut found = Vec::new();
    for table in &facts.tables {
        for column in &table.profile.columns {
            // An order to an agent works from any table an agent can read.
            found.extend(instructions::finding(table, column));
            if table.entity().is_some() {
                found.extend(dates::findings(table, column));
                found.extend(text::findings(table, column));
                found.extend(shared::finding(table, column, &lens.thresholds));
            }
        }
    }
    found
}

/// The keys of the findings that were looked for.
pub(super) fn keys(table: &TableFacts) -> Vec<String> {
    let name = &table.profile.name;
    let mut keys = Vec::new();
    for column in &table.profile.columns {
        let mut add = |kind: &str| keys.push(format!("{kind}.{name}.{}", column.name));
        add(instructions::KEY);
        if table.entity().is_none() {
            continue;
        }
        dates::KEYS.into_iter().for_each(&mut add);
        // Where values were not counted their variants were not looked for.
        let counted = column.case_variants.is_some() && column.space_variants.is_some();
        text::KEYS.into_iter().filter(|kind| counted || *kind != "variants").for_each(&mut add);
        if shared::is_asked(table, column) {
            add(shared::KEY);
        }
    }
    keys
}
