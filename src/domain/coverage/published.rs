//! What has been published about a platform's MCP server, with its source and date.
//!
//! # Design
//!
//! The status is what sources say, not what revarch checked: `official_ga` means run by the vendor with no
//! beta label seen, and only `ga_confirmed` says that the label itself was read. Whatever no source states is
//! absent here rather than guessed.

use super::taxonomy::Operation;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

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
