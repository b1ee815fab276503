//! All of it in one review: measured, held against what was said, stored, and compared with the last.

mod changes;
mod earlier;
mod history;
mod output;
#[cfg(test)]
mod tests;

pub use earlier::changes_of;
pub use history::{History, Trends, history, trends};
pub use output::Output;

use crate::{
    Answer, Context, ErrorKind, Tool, ToolError, Toolset,
    assess_maturity::{self, Reply},
    audit_mcp_coverage::{self, PastedList},
    check_data_readiness, plan_roadmap, plan_workflows,
    score_leads::{self, ScoreLeads},
    shapes,
    wire::ResponseFormat,
};
use changes::Changes;
use earlier::Earlier;
use revarch_domain::{
    measure::Measure,
    readiness::facts::Shape,
    review::{Inputs, LeadResult, MadeWith, Outcome, Snapshot, compare, review},
    roadmap::Situation,
    workflow::{Access, DataState},
};
use revarch_report::{Heading, markdown};
use revarch_store::{EvidenceRecord, ReviewRecord};
use schemars::JsonSchema;
use serde::Deserialize;

/// The longest name of what is reviewed.
const LONGEST_SUBJECT: usize = 120;

/// The tool.
pub struct ReviewArchitecture;

/// Arguments of `review_architecture`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// What is reviewed; reviews of the same subject are compared. Default "the revenue stack".
    pub subject: Option<String>,
    /// The id of the earlier review to compare with; the last one of the same subject unless given.
    pub compare_with: Option<String>,
    /// The platforms of the stack, named as people name them. Without them coverage is unknown.
    pub platforms: Vec<String>,
    /// `tools/list` answers of servers in the stack; they outrank the catalog.
    pub tools_lists: Vec<PastedList>,
    /// What people said to the questions of the maturity lens. Without them maturity rests on measurements alone.
    pub answers: Vec<Reply>,
    /// The table of leads to train a score on, where several have an outcome.
    pub lead_table: Option<String>,
    /// The column of that table that says whether a lead converted, where it is not recognised.
    pub lead_outcome: Option<String>,
    /// `concise` (default) gives the gravest findings; `detailed` gives all.
    pub response_format: ResponseFormat,
}

impl Tool for ReviewArchitecture {
    const NAME: &'static str = "review_architecture";
    const TITLE: &'static str = "Review the architecture";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    const READ_ONLY: bool = false;
    const LONG: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let Input {
            subject,
            compare_with,
            platforms,
            tools_lists,
            answers,
            lead_table,
            lead_outcome,
            response_format,
        } = input;
        let leads_input = score_leads::Input::over(lead_table, lead_outcome);
        let subject = usable(subject)?;
        let has_data = !context.tables.all().is_empty() || !context.tables.problems().is_empty();
        let has_stack = !platforms.is_empty() || !tools_lists.is_empty();
        if !has_data && !has_stack && answers.is_empty() {
            return Err(ToolError::input(
                "nothing to review: no data folder, no platform and no answer is given",
            )
            .hint("start revarch with --data DIR, or give `platforms`, such as [\"Salesforce\", \"Marketo\"]")
            .hint("call assess_maturity without arguments for the questions to ask"));
        }
        // Before anything is measured, so that a slip in the id costs nothing.
        let earlier = Earlier::find(compare_with.as_deref(), &subject, context).await?;
        let mut shapes: Vec<Shape> = Vec::new();
        let mut made_with = MadeWith::default();
        let readiness = if has_data {
            let asked = check_data_readiness::Asked { subject: Some(subject.clone()), ..Default::default() };
            let checked = check_data_readiness::measure(context, &context.readiness, asked).await?;
            shapes = checked.facts.tables.iter().map(Shape::of).collect();
            let tables = checked.facts.tables.iter().map(|table| table.profile.name.clone());
            made_with = MadeWith::of(tables.collect(), &context.readiness);
            Ok(checked.readiness)
        } else {
            Err("start revarch with --data DIR, a folder of CRM tables".to_owned())
        };
        let leads = if has_data {
            leads(leads_input, context).await?
        } else {
            Err("give a table of leads with their outcome".to_owned())
        };
        let mut unresolved = Vec::new();
        let coverage = if has_stack {
            let survey = audit_mcp_coverage::survey(&platforms, &tools_lists, &[], context).await?;
            unresolved = survey.unresolved;
            Ok(survey.audit)
        } else {
            Err("name the platforms of the stack in `platforms`".to_owned())
        };
        let mut measures: Vec<Measure> =
            readiness.iter().flat_map(|readiness| readiness.measures.clone()).collect();
        measures
            .extend(coverage.iter().flat_map(|audit| &audit.summaries).filter_map(|summary| summary.measure));
        let maturity = if answers.is_empty() && measures.is_empty() {
            Err("answer the questions of assess_maturity in `answers`".to_owned())
        } else {
            Ok(assess_maturity::assess(answers, &measures, context)?)
        };
        let stage = maturity.as_ref().ok().map(output::maturity);
        let states = States {
            situation: Situation::of(readiness.as_ref().ok(), coverage.as_ref().ok(), maturity.as_ref().ok()),
            data: readiness.as_ref().ok().map(DataState::of),
            access: coverage.as_ref().ok().map(|audit| Access::of(audit, &context.workflows, false)),
        };
        let plan =
            plan_workflows::of_review(&context.workflows, states.data.as_ref(), states.access.as_ref());

        let review = review(Inputs { readiness, leads, coverage, maturity, made_with });
        let snapshot = Snapshot::of(&review);
        let changes = earlier.snapshot().map(|before| compare(before, &snapshot));
        let id = id(context.now, &subject, &snapshot)?;
        let heading = Heading { id: &id, made_at: context.now, subject: &subject };
        let page = markdown(&heading, &review, changes.as_ref());
        let page = format!("{}\n\n## Workflows\n\n{}", page.trim_end(), plan_workflows::section(&plan));
        let detailed = response_format == ResponseFormat::Detailed;
        let changes = changes.and_then(|changes| Some(Changes::of(changes, earlier.record()?, detailed)));
        let text = output::text(&review, &plan, &id, changes.as_ref());
        let output = output::wire(
            review,
            output::About {
                id: id.clone(),
                made_at: context.now,
                subject: subject.clone(),
                stage,
                unresolved,
                changes,
                not_compared: earlier.trouble(),
                plan,
            },
            detailed,
        );
        let json = kept(&output, &snapshot, &shapes, &states)?;
        context.store.put_evidence(&evidence(&id, &subject, &snapshot, context.now)?).await?;
        let record = ReviewRecord { id, made_at: context.now, subject, json, markdown: page };
        context.store.save_review(&record).await?;
        Ok(Answer { structured: output, text })
    }
}

/// The name of what is reviewed.
fn usable(subject: Option<String>) -> Result<String, ToolError> {
    let subject = subject.unwrap_or_else(|| "the revenue stack".into());
    if subject.chars().count() > LONGEST_SUBJECT {
        return Err(ToolError::input(format!("the subject is longer than {LONGEST_SUBJECT} characters"))
            .hint("give a name, such as the company's"));
    }
    Ok(subject)
}

/// A lead score trained on what converted before, where a labelled table allows it.
async fn leads(input: score_leads::Input, context: &Context) -> Result<Outcome<LeadResult>, ToolError> {
    match ScoreLeads::call(input, context).await {
        Ok(answer) => Ok(Ok(LeadResult { summary: answer.structured.summary })),
        Err(error) if matches!(error.kind, ErrorKind::Input | ErrorKind::Data) => Ok(Err(format!(
            "{}; {}",
            error.message.replace("name `table`", "name `lead_table`"),
            error.hints.join("; ")
        ))),
        Err(error) => Err(error),
    }
}

/// Where the stored JSON keeps what the next review is compared with.
const SNAPSHOT: &str = "snapshot";

/// What `plan_workflows` and `plan_roadmap` take from a review.
struct States {
    situation: Situation,
    data: Option<DataState>,
    access: Option<Access>,
}

fn kept(
    output: &Output,
    snapshot: &Snapshot,
    shapes: &[Shape],
    states: &States,
) -> Result<serde_json::Value, ToolError> {
    let mut json = serde_json::to_value(output).map_err(|error| unwritable(&error))?;
    json[SNAPSHOT] = serde_json::to_value(snapshot).map_err(|error| unwritable(&error))?;
    json[shapes::KEY] = serde_json::to_value(shapes).map_err(|error| unwritable(&error))?;
    json[plan_roadmap::SITUATION] =
        serde_json::to_value(&states.situation).map_err(|error| unwritable(&error))?;
    json[plan_workflows::DATA] = serde_json::to_value(&states.data).map_err(|error| unwritable(&error))?;
    json[plan_workflows::ACCESS] =
        serde_json::to_value(&states.access).map_err(|error| unwritable(&error))?;
    Ok(json)
}

/// An id that the same review at the same time gets again.
fn id(now: jiff::Timestamp, subject: &str, snapshot: &Snapshot) -> Result<String, ToolError> {
    let content = serde_json::to_string(&(now, subject, snapshot)).map_err(|error| unwritable(&error))?;
    let digest = revarch_domain::fingerprint::sha256_hex(content.as_bytes());
    let day = now.to_string()[..10].replace('-', "");
    Ok(format!("{day}-{}", &digest[..8]))
}

fn unwritable(error: &serde_json::Error) -> ToolError {
    ToolError::new(ErrorKind::Internal, format!("cannot write the review: {error}"))
}

/// What was measured, so that other tools can weigh it without measuring again.
fn evidence(
    id: &str,
    subject: &str,
    snapshot: &Snapshot,
    measured_at: jiff::Timestamp,
) -> Result<Vec<EvidenceRecord>, ToolError> {
    let measures = snapshot.measures.iter().map(|(name, taken)| {
        Ok(EvidenceRecord {
            subject: subject.to_owned(),
            name: name.clone(),
            source: format!("review {id}"),
            measured_at,
            value: serde_json::to_value(taken).map_err(|error| unwritable(&error))?,
        })
    });
    measures.collect()
}
