//! Reads the embedded data files, and refuses what could not be served.

use super::{Cell, Entry, Figure, Knowledge, Table};
use crate::maturity::{Lens, LensError};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

const SOURCES: &str = include_str!("data/sources.json");
const CONTRADICTIONS: &str = include_str!("data/contradictions.json");
const ENTRIES: [(&str, &str); 9] = [
    ("architecture", include_str!("data/architecture.json")),
    ("maturity", include_str!("data/maturity.json")),
    ("stack", include_str!("data/stack.json")),
    ("data_and_budget", include_str!("data/data_and_budget.json")),
    ("agents", include_str!("data/agents.json")),
    ("roadmap", include_str!("data/roadmap.json")),
    ("measurement", include_str!("data/measurement.json")),
    ("structure", include_str!("data/structure.json")),
    ("glossary", include_str!("data/glossary.json")),
];

/// Why knowledge cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// A file is not written as it should be.
    #[error("cannot read the file `{file}` of knowledge")]
    File {
        /// The file's name.
        file: String,
        /// The reason.
        source: serde_json::Error,
    },
    /// A lens that ships cannot be read.
    #[error("cannot read a lens")]
    Lens(#[from] LensError),
    /// Two things have one name.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// Something refers to what is not there.
    #[error("`{at}` names `{missing}`, which is not there")]
    Missing {
        /// Who refers.
        at: String,
        /// What is missing.
        missing: String,
    },
    /// An entry says nothing, and no lens says it.
    #[error("`{0}` has no statement, and no lens states it")]
    Silent(String),
    /// A number is neither a value nor a range.
    #[error("`{at}`: `{name}` is neither a value nor a range")]
    Number {
        /// The entry.
        at: String,
        /// The figure or column.
        name: String,
    },
    /// A row does not fit its table.
    #[error("row {row} of the table `{table}` does not have a cell for each column")]
    Row {
        /// The table.
        table: String,
        /// The row, from 1.
        row: usize,
    },
}

/// The knowledge that ships.
pub(super) fn shipped() -> Result<Knowledge, KnowledgeError> {
    let lenses = Lens::names().map(Lens::shipped).collect::<Result<Vec<_>, _>>()?;
    parse(&ENTRIES, SOURCES, CONTRADICTIONS, lenses)
}

/// Knowledge of the given files.
pub(super) fn parse(
    entries: &[(&str, &str)],
    sources: &str,
    contradictions: &str,
    lenses: Vec<Lens>,
) -> Result<Knowledge, KnowledgeError> {
    let mut read: Vec<Entry> = Vec::new();
    for (file, text) in entries {
        read.extend(self::read::<Entry>(file, text)?);
    }
    for entry in read.iter_mut().filter(|entry| entry.statement.is_empty()) {
        let facts = lenses.iter().flat_map(|lens| &lens.provenance.facts);
        let fact = facts.into_iter().find(|fact| fact.id == entry.id);
        entry.statement.clone_from(&fact.ok_or_else(|| KnowledgeError::Silent(entry.id.clone()))?.states);
    }
    let knowledge = Knowledge {
        entries: read,
        sources: self::read("sources", sources)?,
        contradictions: self::read("contradictions", contradictions)?,
        lenses,
    };
    check(&knowledge)?;
    Ok(knowledge)
}

fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<Vec<T>, KnowledgeError> {
    serde_json::from_str(text).map_err(|source| KnowledgeError::File { file: file.to_owned(), source })
}

fn check(knowledge: &Knowledge) -> Result<(), KnowledgeError> {
    let Knowledge { entries, sources, contradictions, lenses: _ } = knowledge;
    once(entries.iter().map(|entry| &entry.id))?;
    once(sources.iter().map(|source| &source.id))?;
    once(contradictions.iter().map(|contradiction| &contradiction.id))?;
    once(knowledge.tables().map(|(table, _)| &table.name))?;
    let missing = |at: &str, missing: &str| {
        Err(KnowledgeError::Missing { at: at.to_owned(), missing: missing.to_owned() })
    };
    for entry in entries {
        if knowledge.source(&entry.source).is_none() {
            return missing(&entry.id, &entry.source);
        }
        if let Some(unknown) = entry.see.iter().find(|id| knowledge.entry(id).is_none()) {
            return missing(&entry.id, unknown);
        }
        numbers(entry)?;
        entry.table.as_ref().map_or(Ok(()), rows)?;
    }
    for contradiction in contradictions {
        if let Some(unknown) = contradiction.entries.iter().find(|id| knowledge.entry(id).is_none()) {
            return missing(&contradiction.id, unknown);
        }
    }
    Ok(())
}

fn once<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), KnowledgeError> {
    let mut seen = BTreeSet::new();
    let mut names = names;
    names.find(|name| !seen.insert(*name)).map_or(Ok(()), |twice| Err(KnowledgeError::Twice(twice.clone())))
}

fn is_range(low: Option<f64>, high: Option<f64>) -> bool {
    match (low, high) {
        (None, None) => false,
        (Some(low), Some(high)) => low < high,
        _ => true,
    }
}

fn numbers(entry: &Entry) -> Result<(), KnowledgeError> {
    let is_sound = |figure: &Figure| match figure.value {
        Some(_) => figure.low.is_none() && figure.high.is_none(),
        None => is_range(figure.low, figure.high),
    };
    let wrong = |name: &str| KnowledgeError::Number { at: entry.id.clone(), name: name.to_owned() };
    if let Some(figure) = entry.figures.iter().find(|figure| !is_sound(figure)) {
        return Err(wrong(&figure.name));
    }
    let Some(table) = &entry.table else { return Ok(()) };
    for row in &table.rows {
        for (cell, column) in row.iter().zip(&table.columns) {
            if matches!(cell, Cell::Bounds { low, high } if !is_range(*low, *high)) {
                return Err(wrong(&column.name));
            }
        }
    }
    Ok(())
}

fn rows(table: &Table) -> Result<(), KnowledgeError> {
    let odd = table.rows.iter().position(|row| row.len() != table.columns.len());
    odd.map_or(Ok(()), |row| Err(KnowledgeError::Row { table: table.name.clone(), row: row + 1 }))
}
