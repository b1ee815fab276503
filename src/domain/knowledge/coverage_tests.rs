//! Every fact of the sources is served or used somewhere.
//!
//! A place is an entry (`knowledge/ID`), a contradiction (`contradictions/ID`), a lens that names the fact
//! (`lenses/NAME`), or a spot in a data file that a tool works with (`FILE#POINTER`).

use super::knowledge;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const FACTS: &str = include_str!("facts.txt");
const COVERAGE: &str = include_str!("coverage.json");

/// The data files that tools work with.
const FILES: [(&str, &str); 10] = [
    ("coverage/taxonomy.json", include_str!("../coverage/taxonomy.json")),
    (
        "maturity/lenses/agentic_architecture.json",
        include_str!("../maturity/lenses/agentic_architecture.json"),
    ),
    ("maturity/lenses/data_governance.json", include_str!("../maturity/lenses/data_governance.json")),
    (
        "maturity/lenses/marketing_governance.json",
        include_str!("../maturity/lenses/marketing_governance.json"),
    ),
    (
        "maturity/lenses/revenue_architecture.json",
        include_str!("../maturity/lenses/revenue_architecture.json"),
    ),
    ("maturity/lenses/rm6.json", include_str!("../maturity/lenses/rm6.json")),
    ("maturity/lenses/roi_engine.json", include_str!("../maturity/lenses/roi_engine.json")),
    ("maturity/lenses/six_dimensions.json", include_str!("../maturity/lenses/six_dimensions.json")),
    ("readiness/lens.json", include_str!("../readiness/lens.json")),
    ("workflow/workflows.json", include_str!("../workflow/workflows.json")),
];

fn coverage() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(COVERAGE).unwrap()
}

fn facts() -> BTreeSet<&'static str> {
    FACTS.lines().collect()
}

/// Whether something stands at a place for a fact.
fn stands(place: &str, fact: &str) -> bool {
    if let Some((file, pointer)) = place.split_once('#') {
        let text = FILES.iter().find(|(name, _)| *name == file).map(|(_, text)| text);
        return text.is_some_and(|text| {
            let value: Value = serde_json::from_str(text).unwrap();
            value.pointer(pointer).is_some_and(|found| !found.is_null())
        });
    }
    match place.split_once('/') {
        Some(("knowledge", id)) => knowledge().entry(id).is_some(),
        Some(("contradictions", id)) => knowledge().contradiction(id).is_some(),
        Some(("lenses", name)) => {
            let lens = knowledge().lenses().iter().find(|lens| lens.id == name);
            lens.is_some_and(|lens| lens.provenance.facts.iter().any(|known| known.id == fact))
        }
        _ => false,
    }
}

#[test]
fn every_fact_has_a_place_that_exists() {
    let coverage = coverage();
    assert_eq!(facts().len(), FACTS.lines().count(), "a fact is listed twice");
    let mut faults = Vec::new();
    for fact in facts() {
        match coverage.get(fact) {
            None => faults.push(format!("`{fact}` has no place")),
            Some(places) if places.is_empty() => faults.push(format!("`{fact}` has no place")),
            Some(places) => {
                let gone = places.iter().filter(|place| !stands(place, fact));
                faults.extend(gone.map(|place| format!("`{fact}`: there is no `{place}`")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_facts_are_covered() {
    let unknown: Vec<_> = coverage().into_keys().filter(|fact| !facts().contains(fact.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_fact_a_lens_publishes_is_among_them() {
    for lens in knowledge().lenses() {
        for fact in &lens.provenance.facts {
            let is_known = knowledge().entry(&fact.id).is_some();
            let is_published = fact.provenance == crate::provenance::Provenance::Published;
            assert!(is_known || !is_published, "{}: {} has no entry", lens.id, fact.id);
        }
    }
}

#[test]
fn a_place_that_is_not_there_is_noticed() {
    for place in [
        "knowledge/none",
        "contradictions/c99",
        "lenses/none",
        "lenses/roi_engine",
        "workflow/workflows.json#/workflows/99",
        "none.json#/a",
        "stack.size",
    ] {
        assert!(!stands(place, "stack.size"), "{place}");
    }
    assert!(stands("workflow/workflows.json#/workflows/4", "ag.workflows"));
}
