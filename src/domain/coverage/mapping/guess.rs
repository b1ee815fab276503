//! What a tool may do instead or besides, told as guesses that count for nothing.

use super::{
    Confidence, Rule,
    name::{Name, Reader},
    noun::{Known, Number},
    phrase::{Found, Parts, settle},
    sentence::Told,
};
use crate::coverage::{
    taxonomy::{Effect, Operation, taxonomy},
    tools_list::ListedTool,
    words::split,
};
use serde_json::Value;

/// How many other meanings of a word are told.
const OTHERS: usize = 2;

impl Reader<'_> {
    /// A guess where neither name nor description could be read: from the id that the tool requires, or from
    /// the first object that the description mentions.
    pub(super) fn hinted(&self, name: &Name<'_>, told: &Told, tool: &ListedTool) -> Option<Found> {
        let verb = name.verb.or(told.verb)?;
        let mentioned = self.mentioned(tool.description.as_deref().unwrap_or_default());
        let (object, rule) = match self.required(tool) {
            Some(object) => (object, Rule::ObjectFromArgument),
            None => (mentioned?, Rule::ObjectFromDescription),
        };
        let (object, verb) = settle(object, &verb.verb, name.token);
        let found = Found::sure(object, verb, rule).at_most(Confidence::Low);
        Some(found.or_maybe(mentioned, verb, Rule::ObjectFromDescription))
    }

    /// The object whose id the tool requires.
    fn required(&self, tool: &ListedTool) -> Option<&'static str> {
        let required = tool.input_schema.get("required").and_then(Value::as_array)?;
        required.iter().filter_map(Value::as_str).find_map(|argument| {
            let words = split(argument);
            let (id, nouns) = words.split_last()?;
            ["id", "ids"].contains(&id.as_str()).then(|| self.ending(nouns))?.map(|head| head.object)
        })
    }

    /// Adds to an ordinary reading what else it may be.
    pub(super) fn with_guesses(&self, found: Found, parts: &Parts<'_>) -> Found {
        let Parts { name: _, told, tool, verb, verb_name, head, unsure } = parts;
        let object = found.operation.object.clone();
        let object = Some(object.as_str());
        let told_object = told.head.as_ref().map(|told| told.object).filter(|told| *told != head.object);
        let required = (head.known == Known::Before).then(|| self.required(tool)).flatten();
        let of_part = (head.known == Known::PartOf && verb.effect != Effect::Read).then_some(head.object);
        let mut found = found
            .or_maybe(of_part, &verb.verb, Rule::PartOfObject)
            .or_maybe(of_part, "update", Rule::PartOfObject)
            .or_maybe(required, verb_name, Rule::ObjectFromArgument)
            .or_maybe(told_object, verb_name, Rule::ObjectFromDescription);
        if verb.verb == "lookup" && (head.number != Number::One || told.lists) {
            let other = if *verb_name == "search" { "lookup" } else { "search" };
            found = found.or_maybe(object, other, Rule::PluralGet);
        }
        let told_numbers = told_object.filter(|told| ["metric", "report"].contains(told));
        if verb.effect == Effect::Read && told_numbers.is_some() {
            found = found.or_maybe(Some("report"), "read", Rule::ObjectFromDescription);
        }
        let is_message = ["message", "email_message"].contains(&head.object);
        if *verb_name == "create" && is_message {
            found = found.or_maybe(object, "send", Rule::OtherMeaning);
        } else if *verb_name == "reply" {
            found = found.or_maybe(Some("message"), "send", Rule::OtherMeaning);
        } else if verb_name.ends_with("subscribe") {
            found = found.or_maybe(Some("consent"), "update", Rule::Consent);
        } else if *verb_name == "associate" {
            found = found.or_maybe(object, "update", Rule::OtherMeaning);
        } else if found.operation == Operation::new("association", "create") {
            found = found.or_maybe(told_object, "associate", Rule::ObjectFromDescription);
        }
        let others = taxonomy().meanings(&head.phrase).iter().filter(|other| other.object != head.object);
        for other in others.filter(|_| *unsure).take(OTHERS) {
            found = found.or_maybe(Some(&other.object), verb_name, Rule::OtherMeaning);
        }
        found
    }
}
