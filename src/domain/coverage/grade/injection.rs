//! Texts of servers that speak to the model instead of describing a tool.
//!
//! Phrases are looked for with invisible characters taken out, in lower case and with all blanks made one, so
//! that a phrase broken up is found as well. They are fixed phrases: a text that says the same in other words
//! passes, and the rules for toxic flows have to catch what it could do.

use super::{Rule, RuleFinding, Served, rules, shown};
use crate::coverage::security;
use aho_corasick::AhoCorasick;
use std::{collections::BTreeSet, sync::LazyLock};

/// Orders against the person or against what the model was told before.
const INJECTIONS: [&str; 44] = [
    "ignore previous",
    "ignore all previous",
    "ignore all prior",
    "ignore any previous",
    "ignore prior instructions",
    "ignore the above",
    "ignore your instructions",
    "ignore all other instructions",
    "disregard all",
    "disregard previous",
    "disregard prior",
    "disregard your instructions",
    "forget your instructions",
    "forget all previous",
    "override your instructions",
    "new instructions:",
    "do not tell the user",
    "don't tell the user",
    "do not inform the user",
    "do not mention this to",
    "do not mention that you",
    "do not reveal",
    "without telling the user",
    "without informing the user",
    "without the user's knowledge",
    "keep this secret from",
    "hide this from the user",
    "the user must not know",
    "<important>",
    "<system>",
    "[system]",
    "</system>",
    "<secret>",
    "<hidden>",
    "system prompt",
    "~/.ssh",
    "id_rsa",
    "/etc/passwd",
    ".cursor/mcp.json",
    "claude_desktop_config",
    "contents of .env",
    "include the full conversation",
    "append the conversation",
    "conversation history in",
];

/// Orders about the tool itself. Makers who mean well write them too.
const ORDERS: [&str; 14] = [
    "before using any other tool",
    "before calling any other tool",
    "must be called first",
    "must call this tool first",
    "always call this tool",
    "always use this tool",
    "you must use this tool",
    "you must call this",
    "instead of any other tool",
    "never use any other tool",
    "do not use any other tool",
    "prefer this tool over",
    "use this tool for every",
    "call this tool before every",
];

static PHRASES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .build(INJECTIONS.iter().chain(&ORDERS))
        .expect("fixed phrases build: a test runs them")
});

pub(super) use security::is_hidden;

pub(super) fn findings(served: &Served<'_>) -> Vec<RuleFinding> {
    let mut findings = Vec::new();
    for tool in &served.list.tools {
        let mut texts = Vec::new();
        security::collect_texts(&tool.raw, &mut texts);
        let keys = keys(&tool.raw);
        texts.extend(keys.iter().map(String::as_str));
        for (rule, evidence) in in_texts(&texts) {
            findings.push(served.found(rule, Some(&tool.name), evidence));
        }
        if let Some(odd) = tool.name.chars().find(|letter| !letter.is_ascii() && !is_hidden(*letter)) {
            let told = format!("U+{:04X} in the name", u32::from(odd));
            findings.push(served.found(rules::LOOKALIKE_NAME, Some(&tool.name), told));
        }
    }
    if let Some(text) = &served.session.instructions {
        for (rule, evidence) in in_texts(&[text]) {
            // What a server says about all its tools is the place for the order in which to call them.
            if rule != rules::BEHAVIOURAL_ORDER {
                findings.push(served.found(rule, None, format!("in the server's instructions: {evidence}")));
            }
        }
    }
    findings
}

/// Names of fields are read by the model too.
fn keys(value: &serde_json::Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            serde_json::Value::Array(items) => waiting.extend(items),
            serde_json::Value::Object(object) => {
                found.extend(object.keys().cloned());
                waiting.extend(object.values());
            }
            _ => {}
        }
    }
    found
}

/// Each rule that some text breaks, once, with what was seen.
fn in_texts(texts: &[&str]) -> Vec<(Rule, String)> {
    let mut found: Vec<(Rule, String)> = Vec::new();
    let hidden: BTreeSet<char> = texts
        .iter()
        .flat_map(|text| text.chars())
        .filter(|letter| is_hidden(*letter) || *letter == '\u{1b}')
        .collect();
    if !hidden.is_empty() {
        let told: Vec<String> =
            hidden.iter().take(5).map(|letter| format!("U+{:04X}", u32::from(*letter))).collect();
        found.push((rules::HIDDEN_TEXT, format!("{} in its texts", told.join(", "))));
    }
    for text in texts {
        let plain = plain(text);
        for hit in PHRASES.find_iter(&plain) {
            let rule = if hit.pattern().as_usize() < INJECTIONS.len() {
                rules::INJECTION
            } else {
                rules::BEHAVIOURAL_ORDER
            };
            if !found.iter().any(|(known, _)| *known == rule) {
                found.push((rule, format!("its texts say `{}`", shown(&plain[hit.range()], 60))));
            }
        }
    }
    found
}

/// A text in lower case, without what does not show, its blanks made one.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !is_hidden(*letter) && *letter != '\u{200d}') {
        if letter.is_whitespace() {
            if !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else if letter == '\u{2019}' {
            plain.push('\'');
        } else {
            plain.extend(letter.to_lowercase());
        }
    }
    plain
}
