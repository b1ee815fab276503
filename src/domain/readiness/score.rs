//! Question four: does the lead score predict conversion, or only measure activity?

use super::{Check, Facts, Part, facts::Score, lens::Thresholds, number};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    leads::{
        auc::{AucEstimate, auc_from_counts},
        validate::{self, by_interval},
    },
    measure::{Measure, MeasureId},
    outcome,
    provenance::Provenance,
    recognition::Role,
    value::quoted_in_sql,
    verdict::Verdict,
};

/// Fewer good or bad outcomes than this say nothing about a score.
const LEAST_OUTCOMES: u64 = 50;

pub(super) fn check(facts: &Facts, thresholds: &Thresholds) -> Part {
    let mut part = Part::default();
    for score in &facts.scores {
        judge(score, thresholds, &mut part);
    }
    if facts.scores.is_empty()
        && let Some(leads) = facts.tables.iter().find(|table| table.entity() == Some(Entity::Lead))
    {
        let name = leads.profile.name.as_str();
        let what = format!("no score stands beside an outcome in {name}");
        let open = Check::open(format!("score.{name}"), Entity::Lead, what, &thresholds.auc);
        part.checks.push(Check { floor: 0.5, ..open }.counted_in([name]));
    }
    if part.checks.iter().all(|check| check.verdict == Verdict::Unknown) {
        part.next_evidence = Some(next_evidence(facts));
    }
    part
}

fn judge(score: &Score, thresholds: &Thresholds, part: &mut Part) {
    let estimate = auc_from_counts(&score.counts);
    let enough = estimate.filter(|auc| auc.positives >= LEAST_OUTCOMES && auc.negatives >= LEAST_OUTCOMES);
    let limit = &thresholds.auc;
    let verdict = match enough {
        None => Verdict::Unknown,
        // The rule is that of validate_lead_score; only the threshold is this lens's own.
        Some(auc) => match by_interval(&auc, limit.value) {
            validate::Verdict::Predictive => Verdict::Ready,
            validate::Verdict::NotPredictive => Verdict::NotReady,
            validate::Verdict::Insufficient => Verdict::Inconclusive,
        },
    };
    let what = format!("AUC of {}.{} against {}", score.table, score.column, score.outcome);
    let id = format!("score.{}.{}", score.table, score.column);
    part.checks.push(Check {
        value: enough.map(|auc| auc.value),
        interval: enough.map(|auc| auc.interval),
        floor: 0.5,
        verdict,
        provenance: if enough.is_some() { Provenance::Measured } else { Provenance::Unknown },
        note: enough.and_then(|_| lift(&score.counts)).map(lift_told),
        ..Check::open(id, Entity::Lead, what, limit).counted_in([score.table.as_str()])
    });
    let Some(auc) = enough else {
        let (good, bad) = score.counts.iter().fold((0, 0), |(good, bad), (_, p, n)| (good + p, bad + n));
        part.next_evidence = Some(format!(
            "{}.{} has {good} converted and {bad} unconverted rows with an outcome; give at least {LEAST_OUTCOMES} of each",
            score.table, score.column
        ));
        return;
    };
    part.measures
        .push(Measure { interval: Some(auc.interval), ..Measure::exact(MeasureId::LeadScoreAuc, auc.value) });
    if verdict == Verdict::NotReady {
        part.findings.push(useless(score, auc));
    }
}

/// How many times as often as all the fifth with the highest scores converts. Rows of the score at the edge are
/// taken in proportion, so that the order of equal scores decides nothing.
fn lift(counts: &[(f64, u64, u64)]) -> Option<f64> {
    const FIFTH: f64 = 0.2;
    let mut falling: Vec<&(f64, u64, u64)> = counts.iter().collect();
    falling.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (good, all) = falling.iter().fold((0, 0), |(good, all), (_, p, n)| (good + p, all + p + n));
    let (mut room, mut caught) = (FIFTH * all as f64, 0.0);
    for (_, positives, negatives) in falling {
        let rows = (positives + negatives) as f64;
        if rows > 0.0 {
            let share = (room / rows).clamp(0.0, 1.0);
            caught += share * *positives as f64;
            room -= share * rows;
        }
    }
    (good > 0).then(|| caught / (FIFTH * good as f64))
}

fn lift_told(lift: f64) -> String {
    format!("the fifth with the highest scores converts {} times as often as all", number(lift))
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
            "AUC of `{}` against `{}` is {value:.3} (95% interval {:.3} to {:.3}; {positives} converted, {negatives} not): {chance}{}",
            score.column,
            score.outcome,
            interval.low,
            interval.high,
            lift(&score.counts).map(|lift| format!("; {}", lift_told(lift))).unwrap_or_default()
        ),
        why_it_blocks:
            "an agent that works leads by this score works them in an order that does not follow conversion"
                .into(),
        fix: vec![
            "stop routing by the score until it is replaced".into(),
            "see what is wrong with it, and beside what a trained score would do: validate_lead_score".into(),
            "train a score on what converted before: score_leads".into(),
        ],
        affected_rows: Some(positives + negatives),
        scanned_rows: Some(positives + negatives),
        evidence_query: Some(format!(
            "SELECT tenth, avg(CASE WHEN lower(CAST(won AS VARCHAR)) IN ({}) THEN 1.0 ELSE 0.0 END) FROM (SELECT ntile(10) OVER (ORDER BY {}) AS tenth, {} AS won FROM {}) AS ranked GROUP BY 1",
            outcome::in_sql(&outcome::GOOD),
            quoted_in_sql(&score.column),
            quoted_in_sql(&score.outcome),
            quoted_in_sql(&score.table)
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

#[cfg(test)]
mod tests {
    use super::lift;

    #[test]
    fn lift_is_the_rate_of_the_top_fifth_over_that_of_all() {
        assert_eq!(lift(&[(1.0, 0, 80), (2.0, 20, 0)]), Some(5.0));
        assert_eq!(lift(&[(1.0, 50, 50)]), Some(1.0), "a score of one value sorts nothing");
        assert_eq!(lift(&[(2.0, 0, 20), (1.0, 40, 40)]), Some(0.0));
        assert_eq!(lift(&[(1.0, 0, 10)]), None);
        assert_eq!(lift(&[]), None);
    }
}
