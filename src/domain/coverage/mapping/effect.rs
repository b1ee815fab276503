//! What an operation does to the world.

use super::{Confidence, Rule};
use crate::coverage::{
    taxonomy::{Effect, Operation, taxonomy},
    tools_list::Annotations,
};

/// The effect of an operation, by its verb, its object and the server's hints. Adds the rules that a hint
/// brought in, and takes the confidence from a reading whose verb changes something while the server says
/// that the tool only reads: `create_contact_form_guide` creates no contact.
pub(super) fn of(
    operation: &Operation,
    annotations: Option<&Annotations>,
    rules: &mut Vec<Rule>,
    confidence: &mut Confidence,
) -> Effect {
    let by_words = by_words(operation);
    let Some(Annotations { read_only, destructive, idempotent: _, open_world: _ }) = annotations else {
        return by_words;
    };
    match (read_only, by_words) {
        (Some(true), Effect::Read) => Effect::Read,
        (Some(true), Effect::Destructive | Effect::Send | Effect::Spend) => {
            rules.push(Rule::HintConflict);
            *confidence = Confidence::Low;
            by_words
        }
        (Some(true), changes) => {
            rules.push(Rule::ReadOnlyHint);
            if matches!(changes, Effect::Write | Effect::Admin) {
                *confidence = Confidence::Low;
            }
            Effect::Read
        }
        (Some(false), Effect::Read) => {
            rules.push(Rule::HintConflict);
            Effect::Read
        }
        (_, Effect::Write) if *destructive == Some(true) => {
            rules.push(Rule::DestructiveHint);
            Effect::Destructive
        }
        _ => by_words,
    }
}

/// The effect by verb and object alone.
pub(super) fn by_words(operation: &Operation) -> Effect {
    let Operation { object, verb } = operation;
    let taxonomy = taxonomy();
    let usual = match verb.as_str() {
        "read" | "read_performance" | "report" | "size" | "transcript" | "brief" | "risk" | "overlap"
        | "check" => Effect::Read,
        "update_stage" | "unenroll" => Effect::Write,
        other if other.starts_with("add_") || other.starts_with("remove_") => Effect::Write,
        other => {
            taxonomy.verbs.iter().find(|verb| verb.verb == other).map_or(Effect::Unknown, |verb| verb.effect)
        }
    };
    let reaches_people = ["activate", "schedule", "trigger", "run"].contains(&verb.as_str());
    match usual {
        Effect::Write | Effect::Execute if taxonomy.money_objects.contains(object) => Effect::Spend,
        Effect::Write | Effect::Execute if taxonomy.outreach_objects.contains(object) && reaches_people => {
            Effect::Send
        }
        Effect::Write if taxonomy.permission_objects.contains(object) => Effect::Admin,
        usual => usual,
    }
}
