//! Which items a question is about.
//!
//! # Design
//! Items are ranked by Okapi BM25 with its usual constants, over the words of title and text; a word of the title
//! counts as several, because a title says what an item is about. The formula stands here because it is shorter
//! than the crates that offer it, which bring stemmers and stop words for many languages along. Whoever writes a title
//! means the item of that title, so it comes first.

use super::{Item, Knowledge, knowledge};
use crate::nearest::nearest;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// How soon a repeated word ceases to add: the usual value.
const SATURATION: f64 = 1.2;
/// How much the length of a text takes off: the usual value.
const LENGTH: f64 = 0.75;
/// What a word of the title counts.
const TITLE: u32 = 4;
/// Words less alike than this are no slips of one another.
const LEAST_LIKENESS: f64 = 0.85;
/// Words of which a question is made, whatever it is about.
const COMMON: [&str; 36] = [
    "a", "an", "and", "are", "be", "can", "do", "does", "for", "has", "have", "how", "i", "in", "is", "it",
    "like", "look", "many", "much", "my", "of", "on", "or", "our", "should", "the", "to", "we", "what",
    "when", "where", "which", "who", "why", "with",
];
/// The words of a question that are looked for; what follows is left out.
const MOST_WORDS: usize = 64;

/// The words of each item, counted.
struct Index {
    items: Vec<Counted>,
    /// How many items hold a word.
    spread: BTreeMap<String, u32>,
    mean_length: f64,
}

struct Counted {
    title: BTreeSet<String>,
    counts: BTreeMap<String, u32>,
    length: f64,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(knowledge()));

impl Knowledge {
    /// The items that match a question best, the best first; of equals, the one that stands first. Where no word
    /// of the question is known, each is read as the known one that is nearest to it.
    pub fn search(&self, question: &str, most: usize) -> Vec<Item<'_>> {
        let built;
        let index = if std::ptr::eq(self, knowledge()) {
            &*INDEX
        } else {
            built = Index::of(self);
            &built
        };
        let asked: BTreeSet<String> = words(question).take(MOST_WORDS).collect();
        let mut found = index.rank(&asked);
        if found.is_empty() {
            found = index.rank(&asked.iter().filter_map(|word| index.neighbour(word)).collect());
        }
        let items: Vec<Item<'_>> = self.items().collect();
        found.into_iter().take(most).map(|(place, _)| items[place]).collect()
    }
}

impl Index {
    fn of(knowledge: &Knowledge) -> Self {
        let items: Vec<Counted> = knowledge.items().map(|item| Counted::of(&item)).collect();
        let mut spread = BTreeMap::new();
        for word in items.iter().flat_map(|item| item.counts.keys()) {
            *spread.entry(word.clone()).or_default() += 1;
        }
        let mean_length = items.iter().map(|item| item.length).sum::<f64>() / items.len().max(1) as f64;
        Self { items, spread, mean_length }
    }

    /// The known word that a mistyped one was probably meant to be.
    fn neighbour(&self, word: &str) -> Option<String> {
        let near = *nearest(word, self.spread.keys().map(String::as_str)).first()?;
        (strsim::jaro_winkler(word, near) >= LEAST_LIKENESS).then(|| near.to_owned())
    }

    /// The places of the items that hold any of the words, with their scores, the best first.
    fn rank(&self, asked: &BTreeSet<String>) -> Vec<(usize, f64)> {
        let score = |item: &Counted| asked.iter().map(|word| self.weigh(item, word)).sum::<f64>();
        let scores = self.items.iter().map(score);
        let mut found: Vec<(usize, f64)> = scores.enumerate().filter(|(_, score)| *score > 0.0).collect();
        let is_named = |place: usize| self.items[place].title == *asked;
        found.sort_by(|(one, score), (other, less)| {
            let named = is_named(*other).cmp(&is_named(*one));
            named.then(less.total_cmp(score)).then(one.cmp(other))
        });
        found
    }

    fn weigh(&self, item: &Counted, word: &str) -> f64 {
        if COMMON.contains(&word) {
            return 0.0;
        }
        let (Some(count), Some(spread)) = (item.counts.get(word), self.spread.get(word)) else { return 0.0 };
        let (count, spread) = (f64::from(*count), f64::from(*spread));
        let rarity = (1.0 + (self.items.len() as f64 - spread + 0.5) / (spread + 0.5)).ln();
        let length = 1.0 - LENGTH + LENGTH * item.length / self.mean_length;
        rarity * count * (SATURATION + 1.0) / (count + SATURATION * length)
    }
}

impl Counted {
    fn of(item: &Item<'_>) -> Self {
        let mut counts = BTreeMap::new();
        for (text, weight) in [(item.title(), TITLE), (&item.id(), 1), (&item.words(), 1)] {
            for word in words(text) {
                *counts.entry(word).or_default() += weight;
            }
        }
        let length = counts.values().copied().map(f64::from).sum();
        Self { title: words(item.title()).collect(), counts, length }
    }
}

/// The words of a text: lower case, with the plural taken off, so that `budgets` finds `budget`.
fn words(text: &str) -> impl Iterator<Item = String> {
    let raw = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    raw.map(|word| {
        let word = word.to_lowercase();
        let is_plural = !COMMON.contains(&word.as_str())
            && word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && word.is_ascii();
        if is_plural { word[..word.len() - 1].to_owned() } else { word }
    })
}
