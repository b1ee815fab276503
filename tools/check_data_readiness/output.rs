//! The result of `check_data_readiness`.

use super::Checked;
use crate::{
    ToolError,
    confirm::Settled,
    describe_data::{OpenQuestionOut, open_questions},
    page::Window,
    wire::{Finding, Interval, Measure, Provenance, Verdict},
};
use revarch_domain::{
    readiness::{self, HandBack, Lens, Readiness},
    verdict,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Findings in the concise form; the gravest come first.
const FINDINGS_SHOWN: usize = 15;

/// Checks of a question in the concise form: what failed, then what is open.
const CHECKS_SHOWN: usize = 12;

/// Queries in the concise form.
const QUERIES_SHOWN: usize = 5;

/// Whether agents can rely on the data.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// All four questions together: ready only if each is.
    pub verdict: Verdict,
    /// What holds the whole back most, and the next thing to mend or measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_constraint: Option<Binding>,
    /// Whether the data would bear each of the agentic workflows. The operations they need of MCP servers are judged by
    /// `audit_mcp_coverage`.
    pub workflows: Vec<Workflow>,
    /// The four questions with their evidence.
    pub questions: Vec<Question>,
    /// The same checks counted by entity.
    pub entities: Vec<Entity>,
    /// What to mend, the gravest first.
    pub findings: Vec<Finding>,
    /// Findings there are, of which the concise form shows the first.
    pub findings_total: u64,
    /// The queries worth running where the records are, the most telling first. Hand the answers back as `aggregates`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub next_queries: Vec<NextQuery>,
    /// How each table of behavioural events flows.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub flows: Vec<Flow>,
    /// What exactly was scanned, and what was not.
    pub scanned: Scanned,
    /// Guesses about tables and columns that are not sure and that nobody confirmed. None of them is used.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub open_questions: Vec<OpenQuestionOut>,
    /// Numbers to pass to `assess_maturity` as `evidence`.
    pub measures: Vec<Measure>,
    /// Where the guide behind the questions says nothing or contradicts itself, and what was done.
    pub notes: Vec<String>,
    /// Pass it as `cursor` to see more checks and findings (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One agentic workflow, as far as the data goes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Workflow {
    /// The workflow's name.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Whether the data would bear it.
    pub verdict: Verdict,
    /// The failed checks that block it, by id.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub blocked_by: Vec<String>,
    /// What is not known: checks by id, and needs that nothing is known of.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub open: Vec<String>,
    /// What holds it back most, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
    /// Whose the list of needs is: authored (revarch's), or the operator's lens.
    pub needs_from: Provenance,
}

/// A query worth running where the records are.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextQuery {
    /// salesforce, hubspot or warehouse.
    pub system: String,
    /// soql, `hubspot_search` (the body of a CRM search) or sql.
    pub language: String,
    /// The object it is asked of, where the query does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Counts the filled records.
    pub query: String,
    /// Counts all records, where the first does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_query: Option<String>,
    /// Which part of the answer is the count.
    pub read: String,
    /// The check it settles, by id.
    pub settles: String,
    /// Why it stands where it does in the list.
    pub reason: String,
    /// The aggregate to hand back, `filled` and `total` to be added.
    pub hand_back: HandBackOut,
}

/// The part of an aggregate that is known before the query has run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HandBackOut {
    /// The entity that is counted.
    pub entity: String,
    /// The field as its system names it.
    pub field: String,
    /// What the field is for.
    pub role: String,
}

/// How a table of behavioural events flows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Flow {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// How many types of event there are; absent where no column tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct_types: Option<u64>,
    /// Share of rows that join to a known person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_person: Option<f64>,
    /// Hours until half of the rows have arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_p50_hours: Option<f64>,
    /// Hours until 95% of the rows have arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_p95_hours: Option<f64>,
    /// Days since the newest event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<f64>,
}

/// What the verdicts rest on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scanned {
    /// Tables read, whole or in part.
    pub tables: u64,
    /// Rows read in them.
    pub rows: u64,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Counts that were handed in.
    pub aggregates: u64,
    /// What was not read, each with its place and reason. Absent where everything was read.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub left_out: Vec<String>,
    /// Tables of which no earlier shape is stored, so that nothing is said of how they changed.
    pub without_earlier_shape: u64,
}

/// What holds the whole back most.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Binding {
    /// The question it belongs to.
    pub question: String,
    /// The check.
    pub check: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// One of the four questions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Question {
    /// fields, association, events or `lead_score`.
    pub id: String,
    /// The question in words.
    pub asks: String,
    /// The answer.
    pub verdict: Verdict,
    /// Checks that passed.
    pub passed: u64,
    /// The evidence, failures first; the concise form leaves out what passed.
    pub checks: Vec<Check>,
    /// Failed or open checks that the concise form leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks_left_out: Option<u64>,
    /// What would answer what is still open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_evidence: Option<String>,
}

/// One piece of evidence held against one threshold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// A stable key such as `fill.contacts.email`.
    pub id: String,
    /// What was measured.
    pub what: String,
    /// What it says.
    pub verdict: Verdict,
    /// The measured value; absent where nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its 95% interval, where it is an estimate (Wilson for shares).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// Rows that hold, where it is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Rows it was asked of, where it is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials: Option<u64>,
    /// Whether revarch counted it (measured), somebody handed the count in (attested), or nothing is known.
    pub provenance: Provenance,
    /// What else there is to know of the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The number it is held against.
    pub threshold: f64,
    /// Whose number that is: published (the guide's), authored (revarch's) or attested (yours).
    pub threshold_from: Provenance,
    /// True where a smaller value is better.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub lower_is_better: bool,
}

/// The checks about one kind of record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entity {
    /// account, contact, lead, deal, activity, event and so on.
    pub entity: String,
    /// Its tables.
    pub tables: Vec<String>,
    /// Rows in them.
    pub rows: u64,
    /// The checks of the four questions about it together; unknown where none is. Read it with `grave_findings`.
    pub verdict: Verdict,
    /// Checks passed.
    pub passed: u64,
    /// Checks failed.
    pub failed: u64,
    /// Checks inconclusive or unknown.
    pub open: u64,
    /// Blockers and major findings about it, such as duplicates, beside the questions too.
    pub grave_findings: u64,
}

/// The result; `page` is where the page of the detailed form begins.
pub(crate) fn wire(checked: Checked, lens: &Lens, page: Option<usize>) -> Result<Output, ToolError> {
    let Checked { readiness, facts: _, next, settled } = checked;
    let Settled { tables: _, open, outcome: _ } = settled;
    let Readiness {
        verdict,
        questions,
        entities,
        workflows,
        flows,
        scanned,
        binding,
        findings,
        wanted: _,
        measures,
        checked: _,
    } = readiness;
    let findings_total = findings.len() as u64;
    let detailed = page.is_some();
    let mut questions: Vec<Question> =
        questions.into_iter().map(|question| self::question(question, detailed)).collect();
    let mut findings: Vec<Finding> = if detailed {
        findings.into_iter().map(Finding::of).collect()
    } else {
        findings.into_iter().take(FINDINGS_SHOWN).map(Finding::brief).collect()
    };
    // A page is cut from what is left beside everything that stands on each.
    let paged = page.map(|from| {
        let checks: Vec<Vec<Check>> =
            questions.iter_mut().map(|question| std::mem::take(&mut question.checks)).collect();
        (from, checks, std::mem::take(&mut findings))
    });
    let queries = if detailed { next.len() } else { QUERIES_SHOWN };
    let mut output = Output {
        verdict: Verdict::of(verdict),
        binding_constraint: binding.map(|binding| {
            let readiness::Binding { question, check, reason } = binding;
            Binding { question: question.name().to_owned(), check, reason }
        }),
        workflows: workflows.into_iter().map(workflow).collect(),
        questions,
        entities: entities.into_iter().map(entity).collect(),
        findings,
        findings_total,
        next_queries: next.into_iter().take(queries).map(next_query).collect(),
        flows: flows.into_iter().map(flow).collect(),
        scanned: self::scanned(scanned),
        open_questions: open_questions(&open),
        measures: measures.into_iter().map(Measure::of).collect(),
        notes: lens.origin.cautions.clone(),
        next_cursor: None,
    };
    if let Some((from, checks, findings)) = paged {
        let mut window = Window::beside(&output, from, usize::MAX);
        for (question, checks) in output.questions.iter_mut().zip(checks) {
            question.checks = window.of(checks);
        }
        output.findings = window.of(findings);
        window.check("checks and findings")?;
        output.next_cursor = window.next();
    }
    Ok(output)
}

fn workflow(workflow: readiness::WorkflowReadiness) -> Workflow {
    /// Checks told by name; a stack of tables can have a hundred open ones.
    const TOLD: usize = 10;
    let readiness::WorkflowReadiness {
        id,
        title,
        provenance,
        verdict,
        partly_read: _,
        needs: _,
        checks: _,
        mut blocked_by,
        mut open,
        binding,
    } = workflow;
    for list in [&mut blocked_by, &mut open] {
        let more = list.len().saturating_sub(TOLD);
        list.truncate(TOLD);
        list.extend((more > 0).then(|| format!("and {more} more")));
    }
    Workflow {
        id,
        title,
        verdict: Verdict::of(verdict),
        blocked_by,
        open,
        binding: binding.map(|binding| binding.reason),
        needs_from: Provenance::of(provenance),
    }
}

fn next_query(query: readiness::NextQuery) -> NextQuery {
    let readiness::NextQuery {
        system,
        language,
        object,
        query,
        total_query,
        read,
        settles,
        what: _,
        reason,
        hand_back,
    } = query;
    let HandBack { entity, field, role } = hand_back;
    NextQuery {
        system: system.name().to_owned(),
        language: language.name().to_owned(),
        object,
        query,
        total_query,
        read: read.to_owned(),
        settles,
        reason,
        hand_back: HandBackOut { entity: entity.name().to_owned(), field, role: role.to_string() },
    }
}

fn flow(flow: readiness::Flow) -> Flow {
    let readiness::Flow {
        table,
        rows,
        types: _,
        distinct_types,
        known_person,
        lag_p50_hours,
        lag_p95_hours,
        age_days,
    } = flow;
    Flow { table, rows, distinct_types, known_person, lag_p50_hours, lag_p95_hours, age_days }
}

fn scanned(scope: readiness::Scope) -> Scanned {
    let readiness::Scope { tables, rows, files, bytes, aggregates, left_out, no_earlier_shape } = scope;
    let without_earlier_shape = no_earlier_shape.len() as u64;
    Scanned { tables, rows, files, bytes, aggregates, left_out, without_earlier_shape }
}

fn question(question: readiness::Question, detailed: bool) -> Question {
    let readiness::Question { id, verdict, mut checks, next_evidence } = question;
    let passed = checks.iter().filter(|check| check.verdict == verdict::Verdict::Ready).count();
    checks.sort_by_key(|check| check.verdict != verdict::Verdict::NotReady);
    let mut left_out = 0;
    if !detailed {
        checks.retain(|check| check.verdict != verdict::Verdict::Ready);
        left_out = checks.len().saturating_sub(CHECKS_SHOWN);
        checks.truncate(CHECKS_SHOWN);
    }
    Question {
        id: id.name().to_owned(),
        asks: id.asks().to_owned(),
        verdict: Verdict::of(verdict),
        passed: passed as u64,
        checks: checks.into_iter().map(check).collect(),
        checks_left_out: (left_out > 0).then_some(left_out as u64),
        next_evidence,
    }
}

fn check(check: readiness::Check) -> Check {
    let readiness::Check {
        id,
        entity: _,
        role: _,
        tables: _,
        what,
        value,
        interval,
        counts,
        threshold,
        lower_is_better,
        floor: _,
        verdict,
        provenance,
        note,
    } = check;
    let readiness::Threshold { value: limit, provenance: threshold_from, source: _ } = threshold;
    Check {
        id,
        what,
        verdict: Verdict::of(verdict),
        value,
        interval: interval.map(Interval::of),
        hits: counts.map(|(hits, _)| hits),
        trials: counts.map(|(_, trials)| trials),
        threshold: limit,
        threshold_from: Provenance::of(threshold_from),
        provenance: Provenance::of(provenance),
        note,
        lower_is_better,
    }
}

fn entity(entity: readiness::EntityReadiness) -> Entity {
    let readiness::EntityReadiness { entity, tables, rows, verdict, passed, failed, open, grave_findings } =
        entity;
    Entity {
        entity: entity.name().to_owned(),
        tables,
        rows,
        verdict: Verdict::of(verdict),
        passed: passed as u64,
        failed: failed as u64,
        open: open as u64,
        grave_findings: grave_findings as u64,
    }
}
