//! All tables at once: the layout of each folder, what each table is, and how they join.

use super::{
    Guess, Mapped, Mapping, Recognition,
    fit::Fit,
    joins::{Join, Placed, joins},
    layout::{Layout, generic, read},
    recognise_as,
};
use crate::{entity::Entity, profile::TableProfile};
use std::collections::BTreeMap;

/// What a folder of tables was recognised as.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whole {
    /// The layout of the folder, where there is ground for a guess. A layout of a known system that is not sure is
    /// not acted upon; the generic one names it in its reason.
    pub layout: Option<Guess<Layout>>,
    /// What each table is, by its name.
    pub tables: BTreeMap<String, Recognition>,
    /// The joins of its tables. They may lead into other folders, where those were recognised together.
    pub joins: Vec<Join>,
}

/// The tables of one folder, each with what the operator says of it.
pub type Folder<'a> = [(&'a TableProfile, &'a Mapping)];

/// Recognises the tables of one folder.
pub fn recognise_all(tables: &Folder) -> Whole {
    recognise_folders(&[tables]).pop().unwrap_or_default()
}

/// Recognises the tables of several folders, each with a layout of its own. A key whose records are not in its own
/// folder is joined to a table of another.
pub fn recognise_folders(folders: &[&Folder]) -> Vec<Whole> {
    let readings: Vec<_> = folders
        .iter()
        .map(|tables| {
            let profiles: Vec<&TableProfile> = tables.iter().map(|(profile, _)| *profile).collect();
            read(&profiles)
        })
        .collect();
    let mut recognised: Vec<(usize, &TableProfile, &Mapping, Option<&Fit>, Recognition)> = Vec::new();
    for (folder, (tables, reading)) in folders.iter().zip(&readings).enumerate() {
        let sure = reading.as_ref().filter(|reading| reading.guess.is_sure());
        for (at, (profile, mapping)) in tables.iter().enumerate() {
            let fit = sure.and_then(|reading| reading.fits[at].as_ref());
            let fit = fit.filter(|fit| agrees(mapping, fit));
            recognised.push((folder, *profile, *mapping, fit, recognise_as(profile, mapping, fit)));
        }
    }
    let placed: Vec<Placed> = recognised
        .iter()
        .map(|(folder, profile, mapping, fit, recognition)| Placed {
            profile,
            recognition,
            folder: *folder,
            fit: *fit,
            mapped: mapping.columns.keys().map(String::as_str).collect(),
        })
        .collect();
    readings
        .iter()
        .enumerate()
        .map(|(folder, reading)| {
            let own: Vec<&Placed> = placed.iter().filter(|placed| placed.folder == folder).collect();
            let joins: Vec<Join> = own.iter().flat_map(|from| joins(from, &placed)).collect();
            let reading = reading.as_ref().map(|reading| reading.guess.clone());
            let layout = match reading {
                Some(guess) if guess.is_sure() => Some(guess),
                unsure => by_words(&own, &joins, unsure),
            };
            let tables =
                own.iter().map(|placed| (placed.profile.name.clone(), placed.recognition.clone())).collect();
            Whole { layout, tables, joins }
        })
        .collect()
}

/// Whether the operator leaves room for what the layout says of a table.
fn agrees(mapping: &Mapping, fit: &Fit) -> bool {
    match mapping.entity {
        Mapped::Unsaid => true,
        Mapped::Nothing => false,
        Mapped::Holds(entity) => fit.table.entity == Some(entity),
    }
}

/// The layout of a folder that is not surely a known system's: a generic one if it holds the records of a CRM, else
/// the doubtful guess, for a person to look at.
fn by_words(own: &[&Placed], joins: &[Join], unsure: Option<Guess<Layout>>) -> Option<Guess<Layout>> {
    let entities: Vec<Entity> = own.iter().filter_map(|placed| placed.recognition.sure_entity()).collect();
    let of_a_crm = |entity: &Entity| {
        matches!(entity, Entity::Account | Entity::Contact | Entity::Lead | Entity::Deal | Entity::Activity)
    };
    if entities.iter().any(of_a_crm) {
        Some(generic(entities.len(), own.len(), !joins.is_empty(), unsure.as_ref()))
    } else {
        unsure
    }
}
