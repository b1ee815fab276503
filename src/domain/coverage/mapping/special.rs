//! Names that mean something other than their verb and noun put together.

use super::{
    Confidence, Rule,
    name::{Name, Reader},
    noun::{Known, Number},
    phrase::Found,
};
use crate::coverage::{
    taxonomy::{Effect, Verb, taxonomy},
    tools_list::ListedTool,
    words::singular,
};

/// Nouns of measurement: whatever stands before them is what is measured.
const MEASURES: [&str; 13] = [
    "metric",
    "report",
    "performance",
    "insight",
    "analytic",
    "dataserie",
    "statistic",
    "stat",
    "trend",
    "kpi",
    "result",
    "analysis",
    "breakdown",
];
/// Nouns that say what is read of an object.
const KINDS: [&str; 7] = ["transcript", "brief", "size", "risk", "overlap", "score", "summary"];
/// Objects of which a summary is written; of others it is a report.
const TOLD: [&str; 8] = ["call", "conversation", "document", "meeting", "message", "post", "ticket", "topic"];
/// Objects that have members.
const WITH_MEMBERS: [&str; 5] = ["audience", "project", "campaign", "channel", "workspace"];
/// Objects that are members.
const MEMBERS: [&str; 7] = ["audience_member", "contact", "lead", "member", "user", "company", "record"];
/// Objects that exist by themselves, so that adding one to another associates the two.
const ASSOCIATED: [&str; 10] =
    ["tag", "template", "contact", "user", "product", "company", "asset", "audience", "project", "policy"];
const ADDS: [&str; 10] =
    ["add", "append", "assign", "attach", "insert", "link", "associate", "enroll", "enrol", "invite"];
const REMOVES: [&str; 8] =
    ["remove", "unassign", "detach", "unlink", "dissociate", "unenroll", "unenrol", "delete"];

impl Reader<'_> {
    /// The operation of a name that follows a habit of its own. A name without a verb that begins with
    /// "reports" reads the report that it goes on to name.
    pub(super) fn special(&self, name: &Name<'_>, tool: &ListedTool) -> Option<Found> {
        let Some(verb) = name.verb else {
            let of_reports = name.nouns.first().is_some_and(|word| singular(word) == "report");
            return of_reports.then(|| Found::sure("report", "read", Rule::KindOfReading));
        };
        self.container(name, verb)
            .or_else(|| self.enrolls(name))
            .or_else(|| self.uploads(name))
            .or_else(|| consent(verb, name.words))
            .or_else(|| stage(verb, name.words))
            .or_else(|| query(verb, name, tool))
            .or_else(|| self.kind_of_reading(name, verb))
    }

    /// Adding X to Y and removing X from Y.
    fn container(&self, name: &Name<'_>, verb: &Verb) -> Option<Found> {
        let (preposition, behind) = name.tail.as_ref()?;
        let whole = self.head(behind).filter(|head| head.known == Known::Exactly)?.object;
        let part = self.head(&name.nouns).filter(|head| head.known == Known::Exactly).map(|head| head.object);
        let flows = ["journey", "sequence"].contains(&whole);
        let takes = WITH_MEMBERS.contains(&whole) && part.is_none_or(|part| MEMBERS.contains(&part));
        let inside = ["to", "into", "in", "with", "on"].contains(preposition);
        let adds = inside && ADDS.contains(&name.token);
        let removes = *preposition == "from" && REMOVES.contains(&name.token);
        let exists_by_itself = part.is_some_and(|part| ASSOCIATED.contains(&part));
        let sure = |object: &str, verb: &str| Some(Found::sure(object, verb, Rule::Container));
        if flows && (adds || inside && verb.verb == "enroll") {
            sure(whole, "enroll")
        } else if flows && removes {
            sure(whole, "unenroll")
        } else if takes && adds {
            sure(whole, "add_member")
        } else if takes && removes {
            sure(whole, "remove_member")
        } else if name.nouns.is_empty() && (adds || removes) {
            let update = Found::sure(whole, "update", Rule::Container).at_most(Confidence::Medium);
            Some(update.or_maybe(Some(whole), &verb.verb, Rule::Container))
        } else if name.token == "convert" && ["to", "into"].contains(preposition) {
            sure(whole, "create")
        } else if adds && (verb.verb == "associate" || exists_by_itself) {
            let associate = Found::sure(part?, "associate", Rule::Container);
            Some(associate.or_maybe(Some(whole), "update", Rule::Container))
        } else if removes && exists_by_itself {
            let update = Found::sure(whole, "update", Rule::Container).at_most(Confidence::Medium);
            let or_association = update.or_maybe(Some("association"), "delete", Rule::Container);
            Some(or_association.or_maybe(part, "delete", Rule::Container))
        } else {
            None
        }
    }

    /// Adding a person where a flow stands before the person: `add_automation_subscriber`.
    fn enrolls(&self, name: &Name<'_>) -> Option<Found> {
        let (_, before) = name.nouns.split_last().filter(|_| name.token == "add")?;
        let person = self.head(&name.nouns).filter(|head| MEMBERS.contains(&head.object))?;
        let flow = (1..=before.len())
            .filter_map(|end| self.ending(&before[..end]))
            .find(|head| ["journey", "sequence"].contains(&head.object))?;
        let enroll = Found::sure(flow.object, "enroll", Rule::Container).at_most(Confidence::Medium);
        Some(enroll.or_maybe(Some(person.object), "create", Rule::Container))
    }

    /// The steps of an upload, such as fetching the address to upload to, create what is uploaded.
    fn uploads(&self, name: &Name<'_>) -> Option<Found> {
        let at = name.nouns.iter().position(|word| word == "upload").filter(|at| *at > 0)?;
        let what = self.ending(&name.nouns[..at])?;
        Some(Found::sure(what.object, "create", Rule::Upload).at_most(Confidence::Medium))
    }

    /// Reports and the like: what is measured decides the operation.
    fn kind_of_reading(&self, name: &Name<'_>, verb: &Verb) -> Option<Found> {
        let reads = verb.effect == Effect::Read && verb.verb != "export" || verb.verb == "run";
        let (last, before) = name.nouns.split_last()?;
        let last = singular(last);
        if !reads || self.is_phrase_of_two(&name.nouns) {
            return None;
        }
        let measured = self.head(before).filter(|head| head.known == Known::Exactly);
        if KINDS.contains(&last.as_str()) {
            return kind(&last, measured.map(|head| head.object));
        }
        let before = match before.split_last() {
            Some((data, before)) if last == "series" && data == "data" => before,
            _ if MEASURES.contains(&last.as_str()) => before,
            _ => return None,
        };
        let what = self.head(before).filter(|head| head.known != Known::Before).map(|head| head.object);
        let taxonomy = taxonomy();
        let sure = |object: &str, verb: &str| Found::sure(object, verb, Rule::KindOfReading);
        let or_report = |found: Found| Some(found.or_maybe(Some("report"), "read", Rule::KindOfReading));
        match what {
            Some(what) if taxonomy.performance_objects.contains(what) => {
                or_report(sure(what, "read_performance"))
            }
            Some(what) if taxonomy.report_objects.contains(what) => or_report(sure(what, "report")),
            _ if ["series", "result", "analysis"].contains(&last.as_str()) => None,
            None if last == "metric" => None,
            _ if verb.verb == "search" && ["report", "metric"].contains(&last.as_str()) => None,
            what => Some(sure("report", "read").or_maybe(what, "report", Rule::KindOfReading)),
        }
    }

    /// Whether the last two words mean something together, as "health score" does.
    fn is_phrase_of_two(&self, nouns: &[String]) -> bool {
        let long = self.head(nouns).filter(|head| head.known == Known::Exactly);
        long.is_some_and(|head| {
            head.phrase.contains(' ') && head.object != "report" && head.number != Number::List
        })
    }
}

fn kind(kind: &str, object: Option<&str>) -> Option<Found> {
    let sure = |object: &str, verb: &str| Some(Found::sure(object, verb, Rule::KindOfReading));
    match (kind, object) {
        ("transcript", None | Some("meeting" | "recording")) => sure("call", "transcript"),
        ("summary", Some("deal")) => sure("pipeline", "report"),
        ("summary", Some(object)) if !TOLD.contains(&object) => None,
        (kind, Some(object)) => sure(object, kind),
        (_, None) => None,
    }
}

fn consent(verb: &Verb, words: &[String]) -> Option<Found> {
    let about_consent = words.iter().any(|word| {
        ["marketing", "topic", "preference", "consent", "subscription"].contains(&singular(word).as_str())
    });
    let subscribes = ["subscribe", "unsubscribe"].contains(&verb.verb.as_str());
    (subscribes && about_consent).then(|| Found::sure("consent", "update", Rule::Consent))
}

fn stage(verb: &Verb, words: &[String]) -> Option<Found> {
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&singular(word).as_str()));
    let moves = verb.verb == "update" && has(&["stage"]) && has(&["deal", "opportunity"]);
    moves.then(|| Found::sure("deal", "update_stage", Rule::DealStage))
}

fn query(verb: &Verb, name: &Name<'_>, tool: &ListedTool) -> Option<Found> {
    const LANGUAGES: [&str; 6] = ["sql", "soql", "sosl", "gaql", "query", "queries"];
    const SOURCES: [&str; 5] = ["database", "table", "source", "databases", "data"];
    let is_in = |list: &[&str], word: &String| list.contains(&word.as_str());
    let runs = ["run", "query", "search"].contains(&verb.verb.as_str());
    let properties = |names: &[&str]| {
        names.iter().any(|name| tool.input_schema.pointer(&format!("/properties/{name}")).is_some())
    };
    let last = name.nouns.last();
    let bare = name.words.len() == 1 && verb.verb == "query" && properties(&["sql", "query", "soql"]);
    let dsl =
        verb.verb == "search" && name.words.len() == 1 && properties(&["queryBody", "query_body", "dsl"]);
    let named = verb.verb != "search" && last.is_some_and(|word| is_in(&LANGUAGES, word));
    let of_source = verb.verb == "query" && last.is_some_and(|word| is_in(&SOURCES, word));
    if name.words.iter().any(|word| word == "sosl") {
        return Some(Found::sure("record", "search", Rule::QueryLanguage));
    }
    if !runs || !(named || bare || dsl || of_source) {
        return None;
    }
    let of_records = name.words.iter().any(|word| is_in(&["soql", "record"], word));
    let (object, other) = if of_records { ("record", "dataset") } else { ("dataset", "record") };
    let found = Found::sure(object, "query", Rule::QueryLanguage);
    Some(found.or_maybe(Some(other), "query", Rule::QueryLanguage))
}
