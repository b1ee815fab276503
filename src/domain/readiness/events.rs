//! Question three: are behavioural events recorded, tied to people and fresh?

use super::{
    Check, FIRST_EVENT, Facts, Part, event_types,
    facts::{Link, Stream},
    lens::Thresholds,
    partial, percent,
};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    measure::{Measure, MeasureId},
    proportion::Proportion,
    provenance::Provenance,
    value::{empty_in_sql, quoted_in_sql, shown, text_in_sql},
    verdict::Verdict,
};

const DAY: i64 = 86_400_000_000;
/// An empty day counts as a gap when its weekday usually brings so many events.
const USUAL_EVENTS: f64 = 5.0;
/// A weekday's usual number needs so many weeks to be known.
const WEEKS: usize = 3;

pub(super) fn check(facts: &Facts, thresholds: &Thresholds) -> Part {
    let mut part = Part::default();
    let streams: Vec<&Stream> = facts.streams.iter().filter(|stream| is_behaviour(facts, stream)).collect();
    for stream in &streams {
        known_person(facts, stream, thresholds, &mut part);
        lag(stream, thresholds, &mut part);
        age(facts, stream, thresholds, &mut part);
        // A day that looks empty may be among the rows that were not read.
        if partial::is_whole(facts, &stream.table) {
            gaps(stream, &mut part);
        }
        part.findings.extend(event_types::findings(facts, stream, thresholds));
    }
    for stream in &facts.streams {
        clock(facts, stream, &mut part);
    }
    // The stream with the most rows speaks for the data layer where one number has to.
    if let Some(main) = streams.iter().max_by_key(|stream| stream.rows) {
        if let Some(known) = main.known_person {
            part.measures.extend(Measure::of(MeasureId::EventKnownPersonShare, known));
        }
        // A lag below zero is a clock error, not a quick pipeline.
        let hours =
            main.lags.as_ref().and_then(|lags| lags.quantile_hours(0.95)).filter(|hours| *hours >= 0.0);
        part.measures.extend(hours.map(|value| Measure::exact(MeasureId::EventLagP95Hours, value)));
        let days = age_days(facts, main);
        part.measures.extend(days.map(|value| Measure::exact(MeasureId::EventAgeDays, value)));
    }
    part.next_evidence = if streams.is_empty() {
        Some("give a table of web, e-mail or product events with the person, the kind and the time".into())
    } else if streams.iter().any(|stream| stream.lags.is_none()) {
        Some("add the time each event arrived (loaded_at) beside the time it happened".into())
    } else if streams.iter().any(|stream| stream.known_person.is_none()) {
        Some("add the key of the contact or lead to each event".into())
    } else if streams.iter().any(|stream| stream.types.is_none()) {
        Some("add what sort of event each was: a page view, a form, an e-mail opened".into())
    } else {
        None
    };
    part
}

/// What people did; what salespeople did is logged by hand and has no flow to judge.
pub(super) fn is_behaviour(facts: &Facts, stream: &Stream) -> bool {
    facts
        .tables
        .iter()
        .any(|table| table.profile.name == stream.table && table.entity() == Some(Entity::Event))
}

pub(super) fn subject(stream: &Stream, column: Option<&str>) -> Subject {
    Subject {
        entity: Some(Entity::Event),
        table: Some(stream.table.clone()),
        column: column.map(str::to_owned),
    }
}

/// Whether every person there is was read: an event may be of one who was not.
fn knows_every_person(facts: &Facts) -> bool {
    facts
        .tables
        .iter()
        .filter(|table| matches!(table.entity(), Some(Entity::Contact | Entity::Lead)))
        .all(partial::is_read_whole)
}

/// An open check about one table of events.
fn open(kind: &str, stream: &Stream, what: String, threshold: &super::Threshold) -> Check {
    Check::open(format!("events.{kind}.{}", stream.table), Entity::Event, what, threshold)
        .counted_in([stream.table.as_str()])
}

fn known_person(facts: &Facts, stream: &Stream, thresholds: &Thresholds, part: &mut Part) {
    let what = format!("rows of {} that join to a known person", stream.table);
    let mut check = open("person", stream, what, &thresholds.known_person);
    if let Some(known) = stream.known_person {
        check = check.by_share(known, Provenance::Measured);
    }
    if check.verdict == Verdict::NotReady && !knows_every_person(facts) {
        check.verdict = Verdict::Inconclusive;
        check.add_note("only a part of the persons was read, and an event may be of one who was not");
    }
    let failed = check.verdict == Verdict::NotReady;
    part.checks.push(check);
    let Some(known) = stream.known_person.filter(|_| failed) else { return };
    part.findings.push(Finding {
        id: format!("events.person.{}", stream.table),
        severity: Severity::Major,
        subject: subject(stream, None),
        what_found: format!(
            "{} of {} events of {} join to no known person ({} do)",
            known.trials - known.hits,
            known.trials,
            stream.table,
            percent(known.rate().unwrap_or_default())
        ),
        why_it_blocks: "an agent cannot act on a signal whose sender it does not know".into(),
        fix: vec![
            if known.hits == 0 {
                format!(
                    "export people and {} in full and compare how their keys are written: not one joins",
                    stream.table
                )
            } else {
                "write the contact's key into events from the first known visit on".into()
            },
            "join earlier visits of the same device once the person is known".into(),
        ],
        affected_rows: Some(known.trials - known.hits),
        scanned_rows: Some(known.trials),
        evidence_query: unknown_person(facts, stream),
        owner_role: "marketing operations".into(),
        retest: "run check_data_readiness on a new export of events and contacts".into(),
        provenance: Provenance::Measured,
    });
}

/// The events by what became of their key.
fn unknown_person(facts: &Facts, stream: &Stream) -> Option<String> {
    let to_person =
        |link: &&Link| link.table == stream.table && matches!(link.to, Entity::Contact | Entity::Lead);
    let Link { table, column, target, target_key, .. } = facts.links.iter().find(to_person)?;
    let (key, own) = (text_in_sql(column), text_in_sql(target_key));
    Some(format!(
        "SELECT CASE WHEN {} THEN 'no key' WHEN trim({key}) IN (SELECT trim({own}) FROM {}) THEN 'known' ELSE 'joins nobody' END AS person, count(*) FROM {} GROUP BY 1",
        empty_in_sql(column),
        quoted_in_sql(target),
        quoted_in_sql(table)
    ))
}

fn lag(stream: &Stream, thresholds: &Thresholds, part: &mut Part) {
    let lags = stream.lags.as_ref();
    // A lag below zero is a clock error, not a quick pipeline, and says nothing of the pipeline.
    let p95 = lags.and_then(|lags| lags.quantile_hours(0.95)).filter(|hours| *hours >= 0.0);
    let limit = &thresholds.lag_p95_hours;
    let what = format!("hours until 95% of the rows of {} have arrived", stream.table);
    let mut check = open("lag", stream, what, limit).by_bound(p95);
    if let Some(lags) = lags.filter(|_| p95.is_some()) {
        // A percentile of a few rows is a guess; whether enough of them were in time has an interval.
        let late = lags.later_than_hours(limit.value);
        check.verdict = Proportion::new(lags.rows().saturating_sub(late), lags.rows()).judge(0.95);
    }
    if let Some(median) = lags.and_then(|lags| lags.quantile_hours(0.5)).filter(|_| p95.is_some()) {
        check.add_note(&format!("half have arrived after {median:.1} hours"));
    }
    part.checks.push(check);
    let (Some(lags), Some(p95)) = (lags, p95) else { return };
    let hours = limit.value;
    let late = lags.later_than_hours(hours);
    if late == 0 {
        return;
    }
    part.findings.push(Finding {
        id: format!("events.lag.{}", stream.table),
        severity: if p95 > limit.value { Severity::Major } else { Severity::Minor },
        subject: subject(stream, Some(&lags.column)),
        what_found: format!(
            "{late} of {} events of {} arrived {hours} hours or more after they happened (median {:.1} h, 95% within {p95:.1} h)",
            lags.rows(),
            stream.table,
            lags.quantile_hours(0.5).unwrap_or_default(),
        ),
        why_it_blocks: "an agent that answers a signal a day late answers a buyer who has moved on".into(),
        fix: vec!["stream the events, or load them more often".into(), "find the source of the late ones: retries, offline devices, batch imports".into()],
        affected_rows: Some(late),
        scanned_rows: Some(lags.rows()),
        evidence_query: Some(format!(
            "SELECT count(*) FROM {} WHERE TRY_CAST({} AS TIMESTAMP) >= TRY_CAST({} AS TIMESTAMP) + INTERVAL '{:.0} minutes'",
            quoted_in_sql(&stream.table),
            quoted_in_sql(&lags.column),
            quoted_in_sql(&stream.time_column),
            hours * 60.0
        )),
        owner_role: "data engineering".into(),
        retest: "run check_data_readiness on a new export of events".into(),
        provenance: Provenance::Measured,
    });
}

pub(super) fn age_days(facts: &Facts, stream: &Stream) -> Option<f64> {
    stream.newest.map(|newest| (facts.now - newest).max(0) as f64 / DAY as f64)
}

fn age(facts: &Facts, stream: &Stream, thresholds: &Thresholds, part: &mut Part) {
    let days = age_days(facts, stream);
    let what = format!("days since the newest row of {}", stream.table);
    let mut check = open("age", stream, what, &thresholds.age_days).by_bound(days);
    // The newest event may be among the rows that were not read.
    if check.verdict == Verdict::NotReady && !partial::is_whole(facts, &stream.table) {
        check.verdict = Verdict::Inconclusive;
    }
    if let (Verdict::NotReady, Some(days)) = (check.verdict, days) {
        part.findings.push(Finding {
            id: check.id.clone(),
            severity: Severity::Major,
            subject: subject(stream, Some(&stream.time_column)),
            what_found: format!(
                "the newest event of {} is {days:.0} days old at the time of the check",
                stream.table
            ),
            why_it_blocks: "an agent that watches for signals sees none".into(),
            fix: vec![
                "if this is an old export, make a new one".into(),
                "otherwise find out why events stopped".into(),
            ],
            affected_rows: None,
            scanned_rows: Some(stream.rows),
            evidence_query: Some(format!(
                "SELECT max({}) FROM {}",
                quoted_in_sql(&stream.time_column),
                quoted_in_sql(&stream.table)
            )),
            owner_role: "data engineering".into(),
            retest: "run check_data_readiness on a new export of events".into(),
            provenance: Provenance::Measured,
        });
    }
    part.checks.push(check);
}

/// Runs of days without an event although their weekdays usually bring some.
fn gaps(stream: &Stream, part: &mut Part) {
    let runs = empty_runs(&stream.days);
    let days: i64 = runs.iter().map(|(_, length)| length).sum();
    if days == 0 {
        return;
    }
    let told: Vec<String> = runs
        .iter()
        .take(5)
        .map(|(first, length)| {
            format!("{} ({length} {})", day_name(*first), if *length == 1 { "day" } else { "days" })
        })
        .collect();
    part.findings.push(Finding {
        id: format!("events.gap.{}", stream.table),
        severity: Severity::Major,
        subject: subject(stream, Some(&stream.time_column)),
        what_found: format!(
            "{days} days of {} have no event although their weekday usually has: from {}",
            stream.table,
            told.join(", ")
        ),
        why_it_blocks: "an agent takes the silence for lost interest".into(),
        fix: vec![
            "find out whether events were lost or only not loaded, and load them".into(),
            "alarm on a day without events".into(),
        ],
        affected_rows: None,
        scanned_rows: Some(stream.rows),
        evidence_query: Some(format!(
            "SELECT CAST(TRY_CAST({0} AS TIMESTAMP) AS DATE) AS day, count(*) FROM {1} GROUP BY 1 ORDER BY 1",
            quoted_in_sql(&stream.time_column),
            quoted_in_sql(&stream.table)
        )),
        owner_role: "data engineering".into(),
        retest: "run check_data_readiness on a new export of events".into(),
        provenance: Provenance::Measured,
    });
}

/// The days without the first few rows: a single event dated decades ago would make every weekday look idle.
fn without_strays(days: &[(i64, u64)]) -> &[(i64, u64)] {
    const STRAYS: f64 = 0.001;
    let rows: u64 = days.iter().map(|(_, rows)| rows).sum();
    let mut seen = 0;
    let start = days.iter().position(|(_, rows_of_day)| {
        seen += rows_of_day;
        seen as f64 > STRAYS * rows as f64
    });
    days.get(start.unwrap_or(0)..).unwrap_or_default()
}

/// `(first day, length)` of each run of unusual silence.
fn empty_runs(days: &[(i64, u64)]) -> Vec<(i64, i64)> {
    let days = without_strays(days);
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return Vec::new() };
    let count = |day: i64| days.binary_search_by_key(&day, |(day, _)| *day).map_or(0, |at| days[at].1);
    let usual = |weekday: i64| {
        let mut counts: Vec<u64> =
            (*first..=*last).filter(|day| day.rem_euclid(7) == weekday).map(count).collect();
        counts.sort_unstable();
        // The median is not moved by the gap itself.
        (counts.len() >= WEEKS).then(|| counts[counts.len() / 2] as f64)
    };
    let usual: Vec<Option<f64>> = (0..7).map(usual).collect();
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for day in *first..=*last {
        let expected = usual.get(usize::try_from(day.rem_euclid(7)).unwrap_or_default()).copied().flatten();
        if count(day) > 0 || expected.is_none_or(|expected| expected < USUAL_EVENTS) {
            continue;
        }
        match runs.last_mut() {
            Some((start, length)) if *start + *length == day => *length += 1,
            _ => runs.push((day, 1)),
        }
    }
    runs
}

fn day_name(day: i64) -> String {
    jiff::Timestamp::from_second(day * 86_400)
        .map_or_else(|_| day.to_string(), |time| time.to_string()[..10].to_owned())
}

/// Times that cannot be.
fn clock(facts: &Facts, stream: &Stream, part: &mut Part) {
    let unreadable = stream.rows.saturating_sub(stream.timed);
    let (table, time) = (quoted_in_sql(&stream.table), quoted_in_sql(&stream.time_column));
    let now =
        jiff::Timestamp::from_microsecond(facts.now).map_or_else(|_| String::new(), |now| now.to_string());
    let early = stream.lags.as_ref().map_or(0, |lags| {
        lags.minutes.iter().filter(|(minutes, _)| *minutes < 0).map(|(_, rows)| rows).sum()
    });
    let as_time = format!("TRY_CAST({time} AS TIMESTAMP)");
    let loaded =
        stream.lags.as_ref().map(|lags| format!("TRY_CAST({} AS TIMESTAMP)", quoted_in_sql(&lags.column)));
    for (key, rows, what, condition) in [
        (
            "future",
            stream.future,
            "are dated after the time of the check",
            format!("{as_time} > TIMESTAMP '{now}'"),
        ),
        ("untimed", unreadable, "have no readable time", format!("{as_time} IS NULL")),
        (
            "ancient",
            stream.ancient,
            "are dated before anything could have been recorded",
            format!("{as_time} < TIMESTAMP '{}'", shown(FIRST_EVENT, false)),
        ),
        (
            "early",
            early,
            "arrived before they happened",
            format!("{} < {as_time}", loaded.as_deref().unwrap_or("NULL")),
        ),
    ] {
        if rows == 0 {
            continue;
        }
        part.findings.push(Finding {
            id: format!("events.{key}.{}", stream.table),
            severity: Severity::Major,
            subject: subject(stream, Some(&stream.time_column)),
            what_found: format!("{rows} of {} rows of {} {what}", stream.rows, stream.table),
            why_it_blocks: "an agent that asks for the latest event gets one of these, or misses it".into(),
            fix: vec![
                "correct the clock or the format at the source".into(),
                "refuse such rows on loading".into(),
            ],
            affected_rows: Some(rows),
            scanned_rows: Some(stream.rows),
            evidence_query: Some(format!("SELECT count(*) FROM {table} WHERE {condition}")),
            owner_role: "data engineering".into(),
            retest: "run check_data_readiness on a new export of events".into(),
            provenance: Provenance::Measured,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_a_gap_only_where_the_weekday_is_busy() {
        // Six weeks of ten events on working days, none at weekends, and one week of silence.
        let days: Vec<(i64, u64)> =
            (0..42).filter(|day| day % 7 < 5 && !(21..28).contains(day)).map(|day| (day, 10)).collect();
        assert_eq!(empty_runs(&days), [(21, 5)]);
        let strayed: Vec<(i64, u64)> =
            std::iter::once((-20_000, 1)).chain(days.iter().map(|(day, rows)| (*day, rows * 100))).collect();
        assert_eq!(empty_runs(&strayed), [(21, 5)], "one bad date hides no gap");
        assert!(empty_runs(&[]).is_empty());
        assert!(empty_runs(&[(0, 10), (9, 10)]).is_empty(), "ten days are too few to know what is usual");
    }

    #[test]
    fn a_weekday_of_few_events_may_pass_without_one() {
        let usual = |rows: u64| -> Vec<(i64, u64)> {
            (0..42).filter(|day| *day != 23).map(|day| (day, rows)).collect()
        };
        assert!(empty_runs(&usual(4)).is_empty());
        assert_eq!(empty_runs(&usual(5)), [(23, 1)]);
    }

    #[test]
    fn lag_quantiles_are_exact() {
        let lags = super::super::facts::Lags {
            column: "loaded_at".into(),
            minutes: vec![(0, 90), (60, 5), (2880, 5)],
        };
        assert_eq!(lags.quantile_hours(0.5), Some(0.0));
        assert_eq!(lags.quantile_hours(0.95), Some(1.0));
        assert_eq!(lags.quantile_hours(0.96), Some(48.0));
        assert_eq!(lags.later_than_hours(24.0), 5);
        assert_eq!(lags.later_than_hours(0.5), 10);
    }
}
