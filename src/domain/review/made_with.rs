//! What a review was made with: the rulers that its areas were held against.

use super::{
    Area,
    change::{METHOD, catalog_entry},
    snapshot::Basis,
};
use crate::{coverage::audit::StackAudit, fingerprint::sha256_hex, maturity::Assessment, readiness::Lens};
use std::collections::BTreeSet;

/// The version of revarch's own rules, by which findings and measures come about. It changes whenever equal data, lens
/// and catalog could give another finding or number.
const VERSION: &str = "1";

/// What a review was made with, without which a later one cannot tell a change of the company from one of the ruler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeWith {
    /// What the areas were held against. What the review itself knows of need not be given.
    pub basis: Basis,
    /// The tables that were read.
    pub tables: BTreeSet<String>,
}

impl MadeWith {
    /// A review over these tables, held against this lens of data readiness.
    pub fn of(tables: BTreeSet<String>, lens: &Lens) -> Self {
        let text = serde_json::to_string(lens).unwrap_or_default();
        let version = format!("{} {} ({})", lens.id, lens.version, short(&text));
        let mut made_with = Self { tables, ..Self::default() };
        made_with.add(Area::Data, "readiness lens", version);
        made_with
    }

    fn add(&mut self, area: Area, what: impl Into<String>, version: String) {
        self.basis.entry(area.name().to_owned()).or_default().insert(what.into(), version);
    }

    /// The rest of it, which the parts themselves know.
    pub(super) fn complete(&mut self, coverage: Option<&StackAudit>, maturity: Option<&Assessment>) {
        for area in Area::ALL {
            self.add(area, METHOD, VERSION.to_owned());
        }
        for audited in coverage.iter().flat_map(|audit| &audit.platforms).map(|platform| &platform.audited) {
            if let Some(entry) = audited.platform {
                self.add(Area::Coverage, catalog_entry(&audited.name), short(&format!("{entry:?}")));
            }
        }
        if let Some(assessment) = maturity {
            let Assessment { lens, lens_version, attested_cap, .. } = assessment;
            self.add(Area::Maturity, "maturity lens", format!("{lens} {lens_version}"));
            self.add(Area::Maturity, "cap on statements", attested_cap.to_string());
        }
    }
}

/// Letters of a fingerprint that tell two versions apart.
fn short(text: &str) -> String {
    sha256_hex(text.as_bytes()).chars().take(8).collect()
}
