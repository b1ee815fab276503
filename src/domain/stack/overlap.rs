//! Which tools do the same job.
//!
//! # Design
//!
//! A category of the catalog often holds several jobs, so two tools in one category need not be one too many. They
//! are taken to do the same job where the caller says so, where they are the same product twice, or in a category
//! that has only one job by revarch's own list. Everywhere else the question is put, and no tool is given up for it.

use super::{rules::rules, tool::StackTool};
use crate::coverage::words::plain;
use std::collections::{BTreeMap, BTreeSet};

/// Why tools are taken to do the same job, or whether they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// The caller gave them the same job.
    Stated,
    /// They are the same product.
    SameProduct,
    /// Their category has one job by revarch's own list.
    OneJobCategory,
    /// They share a category, and nobody has said what each is for.
    Open,
}

impl Sameness {
    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::SameProduct => "same_product",
            Self::OneJobCategory => "one_job_category",
            Self::Open => "open",
        }
    }
}

/// Several tools of one category that do the same job, or may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The category.
    pub category: String,
    /// The tools, by key.
    pub tools: Vec<String>,
    /// Why.
    pub sameness: Sameness,
}

/// The overlaps of a stack, by category; within one those that are certain first.
pub(super) fn overlaps(tools: &[StackTool]) -> Vec<Overlap> {
    let categories: BTreeSet<&str> =
        tools.iter().flat_map(|tool| &tool.categories).map(String::as_str).collect();
    let mut found = Vec::new();
    for category in categories {
        let members: Vec<&StackTool> = tools.iter().filter(|tool| tool.covers(category)).collect();
        let groups = groups(category, &members);
        let placed: BTreeSet<&str> = groups.iter().flat_map(|(_, keys)| keys.iter().copied()).collect();
        let mut overlap = |sameness, keys: Vec<&str>| {
            if keys.len() > 1 {
                let tools = keys.into_iter().map(str::to_owned).collect();
                found.push(Overlap { category: category.to_owned(), tools, sameness });
            }
        };
        for (sameness, keys) in groups {
            overlap(sameness, keys);
        }
        let open = members.iter().filter(|tool| tool.job.is_none() && !placed.contains(tool.key.as_str()));
        // One tool without a stated job may still do that of any other in the category.
        let keys = if open.count() == 0 {
            Vec::new()
        } else {
            members.iter().map(|tool| tool.key.as_str()).collect()
        };
        overlap(Sameness::Open, keys);
    }
    found
}

/// The groups of a category whose tools do the same job.
fn groups<'a>(category: &str, members: &[&'a StackTool]) -> Vec<(Sameness, Vec<&'a str>)> {
    let mut by_job: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut by_product: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut unstated = Vec::new();
    for tool in members {
        match (&tool.job, &tool.product) {
            (Some(job), _) => by_job.entry(plain(job)).or_default().push(&tool.key),
            (None, _) if rules().one_job.categories.contains(category) => unstated.push(tool.key.as_str()),
            (None, Some(product)) => by_product.entry(product).or_default().push(&tool.key),
            (None, None) => {}
        }
    }
    let stated = by_job.into_values().map(|keys| (Sameness::Stated, keys));
    let products = by_product.into_values().map(|keys| (Sameness::SameProduct, keys));
    let one_job = [(Sameness::OneJobCategory, unstated)];
    stated.chain(one_job).chain(products).filter(|(_, keys)| keys.len() > 1).collect()
}
