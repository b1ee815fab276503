//! The result of `review_architecture`.

use super::changes::Changes;
use crate::wire::{Finding, Interval, Measure, Verdict};
use revarch_domain::{
    maturity::Assessment,
    review::{self, Review},
    workflow::{Deployability, Plan, WorkflowPlan},
};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;

/// Findings in the concise form; the gravest come first.
const FINDINGS_SHOWN: usize = 12;

/// The review.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The review's id.
    pub review_id: String,
    /// Where to read it: JSON there, and Markdown with `.md` behind.
    pub uri: String,
    /// When it was made.
    pub made_at: String,
    /// What was reviewed.
    pub subject: String,
    /// Whether the stack is ready for agents. Data and coverage both have to be; the other areas do not decide.
    pub verdict: Verdict,
    /// What holds it back most; absent when ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_constraint: Option<Binding>,
    /// Each area, run or not.
    pub areas: Vec<Area>,
    /// The stage of maturity; absent when neither answers nor measurements were at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturity: Option<Maturity>,
    /// Claims that the measurements do not bear out.
    pub claims_against_evidence: Vec<Claim>,
    /// The agentic workflows, as far as data and operations bear them; `plan_workflows` tells more.
    pub workflows: Vec<Workflow>,
    /// The fewest fixes that unblock most of the blocked workflows, by the finding or check that each mends.
    pub workflow_fixes: Vec<String>,
    /// What to do next, in order: blockers first, data before the tools that read it.
    pub next_steps: Vec<Step>,
    /// What was found wrong, the gravest first.
    pub findings: Vec<Finding>,
    /// Findings there are, of which the concise form shows the first.
    pub findings_total: u64,
    /// Everything measured.
    pub measures: Vec<Measure>,
    /// Names in `platforms` that the catalog does not know; they count as unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unresolved_platforms: Vec<String>,
    /// What changed since an earlier review: the one in `compare_with`, or the last of the subject; absent for the
    /// first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// Why the last review of the subject could not be compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_compared: Option<String>,
}

/// What holds the whole back most.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Binding {
    /// data, leads, coverage or maturity.
    pub area: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The next step.
    pub next_step: String,
}

/// One area.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Area {
    /// data, leads, coverage or maturity.
    pub area: String,
    /// Its verdict on readiness for agents; absent for areas that do not decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Its result in a sentence.
    pub result: String,
    /// What the result consists of, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// What would let it run, where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// The stage of maturity.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Maturity {
    /// The stages that remain possible; empty when too little is known to name any.
    pub stages: Vec<String>,
    /// The dimension that holds it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_dimension: Option<String>,
    /// Where the roadmap is entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_phase: Option<String>,
    /// The bounds of each dimension's score, from 1 to 5.
    pub dimensions: Vec<Dimension>,
    /// The question to ask next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_question: Option<String>,
}

/// A dimension's score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dimension {
    /// The dimension.
    pub id: String,
    /// The bounds of its score.
    pub score: Interval,
}

/// A claim and the evidence against it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Claim {
    /// The question.
    pub question: String,
    /// Claim, number and gap in one sentence.
    pub sentence: String,
    /// The evidence that would bear the claim out.
    pub would_change: String,
}

/// One agentic workflow.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// deployable, blocked or unknown.
    pub verdict: String,
    /// The needs that block it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<String>,
    /// How many needs are open.
    pub open: usize,
}

/// One step.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// The area it mends.
    pub area: String,
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

/// What the review does not hold itself.
pub(super) struct About {
    pub(super) id: String,
    pub(super) made_at: jiff::Timestamp,
    pub(super) subject: String,
    pub(super) stage: Option<Maturity>,
    pub(super) unresolved: Vec<String>,
    pub(super) changes: Option<Changes>,
    pub(super) not_compared: Option<String>,
    pub(super) plan: Plan,
}

pub(super) fn wire(review: Review, about: About, detailed: bool) -> Output {
    let Review {
        verdict,
        binding,
        parts,
        claims,
        steps,
        findings,
        measures,
        checked: _,
        platforms: _,
        made_with: _,
        maturity: _,
    } = review;
    let About { id, made_at, subject, stage, unresolved, changes, not_compared, plan } = about;
    let findings_total = findings.len() as u64;
    let shown = if detailed { findings.len() } else { FINDINGS_SHOWN };
    Output {
        uri: format!("revarch://reviews/{id}"),
        review_id: id,
        made_at: made_at.to_string(),
        subject,
        verdict: Verdict::of(verdict),
        binding_constraint: binding.map(|binding| {
            let review::Binding { area, reason, next_step } = binding;
            Binding { area: area.name().to_owned(), reason, next_step }
        }),
        areas: parts
            .into_iter()
            .map(|part| {
                let review::Part { area, verdict, headline, missing, details } = part;
                Area {
                    area: area.name().to_owned(),
                    verdict: verdict.map(Verdict::of),
                    result: headline,
                    details,
                    missing,
                }
            })
            .collect(),
        maturity: stage,
        claims_against_evidence: claims
            .into_iter()
            .map(|claim| {
                let review::Claim { question, sentence, would_change } = claim;
                Claim { question, sentence, would_change }
            })
            .collect(),
        workflow_fixes: plan.fixes.steps.last().map(|step| step.actions.clone()).unwrap_or_default(),
        workflows: plan.workflows.into_iter().map(workflow).collect(),
        next_steps: steps
            .into_iter()
            .map(|step| {
                let review::Step { area, action, because, owner_role, finding, retest } = step;
                Step { area: area.name().to_owned(), action, because, owner_role, finding, retest }
            })
            .collect(),
        findings: findings
            .into_iter()
            .take(shown)
            .map(|(_, finding)| if detailed { Finding::of(finding) } else { Finding::brief(finding) })
            .collect(),
        findings_total,
        measures: measures.into_iter().map(Measure::of).collect(),
        unresolved_platforms: unresolved,
        changes,
        not_compared,
    }
}

fn workflow(plan: WorkflowPlan) -> Workflow {
    let WorkflowPlan { id, verdict, blocked_by, open, .. } = plan;
    Workflow { id, verdict: verdict.name().to_owned(), blocked_by, open: open.len() }
}

/// The part of an assessment that a review shows; `assess_maturity` gives the rest.
pub(super) fn maturity(assessment: &Assessment) -> Maturity {
    Maturity {
        stages: assessment.stage.iter().flat_map(|stage| stage.names.clone()).collect(),
        binding_dimension: assessment.binding_dimension().map(str::to_owned),
        entry_phase: assessment.entry.as_ref().map(|entry| entry.reason.clone()),
        dimensions: assessment
            .dimensions
            .iter()
            .map(|dimension| Dimension { id: dimension.id.clone(), score: Interval::of(dimension.score) })
            .collect(),
        next_question: assessment.next_questions.first().map(|next| next.text.clone()),
    }
}

pub(super) fn text(review: &Review, plan: &Plan, id: &str, changes: Option<&Changes>) -> String {
    let mut text = format!("**Ready for agents: {}**\n\n", review.verdict.words());
    if let Some(binding) = &review.binding {
        let _ = writeln!(text, "Binding constraint ({}): {}.", binding.area.name(), binding.reason);
        let _ = writeln!(text, "Next step: {}.\n", binding.next_step);
    }
    for part in &review.parts {
        let verdict = part.verdict.map_or(String::new(), |verdict| format!(" {}:", verdict.words()));
        let missing = part.missing.as_ref().map(|missing| format!(" ({missing})")).unwrap_or_default();
        let _ = writeln!(text, "- **{}**{verdict} {}{missing}", part.area.name(), part.headline);
    }
    let with = |verdict: Deployability| plan.workflows.iter().filter(|one| one.verdict == verdict).count();
    let _ = writeln!(
        text,
        "- **workflows** {} deployable, {} blocked, {} unknown",
        with(Deployability::Deployable),
        with(Deployability::Blocked),
        with(Deployability::Unknown)
    );
    if !review.claims.is_empty() {
        text.push_str("\nClaims against evidence:\n");
        for claim in review.claims.iter().take(5) {
            let _ = writeln!(text, "- {}", claim.sentence);
        }
    }
    if !review.steps.is_empty() {
        text.push_str("\nNext steps:\n");
        for (at, step) in review.steps.iter().take(5).enumerate() {
            let _ = writeln!(text, "{}. {} ({}): {}", at + 1, step.action, step.owner_role, step.because);
        }
    }
    if let Some(changes) = changes {
        let _ = writeln!(text, "\n{}", changes.sentence());
    }
    let _ =
        writeln!(text, "\n{} findings. The whole review: revarch://reviews/{id}.md", review.findings.len());
    text
}
