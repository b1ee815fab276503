//! Question four: does the lead score predict conversion, or only measure activity?

use super::{Check, Facts, Part, Thresholds, facts::Score};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    leads::auc::{AucEstimate, auc_from_counts},
    measure::{Measure, MeasureId},
    provenance::Provenance,
    recognition::Role,
    verdict::Verdict,
};

/// Fewer good or bad outcomes than this say nothing about a score.
const LEAST_OUTCOMES: u64 = 50;

pub(super) fn check(facts: &Facts, thresholds: &Thresholds) -> Part {
    let mut part = Part::default();
    for score in &facts.scores {
        judge(score, thresholds, &mut part);
    }
    if part.checks.iter().all(|check| check.verdict == Verdict::Unknown) {
        part.next_evidence = Some(next_evidence(facts));
    }
    part
}

fn judge(score: &Score, thresholds: &Thresholds, part: &mut Part) {
    let estimate = auc_from_counts(&score.counts);
    let enough = estimate.filter(|auc| auc.positives >= LEAST_OUTCOMES && auc.negatives >= LEAST_OUTCOMES);
    let limit = thresholds.auc;
    let verdict = match enough {
        None => Verdict::Unknown,
        Some(auc) if auc.interval.low >= limit.value => Verdict::Ready,
        Some(auc) if auc.interval.high < limit.value => Verdict::NotReady,
        Some(_) => Verdict::Inconclusive,
    };
    part.checks.push(Check {
        id: format!("score.{}.{}", score.table, score.column),
        entity: Some(Entity::Lead),
        what: format!("AUC of {}.{} against {}", score.table, score.column, score.outcome),
        value: enough.map(|auc| auc.value),
        interval: enough.map(|auc| auc.interval),
        counts: None,
        threshold: limit,
        lower_is_better: false,
        floor: 0.5,
        verdict,
    });
    let Some(auc) = enough else {
        let (good, bad) = score.counts.iter().fold((0, 0), |(good, bad), (_, p, n)| (good + p, bad + n));
        part.next_evidence = Some(format!(
            "{}.{} has {good} converted and {bad} unconverted rows with an outcome; give at least {LEAST_OUTCOMES} of each",
            score.table, score.column
        ));
        return;
    };
    part.measures.push(Measure {
        id: MeasureId::LeadScoreAuc,
        value: auc.value,
        interval: Some(auc.interval),
    });
    if verdict == Verdict::NotReady {
        part.findings.push(useless(score, auc));
    }
}

fn useless(score: &Score, auc: AucEstimate) -> Finding {
    let AucEstimate { value, interval, positives, negatives } = auc;
    let chance = if auc.may_be_chance() {
        "it ranks no better than chance"
    } else {
        "it ranks only a little better than chance"
    };
    Finding {
        id: format!("score.{}.{}", score.table, score.column),
        severity: Severity::Blocker,
        subject: Subject {
            entity: Some(Entity::Lead),
            table: Some(score.table.clone()),
            column: Some(score.column.clone()),
        },
        what_found: format!(
            "AUC of `{}` against `{}` is {value:.3} (95% interval {:.3} to {:.3}; {positives} converted, {negatives} not): {chance}",
            score.column, score.outcome, interval.low, interval.high
        ),
        why_it_blocks:
            "an agent that works leads by this score works them in an order that does not follow conversion"
                .into(),
        fix: vec![
            "stop routing by the score until it is replaced".into(),
            "train a score on what converted before: score_leads".into(),
        ],
        affected_rows: Some(positives + negatives),
        scanned_rows: Some(positives + negatives),
        evidence_query: Some(format!(
            "SELECT ntile(10) OVER (ORDER BY \"{}\") AS tenth, avg(CASE WHEN \"{}\" THEN 1.0 ELSE 0.0 END) FROM \"{}\" GROUP BY 1",
            score.column, score.outcome, score.table
        )),
        owner_role: "marketing operations".into(),
        retest: "run check_data_readiness once the new score has outcomes".into(),
        provenance: Provenance::Measured,
    }
}

fn next_evidence(facts: &Facts) -> String {
    let with = |role| facts.tables.iter().find(|table| table.column(role).is_some());
    match (with(Role::Score), with(Role::Outcome)) {
        (Some(_), None) => "add whether each scored lead converted (a column such as `converted`)".into(),
        (None, Some(_)) => "add the score each lead had, or train one with score_leads".into(),
        (Some(_), Some(_)) => "give the score and the outcome in one table".into(),
        (None, None) => "give leads with their score and whether they converted".into(),
    }
}
