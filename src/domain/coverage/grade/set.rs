//! What only the set of servers shows that one agent would hold.

use super::{RuleFinding, Served, rules, shown, some_of};
use crate::coverage::{
    mapping::{Confidence, MappedTool},
    taxonomy::Effect,
    tools_list::ListedTool,
    words,
};
use std::collections::{BTreeMap, BTreeSet};

/// Objects whose text strangers write.
const WRITTEN_BY_STRANGERS: [&str; 16] = [
    "conversation",
    "message",
    "email_message",
    "ticket",
    "review",
    "mention",
    "post",
    "comment",
    "form_submission",
    "survey_response",
    "page",
    "feedback",
    "call",
    "issue",
    "whatsapp_message",
    "sms_message",
];
/// Objects that are nobody else's business.
const PRIVATE: [&str; 24] = [
    "contact",
    "company",
    "deal",
    "lead",
    "account",
    "record",
    "dataset",
    "file",
    "document",
    "invoice",
    "payment",
    "order",
    "subscription",
    "user",
    "email_message",
    "conversation",
    "database",
    "credential",
    "audience",
    "member",
    "note",
    "activity",
    "call",
    "pipeline",
];
/// Words of tools that fetch whatever address they are given.
const FETCHES: [&str; 6] = ["fetch", "scrape", "crawl", "browse", "navigate", "download"];
/// Names shorter than this are ordinary words.
const LEAST_NAME: usize = 8;

pub(super) fn findings(servers: &[Served<'_>]) -> Vec<RuleFinding> {
    let mut findings = shadowed(servers);
    findings.extend(foreign_references(servers));
    findings.extend(toxic_flow(servers));
    findings
}

/// One name on two servers. Names that differ in case or punctuation alone are one to a reader.
fn shadowed(servers: &[Served<'_>]) -> Vec<RuleFinding> {
    let mut holders: BTreeMap<String, BTreeMap<&str, &str>> = BTreeMap::new();
    for served in servers {
        for tool in &served.list.tools {
            holders.entry(words::plain(&tool.name)).or_default().insert(served.server, &tool.name);
        }
    }
    let shared = holders.into_iter().filter(|(name, holders)| !name.is_empty() && holders.len() > 1);
    shared
        .map(|(_, holders)| {
            let servers: Vec<&str> = holders.keys().copied().collect();
            let names: BTreeSet<&str> = holders.values().copied().collect();
            let names: Vec<&str> = names.into_iter().collect();
            RuleFinding {
                rule: rules::SHADOWED_NAME,
                server: servers.join(", "),
                tool: Some(shown(names[0], 80)),
                evidence: format!("{} on {}", some_of(&names), some_of(&servers)),
            }
        })
        .collect()
}

/// Descriptions that name a tool of another server. A name that both have is shadowing, told already.
fn foreign_references(servers: &[Served<'_>]) -> Vec<RuleFinding> {
    let is_telling = |name: &str| name.len() >= LEAST_NAME && name.contains(['_', '-']);
    let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
    for served in servers {
        for tool in served.list.tools.iter().filter(|tool| is_telling(&tool.name)) {
            owner.insert(&tool.name, served.server);
        }
    }
    let mut findings = Vec::new();
    for served in servers {
        let own: BTreeSet<&str> = served.list.tools.iter().map(|tool| tool.name.as_str()).collect();
        for tool in &served.list.tools {
            let text = tool.description.as_deref().unwrap_or_default();
            let said =
                text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '-'));
            let foreign: BTreeSet<&str> =
                said.filter(|word| owner.contains_key(word) && !own.contains(word)).collect();
            if let Some(name) = foreign.first() {
                let told = format!("it names `{}` of `{}`", shown(name, 60), owner[name]);
                findings.push(served.found(rules::FOREIGN_REFERENCE, Some(&tool.name), told));
            }
        }
    }
    findings
}

/// The three parts of a flow by which a stranger's text takes private data out.
#[derive(Default)]
struct Flow<'a> {
    strangers: Vec<(&'a str, &'a str)>,
    private: Vec<(&'a str, &'a str)>,
    ways_out: Vec<(&'a str, &'a str)>,
}

fn toxic_flow(servers: &[Served<'_>]) -> Option<RuleFinding> {
    let mut flow = Flow::default();
    for served in servers {
        for (tool, mapped) in served.list.tools.iter().zip(&served.inspection.mapped) {
            let place = (served.server, tool.name.as_str());
            let reads = |objects: &[&str]| {
                mapped.readings.iter().any(|reading| {
                    reading.confidence > Confidence::Low
                        && reading.effect == Effect::Read
                        && objects.contains(&reading.operation.object.as_str())
                })
            };
            let fetches = fetches(tool);
            if fetches || reads(&WRITTEN_BY_STRANGERS) {
                flow.strangers.push(place);
            }
            if reads(&PRIVATE) {
                flow.private.push(place);
            }
            if fetches || is_way_out(mapped) {
                flow.ways_out.push(place);
            }
        }
    }
    let Flow { strangers, private, ways_out } = &flow;
    if strangers.is_empty() || private.is_empty() || ways_out.is_empty() {
        return None;
    }
    let part = |what: &str, places: &[(&str, &str)]| {
        let names: Vec<String> = places.iter().map(|(server, tool)| format!("{server}/{tool}")).collect();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.sort_unstable();
        format!("{what}: {}", some_of(&names))
    };
    let involved: BTreeSet<&str> =
        strangers.iter().chain(private).chain(ways_out).map(|(server, _)| *server).collect();
    let parts = [part("strangers write", strangers), part("private", private), part("ways out", ways_out)];
    Some(RuleFinding {
        rule: rules::TOXIC_FLOW,
        server: involved.into_iter().collect::<Vec<&str>>().join(", "),
        tool: None,
        evidence: parts.join("; "),
    })
}

fn is_way_out(mapped: &MappedTool) -> bool {
    mapped.opaque
        || mapped.readings.iter().any(|reading| {
            reading.confidence > Confidence::Low
                && (reading.effect == Effect::Send
                    || reading.operation.object == "webhook" && reading.effect != Effect::Read)
        })
}

/// A tool that takes an address and fetches it can read a stranger's page, and carry data out in the address.
fn fetches(tool: &ListedTool) -> bool {
    let takes_address = tool.input_schema.get("properties").is_some_and(|properties| {
        ["url", "urls", "uri", "link"].iter().any(|name| properties.get(*name).is_some())
    });
    takes_address && words::split(&tool.name).iter().any(|word| FETCHES.contains(&word.as_str()))
}
