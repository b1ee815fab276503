//! Which names speak of the outcome, of a person, of fit and of engagement.
//!
//! The lists are authored: they name the words seen in exports of the common CRM systems. A name is split into
//! lower-case words first, and a phrase matches words that follow one another.

use serde::{Deserialize, Serialize};

/// Names of things that exist only once the outcome is known, or that sales sets when it is.
const OUTCOME: [&str; 27] = [
    "close date",
    "closed",
    "closedate",
    "closed won",
    "won",
    "lost",
    "loss reason",
    "opportunity id",
    "deal id",
    "converted",
    "conversion",
    "converts",
    "stage",
    "lead status",
    "opportunity status",
    "deal status",
    "disposition",
    "tag",
    "tags",
    "lead quality",
    "became customer",
    "customer since",
    "is customer",
    "contract",
    "invoice",
    "churn",
    "churned",
];

/// Names of later steps of the funnel: fair only where they were known at the decision time.
const LATER_STEP: [&str; 14] = [
    "opportunity",
    "opportunities",
    "deal",
    "deals",
    "quote",
    "quotes",
    "proposal",
    "sql",
    "sal",
    "qualified",
    "pipeline",
    "negotiation",
    "trial started",
    "meeting booked",
];

/// Names of counts that have no end, and so may run past the decision time.
const UNBOUNDED: [&str; 6] = ["all", "total", "lifetime", "ever", "cumulative", "overall"];

/// Names of what identifies a person.
const PERSONAL: [&str; 28] = [
    "email",
    "e mail",
    "mail",
    "phone",
    "mobile",
    "cell",
    "fax",
    "telephone",
    "name",
    "first name",
    "last name",
    "full name",
    "firstname",
    "lastname",
    "surname",
    "contact name",
    "lead name",
    "person name",
    "address",
    "street",
    "linkedin",
    "twitter",
    "birthday",
    "birthdate",
    "birth date",
    "date of birth",
    "ip",
    "ssn",
];

/// Words that follow `name` in names of things other than people; such columns are judged by their cells.
const NAMED_THINGS: [&str; 13] = [
    "campaign", "source", "channel", "product", "industry", "segment", "country", "region", "program",
    "list", "form", "owner", "team",
];

const IDENTIFIER: [&str; 6] = ["id", "ids", "uuid", "guid", "key", "hash"];

const ENGAGEMENT: [&str; 46] = [
    "visit",
    "visits",
    "view",
    "views",
    "viewed",
    "opens",
    "opened",
    "click",
    "clicks",
    "touch",
    "touches",
    "session",
    "sessions",
    "download",
    "downloads",
    "webinar",
    "webinars",
    "event",
    "events",
    "page",
    "pages",
    "demo",
    "email",
    "emails",
    "form",
    "forms",
    "activity",
    "activities",
    "meeting",
    "meetings",
    "call",
    "calls",
    "reply",
    "replies",
    "inbound",
    "outbound",
    "duration",
    "website",
    "web",
    "chat",
    "attended",
    "engagement",
    "engaged",
    "since",
    "recency",
    "frequency",
];

const FIT: [&str; 39] = [
    "industry",
    "region",
    "country",
    "state",
    "city",
    "employee",
    "employees",
    "size",
    "revenue",
    "band",
    "seniority",
    "role",
    "title",
    "function",
    "department",
    "company",
    "account",
    "segment",
    "persona",
    "maturity",
    "buyer",
    "territory",
    "market",
    "vertical",
    "sector",
    "job",
    "level",
    "occupation",
    "specialization",
    "technology",
    "tier",
    "headcount",
    "funding",
    "founded",
    "geo",
    "language",
    "currency",
    "profession",
    "firm",
];

/// What a column tells of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who the lead is.
    Fit,
    /// What the lead did, or what was done to win it.
    Engagement,
    /// Neither can be told from the name.
    Other,
}

impl Side {
    /// The side's name as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Engagement => "engagement",
            Self::Other => "other",
        }
    }

    /// The side that a column's name speaks of. What was done weighs more than who did it: `role_page_views`
    /// is engagement.
    pub fn of(name: &str) -> Self {
        let words = split(name);
        if any(&words, &ENGAGEMENT).is_some() {
            Self::Engagement
        } else if any(&words, &FIT).is_some() {
            Self::Fit
        } else {
            Self::Other
        }
    }
}

/// The phrase by which a name speaks of the outcome.
pub(crate) fn outcome(name: &str) -> Option<&'static str> {
    any(&split(name), &OUTCOME)
}

/// The phrase by which a name speaks of a later step of the funnel.
pub(crate) fn later_step(name: &str) -> Option<&'static str> {
    any(&split(name), &LATER_STEP)
}

/// The word by which a name promises a count without an end.
pub(crate) fn unbounded(name: &str) -> Option<&'static str> {
    any(&split(name), &UNBOUNDED)
}

/// Whether a name speaks of what identifies a person.
pub(crate) fn personal(name: &str) -> bool {
    let words = split(name);
    match any(&words, &PERSONAL) {
        None => false,
        Some("name") => any(&words, &NAMED_THINGS).is_none(),
        Some(_) => true,
    }
}

/// Whether a name says that the column identifies a record.
pub(crate) fn identifier(name: &str) -> bool {
    let words = split(name);
    words.last().is_some_and(|last| IDENTIFIER.contains(&last.as_str()))
}

/// The words of a name without the unbounded ones, in the singular: what two counts of one thing share.
pub(crate) fn stems(name: &str) -> Vec<String> {
    split(name)
        .into_iter()
        .filter(|word| !UNBOUNDED.contains(&word.as_str()) && word != "count" && word != "number")
        .map(|word| {
            let stem = ["ches", "shes", "sses", "xes"].iter().find(|end| word.ends_with(*end)).map_or_else(
                || word.strip_suffix('s').unwrap_or(&word),
                |_| word.strip_suffix("es").unwrap_or(&word),
            );
            stem.to_owned()
        })
        .collect()
}

fn any(words: &[String], phrases: &[&'static str]) -> Option<&'static str> {
    phrases
        .iter()
        .filter(|phrase| {
            let wanted: Vec<&str> = phrase.split(' ').collect();
            has_phrase(words, &wanted)
        })
        .max_by_key(|phrase| phrase.len())
        .copied()
}

/// Whether the words of a phrase follow one another among words.
pub(crate) fn has_phrase(words: &[String], phrase: &[impl AsRef<str>]) -> bool {
    !phrase.is_empty()
        && words
            .windows(phrase.len())
            .any(|window| window.iter().zip(phrase).all(|(word, wanted)| word == wanted.as_ref()))
}

/// The lower-case words of a name, split at marks and where small letters turn to capitals.
pub(crate) fn split(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small_before = false;
    for letter in name.chars() {
        let starts = letter.is_uppercase() && small_before;
        if starts || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        small_before = letter.is_lowercase() || letter.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        assert_eq!(split("ConvertedDate__c"), ["converted", "date", "c"]);
        assert_eq!(split("touches_days_0_7"), ["touches", "days", "0", "7"]);
        assert_eq!(split("E-mail"), ["e", "mail"]);
    }

    #[test]
    fn outcome_names_are_told_from_their_neighbours() {
        for name in
            ["close_date", "IsClosed", "Opportunity ID", "lead_stage", "converted_at", "Tags", "Lead Status"]
        {
            assert!(outcome(name).is_some(), "{name}");
        }
        for name in ["disclosed_budget", "pricing_page_views", "wonder", "lead_source", "opportunity_created"]
        {
            assert_eq!(outcome(name), None, "{name}");
        }
        assert_eq!(later_step("opportunity_created"), Some("opportunity"));
        assert_eq!(unbounded("total_touches_all"), Some("total"));
    }

    #[test]
    fn people_are_told_from_things() {
        for name in ["email", "Work E-mail", "first_name", "MobilePhone", "Name", "linkedin_url"] {
            assert!(personal(name), "{name}");
        }
        for name in ["campaign_name", "industry", "shipping_speed"] {
            assert!(!personal(name), "{name}");
        }
        assert!(identifier("account_id") && identifier("leadId") && !identifier("idle_days"));
    }

    #[test]
    fn sides_and_stems() {
        assert_eq!(Side::of("employee_band"), Side::Fit);
        assert_eq!(Side::of("pricing_page_views"), Side::Engagement);
        assert_eq!(Side::of("lead_source"), Side::Other);
        assert_eq!(stems("total_touches_all"), stems("touch_count"));
    }
}
