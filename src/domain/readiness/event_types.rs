//! What sorts of event there are, and which rows do not say.

use super::{
    Facts, events,
    facts::{EventTypes, Stream},
    lens::Thresholds,
    naming, percent,
};
use crate::{
    finding::{Finding, Severity},
    profile::ColumnProfile,
    proportion::Proportion,
    provenance::Provenance,
    value::{empty_in_sql, quoted_in_sql},
    verdict::Verdict,
};

/// The keys of findings of this file are `events.<kind>.<table>`.
pub(super) const KINDS: [&str; 2] = ["untyped", "types"];

pub(super) fn findings(facts: &Facts, stream: &Stream, thresholds: &Thresholds) -> Vec<Finding> {
    let Some(types) = &stream.types else { return Vec::new() };
    untyped(stream, types, thresholds).into_iter().chain(alike(facts, stream, types)).collect()
}

/// A share too small for the question of fields to fail may still be one that events cannot spare.
fn untyped(stream: &Stream, seen: &EventTypes, thresholds: &Thresholds) -> Option<Finding> {
    let typed = Proportion::new(stream.rows.saturating_sub(seen.untyped), stream.rows);
    let told_as_fill = typed.judge(thresholds.filled.value) == Verdict::NotReady;
    if typed.judge(thresholds.typed.value) != Verdict::NotReady || told_as_fill {
        return None;
    }
    Some(Finding {
        id: format!("events.untyped.{}", stream.table),
        severity: Severity::Major,
        subject: events::subject(stream, Some(&seen.column)),
        what_found: format!(
            "{} of {} events of {} do not say of what type they are ({} do)",
            seen.untyped,
            stream.rows,
            stream.table,
            percent(typed.rate().unwrap_or_default())
        ),
        why_it_blocks: "an agent cannot tell a page view from a request for a price, so it answers neither"
            .into(),
        fix: vec![
            "find the sources that send no type, and name their events".into(),
            "refuse events without a type on loading".into(),
        ],
        affected_rows: Some(seen.untyped),
        scanned_rows: Some(stream.rows),
        evidence_query: Some(format!(
            "SELECT count(*) FROM {} WHERE {}",
            quoted_in_sql(&stream.table),
            empty_in_sql(&seen.column)
        )),
        owner_role: "marketing operations".into(),
        retest: "run check_data_readiness on a new export of events".into(),
        provenance: Provenance::Measured,
    })
}

/// Types that are one type written twice, where the column is no short list whose variants are told anyway.
fn alike(facts: &Facts, stream: &Stream, types: &EventTypes) -> Option<Finding> {
    let profiled = facts
        .tables
        .iter()
        .find(|table| table.profile.name == stream.table)
        .and_then(|table| table.profile.column(&types.column));
    if profiled.is_some_and(ColumnProfile::is_picklist) {
        return None;
    }
    let alike = naming::spellings(&types.seen);
    let affected: u64 = alike.iter().map(|(_, _, rows)| rows).sum();
    if affected == 0 {
        return None;
    }
    let told: Vec<String> = alike
        .iter()
        .take(8)
        .map(|(variant, canonical, rows)| {
            format!("`{}` ({rows} rows) beside `{}`", naming::shown(variant), naming::shown(canonical))
        })
        .collect();
    Some(Finding {
        id: format!("events.types.{}", stream.table),
        severity: Severity::Major,
        subject: events::subject(stream, Some(&types.column)),
        what_found: format!(
            "{affected} events of {} are of a type that is another one written differently: {}",
            stream.table,
            told.join(", ")
        ),
        why_it_blocks: "an agent that waits for one of the two misses the other".into(),
        fix: vec![
            "name each type once, and rename the others".into(),
            "keep a list of types, and refuse what is not on it".into(),
        ],
        affected_rows: Some(affected),
        scanned_rows: Some(stream.rows),
        evidence_query: Some(format!(
            "SELECT {}, count(*) FROM {} GROUP BY 1 ORDER BY 2 DESC",
            quoted_in_sql(&types.column),
            quoted_in_sql(&stream.table)
        )),
        owner_role: "marketing operations".into(),
        retest: "run check_data_readiness on a new export of events".into(),
        provenance: Provenance::Measured,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::Lens;

    fn found(seen: &[(&str, u64)], untyped: u64) -> Vec<Finding> {
        let seen: Vec<(String, u64)> = seen.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        let rows = seen.iter().map(|(_, rows)| rows).sum::<u64>() + untyped;
        let stream = Stream {
            table: "events".into(),
            time_column: "at".into(),
            rows,
            timed: rows,
            future: 0,
            ancient: 0,
            types: Some(EventTypes { column: "type".into(), seen, untyped }),
            newest: None,
            known_person: None,
            lags: None,
            days: Vec::new(),
        };
        findings(&Facts::default(), &stream, &Lens::shipped().unwrap().thresholds)
    }

    #[test]
    fn events_without_a_type_are_found_between_the_two_thresholds() {
        assert!(found(&[("form_filled", 1000)], 0).is_empty());
        assert!(found(&[("form_filled", 960)], 40).is_empty(), "within chance of 95%");
        assert_eq!(found(&[("form_filled", 900)], 100)[0].id, "events.untyped.events");
        assert!(found(&[("form_filled", 500)], 500).is_empty(), "the fill of the column tells it");
    }

    #[test]
    fn one_type_written_twice_is_found() {
        let alike = found(&[("form_filled", 900), ("page_view", 500), ("Form Filled", 100)], 0);
        assert_eq!((alike[0].id.as_str(), alike[0].affected_rows), ("events.types.events", Some(100)));
        assert!(found(&[("form_filled", 900), ("page_view", 500)], 0).is_empty());
    }
}
