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
    let by_words = taxonomy().usual_effect(operation);
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
