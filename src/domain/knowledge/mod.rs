//! What the frameworks and benchmarks say: definitions, tables, thresholds, claims, a glossary, and where they
//! contradict each other.
//!
//! All of it is published by others and told in revarch's own words; only facts and figures carry over. Nothing
//! here is held to be true because it is written down: every entry names its source, what the source leaves out,
//! and the contradictions that touch it.
//!
//! # Design
//! A fact that a lens scores by is stated in the lens; its entry here adds a title, items and figures and takes
//! the statement from there, so that no fact is worded twice. `facts.txt` lists every fact that has to be served
//! or used somewhere, `coverage.json` says where, and a test holds one against the other.

mod contradiction;
mod entry;
mod item;
mod load;
mod search;
mod source;
mod table;

#[cfg(test)]
mod coverage_tests;
#[cfg(test)]
mod tests;

pub use contradiction::Contradiction;
pub use entry::{Entry, Figure, Kind, Served, Topic, Unit};
pub use item::Item;
pub use load::KnowledgeError;
pub use source::Source;
pub use table::{Cell, Column, Table};

use crate::maturity::Lens;
use std::sync::LazyLock;

/// Everything that is known from publications.
#[derive(Clone, Debug)]
pub struct Knowledge {
    entries: Vec<Entry>,
    sources: Vec<Source>,
    contradictions: Vec<Contradiction>,
    lenses: Vec<Lens>,
}

static KNOWLEDGE: LazyLock<Knowledge> =
    LazyLock::new(|| load::shipped().expect("the embedded knowledge parses: a test reads it"));

/// The knowledge that revarch carries.
pub fn knowledge() -> &'static Knowledge {
    &KNOWLEDGE
}

impl Knowledge {
    /// All entries, topic by topic.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The entries on a topic.
    pub fn topic(&self, topic: Topic) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.topic == topic)
    }

    /// What can be held against a company of one's own: benchmarks, claims, and whatever else has figures.
    pub fn benchmarks(&self) -> impl Iterator<Item = &Entry> {
        let is_counted = |entry: &&Entry| matches!(entry.kind, Kind::Benchmark | Kind::Claim);
        self.entries.iter().filter(move |entry| is_counted(entry) || !entry.figures.is_empty())
    }

    /// The tables, each with the entry it belongs to.
    pub fn tables(&self) -> impl Iterator<Item = (&Table, &Entry)> {
        self.entries.iter().filter_map(|entry| Some((entry.table.as_ref()?, entry)))
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<(&Table, &Entry)> {
        self.tables().find(|(table, _)| table.name == name)
    }

    /// The contradictions within and between the sources.
    pub fn contradictions(&self) -> &[Contradiction] {
        &self.contradictions
    }

    /// The contradiction of that id.
    pub fn contradiction(&self, id: &str) -> Option<&Contradiction> {
        self.contradictions.iter().find(|contradiction| contradiction.id == id)
    }

    /// The contradictions that touch an entry.
    pub fn contradicting(&self, entry: &str) -> impl Iterator<Item = &Contradiction> {
        self.contradictions.iter().filter(move |one| one.entries.iter().any(|touched| touched == entry))
    }

    /// The lenses that ship.
    pub fn lenses(&self) -> &[Lens] {
        &self.lenses
    }

    /// The source of that id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// An entry with its ground, its source and what contradicts it.
    pub fn served<'a>(&'a self, entry: &'a Entry) -> Served<'a> {
        let scores_by = |lens: &&Lens| lens.provenance.facts.iter().any(|fact| fact.id == entry.id);
        Served {
            entry,
            provenance: entry.provenance(),
            from: self.source(&entry.source),
            lenses: self.lenses.iter().filter(scores_by).map(|lens| lens.id.as_str()).collect(),
            contradictions: self.contradicting(&entry.id).collect(),
        }
    }
}
