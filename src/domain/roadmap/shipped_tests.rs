use super::{
    tests::{KINDS, gap},
    *,
};
use crate::{
    finding::Severity,
    maturity::{Lens, lens::DEFAULT},
    provenance::Provenance,
};
use std::collections::BTreeSet;

#[test]
fn the_shipped_deliverables_keep_the_order_of_kinds() {
    let shipped = Deliverables::shipped();
    assert_eq!(shipped.provenance, Provenance::Authored);
    let mut seen = BTreeSet::new();
    for one in &shipped.deliverables {
        assert!(seen.insert(&one.id), "{} stands twice", one.id);
        for needed in &one.after {
            let needed = shipped.get(needed).unwrap_or_else(|| panic!("{} after {needed}", one.id));
            assert!(needed.kind <= one.kind, "{} waits for the later {}", one.id, needed.id);
        }
        let rests = one
            .after
            .iter()
            .filter_map(|id| shipped.get(id))
            .any(|needed| needed.kind == Kind::Process || needed.kind == Kind::Data);
        assert!(one.kind != Kind::Technology || rests, "{} rests on no process and no data", one.id);
        assert_eq!(one.closes.is_empty(), one.retest.is_none(), "{} closes what a tool can look for", one.id);
        for exit in &one.exits {
            assert!(exit.to.is_some() != exit.threshold.is_some(), "{} has one number to reach", one.id);
        }
    }
}

#[test]
fn every_kind_of_finding_and_every_dimension_has_a_deliverable() {
    let shipped = Deliverables::shipped();
    for id in KINDS {
        assert!(shipped.closing(&gap(id, Severity::Minor)).is_some(), "{id}");
    }
    for dimension in &Lens::shipped(DEFAULT).unwrap().dimensions {
        let raises = |one: &&Deliverable| one.raises.as_ref() == Some(&dimension.id);
        assert!(shipped.deliverables.iter().any(|one| raises(&one)), "{}", dimension.id);
    }
    let closing = |id: &str| shipped.closing(&gap(id, Severity::Minor)).unwrap().id.as_str();
    assert_eq!(closing("events.person.web_events"), "tie_events");
    assert_eq!(closing("events.lag.web_events"), "repair_event_flow");
    assert_eq!(closing("mcp.operation.crm.deal.search"), "connect_platforms");
    assert_eq!(closing("mcp.operations_unknown.crm"), "confirm_operations");
    assert!(shipped.closing(&gap("filler.x", Severity::Minor)).is_none(), "a kind ends at a dot");
}

#[test]
fn the_published_plan_is_read() {
    for number in 1..=4 {
        let phase = published_phase(number).unwrap();
        assert!(
            phase.deliverables.len() == 5 && !phase.ai.is_empty() && phase.months.contains(" to "),
            "{phase:?}"
        );
    }
    assert_eq!(published_phase(5), None);
    assert_eq!(published_claims().count(), 6);
    assert!(published_claims().all(|claim| claim.provenance() == Provenance::Published));
    assert_eq!(contradictions().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["c04", "c05", "c17"]);
}
