//! What a reader should know of how a plan came about.

use super::{Fit, assemble::Asked, item::Planned};
use crate::{finding::Severity, nearest::nearest};
use std::collections::BTreeSet;

/// What a reader should know, each once.
#[derive(Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    pub(super) fn add(&mut self, note: String) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    pub(super) fn told(self) -> Vec<String> {
        self.0
    }
}

/// Notes what the finished plan shows.
pub(super) fn note(asked: &Asked<'_>, items: &[Planned], notes: &mut Notes) {
    let known = || {
        let shipped = asked.deliverables.deliverables.iter().map(|deliverable| deliverable.id.as_str());
        let planned = items.iter().map(|item| item.id.as_str());
        shipped.chain(planned).chain(asked.own.iter().map(|own| own.id.as_str()))
    };
    for id in asked.done.iter().filter(|id| !id.starts_with("agent.") && !known().any(|known| known == **id))
    {
        let near = nearest(id, known());
        let near = near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        notes.add(format!("`{id}` in `done` is no item of this plan{near}"));
    }
    let carried: Vec<&str> =
        items.iter().filter(|item| item.carried_over).map(|item| item.id.as_str()).collect();
    if !carried.is_empty() {
        notes.add(format!(
            "the stage says that these are behind you, and what was measured says that they are not: {}",
            carried.join(", ")
        ));
    }
    let owners: BTreeSet<String> = items.iter().map(|item| item.owner_key()).collect();
    for role in asked.capacity.named().filter(|role| !owners.contains(*role)) {
        let near = nearest(role, owners.iter().map(String::as_str));
        let near = near.first().map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
        notes.add(format!("nothing in the plan is owned by \"{role}\", whose capacity was given{near}"));
    }
    let grave = |item: &&Planned| item.closes.iter().any(|gap| gap.severity == Severity::Blocker);
    let late: Vec<&str> = items
        .iter()
        .filter(grave)
        .filter(|item| item.timing.fit != Fit::Fits)
        .map(|item| item.id.as_str())
        .collect();
    if !late.is_empty() {
        notes.add(format!("findings that block agents may outlast the horizon: {}", late.join(", ")));
    }
}
