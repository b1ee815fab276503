//! revarch's own rules for judging a stack, as data.

use crate::provenance::Provenance;
use serde::Deserialize;
use std::{collections::BTreeSet, sync::LazyLock};

/// A number that decides, with its reason.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The number.
    pub value: f64,
    /// Whose it is.
    pub provenance: Provenance,
    /// Why it is that.
    pub because: String,
}

/// Categories in which two tools are taken to do one job.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneJob {
    /// The categories.
    pub categories: BTreeSet<String>,
    /// Whose the list is.
    pub provenance: Provenance,
    /// Why these.
    pub because: String,
}

/// The rules.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The version of the file, which changes whenever a verdict could.
    pub version: String,
    /// Use below this share of seats, in percent, is low.
    pub low_use_percent: Threshold,
    /// Where two tools are taken to do one job unless somebody says otherwise.
    pub one_job: OneJob,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    serde_json::from_str(include_str!("rules.json")).expect("the embedded rules parse: a test reads them")
});

/// The rules.
pub fn rules() -> &'static Rules {
    &RULES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::taxonomy::taxonomy;

    #[test]
    fn rules_are_ours_and_name_categories_of_the_catalog() {
        let Rules { low_use_percent, one_job, .. } = rules();
        assert_eq!(
            (low_use_percent.provenance, one_job.provenance),
            (Provenance::Authored, Provenance::Authored)
        );
        assert!(one_job.categories.iter().all(|slug| taxonomy().category(slug).is_some()));
    }
}
