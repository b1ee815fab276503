//! The object in which a noun phrase ends.

use super::name::Reader;
use crate::coverage::words::singular;

/// Words that end a phrase without changing what it is about.
const TRAILING: [&str; 20] = [
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
    "history",
    "url",
    "state",
    "body",
    "count",
    "by",
    "result",
    "record",
];
/// Words for a part of the object before them: whoever changes the part changes the object.
const PARTS: [&str; 34] = [
    "stage",
    "category",
    "owner",
    "ownership",
    "summary",
    "detail",
    "history",
    "setting",
    "config",
    "configuration",
    "variant",
    "variation",
    "version",
    "revision",
    "metadata",
    "image",
    "status",
    "state",
    "item",
    "line",
    "group",
    "entry",
    "step",
    "extension",
    "element",
    "tile",
    "filter",
    "section",
    "view",
    "title",
    "name",
    "description",
    "content",
    "component",
];

/// The noun in which a phrase ends.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) object: &'static str,
    /// The words that stand for the object, in the singular.
    pub(super) phrase: String,
    pub(super) of_platform: bool,
    pub(super) number: Number,
    pub(super) known: Known,
}

/// How many a noun speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    One,
    Many,
    /// The word "list" or "count" stands behind it.
    List,
}

/// How much of the phrase is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It ends in the object.
    Exactly,
    /// It ends in a part of the object, such as its settings.
    PartOf,
    /// It ends in the object's types.
    TypesOf,
    /// It ends in an unknown word, and the object stands before it.
    Before,
}

impl Reader<'_> {
    /// The longest known phrase at the end of a noun phrase, after words that end it without changing what it
    /// is about; else the last known one inside it.
    pub(super) fn head(&self, phrase: &[String]) -> Option<Head> {
        let mut end = phrase.len();
        let mut number = None;
        while end > 0 {
            let last = singular(&phrase[end - 1]);
            if let Some(head) = self.part(&phrase[..end], &last) {
                return Some(head);
            }
            if end > 1
                && ["list", "count"].contains(&last.as_str())
                && number.is_none()
                && !self.is_known(&phrase[end - 2..end])
            {
                number = Some(Number::List);
            } else if let Some(head) = self.ending(&phrase[..end]) {
                return Some(Head { number: number.unwrap_or(head.number), ..head });
            } else if end == 1 || !TRAILING.contains(&last.as_str()) {
                break;
            }
            end -= 1;
        }
        (1..end)
            .rev()
            .find_map(|end| self.ending(&phrase[..end]))
            .map(|head| Head { known: Known::Before, ..head })
    }

    /// The object whose part or types stand behind it, where the two together mean nothing of their own.
    fn part(&self, phrase: &[String], last: &str) -> Option<Head> {
        let known = match last {
            "type" => Known::TypesOf,
            last if PARTS.contains(&last) => Known::PartOf,
            _ => return None,
        };
        let (end, before) = phrase.split_last()?;
        if before.is_empty() || self.is_known(&phrase[phrase.len() - 2..]) {
            return None;
        }
        let whole = self.ending(before)?;
        let as_one = ["setting", "config", "configuration", "metadata", "detail", "status"].contains(&last);
        let number = if *end == last && known == Known::PartOf { Number::One } else { Number::Many };
        Some(Head { known, number: if as_one { whole.number } else { number }, ..whole })
    }

    fn is_known(&self, phrase: &[String]) -> bool {
        self.object(&joined(phrase)).is_some()
    }

    /// The longest known phrase at the very end.
    pub(super) fn ending(&self, phrase: &[String]) -> Option<Head> {
        let noun = phrase.last()?;
        let number = if singular(noun) == *noun { Number::One } else { Number::Many };
        (phrase.len().saturating_sub(4)..phrase.len()).find_map(|from| {
            let phrase = joined(&phrase[from..]);
            let (object, of_platform) = self.object(&phrase)?;
            Some(Head { object, phrase, of_platform, number, known: Known::Exactly })
        })
    }
}

fn joined(words: &[String]) -> String {
    words.iter().map(|word| singular(word)).collect::<Vec<_>>().join(" ")
}
