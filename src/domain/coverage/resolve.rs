//! Which platform a person means by a name.
//!
//! A name is taken for a platform only if little doubt is left: it is one of the platform's own names, the
//! same name written otherwise, or a slip of the keyboard that fits one platform alone. Anything vaguer comes
//! back as candidates, since an audit of the wrong product is worse than none.

use super::{
    catalog::{Platform, catalog},
    words::plain,
};
use crate::nearest::nearest;
use std::collections::BTreeSet;

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
pub enum Resolution {
    /// This platform.
    Known {
        /// The platform.
        platform: &'static Platform,
        /// Why it is taken to be meant.
        ground: Ground,
    },
    /// Perhaps one of these.
    Unsure {
        /// The platforms whose names resemble it, the likeliest first.
        candidates: Vec<&'static Platform>,
    },
    /// Nothing in the catalog.
    Unknown,
}

/// Finds the platform that `asked` names.
pub fn resolve(asked: &str) -> Resolution {
    let asked = asked.trim();
    let exact = platforms_where(|name| name.eq_ignore_ascii_case(asked));
    if let [platform] = exact.as_slice() {
        return Resolution::Known { platform, ground: Ground::Exact };
    }
    for written in ways_to_write(asked) {
        let same = platforms_where(|name| plain(name) == written);
        if let [platform] = same.as_slice() {
            return Resolution::Known { platform, ground: Ground::Normalised };
        }
    }
    if let Some(platform) = without_vendor(asked) {
        return Resolution::Known { platform, ground: Ground::Normalised };
    }
    let slips = slips(&plain(asked));
    if let [platform] = slips.as_slice() {
        return Resolution::Known { platform, ground: Ground::Misspelt };
    }
    let candidates = candidates(asked);
    if candidates.is_empty() { Resolution::Unknown } else { Resolution::Unsure { candidates } }
}

fn names(platform: &Platform) -> impl Iterator<Item = &str> {
    [platform.id.as_str(), platform.name.as_str()]
        .into_iter()
        .chain(platform.aliases.iter().map(String::as_str))
}

fn platforms_where(mut fits: impl FnMut(&str) -> bool) -> Vec<&'static Platform> {
    catalog().platforms().iter().filter(|platform| names(platform).any(&mut fits)).collect()
}

/// The plain forms under which a name may be known: as it stands, without what stands in brackets, what
/// stands there alone, and each without a domain ending or a generic last word.
fn ways_to_write(asked: &str) -> Vec<String> {
    const GENERIC: [&str; 7] = ["crm", "platform", "software", "app", "inc", "suite", "mcp"];
    let mut forms = vec![asked.to_owned()];
    if let Some((outside, rest)) = asked.split_once('(') {
        forms.push(outside.to_owned());
        forms.push(rest.trim_end_matches(')').to_owned());
    }
    let mut ways: Vec<String> = Vec::new();
    for form in forms {
        let lower = form.trim().to_lowercase();
        ways.push(plain(&lower));
        for ending in [".com", ".io", ".ai", ".co", ".net"] {
            ways.extend(lower.strip_suffix(ending).map(plain));
        }
        if let Some((front, last)) = lower.rsplit_once(' ')
            && GENERIC.contains(&last.trim_matches('.'))
        {
            ways.push(plain(front));
        }
    }
    ways.retain(|way| !way.is_empty());
    ways
}

/// "Salesforce Pardot": the first word is the vendor's, the rest one of its platforms.
fn without_vendor(asked: &str) -> Option<&'static Platform> {
    let (vendor, rest) = asked.split_once(' ')?;
    let (vendor, rest) = (plain(vendor), plain(rest));
    let mut fitting = catalog().platforms().iter().filter(|platform| {
        !vendor.is_empty()
            && plain(&platform.vendor).contains(&vendor)
            && names(platform).any(|name| plain(name) == rest)
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// The platforms with a name that is one slip away, or two in a long name.
fn slips(asked: &str) -> Vec<&'static Platform> {
    let allowed = match asked.chars().count() {
        0..6 => return Vec::new(),
        6..10 => 1,
        _ => 2,
    };
    platforms_where(|name| strsim::osa_distance(asked, &plain(name)) <= allowed)
}

fn candidates(asked: &str) -> Vec<&'static Platform> {
    let all = catalog().platforms().iter().flat_map(names);
    let mut seen = BTreeSet::new();
    nearest(asked, all)
        .into_iter()
        .flat_map(|near| platforms_where(|name| name == near))
        .filter(|platform| seen.insert(platform.id.as_str()))
        .collect()
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
