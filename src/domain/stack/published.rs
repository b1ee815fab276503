//! What has been published about stacks: the categories everything rests on, the combinations that are praised,
//! and numbers about size and use.

use crate::budget::Claim;
use serde::Deserialize;
use std::sync::LazyLock;

/// A job in a stack, with the categories of the catalog that do it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The categories that do it. None where the catalog has no category for it.
    pub categories: Vec<String>,
    /// Categories that do some of it, or may be what is meant.
    pub near: Vec<String>,
}

/// A category that everything else is said to rest on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foundation {
    /// A stable key.
    pub id: String,
    /// What it is.
    #[serde(flatten)]
    pub part: Part,
}

/// A combination of tools that a source praises.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// A stable key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The return that the source claims for it, in percent; on what and over which time is not said.
    pub claimed_return_percent: f64,
    /// The contradictions of the source that touch it.
    pub contradictions: Vec<String>,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// What has been published about stacks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The version of the file, which changes whenever a result could.
    pub version: String,
    /// Who published it, and where.
    pub source: String,
    /// The categories that everything rests on.
    pub foundation: Vec<Foundation>,
    /// The combinations.
    pub combinations: Vec<Combination>,
    /// Numbers about size, use and cost.
    pub claims: Vec<Claim>,
}

static PUBLISHED: LazyLock<Published> = LazyLock::new(|| {
    serde_json::from_str(include_str!("published.json"))
        .expect("the embedded claims about stacks parse: a test reads them")
});

/// What has been published about stacks.
pub fn published() -> &'static Published {
    &PUBLISHED
}

impl Published {
    /// The claim with this key.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{budget::contradictions, coverage::taxonomy::taxonomy};

    #[test]
    fn every_category_is_the_catalogs_and_every_contradiction_known() {
        let Published { foundation, combinations, claims, .. } = published();
        assert_eq!((foundation.len(), combinations.len()), (5, 6));
        let parts = combinations.iter().flat_map(|combination| &combination.parts);
        for part in foundation.iter().map(|one| &one.part).chain(parts) {
            for slug in part.categories.iter().chain(&part.near) {
                assert!(taxonomy().category(slug).is_some(), "{slug}");
            }
        }
        let named = combinations
            .iter()
            .map(|one| &one.contradictions)
            .chain(claims.iter().map(|one| &one.contradictions));
        for ids in named {
            assert_eq!(contradictions(ids.iter().map(String::as_str)).len(), ids.len());
        }
        assert!(claims.iter().all(|claim| !claim.source.is_empty() && claim.low <= claim.high));
    }

    #[test]
    fn the_combinations_are_those_of_the_table_that_is_served() {
        use crate::knowledge::{Cell, knowledge};
        let (table, _) = knowledge().table("superstacks").unwrap();
        let ours = published().combinations.iter().map(|one| {
            (Cell::Text(one.name.clone()), one.parts.len(), Cell::Number(one.claimed_return_percent))
        });
        let served = table.rows.iter().map(|row| {
            let [name, Cell::Items(parts), claimed] = row.as_slice() else { panic!("{row:?}") };
            (name.clone(), parts.len(), claimed.clone())
        });
        assert_eq!(ours.collect::<Vec<_>>(), served.collect::<Vec<_>>());
        let (table, _) = knowledge().table("foundation_categories").unwrap();
        assert_eq!(published().foundation.len(), table.rows.len());
    }
}
