//! What the standard objects of Salesforce and HubSpot call the fields an agent needs.
//!
//! Sources: Salesforce's Object Reference (Account, Contact, Lead, Opportunity, Task) and HubSpot's pages on the
//! default properties of companies, contacts and deals and on calls. Salesforce has no standard field for why a
//! deal was lost; the privacy record (`IndividualId`) and HubSpot's legal basis exist only where the setting
//! for data privacy is on. Custom fields are out of reach of any table.

use crate::{entity::Entity, recognition::Role};

/// A system that holds records and answers queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Salesforce, asked in SOQL.
    Salesforce,
    /// HubSpot, asked by a CRM search.
    HubSpot,
    /// A database, asked in SQL.
    Warehouse,
}

impl System {
    /// The system's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Salesforce => "salesforce",
            Self::HubSpot => "hubspot",
            Self::Warehouse => "warehouse",
        }
    }
}

/// The objects that hold an entity's records in Salesforce and HubSpot.
const OBJECTS: [(Entity, Option<&str>, Option<&str>); 5] = [
    (Entity::Account, Some("Account"), Some("companies")),
    (Entity::Contact, Some("Contact"), Some("contacts")),
    (Entity::Lead, Some("Lead"), None),
    (Entity::Deal, Some("Opportunity"), Some("deals")),
    (Entity::Activity, Some("Task"), Some("calls")),
];

/// The fields that play a role in Salesforce and HubSpot.
const FIELDS: [(Entity, Role, Option<&str>, Option<&str>); 23] = [
    (Entity::Account, Role::Name, Some("Name"), Some("name")),
    (Entity::Account, Role::Domain, Some("Website"), Some("domain")),
    (Entity::Account, Role::Industry, Some("Industry"), Some("industry")),
    (Entity::Account, Role::Owner, Some("OwnerId"), Some("hubspot_owner_id")),
    (Entity::Contact, Role::Email, Some("Email"), Some("email")),
    (Entity::Contact, Role::Phone, Some("Phone"), Some("phone")),
    (Entity::Contact, Role::JobTitle, Some("Title"), Some("jobtitle")),
    (Entity::Contact, Role::Consent, Some("IndividualId"), Some("hs_legal_basis")),
    (Entity::Contact, Role::Owner, Some("OwnerId"), Some("hubspot_owner_id")),
    (Entity::Contact, Role::Key(Entity::Account), Some("AccountId"), Some("associatedcompanyid")),
    (Entity::Lead, Role::Email, Some("Email"), None),
    (Entity::Lead, Role::Created, Some("CreatedDate"), None),
    (Entity::Lead, Role::Source, Some("LeadSource"), None),
    (Entity::Lead, Role::Consent, Some("IndividualId"), None),
    (Entity::Deal, Role::Stage, Some("StageName"), Some("dealstage")),
    (Entity::Deal, Role::Amount, Some("Amount"), Some("amount")),
    (Entity::Deal, Role::Created, Some("CreatedDate"), Some("createdate")),
    (Entity::Deal, Role::Closed, Some("CloseDate"), Some("closedate")),
    (Entity::Deal, Role::Owner, Some("OwnerId"), Some("hubspot_owner_id")),
    (Entity::Deal, Role::NextStep, Some("NextStep"), Some("hs_next_step")),
    (Entity::Deal, Role::CloseReason, None, Some("closed_lost_reason")),
    (Entity::Activity, Role::Occurred, Some("ActivityDate"), Some("hs_timestamp")),
    (Entity::Activity, Role::Type, Some("Type"), Some("hs_activity_type")),
];

/// The object and the field of a system that hold what plays a role; nothing for a warehouse, whose names are
/// its owner's.
pub(super) fn field(system: System, entity: Entity, role: Role) -> Option<(&'static str, &'static str)> {
    let (_, salesforce, hubspot) = OBJECTS.iter().find(|(known, ..)| *known == entity)?;
    let (_, _, field, property) = FIELDS.iter().find(|(of, plays, ..)| (*of, *plays) == (entity, role))?;
    match system {
        System::Salesforce => Some(((*salesforce)?, (*field)?)),
        System::HubSpot => Some(((*hubspot)?, (*property)?)),
        System::Warehouse => None,
    }
}

/// What a field of a system is for, by its name there.
pub(super) fn role_of(entity: Entity, name: &str) -> Option<Role> {
    let is_named = |known: Option<&str>| known.is_some_and(|known| known.eq_ignore_ascii_case(name));
    FIELDS
        .iter()
        .find(|(of, _, field, property)| *of == entity && (is_named(*field) || is_named(*property)))
        .map(|(_, role, ..)| *role)
}
