//! A verb and an object read from a tool's name, or else from its description.

use super::{Confidence, Rule};
use crate::coverage::{
    catalog::catalog,
    taxonomy::{Effect, Operation, Verb, taxonomy},
    tools_list::ListedTool,
    words::{singular, split},
};

/// An operation as first read, before the arguments are looked at.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) operation: Operation,
    pub(super) confidence: Confidence,
    pub(super) rules: Vec<Rule>,
}

impl Found {
    fn sure(object: impl Into<String>, verb: impl Into<String>, rule: Rule) -> Self {
        Self { operation: Operation::new(object, verb), confidence: Confidence::High, rules: vec![rule] }
    }
}

/// What is known about the server while its names are read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) platform: Option<&'a str>,
    pub(super) prefix: Option<String>,
}

const PREPOSITIONS: [&str; 13] =
    ["to", "from", "for", "by", "in", "into", "on", "with", "at", "of", "via", "across", "as"];
const ARTICLES: [&str; 7] = ["a", "an", "the", "all", "my", "multiple", "single"];
/// Words that end a name without changing what it is about.
const TRAILING: [&str; 12] = [
    "detail",
    "info",
    "information",
    "data",
    "series",
    "summary",
    "status",
    "context",
    "overview",
    "markdown",
    "id",
    "gid",
];
/// Nouns of measurement: whatever stands before them is what is measured.
const MEASURES: [&str; 7] =
    ["metric", "report", "performance", "insight", "analytic", "dataserie", "statistic"];
/// Nouns that say what is read of an object.
const KINDS: [(&str, &str); 6] = [
    ("transcript", "transcript"),
    ("brief", "brief"),
    ("size", "size"),
    ("count", "size"),
    ("risk", "risk"),
    ("overlap", "overlap"),
];
/// Objects that have members.
const WITH_MEMBERS: [&str; 5] = ["audience", "project", "campaign", "channel", "workspace"];

/// Whether a word stands for a verb.
pub(super) fn is_verb(word: &str) -> bool {
    taxonomy().verb(word).is_some()
}

/// The verb of a name that holds verbs only.
pub(super) fn verb_alone(words: &[String]) -> Option<String> {
    let all_verbs = words.iter().all(|word| is_verb(word) || word == "api");
    let verb = taxonomy().verb(&words[verb_at(words)?])?;
    all_verbs.then(|| verb.verb.clone())
}

/// Whether a name says that the tool passes on any call.
pub(super) fn is_opaque(words: &[String]) -> bool {
    const ALONE: [&str; 6] = ["dispatch", "execute", "invoke", "restful", "graphql", "call"];
    const ANY_CALL: [&str; 8] =
        ["function", "endpoint", "request", "api", "graphql", "command", "apex", "tooling"];
    const PASSING_ON: [&str; 5] = ["call", "execute", "dispatch", "invoke", "run"];
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&singular(word).as_str()));
    if has(&["test"]) {
        return false;
    }
    match words {
        [only] => ALONE.contains(&only.as_str()),
        [first, ..] => {
            first == "dispatch"
                || has(&ANY_CALL) && has(&PASSING_ON)
                || has(&["api"]) && has(&["read", "write", "request"]) && words.len() <= 3
                || has(&["function", "endpoint"]) && words.len() == 2
        }
        [] => false,
    }
}

impl Reader<'_> {
    /// The words of a name, without those that only say whose server it is.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        let mut words = split(name);
        if self.prefix.is_some() && words.len() > 1 && words.first() == self.prefix.as_ref() {
            words.remove(0);
        }
        let platform = self.platform.and_then(|id| catalog().platform(id));
        let own: Vec<String> = platform.map(|platform| split(&platform.name)).unwrap_or_default();
        let kept: Vec<String> =
            words.iter().filter(|word| !own.contains(word) || self.object(word).is_some()).cloned().collect();
        let mut words = if kept.is_empty() { words } else { kept };
        if words.len() > 2 && words[0] == "api" {
            words.remove(0);
        }
        words
    }

    pub(super) fn read(&self, words: &[String], tool: &ListedTool) -> Option<Found> {
        let at = verb_at(words);
        let (verb, token, nouns) = match at {
            Some(at) => {
                let verb = taxonomy().verb(&words[at])?;
                let after = &words[at + 1..];
                let nouns = if without_articles(after).is_empty() { &words[..at] } else { after };
                (Some(verb), words[at].as_str(), nouns)
            }
            None => (None, "", words),
        };
        let (phrase, tail) = cut_at_preposition(nouns);
        let phrase = without_articles(phrase);
        if let Some(verb) = verb {
            let special = self
                .container(verb, token, &phrase, tail)
                .or_else(|| consent(verb, words))
                .or_else(|| stage(verb, words))
                .or_else(|| query(verb, &phrase, words, tool))
                .or_else(|| self.kind_of_reading(verb, &phrase));
            if special.is_some() {
                return special;
            }
        }
        let phrase = match tail {
            Some((_, tail)) if phrase.is_empty() => without_articles(tail),
            _ => phrase,
        };
        let description = tool.description.as_deref().unwrap_or_default();
        self.plain(verb, token, &phrase, description)
    }

    /// The ordinary case: a verb and the object in which the noun phrase ends.
    fn plain(
        &self,
        verb: Option<&'static Verb>,
        token: &str,
        phrase: &[String],
        description: &str,
    ) -> Option<Found> {
        let mut rules = Vec::new();
        let mut confidence = Confidence::High;
        let verb = if let Some(verb) = verb {
            verb
        } else {
            rules.push(Rule::VerbFromDescription);
            confidence = Confidence::Medium;
            split(description).iter().take(6).find_map(|word| verb_of(word))?
        };
        let mut verb_name = verb.verb.as_str();
        let object = if let Some(head) = self.head(phrase) {
            if head.of_platform {
                rules.push(Rule::PlatformWord);
            }
            if head.unknown_tail {
                rules.push(Rule::HeadNounUnknown);
                confidence = Confidence::Low;
            }
            let gets = ["get", "fetch", "retrieve", "read"].contains(&token);
            match head.number {
                Number::List if verb_name == "lookup" => verb_name = "search",
                Number::Many if verb_name == "lookup" && gets => {
                    rules.push(Rule::PluralGet);
                    verb_name = "search";
                }
                _ => {}
            }
            head.object
        } else {
            rules.push(Rule::ObjectFromDescription);
            confidence = if confidence == Confidence::High { Confidence::Medium } else { Confidence::Low };
            self.object_in(description)?
        };
        if rules.is_empty() || rules == [Rule::PluralGet] {
            rules.insert(0, Rule::NameVerbAndObject);
        }
        let (object, verb_name) = settle(&object, verb_name, token);
        Some(Found { operation: Operation::new(object, verb_name), confidence, rules })
    }

    /// Adding X to Y and removing X from Y are operations of Y.
    fn container(
        &self,
        verb: &Verb,
        token: &str,
        phrase: &[String],
        tail: Option<(&str, &[String])>,
    ) -> Option<Found> {
        let (preposition, container) = tail?;
        let container = self.head(&without_articles(container)).filter(|head| !head.unknown_tail)?.object;
        let flows = ["journey", "sequence"].contains(&container.as_str());
        let part = self.head(phrase).map(|head| head.object);
        let adds = ["add", "append", "assign", "attach", "insert", "enroll", "enrol"].contains(&token);
        let removes = ["remove", "unassign", "detach", "unenroll", "unenrol", "delete"].contains(&token);
        let operation = match preposition {
            "to" | "into" | "in" if verb.verb == "enroll" && flows => "enroll".to_owned(),
            "from" if verb.verb == "unenroll" && flows => "unenroll".to_owned(),
            "to" | "into" if adds && flows => "enroll".to_owned(),
            "from" if removes && flows => "unenroll".to_owned(),
            "to" | "into" if adds && WITH_MEMBERS.contains(&container.as_str()) => "add_member".to_owned(),
            "from" if removes && WITH_MEMBERS.contains(&container.as_str()) => "remove_member".to_owned(),
            "to" | "into" if adds => format!("add_{}", part?),
            "from" if removes => format!("remove_{}", part?),
            _ => return None,
        };
        Some(Found::sure(container, operation, Rule::Container))
    }

    /// Reports and the like: what is measured decides the operation.
    fn kind_of_reading(&self, verb: &Verb, phrase: &[String]) -> Option<Found> {
        let reads = verb.effect == Effect::Read || verb.verb == "run";
        let (last, before) = phrase.split_last()?;
        let last = singular(last);
        let measured =
            |words: &[String]| self.head(words).filter(|head| !head.unknown_tail).map(|head| head.object);
        if reads && last == "summary" && measured(before).as_deref() == Some("call") {
            return Some(Found::sure("call", "summary", Rule::KindOfReading));
        }
        if reads && let Some((_, kind)) = KINDS.iter().find(|(noun, _)| *noun == last) {
            let object = measured(before).or_else(|| (*kind == "transcript").then(|| "call".to_owned()))?;
            let object =
                if *kind == "transcript" && object == "meeting" { "call".to_owned() } else { object };
            return Some(Found::sure(object, *kind, Rule::KindOfReading));
        }
        let series = last == "series" && before.last().is_some_and(|word| word == "data");
        let before = if series { &before[..before.len() - 1] } else { before };
        if !series && !MEASURES.contains(&last.as_str()) {
            return None;
        }
        let what = measured(before);
        let taxonomy = taxonomy();
        if reads && let Some(what) = &what {
            if taxonomy.performance_objects.contains(what) {
                return Some(Found::sure(what, "read_performance", Rule::KindOfReading));
            }
            if taxonomy.report_objects.contains(what) {
                return Some(Found::sure(what, "report", Rule::KindOfReading));
            }
        }
        match last.as_str() {
            _ if series => None,
            "metric" if reads && verb.verb != "run" => {
                Some(Found::sure("metric", "read", Rule::KindOfReading))
            }
            "report" | "analytic" if !reads => {
                Some(Found::sure("report", &verb.verb, Rule::NameVerbAndObject))
            }
            _ if reads => Some(Found::sure("report", "read", Rule::KindOfReading)),
            _ => None,
        }
    }

    fn object(&self, phrase: &str) -> Option<(&'static str, bool)> {
        taxonomy().object(phrase, self.platform)
    }

    /// The object in which a noun phrase ends: the longest known phrase at its end, after words that end
    /// names without changing what they are about; else the last known one inside it.
    fn head(&self, phrase: &[String]) -> Option<Head> {
        let mut end = phrase.len();
        while end > 0 {
            if let Some((object, of_platform)) = self.suffix(&phrase[..end]) {
                return Some(Head::new(object, of_platform, &phrase[end - 1]));
            }
            let last = singular(&phrase[end - 1]);
            if end > 1 && last == "list" {
                return self.suffix(&phrase[..end - 1]).map(|(object, of_platform)| Head {
                    number: Number::List,
                    ..Head::new(object, of_platform, &phrase[end - 2])
                });
            }
            if end == 1 || !TRAILING.contains(&last.as_str()) {
                break;
            }
            end -= 1;
        }
        (1..end).rev().find_map(|end| {
            let (object, of_platform) = self.suffix(&phrase[..end])?;
            Some(Head { unknown_tail: true, ..Head::new(object, of_platform, &phrase[end - 1]) })
        })
    }

    fn suffix(&self, phrase: &[String]) -> Option<(&'static str, bool)> {
        (phrase.len().saturating_sub(4)..phrase.len()).find_map(|from| self.object(&joined(&phrase[from..])))
    }

    /// The first object that a description's first words name.
    fn object_in(&self, description: &str) -> Option<String> {
        let words: Vec<String> = split(description).into_iter().take(12).collect();
        (0..words.len()).find_map(|from| {
            (from + 1..=words.len().min(from + 3)).rev().find_map(|to| {
                let phrase = &words[from..to];
                let is_verb_here = from == 0 && phrase.len() == 1 && verb_of(&phrase[0]).is_some();
                if is_verb_here {
                    None
                } else {
                    self.object(&joined(phrase)).map(|(object, _)| object.to_owned())
                }
            })
        })
    }
}

/// The noun in which a phrase ends.
#[derive(Debug)]
struct Head {
    object: String,
    of_platform: bool,
    number: Number,
    unknown_tail: bool,
}

/// How many a noun speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    One,
    Many,
    /// The word "list" stands behind it.
    List,
}

impl Head {
    fn new(object: &str, of_platform: bool, noun: &str) -> Self {
        let number = if singular(noun) == noun { Number::One } else { Number::Many };
        Self { object: object.to_owned(), of_platform, number, unknown_tail: false }
    }
}

fn joined(words: &[String]) -> String {
    words.iter().map(|word| singular(word)).collect::<Vec<_>>().join(" ")
}

/// A verb in the form in which descriptions use it: "Lists the deals".
fn verb_of(word: &str) -> Option<&'static Verb> {
    taxonomy().verb(word).or_else(|| taxonomy().verb(&singular(word)))
}

/// Where the verb stands: first as a rule, else early, else anywhere. A first word that may be a noun gives
/// way to a verb right behind it or at the end, as in `call_search`.
fn verb_at(words: &[String]) -> Option<usize> {
    let strict = |word: &String| is_verb(word) && !taxonomy().may_be_noun(word);
    let first = words.first()?;
    let gives_way = first != "list"
        && !strict(first)
        && words.len() > 1
        && (strict(&words[1]) || words.last().is_some_and(strict));
    if is_verb(first) && !gives_way {
        return Some(0);
    }
    let early = words.iter().take(3).position(strict);
    early.or_else(|| words.iter().position(strict)).or_else(|| words.iter().rposition(|word| is_verb(word)))
}

fn without_articles(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| !ARTICLES.contains(&word.as_str())).cloned().collect()
}

fn cut_at_preposition(words: &[String]) -> (&[String], Option<(&str, &[String])>) {
    match words.iter().position(|word| PREPOSITIONS.contains(&word.as_str())) {
        Some(at) => (&words[..at], Some((words[at].as_str(), &words[at + 1..]))),
        None => (words, None),
    }
}

fn consent(verb: &Verb, words: &[String]) -> Option<Found> {
    let about_consent = words.iter().any(|word| {
        ["marketing", "topic", "preference", "consent", "subscription"].contains(&singular(word).as_str())
    });
    let subscribes = ["subscribe", "unsubscribe"].contains(&verb.verb.as_str());
    (subscribes && about_consent).then(|| Found::sure("consent", "update", Rule::Consent))
}

fn stage(verb: &Verb, words: &[String]) -> Option<Found> {
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&singular(word).as_str()));
    let moves = verb.verb == "update" && has(&["stage"]) && has(&["deal", "opportunity"]);
    moves.then(|| Found::sure("deal", "update_stage", Rule::DealStage))
}

fn query(verb: &Verb, phrase: &[String], words: &[String], tool: &ListedTool) -> Option<Found> {
    let language =
        |word: &String| ["sql", "soql", "sosl", "gaql", "query", "queries"].contains(&word.as_str());
    let runs = ["run", "query", "search"].contains(&verb.verb.as_str());
    let takes_sql = ["sql", "query", "soql"]
        .iter()
        .any(|name| tool.input_schema.pointer(&format!("/properties/{name}")).is_some());
    let named = phrase.last().is_some_and(language);
    let bare = words.len() == 1 && verb.verb == "query" && takes_sql;
    let of_tables = verb.verb == "query"
        && phrase
            .last()
            .is_some_and(|word| ["database", "table", "source", "databases"].contains(&word.as_str()));
    if !runs || !(named || bare || of_tables) {
        return None;
    }
    let of_records = words.iter().any(|word| ["soql", "sosl", "record"].contains(&word.as_str()));
    let object = if of_records { "record" } else { "dataset" };
    Some(Found::sure(object, "query", Rule::QueryLanguage))
}

/// Brings operations that have a customary name to it.
fn settle<'a>(object: &'a str, verb: &'a str, token: &str) -> (&'a str, &'a str) {
    match (object, verb) {
        ("audience_member", "create") => ("audience", "add_member"),
        ("audience_member", "delete") => ("audience", "remove_member"),
        ("audience_member", verb) => ("contact", verb),
        ("message", "create") if token == "post" => ("message", "send"),
        ("metric", "lookup" | "search") => ("metric", "read"),
        ("report", "lookup" | "search" | "run" | "query") => ("report", "read"),
        ("attribution" | "spend" | "funnel", "lookup" | "search" | "query") => (object, "report"),
        settled => settled,
    }
}
