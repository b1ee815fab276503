//! From single checks to the whole: the verdict of each entity, and what holds everything back.

use super::{Binding, Check, EntityReadiness, Facts, Question};
use crate::{
    entity::Entity,
    finding::{Finding, Severity},
    verdict::Verdict,
};

pub(super) fn by_entity(facts: &Facts, questions: &[Question], findings: &[Finding]) -> Vec<EntityReadiness> {
    let checks: Vec<&Check> = questions.iter().flat_map(|question| &question.checks).collect();
    let mut entities = Vec::new();
    for entity in Entity::ALL {
        let tables: Vec<_> = facts.tables.iter().filter(|table| table.entity() == Some(entity)).collect();
        let verdicts: Vec<Verdict> =
            checks.iter().filter(|check| check.entity == Some(entity)).map(|check| check.verdict).collect();
        if tables.is_empty() && verdicts.is_empty() {
            continue;
        }
        let count = |wanted: &[Verdict]| verdicts.iter().filter(|verdict| wanted.contains(verdict)).count();
        let is_grave = |finding: &&Finding| {
            finding.subject.entity == Some(entity) && finding.severity != Severity::Minor
        };
        // What was not read may hold rows of this entity, too.
        let withheld = (!facts.unread.is_empty()).then_some(Verdict::Unknown);
        entities.push(EntityReadiness {
            entity,
            tables: tables.iter().map(|table| table.profile.name.clone()).collect(),
            rows: tables.iter().map(|table| table.profile.rows).sum(),
            verdict: Verdict::all(verdicts.iter().copied().chain(withheld)),
            passed: count(&[Verdict::Ready]),
            failed: count(&[Verdict::NotReady]),
            open: count(&[Verdict::Inconclusive, Verdict::Unknown]),
            grave_findings: findings.iter().filter(is_grave).count(),
        });
    }
    entities
}

/// The failed check with the gravest finding, of equals the one that misses its threshold by most; where none
/// failed, the first that is open.
pub(super) fn binding(questions: &[Question], findings: &[Finding]) -> Option<Binding> {
    let severity = |check: &Check| {
        findings.iter().find(|finding| finding.id == check.id).map(|finding| finding.severity)
    };
    let failed = questions
        .iter()
        .flat_map(|question| question.checks.iter().map(move |check| (question, check)))
        .filter(|(_, check)| check.verdict == Verdict::NotReady)
        .min_by(|(_, a), (_, b)| {
            let rank = |check| severity(check).unwrap_or(Severity::Minor);
            rank(a).cmp(&rank(b)).then(b.shortfall().total_cmp(&a.shortfall()))
        });
    if let Some((question, check)) = failed {
        return Some(Binding { question: question.id, check: check.id.clone(), reason: check.told() });
    }
    if let Some(unread) = findings.iter().find(|finding| finding.id.starts_with("unread.")) {
        let question = questions.first()?.id;
        return Some(Binding { question, check: unread.id.clone(), reason: unread.what_found.clone() });
    }
    let open = questions
        .iter()
        .find(|question| matches!(question.verdict, Verdict::Unknown | Verdict::Inconclusive))?;
    let check = open.checks.iter().find(|check| check.verdict != Verdict::Ready);
    Some(Binding {
        question: open.id,
        check: check.map_or_else(|| open.id.name().to_owned(), |check| check.id.clone()),
        reason: match (check, &open.next_evidence) {
            (Some(check), _) if check.value.is_some() => check.told(),
            (_, Some(next)) => format!("nothing failed, and this is not known yet: {next}"),
            _ => format!("nothing failed, and this is not known yet: {}", open.id.asks()),
        },
    })
}
