//! What to know of a platform before its facts are relied upon.

use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

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

pub(super) static CAUTIONS: LazyLock<BTreeMap<String, Vec<Caution>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("cautions.json"))
        .expect("the embedded cautions parse: a test reads them")
});
