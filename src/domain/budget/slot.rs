//! The categories of a budget in one order, whatever order and names they were given in.

use super::{
    published::{Model, Row, published},
    request::{Line, RequestError},
};
use crate::{coverage::words::plain, nearest::nearest};

/// Categories that are planned at once.
const MOST_CATEGORIES: usize = 60;

/// A category and the line that speaks of it.
pub(super) struct Slot<'a> {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) row: Option<&'static Row>,
    pub(super) line: Option<&'a Line>,
}

impl Slot<'_> {
    fn is_called(&self, name: &str) -> bool {
        let wanted = plain(name);
        let aliases = self.row.iter().flat_map(|row| row.aliases.iter());
        [&self.id, &self.name].into_iter().chain(aliases).any(|known| plain(known) == wanted)
    }
}

/// The categories in one order: those of the table as it has them, then the caller's own by name.
pub(super) fn slots(model: Option<Model>, lines: &[Line]) -> Result<Vec<Slot<'_>>, RequestError> {
    let mut slots: Vec<Slot<'_>> = published()
        .categories
        .iter()
        .map(|row| Slot { id: row.id.clone(), name: row.name.clone(), row: Some(row), line: None })
        .collect();
    for line in lines {
        let name = line.name.trim();
        if plain(name).is_empty() {
            return Err(RequestError::NoName);
        }
        match slots.iter_mut().find(|slot| slot.is_called(name)) {
            Some(slot) => {
                if let Some(before) = slot.line.replace(line) {
                    return Err(RequestError::Twice { one: before.name.clone(), other: line.name.clone() });
                }
            }
            None if line.is_own => {
                slots.push(Slot { id: name.to_owned(), name: name.to_owned(), row: None, line: Some(line) });
            }
            None => return Err(unknown(name, &slots)),
        }
    }
    let table = published().categories.len();
    slots[table..].sort_by_key(|slot| plain(&slot.id));
    slots.retain(|slot| model.is_some() || slot.line.is_some());
    match slots.len() {
        0 => Err(RequestError::Nothing),
        count if count > MOST_CATEGORIES => {
            Err(RequestError::TooMany { what: "categories", count, most: MOST_CATEGORIES })
        }
        _ => Ok(slots),
    }
}

/// The place of the category that a name stands for.
pub(super) fn position(slots: &[Slot<'_>], name: &str) -> Result<usize, RequestError> {
    slots.iter().position(|slot| slot.is_called(name)).ok_or_else(|| unknown(name, slots))
}

fn unknown(name: &str, slots: &[Slot<'_>]) -> RequestError {
    let known = slots.iter().flat_map(|slot| {
        let aliases = slot.row.iter().flat_map(|row| row.aliases.iter());
        [&slot.id, &slot.name].into_iter().chain(aliases).map(move |called| (called.as_str(), slot))
    });
    let known: Vec<(&str, &Slot<'_>)> = known.collect();
    let mut near: Vec<String> = Vec::new();
    for called in nearest(name, known.iter().map(|(called, _)| *called)) {
        let slot = known.iter().find(|(known, _)| *known == called).map(|(_, slot)| slot.id.clone());
        near.extend(slot.filter(|id| !near.contains(id)));
    }
    RequestError::UnknownCategory { name: name.to_owned(), near }
}
