//! A server's manners in the protocol.

use super::{RuleFinding, Served, rules, schema, some_of};

/// The oldest version with safety hints and streamable HTTP.
const OLDEST_WITH_HINTS: &str = "2025-03-26";
/// The oldest version with structured results.
const OLDEST_STRUCTURED: &str = "2025-06-18";
/// The share of tools from which a manner counts as kept.
const KEPT: f64 = 0.9;
/// The share of tools without output schemas from which it is told.
const FEW_OUTPUT_SCHEMAS: f64 = 0.5;
/// Tools in one page from which a list should have pages.
const LONG_PAGE: usize = 100;

/// One thing that a well-mannered server does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its name.
    pub id: &'static str,
    /// Whether it is met; nothing where that was not seen.
    pub met: Option<bool>,
    /// What was seen.
    pub told: String,
}

/// A server's manners.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtocolGrade {
    /// The version that was agreed on.
    pub version: Option<String>,
    /// What was looked at.
    pub criteria: Vec<Criterion>,
    /// The share of the criteria seen that are met; nothing where none was seen.
    pub score: Option<f64>,
}

pub(super) fn grade(served: &Served<'_>) -> (ProtocolGrade, Vec<RuleFinding>) {
    let tools = &served.list.tools;
    let session = served.session;
    let mut findings = Vec::new();
    let version = session.protocol_version.as_deref();
    let share = |count: usize| (!tools.is_empty()).then(|| count as f64 / tools.len() as f64);
    let shapes: Vec<schema::Shape> = tools.iter().map(|tool| schema::shape(&tool.input_schema)).collect();
    let names = |wanted: &dyn Fn(&schema::Shape) -> bool| -> Vec<&str> {
        let found = tools.iter().zip(&shapes).filter(|(_, shape)| wanted(shape));
        found.map(|(tool, _)| tool.name.as_str()).collect()
    };
    let odd = names(&|shape| !shape.is_object);
    let circular = names(&|shape| shape.is_circular);
    let hints = share(served.inspection.annotated);
    let outputs = share(served.inspection.with_output_schema);
    let one_page = session.pages.map_or(!served.list.has_more_pages, |pages| pages <= 1);
    let is_paged = session.pages.map(|_| !(one_page && tools.len() > LONG_PAGE));
    let is_current = version.map(|version| version >= OLDEST_STRUCTURED);
    if version.is_some_and(|version| version < OLDEST_WITH_HINTS) {
        let told =
            format!("agreed on {}, older than {OLDEST_WITH_HINTS}", super::shown(version.unwrap_or(""), 20));
        findings.push(served.found(rules::OLD_VERSION, None, told));
    }
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    if let Some(hints) = hints.filter(|hints| *hints < KEPT) {
        let told = format!("{} of {} tools set a hint", percent(hints), tools.len());
        findings.push(served.found(rules::NO_HINTS, None, told));
    }
    if let Some(outputs) = outputs.filter(|outputs| *outputs < FEW_OUTPUT_SCHEMAS) {
        let told = format!("{} of {} tools say what they return", percent(outputs), tools.len());
        findings.push(served.found(rules::NO_OUTPUT_SCHEMA, None, told));
    }
    if !odd.is_empty() {
        findings.push(served.found(rules::NOT_AN_OBJECT_SCHEMA, None, some_of(&odd)));
    }
    if !circular.is_empty() {
        findings.push(served.found(rules::CIRCULAR_REFERENCE, None, some_of(&circular)));
    }
    if is_paged == Some(false) {
        findings.push(served.found(rules::UNPAGED, None, format!("{} tools in one page", tools.len())));
    }
    let told_share = |share: Option<f64>| share.map_or("no tool listed".to_owned(), percent);
    let criterion = |id: &'static str, met: Option<bool>, told: String| Criterion { id, met, told };
    let seen =
        |value: Option<bool>| value.map_or("not seen", |yes| if yes { "yes" } else { "no" }).to_owned();
    let has_tools = !tools.is_empty();
    let criteria = vec![
        criterion(
            "current_version",
            is_current,
            version.map_or("not seen".to_owned(), |v| super::shown(v, 20)),
        ),
        criterion("hints", hints.map(|share| share >= KEPT), told_share(hints)),
        criterion("output_schemas", outputs.map(|share| share >= FEW_OUTPUT_SCHEMAS), told_share(outputs)),
        criterion("structured_results", session.structured_results, seen(session.structured_results)),
        criterion("object_schemas", has_tools.then_some(odd.is_empty()), format!("{} are none", odd.len())),
        criterion(
            "no_circles",
            has_tools.then_some(circular.is_empty()),
            format!("{} circular", circular.len()),
        ),
        criterion(
            "pagination",
            is_paged,
            session.pages.map_or("not seen".to_owned(), |n| format!("{n} page(s)")),
        ),
    ];
    let known: Vec<bool> = criteria.iter().filter_map(|criterion| criterion.met).collect();
    let met = known.iter().filter(|met| **met).count();
    let score = (!known.is_empty()).then(|| met as f64 / known.len() as f64);
    (ProtocolGrade { version: version.map(str::to_owned), criteria, score }, findings)
}
