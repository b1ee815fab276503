//! The words of a tool's name, without those that only say whose tool it is.

use crate::coverage::{
    catalog::catalog,
    taxonomy::{Meaning, Verb, taxonomy},
    tools_list::ListedTool,
    words::{singular, split},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known about the server while its names are read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    platform: Option<&'a str>,
    prefix: Option<String>,
    own_words: Vec<String>,
    meant: BTreeMap<&'static str, &'static str>,
}

/// Ways to say which of several, which do not change what a name is about.
const WHICH: [&str; 26] = [
    "a",
    "an",
    "the",
    "all",
    "my",
    "your",
    "own",
    "any",
    "some",
    "this",
    "multiple",
    "many",
    "single",
    "bulk",
    "batch",
    "first",
    "last",
    "latest",
    "recent",
    "unique",
    "current",
    "active",
    "available",
    "existing",
    "specific",
    "accessible",
];
const PREPOSITIONS: [&str; 15] =
    ["to", "from", "for", "by", "in", "into", "on", "with", "at", "of", "via", "across", "as", "about", "if"];

impl<'a> Reader<'a> {
    pub(super) fn new(tools: &[ListedTool], platform: Option<&'a str>) -> Self {
        let listed = platform.and_then(|id| catalog().platform(id));
        let own_words = listed.map(|platform| split(&platform.name)).unwrap_or_default();
        Self { platform, prefix: common_prefix(tools), own_words, meant: meant(tools) }
    }

    /// The words of a name, without the server's own, a version, and the method of an endpoint whose name holds
    /// a verb as well.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        let mut words = split(name);
        let from_api = words.first().is_some_and(|word| word == "api");
        if words.len() > 1 && self.prefix.is_some() && words.first() == self.prefix.as_ref() {
            words.remove(0);
        }
        let says_something = |word: &&String| {
            !is_version(word) && (!self.own_words.contains(word) || self.object(word).is_some())
        };
        let kept: Vec<String> = words.iter().filter(says_something).cloned().collect();
        let mut words = if kept.is_empty() { words } else { kept };
        if words.len() > 2 && words[0] == "api" {
            words.remove(0);
        }
        let is_http_method = |word: &String| ["get", "post", "put", "patch"].contains(&word.as_str());
        let verbs_twice = words.len() > 1 && is_verb(&words[1]) && !taxonomy().may_be_noun(&words[1]);
        if from_api && verbs_twice && is_http_method(&words[0]) {
            words.remove(0);
        }
        words
    }

    /// The object that a phrase in the singular stands for, and whether only on this platform.
    pub(super) fn object(&self, phrase: &str) -> Option<(&'static str, bool)> {
        let (object, of_platform) = taxonomy().object(phrase, self.platform)?;
        let meant = self.meant.get(phrase).copied().filter(|_| !of_platform);
        Some((meant.unwrap_or(object), of_platform))
    }

    /// Whether a word has several meanings and nothing else on this server tells which is meant.
    pub(super) fn is_unsure(&self, phrase: &str) -> bool {
        !taxonomy().meanings(phrase).is_empty() && !self.meant.contains_key(phrase)
    }
}

/// A meaning is chosen when at least every tenth tool speaks of what it stands beside.
const FEW: usize = 10;

/// What words with several meanings mean on this server, by the objects that its other tools speak of.
fn meant(tools: &[ListedTool]) -> BTreeMap<&'static str, &'static str> {
    let taxonomy = taxonomy();
    let mut spoken_of: BTreeMap<&str, usize> = BTreeMap::new();
    for tool in tools {
        let words: Vec<String> = split(&tool.name).iter().map(|word| singular(word)).collect();
        let phrases = words.iter().cloned().chain(words.windows(2).map(|two| two.join(" ")));
        let clear = phrases.filter(|phrase| taxonomy.meanings(phrase).is_empty());
        let objects: BTreeSet<&str> =
            clear.filter_map(|phrase| Some(taxonomy.object(&phrase, None)?.0)).collect();
        for object in objects {
            *spoken_of.entry(object).or_default() += 1;
        }
    }
    let weight = |meaning: &Meaning| -> usize {
        meaning.beside.iter().filter_map(|object| spoken_of.get(object.as_str())).sum()
    };
    let chosen = taxonomy.homonyms().filter_map(|(word, meanings)| {
        let best = meanings.iter().rev().max_by_key(|meaning| weight(meaning))?;
        (weight(best) * FEW >= tools.len().max(1)).then_some((word, best.object.as_str()))
    });
    chosen.collect()
}

/// The word with which most names of a server begin, which is then the server's own name.
fn common_prefix(tools: &[ListedTool]) -> Option<String> {
    let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
    for tool in tools {
        let mut words = split(&tool.name).into_iter();
        if let (Some(first), Some(_)) = (words.next(), words.next()) {
            *firsts.entry(first).or_default() += 1;
        }
    }
    let (word, count) = firsts.into_iter().max_by_key(|(_, count)| *count)?;
    let known = is_verb(&word) || taxonomy().object(&singular(&word), None).is_some();
    let share = if known { 9 } else { 6 };
    (tools.len() >= 3 && count * 10 >= tools.len() * share && !is_verb(&word)).then_some(word)
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|digit| digit.is_ascii_digit()))
}

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
    const ANY_CALL: [&str; 9] =
        ["function", "endpoint", "request", "api", "graphql", "command", "apex", "tooling", "tool"];
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

/// A name taken apart: `add_contact_to_list` adds a contact, and has a list behind the preposition.
#[derive(Debug)]
pub(super) struct Name<'a> {
    pub(super) words: &'a [String],
    pub(super) verb: Option<&'static Verb>,
    /// The word that stands for the verb; empty without one.
    pub(super) token: &'a str,
    /// The nouns that the verb is about.
    pub(super) nouns: Vec<String>,
    /// The nouns in front of the verb, when there are others behind it.
    pub(super) context: Vec<String>,
    /// A preposition and the nouns behind it.
    pub(super) tail: Option<(&'a str, Vec<String>)>,
}

impl<'a> Name<'a> {
    pub(super) fn of(words: &'a [String]) -> Self {
        let Some(at) = verb_at(words) else {
            let (nouns, tail) = cut(words);
            return Self { words, verb: None, token: "", nouns, context: Vec::new(), tail };
        };
        let (before, after) = (&words[..at], &words[at + 1..]);
        let (nouns, context) = if says_which(after) { (before, after) } else { (after, before) };
        let (nouns, tail) = cut(nouns);
        Self {
            words,
            verb: taxonomy().verb(&words[at]),
            token: &words[at],
            nouns,
            context: which_of(context),
            tail,
        }
    }
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

/// Whether words only say which of several.
fn says_which(words: &[String]) -> bool {
    words.iter().all(|word| WHICH.contains(&word.as_str()))
}

/// The words without those that say which of several, unless nothing else is there.
pub(super) fn which_of(words: &[String]) -> Vec<String> {
    if says_which(words) {
        return words.to_vec();
    }
    words.iter().filter(|word| !WHICH.contains(&word.as_str())).cloned().collect()
}

/// A noun phrase up to its first preposition, and what stands behind that.
pub(super) fn cut(words: &[String]) -> (Vec<String>, Option<(&str, Vec<String>)>) {
    match words.iter().position(|word| PREPOSITIONS.contains(&word.as_str())) {
        Some(at) => (which_of(&words[..at]), Some((words[at].as_str(), which_of(&words[at + 1..])))),
        None => (which_of(words), None),
    }
}
