//! How good and how safe are these servers for an agent?
//!
//! Each server is graded by rules that name themselves: the quality of its tools' descriptions, its manners
//! in the protocol, what makes it dangerous, what it costs in context, and which clients it would break. What
//! only the set shows, such as two tools of one name or a way for private data to leave, is found over all
//! servers that one agent would hold.
//!
//! # Design
//!
//! Texts of servers are data. They are matched against fixed phrases, quoted in part with what does not show
//! made visible, and never obeyed. No rule reads the meaning of a text, so a grade is a floor for attention
//! and no certificate.

mod config;
mod cost;
mod injection;
mod limits;
mod package;
mod protocol;
mod quality;
mod rules;
mod schema;
mod set;

pub use config::{Configured, Credential, Launch};
pub use cost::Cost;
pub use limits::{Breach, ClientLimit, LimitKind, client_limits};
pub use protocol::{Criterion, ProtocolGrade};
pub use quality::{Dimension, Quality, Tier, ToolQuality};
pub use rules::{RULES, Rule};

use super::{change::ListChanges, inspection::Inspection, security::SuspicionKind, tools_list::ToolsList};
use crate::{
    finding::{Finding, Severity, Subject},
    provenance::Provenance,
};
use std::fmt::Write as _;

/// A server whose list of tools is at hand, and what else is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    /// The name it goes by in the client.
    pub server: &'a str,
    /// Its tools.
    pub list: &'a ToolsList,
    /// What they show.
    pub inspection: &'a Inspection,
    /// What the connection showed; nothing where a list was handed in.
    pub session: &'a Session,
    /// How it is configured; nothing where that is not known.
    pub config: Option<&'a Configured>,
}

/// What a connection showed. What was not looked at is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The version of the protocol that was agreed on, such as `2025-11-25`.
    pub protocol_version: Option<String>,
    /// What the server tells the model about itself.
    pub instructions: Option<String>,
    /// Pages that the list of tools came in.
    pub pages: Option<u32>,
    /// Whether a call that the operator allowed gave a structured result.
    pub structured_results: Option<bool>,
    /// Whether it listed its tools to a stranger.
    pub answered_without_credentials: Option<bool>,
    /// The scopes that the credentials carry.
    pub scopes: Vec<String>,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFinding {
    /// The rule.
    pub rule: Rule,
    /// The server; the servers, joined by commas, where the set shows it.
    pub server: String,
    /// The tool, where it is one tool's.
    pub tool: Option<String>,
    /// What was seen. Secrets and invisible characters do not stand in it.
    pub evidence: String,
}

/// One server's grades.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerGrade {
    /// The server.
    pub server: String,
    /// Its tools' descriptions; none when it lists no tool.
    pub quality: Option<Quality>,
    /// Its manners.
    pub protocol: ProtocolGrade,
    /// What its list costs.
    pub cost: Cost,
    /// The clients' limits that it breaks.
    pub breaches: Vec<Breach>,
}

/// The grades of a set of servers that one agent would hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Grades {
    /// Each server.
    pub servers: Vec<ServerGrade>,
    /// The limits that only the set breaks.
    pub breaches: Vec<Breach>,
    /// What was found, the gravest first.
    pub findings: Vec<RuleFinding>,
    /// What all lists cost together.
    pub context_tokens: usize,
}

impl RuleFinding {
    /// The finding in the shape that all audits share. Its id is equal across runs, so that reviews can be
    /// compared: it holds the rule, the server and the tool, and not the evidence.
    pub fn told(&self, provenance: Provenance) -> Finding {
        let Self { rule, server, tool, evidence } = self;
        let place = tool.as_ref().map(|tool| format!(".{tool}")).unwrap_or_default();
        let is_security = rule.id.starts_with("security.");
        Finding {
            id: format!("mcp.{}.{server}{place}", rule.id),
            severity: rule.severity,
            subject: Subject { entity: None, table: Some(server.clone()), column: tool.clone() },
            what_found: format!("{}: {evidence}", rule.title),
            why_it_blocks: rule.hinders().to_owned(),
            fix: vec![rule.fix.to_owned()],
            affected_rows: None,
            scanned_rows: None,
            evidence_query: None,
            owner_role: if is_security { "security" } else { "revenue operations" }.to_owned(),
            retest: "run audit_mcp_coverage again with the server's tools/list".to_owned(),
            provenance,
        }
    }
}

/// What changed in a server's tools since the last audit, as findings.
pub fn changed(server: &str, changes: &ListChanges) -> Vec<RuleFinding> {
    let found = |rule: Rule, tool: Option<&str>, evidence: String| RuleFinding {
        rule,
        server: server.to_owned(),
        tool: tool.map(|name| shown(name, 80)),
        evidence,
    };
    let ListChanges { added, removed, changed } = changes;
    let mut findings: Vec<RuleFinding> = changed
        .iter()
        .map(|change| {
            let parts: Vec<&str> = change.parts.iter().map(|part| part.name()).collect();
            let told = format!("changed: {}", parts.join(", "));
            // Icons and the like say nothing to a model.
            let is_telling = change.parts.iter().any(|part| part.is_read_by_models());
            let rule = if is_telling { rules::CHANGED_DEFINITION } else { rules::CHANGED_LIST };
            found(rule, Some(&change.tool), told)
        })
        .collect();
    for (what, tools) in [("new", added), ("gone", removed)] {
        if !tools.is_empty() {
            let names: Vec<&str> = tools.iter().map(String::as_str).collect();
            findings.push(found(rules::CHANGED_LIST, None, format!("{what}: {}", some_of(&names))));
        }
    }
    findings
}

impl Grades {
    /// Whether nothing graver than `severity` was found.
    pub fn is_clear_of(&self, severity: Severity) -> bool {
        self.findings.iter().all(|finding| finding.rule.severity > severity)
    }
}

/// Grades servers that one agent would hold. `count_tokens` is the caller's tokenizer.
pub fn grade(servers: &[Served<'_>], count_tokens: &dyn Fn(&str) -> usize) -> Grades {
    let mut findings = Vec::new();
    let grades: Vec<ServerGrade> =
        servers.iter().map(|served| grade_one(served, count_tokens, &mut findings)).collect();
    let (breaches, told) = limits::over_set(servers);
    findings.extend(told);
    findings.extend(set::findings(servers));
    findings.sort_by(|a, b| {
        (a.rule.severity, a.rule.id, &a.server, &a.tool, &a.evidence).cmp(&(
            b.rule.severity,
            b.rule.id,
            &b.server,
            &b.tool,
            &b.evidence,
        ))
    });
    findings.dedup();
    let context_tokens = grades.iter().map(|grade| grade.cost.tokens).sum();
    Grades { servers: grades, breaches, findings, context_tokens }
}

fn grade_one(
    served: &Served<'_>,
    count_tokens: &dyn Fn(&str) -> usize,
    findings: &mut Vec<RuleFinding>,
) -> ServerGrade {
    let (quality, told) = quality::grade(served);
    findings.extend(told);
    let (protocol, told) = protocol::grade(served);
    findings.extend(told);
    let (cost, told) = cost::of(served, count_tokens);
    findings.extend(told);
    let (breaches, told) = limits::over_server(served);
    findings.extend(told);
    findings.extend(injection::findings(served));
    findings.extend(suspicions(served));
    findings.extend(config::findings(served));
    ServerGrade { server: served.server.to_owned(), quality, protocol, cost, breaches }
}

/// What the inspection holds suspicious; texts are the injection rules' part.
fn suspicions(served: &Served<'_>) -> Vec<RuleFinding> {
    let mut findings = Vec::new();
    for suspicion in &served.inspection.suspicions {
        let rule = match suspicion.kind {
            SuspicionKind::UnderstatedEffect => rules::UNDERSTATED_EFFECT,
            SuspicionKind::UnmarkedDestructive => rules::UNMARKED_DESTRUCTIVE,
            SuspicionKind::DuplicateName => rules::DUPLICATE_NAME,
            SuspicionKind::HiddenUnicode | SuspicionKind::InstructionToModel => continue,
        };
        findings.push(served.found(rule, Some(&suspicion.tool), suspicion.detail.clone()));
    }
    let opaque = served.inspection.mapped.iter().filter(|tool| tool.opaque);
    findings.extend(opaque.map(|tool| {
        let told = "its name says that it passes calls through, so no rule can tell what it does";
        served.found(rules::ANY_CALL, Some(&tool.tool), told.to_owned())
    }));
    findings
}

impl Served<'_> {
    fn found(&self, rule: Rule, tool: Option<&str>, evidence: String) -> RuleFinding {
        RuleFinding { rule, server: self.server.to_owned(), tool: tool.map(|name| shown(name, 80)), evidence }
    }
}

/// A server's text as it may be shown: in part, with what does not show made visible.
fn shown(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (count, letter) in text.chars().enumerate() {
        if count == most {
            out.push('…');
            break;
        }
        if letter.is_control() || injection::is_hidden(letter) {
            let _ = write!(out, "<U+{:04X}>", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out
}

/// A few names, and how many more there are.
fn some_of(names: &[&str]) -> String {
    let first: Vec<String> = names.iter().take(5).map(|name| format!("`{}`", shown(name, 60))).collect();
    let more = names.len().saturating_sub(5);
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

#[cfg(test)]
mod tests;
