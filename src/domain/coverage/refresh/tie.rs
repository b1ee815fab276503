//! Whose an entry is: names in the registry prove a domain or an account, and nothing more.

use super::RegistryEntry;
use crate::coverage::{
    catalog::{Catalog, Platform, Status},
    resolve::{Ground, Names, Resolution},
};
use std::collections::BTreeMap;

/// How an entry is tied to a platform.
pub(super) enum Tie {
    /// It is the vendor's.
    Vendors(String),
    /// It is the entry that the catalog names for a platform of which only others publish a server.
    Named(String),
    /// It looks like the platform's.
    Doubtful(String, String),
}

/// The domains at which the catalog knows vendors' servers.
pub(super) struct Domains(BTreeMap<String, Vec<String>>);

impl Domains {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut domains: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for platform in catalog.platforms() {
            let mcp = &platform.mcp;
            let is_vendors = matches!(mcp.status, Status::OfficialGa | Status::OfficialBeta);
            let addresses = mcp.endpoint.iter().chain(&mcp.endpoint_template).filter(|_| is_vendors);
            let named = mcp.registry_name.as_deref().filter(|_| is_vendors).and_then(publisher);
            let mut own: Vec<String> =
                addresses.filter_map(|address| domain_of_address(address)).chain(named).collect();
            own.sort();
            own.dedup();
            for domain in own {
                domains.entry(domain).or_default().push(platform.id.clone());
            }
        }
        Self(domains)
    }
}

pub(super) fn tie(
    catalog: &Catalog,
    domains: &Domains,
    names: &Names<'_>,
    entry: &RegistryEntry,
) -> Option<Tie> {
    let is_named = |platform: &&Platform| platform.mcp.registry_name.as_ref() == Some(&entry.name);
    let known = catalog.platforms().iter().find(is_named);
    if let Some(known) = known {
        let is_vendors = matches!(known.mcp.status, Status::OfficialGa | Status::OfficialBeta);
        return Some(if is_vendors { Tie::Vendors(known.id.clone()) } else { Tie::Named(known.id.clone()) });
    }
    let Named { product, account, is_bare } = named_after(names, entry);
    let like = product.or(account);
    let Some(domain) = publisher(&entry.name) else {
        // An account on a code host proves an account, not a vendor.
        let platform = like?;
        let why = "published from an account on a code host, which does not prove the vendor".to_owned();
        return Some(Tie::Doubtful(platform.id.clone(), why));
    };
    let owners = domains.0.get(&domain).map(Vec::as_slice).unwrap_or_default();
    let doubtful = |id: &str, why: String| Some(Tie::Doubtful(id.to_owned(), why));
    if owners.is_empty() {
        let why = format!("published under {domain}, which the catalog does not know as the vendor's");
        return like.and_then(|like| doubtful(&like.id, why));
    }
    // Vendors have many servers, so the domain alone does not say which platform an entry is for.
    let reached = owners.iter().find(|owner| {
        let address = catalog.platform(owner).and_then(|platform| platform.mcp.endpoint.as_deref());
        let same = |url: &str| {
            address.is_some_and(|address| address.trim_end_matches('/') == url.trim_end_matches('/'))
        };
        entry.remotes.iter().any(|(_, url)| same(url))
    });
    let by_name = match (product, is_bare) {
        (Some(product), _) => owners.iter().find(|owner| **owner == product.id),
        (None, true) => match (owners, account) {
            ([owner], _) => Some(owner),
            (several, Some(account)) => several.iter().find(|owner| **owner == account.id),
            (_, None) => None,
        },
        (None, false) => None,
    };
    if let Some(owner) = reached.or(by_name) {
        return Some(Tie::Vendors(owner.clone()));
    }
    let why = format!("published under {domain}, the vendor's, and may be for another of its products");
    let platform = like.filter(|like| owners.contains(&like.id)).map_or(owners[0].as_str(), |like| &like.id);
    doubtful(platform, why)
}

/// What the parts of an entry's name stand for.
struct Named<'a> {
    /// The platform that the part after the stroke names.
    product: Option<&'a Platform>,
    /// The platform that the publisher names.
    account: Option<&'a Platform>,
    /// Whether the part after the stroke says nothing but that it is a server.
    is_bare: bool,
}

fn named_after<'a>(names: &Names<'a>, entry: &RegistryEntry) -> Named<'a> {
    const FILLER: [&str; 9] =
        ["mcp", "server", "mcpserver", "remote", "official", "api", "connector", "the", "www"];
    let (space, tail) = entry.name.rsplit_once('/').unwrap_or(("", &entry.name));
    let is_filler = |word: &str| FILLER.contains(&word.to_lowercase().as_str());
    let words: Vec<&str> = tail.split(['-', '_', '.', ' ']).filter(|word| !is_filler(word)).collect();
    // `com.notion/mcp` says by its domain alone whose it is; the label nearest to the ending is the vendor's.
    let account = space.split('.').skip(1).find(|label| !is_filler(label) && *label != "github");
    let of = |name: &str| match names.resolve(name) {
        Resolution::Known { platform, ground: Ground::Exact | Ground::Normalised } => Some(platform),
        _ => None,
    };
    Named { product: of(&words.join(" ")), account: account.and_then(of), is_bare: words.is_empty() }
}

/// The domain of a publisher: `com.figma.mcp/mcp` is `figma.com`. Nothing for accounts on code hosts.
pub(super) fn publisher(name: &str) -> Option<String> {
    let (space, _) = name.split_once('/')?;
    let mut labels: Vec<String> = space.split('.').map(str::to_lowercase).collect();
    if labels.len() < 2 || labels.starts_with(&["io".to_owned(), "github".to_owned()]) {
        return None;
    }
    labels.reverse();
    registrable(&labels.join("."))
}

pub(super) fn domain_of_address(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    registrable(rest.split(['/', ':', '?']).next()?)
}

/// The part of a host name that somebody registers: two labels, or three under endings such as `co.uk`.
fn registrable(host: &str) -> Option<String> {
    let labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    let count = labels.len();
    if count < 2 || labels[count - 2..].iter().any(|label| label.contains(['{', '}'])) {
        return None;
    }
    let is_ending =
        labels[count - 1].len() == 2 && ["co", "com", "org", "net", "ac", "gov"].contains(&labels[count - 2]);
    let take = if is_ending && count > 2 { 3 } else { 2 };
    Some(labels[count - take..].join(".").to_lowercase())
}
