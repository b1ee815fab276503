//! The vocabulary of coverage: categories of platforms, operations that matter in each, and the words from
//! which an operation is read.

use crate::nearest::nearest;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
};

/// Something an agent may want done: a verb on an object, such as `deal.update_stage`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Operation {
    /// What it is done to.
    pub object: String,
    /// What is done.
    pub verb: String,
}

impl Operation {
    /// The operation `verb` on `object`.
    pub fn new(object: impl Into<String>, verb: impl Into<String>) -> Self {
        Self { object: object.into(), verb: verb.into() }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.object, self.verb)
    }
}

impl TryFrom<String> for Operation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (object, verb) = text.split_once('.').ok_or_else(|| format!("`{text}` is not object.verb"))?;
        Ok(Self::new(object, verb))
    }
}

impl From<Operation> for String {
    fn from(operation: Operation) -> Self {
        operation.to_string()
    }
}

/// What an operation does to the world, which decides how it has to be guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Creates or changes records.
    Write,
    /// Deletes, overwrites or cancels.
    Destructive,
    /// Reaches people outside: a message, a publication, an enrolment.
    Send,
    /// Moves or commits money.
    Spend,
    /// Runs code or a job with an open end.
    Execute,
    /// Touches credentials, permissions or connections.
    Admin,
    /// Cannot be told from what the server says.
    Unknown,
}

impl Effect {
    /// The effect's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
            Self::Send => "send",
            Self::Spend => "spend",
            Self::Execute => "execute",
            Self::Admin => "admin",
            Self::Unknown => "unknown",
        }
    }
}

/// A category of platforms, with the operations an agent needs of one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// A stable key.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The group of the marketing technology landscape it stands in.
    pub group: Option<String>,
    /// Whether it is one of the landscape's 49 categories; the others are added here.
    pub landscape: bool,
    /// The operations without which an agent has little use for the platform.
    #[serde(default)]
    pub core: Vec<Operation>,
    /// Operations that are good to have.
    #[serde(default)]
    pub extended: Vec<Operation>,
}

/// A verb, the words it is read from and what it does unless the object says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// The verb's name.
    pub verb: String,
    /// What it does.
    pub effect: Effect,
    /// The words it is read from.
    pub tokens: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    object: String,
    phrases: Vec<String>,
}

/// A word that stands for different objects on servers of different kinds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Homonym {
    word: String,
    meanings: Vec<Meaning>,
}

/// One meaning of such a word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    /// The object it stands for.
    pub(super) object: String,
    /// Objects that a server speaks of where the word has this meaning: a `group` beside tickets is one of
    /// agents, beside contacts an audience.
    pub(super) beside: BTreeSet<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformWords {
    platform: String,
    words: BTreeMap<String, String>,
}

/// One operation that follows from others. `X` stands for any object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implication {
    /// The operations that have to be there.
    #[serde(rename = "if")]
    pub given: Vec<Operation>,
    /// The operations that follow.
    pub then: Vec<Operation>,
    /// The categories in which it holds; all of them when empty.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Why it follows.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    categories: Vec<Category>,
    verbs: Vec<Verb>,
    verbs_that_are_nouns_too: BTreeSet<String>,
    objects: Vec<Object>,
    homonyms: Vec<Homonym>,
    platform_words: Vec<PlatformWords>,
    implications: Vec<Implication>,
    record_objects: BTreeSet<String>,
    record_categories: BTreeSet<String>,
    query_categories: BTreeSet<String>,
    performance_objects: BTreeSet<String>,
    report_objects: BTreeSet<String>,
    outreach_objects: BTreeSet<String>,
    money_objects: BTreeSet<String>,
    permission_objects: BTreeSet<String>,
    customer_defined: BTreeSet<String>,
}

/// The vocabulary as one value.
#[derive(Debug)]
pub struct Taxonomy {
    /// The categories: 49 of the landscape and those added to it.
    pub categories: Vec<Category>,
    /// The verbs.
    pub verbs: Vec<Verb>,
    /// What follows from what.
    pub implications: Vec<Implication>,
    /// Objects that a generic record tool of a CRM-like platform covers.
    pub record_objects: BTreeSet<String>,
    /// Categories in which a generic record tool covers those objects.
    pub record_categories: BTreeSet<String>,
    /// Categories in which one query tool reads whatever the platform holds.
    pub query_categories: BTreeSet<String>,
    /// Objects whose reports are read as `read_performance`.
    pub performance_objects: BTreeSet<String>,
    /// Objects whose reports are read as `report`.
    pub report_objects: BTreeSet<String>,
    /// Objects that reach people once they are scheduled, activated or enrolled in.
    pub outreach_objects: BTreeSet<String>,
    /// Objects that are money.
    pub money_objects: BTreeSet<String>,
    /// Objects that grant access.
    pub permission_objects: BTreeSet<String>,
    /// Platforms on which every customer builds the list of tools.
    pub customer_defined: BTreeSet<String>,
    verb_of_token: BTreeMap<String, usize>,
    nouns_too: BTreeSet<String>,
    object_of_phrase: BTreeMap<String, String>,
    homonyms: BTreeMap<String, Vec<Meaning>>,
    words_of_platform: BTreeMap<String, BTreeMap<String, String>>,
}

impl Taxonomy {
    /// The category of that key.
    pub fn category(&self, slug: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.slug == slug)
    }

    /// What an operation does to the world by its verb and object alone, before any server has said a word.
    pub fn usual_effect(&self, operation: &Operation) -> Effect {
        let Operation { object, verb } = operation;
        let reaches_people = ["activate", "schedule", "trigger", "run", "enroll"].contains(&verb.as_str());
        let usual = match verb.as_str() {
            "read" | "read_performance" | "report" | "size" | "transcript" | "brief" | "risk" | "overlap"
            | "check" | "check_health" | "verify" => Effect::Read,
            "update_stage" | "unenroll" | "write" => Effect::Write,
            other if other.starts_with("add_") || other.starts_with("remove_") => Effect::Write,
            other => {
                self.verbs.iter().find(|verb| verb.verb == other).map_or(Effect::Unknown, |verb| verb.effect)
            }
        };
        match usual {
            Effect::Write | Effect::Execute if self.money_objects.contains(object) => Effect::Spend,
            Effect::Write | Effect::Execute if self.outreach_objects.contains(object) && reaches_people => {
                Effect::Send
            }
            Effect::Write if self.permission_objects.contains(object) => Effect::Admin,
            usual => usual,
        }
    }

    /// Why no platform could ever be said to offer `operation`: its object or verb is not in this vocabulary.
    pub fn stranger(&self, operation: &Operation) -> Option<String> {
        let profiled =
            || self.categories.iter().flat_map(|category| category.core.iter().chain(&category.extended));
        let objects: BTreeSet<&str> = self
            .object_of_phrase
            .values()
            .map(String::as_str)
            .chain(profiled().map(|known| known.object.as_str()))
            .collect();
        let verbs: BTreeSet<&str> = self
            .verbs
            .iter()
            .map(|verb| verb.verb.as_str())
            .chain(profiled().map(|known| known.verb.as_str()))
            .collect();
        let told = |what: &str, asked: &str, known: BTreeSet<&str>| {
            let near = nearest(asked, known);
            let hint = if near.is_empty() {
                String::new()
            } else {
                format!("; did you mean `{}`?", near.join("`, `"))
            };
            format!("`{operation}` has the {what} `{asked}`, which no rule reads{hint}")
        };
        let Operation { object, verb } = operation;
        if !objects.contains(object.as_str()) {
            Some(told("object", object, objects))
        } else if !verbs.contains(verb.as_str()) {
            Some(told("verb", verb, verbs))
        } else {
            None
        }
    }

    /// The verb that a word stands for.
    pub(super) fn verb(&self, token: &str) -> Option<&Verb> {
        self.verb_of_token.get(token).map(|index| &self.verbs[*index])
    }

    /// Whether a word that stands for a verb may as well be a noun, as `post` and `call` are.
    pub(super) fn may_be_noun(&self, token: &str) -> bool {
        self.nouns_too.contains(token)
    }

    /// The object that a phrase in the singular stands for, and whether only on this platform.
    pub(super) fn object(&self, phrase: &str, platform: Option<&str>) -> Option<(&str, bool)> {
        let own = platform.and_then(|platform| self.words_of_platform.get(platform)?.get(phrase));
        match own {
            Some(object) => Some((object, true)),
            None => self.object_of_phrase.get(phrase).map(|object| (object.as_str(), false)),
        }
    }

    /// What a word may mean; nothing for a word with one meaning. The first meaning is the usual one.
    pub(super) fn meanings(&self, word: &str) -> &[Meaning] {
        self.homonyms.get(word).map_or(&[], Vec::as_slice)
    }

    /// The words with several meanings.
    pub(super) fn homonyms(&self) -> impl Iterator<Item = (&str, &[Meaning])> {
        self.homonyms.iter().map(|(word, meanings)| (word.as_str(), meanings.as_slice()))
    }

    fn parse(text: &str) -> serde_json::Result<Self> {
        let file: File = serde_json::from_str(text)?;
        let File {
            categories,
            verbs,
            verbs_that_are_nouns_too: nouns_too,
            objects,
            homonyms,
            platform_words,
            implications,
            record_objects,
            record_categories,
            query_categories,
            performance_objects,
            report_objects,
            outreach_objects,
            money_objects,
            permission_objects,
            customer_defined,
        } = file;
        let tokens = verbs.iter().enumerate();
        let verb_of_token = tokens
            .flat_map(|(index, verb)| verb.tokens.iter().map(move |token| (token.clone(), index)))
            .collect();
        let object_of_phrase = objects
            .into_iter()
            .flat_map(|Object { object, phrases }| {
                phrases.into_iter().map(move |phrase| (phrase, object.clone()))
            })
            .collect();
        let homonyms = homonyms.into_iter().map(|Homonym { word, meanings }| (word, meanings)).collect();
        let words_of_platform =
            platform_words.into_iter().map(|PlatformWords { platform, words }| (platform, words)).collect();
        Ok(Self {
            categories,
            verbs,
            implications,
            record_objects,
            record_categories,
            query_categories,
            performance_objects,
            report_objects,
            outreach_objects,
            money_objects,
            permission_objects,
            customer_defined,
            verb_of_token,
            nouns_too,
            object_of_phrase,
            homonyms,
            words_of_platform,
        })
    }
}

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| {
    Taxonomy::parse(include_str!("taxonomy.json")).expect("the embedded taxonomy parses: a test reads it")
});

/// The vocabulary that revarch carries.
pub fn taxonomy() -> &'static Taxonomy {
    &TAXONOMY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{catalog::catalog, words};

    #[test]
    fn a_word_stands_for_one_verb_and_a_phrase_for_one_object() {
        let file: File = serde_json::from_str(include_str!("taxonomy.json")).unwrap();
        let tokens: Vec<&String> = file.verbs.iter().flat_map(|verb| &verb.tokens).collect();
        assert_eq!(tokens.len(), taxonomy().verb_of_token.len());
        let phrases: Vec<&String> = file.objects.iter().flat_map(|object| &object.phrases).collect();
        assert_eq!(phrases.len(), taxonomy().object_of_phrase.len());
    }

    #[test]
    fn phrases_are_in_the_singular_form_that_names_are_brought_to() {
        for phrase in taxonomy().object_of_phrase.keys() {
            let singular: Vec<String> = phrase.split(' ').map(words::singular).collect();
            assert_eq!(&singular.join(" "), phrase);
        }
    }

    #[test]
    fn words_of_several_meanings_are_known_and_mean_known_objects() {
        let taxonomy = taxonomy();
        let objects: BTreeSet<&str> = taxonomy.object_of_phrase.values().map(String::as_str).collect();
        for (word, meanings) in taxonomy.homonyms() {
            assert!(taxonomy.object_of_phrase.contains_key(word), "{word}");
            for Meaning { object, beside } in meanings {
                assert!(objects.contains(object.as_str()), "{word}: {object}");
                assert!(beside.iter().all(|object| objects.contains(object.as_str())), "{word}: {beside:?}");
            }
        }
    }

    #[test]
    fn every_category_with_a_platform_has_core_operations() {
        for platform in catalog().platforms() {
            assert!(!platform.category().unwrap().core.is_empty(), "{}", platform.id);
        }
    }

    #[test]
    fn lists_of_platforms_and_categories_name_real_ones() {
        let taxonomy = taxonomy();
        for id in taxonomy.customer_defined.iter().chain(taxonomy.words_of_platform.keys()) {
            assert!(catalog().platform(id).is_some(), "{id}");
        }
        let named = taxonomy.implications.iter().flat_map(|implication| &implication.categories);
        for slug in named.chain(&taxonomy.record_categories).chain(&taxonomy.query_categories) {
            assert!(taxonomy.category(slug).is_some(), "{slug}");
        }
    }
}
