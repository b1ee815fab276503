//! How well a model can choose and call each tool from what the server says about it.
//!
//! The six dimensions, their weights, the scale from 1 to 5 and the tiers are those of the Tool Definition
//! Quality Score, which lets a model judge; here rules judge, and they are revarch's own. They read what can
//! be counted, so a score above the middle says that nothing needed is missing, not that the prose is good.

use super::{RuleFinding, Served, rules, schema, shown};
use crate::coverage::{mapping::MappedTool, taxonomy::Effect, tools_list::ListedTool, words};
use std::collections::{BTreeMap, BTreeSet};

/// What a description is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Does it say what the tool does?
    Purpose,
    /// Does it say when to use it, and when not?
    Usage,
    /// Does it say what happens, beyond the hints?
    Behaviour,
    /// Can each parameter be filled in?
    Parameters,
    /// Is it as long as it has to be?
    Conciseness,
    /// Is it complete for what the tool is?
    Completeness,
}

impl Dimension {
    /// All of them, with their weights in percent.
    pub const WEIGHTS: [(Self, u32); 6] = [
        (Self::Purpose, 25),
        (Self::Usage, 20),
        (Self::Behaviour, 20),
        (Self::Parameters, 15),
        (Self::Conciseness, 10),
        (Self::Completeness, 10),
    ];

    /// The dimension's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Usage => "usage",
            Self::Behaviour => "behaviour",
            Self::Parameters => "parameters",
            Self::Conciseness => "conciseness",
            Self::Completeness => "completeness",
        }
    }
}

/// A score as a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// 3.5 or more.
    A,
    /// 3 or more, the least that passes.
    B,
    /// 2 or more.
    C,
    /// Less.
    D,
}

impl Tier {
    /// The tier of a score.
    pub fn of(score: f64) -> Self {
        match score {
            score if score >= 3.5 => Self::A,
            score if score >= 3.0 => Self::B,
            score if score >= 2.0 => Self::C,
            _ => Self::D,
        }
    }

    /// The letter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// One tool's quality.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolQuality {
    /// The tool.
    pub tool: String,
    /// Each dimension's score from 1 to 5, and why.
    pub scores: Vec<(Dimension, u32, &'static str)>,
    /// The weighted score.
    pub score: f64,
}

/// A server's quality.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// Its tools, in its order.
    pub tools: Vec<ToolQuality>,
    /// The mean of their scores.
    pub mean: f64,
    /// The worst tool and its score.
    pub worst: (String, f64),
    /// How well the tools go together, from 1 to 5: whether they can be told apart, how they are named, how many.
    pub coherence: f64,
    /// The whole: 0.7 of the tools (0.6 of their mean and 0.4 of the worst), and 0.3 of the coherence.
    pub score: f64,
}

impl Quality {
    /// The whole as a letter.
    pub fn tier(&self) -> Tier {
        Tier::of(self.score)
    }
}

/// Characters from which a description is longer than a model needs.
const LONG: usize = 2_000;
/// Descriptions whose words overlap by this much read alike.
const ALIKE: f64 = 0.8;
/// Pairs are compared among so many tools; beyond, only neighbours in the alphabet of their descriptions.
const MOST_PAIRED: usize = 300;

pub(super) fn grade(served: &Served<'_>) -> (Option<Quality>, Vec<RuleFinding>) {
    let tools = &served.list.tools;
    let names: BTreeSet<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    let mut findings = Vec::new();
    let mut graded = Vec::new();
    for (tool, mapped) in tools.iter().zip(&served.inspection.mapped) {
        let facts = Facts::of(tool, mapped, &names);
        findings.extend(facts.findings(served, tool));
        graded.push(facts.score(&tool.name));
    }
    let alike = alike(tools);
    findings.extend(alike.iter().map(|(one, other)| {
        let told = format!("its description reads like that of `{}`", shown(other, 60));
        served.found(rules::CONFUSABLE, Some(one), told)
    }));
    let worst = graded.iter().min_by(|a, b| a.score.total_cmp(&b.score).then_with(|| a.tool.cmp(&b.tool)));
    let Some(worst) = worst.map(|worst| (worst.tool.clone(), worst.score)) else { return (None, findings) };
    let mean = graded.iter().map(|tool| tool.score).sum::<f64>() / graded.len() as f64;
    let coherence = coherence(tools, alike.len());
    let score = 0.7 * (0.6 * mean + 0.4 * worst.1) + 0.3 * coherence;
    (Some(Quality { tools: graded, mean, worst, coherence, score }), findings)
}

/// What can be counted of one tool.
#[expect(clippy::struct_excessive_bools, reason = "each is one observation, and none excludes another")]
struct Facts {
    length: usize,
    words: usize,
    is_tautology: bool,
    says_when: bool,
    says_when_not: bool,
    names_sibling: bool,
    discloses: bool,
    contradicts: bool,
    has_hints: bool,
    has_output_schema: bool,
    says_what_returns: bool,
    changes_something: bool,
    gives_example: bool,
    opens_with_purpose: bool,
    shape: schema::Shape,
}

impl Facts {
    fn of(tool: &ListedTool, mapped: &MappedTool, names: &BTreeSet<&str>) -> Self {
        let text = tool.description.as_deref().unwrap_or_default().trim();
        let lower = text.to_lowercase();
        let said: Vec<String> = words::split(text).iter().map(|word| words::singular(word)).collect();
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
        let own: BTreeSet<String> =
            words::split(&tool.name).iter().map(|word| words::singular(word)).collect();
        let filler = ["a", "an", "the", "tool", "to", "for", "of", "this", "from", "in", "all"];
        let is_new = |word: &&String| !own.contains(*word) && !filler.contains(&word.as_str());
        let mut tokens =
            text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '-'));
        let names_sibling = tokens.any(|token| {
            token.len() >= 6 && token != tool.name && token.contains(['_', '-']) && names.contains(token)
        });
        let effects = || mapped.readings.iter().map(|reading| reading.effect);
        let changes_something = effects().any(|effect| effect != Effect::Read);
        let hints = tool.annotations.unwrap_or_default();
        Self {
            length: text.chars().count(),
            words: said.len(),
            is_tautology: !text.is_empty() && said.iter().filter(is_new).count() <= 1,
            says_when: has(&[
                "use this",
                "use when",
                "when ",
                "use it ",
                "useful for",
                "use to ",
                "call this",
            ]),
            says_when_not: has(&[
                "do not use",
                "don't use",
                "not for",
                "instead",
                "rather than",
                "only when",
                "unless",
            ]),
            names_sibling,
            discloses: has(&[
                "delete",
                "overwrit",
                "irreversib",
                "cannot be undone",
                "permanent",
                "creates",
                "updates",
                "sends",
                "read-only",
                "read only",
                "only reads",
                "does not change",
                "requires",
                "permission",
                "scope",
                "rate limit",
                "limit",
                "page",
                "cursor",
                "asynchron",
                "async",
                "idempotent",
                "cached",
                "error",
                "fails",
                "notif",
            ]),
            contradicts: hints.read_only == Some(true)
                && effects()
                    .any(|effect| matches!(effect, Effect::Destructive | Effect::Send | Effect::Spend)),
            has_hints: tool.annotations.is_some(),
            has_output_schema: tool.has_output_schema,
            says_what_returns: has(&["return", "responds with", "result", "gives back", "output"]),
            changes_something,
            gives_example: has(&["e.g.", "example", "for instance", "such as", "`{"]),
            opens_with_purpose: said.len() >= 4,
            shape: schema::shape(&tool.input_schema),
        }
    }

    fn described_share(&self) -> f64 {
        if self.shape.parameters == 0 {
            1.0
        } else {
            self.shape.described as f64 / self.shape.parameters as f64
        }
    }

    fn score(&self, tool: &str) -> ToolQuality {
        let scores: Vec<(Dimension, u32, &'static str)> = if self.length == 0 {
            Dimension::WEIGHTS
                .iter()
                .map(|(dimension, _)| (*dimension, 1, "there is no description"))
                .collect()
        } else {
            let told = |dimension: Dimension, (score, why): (u32, &'static str)| (dimension, score, why);
            vec![
                told(Dimension::Purpose, self.purpose()),
                told(Dimension::Usage, self.usage()),
                told(Dimension::Behaviour, self.behaviour()),
                told(Dimension::Parameters, self.parameters()),
                told(Dimension::Conciseness, self.conciseness()),
                told(Dimension::Completeness, self.completeness()),
            ]
        };
        let weight = |dimension: Dimension| {
            Dimension::WEIGHTS.iter().find(|(known, _)| *known == dimension).map_or(0, |(_, weight)| *weight)
        };
        let hundredths: u32 = scores.iter().map(|(dimension, score, _)| weight(*dimension) * score).sum();
        ToolQuality { tool: tool.to_owned(), scores, score: f64::from(hundredths) / 100.0 }
    }

    fn purpose(&self) -> (u32, &'static str) {
        if self.is_tautology {
            (2, "it repeats the name")
        } else if !self.opens_with_purpose {
            (3, "it is vague")
        } else if self.names_sibling || self.says_when_not {
            (5, "it says what the tool does and sets it apart")
        } else {
            (4, "it says what the tool does, and not how it differs from others")
        }
    }

    fn usage(&self) -> (u32, &'static str) {
        match (self.says_when, self.says_when_not || self.names_sibling) {
            (_, true) if self.says_when || self.names_sibling => {
                (5, "it says when to use it and what to use instead")
            }
            (true, _) => (4, "it says when to use it"),
            (false, true) => (3, "it says when not to use it"),
            (false, false) if self.words >= 12 => (3, "when to use it can be guessed"),
            (false, false) => (2, "it does not say when to use it"),
        }
    }

    fn behaviour(&self) -> (u32, &'static str) {
        match (self.contradicts, self.has_hints, self.discloses) {
            (true, ..) => (1, "the hints contradict what the tool does"),
            (_, true, true) => (5, "hints, and words on what they cannot say"),
            (_, true, false) => (3, "hints alone"),
            (_, false, true) => (3, "words alone"),
            (_, false, false) if self.changes_something => (1, "it changes something and says nothing of it"),
            (_, false, false) => (2, "it says nothing of what happens"),
        }
    }

    fn parameters(&self) -> (u32, &'static str) {
        if self.shape.parameters == 0 {
            return (4, "there are none");
        }
        match (self.described_share(), self.gives_example) {
            (share, true) if share > 0.8 => (5, "described, with examples"),
            (share, false) if share > 0.8 => (4, "described"),
            (share, _) if share >= 0.5 => (3, "described in part"),
            (_, true) => (2, "hardly described, with an example"),
            (_, false) => (1, "hardly described"),
        }
    }

    fn conciseness(&self) -> (u32, &'static str) {
        match self.length {
            0..20 => (2, "too short to choose by"),
            20..40 => (3, "very short"),
            40..900 => (5, "as long as it has to be"),
            900..LONG => (4, "rather long"),
            LONG..6_000 => (2, "long"),
            _ => (1, "far too long"),
        }
    }

    fn completeness(&self) -> (u32, &'static str) {
        let says_return = self.has_output_schema || self.says_what_returns;
        let says_effect = !self.changes_something || self.has_hints || self.discloses;
        let says_arguments = self.described_share() >= 0.5;
        match u32::from(says_return) + u32::from(says_effect) + u32::from(says_arguments) {
            3 => (5, "results, effects and arguments are told"),
            2 => (4, "one of results, effects and arguments is not told"),
            1 => (2, "two of results, effects and arguments are not told"),
            _ => (1, "neither results nor effects nor arguments are told"),
        }
    }

    fn findings(&self, served: &Served<'_>, tool: &ListedTool) -> Vec<RuleFinding> {
        let mut findings = Vec::new();
        let mut found = |rule, told: String| findings.push(served.found(rule, Some(&tool.name), told));
        if self.length == 0 {
            found(rules::NO_DESCRIPTION, "the description is absent or blank".to_owned());
        }
        if self.is_tautology {
            found(rules::TAUTOLOGY, "its words are those of the name".to_owned());
        }
        if self.described_share() < 0.5 {
            let told =
                format!("{} of {} parameters are described", self.shape.described, self.shape.parameters);
            found(rules::UNDOCUMENTED_PARAMETERS, told);
        }
        if self.length >= LONG {
            found(rules::LONG_DESCRIPTION, format!("{} characters; {LONG} are much", self.length));
        }
        findings
    }
}

/// Pairs of tools whose descriptions have nearly the same words, each tool told once.
fn alike(tools: &[ListedTool]) -> Vec<(String, String)> {
    let mut said: Vec<(BTreeSet<String>, &str)> = tools
        .iter()
        .filter_map(|tool| {
            let text: String = tool.description.as_deref()?.chars().take(LONG).collect();
            let words: BTreeSet<String> = words::split(&text).into_iter().collect();
            (words.len() >= 4).then_some((words, tool.name.as_str()))
        })
        .collect();
    said.sort();
    let reach = if said.len() <= MOST_PAIRED { said.len() } else { 2 };
    let mut found = Vec::new();
    for at in 0..said.len() {
        let other = (at + 1..said.len().min(at + 1 + reach)).find(|other| {
            let (one, other) = (&said[at].0, &said[*other].0);
            let shared = one.intersection(other).count() as f64;
            let all = one.union(other).count() as f64;
            shared / all >= ALIKE && one.symmetric_difference(other).count() <= 1
        });
        if let Some(other) = other {
            found.push((said[at].1.to_owned(), said[other].1.to_owned()));
        }
    }
    found
}

/// How well the tools go together, from 1 to 5. Whether operations are missing takes judgement, and is left out.
fn coherence(tools: &[ListedTool], confusable: usize) -> f64 {
    let distinct = match confusable as f64 / tools.len() as f64 {
        _ if confusable == 0 => 5.0,
        share if share < 0.1 => 4.0,
        share if share < 0.25 => 3.0,
        share if share < 0.5 => 2.0,
        _ => 1.0,
    };
    let mut styles: BTreeMap<&'static str, usize> = BTreeMap::new();
    for tool in tools {
        *styles.entry(style(&tool.name)).or_default() += 1;
    }
    let usual = styles.values().copied().max().unwrap_or(0) as f64 / tools.len() as f64;
    let naming = match usual {
        share if share >= 0.99 => 5.0,
        share if share >= 0.9 => 4.0,
        share if share >= 0.7 => 3.0,
        share if share >= 0.5 => 2.0,
        _ => 1.0,
    };
    let number = match tools.len() {
        3..=15 => 5.0,
        2 | 16..=20 => 4.0,
        21..=25 => 3.0,
        1 | 26..=49 => 2.0,
        _ => 1.0,
    };
    (distinct + naming + number) / 3.0
}

fn style(name: &str) -> &'static str {
    let has_upper = name.chars().any(char::is_uppercase);
    match (name.contains('_'), name.contains('-'), name.contains(['.', '/']), has_upper) {
        (_, _, true, _) => "dotted",
        (_, false, false, false) => "snake",
        (false, true, false, false) => "kebab",
        (false, false, false, true) => "camel",
        _ => "mixed",
    }
}
