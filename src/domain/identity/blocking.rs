//! Which pairs are compared at all.
//!
//! Comparing everybody with everybody takes half the square of the records. A rule names parts of columns on which both
//! records of a pair have to agree. Candidates for rules follow from the kinds of the columns; which of them are used
//! is decided by how many pairs each would make, counted before any pair is made.

use super::{compare::Comparison, kind::Kind, pattern::MOST_RULES};

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its first letters.
    Start(usize),
    /// Its last digits.
    End(usize),
    /// The first letter and the next consonants, so that most slips of the finger do not matter.
    Sound,
    /// What stands before the sign of an e-mail address.
    Local,
    /// Its words in the order of the alphabet.
    Words,
}

impl Part {
    /// The part of a value, or nothing where the value has no such part.
    pub fn of(self, value: &str) -> Option<String> {
        let part = match self {
            Self::Whole => value.to_owned(),
            Self::Start(letters) => value.get(..letters)?.to_owned(),
            Self::End(letters) => value.get(value.len().checked_sub(letters)?..)?.to_owned(),
            Self::Sound => sound(value),
            Self::Local => value.rsplit_once('@')?.0.to_owned(),
            Self::Words => {
                let mut words: Vec<&str> = value.split(' ').collect();
                words.sort_unstable();
                words.join(" ")
            }
        };
        Some(part).filter(|part| !part.is_empty())
    }

    fn told(self, name: &str) -> String {
        match self {
            Self::Whole => name.to_owned(),
            Self::Start(letters) => format!("{name} (first {letters})"),
            Self::End(letters) => format!("{name} (last {letters})"),
            Self::Sound => format!("{name} (sound)"),
            Self::Local => format!("{name} (before @)"),
            Self::Words => format!("{name} (words)"),
        }
    }
}

/// The first letter and up to three of the consonants after it, doubled ones once.
fn sound(value: &str) -> String {
    const CONSONANTS: usize = 3;
    let letters: Vec<char> = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut sound: String = letters.first().copied().into_iter().collect();
    let mut last = letters.first().copied();
    for letter in letters.into_iter().skip(1) {
        if !"aeiouyhw".contains(letter) && last != Some(letter) && sound.len() <= CONSONANTS {
            sound.push(letter);
        }
        last = Some(letter);
    }
    sound
}

/// What two records have to agree on to be compared. Without parts, everybody is compared with everybody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The comparisons, by their place, and the part of their values.
    pub parts: Vec<(usize, Part)>,
}

impl Rule {
    /// The rule in words.
    pub fn told(&self, comparisons: &[Comparison]) -> String {
        if self.parts.is_empty() {
            return "every pair".to_owned();
        }
        let parts: Vec<String> =
            self.parts.iter().map(|(at, part)| part.told(&comparisons[*at].name)).collect();
        parts.join(" + ")
    }

    /// Whether every pair of this rule is one of the other rule's.
    fn is_within(&self, other: &Self) -> bool {
        other.parts.iter().all(|part| self.parts.contains(part))
    }
}

/// The rule of comparing everybody with everybody.
pub const EVERYBODY: Rule = Rule { parts: Vec::new() };

/// Rules worth counting: each telling part alone, and two parts of different columns together.
pub fn candidates(comparisons: &[Comparison]) -> Vec<Rule> {
    let mut alone = Vec::new();
    let mut together = Vec::new();
    for (at, comparison) in comparisons.iter().enumerate() {
        let (single, halves) = parts(comparison.kind);
        alone.extend(single.iter().map(|part| Rule { parts: vec![(at, *part)] }));
        together.extend(halves.iter().map(|part| (at, *part)));
    }
    let mut rules = alone;
    for (first, a) in together.iter().enumerate() {
        for b in together[first + 1..].iter().filter(|b| b.0 != a.0) {
            // A loose part needs a sharp one beside it.
            if is_loose(a.1) && is_loose(b.1) && !(a.1 == Part::Sound && b.1 == Part::Sound) {
                continue;
            }
            rules.push(Rule { parts: vec![*a, *b] });
        }
    }
    rules
}

const fn is_loose(part: Part) -> bool {
    matches!(part, Part::Start(_) | Part::Sound)
}

/// The parts of a kind that make a rule alone, and those that make one with a part of another column.
const fn parts(kind: Kind) -> (&'static [Part], &'static [Part]) {
    match kind {
        Kind::GivenName | Kind::FamilyName => (&[Part::Whole], &[Part::Whole, Part::Sound]),
        Kind::FullName => (&[Part::Words, Part::Sound], &[Part::Words, Part::Sound]),
        Kind::Email => (&[Part::Whole, Part::Local], &[Part::Start(4)]),
        Kind::Phone => (&[Part::End(7)], &[]),
        Kind::Date => (&[Part::Whole], &[Part::Whole, Part::Start(4), Part::End(4)]),
        Kind::Place => (&[], &[Part::Whole]),
        Kind::Address => (&[Part::Whole], &[Part::Whole, Part::Start(6)]),
        Kind::Company => (&[Part::Whole, Part::Sound], &[Part::Sound, Part::Whole]),
        Kind::Code | Kind::Domain | Kind::Text => (&[Part::Whole], &[Part::Whole]),
    }
}

/// What a rule would make.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The rule.
    pub rule: Rule,
    /// Pairs it makes.
    pub pairs: f64,
    /// Values that too many records share to tell them apart, which the rule leaves out.
    pub crowded: u64,
    /// Records that share them.
    pub crowd: u64,
}

/// Rules as they were decided on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// The rules that are used.
    pub used: Vec<Counted>,
    /// Rules that would make too many pairs.
    pub costly: Vec<Counted>,
}

/// Chooses rules that make no more than so many pairs together: broad ones before narrow ones, cheap ones before
/// costly ones, and none whose pairs another brings already.
pub fn choose(mut counted: Vec<Counted>, budget: f64) -> Choice {
    /// A rule alone may take this share of the budget.
    const SHARE: f64 = 0.4;
    counted.sort_by(|a, b| {
        a.rule
            .parts
            .len()
            .cmp(&b.rule.parts.len())
            .then(a.pairs.total_cmp(&b.pairs))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    let mut choice = Choice::default();
    let mut left = budget;
    for one in counted {
        let is_idle = one.pairs < 1.0 || choice.used.iter().any(|used| one.rule.is_within(&used.rule));
        if is_idle && one.crowded == 0 {
            continue;
        }
        if !is_idle && one.pairs <= left && one.pairs <= budget * SHARE && choice.used.len() < MOST_RULES {
            left -= one.pairs;
            choice.used.push(one);
        } else {
            choice.costly.push(one);
        }
    }
    choice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparisons(kinds: &[Kind]) -> Vec<Comparison> {
        kinds.iter().map(|kind| Comparison { name: kind.to_string(), kind: *kind }).collect()
    }

    #[test]
    fn parts_of_values() {
        for (part, value, expected) in [
            (Part::Whole, "ann", Some("ann")),
            (Part::Start(4), "19710624", Some("1971")),
            (Part::Start(4), "ann", None),
            (Part::End(7), "+12125550123", Some("5550123")),
            (Part::Sound, "robert", Some("rbrt")),
            (Part::Sound, "robbert", Some("rbrt")),
            (Part::Sound, "a", Some("a")),
            (Part::Local, "ann@x.example", Some("ann")),
            (Part::Words, "lee ann", Some("ann lee")),
        ] {
            assert_eq!(part.of(value).as_deref(), expected, "{part:?} of {value}");
        }
    }

    #[test]
    fn rules_are_chosen_by_what_they_cost() {
        let comparisons = comparisons(&[Kind::GivenName, Kind::FamilyName, Kind::Email, Kind::Date]);
        let count = |rule: Rule| {
            let told = rule.told(&comparisons);
            let pairs = match told.as_str() {
                "email" => 500.0,
                "date" => 90_000.0,
                "given_name" | "family_name" => 500_000.0,
                _ if told.contains("date") && told.contains("name") => 2_000.0,
                _ => 70_000.0,
            };
            Counted { rule, pairs, crowded: 0, crowd: 0 }
        };
        let choice = choose(candidates(&comparisons).into_iter().map(count).collect(), 100_000.0);
        let told: Vec<String> = choice.used.iter().map(|one| one.rule.told(&comparisons)).collect();
        assert_eq!(told[0], "email");
        assert!(told.contains(&"given_name + date".to_owned()), "{told:?}");
        assert!(!told.contains(&"date".to_owned()), "it alone takes more than its share");
        assert!(choice.used.iter().map(|one| one.pairs).sum::<f64>() <= 100_000.0);
        assert!(choice.costly.iter().any(|one| one.rule.told(&comparisons) == "family_name"));
    }

    #[test]
    fn a_rule_whose_pairs_another_brings_is_not_needed() {
        let counted = |parts: &[(usize, Part)], pairs| Counted {
            rule: Rule { parts: parts.to_vec() },
            pairs,
            crowded: 0,
            crowd: 0,
        };
        let (a, b) = ((0, Part::Whole), (1, Part::Whole));
        let choice = choose(vec![counted(&[a, b], 5.0), counted(&[a], 10.0)], 100.0);
        assert_eq!(choice.used.len(), 1);
        assert_eq!(choice.used[0].rule.parts, [a]);
    }
}
