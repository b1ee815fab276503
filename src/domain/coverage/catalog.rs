//! What has been published about the MCP server of each platform, with its source and date.
//!
//! # Design
//!
//! The status is what sources say, not what revarch checked: `official_ga` means run by the vendor with no
//! beta label seen, and only `ga_confirmed` says that the label itself was read. Whatever no source states is
//! absent here rather than guessed.

use super::taxonomy::{Category, Operation, Taxonomy, taxonomy};
use jiff::civil::Date;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Whether a platform has an MCP server, as far as sources tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The vendor runs one, and no source calls it a beta.
    OfficialGa,
    /// The vendor runs one and calls it a beta or preview.
    OfficialBeta,
    /// Only others publish one.
    Community,
    /// Somebody looked at this vendor and found none.
    NoneFound,
    /// Nobody is known to have looked closely.
    Unknown,
}

impl Status {
    /// The status as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OfficialGa => "official_ga",
            Self::OfficialBeta => "official_beta",
            Self::Community => "community",
            Self::NoneFound => "none_found",
            Self::Unknown => "unknown",
        }
    }
}

/// The kind of source a status rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The vendor's own documents, a client vendor's configuration, or a captured `tools/list`.
    VendorDocument,
    /// A directory that somebody keeps.
    Directory,
    /// One third party's probe of endpoints.
    ThirdPartyProbe,
    /// A package registry holds a package of that name.
    PackageIndex,
    /// A search that found nothing.
    SearchWithoutHit,
    /// The official MCP registry, by an entry under the vendor's own domain.
    OfficialRegistry,
    /// The operator's own file.
    Operator,
}

impl Basis {
    /// How firm the ground is: what is weaker never replaces what is firmer unnoticed.
    pub const fn strength(self) -> u8 {
        match self {
            Self::SearchWithoutHit => 0,
            Self::PackageIndex => 1,
            Self::ThirdPartyProbe => 2,
            Self::Directory => 3,
            Self::OfficialRegistry => 4,
            Self::VendorDocument => 5,
            Self::Operator => 6,
        }
    }

    /// The basis in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::VendorDocument => {
                "vendor documents, a client vendor's configuration or a captured tools/list"
            }
            Self::Directory => "a third-party directory",
            Self::ThirdPartyProbe => "one third-party probe of the endpoint",
            Self::PackageIndex => "a package of that name in a registry",
            Self::SearchWithoutHit => "a search without a hit",
            Self::OfficialRegistry => "the official MCP registry, under the vendor's own domain",
            Self::Operator => "the operator's own file",
        }
    }
}

/// What one source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A `tools/list` answer captured from the package with dummy credentials.
    CapturedToolsList,
    /// A configuration file of a client's vendor.
    ClientConfiguration,
    /// A client vendor's list of connectors.
    ClientListing,
    /// A third-party directory.
    Directory,
    /// A package registry.
    PackageIndex,
    /// A file in a public repository.
    PublicFile,
    /// The official MCP registry.
    Registry,
    /// A search that found nothing.
    SearchWithoutHit,
    /// A third party's probe of endpoints.
    ThirdPartyProbe,
    /// A third party's research into the vendor.
    ThirdPartyResearch,
    /// A page on the web.
    WebPage,
    /// The operator's own file.
    Operator,
}

impl SourceKind {
    /// The kind in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CapturedToolsList => "captured tools/list",
            Self::ClientConfiguration => "client vendor's configuration",
            Self::ClientListing => "client vendor's listing",
            Self::Directory => "directory",
            Self::PackageIndex => "package registry",
            Self::PublicFile => "public repository file",
            Self::Registry => "MCP registry",
            Self::SearchWithoutHit => "search without a hit",
            Self::ThirdPartyProbe => "third-party probe",
            Self::ThirdPartyResearch => "third-party research",
            Self::WebPage => "web page",
            Self::Operator => "operator's own file",
        }
    }
}

/// One source of a platform's entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// Where it is: a repository at a commit, a page, a package.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The day it speaks of.
    pub date: Option<Date>,
    /// Whether it says that there is no server.
    #[serde(default)]
    pub negative: bool,
}

/// Who said which operations a server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationsBasis {
    /// The vendor's own package answered `tools/list`.
    CapturedVendorList,
    /// Somebody else's package for this platform answered `tools/list`.
    CapturedCommunityList,
    /// A third party captured the vendor's list.
    ThirdPartyCapture,
    /// The vendor's documents name them.
    VendorDocument,
    /// A third party reports them.
    ThirdPartyReport,
    /// The operator's own file names them.
    Operator,
}

impl OperationsBasis {
    /// The basis in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CapturedVendorList => "the vendor package's captured tools/list",
            Self::CapturedCommunityList => {
                "a community package's captured tools/list, not the vendor's server"
            }
            Self::ThirdPartyCapture => "a tools/list captured by a third party",
            Self::VendorDocument => "the vendor's documents",
            Self::ThirdPartyReport => "third-party reports",
            Self::Operator => "the operator's own file",
        }
    }
}

/// How bytes travel to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// A child process.
    Stdio,
    /// Streamable HTTP.
    StreamableHttp,
    /// The older HTTP transport with server-sent events.
    Sse,
}

impl Transport {
    /// The transport's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::StreamableHttp => "streamable_http",
            Self::Sse => "sse",
        }
    }
}

/// A package that starts a server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The registry that holds it.
    pub registry: String,
    /// Its name there.
    pub name: String,
    /// The version that was looked at.
    pub version: Option<String>,
}

/// A third party's request to an endpoint. A 401 is weak proof: some hosts answer it on every path.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// The status it got.
    pub http_status: u16,
    /// The day.
    pub date: Date,
    /// Whether the server offers dynamic client registration.
    pub dynamic_registration: bool,
}

/// What is published about one platform's MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mcp {
    /// Whether there is one.
    pub status: Status,
    /// The kind of source that says so.
    pub basis: Basis,
    /// Whether a source states general availability in so many words.
    pub ga_confirmed: Option<bool>,
    /// The server's name.
    pub name: Option<String>,
    /// Its address.
    pub endpoint: Option<String>,
    /// Its address with the parts that differ per customer in braces.
    pub endpoint_template: Option<String>,
    /// Its name in the official registry.
    pub registry_name: Option<String>,
    /// How a client proves who it is, in the source's terms.
    pub auth: Option<String>,
    /// The transports it speaks.
    #[serde(default)]
    pub transport: Vec<Transport>,
    /// The package that starts it.
    pub package: Option<Package>,
    /// A third party's request to the endpoint.
    pub probe: Option<Probe>,
    #[serde(default)]
    pub(super) operations: BTreeMap<String, Vec<String>>,
    /// Who said which operations there are.
    pub operations_basis: Option<OperationsBasis>,
    /// Whether the operations are all that the server has.
    #[serde(default)]
    pub operations_complete: bool,
    /// Whether some tools take any call, so that what lies behind them is not in the list.
    #[serde(default)]
    pub opaque: bool,
    /// The newest day a source speaks of.
    pub as_of: Date,
    /// Whether that day is when the source was read, the source itself having no date.
    #[serde(default)]
    pub as_of_is_retrieval: bool,
    /// The sources.
    pub sources: Vec<Source>,
    /// The facts that did not ship with revarch, each with what it replaced and who says so.
    #[serde(skip)]
    pub changes: Vec<FactChange>,
}

/// A fact that came after the catalog shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// The platform's key.
    pub platform: String,
    /// The fact, as the catalog names it.
    pub field: &'static str,
    /// What it was; nothing where there was none.
    pub was: Option<String>,
    /// What it is.
    pub now: String,
    /// Who says so, and when.
    pub source: Source,
}

impl Mcp {
    /// The status with what it rests on and since when, which no status is told without.
    pub fn status_told(&self) -> String {
        let label = match (self.status, self.ga_confirmed) {
            (Status::OfficialGa, Some(true)) => ", general availability stated",
            (Status::OfficialGa, _) => ", run by the vendor with no beta label seen",
            _ => "",
        };
        let day = if self.as_of_is_retrieval { "read on" } else { "as of" };
        format!("{}{label}; by {}, {day} {}", self.status.name(), self.basis.words(), self.as_of)
    }

    /// The operations that sources name.
    pub fn operations(&self) -> BTreeSet<Operation> {
        let pairs = self.operations.iter();
        pairs.flat_map(|(object, verbs)| verbs.iter().map(move |verb| Operation::new(object, verb))).collect()
    }
}

/// Something to know before a fact of the catalog is relied upon.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// What it is about.
    pub kind: CautionKind,
    /// What there is to know.
    pub words: String,
}

/// What a caution is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CautionKind {
    /// It takes a plan, an application or a permission.
    Gated,
    /// It does only a part of what one would expect.
    Narrow,
    /// What is known of serves developers or documentation.
    DevelopersOnly,
    /// What is on record belongs to another product of the vendor's.
    NotTheSame,
    /// The address of an account holds its key.
    KeyInAddress,
    /// Sources do not agree on the address, or a probe of it proves little.
    AddressInDoubt,
    /// The package on record is not the vendor's, or not kept up.
    PackageOfOthers,
    /// The address differs by region.
    Regional,
    /// It leads to other vendors' products.
    Gateway,
    /// Something else goes by the same name.
    NameCollision,
    /// Sources contradict each other on whether there is a server.
    SourcesDisagree,
    /// The list of tools is not the same for everybody.
    Varies,
    /// It runs only under a condition.
    Dependency,
    /// Its credentials grant more than one would give.
    BroadAccess,
    /// Its hints do not tell tools apart.
    HintInDoubt,
    /// There is something a wrapper can be built from.
    WrapMaterial,
}

impl CautionKind {
    /// The kind's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gated => "gated",
            Self::Narrow => "narrow",
            Self::DevelopersOnly => "developers_only",
            Self::NotTheSame => "not_the_same",
            Self::KeyInAddress => "key_in_address",
            Self::AddressInDoubt => "address_in_doubt",
            Self::PackageOfOthers => "package_of_others",
            Self::Regional => "regional",
            Self::Gateway => "gateway",
            Self::NameCollision => "name_collision",
            Self::SourcesDisagree => "sources_disagree",
            Self::Varies => "varies",
            Self::Dependency => "dependency",
            Self::BroadAccess => "broad_access",
            Self::HintInDoubt => "hint_in_doubt",
            Self::WrapMaterial => "wrap_material",
        }
    }
}

static CAUTIONS: LazyLock<BTreeMap<String, Vec<Caution>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("cautions.json"))
        .expect("the embedded cautions parse: a test reads them")
});

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
