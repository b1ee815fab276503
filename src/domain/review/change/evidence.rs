//! What was looked at in only one of two reviews.

use crate::review::snapshot::Snapshot;
use std::collections::BTreeSet;

/// Names that are told of many.
const TOLD: usize = 5;

pub(super) fn told(before: &Snapshot, now: &Snapshot) -> Vec<String> {
    let mut told = Vec::new();
    for (what, was, is) in [
        ("areas", &before.areas, &now.areas),
        ("tables", &before.tables, &now.tables),
        ("platforms", &before.platforms, &now.platforms),
    ] {
        let (lost, gained) = (names(was, is), names(is, was));
        told.extend(lost.map(|names| format!("{what} looked at before and not now: {names}")));
        told.extend(gained.map(|names| format!("{what} looked at now and not before: {names}")));
    }
    let checks = |one: &Snapshot, other: &Snapshot| one.checked.difference(&other.checked).count();
    let (lost, gained) = (checks(before, now), checks(now, before));
    for (count, when) in [(lost, "before and not now"), (gained, "now and not before")] {
        if count > 0 {
            told.push(format!("{count} checks of the data were made {when}"));
        }
    }
    if let Some((was, is)) = before.maturity.as_ref().zip(now.maturity.as_ref())
        && (was.measured, was.attested) != (is.measured, is.attested)
    {
        told.push(format!(
            "questions of maturity that were measured: {} before, {} now; only answered: {} before, {} now",
            was.measured, is.measured, was.attested, is.attested
        ));
    }
    told
}

/// The names that only the first has.
fn names(one: &BTreeSet<String>, other: &BTreeSet<String>) -> Option<String> {
    let only: Vec<&str> = one.difference(other).map(String::as_str).collect();
    let more = only.len().saturating_sub(TOLD);
    let shown = only.iter().take(TOLD).copied().collect::<Vec<_>>().join(", ");
    match (only.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(shown),
        (false, more) => Some(format!("{shown} and {more} more")),
    }
}
