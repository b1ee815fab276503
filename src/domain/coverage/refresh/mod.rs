//! News from the official MCP registry, taken over fact by fact.
//!
//! Anybody may publish in the registry, and look-alikes do. A name in it proves one thing: who controls the
//! domain or the account that it begins with. So an entry counts for a platform only if it is under the domain
//! at which the catalog knows the vendor's server, or is the entry that the catalog names already; anything
//! else that looks like the platform is told as doubtful and changes nothing.
//!
//! # Design
//!
//! An entry under the vendor's domain is the vendor's word, but the registry is unreviewed: it fills what is
//! unknown, replaces what rests on weaker ground, and never replaces what rests on firmer ground. What was kept
//! against it is told beside what changed.

mod apply;
mod page;
mod tie;

pub use page::{EntryStatus, NoPage, Page, RegistryEntry, page};

use super::{
    catalog::{Catalog, FactChange},
    resolve::Names,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tie::{Domains, Tie, tie};

/// A fact that the registry tells otherwise and that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The platform's key.
    pub platform: String,
    /// The fact.
    pub field: &'static str,
    /// What it stays.
    pub ours: String,
    /// What the registry says.
    pub theirs: String,
    /// Why it was kept.
    pub why: String,
}

/// An entry that may concern a platform and changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The entry's name.
    pub entry: String,
    /// The platform's key.
    pub platform: String,
    /// Why it is doubtful.
    pub why: String,
}

/// What a refresh did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// The catalog as it is now.
    pub catalog: Catalog,
    /// What changed.
    pub changed: Vec<FactChange>,
    /// What was kept against the registry.
    pub kept: Vec<Kept>,
    /// What may concern a platform and was not taken over.
    pub doubtful: Vec<Doubt>,
    /// Platforms that an entry of their vendor's was found for.
    pub confirmed: Vec<String>,
    /// Entries that concern no platform of the catalog.
    pub unrelated: usize,
}

/// Takes over what the registry says, read on that day. The order of the entries does not matter.
pub fn refresh(catalog: &Catalog, entries: &[RegistryEntry], read_on: Date) -> Refreshed {
    let domains = Domains::of(catalog);
    let names = Names::of(catalog);
    let mut done = Refreshed {
        catalog: catalog.clone(),
        changed: Vec::new(),
        kept: Vec::new(),
        doubtful: Vec::new(),
        confirmed: Vec::new(),
        unrelated: 0,
    };
    let mut by_platform: BTreeMap<(String, bool), Vec<&RegistryEntry>> = BTreeMap::new();
    let mut ordered: Vec<&RegistryEntry> =
        entries.iter().filter(|entry| entry.is_latest != Some(false)).collect();
    ordered.sort_by(|a, b| (&a.name, a.updated, &a.version).cmp(&(&b.name, b.updated, &b.version)));
    // Of several versions that all claim to be the newest, the last one changed is.
    let newest: BTreeMap<&str, &RegistryEntry> =
        ordered.into_iter().map(|entry| (entry.name.as_str(), entry)).collect();
    for entry in newest.into_values() {
        match tie(catalog, &domains, &names, entry) {
            Some(Tie::Vendors(platform)) => by_platform.entry((platform, true)).or_default().push(entry),
            Some(Tie::Named(platform)) => by_platform.entry((platform, false)).or_default().push(entry),
            Some(Tie::Doubtful(platform, why)) => {
                done.doubtful.push(Doubt { entry: entry.name.clone(), platform, why });
            }
            None => done.unrelated += 1,
        }
    }
    for ((id, is_vendors), mut found) in by_platform {
        let known = catalog.platform(&id).and_then(|platform| platform.mcp.registry_name.clone());
        // The entry that the catalog names comes first, then the one that reaches a server, then by name.
        found.sort_by_key(|entry| {
            (known.as_ref() != Some(&entry.name), entry.remotes.is_empty(), entry.name.clone())
        });
        let mut found = found.into_iter();
        if let Some(first) = found.next() {
            apply::apply(&mut done, &id, first, is_vendors, read_on);
        }
        done.doubtful.extend(found.map(|other| Doubt {
            entry: other.name.clone(),
            platform: id.clone(),
            why: "the vendor has another entry that was taken over".to_owned(),
        }));
    }
    done.doubtful.sort_by(|a, b| (&a.platform, &a.entry).cmp(&(&b.platform, &b.entry)));
    done
}

#[cfg(test)]
mod tests;
