//! Which system wrote a folder of tables, and how: a layout explains all of its tables at once.

use super::{
    Guess, Mapping,
    fit::{Fit, fit, is_marked},
    knowledge::layouts,
    whole::recognise_all,
};
use crate::profile::TableProfile;

/// The id of the layout that folders have which no known system wrote.
pub(super) const GENERIC: &str = "generic_crm";
/// No evidence makes a layout certain.
const MOST: f64 = 0.99;
/// How much of the doubt one telling column leaves.
const DOUBT_LEFT: f64 = 0.5;
/// What a table counts that bears the hand of a layout but is none of its known tables.
const MARKED: f64 = 0.5;
/// Words recognise the tables, and their keys join.
const GENERIC_JOINED: f64 = 0.9;
/// Words recognise the tables, and nothing joins them.
const GENERIC_UNJOINED: f64 = 0.6;

/// A way in which a system, or a tool, gives out its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The layout's id, such as `hubspot_export`.
    pub id: String,
    /// The system whose records these are, such as `hubspot`.
    pub system: String,
    /// What it is in words, such as "an export from the HubSpot app".
    pub name: String,
}

/// A folder looked at for a layout of a known system.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) guess: Guess<Layout>,
    /// The known table that each table is.
    pub(super) fits: Vec<Option<Fit>>,
}

/// The layout of the tables of one folder, as far as it can be told.
pub fn layout(tables: &[&TableProfile]) -> Option<Guess<Layout>> {
    let mapping = Mapping::default();
    let tables: Vec<_> = tables.iter().map(|table| (*table, &mapping)).collect();
    recognise_all(&tables).layout
}

/// The layout of a known system that explains a folder best.
pub(super) fn read(tables: &[&TableProfile]) -> Option<Reading> {
    let mut best: Option<(usize, Reading)> = None;
    for (system, layout) in layouts() {
        let fits: Vec<Option<Fit>> = tables.iter().map(|table| fit(table, system, layout)).collect();
        let known = fits.iter().flatten().count();
        let fitting_marked =
            tables.iter().zip(&fits).any(|(table, fit)| fit.is_some() && is_marked(table, layout));
        if known == 0 || layout.warehouse && !fitting_marked {
            continue;
        }
        let tells: Vec<&String> = fits.iter().flatten().flat_map(|fit| &fit.tells).collect();
        let strange = tables.iter().zip(&fits).filter(|(_, fit)| fit.is_none());
        let strange: f64 =
            strange.map(|(table, _)| if is_marked(table, layout) { MARKED } else { 1.0 }).sum();
        let share = known as f64 / (known as f64 + strange);
        let evidence = (1.0 - DOUBT_LEFT.powf(tells.len() as f64)).min(MOST);
        let confidence = share * evidence;
        if confidence == 0.0 || !is_better(best.as_ref(), confidence, tells.len()) {
            continue;
        }
        let mut examples: Vec<&str> = Vec::new();
        for tell in &tells {
            if !examples.contains(&tell.as_str()) && examples.len() < 3 {
                examples.push(tell);
            }
        }
        let reason = format!(
            "{known} of {} tables are as in {}, by {} telling marks such as {}",
            tables.len(),
            layout.name,
            tells.len(),
            examples.join(", ")
        );
        let value =
            Layout { id: layout.id.clone(), system: system.system.clone(), name: layout.name.clone() };
        best = Some((tells.len(), Reading { guess: Guess::new(value, confidence, reason), fits }));
    }
    best.map(|(_, reading)| reading)
}

/// Of two layouts that explain as much, the one with more evidence; of equals the first.
fn is_better(best: Option<&(usize, Reading)>, confidence: f64, tells: usize) -> bool {
    match best {
        None => true,
        Some((most, reading)) => {
            let by = confidence.total_cmp(&reading.guess.confidence);
            by.then(tells.cmp(most)).is_gt()
        }
    }
}

/// A folder of CRM records that no known system wrote, with `found` of its tables recognised by their words.
pub(super) fn generic(
    found: usize,
    tables: usize,
    joined: bool,
    nearest: Option<&Guess<Layout>>,
) -> Guess<Layout> {
    let share = found as f64 / tables as f64;
    let confidence = share * if joined { GENERIC_JOINED } else { GENERIC_UNJOINED };
    let joined = if joined { "their keys join" } else { "no key joins them" };
    let doubt = nearest.map_or_else(String::new, |nearest| {
        format!("; the nearest known layout, {}, is too doubtful: {}", nearest.value.id, nearest.reason)
    });
    let reason = format!("{found} of {tables} tables are recognised by their words, and {joined}{doubt}");
    let value =
        Layout { id: GENERIC.into(), system: "unknown".into(), name: "CRM tables of no known system".into() };
    Guess::new(value, confidence, reason)
}
