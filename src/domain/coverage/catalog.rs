//! The platforms of a revenue stack that revarch knows of.

use super::{
    caution::CAUTIONS,
    taxonomy::{Category, Taxonomy, taxonomy},
};
pub use super::{
    caution::{Caution, CautionKind},
    published::{
        Basis, FactChange, Mcp, OperationsBasis, Package, Probe, Source, SourceKind, Status, Transport,
    },
};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// One platform of a revenue stack.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// A stable key.
    pub id: String,
    /// The name its vendor uses.
    pub name: String,
    /// Other names it goes by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Who makes it.
    pub vendor: String,
    #[serde(rename = "category")]
    pub(super) category_slug: String,
    /// What is published about its MCP server.
    pub mcp: Mcp,
}

impl Platform {
    /// The platform's place in the landscape. Every category named in the catalog is in the taxonomy, which
    /// a test holds.
    pub fn category(&self) -> Option<&'static Category> {
        taxonomy().category(&self.category_slug)
    }

    /// What to know before its facts are relied upon.
    pub fn cautions(&self) -> &'static [Caution] {
        CAUTIONS.get(&self.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The key of its category.
    pub fn category_slug(&self) -> &str {
        &self.category_slug
    }

    /// Whether the operations behind its server are each customer's own choice.
    pub fn is_customer_defined(&self) -> bool {
        let Taxonomy { customer_defined, .. } = taxonomy();
        customer_defined.contains(&self.id)
    }
}

/// Every platform revarch knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    pub(super) platforms: Vec<Platform>,
}

impl Catalog {
    /// The platforms, by id.
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }

    /// The platform of that id.
    pub fn platform(&self, id: &str) -> Option<&Platform> {
        self.platforms.iter().find(|platform| platform.id == id)
    }

    fn parse(platforms: &str, aliases: &str) -> serde_json::Result<Self> {
        let mut platforms: Vec<Platform> = serde_json::from_str(platforms)?;
        let mut aliases: BTreeMap<String, Vec<String>> = serde_json::from_str(aliases)?;
        for platform in &mut platforms {
            platform.aliases.extend(aliases.remove(&platform.id).unwrap_or_default());
        }
        Ok(Self { platforms })
    }
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::parse(include_str!("platforms.json"), include_str!("aliases.json"))
        .expect("the embedded catalog parses: a test reads it")
});

/// The catalog that revarch carries.
pub fn catalog() -> &'static Catalog {
    &CATALOG
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{taxonomy::Category, words};
    use jiff::civil::Date;
    use std::collections::BTreeMap;

    #[test]
    fn every_platform_parses_and_has_a_category_and_a_source() {
        let platforms = catalog().platforms();
        assert_eq!(platforms.len(), 327);
        for platform in platforms {
            assert!(platform.category().is_some(), "{}: {}", platform.id, platform.category_slug);
            assert!(!platform.mcp.sources.is_empty(), "{}", platform.id);
            assert!(
                platform.mcp.operations_basis.is_some() || platform.mcp.operations().is_empty(),
                "{}",
                platform.id
            );
        }
    }

    #[test]
    fn names_and_aliases_each_belong_to_one_platform() {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for platform in catalog().platforms() {
            let names = [&platform.id, &platform.name].into_iter().chain(&platform.aliases);
            for name in names.map(|name| words::plain(name)) {
                let owner = owners.entry(name.clone()).or_insert(&platform.id);
                assert_eq!(*owner, platform.id, "`{name}` names two platforms");
            }
        }
    }

    #[test]
    fn every_authored_alias_belongs_to_a_platform() {
        let aliases: BTreeMap<String, Vec<String>> =
            serde_json::from_str(include_str!("aliases.json")).unwrap();
        for (id, names) in aliases {
            let platform = catalog().platform(&id).unwrap_or_else(|| panic!("no platform `{id}`"));
            assert!(names.iter().all(|name| platform.aliases.contains(name)));
        }
    }

    #[test]
    fn every_caution_belongs_to_a_platform_and_every_status_names_its_basis_and_day() {
        assert!(CAUTIONS.len() > 60);
        for (id, cautions) in CAUTIONS.iter() {
            let platform = catalog().platform(id).unwrap_or_else(|| panic!("no platform `{id}`"));
            assert_eq!(platform.cautions(), cautions);
            assert!(cautions.iter().all(|caution| !caution.words.is_empty()));
        }
        for platform in catalog().platforms() {
            let told = platform.mcp.status_told();
            assert!(told.contains(platform.mcp.basis.words()) && told.contains("20"), "{told}");
        }
        let stated = catalog().platforms().iter().filter(|p| p.mcp.status_told().contains("stated")).count();
        assert_eq!(stated, 2);
    }

    #[test]
    fn dates_lie_in_the_years_in_which_mcp_exists() {
        let sane = |date: Date| (2024..=2026).contains(&date.year());
        for platform in catalog().platforms() {
            let Mcp { as_of, sources, probe, .. } = &platform.mcp;
            assert!(sane(*as_of), "{}", platform.id);
            assert!(sources.iter().filter_map(|source| source.date).all(sane), "{}", platform.id);
            assert!(probe.iter().all(|probe| sane(probe.date)), "{}", platform.id);
        }
    }

    #[test]
    fn no_address_carries_a_key() {
        for platform in catalog().platforms() {
            let Mcp { endpoint, endpoint_template, .. } = &platform.mcp;
            for address in endpoint.iter().chain(endpoint_template) {
                assert!(address.starts_with("https://"), "{address}");
                assert!(!address.contains(['?', '@', '#']), "{address}");
                let longest = address.split(['/', '.', '-', '_']).map(str::len).max().unwrap_or(0);
                assert!(longest < 24, "{address} may hold a key");
            }
        }
    }

    #[test]
    fn forty_nine_categories_of_the_landscape_are_listed_six_of_them_without_a_platform() {
        let landscape: Vec<&Category> =
            taxonomy().categories.iter().filter(|category| category.landscape).collect();
        assert_eq!(landscape.len(), 49);
        let empty = landscape
            .iter()
            .filter(|category| !catalog().platforms().iter().any(|p| p.category_slug == category.slug))
            .count();
        assert_eq!(empty, 6);
    }
}
