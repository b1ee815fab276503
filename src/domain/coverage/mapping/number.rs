//! Whether a reading verb finds many records or shows one.

use super::{
    Rule,
    name::Name,
    noun::{Head, Number},
    sentence::Told,
};
use crate::coverage::{taxonomy::Verb, tools_list::ListedTool, words::plain};
use serde_json::Value;

/// The verb by the noun's number, by what the description says and by the arguments, with the rule that
/// changed it.
pub(super) fn verb_by_number<'a>(
    verb: &'a Verb,
    name: &Name<'_>,
    head: &Head,
    told: &Told,
    tool: &ListedTool,
) -> (&'a str, Option<Rule>) {
    let gets = verb.verb == "lookup" && !["check", "ping", "preview"].contains(&name.token);
    let whole = head.phrase.split(' ').count() == name.nouns.len();
    let by_id = fetches_by_ids(name) || whole && requires_id(&tool.input_schema, &head.phrase);
    match head.number {
        Number::List if gets => ("search", None),
        Number::Many if gets && !by_id => ("search", Some(Rule::PluralGet)),
        Number::One if gets && told.lists && !by_id => ("search", Some(Rule::ListsByDescription)),
        _ => (&verb.verb, None),
    }
}

/// Whether several records are asked for by their ids, which looks up each of them.
fn fetches_by_ids(name: &Name<'_>) -> bool {
    let together = name.words.iter().any(|word| ["batch", "bulk", "multiple"].contains(&word.as_str()));
    let by_id = name.tail.as_ref().is_some_and(|(preposition, behind)| {
        *preposition == "by"
            && behind.last().is_some_and(|word| ["id", "ids", "gid"].contains(&word.as_str()))
    });
    together || by_id
}

/// Whether the arguments name one record by the noun's own id.
fn requires_id(schema: &Value, noun: &str) -> bool {
    let own = plain(noun);
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    required
        .filter_map(Value::as_str)
        .any(|argument| plain(argument).strip_suffix("id") == Some(own.as_str()))
}
