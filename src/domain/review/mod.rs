//! Everything that was measured and said, brought together: one verdict, what binds it, claims against
//! evidence, and what to do next, in an order that does not build technology on broken data.

mod change;
mod made_with;
mod snapshot;
mod trend;

pub use change::{BasisChange, Changes, FindingChange, NumberChange, Standing, VerdictChange, compare};
pub use made_with::MadeWith;
pub use snapshot::{Basis, MaturityState, Place, Snapshot, Taken};
pub use trend::{Past, Point, Trend, trend};

use crate::{
    coverage::audit::StackAudit,
    finding::{Finding, Severity},
    maturity::{Assessment, Direction},
    measure::{Measure, MeasureId},
    readiness::Readiness,
    verdict::Verdict,
};
use std::collections::BTreeSet;

/// The share of core operations that have to be evidenced before agents are turned loose: revarch's own number.
const CORE_OPERATIONS_NEEDED: f64 = 0.8;
/// Steps a plan of the next weeks can hold.
const STEPS: usize = 10;

/// The areas of a review, in the order in which they are mended: agents need data before tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// The data layer.
    Data,
    /// The lead score.
    Leads,
    /// MCP coverage of the stack.
    Coverage,
    /// The organisation.
    Maturity,
}

impl Area {
    /// Every area, in that order.
    pub const ALL: [Self; 4] = [Self::Data, Self::Leads, Self::Coverage, Self::Maturity];

    /// The area's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Leads => "leads",
            Self::Coverage => "coverage",
            Self::Maturity => "maturity",
        }
    }
}

/// What one area contributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The area.
    pub area: Area,
    /// Its verdict on readiness for agents; nothing for areas that do not decide it.
    pub verdict: Option<Verdict>,
    /// Its result in a sentence, or why it was not run.
    pub headline: String,
    /// What would let it run, where it did not.
    pub missing: Option<String>,
    /// What the result consists of, a line each.
    pub details: Vec<String>,
}

/// What a trained lead score came to, told by the tool that trained it.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadResult {
    /// The result in a sentence.
    pub summary: String,
}

/// A part that was run, or why it could not be.
pub type Outcome<T> = Result<T, String>;

/// What a review is made from.
#[derive(Debug)]
pub struct Inputs {
    /// The data layer.
    pub readiness: Outcome<Readiness>,
    /// A trained lead score.
    pub leads: Outcome<LeadResult>,
    /// The stack.
    pub coverage: Outcome<StackAudit>,
    /// The organisation.
    pub maturity: Outcome<Assessment>,
    /// What the data is held against, and which tables were read.
    pub made_with: MadeWith,
}

/// What holds the whole back most.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The area it lies in.
    pub area: Area,
    /// Why, in a sentence.
    pub reason: String,
    /// The next step.
    pub next_step: String,
}

/// A claim and the evidence against it.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The question.
    pub question: String,
    /// Claim, number and gap in one sentence.
    pub sentence: String,
    /// The evidence that would bear the claim out.
    pub would_change: String,
}

/// One step of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The area it mends.
    pub area: Area,
    /// What to do.
    pub action: String,
    /// What it answers to.
    pub because: String,
    /// Who does it, as a role.
    pub owner_role: String,
    /// The finding it mends.
    pub finding: String,
    /// How to tell that it is done.
    pub retest: String,
}

/// The review.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Whether the stack is ready for agents: data and coverage both have to be.
    pub verdict: Verdict,
    /// What holds it back most.
    pub binding: Option<Binding>,
    /// Each area.
    pub parts: Vec<Part>,
    /// Claims that the evidence does not bear out.
    pub claims: Vec<Claim>,
    /// What to do next, in order.
    pub steps: Vec<Step>,
    /// Findings of every area, the gravest first.
    pub findings: Vec<(Area, Finding)>,
    /// Everything measured.
    pub measures: Vec<Measure>,
    /// The keys of the data layer's findings that were looked for.
    pub checked: BTreeSet<String>,
    /// The platforms that were audited.
    pub platforms: BTreeSet<String>,
    /// What it was made with.
    pub made_with: MadeWith,
    /// What is kept of the organisation's assessment.
    pub maturity: Option<MaturityState>,
}

/// Brings the parts together.
pub fn review(inputs: Inputs) -> Review {
    let Inputs { readiness, leads, coverage, maturity, mut made_with } = inputs;
    made_with.complete(coverage.as_ref().ok(), maturity.as_ref().ok());
    let state = maturity.as_ref().ok().map(MaturityState::of);
    let parts =
        vec![data_part(&readiness), leads_part(&leads), coverage_part(&coverage), maturity_part(&maturity)];
    let verdict = Verdict::all(parts.iter().filter_map(|part| part.verdict));
    let binding = binding(&parts, &readiness, &coverage);
    // A claim that the evidence surpasses needs no mending.
    let overclaimed = maturity
        .iter()
        .flat_map(|assessment| &assessment.contradictions)
        .filter(|contradiction| contradiction.direction == Direction::Overclaimed);
    let claims = overclaimed.map(|contradiction| Claim {
        question: contradiction.question.clone(),
        sentence: contradiction.sentence.clone(),
        would_change: contradiction.would_change.clone(),
    });
    let claims = claims.collect();

    let mut measures: Vec<Measure> =
        readiness.iter().flat_map(|readiness| readiness.measures.clone()).collect();
    measures.extend(coverage.iter().flat_map(|audit| &audit.summaries).filter_map(|summary| summary.measure));
    let checked = readiness.as_ref().map(|readiness| readiness.checked.clone()).unwrap_or_default();
    let platforms: BTreeSet<String> = coverage
        .iter()
        .flat_map(|audit| &audit.platforms)
        .map(|platform| platform.audited.name.clone())
        .collect();
    let open =
        coverage.as_ref().ok().filter(|audit| coverage_verdict(audit) != Verdict::Ready).and_then(unlock);
    let mut found: Vec<(Area, Finding)> = Vec::new();
    found.extend(
        readiness.into_iter().flat_map(|readiness| readiness.findings).map(|finding| (Area::Data, finding)),
    );
    found.extend(
        coverage.into_iter().flat_map(|audit| audit.findings).map(|finding| (Area::Coverage, finding)),
    );
    let steps = steps(&found, open);
    found.sort_by(|(area, a), (other, b)| a.severity.cmp(&b.severity).then(area.cmp(other)));
    Review {
        verdict,
        binding,
        parts,
        claims,
        steps,
        findings: found,
        measures,
        checked,
        platforms,
        made_with,
        maturity: state,
    }
}

fn not_run<T>(area: Area, outcome: &Outcome<T>, decides: bool) -> Option<Part> {
    let reason = outcome.as_ref().err()?;
    Some(Part {
        area,
        verdict: decides.then_some(Verdict::Unknown),
        headline: "not run".into(),
        missing: Some(reason.clone()),
        details: Vec::new(),
    })
}

fn data_part(outcome: &Outcome<Readiness>) -> Part {
    let Ok(readiness) = outcome else {
        return not_run(Area::Data, outcome, true).unwrap_or_else(|| nothing(Area::Data));
    };
    let count = |verdict| readiness.questions.iter().filter(|question| question.verdict == verdict).count();
    let headline = format!(
        "of four questions {} are ready, {} not ready, {} inconclusive and {} unknown",
        count(Verdict::Ready),
        count(Verdict::NotReady),
        count(Verdict::Inconclusive),
        count(Verdict::Unknown)
    );
    let details = readiness
        .questions
        .iter()
        .map(|question| format!("{} {}", question.id.asks(), question.verdict.words()))
        .collect();
    Part { area: Area::Data, verdict: Some(readiness.verdict), headline, missing: None, details }
}

fn leads_part(outcome: &Outcome<LeadResult>) -> Part {
    match outcome {
        Ok(result) => Part {
            area: Area::Leads,
            verdict: None,
            headline: result.summary.clone(),
            missing: None,
            details: Vec::new(),
        },
        Err(_) => not_run(Area::Leads, outcome, false).unwrap_or_else(|| nothing(Area::Leads)),
    }
}

fn coverage_part(outcome: &Outcome<StackAudit>) -> Part {
    let Ok(audit) = outcome else {
        return not_run(Area::Coverage, outcome, true).unwrap_or_else(|| nothing(Area::Coverage));
    };
    let of = |id| audit.summaries.iter().find(|summary| summary.id == id);
    let told = |id| {
        of(id).map_or_else(
            || "none known".to_owned(),
            |summary| {
                format!(
                    "{} of {} ({} unknown)",
                    summary.hits,
                    summary.known + summary.unknown,
                    summary.unknown
                )
            },
        )
    };
    let headline = format!(
        "platforms an agent can reach: {}; core operations evidenced or implied: {}",
        told(MeasureId::AnyMcpShare),
        told(MeasureId::CoreOperationShare)
    );
    Part {
        area: Area::Coverage,
        verdict: Some(coverage_verdict(audit)),
        headline,
        missing: None,
        details: Vec::new(),
    }
}

/// Core operations against the threshold, with the bounds that unknown operations leave. A platform of which
/// nothing is known has no operations to count, so it keeps the verdict from passing by itself.
fn coverage_verdict(audit: &StackAudit) -> Verdict {
    let of = |id| audit.summaries.iter().find(|summary| summary.id == id);
    let core = of(MeasureId::CoreOperationShare).and_then(|summary| summary.measure);
    let Some(measure) = core else { return Verdict::Unknown };
    let (low, high) =
        measure.interval.map_or((measure.value, measure.value), |interval| (interval.low, interval.high));
    let unknown_platforms = of(MeasureId::AnyMcpShare).is_none_or(|summary| summary.unknown > 0);
    if high < CORE_OPERATIONS_NEEDED {
        Verdict::NotReady
    } else if low >= CORE_OPERATIONS_NEEDED && !unknown_platforms {
        Verdict::Ready
    } else {
        Verdict::Inconclusive
    }
}

fn maturity_part(outcome: &Outcome<Assessment>) -> Part {
    let Ok(assessment) = outcome else {
        return not_run(Area::Maturity, outcome, false).unwrap_or_else(|| nothing(Area::Maturity));
    };
    let headline = match &assessment.stage {
        Some(stage) if stage.names.len() == 1 => {
            format!("stage {} ({})", stage.lowest.number, stage.names.join(""))
        }
        Some(stage) => {
            format!("stage {} to {} ({})", stage.lowest.number, stage.highest.number, stage.names.join(", "))
        }
        None => "too little is known to name a stage".into(),
    };
    let details = assessment
        .dimensions
        .iter()
        .map(|dimension| {
            format!("{}: {:.1} to {:.1} of 5", dimension.id, dimension.score.low, dimension.score.high)
        })
        .collect();
    let held = assessment.binding_dimension().map(|dimension| format!("; {dimension} holds it there"));
    Part {
        area: Area::Maturity,
        verdict: None,
        headline: headline + &held.unwrap_or_default(),
        missing: None,
        details,
    }
}

fn nothing(area: Area) -> Part {
    Part { area, verdict: None, headline: "not run".into(), missing: None, details: Vec::new() }
}

/// The first area, in the order of mending, that is not ready; failures before what is open.
fn binding(
    parts: &[Part],
    readiness: &Outcome<Readiness>,
    coverage: &Outcome<StackAudit>,
) -> Option<Binding> {
    let rank = |verdict| match verdict {
        Verdict::NotReady => 0,
        Verdict::Inconclusive => 1,
        Verdict::Unknown => 2,
        Verdict::Ready => 3,
    };
    let (verdict, part) = parts
        .iter()
        .filter_map(|part| Some((part.verdict?, part)))
        .min_by_key(|(verdict, part)| (rank(*verdict), part.area))?;
    if verdict == Verdict::Ready {
        return None;
    }
    if let Some(missing) = &part.missing {
        let reason = format!("nothing measured so far fails, and {} has not been measured", part.area.name());
        return Some(Binding { area: part.area, reason, next_step: missing.clone() });
    }
    if part.area == Area::Coverage {
        let Some(constraint) = &coverage.as_ref().ok()?.constraint else {
            return Some(Binding {
                area: Area::Coverage,
                reason: "some platforms of the stack are not known, and nothing can be said of them".into(),
                next_step: "paste the tools/list answers of their servers in `tools_lists`".into(),
            });
        };
        return Some(Binding {
            area: Area::Coverage,
            reason: format!("{}: {}", constraint.platform, constraint.what),
            next_step: constraint.next_step.clone(),
        });
    }
    let readiness = readiness.as_ref().ok()?;
    let binding = readiness.binding.as_ref()?;
    let mend = readiness.findings.iter().find(|finding| finding.id == binding.check);
    let open = readiness.questions.iter().find(|question| question.id == binding.question);
    let next_step = mend
        .and_then(|finding| finding.fix.first().cloned())
        .or_else(|| open.and_then(|question| question.next_evidence.clone()))
        .unwrap_or_else(|| "see the findings of the data layer".into());
    Some(Binding { area: Area::Data, reason: binding.reason.clone(), next_step })
}

/// The step that would settle the most of a stack's open operations.
fn unlock(audit: &StackAudit) -> Option<Step> {
    let constraint = audit.constraint.as_ref()?;
    Some(Step {
        area: Area::Coverage,
        action: constraint.next_step.clone(),
        because: format!("{}: {}", constraint.platform, constraint.what),
        owner_role: "revenue operations".into(),
        finding: "coverage".into(),
        retest: "run audit_mcp_coverage with the list".into(),
    })
}

/// Blockers before the rest, and within each the data before the tools that are to read it. Findings with the
/// same remedy are one step, and an area that is open has its step even behind many findings of another.
fn steps(found: &[(Area, Finding)], open: Option<Step>) -> Vec<Step> {
    let mut ordered: Vec<&(Area, Finding)> =
        found.iter().filter(|(_, finding)| finding.severity != Severity::Minor).collect();
    ordered.sort_by_key(|(area, finding)| (finding.severity, *area));
    let mut steps: Vec<Step> = Vec::new();
    for (area, finding) in ordered {
        let Some(action) = finding.fix.first() else { continue };
        if steps.iter().all(|step| step.action != *action) {
            steps.push(Step {
                area: *area,
                action: action.clone(),
                because: finding.what_found.clone(),
                owner_role: finding.owner_role.clone(),
                finding: finding.id.clone(),
                retest: finding.retest.clone(),
            });
        }
    }
    let open = open.filter(|open| steps.iter().take(STEPS).all(|step| step.area != open.area));
    steps.truncate(STEPS - usize::from(open.is_some()));
    steps.extend(open);
    steps
}

#[cfg(test)]
mod tests;
