//! What holds of every plan.

use super::{
    tests::{Case, KINDS, gap, situation},
    *,
};
use crate::{finding::Severity, provenance::Provenance, workflow};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const ROLES: [&str; 4] =
    ["revenue operations", "marketing operations", "CRM administrator", "data engineering"];

fn severities() -> impl Strategy<Value = Severity> {
    prop_oneof![Just(Severity::Blocker), Just(Severity::Major), Just(Severity::Minor)]
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Strategy), Just(Kind::Process), Just(Kind::Data), Just(Kind::Technology)]
}

fn efforts() -> impl Strategy<Value = Option<PersonDays>> {
    let known = (0.0..30.0_f64, 0.0..30.0_f64);
    proptest::option::weighted(0.9, known.prop_map(|(low, more)| PersonDays { low, high: Some(low + more) }))
}

/// Items of which each waits for some of those before it.
fn own_items() -> impl Strategy<Value = Vec<OwnItem>> {
    let one =
        (kinds(), efforts(), 0..ROLES.len(), proptest::collection::vec(any::<prop::sample::Index>(), 0..3));
    proptest::collection::vec(one, 0..8).prop_map(|items| {
        let own = items.into_iter().enumerate().map(|(at, (kind, effort, role, after))| {
            let after = after.into_iter().filter(|_| at > 0);
            let prerequisites: BTreeSet<String> =
                after.map(|index| format!("own_{}", index.index(at))).collect();
            OwnItem {
                id: format!("own_{at}"),
                title: Some("own work".to_owned()),
                kind: Some(kind),
                effort,
                prerequisites: prerequisites.into_iter().collect(),
                owner_role: Some(ROLES[role].to_owned()),
            }
        });
        own.collect()
    })
}

fn rates() -> impl Strategy<Value = Vec<(f64, u32)>> {
    proptest::collection::vec((1.0..60.0_f64, 1..4_u32), ROLES.len())
}

fn capacity(rates: &[(f64, u32)]) -> Capacity {
    let given = ROLES.iter().zip(rates).map(|(role, (days_per_month, parallel_items))| {
        let rate = Rate {
            days_per_month: *days_per_month,
            parallel_items: *parallel_items,
            provenance: Provenance::Attested,
        };
        (Some((*role).to_owned()), rate)
    });
    Capacity::of(given).unwrap()
}

fn cases() -> impl Strategy<Value = Case> {
    let gaps = proptest::collection::vec((0..KINDS.len(), severities()), 0..25);
    let entered = proptest::option::of((1..=4_u8, 0..=3_u8));
    (gaps, entered, own_items(), rates(), any::<bool>(), 3..=24_u32).prop_map(
        |(gaps, entered, own, rates, has_ai, months)| {
            let entered = entered.map(|(lowest, more)| (lowest, (lowest + more).min(4)));
            let mut situation = situation(entered, &[]);
            let gaps: BTreeMap<usize, Severity> = gaps.into_iter().collect();
            situation.gaps = gaps.into_iter().map(|(at, severity)| gap(KINDS[at], severity)).collect();
            let workflows = has_ai.then(|| workflow::plan(workflow::shipped(), None, None));
            Case { workflows, own, capacity: capacity(&rates), months, ..Case::of(situation) }
        },
    )
}

/// The start and the end of each item, with efforts at their low or at their high end.
fn dates(plan: &Roadmap, late: bool) -> BTreeMap<&str, (u32, u32)> {
    let at = |span: Span| if late { span.latest.unwrap_or(u32::MAX) } else { span.earliest };
    plan.items.iter().map(|item| (item.id.as_str(), (at(item.timing.start), at(item.timing.end)))).collect()
}

proptest! {
    #[test]
    fn an_item_begins_after_its_prerequisites(case in cases()) {
        let plan = case.plan().unwrap();
        for late in [false, true] {
            let dates = dates(&plan, late);
            for item in &plan.items {
                for needed in &item.prerequisites {
                    prop_assert!(dates[item.id.as_str()].0 >= dates[needed.as_str()].1, "{} before {needed}", item.id);
                }
            }
        }
    }

    #[test]
    fn no_role_works_on_more_than_it_can(case in cases()) {
        let plan = case.plan().unwrap();
        for late in [false, true] {
            let dates = dates(&plan, late);
            for item in &plan.items {
                let (start, end) = dates[item.id.as_str()];
                if start == end {
                    continue;
                }
                let beside = plan.items.iter().filter(|other| {
                    let (from, to) = dates[other.id.as_str()];
                    other.owner_key() == item.owner_key() && from <= start && start < to
                });
                let most = case.capacity.rate(&item.owner_role).parallel_items as usize;
                prop_assert!(beside.count() <= most, "{} begins where no place is free", item.id);
            }
        }
    }

    #[test]
    fn every_finding_is_seen_to_or_listed(case in cases()) {
        let plan = case.plan().unwrap();
        for gap in &case.situation.gaps {
            let closed = plan.items.iter().filter(|item| item.closes.contains(gap)).count();
            let listed = plan.not_planned.iter().any(|one| one.what == gap.id);
            let in_time = plan.items.iter().any(|item| item.closes.contains(gap) && item.timing.fit != Fit::DoesNotFit);
            prop_assert!(closed <= 1 && in_time != listed, "{}", gap.id);
        }
    }

    #[test]
    fn the_same_input_gives_the_same_plan_in_any_order(case in cases()) {
        let plan = case.plan().unwrap();
        prop_assert_eq!(&plan, &case.plan().unwrap());
        let mut turned = case;
        turned.situation.gaps.reverse();
        turned.own.reverse();
        let turned = turned.plan().unwrap();
        prop_assert_eq!(plan.items, turned.items);
    }

    #[test]
    fn earliest_is_never_after_latest(case in cases()) {
        for item in &case.plan().unwrap().items {
            let Timing { start, end, .. } = item.timing;
            prop_assert!(start.latest.is_none_or(|latest| start.earliest <= latest), "{item:?}");
            prop_assert!(end.latest.is_none_or(|latest| end.earliest <= latest), "{item:?}");
        }
    }

    /// Days of people that are added at the same number of places, and places that are added at the same days each.
    #[test]
    fn more_capacity_never_ends_anything_later(case in cases(), base in rates(), more in 1.0..4.0_f64, places in 0..3_u32) {
        let mut case = case;
        case.capacity = capacity(&base);
        let before = case.plan().unwrap();
        let richer: Vec<(f64, u32)> = base.iter().map(|(days, items)| {
            let each = days / f64::from(*items) * more;
            // A rounding error in the days of a place must not pass for less capacity.
            (each * f64::from(items + places) * (1.0 + 1e-9), items + places)
        }).collect();
        case.capacity = capacity(&richer);
        let after = case.plan().unwrap();
        for late in [false, true] {
            let (before, after) = (dates(&before, late), dates(&after, late));
            for (id, (_, end)) in &before {
                prop_assert!(after[id].1 <= *end, "{id} ends on {} and not on {end}", after[id].1);
            }
        }
    }

    #[test]
    fn phases_begin_with_the_phase_of_entry(case in cases()) {
        let plan = case.plan().unwrap();
        let entered = case.situation.entry.as_ref().map(|entry| entry.lowest);
        prop_assert_eq!(plan.periods[0].phase, entered);
        for item in plan.items.iter().filter(|item| item.is_ai && item.id.starts_with("agent.")) {
            prop_assert!(item.prerequisites.contains("bound_agents"), "{}", item.id);
        }
        if entered.is_none() {
            prop_assert_eq!(plan.items[0].id.as_str(), "settle_stage");
        }
    }
}
