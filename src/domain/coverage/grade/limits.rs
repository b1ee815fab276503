//! The limits of the clients that people connect servers to, each with its source and date.

use super::{RuleFinding, Served, rules, schema, shown, some_of};
use crate::coverage::tools_list::ListedTool;
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a limit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Characters of a tool's name, with what the client puts before it.
    NameLength,
    /// Characters that a name may hold.
    NameLetters,
    /// Tools that the client takes, over all servers.
    ToolCount,
    /// Characters of a description.
    DescriptionLength,
    /// References in schemas.
    Reference,
    /// A choice between schemas at the root.
    RootCombinator,
    /// A list of types in place of one type.
    TypeList,
}

/// A client's limit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientLimit {
    /// The client.
    pub client: String,
    /// What it is about.
    pub kind: LimitKind,
    /// The largest number that still works.
    pub most: Option<usize>,
    /// What the client puts before a tool's name; `{server}` stands for the server's.
    #[serde(default)]
    pub prefix: String,
    /// Characters besides letters and digits of ASCII that a name may hold.
    #[serde(default)]
    pub extra: String,
    /// Whether a name has to begin with a letter or an underscore.
    #[serde(default)]
    pub starts: bool,
    /// What happens beyond it.
    pub effect: String,
    /// Where it is told.
    pub source: String,
    /// The day of that.
    pub as_of: Date,
}

/// A limit that a server breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The client.
    pub client: String,
    /// What the limit is about.
    pub kind: LimitKind,
    /// The tools that break it; none where their number does.
    pub tools: Vec<String>,
    /// What was counted against what is allowed, and what happens.
    pub told: String,
    /// Where the limit is told, with its day.
    pub source: String,
}

static LIMITS: LazyLock<Vec<ClientLimit>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("limits.json")).expect("the embedded limits parse: a test reads them")
});

/// The limits of clients that revarch knows of.
pub fn client_limits() -> &'static [ClientLimit] {
    &LIMITS
}

pub(super) fn over_server(served: &Served<'_>) -> (Vec<Breach>, Vec<RuleFinding>) {
    let tools = &served.list.tools;
    let shapes: Vec<schema::Shape> = tools.iter().map(|tool| schema::shape(&tool.input_schema)).collect();
    let mut breaches = Vec::new();
    for limit in client_limits() {
        if limit.kind == LimitKind::ToolCount {
            breaches.extend(too_many(limit, tools.len(), 0));
            continue;
        }
        let breaking: Vec<&str> = tools
            .iter()
            .zip(&shapes)
            .filter(|(tool, shape)| breaks(limit, served.server, tool, shape))
            .map(|(tool, _)| tool.name.as_str())
            .collect();
        if !breaking.is_empty() {
            breaches.push(Breach {
                client: limit.client.clone(),
                kind: limit.kind,
                told: format!("{} of {}: {}", what(limit), some_of(&breaking), limit.effect),
                tools: breaking.iter().map(|name| shown(name, 80)).collect(),
                source: source(limit),
            });
        }
    }
    let findings = breaches.iter().map(|breach| told(served.server, breach)).collect();
    (breaches, findings)
}

/// Limits on the number of tools that no server breaks alone.
pub(super) fn over_set(servers: &[Served<'_>]) -> (Vec<Breach>, Vec<RuleFinding>) {
    let counts: Vec<usize> = servers.iter().map(|served| served.list.tools.len()).collect();
    let largest = counts.iter().copied().max().unwrap_or(0);
    let counted = client_limits().iter().filter(|limit| limit.kind == LimitKind::ToolCount);
    let breaches: Vec<Breach> =
        counted.filter_map(|limit| too_many(limit, counts.iter().sum(), largest)).collect();
    let mut names: Vec<&str> = servers.iter().map(|served| served.server).collect();
    names.sort_unstable();
    let findings = breaches.iter().map(|breach| told(&names.join(", "), breach)).collect();
    (breaches, findings)
}

/// The breach by so many tools, unless a part of them breaks the limit by itself.
fn too_many(limit: &ClientLimit, tools: usize, part: usize) -> Option<Breach> {
    let most = limit.most?;
    (tools > most && part <= most).then(|| Breach {
        client: limit.client.clone(),
        kind: limit.kind,
        tools: Vec::new(),
        told: format!("{tools} tools, and {most} are taken: {}", limit.effect),
        source: source(limit),
    })
}

fn told(server: &str, breach: &Breach) -> RuleFinding {
    RuleFinding {
        rule: rules::CLIENT_LIMIT,
        server: server.to_owned(),
        tool: None,
        evidence: format!("{}: {} ({})", breach.client, breach.told, breach.source),
    }
}

fn source(limit: &ClientLimit) -> String {
    format!("{}, {}", limit.source, limit.as_of)
}

fn what(limit: &ClientLimit) -> String {
    let most = limit.most.unwrap_or(0);
    match limit.kind {
        LimitKind::NameLength if limit.prefix.is_empty() => {
            format!("more than {most} characters in the name")
        }
        LimitKind::NameLength => format!("more than {most} characters in the name with the server's"),
        LimitKind::NameLetters => {
            format!("letters in the name that are neither ASCII nor one of `{}`", limit.extra)
        }
        LimitKind::ToolCount => format!("more than {most} tools"),
        LimitKind::DescriptionLength => format!("more than {most} characters in the description"),
        LimitKind::Reference => "a `$ref` in a schema".to_owned(),
        LimitKind::RootCombinator => "`oneOf`, `anyOf` or `allOf` at the root of the input schema".to_owned(),
        LimitKind::TypeList => "a list of types in a schema".to_owned(),
    }
}

fn breaks(limit: &ClientLimit, server: &str, tool: &ListedTool, shape: &schema::Shape) -> bool {
    let longer = |count: usize| limit.most.is_some_and(|most| count > most);
    let output = || schema::shape(tool.raw.get("outputSchema").unwrap_or(&serde_json::Value::Null));
    match limit.kind {
        LimitKind::NameLength => {
            let prefix = limit.prefix.replace("{server}", server);
            longer(prefix.chars().count() + tool.name.chars().count())
        }
        LimitKind::NameLetters => {
            let is_fine = |letter: char| letter.is_ascii_alphanumeric() || limit.extra.contains(letter);
            let starts = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
            !tool.name.chars().all(is_fine) || limit.starts && !tool.name.starts_with(starts)
        }
        LimitKind::ToolCount => false,
        LimitKind::DescriptionLength => {
            longer(tool.description.as_ref().map_or(0, |text| text.chars().count()))
        }
        LimitKind::Reference => shape.has_reference || output().has_reference,
        LimitKind::RootCombinator => shape.has_root_combinator,
        LimitKind::TypeList => shape.has_type_list,
    }
}
