//! Items that somebody brings to the plan, and what somebody knows better about its own.

use super::{Item, Kind, PersonDays, RoadmapError, assemble::Asked, draft::Draft, notes::Notes};
use crate::{nearest::nearest, provenance::Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// An item that somebody brings. With the key of an item that the plan has, it tells more about that one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnItem {
    /// Its key.
    pub id: String,
    /// What is done; needed unless the plan has the item.
    pub title: Option<String>,
    /// What kind of work it is; needed unless the plan has the item.
    pub kind: Option<Kind>,
    /// How much work it is, where that is known.
    pub effort: Option<PersonDays>,
    /// What has to be done before.
    pub prerequisites: Vec<String>,
    /// Who does it, as a role.
    pub owner_role: Option<String>,
}

/// Whose work it is where nobody says.
const OWNER: &str = "revenue operations";

/// Adds the items to the draft.
pub(super) fn add(draft: &mut Draft, asked: &Asked<'_>, notes: &mut Notes) -> Result<(), RoadmapError> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for own in asked.own {
        if !seen.insert(&own.id) {
            return Err(RoadmapError::Twice { id: own.id.clone() });
        }
        if own.effort.is_some_and(|effort| !effort.is_sound()) {
            return Err(RoadmapError::Effort { id: own.id.clone() });
        }
        if asked.done.contains(&own.id) {
            continue;
        }
        if let Some(item) = draft.items.iter_mut().find(|item| item.id == own.id) {
            amend(item, own);
        } else {
            let item = new(own, &draft.items)?;
            draft.items.push(item);
        }
    }
    for own in asked.own {
        resolve(own, draft, asked, notes)?;
    }
    wait_for_the_spine(draft, asked);
    Ok(())
}

fn amend(item: &mut Item, own: &OwnItem) {
    let OwnItem { id: _, title, kind: _, effort, prerequisites: _, owner_role } = own;
    if let Some(title) = title {
        item.title.clone_from(title);
    }
    if let Some(effort) = effort {
        (item.effort, item.effort_from) = (*effort, Provenance::Attested);
    }
    if let Some(owner) = owner_role {
        item.owner_role.clone_from(owner);
    }
}

fn new(own: &OwnItem, items: &[Item]) -> Result<Item, RoadmapError> {
    let (Some(title), Some(kind)) = (&own.title, own.kind) else {
        let near = nearest(&own.id, items.iter().map(|item| item.id.as_str()));
        let near = near.first().map(|near| (*near).to_owned());
        return Err(RoadmapError::Incomplete { id: own.id.clone(), near });
    };
    Ok(Item {
        id: own.id.clone(),
        title: title.clone(),
        deliverable: title.clone(),
        kind,
        phase: None,
        owner_role: own.owner_role.clone().unwrap_or_else(|| OWNER.to_owned()),
        effort: own.effort.unwrap_or(PersonDays::UNKNOWN),
        effort_from: if own.effort.is_some() { Provenance::Attested } else { Provenance::Unknown },
        closes: Vec::new(),
        eases: 0,
        steps: Vec::new(),
        prerequisites: BTreeSet::new(),
        exits: Vec::new(),
        is_ai: false,
        serves: BTreeSet::new(),
        is_first: false,
        carried_over: false,
    })
}

/// Ties an item to what it waits for. A deliverable that the plan does not call for, and what is done, hold
/// nothing back.
fn resolve(
    own: &OwnItem,
    draft: &mut Draft,
    asked: &Asked<'_>,
    notes: &mut Notes,
) -> Result<(), RoadmapError> {
    let kinds: BTreeMap<String, Kind> = draft.items.iter().map(|item| (item.id.clone(), item.kind)).collect();
    let Some(item) = draft.items.iter_mut().find(|item| item.id == own.id) else { return Ok(()) };
    for needed in &own.prerequisites {
        if let Some(kind) = kinds.get(needed) {
            if *kind > item.kind {
                let (own, this, that) = (&own.id, item.kind.name(), kind.name());
                notes.add(format!(
                    "`{own}` ({this}) waits for `{needed}` ({that}), against the order strategy, process, data, technology"
                ));
            }
            item.prerequisites.insert(needed.clone());
        } else if asked.deliverables.get(needed).is_some() {
            notes.add(format!("`{}` does not wait for `{needed}`: nothing found calls for it", own.id));
        } else if !asked.done.contains(needed) {
            let near =
                nearest(needed, kinds.keys().map(String::as_str)).first().map(|near| (*near).to_owned());
            return Err(RoadmapError::Prerequisite { id: own.id.clone(), needed: needed.clone(), near });
        }
    }
    Ok(())
}

/// An item of a later kind waits for what the plan agrees on first, so that nothing is bought or recorded before
/// it is known what for.
fn wait_for_the_spine(draft: &mut Draft, asked: &Asked<'_>) {
    let spine = asked.deliverables.deliverables.iter().filter(|deliverable| deliverable.spine);
    let spine: Vec<(Kind, &str)> = spine
        .filter(|deliverable| draft.items.iter().any(|item| item.id == deliverable.id))
        .map(|deliverable| (deliverable.kind, deliverable.id.as_str()))
        .collect();
    let own: BTreeSet<&str> = asked.own.iter().map(|own| own.id.as_str()).collect();
    for item in draft.items.iter_mut().filter(|item| own.contains(item.id.as_str())) {
        let earlier = spine.iter().filter(|(kind, _)| *kind < item.kind);
        item.prerequisites.extend(earlier.map(|(_, id)| (*id).to_owned()));
    }
}
