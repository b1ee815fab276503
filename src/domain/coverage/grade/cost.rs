//! What a list of tools costs: a model reads all of it before it reads the task.

use super::{RuleFinding, Served, rules};
use serde_json::{Map, Value};

/// Tokens from which a list costs too much: where the first clients warn about a single result.
const LIST_TOKENS: usize = 10_000;
/// Tokens from which a single tool costs too much.
const TOOL_TOKENS: usize = 2_000;
/// The dearest tools that are told.
const DEAREST: usize = 5;

/// What a list of tools costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Tokens of all tools as a client sends them: name, description and input schema.
    pub tokens: usize,
    /// The dearest tools with their tokens, the dearest first.
    pub dearest: Vec<(String, usize)>,
}

pub(super) fn of(served: &Served<'_>, count_tokens: &dyn Fn(&str) -> usize) -> (Cost, Vec<RuleFinding>) {
    let mut each: Vec<(&str, usize)> = served
        .list
        .tools
        .iter()
        .map(|tool| {
            let mut sent = Map::new();
            sent.insert("name".to_owned(), Value::from(tool.name.as_str()));
            sent.insert(
                "description".to_owned(),
                tool.description.as_deref().map_or(Value::Null, Value::from),
            );
            sent.insert("input_schema".to_owned(), tool.input_schema.clone());
            (tool.name.as_str(), count_tokens(&Value::Object(sent).to_string()))
        })
        .collect();
    let tokens = each.iter().map(|(_, tokens)| tokens).sum();
    each.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut findings = Vec::new();
    if tokens > LIST_TOKENS {
        let told = format!("{} tools take {tokens} tokens; {LIST_TOKENS} are much", each.len());
        findings.push(served.found(rules::LIST_COST, None, told));
    }
    let dear: Vec<&(&str, usize)> = each.iter().filter(|(_, tokens)| *tokens > TOOL_TOKENS).collect();
    findings.extend(dear.iter().take(DEAREST).map(|(name, tokens)| {
        served.found(rules::TOOL_COST, Some(name), format!("{tokens} tokens; {TOOL_TOKENS} are much"))
    }));
    let dearest =
        each.into_iter().take(DEAREST).map(|(name, tokens)| (super::shown(name, 80), tokens)).collect();
    (Cost { tokens, dearest }, findings)
}
