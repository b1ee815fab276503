//! What a plan rests on: measured now, or kept by a review.

use super::{Input, unread};
use crate::{
    Context, ToolError, assess_maturity, audit_mcp_coverage, check_data_readiness, plan_workflows,
    wire::one_line,
};
use revarch_domain::{
    roadmap::Situation,
    workflow::{Access, DataState},
};
use revarch_store::ReviewRecord;
use serde::de::DeserializeOwned;

/// Where the stored JSON of a review keeps what a plan rests on.
pub(crate) const SITUATION: &str = "situation";
/// Reviews looked at for one that can be planned from.
const LOOKED_AT: u32 = 20;

/// What is known, and where it comes from.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) situation: Situation,
    pub(super) data: Option<DataState>,
    pub(super) access: Option<Access>,
    /// Where each part comes from, or what would bring it.
    pub(super) from: From,
    /// Names in `platforms` that the catalog does not know.
    pub(super) unresolved: Vec<String>,
}

/// Where each part comes from.
#[derive(Debug, Default)]
pub(super) struct From {
    pub(super) data: String,
    pub(super) stack: String,
    pub(super) maturity: String,
}

impl Known {
    pub(super) async fn find(input: &Input, context: &Context) -> Result<Self, ToolError> {
        let Input { review, platforms, tools_lists, answers, .. } = input;
        let has_stack = !platforms.is_empty() || !tools_lists.is_empty();
        if let Some(id) = review {
            if has_stack || !answers.is_empty() {
                let message = "`review` is given together with something to measure now";
                return Err(ToolError::input(message)
                    .hint("leave `platforms`, `tools_lists` and `answers` out to plan from the review alone")
                    .hint("leave `review` out to measure now"));
            }
            return of_review(id, context).await;
        }
        let has_data = !context.tables.all().is_empty() || !context.tables.problems().is_empty();
        if !has_data && !has_stack && answers.is_empty() {
            let reviews = context.store.reviews(LOOKED_AT).await.map_err(|error| unread(&error))?;
            if let Some(known) = reviews.iter().find_map(kept) {
                return Ok(known);
            }
        }
        measured(input, has_data, has_stack, context).await
    }
}

/// Measures what can be measured now.
async fn measured(
    input: &Input,
    has_data: bool,
    has_stack: bool,
    context: &Context,
) -> Result<Known, ToolError> {
    let Input { platforms, tools_lists, answers, .. } = input;
    let mut from = From {
        data: "not measured: start revarch with --data DIR".to_owned(),
        stack: "not measured: name the platforms of the stack in `platforms`".to_owned(),
        maturity: "not assessed: answer the questions of assess_maturity in `answers`".to_owned(),
    };
    let mut readiness = None;
    if has_data {
        let asked = check_data_readiness::Asked::default();
        readiness = Some(check_data_readiness::measure(context, &context.readiness, asked).await?.readiness);
        "measured now".clone_into(&mut from.data);
    }
    let mut unresolved = Vec::new();
    let mut audit = None;
    if has_stack {
        let survey = audit_mcp_coverage::survey(platforms, tools_lists, &[], context).await?;
        unresolved = survey.unresolved;
        audit = Some(survey.audit);
        "audited now".clone_into(&mut from.stack);
    }
    let of_data = readiness.iter().flat_map(|readiness| readiness.measures.iter().copied());
    let of_stack = audit.iter().flat_map(|audit| &audit.summaries).filter_map(|summary| summary.measure);
    let measures: Vec<_> = of_data.chain(of_stack).collect();
    let mut assessment = None;
    if !answers.is_empty() || !measures.is_empty() {
        assessment = Some(assess_maturity::assess(answers.clone(), &measures, context)?);
        from.maturity = format!("assessed now from {} answers and what was measured", answers.len());
    }
    Ok(Known {
        situation: Situation::of(readiness.as_ref(), audit.as_ref(), assessment.as_ref()),
        data: readiness.as_ref().map(DataState::of),
        access: audit.as_ref().map(|audit| Access::of(audit, &context.workflows, false)),
        from,
        unresolved,
    })
}

async fn of_review(id: &str, context: &Context) -> Result<Known, ToolError> {
    let told = one_line(id, 80);
    let record = context.store.review(id).await.map_err(|error| unread(&error))?;
    let Some(record) = record else {
        return Err(ToolError::input(format!("there is no review `{told}`"))
            .hint("leave `review` out to measure now, or call review_architecture to make one"));
    };
    kept(&record).ok_or_else(|| {
        ToolError::input(format!("the review `{told}` was made by a version that kept nothing to plan from"))
            .hint("call review_architecture again, and plan from that review")
    })
}

/// What a review keeps.
fn kept(review: &ReviewRecord) -> Option<Known> {
    let day = &review.made_at.to_string()[..10];
    let from = format!("review {} of {}, {day}", review.id, one_line(&review.subject, 120));
    Some(Known {
        situation: part(review, SITUATION)?,
        data: part(review, plan_workflows::DATA),
        access: part(review, plan_workflows::ACCESS),
        from: From { data: from.clone(), stack: from.clone(), maturity: from },
        unresolved: Vec::new(),
    })
}

fn part<T: DeserializeOwned>(review: &ReviewRecord, key: &str) -> Option<T> {
    serde_json::from_value(review.json.get(key)?.clone()).ok()
}
