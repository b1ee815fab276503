//! A verb and an object read from a tool's name, and from its description where the name does not tell.

use super::{
    Confidence, Rule,
    name::{Name, Reader},
    noun::{Head, Known},
    number::verb_by_number,
    sentence::Told,
};
use crate::coverage::{
    taxonomy::{Effect, Operation, Verb, taxonomy},
    tools_list::ListedTool,
    words::singular,
};

/// An operation as first read, before the arguments are looked at.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) operation: Operation,
    pub(super) confidence: Confidence,
    pub(super) rules: Vec<Rule>,
    /// What the tool may do instead, as guesses.
    pub(super) instead: Vec<(Operation, Rule)>,
}

impl Found {
    pub(super) fn sure(object: &str, verb: &str, rule: Rule) -> Self {
        Self {
            operation: Operation::new(object, verb),
            confidence: Confidence::High,
            rules: vec![rule],
            instead: Vec::new(),
        }
    }

    pub(super) fn at_most(mut self, confidence: Confidence) -> Self {
        self.confidence = self.confidence.min(confidence);
        self
    }

    /// Adds a guess, unless it is told already.
    pub(super) fn or_maybe(mut self, object: Option<&str>, verb: &str, rule: Rule) -> Self {
        let Some(object) = object else { return self };
        let (object, verb) = settle(object, verb, "");
        let operation = Operation::new(object, verb);
        if operation != self.operation && self.instead.iter().all(|(other, _)| *other != operation) {
            self.instead.push((operation, rule));
        }
        self
    }
}

/// What an ordinary reading is made of.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) name: &'a Name<'a>,
    pub(super) told: &'a Told,
    pub(super) tool: &'a ListedTool,
    pub(super) verb: &'static Verb,
    /// The verb as it is read here: a get that lists is a search.
    pub(super) verb_name: &'a str,
    pub(super) head: &'a Head,
    /// The noun has several meanings, and nothing tells which is meant.
    pub(super) unsure: bool,
}

impl Reader<'_> {
    /// What a tool does, with guesses at what it may do instead.
    pub(super) fn read(&self, words: &[String], tool: &ListedTool) -> Option<Found> {
        let name = Name::of(words);
        let told = self.told(tool.description.as_deref().unwrap_or_default());
        documentation(&name, &told, tool)
            .or_else(|| self.special(&name, tool))
            .or_else(|| self.plain(&name, &told, tool))
            .or_else(|| self.hinted(&name, &told, tool))
    }

    /// The ordinary case: a verb, and the object in which its noun phrase ends.
    fn plain(&self, name: &Name<'_>, told: &Told, tool: &ListedTool) -> Option<Found> {
        let named = self.named(name);
        let from_name = named.is_some();
        let verb = upsert(name).or(name.verb).or(told.verb);
        if verb.is_some_and(|verb| verb.verb == "connect") && !from_name {
            return Some(Found::sure("connection", "connect", Rule::NameVerbAndObject));
        }
        let head = &named.or_else(|| told.head.clone())?;
        let verb = verb.or_else(|| taxonomy().verb("get"))?;
        let (verb_name, by_number) = verb_by_number(verb, name, head, told, tool);
        let verb_name = if changes_whole(verb_name, head, name) { "update" } else { verb_name };
        let parts = &Parts {
            name,
            told,
            tool,
            verb,
            verb_name,
            head,
            unsure: !head.of_platform && self.is_unsure(&head.phrase),
        };

        let object = if head.known == Known::TypesOf { "schema" } else { head.object };
        let (object, verb_name) = settle(object, verb_name, name.token);
        let mut found = Found::sure(object, verb_name, Rule::NameVerbAndObject);
        found.rules = rules(parts, from_name, by_number);
        found.confidence = confidence(parts, from_name);
        Some(self.with_guesses(found, parts))
    }

    /// The object that a name speaks of: behind the verb, else before it, else behind the preposition.
    fn named(&self, name: &Name<'_>) -> Option<Head> {
        let behind = self.head(&name.nouns);
        let exact = |head: &Head| head.known != Known::Before;
        if behind.as_ref().is_some_and(exact) {
            return behind;
        }
        let context = self.head(&name.context).filter(exact);
        let tail =
            || name.tail.as_ref().filter(|_| name.nouns.is_empty()).and_then(|(_, tail)| self.head(tail));
        context.or(behind).or_else(tail)
    }
}

/// A tool that teaches how something is done reads documentation; so does one that only reads and speaks of
/// documentation, whatever its verb says.
fn documentation(name: &Name<'_>, told: &Told, tool: &ListedTool) -> Option<Found> {
    let teaches = name.verb.is_some_and(|verb| verb.verb == "docs");
    let changes = name.verb.is_some_and(|verb| verb.effect != Effect::Read);
    let read_only = tool.annotations.and_then(|hints| hints.read_only) == Some(true);
    let of_docs = told.head.as_ref().is_some_and(|head| head.object == "docs");
    let reads_docs = teaches || changes && read_only && of_docs;
    reads_docs.then(|| Found::sure("docs", "lookup", Rule::Documentation).at_most(Confidence::Medium))
}

/// Creating or updating, in one name, is an upsert.
fn upsert(name: &Name<'_>) -> Option<&'static Verb> {
    let has = |wanted: &str| {
        let verbs = name.words.iter().filter_map(|word| taxonomy().verb(word));
        verbs.into_iter().any(|verb| verb.verb == wanted)
    };
    let joined = name.words.iter().any(|word| ["or", "and"].contains(&word.as_str()));
    (joined && has("create") && has("update")).then(|| taxonomy().verb("upsert"))?
}

/// Creating or deleting a part of a thing, such as a variant, updates the thing; a thing's settings may well be
/// records of their own.
fn changes_whole(verb: &str, head: &Head, name: &Name<'_>) -> bool {
    let of_its_own =
        |word: &String| ["setting", "config", "configuration"].contains(&singular(word).as_str());
    head.known == Known::PartOf
        && ["create", "delete", "associate"].contains(&verb)
        && !name.nouns.last().is_some_and(of_its_own)
}

fn rules(parts: &Parts<'_>, from_name: bool, by_number: Option<Rule>) -> Vec<Rule> {
    let Parts { name, head, .. } = parts;
    let known = match head.known {
        Known::Exactly => None,
        Known::Before => Some(Rule::HeadNounUnknown),
        Known::PartOf | Known::TypesOf => Some(Rule::PartOfObject),
    };
    let verb = name.verb.is_none().then_some(Rule::VerbFromDescription);
    let object = (!from_name).then_some(Rule::ObjectFromDescription);
    let of_platform = head.of_platform.then_some(Rule::PlatformWord);
    let special = [verb, object, of_platform, known];
    let plain = special.iter().all(Option::is_none).then_some(Rule::NameVerbAndObject);
    [plain].into_iter().chain(special).chain([by_number]).flatten().collect()
}

/// A reading is sure when verb and noun stand in the name, the noun means one thing, and the description does
/// not speak of another object.
fn confidence(parts: &Parts<'_>, from_name: bool) -> Confidence {
    let Parts { name, told, verb, head, unsure, .. } = parts;
    let agrees = told.head.as_ref().map(|told| told.object == head.object);
    let verb_named = name.verb.is_some();
    if !from_name || !verb_named && told.verb.is_none() {
        return Confidence::Low;
    }
    match (head.known, agrees) {
        (Known::Before, Some(true)) => Confidence::Medium,
        (Known::Before, _) => Confidence::Low,
        _ if *unsure && !is_usual(head) || !verb_named => Confidence::Medium,
        (Known::Exactly, Some(true) | None) => Confidence::High,
        (Known::PartOf, Some(true)) if verb.effect == Effect::Read => Confidence::High,
        _ => Confidence::Medium,
    }
}

/// Whether the noun was read in the meaning that it has nearly everywhere.
fn is_usual(head: &Head) -> bool {
    let usual = taxonomy().meanings(&head.phrase).first();
    usual.is_some_and(|usual| usual.beside.is_empty() && usual.object == head.object)
}

/// Brings operations that have a customary name to it.
pub(super) fn settle<'a>(object: &'a str, verb: &'a str, token: &str) -> (&'a str, &'a str) {
    match (object, verb) {
        ("audience_member", "create") | ("audience", "subscribe") => ("audience", "add_member"),
        ("audience_member", "delete") | ("audience", "unsubscribe") => ("audience", "remove_member"),
        ("audience_member", verb) => ("contact", verb),
        ("template", "send") => ("message", "send"),
        ("message", "create") if token == "post" => ("message", "send"),
        ("report", "search") if ["list", "find"].contains(&token) => (object, verb),
        ("report", "lookup" | "search" | "run" | "query" | "report") => ("report", "read"),
        ("attribution" | "funnel", "lookup") | ("attribution" | "funnel" | "spend", "search" | "query") => {
            (object, "report")
        }
        ("schema" | "docs", "search") if token != "search" => (object, "lookup"),
        ("connection", "trigger" | "activate") => ("connection", "connect"),
        ("audit", "trigger" | "create" | "validate") => ("audit", "run"),
        ("record", "schema") => ("schema", "lookup"),
        ("database" | "dataset" | "schema", "schema") => (object, verb),
        (object, "schema") => (object, "lookup"),
        settled => settled,
    }
}
