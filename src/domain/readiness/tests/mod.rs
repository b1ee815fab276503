//! Companies made by hand, and what is said of them.

mod counts;
mod judgement;
mod unknown;
mod whole;

use super::*;
use crate::{
    finding::Severity,
    measure::MeasureId,
    profile::{ColumnProfile, TableProfile},
    proportion::Proportion,
    provenance::Provenance,
    recognition::{Mapping, recognise},
    value::Kind,
};
use facts::{Applicable, Link, Restorable, TableFacts};

fn column(name: &str, kind: Kind, rows: u64, filled: u64) -> ColumnProfile {
    let mut column = ColumnProfile {
        name: name.into(),
        rows,
        nulls: rows - filled,
        distinct: filled,
        distinct_exact: true,
        ..ColumnProfile::default()
    };
    column.kinds[kind.index()] = filled;
    column
}

fn table(name: &str, rows: u64, columns: Vec<ColumnProfile>) -> TableFacts {
    let profile = TableProfile { name: name.into(), rows, columns };
    TableFacts { recognition: recognise(&profile, &Mapping::default()), profile, ..TableFacts::default() }
}

fn contacts(phones: u64) -> TableFacts {
    table(
        "contacts",
        1000,
        vec![
            column("contact_id", Kind::Text, 1000, 1000),
            column("email", Kind::Email, 1000, 990),
            column("phone", Kind::Phone, 1000, phones),
            column("job_title", Kind::Text, 1000, 900),
            column("email_consent", Kind::Boolean, 1000, 950),
            column("owner_id", Kind::Text, 1000, 1000),
        ],
    )
}

/// The keys of a thousand contacts, all of which join one of a hundred accounts.
pub(super) fn link_to_accounts() -> Link {
    Link {
        table: "contacts".into(),
        column: "account_id".into(),
        from: Entity::Contact,
        to: Entity::Account,
        target: "accounts".into(),
        target_key: "account_id".into(),
        many: false,
        any_case: false,
        others: Vec::new(),
        rows: 1000,
        missing: 0,
        dangling: 0,
        elsewhere: 0,
        targets: 100,
        unreferenced: 0,
        restorable: None,
    }
}

fn judge(facts: &Facts) -> Readiness {
    check(facts, &Lens::shipped().unwrap())
}

fn question(readiness: &Readiness, id: QuestionId) -> &Question {
    readiness.questions.iter().find(|question| question.id == id).unwrap()
}

/// A company without a fault: every check passes.
fn sound() -> Facts {
    let text = |name: &str| column(name, Kind::Text, 1000, 1000);
    let moments = |name: &str| {
        let mut column = column(name, Kind::Timestamp, 1000, 1000);
        column.date_formats[crate::value::DateFormat::YearFirst.index()] = 1000;
        column
    };
    let accounts = table(
        "accounts",
        1000,
        vec![
            text("account_id"),
            text("name"),
            column("domain", Kind::Domain, 1000, 1000),
            text("industry"),
            text("owner_id"),
        ],
    );
    let leads = table(
        "leads",
        1000,
        vec![text("lead_id"), text("contact_id"), moments("created_at"), text("lead_source")],
    );
    let deals = table(
        "deals",
        1000,
        vec![
            text("deal_id"),
            text("stage"),
            column("amount", Kind::Decimal, 1000, 1000),
            moments("created_at"),
            moments("close_date"),
            text("owner_id"),
            text("next_step"),
            text("close_reason"),
        ],
    );
    let activities =
        table("activities", 1000, vec![text("activity_id"), moments("occurred_at"), text("activity_type")]);
    let events = table("events", 1000, vec![text("event_id"), moments("occurred_at"), text("event_type")]);
    let now = 1_700_000_000_000_000;
    Facts {
        now,
        tables: vec![accounts, contacts(950), leads, deals, activities, events],
        links: vec![Link { targets: 1000, ..link_to_accounts() }],
        streams: vec![facts::Stream {
            table: "events".into(),
            time_column: "occurred_at".into(),
            rows: 1000,
            timed: 1000,
            future: 0,
            ancient: 0,
            types: Some(facts::EventTypes {
                column: "event_type".into(),
                seen: vec![("form_filled".into(), 700), ("page_view".into(), 300)],
                untyped: 0,
            }),
            newest: Some(now),
            known_person: Some(Proportion::new(950, 1000)),
            lags: Some(facts::Lags { column: "loaded_at".into(), minutes: vec![(5, 900), (120, 100)] }),
            days: Vec::new(),
        }],
        scores: vec![facts::Score {
            table: "leads".into(),
            column: "score".into(),
            outcome: "converted".into(),
            counts: vec![(10.0, 10, 400), (90.0, 400, 100)],
        }],
        ..Facts::default()
    }
}

fn count(entity: Entity, field: &str, hits: u64, trials: u64) -> facts::Aggregate {
    facts::Aggregate { entity, field: field.into(), role: None, filled: Proportion::new(hits, trials) }
}

fn workflow<'a>(readiness: &'a Readiness, id: &str) -> &'a WorkflowReadiness {
    readiness.workflows.iter().find(|workflow| workflow.id == id).unwrap()
}

fn any_check<'a>(readiness: &'a Readiness, id: &str) -> Option<&'a Check> {
    readiness.questions.iter().flat_map(|question| &question.checks).find(|check| check.id == id)
}
