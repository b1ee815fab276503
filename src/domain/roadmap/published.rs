//! What the sources say of roadmaps, out of what is known of them. It stands beside a plan and decides nothing in it.

use crate::knowledge::{Cell, Contradiction, Entry, knowledge};

/// What else is said of roadmaps.
const CLAIMS: [&str; 6] =
    ["road.time", "road.ai_gate", "road.staged", "entry.antipattern", "seq.core", "roi.90"];

/// Where the sources contradict themselves or each other about roadmaps.
const CONTRADICTIONS: [&str; 3] = ["c04", "c05", "c17"];

/// A published phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPhase {
    /// Its number.
    pub phase: u8,
    /// Its name.
    pub name: String,
    /// Its months, where the roadmap begins with the first phase.
    pub months: String,
    /// Its deliverables.
    pub deliverables: Vec<String>,
    /// What it adds of AI.
    pub ai: Vec<String>,
}

/// The published phase with a number.
pub fn published_phase(number: u8) -> Option<PublishedPhase> {
    let row = row("roadmap_phases", number)?;
    let [_, name, months, Cell::Items(deliverables)] = row else { return None };
    let ai = match self::row("ai_sequence", number) {
        Some([_, Cell::Items(ai)]) => ai.clone(),
        _ => Vec::new(),
    };
    Some(PublishedPhase {
        phase: number,
        name: name.to_string(),
        months: months.to_string(),
        deliverables: deliverables.clone(),
        ai,
    })
}

/// What else is said of roadmaps.
pub fn published_claims() -> impl Iterator<Item = &'static Entry> {
    CLAIMS.iter().filter_map(|id| knowledge().entry(id))
}

/// Where the sources contradict themselves or each other about roadmaps.
pub fn contradictions() -> impl Iterator<Item = &'static Contradiction> {
    CONTRADICTIONS.iter().filter_map(|id| knowledge().contradiction(id))
}

/// The row of a table that begins with a number.
fn row(table: &str, number: u8) -> Option<&'static [Cell]> {
    let (table, _) = knowledge().table(table)?;
    let begins = |row: &&Vec<Cell>| row.first() == Some(&Cell::Number(f64::from(number)));
    table.rows.iter().find(begins).map(Vec::as_slice)
}
