//! What tells which company a person works for, where no key does.

use crate::readiness::facts::Restorable;
use std::collections::HashMap;

/// Mail providers whose domain says nothing about an employer.
pub const FREE_MAIL: [&str; 24] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "ymail.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "t-online.de",
    "mail.com",
    "mail.ru",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "163.com",
    "yandex.ru",
];

/// Words that say how a company is founded, not what it is called.
const LEGAL_FORMS: [&str; 36] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "mbh",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "oy",
    "oyj",
    "ab",
    "as",
    "aps",
    "pty",
    "pte",
    "pvt",
    "kk",
    "group",
];

/// What a company's name comes to without its legal form, punctuation and case: `Acme, Inc.` is `acme`.
pub fn company_core(name: &str) -> String {
    let lower = name.to_lowercase();
    // `B.V.` and `S.p.A.` are words with dots in them, `&` is a word.
    let lower = lower.replace('.', "").replace('&', " and ");
    let mut words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word) || *word == "and") {
        words.pop();
    }
    words.join(" ")
}

/// Texts that are found again with one letter added, lost, changed or two swapped.
#[derive(Debug, Default)]
pub struct Likeness<'a> {
    /// By the text with each of its letters left out in turn, and as it is: the texts it comes from.
    by_part: HashMap<String, Vec<&'a str>>,
}

/// Texts shorter than this are one letter from too many others.
const SHORTEST: usize = 6;

impl<'a> Likeness<'a> {
    /// The texts to be found.
    pub fn new(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_part: HashMap<String, Vec<&str>> = HashMap::new();
        for text in texts.into_iter().filter(|text| text.chars().count() >= SHORTEST) {
            for part in parts(text) {
                by_part.entry(part).or_default().push(text);
            }
        }
        Self { by_part }
    }

    /// The one text that is a letter from this one; none where there are several or it is there itself.
    pub fn only(&self, text: &str) -> Option<&'a str> {
        if text.chars().count() < SHORTEST {
            return None;
        }
        let mut found: Option<&str> = None;
        for candidate in parts(text).filter_map(|part| self.by_part.get(&part)).flatten() {
            if found == Some(candidate) || strsim::osa_distance(text, candidate) != 1 {
                continue;
            }
            if found.is_some() {
                return None;
            }
            found = Some(candidate);
        }
        found
    }
}

/// The text, and the text without each of its letters.
fn parts(text: &str) -> impl Iterator<Item = String> {
    let without =
        text.char_indices().map(|(at, letter)| format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]));
    std::iter::once(text.to_owned()).chain(without)
}

/// What tells an account from others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The domain of its web site, lower case.
    pub domain: Option<String>,
    /// The core of its name.
    pub name: Option<String>,
}

/// Contacts without a working key that say the same of where they work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stray {
    /// The domain of their e-mail address, lower case.
    pub domain: Option<String>,
    /// The core of the name of their company.
    pub company: Option<String>,
    /// How many they are.
    pub rows: u64,
}

/// Gives each contact without a working key to the first thing that would restore it: exactly one account with that
/// domain, exactly one with that name, exactly one that is a letter from either.
pub fn restorable(accounts: &[Account], strays: &[Stray]) -> Restorable {
    let domains = Known::new(accounts.iter().map(|account| account.domain.as_deref()));
    let names = Known::new(accounts.iter().map(|account| account.name.as_deref()));
    let is_compared = domains.times.len().max(names.times.len()) <= MOST_ALIKE;
    let mut restorable = Restorable { by_likeness: is_compared.then_some(0), ..Restorable::default() };
    for Stray { domain, company, rows } in strays {
        let domain = domain.as_deref().filter(|domain| !domain.is_empty());
        let is_free = domain.is_some_and(|domain| FREE_MAIL.contains(&domain));
        let domain = domain.filter(|_| !is_free);
        let company = company.as_deref().filter(|company| !company.is_empty());
        if domains.has_one(domain) {
            restorable.by_domain += rows;
        } else if names.has_one(company) {
            restorable.by_name += rows;
        } else if let Some(by_likeness) = &mut restorable.by_likeness
            && (domains.has_one_like(domain) || names.has_one_like(company))
        {
            *by_likeness += rows;
        } else if is_free {
            restorable.free_mail += rows;
        }
    }
    restorable
}

/// Among more texts than this nothing is looked for that is merely alike: it would take too much memory.
const MOST_ALIKE: usize = 20_000;

/// The domains or names of accounts.
struct Known<'a> {
    times: HashMap<&'a str, u32>,
    alike: Likeness<'a>,
}

impl<'a> Known<'a> {
    fn new(texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut times: HashMap<&str, u32> = HashMap::new();
        for text in texts.flatten().filter(|text| !text.is_empty()) {
            *times.entry(text).or_default() += 1;
        }
        let once = times.iter().filter(|(_, times)| **times == 1).map(|(text, _)| *text);
        let alike = if times.len() <= MOST_ALIKE { Likeness::new(once) } else { Likeness::default() };
        Self { times, alike }
    }

    fn has_one(&self, text: Option<&str>) -> bool {
        text.is_some_and(|text| self.times.get(text) == Some(&1))
    }

    fn has_one_like(&self, text: Option<&str>) -> bool {
        text.is_some_and(|text| !self.times.contains_key(text) && self.alike.only(text).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_restored_by_the_surest_thing_that_fits() {
        let account =
            |domain: &str, name: &str| Account { domain: Some(domain.into()), name: Some(name.into()) };
        let accounts = [
            account("acme.example", "acme"),
            account("globex.example", "globex worldwide"),
            account("shared.example", "one"),
            account("shared.example", "another"),
            Account::default(),
        ];
        let by = |domain: &str, company: &str| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let stray = Stray { domain: text(domain), company: text(company), rows: 3 };
            let Restorable { by_domain, by_name, by_likeness, free_mail } = restorable(&accounts, &[stray]);
            [by_domain, by_name, by_likeness.unwrap(), free_mail]
        };
        assert_eq!(by("acme.example", "another"), [3, 0, 0, 0]);
        assert_eq!(by("shared.example", "another"), [0, 3, 0, 0], "two accounts share the domain");
        assert_eq!(by("shared.example", ""), [0; 4]);
        assert_eq!(by("gmail.com", "acme"), [0, 3, 0, 0]);
        assert_eq!(by("gmail.com", ""), [0, 0, 0, 3]);
        assert_eq!(by("acmee.example", ""), [0, 0, 3, 0]);
        assert_eq!(by("elsewhere.example", "globex worldwid"), [0, 0, 3, 0]);
        assert_eq!(by("elsewhere.example", "nobody"), [0; 4]);
        assert_eq!(by("", ""), [0; 4]);
    }

    #[test]
    fn among_too_many_accounts_nobody_knows_what_is_alike() {
        let stray = Stray { domain: Some("company0x.example".into()), company: None, rows: 3 };
        let by_likeness = |accounts: usize| {
            let account = |at| Account { domain: Some(format!("company{at}.example")), name: None };
            let accounts: Vec<Account> = (0..accounts).map(account).collect();
            restorable(&accounts, std::slice::from_ref(&stray)).by_likeness
        };
        assert_eq!((by_likeness(MOST_ALIKE), by_likeness(MOST_ALIKE + 1)), (Some(3), None));
    }

    #[test]
    fn names_come_to_their_core() {
        for (name, core) in [
            ("Acme, Inc.", "acme"),
            ("ACME", "acme"),
            ("Müller GmbH & Co. KG", "müller"),
            ("Philips N.V.", "philips"),
            ("Johnson & Johnson", "johnson and johnson"),
            ("The Company", "the"),
            ("Co", "co"),
            ("  ", ""),
        ] {
            assert_eq!(company_core(name), core, "{name}");
        }
    }

    #[test]
    fn a_text_is_found_by_a_letter_and_only_where_it_is_the_only_one() {
        let known = Likeness::new(["acme.example", "globex.example", "globes.example", "ab.io"]);
        assert_eq!(known.only("acmee.example"), Some("acme.example"), "one more");
        assert_eq!(known.only("acm.example"), Some("acme.example"), "one less");
        assert_eq!(known.only("akme.example"), Some("acme.example"), "another");
        assert_eq!(known.only("amce.example"), Some("acme.example"), "two swapped");
        assert_eq!(known.only("acme.example"), None, "itself");
        assert_eq!(known.only("globe.example"), None, "two are as near");
        assert_eq!(known.only("ac.io"), None, "too short");
        assert_eq!(known.only("initech.example"), None);
    }
}
