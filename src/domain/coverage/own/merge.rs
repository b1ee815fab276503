//! What an operator's file says put into the catalog, each change remembered with what it replaced.

use super::{OwnFile, OwnMcp, OwnPlatform};
use crate::coverage::{
    catalog::{
        Basis, Catalog, FactChange, Mcp, OperationsBasis, Package, Platform, Source, SourceKind, Status,
        Transport,
    },
    taxonomy::Operation,
};
use std::collections::BTreeMap;

impl Catalog {
    /// The catalog with an operator's additions and corrections, each remembered with what it replaced. A
    /// program makes it once at its start and keeps it for good, as an audit's platforms are never freed.
    #[must_use]
    pub fn with_own(&self, own: &OwnFile) -> Self {
        let mut merged = self.clone();
        for entry in &own.platforms {
            merged.merge(entry);
        }
        merged.platforms.sort_by(|a, b| a.id.cmp(&b.id));
        merged
    }

    fn merge(&mut self, entry: &OwnPlatform) {
        let OwnPlatform { id, name, aliases, vendor, category, source: _, date: _, mcp } = entry;
        let at = self.platforms.iter().position(|platform| platform.id == *id).unwrap_or_else(|| {
            self.platforms.push(unknown_platform(entry));
            self.platforms.len() - 1
        });
        let platform = &mut self.platforms[at];
        let mut changes = Changes { platform: id.clone(), source: source_of(entry), made: Vec::new() };
        changes.set("name", &mut platform.name, name.clone(), String::clone);
        changes.set("vendor", &mut platform.vendor, vendor.clone(), String::clone);
        changes.set("category", &mut platform.category_slug, category.clone(), String::clone);
        for alias in
            aliases.iter().filter(|alias| !platform.aliases.contains(alias)).cloned().collect::<Vec<String>>()
        {
            changes.note("alias", None, alias.clone());
            platform.aliases.push(alias);
        }
        merge_mcp(&mut platform.mcp, mcp, &mut changes);
        let Changes { made, source, .. } = changes;
        if !made.is_empty() {
            let facts = &mut platform.mcp;
            facts.as_of = facts.as_of.max(entry.date);
            if !facts.sources.contains(&source) {
                facts.sources.push(source);
            }
            facts.changes.extend(made);
        }
    }
}

fn merge_mcp(facts: &mut Mcp, own: &OwnMcp, changes: &mut Changes) {
    let OwnMcp { status, endpoint, auth, transport, package, operations, operations_complete } = own;
    if let Some(status) = *status {
        changes.set("status", &mut facts.status, Some(status), |status| status.name().to_owned());
        facts.basis = Basis::Operator;
        facts.ga_confirmed = None;
    }
    if let Some(address) = endpoint {
        let (place, other) = if address.contains('{') {
            (&mut facts.endpoint_template, &mut facts.endpoint)
        } else {
            (&mut facts.endpoint, &mut facts.endpoint_template)
        };
        if place.as_ref() != Some(address) {
            let was = place.take().or_else(|| other.take());
            *place = Some(address.clone());
            *other = None;
            // A probe of another address says nothing of this one.
            facts.probe = None;
            changes.note("endpoint", was, address.clone());
        }
    }
    if auth.is_some() {
        changes.set("auth", &mut facts.auth, Some(auth.clone()), |auth| auth.clone().unwrap_or_default());
    }
    if !transport.is_empty() {
        let told = |transport: &Vec<Transport>| {
            transport.iter().map(|transport| transport.name()).collect::<Vec<&str>>().join(", ")
        };
        changes.set("transport", &mut facts.transport, Some(transport.clone()), told);
    }
    if package.is_some() {
        let told = |package: &Option<Package>| package.as_ref().map(Package::told).unwrap_or_default();
        changes.set("package", &mut facts.package, Some(package.clone()), told);
    }
    if !operations.is_empty() {
        let mut by_object: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for Operation { object, verb } in operations {
            by_object.entry(object.clone()).or_default().push(verb.clone());
        }
        let told = |operations: &BTreeMap<String, Vec<String>>| {
            format!("{} operation(s)", operations.values().map(Vec::len).sum::<usize>())
        };
        changes.set("operations", &mut facts.operations, Some(by_object), told);
        facts.operations_basis = Some(OperationsBasis::Operator);
        facts.operations_complete = false;
        facts.opaque = false;
    }
    if let Some(complete) = *operations_complete {
        changes.set("operations_complete", &mut facts.operations_complete, Some(complete), bool::to_string);
    }
}

/// The changes that one source makes to one platform.
pub(in crate::coverage) struct Changes {
    pub(in crate::coverage) platform: String,
    pub(in crate::coverage) source: Source,
    pub(in crate::coverage) made: Vec<FactChange>,
}

impl Changes {
    pub(in crate::coverage) fn note(&mut self, field: &'static str, was: Option<String>, now: String) {
        let change =
            FactChange { platform: self.platform.clone(), field, was, now, source: self.source.clone() };
        self.made.push(change);
    }

    fn set<T: PartialEq>(
        &mut self,
        field: &'static str,
        place: &mut T,
        new: Option<T>,
        told: impl Fn(&T) -> String,
    ) {
        let Some(new) = new.filter(|new| new != place) else { return };
        let was = Some(told(place)).filter(|was| !was.is_empty());
        self.note(field, was, told(&new));
        *place = new;
    }
}

impl Package {
    /// The package in words: registry, name and version.
    pub fn told(&self) -> String {
        let Self { registry, name, version } = self;
        let version = version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        format!("{registry} {name}{version}")
    }
}

fn source_of(entry: &OwnPlatform) -> Source {
    Source {
        kind: SourceKind::Operator,
        reference: entry.source.clone(),
        date: Some(entry.date),
        negative: false,
    }
}

/// A platform of which nothing is known yet; its name, vendor and category follow.
fn unknown_platform(entry: &OwnPlatform) -> Platform {
    Platform {
        id: entry.id.clone(),
        name: String::new(),
        aliases: Vec::new(),
        vendor: String::new(),
        category_slug: String::new(),
        mcp: Mcp {
            status: Status::Unknown,
            basis: Basis::Operator,
            ga_confirmed: None,
            name: None,
            endpoint: None,
            endpoint_template: None,
            registry_name: None,
            auth: None,
            transport: Vec::new(),
            package: None,
            probe: None,
            operations: BTreeMap::new(),
            operations_basis: None,
            operations_complete: false,
            opaque: false,
            as_of: entry.date,
            as_of_is_retrieval: false,
            sources: Vec::new(),
            changes: Vec::new(),
        },
    }
}
