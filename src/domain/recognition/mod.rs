//! Which entity a table holds and which role each column plays, guessed from names, types and content.
//!
//! A folder whose layout is known is recognised as a whole, with the joins between its tables; the words of names
//! speak where no layout does. Every guess carries a confidence and a reason, and the operator's mapping overrides
//! it. A guess below [`SURE`] is shown and never silently used.

mod columns;
mod fit;
mod header;
mod joins;
mod knowledge;
mod layout;
mod mapping;
mod names;
mod questions;
mod tables;
mod whole;

pub use joins::Join;
pub use layout::{Layout, layout};
pub use mapping::{Mapped, Mapping};
pub(crate) use names::column_words;
pub use questions::{OpenQuestion, open_questions};
pub use whole::{Folder, Whole, recognise_all, recognise_folders};

use crate::{entity::Entity, profile::TableProfile};
use fit::{Fit, Told};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// From this confidence on, a guess is acted upon.
pub const SURE: f64 = 0.6;

/// The confidence of what the layout of the folder says.
const BY_LAYOUT: f64 = 0.98;
/// Of several columns that may play a role, the one the layout lists first is the surest.
const EACH_LATER: f64 = 0.001;

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The key of the record itself.
    Id,
    /// The key of another record.
    Key(Entity),
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web domain or address.
    Domain,
    /// What the record is called.
    Name,
    /// When the record was made.
    Created,
    /// When the record last changed.
    Updated,
    /// When something happened.
    Occurred,
    /// When the row arrived in the data layer.
    Loaded,
    /// When the deal or lead was closed or converted.
    Closed,
    /// Where the record stands in its process.
    Stage,
    /// Whether the deal is closed.
    ClosedFlag,
    /// Why a deal was closed.
    CloseReason,
    /// What comes next.
    NextStep,
    /// Money.
    Amount,
    /// Who owns the record.
    Owner,
    /// Whether the person agreed to be contacted.
    Consent,
    /// A score somebody or something gave.
    Score,
    /// Whether the record turned out well.
    Outcome,
    /// Where the record came from.
    Source,
    /// What sort of event or activity it was.
    Type,
    /// The person's position.
    JobTitle,
    /// The company's trade.
    Industry,
}

impl Role {
    /// Whether its values are choices from a list of the company's, which no person is recognised by.
    pub const fn is_choice(self) -> bool {
        matches!(self, Self::Stage | Self::Source | Self::Type | Self::Industry | Self::CloseReason)
    }
}

const PLAIN_ROLES: [(Role, &str); 23] = [
    (Role::Id, "id"),
    (Role::Email, "email"),
    (Role::Phone, "phone"),
    (Role::Domain, "domain"),
    (Role::Name, "name"),
    (Role::Created, "created"),
    (Role::Updated, "updated"),
    (Role::Occurred, "occurred"),
    (Role::Loaded, "loaded"),
    (Role::Closed, "closed"),
    (Role::Stage, "stage"),
    (Role::ClosedFlag, "closed_flag"),
    (Role::CloseReason, "close_reason"),
    (Role::NextStep, "next_step"),
    (Role::Amount, "amount"),
    (Role::Owner, "owner"),
    (Role::Consent, "consent"),
    (Role::Score, "score"),
    (Role::Outcome, "outcome"),
    (Role::Source, "source"),
    (Role::Type, "type"),
    (Role::JobTitle, "job_title"),
    (Role::Industry, "industry"),
];

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(entity) => write!(f, "{}_key", entity.name()),
            plain => {
                let name = PLAIN_ROLES.iter().find(|(role, _)| role == plain).map_or("", |(_, name)| name);
                f.write_str(name)
            }
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = PLAIN_ROLES.iter().find(|(_, name)| *name == text).map(|(role, _)| *role);
        let key = || {
            let entity = text.strip_suffix("_key")?;
            Entity::ALL.into_iter().find(|known| known.name() == entity).map(Self::Key)
        };
        plain.or_else(key).ok_or_else(|| {
            let known: Vec<&str> = PLAIN_ROLES.iter().map(|(_, name)| *name).collect();
            format!("no role `{text}`; roles are {} and <entity>_key, as in account_key", known.join(", "))
        })
    }
}

/// A guess and the ground for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess<T> {
    /// What it is taken to be.
    pub value: T,
    /// From 0 to 1; a mapping by the operator has 1.
    pub confidence: f64,
    /// Why.
    pub reason: String,
}

impl<T> Guess<T> {
    fn new(value: T, confidence: f64, reason: impl Into<String>) -> Self {
        Self { value, confidence, reason: reason.into() }
    }

    /// Whether the guess may be acted upon.
    pub fn is_sure(&self) -> bool {
        self.confidence >= SURE
    }
}

/// What a table was recognised as.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognition {
    /// The entity, where there is ground for a guess.
    pub entity: Option<Guess<Entity>>,
    /// The role of each column that has one, by the column's name.
    pub columns: BTreeMap<String, Guess<Role>>,
}

impl Recognition {
    /// The entity, if it is sure.
    pub fn sure_entity(&self) -> Option<Entity> {
        self.entity.as_ref().filter(|guess| guess.is_sure()).map(|guess| guess.value)
    }

    /// The column that is surest to play a role.
    pub fn column(&self, role: Role) -> Option<&str> {
        self.columns
            .iter()
            .filter(|(_, guess)| guess.value == role && guess.is_sure())
            .max_by(|a, b| a.1.confidence.total_cmp(&b.1.confidence).then(b.0.cmp(a.0)))
            .map(|(name, _)| name.as_str())
    }

    /// The role of a column, if it is sure.
    pub fn role(&self, column: &str) -> Option<Role> {
        self.columns.get(column).filter(|guess| guess.is_sure()).map(|guess| guess.value)
    }
}

/// Recognises one table by itself, by its words and content.
pub fn recognise(table: &TableProfile, mapping: &Mapping) -> Recognition {
    recognise_as(table, mapping, None)
}

/// Recognises one table, with what the layout of its folder knows of it. The layout outranks the words, and the
/// operator outranks both.
fn recognise_as(table: &TableProfile, mapping: &Mapping, fit: Option<&Fit>) -> Recognition {
    const MAPPED: &str = "set in the configuration, or confirmed in this call";
    let entity = match (mapping.entity, fit) {
        (Mapped::Holds(entity), _) => Some(Guess::new(entity, 1.0, MAPPED)),
        (Mapped::Nothing, _) => None,
        (Mapped::Unsaid, Some(fit)) => fit.table.entity.map(|entity| {
            let reason = format!("the layout {} calls it {}", fit.layout.id, fit.table.name);
            Guess::new(entity, BY_LAYOUT, reason)
        }),
        (Mapped::Unsaid, None) => tables::entity(table),
    };
    let known = entity.as_ref().filter(|guess| guess.is_sure()).map(|guess| guess.value);
    // Of a table that is known to hold no records, words would only mislead.
    let silent = entity.is_none() && (fit.is_some() || mapping.entity == Mapped::Nothing);
    let mut columns = if silent { BTreeMap::new() } else { columns::roles(table, known) };
    if let Some(fit) = fit {
        if fit.columns.iter().any(|told| told.role == Some(Role::Id)) {
            columns.retain(|_, guess| guess.value != Role::Id);
        }
        for Told { column, role, place } in &fit.columns {
            let confidence = BY_LAYOUT - EACH_LATER * *place as f64;
            let reason = || format!("the layout {} gives it that role", fit.layout.id);
            match role {
                Some(role) => columns.insert(column.clone(), Guess::new(*role, confidence, reason())),
                None => columns.remove(column),
            };
        }
    }
    for (name, role) in &mapping.columns {
        match role {
            Some(role) => columns.insert(name.clone(), Guess::new(*role, 1.0, MAPPED)),
            None => columns.remove(name),
        };
    }
    Recognition { entity, columns }
}

#[cfg(test)]
mod layout_tests;
#[cfg(test)]
mod tests;
