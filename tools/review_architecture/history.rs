//! The reviews that are kept, and how their numbers went.

use super::{changes::Number, earlier::snapshot};
use crate::wire::Verdict;
use revarch_domain::review::{self, Past, trend};
use revarch_store::ReviewRecord;
use serde::Serialize;
use std::collections::BTreeMap;

/// The reviews that are kept, the newest first.
#[derive(Debug, Serialize)]
pub struct History {
    /// The reviews.
    pub reviews: Vec<Entry>,
}

/// One review in a few words.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Its id.
    pub review_id: String,
    /// When it was made.
    pub made_at: String,
    /// What was reviewed.
    pub subject: String,
    /// Its verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The areas that were run.
    pub areas: Vec<String>,
    /// Its findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<usize>,
    /// Where to read it.
    pub uri: String,
    /// Where to read what changed since the one before it.
    pub changes_uri: String,
}

/// How the numbers of each subject went.
#[derive(Debug, Serialize)]
pub struct Trends {
    /// By subject.
    pub subjects: BTreeMap<String, SubjectTrend>,
}

/// How the numbers of one subject went, the oldest first.
#[derive(Debug, Serialize)]
pub struct SubjectTrend {
    /// The verdict of each review.
    pub verdicts: Vec<VerdictPoint>,
    /// Each measure.
    pub measures: BTreeMap<String, Vec<Point>>,
    /// Each dimension of maturity.
    pub dimensions: BTreeMap<String, Vec<Point>>,
}

/// The verdict of one review.
#[derive(Debug, Serialize)]
pub struct VerdictPoint {
    /// The review.
    pub review_id: String,
    /// When it was made.
    pub made_at: String,
    /// Its verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// A number in one review.
#[derive(Debug, Serialize)]
pub struct Point {
    /// The review.
    pub review_id: String,
    /// When it was made.
    pub made_at: String,
    /// The number.
    #[serde(flatten)]
    pub number: Number,
    /// How it stands beside the point before: `better`, `worse`, `unchanged` or `not_comparable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_last: Option<String>,
    /// Why it is not comparable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The reviews in a few words each.
pub fn history(records: &[ReviewRecord]) -> History {
    let entries = records.iter().map(|record| {
        let kept = snapshot(record);
        let uri = format!("revarch://reviews/{}", record.id);
        Entry {
            review_id: record.id.clone(),
            made_at: record.made_at.to_string(),
            subject: record.subject.clone(),
            verdict: kept.as_ref().and_then(|kept| kept.verdict).map(Verdict::of),
            areas: kept.iter().flat_map(|kept| kept.areas.clone()).collect(),
            findings: kept.as_ref().map(|kept| kept.findings.len()),
            changes_uri: format!("{uri}/changes"),
            uri,
        }
    });
    History { reviews: entries.collect() }
}

/// How the numbers went, by subject.
pub fn trends(records: &[ReviewRecord]) -> Trends {
    let mut by_subject: BTreeMap<String, Vec<Past>> = BTreeMap::new();
    for record in records {
        let Some(snapshot) = snapshot(record) else { continue };
        let past = Past { review: record.id.clone(), made_at: record.made_at, snapshot };
        by_subject.entry(record.subject.clone()).or_default().push(past);
    }
    Trends {
        subjects: by_subject.into_iter().map(|(name, past)| (name, SubjectTrend::of(trend(past)))).collect(),
    }
}

impl SubjectTrend {
    fn of(trend: review::Trend) -> Self {
        let review::Trend { verdicts, measures, dimensions } = trend;
        let verdicts = verdicts.into_iter().map(|(review_id, made_at, verdict)| VerdictPoint {
            review_id,
            made_at: made_at.to_string(),
            verdict: verdict.map(Verdict::of),
        });
        Self { verdicts: verdicts.collect(), measures: series(measures), dimensions: series(dimensions) }
    }
}

fn series(series: BTreeMap<String, Vec<review::Point>>) -> BTreeMap<String, Vec<Point>> {
    let points = |points: Vec<review::Point>| points.into_iter().map(Point::of).collect();
    series.into_iter().map(|(name, list)| (name, points(list))).collect()
}

impl Point {
    fn of(point: review::Point) -> Self {
        let review::Point { review, made_at, taken, since_last } = point;
        Self {
            review_id: review,
            made_at: made_at.to_string(),
            number: Number::of(taken),
            why: since_last.as_ref().and_then(|standing| standing.why()).map(str::to_owned),
            since_last: since_last.map(|standing| standing.name().to_owned()),
        }
    }
}
