use super::{
    tests::{Case, get, situation},
    *,
};
use crate::provenance::Provenance;

fn own(id: &str, kind: Kind, after: &[&str]) -> OwnItem {
    OwnItem {
        id: id.to_owned(),
        title: Some(format!("do {id}")),
        kind: Some(kind),
        effort: Some(PersonDays { low: 2.0, high: Some(4.0) }),
        prerequisites: after.iter().map(|id| (*id).to_owned()).collect(),
        owner_role: None,
    }
}

#[test]
fn own_items_keep_to_their_prerequisites_and_to_the_order_of_kinds() {
    let mut case = Case::of(situation(Some((1, 1)), &["fill.contacts.email"]));
    case.own =
        vec![own("buy_cdp", Kind::Technology, &["fill_fields"]), own("clean", Kind::Data, &["buy_cdp"])];
    let plan = case.plan().unwrap();
    let buy = get(&plan, "buy_cdp");
    assert!(buy.timing.start.earliest >= get(&plan, "fill_fields").timing.end.earliest);
    assert!(buy.prerequisites.contains("data_rules") && buy.prerequisites.contains("agree_goals"));
    assert!(
        plan.notes.iter().any(|note| note.contains("`clean` (data) waits for `buy_cdp`")),
        "{:?}",
        plan.notes
    );
}

#[test]
fn a_circle_is_refused_and_named() {
    let mut case = Case::of(situation(Some((1, 1)), &[]));
    case.own = vec![
        own("a", Kind::Data, &["c"]),
        own("b", Kind::Data, &["a"]),
        own("c", Kind::Data, &["b"]),
        own("d", Kind::Data, &["a"]),
    ];
    let error = case.plan().unwrap_err();
    let said = "the items wait for each other in a circle: a waits for c waits for b waits for a";
    assert_eq!(error.to_string(), said);
    case.own = vec![own("a", Kind::Data, &["a"])];
    assert_eq!(case.plan().unwrap_err(), RoadmapError::Circle(vec!["a".to_owned()]));
}

#[test]
fn items_that_cannot_be_planned_are_refused() {
    let mut case = Case::of(situation(Some((1, 1)), &["fill.contacts.email"]));
    let mut error = |own: Vec<OwnItem>| {
        case.own = own;
        case.plan().unwrap_err()
    };
    let twice = error(vec![own("a", Kind::Data, &[]), own("a", Kind::Data, &[])]);
    assert_eq!(twice, RoadmapError::Twice { id: "a".to_owned() });
    let typo = error(vec![own("a", Kind::Data, &["fill_field"])]);
    let near = Some("fill_fields".to_owned());
    let (id, needed) = ("a".to_owned(), "fill_field".to_owned());
    assert_eq!(typo, RoadmapError::Prerequisite { id, needed, near: near.clone() });
    let bare = error(vec![OwnItem { id: "fil_fields".to_owned(), ..OwnItem::default() }]);
    assert_eq!(bare, RoadmapError::Incomplete { id: "fil_fields".to_owned(), near });
    for effort in [(-1.0, None), (5.0, Some(2.0)), (f64::NAN, None), (1.0, Some(f64::INFINITY))] {
        let effort = Some(PersonDays { low: effort.0, high: effort.1 });
        let refused = error(vec![OwnItem { effort, ..own("a", Kind::Data, &[]) }]);
        assert_eq!(refused, RoadmapError::Effort { id: "a".to_owned() });
    }
    case.own.clear();
    for months in [0, 2, 37] {
        case.months = months;
        assert_eq!(case.plan().unwrap_err(), RoadmapError::Horizon(months));
    }
}

#[test]
fn an_effort_that_nobody_knows_has_no_latest_end() {
    let mut case = Case::of(situation(Some((1, 1)), &[]));
    case.own = vec![OwnItem { effort: None, ..own("a", Kind::Data, &[]) }, own("b", Kind::Data, &["a"])];
    let plan = case.plan().unwrap();
    let (a, b) = (get(&plan, "a"), get(&plan, "b"));
    assert_eq!((a.timing.end.earliest, a.timing.end.latest, a.timing.fit), (1, None, Fit::MayFit));
    assert_eq!((b.timing.start.latest, b.effort_from), (None, Provenance::Attested));
    assert_eq!(a.effort_from, Provenance::Unknown);
}

#[test]
fn what_is_known_better_of_an_item_takes_the_place_of_the_estimate() {
    let mut case = Case::of(situation(Some((1, 1)), &["fill.contacts.email"]));
    let effort = Some(PersonDays { low: 40.0, high: Some(40.0) });
    let owner_role = Some("data engineering".to_owned());
    case.own = vec![OwnItem { id: "fill_fields".to_owned(), effort, owner_role, ..OwnItem::default() }];
    let plan = case.plan().unwrap();
    let fill = get(&plan, "fill_fields");
    assert_eq!((fill.effort.low, fill.effort_from), (40.0, Provenance::Attested));
    assert_eq!((fill.owner_role.as_str(), fill.closes.len()), ("data engineering", 1));
}
