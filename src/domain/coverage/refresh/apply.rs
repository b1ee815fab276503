//! An entry's facts taken over one by one, the firmer ones kept.

use super::{
    Doubt, EntryStatus, Kept, Refreshed, RegistryEntry,
    tie::{domain_of_address, publisher},
};
use crate::coverage::{
    catalog::{Basis, Platform, Source, SourceKind, Status, Transport},
    own::Changes,
};
use jiff::civil::Date;

pub(super) fn apply(done: &mut Refreshed, id: &str, entry: &RegistryEntry, is_vendors: bool, read_on: Date) {
    let Some(platform) = done.catalog.platforms.iter_mut().find(|platform| platform.id == id) else { return };
    if entry.status != EntryStatus::Active {
        let why = if entry.status == EntryStatus::Deleted { "withdrawn" } else { "deprecated" };
        let why = format!("the vendor's entry is {why}: what the catalog says was kept, and is worth a look");
        done.doubtful.push(Doubt { entry: entry.name.clone(), platform: id.to_owned(), why });
        return;
    }
    let version = entry.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let source = Source {
        kind: SourceKind::Registry,
        reference: format!("official MCP registry: {}{version}", entry.name),
        date: Some(entry.updated.unwrap_or(read_on)),
        negative: false,
    };
    let mut changes = Changes { platform: id.to_owned(), source: source.clone(), made: Vec::new() };
    let mut kept = Vec::new();
    if is_vendors {
        status(platform, entry, &mut changes);
    }
    registry_name(platform, entry, &mut changes, &mut kept);
    endpoint(platform, entry, &mut changes, &mut kept);
    package(platform, entry, &mut changes, &mut kept);
    let mcp = &mut platform.mcp;
    if !changes.made.is_empty() {
        mcp.as_of = mcp.as_of.max(entry.updated.unwrap_or(read_on));
        if !mcp.sources.contains(&source) {
            mcp.sources.push(source);
        }
        mcp.changes.extend(changes.made.iter().cloned());
    }
    done.confirmed.push(id.to_owned());
    done.changed.extend(changes.made);
    done.kept.extend(kept);
}

fn status(platform: &mut Platform, entry: &RegistryEntry, changes: &mut Changes) {
    let mcp = &mut platform.mcp;
    if matches!(mcp.status, Status::OfficialGa | Status::OfficialBeta) || mcp.basis == Basis::Operator {
        return;
    }
    let text =
        format!("{} {}", entry.description, entry.version.as_deref().unwrap_or_default()).to_lowercase();
    let is_early = ["beta", "preview", "alpha", "experimental"].iter().any(|word| text.contains(word));
    let now = if is_early { Status::OfficialBeta } else { Status::OfficialGa };
    changes.note("status", Some(mcp.status.name().to_owned()), now.name().to_owned());
    mcp.status = now;
    mcp.basis = Basis::OfficialRegistry;
    mcp.ga_confirmed = Some(false);
}

fn kept(platform: &Platform, field: &'static str, ours: &str, theirs: &str, why: &str) -> Kept {
    Kept {
        platform: platform.id.clone(),
        field,
        ours: ours.to_owned(),
        theirs: theirs.to_owned(),
        why: why.to_owned(),
    }
}

fn registry_name(
    platform: &mut Platform,
    entry: &RegistryEntry,
    changes: &mut Changes,
    told: &mut Vec<Kept>,
) {
    match platform.mcp.registry_name.clone() {
        Some(ours) if ours == entry.name => {}
        Some(ours) => {
            told.push(kept(platform, "registry_name", &ours, &entry.name, "the catalog names another entry"));
        }
        None => {
            changes.note("registry_name", None, entry.name.clone());
            platform.mcp.registry_name = Some(entry.name.clone());
        }
    }
}

/// Whether the operator's own file says this fact.
fn is_operators(platform: &Platform, field: &str) -> bool {
    let mut changes = platform.mcp.changes.iter();
    changes.any(|change| change.field == field && change.source.kind == SourceKind::Operator)
}

/// Whether what rests on this ground gives way to the vendor's entry.
fn gives_way(basis: Basis) -> bool {
    basis.strength() < Basis::OfficialRegistry.strength()
}

fn endpoint(platform: &mut Platform, entry: &RegistryEntry, changes: &mut Changes, told: &mut Vec<Kept>) {
    let usable = |url: &&(Option<Transport>, String)| {
        let (_, url) = url;
        url.starts_with("https://") && !url.contains(['?', '@', '#', '{', '<'])
    };
    // Streamable HTTP before the transport that it replaced.
    let mut remotes: Vec<&(Option<Transport>, String)> = entry.remotes.iter().filter(usable).collect();
    remotes.sort_by_key(|(transport, url)| (*transport != Some(Transport::StreamableHttp), url.clone()));
    let Some((transport, url)) = remotes.first() else { return };
    // An account on a code host vouches for no domain but the one that the catalog knows already.
    let known = platform.mcp.endpoint.as_deref().and_then(domain_of_address);
    if domain_of_address(url) != publisher(&entry.name).or(known) {
        let ours = platform.mcp.endpoint.clone().unwrap_or_default();
        told.push(kept(
            platform,
            "endpoint",
            &ours,
            url,
            "the entry points to a domain that is not its publisher's",
        ));
        return;
    }
    let same = |one: &str| one.trim_end_matches('/') == url.trim_end_matches('/');
    let ours = platform.mcp.endpoint.clone().or_else(|| platform.mcp.endpoint_template.clone());
    match ours {
        Some(ours) if same(&ours) => {}
        Some(ours) if !gives_way(platform.mcp.basis) || is_operators(platform, "endpoint") => {
            told.push(kept(platform, "endpoint", &ours, url, "the address rests on firmer ground"));
            return;
        }
        Some(ours) if platform.mcp.probe.is_some() => {
            told.push(kept(platform, "endpoint", &ours, url, "a server was seen at the address"));
            return;
        }
        ours => {
            changes.note("endpoint", ours, url.clone());
            platform.mcp.endpoint = Some(url.clone());
            platform.mcp.endpoint_template = None;
        }
    }
    if let Some(transport) = transport.filter(|transport| !platform.mcp.transport.contains(transport)) {
        changes.note("transport", None, transport.name().to_owned());
        platform.mcp.transport.push(transport);
    }
}

fn package(platform: &mut Platform, entry: &RegistryEntry, changes: &mut Changes, told: &mut Vec<Kept>) {
    let Some(theirs) = entry.packages.first() else { return };
    match platform.mcp.package.clone() {
        None => {
            changes.note("package", None, theirs.told());
            platform.mcp.package = Some(theirs.clone());
        }
        Some(ours) if ours == *theirs => {}
        Some(ours) if is_operators(platform, "package") => {
            let why = "the operator's own file says so";
            told.push(kept(platform, "package", &ours.told(), &theirs.told(), why));
        }
        Some(ours) if ours.name == theirs.name && ours.registry == theirs.registry => {
            if theirs.version.is_some() && is_newer(theirs.version.as_deref(), ours.version.as_deref()) {
                changes.note("package", Some(ours.told()), theirs.told());
                platform.mcp.package = Some(theirs.clone());
            } else {
                told.push(kept(
                    platform,
                    "package",
                    &ours.told(),
                    &theirs.told(),
                    "the version is not newer",
                ));
            }
        }
        Some(ours) => {
            told.push(kept(
                platform,
                "package",
                &ours.told(),
                &theirs.told(),
                "the catalog names another package",
            ));
        }
    }
}

/// Whether one version comes after another, number by number. What holds no numbers is not newer.
pub(super) fn is_newer(one: Option<&str>, other: Option<&str>) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
    };
    match (one.map(numbers), other.map(numbers)) {
        (Some(one), Some(other)) => !one.is_empty() && one > other,
        (Some(one), None) => !one.is_empty(),
        (None, _) => false,
    }
}
