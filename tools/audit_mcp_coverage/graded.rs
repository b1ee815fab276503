//! Grades of servers as callers see them.

use super::{compared::Compared, servers::Held};
use crate::wire::one_line;
use revarch_domain::{
    coverage::{
        change::{ToolPrint, prints},
        grade::{
            Breach, Cost, Dimension, ProtocolGrade, Quality, RuleFinding, ServerGrade, Tier, ToolQuality,
        },
        mapping::{MappedTool, Reading as ToolReading},
    },
    finding::Severity,
    fingerprint::sha256_hex,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A server seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServerOut {
    /// Its name: that of the configuration, or the platform's where its list was handed in.
    pub server: String,
    /// The platform it belongs to.
    pub platform: String,
    /// `pasted` by the caller or `inspected` by revarch.
    pub ground: String,
    /// Tools listed.
    pub tools: usize,
    /// Tokens that the list takes in a model's context: name, description and input schema of each tool, counted
    /// with the vocabulary `o200k_base`.
    pub context_tokens: usize,
    /// The tools that take most of them; in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dearest_tools: Vec<String>,
    /// `data`, `documentation` (reaches no records) or `opaque` (every tool takes any call).
    pub class: String,
    /// Whether the list is all there is. If not, what it lacks is unknown rather than absent.
    pub whole: bool,
    /// Tools of which no operation could be read.
    pub unmapped_tools: usize,
    /// How well a model can choose and call its tools; absent when it lists none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<QualityOut>,
    /// Its manners in the protocol.
    pub protocol: ProtocolOut,
    /// What the security rules found in it, counted; the findings tell each.
    pub security: SecurityOut,
    /// Clients whose limits it breaks; the findings tell how.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks_limits_of: Vec<String>,
    /// SHA-256 over all that its tools' definitions hold. When it changes, a definition did.
    pub fingerprint: String,
    /// What became of its tools since they were last audited.
    pub compared: Compared,
    /// What was remarkable on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// Quality of a server's tools, from 1 to 5 by the weights of the Tool Definition Quality Score; the rules are
/// revarch's own.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct QualityOut {
    /// A from 3.5, B from 3, C from 2, else D.
    pub tier: String,
    /// The whole: 0.7 of the tools (0.6 of their mean, 0.4 of the worst) and 0.3 of how they go together.
    pub score: f64,
    /// The mean of its tools.
    pub mean: f64,
    /// How well the tools go together.
    pub coherence: f64,
    /// The worst tool.
    pub worst_tool: String,
    /// Its tier.
    pub worst_tier: String,
}

/// Manners in the protocol.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProtocolOut {
    /// The version that was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Criteria met.
    pub met: Vec<String>,
    /// Criteria not met, each with what was seen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
    /// Criteria that were not looked at; neither met nor unmet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// The share of the criteria seen that are met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

/// Findings of the security rules, counted.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SecurityOut {
    /// That forbid connecting it.
    pub blocker: usize,
    /// That call for a person's approval or a repair.
    pub major: usize,
    /// Worth mending.
    pub minor: usize,
}

/// One tool of a server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolOut {
    /// The server.
    pub server: String,
    /// Its name.
    pub tool: String,
    /// What it was read to offer; nothing where it could not be read.
    pub readings: Vec<ReadingOut>,
    /// True where it takes any call and so tells nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opaque: bool,
    /// Its tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The dimensions of quality on which it scores less than 4, each with its score and reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<String>,
    /// SHA-256 of its whole definition.
    pub sha256: String,
}

/// One operation read from a tool.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReadingOut {
    /// The operation.
    pub operation: String,
    /// What it does to the world.
    pub effect: String,
    /// `high` counts as evidence, `medium` as implied, `low` for nothing.
    pub confidence: String,
    /// The rules that led to it.
    pub rules: Vec<String>,
}

pub(super) fn server(
    held: &Held,
    platform: String,
    grade: &ServerGrade,
    findings: &[RuleFinding],
    compared: Compared,
    detailed: bool,
) -> ServerOut {
    let ServerGrade { server, quality, protocol, cost, breaches } = grade;
    let Cost { tokens, dearest } = cost;
    let dearest = dearest.iter().map(|(tool, tokens)| format!("{tool}: {tokens}"));
    let mut clients: Vec<String> = breaches.iter().map(|Breach { client, .. }| client.clone()).collect();
    clients.dedup();
    let unmapped = held.inspection.mapped.iter().filter(|tool| tool.readings.is_empty()).count();
    ServerOut {
        server: one_line(server, 80),
        platform,
        ground: held.ground.name().to_owned(),
        tools: held.inspection.tools,
        context_tokens: *tokens,
        dearest_tools: if detailed { dearest.collect() } else { Vec::new() },
        class: held.inspection.class.name().to_owned(),
        whole: held.inspection.is_whole,
        unmapped_tools: unmapped,
        quality: quality.as_ref().map(quality_out),
        protocol: protocol_out(protocol),
        security: security(server, findings),
        breaks_limits_of: clients,
        fingerprint: whole_print(&prints(&held.list)),
        compared,
        remarks: held.remarks.iter().map(|remark| one_line(remark, 240)).collect(),
    }
}

fn whole_print(prints: &[ToolPrint]) -> String {
    let all: Vec<String> = prints.iter().map(print).collect();
    sha256_hex(all.concat().as_bytes())
}

fn print(print: &ToolPrint) -> String {
    let ToolPrint { tool, texts, input_schema, output_schema, annotations, rest } = print;
    sha256_hex(
        [tool, texts, input_schema, output_schema, annotations, rest].map(String::as_str).concat().as_bytes(),
    )
}

fn quality_out(quality: &Quality) -> QualityOut {
    let Quality { tools: _, mean, worst: (worst_tool, worst), coherence, score } = quality;
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    QualityOut {
        tier: quality.tier().name().to_owned(),
        score: rounded(*score),
        mean: rounded(*mean),
        coherence: rounded(*coherence),
        worst_tool: one_line(worst_tool, 80),
        worst_tier: Tier::of(*worst).name().to_owned(),
    }
}

fn protocol_out(protocol: &ProtocolGrade) -> ProtocolOut {
    let ProtocolGrade { version, criteria, score } = protocol;
    let with = |wanted: Option<bool>| criteria.iter().filter(move |criterion| criterion.met == wanted);
    ProtocolOut {
        version: version.as_ref().map(|version| one_line(version, 20)),
        met: with(Some(true)).map(|criterion| criterion.id.to_owned()).collect(),
        unmet: with(Some(false)).map(|criterion| format!("{}: {}", criterion.id, criterion.told)).collect(),
        unseen: with(None).map(|criterion| criterion.id.to_owned()).collect(),
        score: score.map(|score| (score * 100.0).round() / 100.0),
    }
}

fn security(server: &str, findings: &[RuleFinding]) -> SecurityOut {
    let mut counts = SecurityOut::default();
    let own = findings.iter().filter(|finding| {
        finding.rule.id.starts_with("security.") && finding.server.split(", ").any(|name| name == server)
    });
    for finding in own {
        match finding.rule.severity {
            Severity::Blocker => counts.blocker += 1,
            Severity::Major => counts.major += 1,
            Severity::Minor => counts.minor += 1,
        }
    }
    counts
}

/// Every tool of a server, in its order.
pub(super) fn tools(held: &Held, grade: &ServerGrade) -> Vec<ToolOut> {
    let graded = grade.quality.iter().flat_map(|quality| &quality.tools);
    let graded: Vec<&ToolQuality> = graded.collect();
    let mapped = held.inspection.mapped.iter().zip(&held.list.tools).enumerate();
    mapped
        .map(|(at, (mapped, listed))| {
            let MappedTool { tool, readings, opaque, verb_alone: _ } = mapped;
            let quality = graded.get(at);
            // A list of one tool has its fingerprint.
            let alone = revarch_domain::coverage::tools_list::ToolsList {
                tools: vec![listed.clone()],
                has_more_pages: false,
            };
            ToolOut {
                server: one_line(&held.server, 80),
                tool: one_line(tool, 80),
                readings: readings.iter().map(reading).collect(),
                opaque: *opaque,
                tier: quality.map(|quality| Tier::of(quality.score).name().to_owned()),
                weak: quality.map(|quality| weak(quality)).unwrap_or_default(),
                sha256: prints(&alone).first().map(print).unwrap_or_default(),
            }
        })
        .collect()
}

fn weak(quality: &ToolQuality) -> Vec<String> {
    let low = quality.scores.iter().filter(|(_, score, _)| *score < 4);
    low.map(|(dimension, score, why): &(Dimension, u32, &str)| format!("{} {score}: {why}", dimension.name()))
        .collect()
}

fn reading(reading: &ToolReading) -> ReadingOut {
    let ToolReading { operation, effect, confidence, rules } = reading;
    ReadingOut {
        operation: operation.to_string(),
        effect: effect.name().to_owned(),
        confidence: confidence.name().to_owned(),
        rules: rules.iter().map(|rule| rule.words().to_owned()).collect(),
    }
}
