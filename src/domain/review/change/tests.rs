use super::{Changes, Standing, compare};
use crate::{
    finding::Severity,
    profile::TableProfile,
    provenance::Provenance,
    readiness::{self, Facts, Lens, facts::TableFacts},
    review::{Basis, MaturityState, Past, Place, Snapshot, Taken, tests::only, trend},
    verdict::Verdict,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Three tables, of which some could not be read.
fn with_unread(unread: &[&str]) -> Snapshot {
    let table = |name: &str| TableFacts {
        profile: TableProfile { name: name.to_owned(), ..TableProfile::default() },
        ..TableFacts::default()
    };
    let facts = Facts {
        tables: ["a", "b", "c"]
            .iter()
            .filter(|name| !unread.contains(name))
            .map(|name| table(name))
            .collect(),
        unread: unread.iter().map(|name| ((*name).to_owned(), "line 3".to_owned())).collect(),
        ..Facts::default()
    };
    Snapshot::of(&only(Ok(readiness::check(&facts, &Lens::shipped().unwrap()))))
}

fn that(changes: &Changes, is: fn(&Standing) -> bool) -> Vec<&str> {
    changes.findings_that(is).map(|finding| finding.id.as_str()).collect()
}

#[test]
fn a_finding_is_gone_only_if_it_was_looked_for_again() {
    let changes = compare(&with_unread(&["a", "b"]), &with_unread(&["b", "c"]));
    assert_eq!(that(&changes, |standing| *standing == Standing::Gone), ["unread.a"]);
    assert_eq!(that(&changes, |standing| *standing == Standing::New), ["unread.c"]);
    let blind = compare(&with_unread(&["a"]), &Snapshot::of(&only(Err("gone".into()))));
    assert_eq!(that(&blind, |standing| *standing == Standing::Gone), [""; 0]);
    let lost = blind.findings.iter().find(|finding| finding.id == "unread.a").unwrap();
    assert_eq!(lost.standing.why(), Some("it was not looked for again"));
    assert_eq!(blind.evidence[0], "areas looked at before and not now: data");
    let seeing = compare(&Snapshot::of(&only(Err("gone".into()))), &with_unread(&["a"]));
    assert_eq!(
        that(&seeing, |standing| *standing == Standing::New),
        [""; 0],
        "what nobody looked for is not new"
    );
}

fn place(severity: Severity, rows: Option<(u64, u64)>) -> Place {
    Place {
        area: "data".into(),
        subject: Some("contacts".into()),
        severity: Some(severity),
        affected: rows.map(|(affected, _)| affected),
        scanned: rows.map(|(_, scanned)| scanned),
        provenance: Some(Provenance::Measured),
    }
}

fn basis(of: &[(&str, &str, &str)]) -> Basis {
    let mut basis = Basis::new();
    for (area, what, version) in of {
        basis.entry((*area).to_owned()).or_default().insert((*what).to_owned(), (*version).to_owned());
    }
    basis
}

/// A review of the data and the stack, all of it by the first method and lens.
fn review(findings: &[(&str, Place)]) -> Snapshot {
    Snapshot {
        verdict: Some(Verdict::NotReady),
        areas: ["data", "coverage", "maturity"].map(String::from).into(),
        findings: findings.iter().map(|(key, place)| ((*key).to_owned(), place.clone())).collect(),
        checked: ["f", "g"].map(String::from).into(),
        platforms: ["Marketo".to_owned()].into(),
        basis: basis(&[
            ("data", "method", "1"),
            ("data", "readiness lens", "1"),
            ("coverage", "method", "1"),
            ("coverage", "catalog entry of Marketo", "a"),
            ("maturity", "method", "1"),
        ]),
        ..Snapshot::default()
    }
}

#[track_caller]
fn check(before: Option<Place>, now: Option<Place>, wanted: &str) {
    let with =
        |place: Option<Place>| review(&place.map(|place| ("f", place)).into_iter().collect::<Vec<_>>());
    let changes = compare(&with(before), &with(now));
    assert_eq!(changes.findings[0].standing.name(), wanted, "{:?}", changes.findings[0]);
}

#[test]
fn a_finding_is_judged_by_its_share_and_else_by_its_weight() {
    use Severity::{Blocker, Major};
    let rows = |affected, scanned| Some(place(Major, Some((affected, scanned))));
    check(None, rows(1, 100), "new");
    check(rows(1, 100), None, "gone");
    check(rows(500, 1000), rows(300, 1000), "better");
    check(rows(300, 1000), rows(500, 1000), "worse");
    check(rows(300, 1000), rows(301, 1000), "unchanged");
    check(rows(3, 10), rows(5, 10), "unchanged");
    check(rows(300, 1000), rows(600, 2000), "unchanged");
    check(Some(place(Major, None)), Some(place(Blocker, None)), "worse");
    check(Some(place(Blocker, None)), Some(place(Major, None)), "better");
    check(Some(place(Major, None)), Some(place(Major, None)), "unchanged");
    let attested = Place { provenance: Some(Provenance::Attested), ..place(Major, None) };
    check(Some(attested), Some(place(Major, None)), "not_comparable");
}

#[test]
fn another_lens_is_not_a_change_of_the_company() {
    let rows = |affected| place(Severity::Major, Some((affected, 1000)));
    let before = review(&[("f", rows(500))]);
    let mut now = review(&[("g", rows(100))]);
    now.verdict = Some(Verdict::Ready);
    now.basis.get_mut("data").unwrap().insert("readiness lens".into(), "2".into());
    let changes = compare(&before, &now);
    assert!(
        changes.findings.iter().all(|finding| finding.standing.name() == "not_comparable"),
        "{changes:?}"
    );
    let why = "the readiness lens of the area data is another: 1 before, 2 now";
    assert_eq!(changes.findings[0].standing.why(), Some(why));
    assert_eq!(changes.verdict.unwrap().may_come_from, [why]);
    // The rows counted do not depend on the lens, only what is made of them.
    now.findings = review(&[("f", rows(100))]).findings;
    assert_eq!(compare(&before, &now).findings[0].standing, Standing::Better);
    now.basis.get_mut("data").unwrap().insert("method".into(), "2".into());
    assert_eq!(compare(&before, &now).findings[0].standing.name(), "not_comparable");
}

#[test]
fn a_verdict_that_nothing_else_explains_is_the_companys() {
    let before = review(&[]);
    let now = Snapshot { verdict: Some(Verdict::Ready), ..before.clone() };
    let change = compare(&before, &now).verdict.unwrap();
    assert_eq!(
        (change.before, change.now, change.may_come_from.len()),
        (Verdict::NotReady, Verdict::Ready, 0)
    );
}

#[test]
fn what_the_catalog_now_says_is_told_from_what_a_server_now_shows() {
    let of = |provenance| Place {
        area: "coverage".into(),
        subject: Some("Marketo".into()),
        provenance: Some(provenance),
        ..Place::default()
    };
    let mut now = review(&[("published", of(Provenance::Published)), ("measured", of(Provenance::Measured))]);
    assert_eq!(that(&compare(&review(&[]), &now), |standing| *standing == Standing::New).len(), 2);
    now.basis.get_mut("coverage").unwrap().insert("catalog entry of Marketo".into(), "b".into());
    let changes = compare(&review(&[]), &now);
    assert_eq!(that(&changes, |standing| *standing == Standing::New), ["measured"]);
    now.platforms = ["GA4".to_owned()].into();
    let changes = compare(&review(&[]), &now);
    assert!(changes.evidence.iter().any(|told| told == "platforms looked at now and not before: GA4"));
}

fn taken(value: f64, ends: Option<(f64, f64)>) -> Taken {
    Taken { value, ends, provenance: Provenance::Measured }
}

#[track_caller]
fn check_number(name: &str, before: Taken, now: Taken, wanted: &str) {
    let with = |taken| Snapshot { measures: [(name.to_owned(), taken)].into(), ..review(&[]) };
    let changes = compare(&with(before), &with(now));
    let standing = &changes.measures[0].standing;
    assert_eq!(standing.name(), wanted, "{standing:?}");
}

#[test]
fn a_number_moves_only_as_far_as_its_interval_lets_it() {
    let near = |value: f64, by: f64| taken(value, Some((value - by, value + by)));
    check_number("contact_account_link_share", near(0.5, 0.02), near(0.6, 0.02), "better");
    check_number("contact_account_link_share", near(0.6, 0.02), near(0.5, 0.02), "worse");
    check_number("contact_account_link_share", near(0.5, 0.05), near(0.53, 0.05), "unchanged");
    check_number("duplicate_contact_share", near(0.5, 0.02), near(0.6, 0.02), "worse");
    check_number("event_age_days", taken(3.0, None), taken(2.0, None), "better");
    check_number("event_age_days", taken(3.0, None), taken(3.0, None), "unchanged");
    check_number("made_up", taken(3.0, None), taken(2.0, None), "not_comparable");
    let attested = Taken { provenance: Provenance::Attested, ..taken(2.0, None) };
    check_number("event_age_days", attested, taken(3.0, None), "not_comparable");
}

#[test]
fn bounds_that_narrow_are_evidence_and_not_a_change() {
    let bounds = |low: f64, high: f64| taken(low, Some((low, high)));
    check_number("core_operation_share", bounds(0.2, 0.8), bounds(0.4, 0.6), "not_comparable");
    check_number("core_operation_share", bounds(0.4, 0.6), bounds(0.2, 0.8), "not_comparable");
    check_number("core_operation_share", bounds(0.2, 0.3), bounds(0.5, 0.6), "better");
    check_number("core_operation_share", bounds(0.5, 0.6), bounds(0.2, 0.3), "worse");
    check_number("core_operation_share", bounds(0.5, 0.6), bounds(0.5, 0.6), "unchanged");
}

#[test]
fn more_answers_about_the_organisation_are_not_progress() {
    let with = |low, high, attested| Snapshot {
        maturity: Some(MaturityState {
            dimensions: [("analytics".to_owned(), (low, high))].into(),
            measured: 0,
            attested,
        }),
        ..review(&[])
    };
    let standing = |changes: &Changes| changes.dimensions[0].standing.name();
    let changes = compare(&with(1.0, 5.0, 0), &with(2.0, 3.0, 4));
    assert_eq!(standing(&changes), "not_comparable");
    assert!(changes.evidence[0].contains("only answered: 0 before, 4 now"), "{:?}", changes.evidence);
    assert_eq!(standing(&compare(&with(1.0, 2.0, 4), &with(3.0, 4.0, 4))), "better");
    let mut lens = with(3.0, 4.0, 4);
    lens.basis.get_mut("maturity").unwrap().insert("method".into(), "2".into());
    assert_eq!(standing(&compare(&with(1.0, 2.0, 4), &lens)), "not_comparable");
}

#[test]
fn what_the_first_reviews_kept_is_still_read() {
    let first = serde_json::json!({
        "verdict": "not_ready", "areas": ["data"], "checked": ["f"], "platforms": [],
        "findings": {"f": {"area": "data", "subject": "contacts"}},
        "measures": {"event_age_days": 3.5},
    });
    let first: Snapshot = serde_json::from_value(first).unwrap();
    assert_eq!(first.measures["event_age_days"], taken(3.5, None));
    let changes = compare(&first, &review(&[("f", place(Severity::Major, None))]));
    assert_eq!(changes.findings[0].standing.name(), "not_comparable");
    assert!(changes.findings[0].standing.why().unwrap().contains("method"), "{changes:?}");
    let whole = serde_json::to_value(with_unread(&["a"])).unwrap();
    assert_eq!(serde_json::from_value::<Snapshot>(whole).unwrap(), with_unread(&["a"]));
}

#[test]
fn a_trend_says_where_its_points_cannot_be_compared() {
    let past = |day: u32, value: f64, lens: &str| {
        let mut snapshot = review(&[]);
        snapshot.measures = BTreeMap::from([("event_age_days".to_owned(), taken(value, None))]);
        snapshot.basis.get_mut("data").unwrap().insert("readiness lens".into(), lens.into());
        let made_at = format!("2026-01-0{day}T00:00:00Z").parse().unwrap();
        Past { review: format!("r{day}"), made_at, snapshot }
    };
    let trend = trend(vec![past(3, 1.0, "2"), past(1, 3.0, "1"), past(2, 2.0, "1")]);
    let points = &trend.measures["event_age_days"];
    let told: Vec<_> = points
        .iter()
        .map(|point| (point.review.as_str(), point.since_last.as_ref().map(Standing::name)))
        .collect();
    assert_eq!(told, [("r1", None), ("r2", Some("better")), ("r3", Some("not_comparable"))]);
    assert_eq!(trend.verdicts.len(), 3);
}

fn any_review() -> impl Strategy<Value = Snapshot> {
    let rows = proptest::option::of((0_u64..500, 500_u64..1000));
    let found = proptest::collection::btree_map("[fg]", (any::<bool>(), rows), 0..3);
    let ends = (0.0_f64..1.0, 0.0_f64..0.2);
    (found, ends, "[12]", any::<bool>()).prop_map(|(found, (value, by), lens, ran)| {
        let mut snapshot = review(&[]);
        snapshot.findings = found
            .into_iter()
            .map(|(key, (grave, rows))| {
                (key, place(if grave { Severity::Blocker } else { Severity::Minor }, rows))
            })
            .collect();
        snapshot.measures = [
            ("contact_account_link_share".to_owned(), taken(value, Some((value - by, value + by)))),
            ("core_operation_share".to_owned(), taken(value, Some((value - by, value + by)))),
        ]
        .into();
        snapshot.basis.get_mut("data").unwrap().insert("readiness lens".into(), lens);
        if !ran {
            snapshot.areas.remove("data");
            snapshot.checked.clear();
        }
        snapshot
    })
}

fn turned(standing: &Standing) -> &'static str {
    match standing {
        Standing::New => "gone",
        Standing::Gone => "new",
        Standing::Better => "worse",
        Standing::Worse => "better",
        other => other.name(),
    }
}

proptest! {
    #[test]
    fn nothing_changes_between_a_review_and_itself(review in any_review()) {
        let changes = compare(&review, &review);
        prop_assert!(changes.is_quiet() && changes.evidence.is_empty() && changes.basis.is_empty(), "{changes:?}");
    }

    /// Read backwards, what came goes and what got better gets worse.
    #[test]
    fn a_comparison_turned_round_says_the_opposite(one in any_review(), other in any_review()) {
        let (there, back) = (compare(&one, &other), compare(&other, &one));
        for (there, back) in there.findings.iter().zip(&back.findings) {
            prop_assert_eq!(there.standing.name(), turned(&back.standing), "{:?} {:?}", there, back);
        }
        for (there, back) in there.measures.iter().zip(&back.measures) {
            prop_assert_eq!(there.standing.name(), turned(&back.standing), "{:?} {:?}", there, back);
        }
    }
}
