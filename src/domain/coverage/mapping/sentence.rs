//! What the first sentence of a description says.

use super::{
    name::{Reader, cut},
    noun::{Head, Known, Number},
};
use crate::coverage::{
    taxonomy::{Verb, taxonomy},
    words::{singular, split},
};

/// What a description was understood to say.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) verb: Option<&'static Verb>,
    pub(super) head: Option<Head>,
    /// It says that many are listed or found.
    pub(super) lists: bool,
}

/// How far into a description is read.
const LETTERS: usize = 300;
/// How many clauses are tried until one holds a verb.
const CLAUSES: usize = 3;
/// How far into a clause its verb may stand.
const VERB_WITHIN: usize = 9;
/// How many words are looked through where no clause could be read.
const WORDS: usize = 14;
/// How many nouns in a row are tried: "a list of ids of deals".
const NOUNS: usize = 3;
/// Words that introduce the thing itself: "details of a deal".
const INTRODUCTIONS: [&str; 22] = [
    "detail",
    "detailed",
    "information",
    "info",
    "list",
    "full",
    "complete",
    "set",
    "number",
    "specified",
    "given",
    "new",
    "one",
    "more",
    "or",
    "up",
    "paginated",
    "collection",
    "total",
    "data",
    "and",
    "type",
];
/// Where a noun phrase ends in a sentence.
const ENDS: [&str; 18] = [
    "that",
    "which",
    "using",
    "when",
    "where",
    "whether",
    "including",
    "include",
    "so",
    "then",
    "within",
    "under",
    "between",
    "without",
    "through",
    "is",
    "are",
    "this",
];

impl Reader<'_> {
    /// The first object that a description names at all.
    pub(super) fn mentioned(&self, description: &str) -> Option<&'static str> {
        let start: String = description.chars().take(LETTERS).collect();
        let words: Vec<String> = split(&start).into_iter().take(WORDS).collect();
        (1..words.len()).find_map(|at| {
            let longest = self
                .ending(&words[..=(at + 1).min(words.len() - 1)])
                .filter(|head| head.phrase.contains(' '));
            longest.or_else(|| self.ending(&words[..=at])).map(|head| head.object)
        })
    }

    /// Reads the first clause that holds a verb.
    pub(super) fn told(&self, description: &str) -> Told {
        let start: String = description.chars().take(LETTERS).collect();
        let start = start.replace("'s ", " ").replace("’s ", " ");
        let clauses = start.split(['.', ',', ';', ':', '(', ')', '\n', '|', '—', '–', '!']);
        let mut told = clauses
            .filter(|clause| !clause.trim().is_empty())
            .take(CLAUSES)
            .map(|clause| self.clause(clause));
        told.find(|told| told.verb.is_some()).unwrap_or_default()
    }

    fn clause(&self, clause: &str) -> Told {
        let words = split(clause);
        let Some((at, verb)) = words
            .iter()
            .take(VERB_WITHIN)
            .enumerate()
            .find_map(|(at, word)| Some((at, verb_in_text(word, at == 0)?)))
        else {
            return Told::default();
        };
        let rest = &words[at + 1..];
        let based_on = |at: usize| rest[at] == "based" && rest.get(at + 1).is_some_and(|word| word == "on");
        let ends = |at: &usize| ENDS.contains(&rest[*at].as_str()) || based_on(*at);
        let end = (0..rest.len()).find(ends).unwrap_or(rest.len());
        let says_list =
            rest.iter().take(4).any(|word| word == "list") && rest[..end].iter().any(|word| word == "of");
        let (head, lists) = self.object_of_verb(&rest[..end]);
        Told { verb: Some(verb), lists: says_list || lists || verb.verb == "search", head }
    }

    /// The object that a verb in a sentence is about, looked for behind prepositions too: "a list of deals".
    /// Says as well whether a list or a count stands behind the object.
    fn object_of_verb(&self, words: &[String]) -> (Option<Head>, bool) {
        let mut rest = words.to_vec();
        for _ in 0..NOUNS {
            let (phrase, tail) = cut(&rest);
            let start = phrase.iter().position(|word| !INTRODUCTIONS.contains(&singular(word).as_str()));
            let head = start.and_then(|start| self.head(&phrase[start..]));
            if let Some(head) = head.filter(|head| head.known != Known::Before || tail.is_none()) {
                let lists = head.number == Number::List;
                return (Some(head), lists);
            }
            match tail {
                Some((_, behind)) => rest = behind,
                None => break,
            }
        }
        (None, false)
    }
}

/// A verb in a form in which descriptions use it: "Lists the deals", "Creating a deal". A word that may be a
/// noun is a verb only at the start.
fn verb_in_text(word: &str, first: bool) -> Option<&'static Verb> {
    const READING: [&str; 8] = ["return", "provide", "display", "give", "obtain", "access", "serve", "look"];
    let taxonomy = taxonomy();
    let stem = word.strip_suffix("ing");
    let forms = [
        Some(word.to_owned()),
        Some(singular(word)),
        stem.map(str::to_owned),
        stem.map(|stem| format!("{stem}e")),
        word.strip_suffix("es").map(str::to_owned),
    ];
    forms.into_iter().flatten().find_map(|form| {
        if READING.contains(&form.as_str()) {
            return taxonomy.verb("get");
        }
        taxonomy.verb(&form).filter(|verb| verb.verb != "docs" && (first || !taxonomy.may_be_noun(&form)))
    })
}
