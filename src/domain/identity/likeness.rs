//! How alike two values are, in a few levels.
//!
//! Levels fall from the best to the worst. The cut-offs of similarity are authored: 0.92 parts slips of the finger from
//! other names in most languages written in Latin letters (Splink uses the same), the lower ones let the training decide
//! what a loose likeness is worth.

use super::kind::Kind;
use rapidfuzz::distance::{jaro_winkler, osa};

/// The level of a comparison where one value is missing: it speaks neither way.
pub const UNKNOWN: u8 = 0;
/// The level of values that differ.
pub const OTHER: u8 = 1;

/// A Jaro-Winkler similarity that only slips of the finger part from being the same.
const CLOSE: f64 = 0.92;
/// One that leaves some likeness.
const LOOSE: f64 = 0.8;

/// The names of a kind's levels above [`UNKNOWN`], from the worst to the best.
pub const fn levels(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::GivenName | Kind::FamilyName => {
            &["other", "loosely alike or short form", "close", "swapped", "same"]
        }
        Kind::FullName => &["other", "loosely alike", "close", "same words", "same"],
        Kind::Email => &["other", "similar name before @", "close", "same name before @", "same"],
        Kind::Phone => &["other", "one digit off", "same last digits", "same"],
        Kind::Date => &[
            "other",
            "same year or day and month",
            "two digits off",
            "one digit off or day and month swapped",
            "same",
        ],
        Kind::Place | Kind::Address | Kind::Company => &["other", "loosely alike", "close", "same"],
        Kind::Code => &["other", "two signs off", "one sign off", "same"],
        Kind::Domain => &["other", "same but for the ending", "same"],
        Kind::Text => &["other", "close", "same"],
    }
}

/// The best level of a kind: the same value.
#[expect(clippy::cast_possible_truncation, reason = "no kind has more than a handful of levels")]
pub const fn same(kind: Kind) -> u8 {
    levels(kind).len() as u8
}

/// The level of first and last names that stand in each other's place.
pub const fn swapped(kind: Kind) -> Option<u8> {
    match kind {
        Kind::GivenName | Kind::FamilyName => Some(4),
        _ => None,
    }
}

/// The level of two normal values of a kind that are not the same.
pub fn level(kind: Kind, a: &str, b: &str) -> u8 {
    match kind {
        Kind::GivenName | Kind::FamilyName => by_similarity(a, b).max(if is_short(a, b) { 2 } else { OTHER }),
        Kind::FullName if same_words(a, b) => 4,
        Kind::Company if same_words(a, b) || holds(a, b) || holds(b, a) => 3,
        Kind::Address if same_words(a, b) => 3,
        Kind::FullName | Kind::Place | Kind::Company | Kind::Address => by_similarity(a, b),
        Kind::Email => email(a, b),
        Kind::Phone => phone(a, b),
        Kind::Date => date(a, b),
        Kind::Code => match within(a, b, 2) {
            Some(1) => 3,
            Some(2) if a.len().min(b.len()) >= 6 => 2,
            _ => OTHER,
        },
        Kind::Domain => {
            if label(a) == label(b) {
                2
            } else {
                OTHER
            }
        }
        Kind::Text => {
            if is_like(a, b, CLOSE) {
                2
            } else {
                OTHER
            }
        }
    }
}

fn by_similarity(a: &str, b: &str) -> u8 {
    match similarity(a, b, LOOSE) {
        Some(close) if close >= CLOSE => 3,
        Some(_) => 2,
        None => OTHER,
    }
}

/// Values are in Latin letters, so that their bytes are their letters.
fn similarity(a: &str, b: &str, least: f64) -> Option<f64> {
    let args = jaro_winkler::Args::default().score_cutoff(least);
    jaro_winkler::similarity_with_args(a.bytes(), b.bytes(), &args)
}

fn is_like(a: &str, b: &str, least: f64) -> bool {
    similarity(a, b, least).is_some()
}

/// How many letters apart, transpositions counted as one, where that is no more than `most`.
fn within(a: &str, b: &str, most: usize) -> Option<usize> {
    let args = osa::Args::default().score_cutoff(most);
    osa::distance_with_args(a.bytes(), b.bytes(), &args)
}

/// An initial, or the beginning of the other: `r` and `rob` for `robert`.
fn is_short(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.starts_with(short) && (short.len() == 1 || short.len() >= 3)
}

fn same_words(a: &str, b: &str) -> bool {
    if a.len() != b.len() || !a.contains(' ') {
        return false;
    }
    let sorted = |text: &'_ str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    sorted(a) == sorted(b)
}

/// Whether the longer name begins with the shorter one as whole words.
fn holds(long: &str, short: &str) -> bool {
    short.len() >= 4 && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
}

/// The level of two addresses of people of the same name. What stands before the sign is as a rule made of the name
/// and then says it once more: by itself it is no likeness, or namesakes at two companies would pass for one person.
pub fn of_namesakes(level: u8, email: &str, name: &str) -> u8 {
    const LETTERS: usize = 3;
    let is_by_name = level == 2 || level == 4;
    let is_made_of_it = || name.split(' ').any(|word| word.len() >= LETTERS && local(email).contains(word));
    if is_by_name && is_made_of_it() { OTHER } else { level }
}

/// What stands before the sign of an address.
fn local(email: &str) -> &str {
    email.rsplit_once('@').map_or(email, |(local, _)| local)
}

fn email(a: &str, b: &str) -> u8 {
    let (first, second) = (local(a), local(b));
    if first == second {
        4
    } else if is_like(a, b, CLOSE) {
        3
    } else if is_like(first, second, 0.88) {
        2
    } else {
        OTHER
    }
}

fn phone(a: &str, b: &str) -> u8 {
    const LAST: usize = 7;
    let last = |text: &str| text.len().checked_sub(LAST).map(|from| text.as_bytes()[from..].to_vec());
    if last(a).is_some_and(|end| last(b) == Some(end)) {
        3
    } else if within(a, b, 1).is_some() {
        2
    } else {
        OTHER
    }
}

fn date(a: &str, b: &str) -> u8 {
    let (&[_, _, _, _, m1, m2, d1, d2], b_bytes) = (a.as_bytes(), b.as_bytes()) else {
        return if a == b { same(Kind::Date) } else { OTHER };
    };
    let is_swapped =
        b_bytes.len() == 8 && a.as_bytes()[..4] == b_bytes[..4] && b_bytes[4..] == [d1, d2, m1, m2];
    match within(a, b, 2) {
        _ if is_swapped => 4,
        Some(1) => 4,
        Some(2) => 3,
        _ if a[..4] == b[..4.min(b.len())] || a[4..] == b[4.min(b.len())..] => 2,
        _ => OTHER,
    }
}

/// A domain without its public ending.
fn label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, a: &str, b: &str, name: &str) {
        let told = |level: u8| levels(kind)[usize::from(level) - 1];
        assert_eq!(told(level(kind, a, b)), name, "{a} and {b}");
        assert_eq!(level(kind, a, b), level(kind, b, a), "either way round");
    }

    #[test]
    fn slips_stay_close_and_strangers_do_not() {
        check(Kind::GivenName, "robert", "rob", "loosely alike or short form");
        check(Kind::GivenName, "robert", "r", "loosely alike or short form");
        check(Kind::GivenName, "robert", "robret", "close");
        check(Kind::GivenName, "robert", "anna", "other");
        check(Kind::FullName, "ann lee", "lee ann", "same words");
        check(Kind::Email, "roberta25@smith.net", "roberta25@smith.com", "same name before @");
        check(Kind::Email, "roberta25@smith.net", "roberta52@smith.net", "close");
        check(Kind::Email, "ann@x.example", "zoe@x.example", "other");
        check(Kind::Phone, "+12125550123", "2125550123", "same last digits");
        check(Kind::Phone, "2125550123", "2125550124", "one digit off");
        check(Kind::Date, "19710624", "19712406", "one digit off or day and month swapped");
        check(Kind::Date, "19710624", "19710524", "one digit off or day and month swapped");
        check(Kind::Date, "19710624", "19710101", "same year or day and month");
        check(Kind::Date, "19710624", "19880102", "other");
        check(Kind::Code, "4011", "4012", "one sign off");
        check(Kind::Code, "4011", "5112", "other");
        check(Kind::Company, "acme", "acme worldwide", "close");
        check(Kind::Domain, "acme.com", "acme.de", "same but for the ending");
    }

    #[test]
    fn an_address_made_of_the_name_says_no_more_than_the_name() {
        let alike = level(Kind::Email, "ann.lee@x.example", "ann.lee@acme.test");
        assert_eq!(alike, 4);
        assert_eq!(of_namesakes(alike, "ann.lee@x.example", "lee"), OTHER);
        assert_eq!(of_namesakes(alike, "zebra77@x.example", "lee"), alike, "a name of one's own choice");
        let same = same(Kind::Email);
        assert_eq!(of_namesakes(same, "ann.lee@x.example", "lee"), same);
        assert_eq!(of_namesakes(3, "ann.lee@x.example", "lee"), 3, "a slip in the address");
    }

    #[test]
    fn every_level_has_a_name_and_fits_a_pattern() {
        for kind in Kind::ALL {
            assert!(levels(kind).len() < 8, "{kind}");
            assert_eq!(levels(kind)[usize::from(same(kind)) - 1], "same", "{kind}");
            assert_eq!(
                swapped(kind).map(|level| levels(kind)[usize::from(level) - 1]),
                swapped(kind).map(|_| "swapped")
            );
        }
    }
}
