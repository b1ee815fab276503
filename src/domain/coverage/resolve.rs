//! Which platform a person means by a name.
//!
//! A name is taken for a platform only if little doubt is left: it is one of the platform's own names, the
//! same name written otherwise, or a slip of the keyboard that fits one platform alone. Anything vaguer comes
//! back as candidates, since an audit of the wrong product is worse than none.
//!
//! # Design
//!
//! A slip is a letter doubled, dropped or swapped with its neighbour. A letter replaced by another is none:
//! Stripo is no Stripe, Freshbooks no Freshworks and Salesforge no Salesforce, and products are named after
//! each other all the time. A name that says two platforms, as in "Salesforce (Marketo)", is neither.

use super::{
    catalog::{Catalog, Platform, catalog},
    words::plain,
};
use crate::nearest::nearest;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Why a name was taken for a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// It is the platform's id, name or alias.
    Exact,
    /// It is one of these without case, punctuation, a vendor's name in front or a generic word behind.
    Normalised,
    /// It is one of these but for a letter or two, and no other platform's.
    Misspelt,
}

impl Ground {
    /// The ground in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact name or alias",
            Self::Normalised => "same name written otherwise",
            Self::Misspelt => "near spelling, and of one platform only",
        }
    }

    /// How sure that makes it: high, or medium for a misspelling.
    pub const fn confidence(self) -> &'static str {
        match self {
            Self::Exact | Self::Normalised => "high",
            Self::Misspelt => "medium",
        }
    }
}

/// What a name was found to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution<'a> {
    /// This platform.
    Known {
        /// The platform.
        platform: &'a Platform,
        /// Why it is taken to be meant.
        ground: Ground,
    },
    /// Perhaps one of these.
    Unsure {
        /// The platforms whose names resemble it, the likeliest first.
        candidates: Vec<&'a Platform>,
    },
    /// Nothing in the catalog.
    Unknown,
}

static SHIPPED: LazyLock<Names<'static>> = LazyLock::new(|| Names::of(catalog()));

/// Finds the platform of the shipped catalog that `asked` names.
pub fn resolve(asked: &str) -> Resolution<'static> {
    SHIPPED.resolve(asked)
}

/// The names of a catalog, ready to be looked up. Making it costs a pass over the catalog.
#[derive(Debug)]
pub struct Names<'a> {
    catalog: &'a Catalog,
    by_plain: BTreeMap<String, BTreeSet<usize>>,
}

impl<'a> Names<'a> {
    /// The names of `catalog`.
    pub fn of(catalog: &'a Catalog) -> Self {
        let mut by_plain: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, platform) in catalog.platforms().iter().enumerate() {
            for name in names(platform) {
                by_plain.entry(plain(name)).or_default().insert(at);
            }
        }
        by_plain.remove("");
        Self { catalog, by_plain }
    }

    /// Finds the platform that `asked` names.
    pub fn resolve(&self, asked: &str) -> Resolution<'a> {
        let asked = asked.trim();
        let platforms = self.catalog.platforms();
        if let Some(at) = self.one(&plain(asked)) {
            let platform = &platforms[at];
            let is_exact = names(platform).any(|name| name.eq_ignore_ascii_case(asked));
            let ground = if is_exact { Ground::Exact } else { Ground::Normalised };
            return Resolution::Known { platform, ground };
        }
        let forms = forms(asked);
        let meant: BTreeSet<usize> = forms.iter().filter_map(|form| self.written(form)).collect();
        if let [at] = Vec::from_iter(&meant).as_slice() {
            return Resolution::Known { platform: &platforms[**at], ground: Ground::Normalised };
        }
        if meant.len() > 1 {
            return Resolution::Unsure { candidates: meant.iter().map(|at| &platforms[*at]).collect() };
        }
        if let [at] = Vec::from_iter(&self.slips(&plain(asked))).as_slice() {
            return Resolution::Known { platform: &platforms[**at], ground: Ground::Misspelt };
        }
        let candidates = self.candidates(asked);
        if candidates.is_empty() { Resolution::Unknown } else { Resolution::Unsure { candidates } }
    }

    /// The only platform with that plain name.
    fn one(&self, plain: &str) -> Option<usize> {
        let holders = self.by_plain.get(plain)?;
        holders.first().filter(|_| holders.len() == 1).copied()
    }

    /// The platform that a form of the name means: as it stands, without a generic word or ending, or without
    /// its vendor in front.
    fn written(&self, form: &str) -> Option<usize> {
        let bare = without_generic(form);
        let ways = [plain(form), plain(&bare), plain(without_ending(&bare))];
        let direct = ways.iter().find_map(|way| self.one(way));
        direct.or_else(|| self.without_vendor(form)).or_else(|| self.without_vendor(&bare))
    }

    /// "Salesforce Pardot": the first word is the vendor's, the rest one of its platforms.
    fn without_vendor(&self, form: &str) -> Option<usize> {
        let (vendor, rest) = form.split_once(' ')?;
        let at = self.one(&plain(rest))?;
        let vendor = if vendor.eq_ignore_ascii_case("ms") { "microsoft".to_owned() } else { plain(vendor) };
        (vendor.len() >= 2 && plain(&self.catalog.platforms()[at].vendor).contains(&vendor)).then_some(at)
    }

    /// The platforms with a name that is one slip away.
    fn slips(&self, asked: &str) -> BTreeSet<usize> {
        if asked.chars().count() < 6 {
            return BTreeSet::new();
        }
        let near = self.by_plain.iter().filter(|(name, _)| is_slip(asked, name));
        near.flat_map(|(_, holders)| holders.iter().copied()).collect()
    }

    fn candidates(&self, asked: &str) -> Vec<&'a Platform> {
        let platforms = self.catalog.platforms();
        // A name of two or three letters resembles every other.
        let worth = |name: &&str| name.chars().count() > 3;
        let all = platforms.iter().flat_map(names).filter(worth);
        let mut near: Vec<&str> = nearest(asked, all);
        let bare = without_generic(&asked.to_lowercase());
        if near.is_empty() && bare != asked.to_lowercase() {
            near = nearest(&bare, platforms.iter().flat_map(names).filter(worth));
        }
        let mut seen = BTreeSet::new();
        near.into_iter()
            .flat_map(|near| {
                platforms.iter().filter(move |platform| names(platform).any(|name| name == near))
            })
            .filter(|platform| seen.insert(platform.id.as_str()))
            .collect()
    }
}

fn names(platform: &Platform) -> impl Iterator<Item = &str> {
    [platform.id.as_str(), platform.name.as_str()]
        .into_iter()
        .chain(platform.aliases.iter().map(String::as_str))
}

/// The names that a text may hold: the whole, what stands before brackets and what stands in them, and the
/// parts between strokes and plus signs.
fn forms(asked: &str) -> Vec<String> {
    let lower = asked.to_lowercase();
    let mut forms = vec![lower.clone()];
    if let Some((outside, rest)) = lower.split_once(['(', '[']) {
        let (inside, after) = rest.split_once([')', ']']).unwrap_or((rest, ""));
        forms.extend([outside.to_owned(), inside.to_owned(), format!("{outside} {after}")]);
    }
    forms.extend(lower.split([',', '/', '+', '|', ';']).map(str::to_owned));
    forms.extend(lower.split(" and ").map(str::to_owned));
    let said = forms.iter().map(|form| form.split_whitespace().collect::<Vec<&str>>().join(" "));
    let mut said: Vec<String> = said.filter(|form| !form.is_empty()).collect();
    said.sort();
    said.dedup();
    said
}

/// A name without the words that say what it is and not which: "the HubSpot CRM platform" is "hubspot".
fn without_generic(form: &str) -> String {
    const GENERIC: [&str; 23] = [
        "crm",
        "platform",
        "software",
        "app",
        "inc",
        "suite",
        "mcp",
        "server",
        "enterprise",
        "professional",
        "starter",
        "premium",
        "edition",
        "account",
        "instance",
        "api",
        "saas",
        "tool",
        "online",
        "llc",
        "gmbh",
        "ltd",
        "org",
    ];
    let mut words: Vec<&str> = form.split_whitespace().collect();
    if words.len() > 1 && ["the", "our", "my"].contains(&words[0]) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|last| GENERIC.contains(&last.trim_matches(['.', ','])))
    {
        words.pop();
    }
    words.join(" ")
}

/// A name without what makes it an address.
fn without_ending(form: &str) -> &str {
    let form = form.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let form = form.trim_end_matches('/');
    let ends = [".com", ".io", ".ai", ".co", ".net", ".app", ".org"];
    ends.iter().find_map(|end| form.strip_suffix(end)).unwrap_or(form)
}

/// Whether two names differ by one letter that was doubled, dropped or added within the word, or by two
/// neighbours that were swapped.
fn is_slip(asked: &str, name: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (asked.chars().collect(), name.chars().collect());
    if one.first() != other.first() || other.len() < 6 {
        return false;
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one_rest, other_rest) = (&one[same..], &other[same..]);
    let swapped = one_rest.len() == other_rest.len()
        && one_rest.len() >= 2
        && one_rest[0] == other_rest[1]
        && one_rest[1] == other_rest[0]
        && one_rest[2..] == other_rest[2..];
    // A letter after the last one makes another word: Insiders, Segmenta.
    let added =
        one_rest.len() == other_rest.len() + 1 && one_rest[1..] == *other_rest && !other_rest.is_empty();
    let doubled_last = one_rest.len() == 1 && other_rest.is_empty() && one.get(same - 1) == one_rest.first();
    let dropped = other_rest.len() == one_rest.len() + 1 && other_rest[1..] == *one_rest;
    swapped || added || doubled_last || dropped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_write_them_are_known() {
        let check = |asked: &str, id: &str, expected: Ground| match resolve(asked) {
            Resolution::Known { platform, ground } => {
                assert_eq!((platform.id.as_str(), ground), (id, expected), "{asked}");
            }
            other => panic!("{asked}: {other:?}"),
        };
        check("SFDC", "salesforce", Ground::Exact);
        check("salesforce.com", "salesforce", Ground::Normalised);
        check("Salesforce CRM", "salesforce", Ground::Exact);
        check("Pardot", "salesforce-account-engagement", Ground::Exact);
        check("Salesforce Pardot", "salesforce-account-engagement", Ground::Exact);
        check("Account Engagement (Pardot)", "salesforce-account-engagement", Ground::Normalised);
        check("SFMC", "salesforce-marketing-cloud", Ground::Exact);
        check("GA4", "google-analytics", Ground::Exact);
        check("Google Analytics 4", "google-analytics", Ground::Exact);
        check("google-analytics-4", "google-analytics", Ground::Normalised);
        check("Marketo Engage", "marketo", Ground::Exact);
        check("hubspot crm", "hubspot", Ground::Exact);
        check("Hub-Spot", "hubspot", Ground::Normalised);
        check("D365", "dynamics-365", Ground::Exact);
        check("Dynamics365", "dynamics-365", Ground::Normalised);
        check("Outreach.io", "outreach", Ground::Normalised);
        check("Salesloft Drift", "drift", Ground::Normalised);
        check("Outreeach", "outreach", Ground::Misspelt);
        check("D&B", "dnb", Ground::Exact);
        check("Hotjar", "contentsquare", Ground::Exact);
    }

    /// How people write the platforms of their stack, and which one they mean.
    const SPELLINGS: &str = include_str!("fixtures/spellings.txt");

    #[test]
    fn every_spelling_finds_its_platform_or_is_asked_about() {
        let lines: Vec<(&str, &str)> = SPELLINGS
            .lines()
            .filter(|line| !line.is_empty())
            .filter_map(|line| line.split_once(" => "))
            .collect();
        let mut wrong = Vec::new();
        for (asked, meant) in &lines {
            let found = match resolve(asked) {
                Resolution::Known { platform, .. } => platform.id.clone(),
                Resolution::Unsure { candidates } => format!("? {}", candidates[0].id),
                Resolution::Unknown => "-".to_owned(),
            };
            let is_right = match meant.strip_prefix('?') {
                // To be offered or unknown, and never taken.
                Some(offered) => {
                    found.starts_with('?') && found.ends_with(offered.trim())
                        || found == "-" && offered.is_empty()
                }
                None => found == *meant,
            };
            if !is_right {
                wrong.push(format!("{asked}: {found}, and {meant} is meant"));
            }
        }
        assert!(lines.len() >= 200, "{}", lines.len());
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_resembling_product_is_offered_and_not_taken() {
        match resolve("Looker Studio") {
            Resolution::Unsure { candidates } => assert_eq!(candidates[0].id, "looker"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_nobody_knows_is_unknown() {
        assert_eq!(resolve("Quuxblorp 9000"), Resolution::Unknown);
        assert_eq!(resolve(""), Resolution::Unknown);
    }

    #[test]
    fn every_platform_is_found_by_each_of_its_names() {
        for platform in catalog().platforms() {
            for name in names(platform) {
                match resolve(name) {
                    Resolution::Known { platform: found, .. } => assert_eq!(found.id, platform.id, "{name}"),
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
    }
}
