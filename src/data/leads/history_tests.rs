use super::{Apart, Counts, History, HistoryAsk};
use crate::{DataError, Run, Sources, Tables};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

const NOW: &str = "2024-12-31T00:00:00Z";

/// Leads of 2024, one a day, the deals and activities that followed, and their accounts.
fn write(folder: &Path, more_activities: &str) {
    let mut leads = String::from("lead_id,account_id,created_at,lead_source,email_opens,message\n");
    let mut deals = String::from("deal_id,lead_id,created_at,stage,close_date\n");
    let mut activities = String::from("activity_id,lead_id,type,occurred_at\n");
    for day in 0..300 {
        let month = day / 28 + 1;
        let date = format!("2024-{month:02}-{:02}", day % 28 + 1);
        writeln!(leads, "L{day},A{},{date}T09:00:00Z,web,{},{}", day % 3, day % 7, "word ".repeat(25))
            .unwrap();
        writeln!(activities, "V{day},L{day},call,{date}T08:00:00Z\nW{day},L{day},call,{date}T10:00:00Z")
            .unwrap();
        if day % 4 == 0 {
            writeln!(deals, "D{day},L{day},{date}T12:00:00Z,closed_won,{date}").unwrap();
        }
    }
    // A lead that made a deal long before it became a lead again, and one that took half a year.
    deals += "D901,L1,2023-01-01T00:00:00Z,closed_won,2023-02-01\nD902,L2,2024-09-01T00:00:00Z,closed_lost,2024-10-01\n";
    let files = [
        ("leads.csv", leads),
        ("deals.csv", deals),
        ("activities.csv", activities + more_activities),
        (
            "accounts.csv",
            "account_id,industry,employees\nA0,retail,10\nA1,health,20\nA1,health,20\nA2,,30\n".into(),
        ),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

async fn open(folder: &Path) -> Tables {
    Tables::open(Sources { folders: vec![folder.to_owned()], ..Sources::default() }).await.unwrap()
}

fn now() -> i64 {
    revarch_domain::value::moment(NOW).unwrap().micros.unwrap()
}

type Rows = Vec<BTreeMap<String, Option<String>>>;

async fn rows(tables: &Tables, ask: &HistoryAsk) -> Result<(History, Rows), DataError> {
    let run = Run::unwatched();
    let history = tables.history(ask, now(), &run).await?;
    let mut stream = tables.history_rows(&history, &run).await?;
    let names = stream.names().to_vec();
    let mut rows = Vec::new();
    while let Some(batch) = stream.next().await? {
        for row in 0..batch.rows() {
            let cell = |at: usize| batch.cell(at, row).map(str::to_owned);
            rows.push(names.iter().cloned().enumerate().map(|(at, name)| (name, cell(at))).collect());
        }
    }
    Ok((history, rows))
}

fn within(days: u32) -> HistoryAsk {
    HistoryAsk { within_days: Some(days), ..HistoryAsk::default() }
}

fn cell<'a>(rows: &'a Rows, lead: &str, column: &str) -> Option<&'a str> {
    let row = rows.iter().find(|row| row["lead_id"].as_deref() == Some(lead)).unwrap();
    row.get(column).unwrap_or_else(|| panic!("no column {column}: {row:?}")).as_deref()
}

#[tokio::test]
async fn a_deal_within_the_window_is_a_conversion() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let (history, rows) = rows(&open(folder.path()).await, &within(30)).await.unwrap();
    assert_eq!((history.table.as_str(), history.deals.as_str()), ("leads", "deals"));
    assert_eq!(history.deals_by, "`deals.lead_id` = `leads.lead_id`");
    assert_eq!((history.label.as_str(), history.is_chosen), ("converted_within_30_days", false));
    let label = |lead: &str| cell(&rows, lead, "converted_within_30_days").map(str::to_owned);
    assert_eq!(label("L0").as_deref(), Some("true"));
    assert_eq!(label("L1").as_deref(), Some("false"), "its deal was before its creation");
    assert_eq!(label("L2").as_deref(), Some("false"), "its deal came too late");
    assert_eq!(label("L299"), None, "too young to know");
    // The newest is the lead of 2024-11-20; thirty days before, leads are too young, and those that converted are
    // no longer to be scored.
    let Counts { converted, unconverted, young, young_converted, early, not_due, unjoined, undated } =
        history.counts;
    assert_eq!(converted + unconverted + young + young_converted, 300);
    assert_eq!([early, not_due, unjoined, undated], [0; 4]);
    assert!(young > 15 && young_converted > 4, "{young} {young_converted}");
    assert_eq!(rows.len() as u64, converted + unconverted + young);
}

#[tokio::test]
async fn accounts_do_not_multiply_leads_and_who_a_lead_is_stays() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let (_, rows) = rows(&open(folder.path()).await, &within(30)).await.unwrap();
    assert_eq!(cell(&rows, "L1", "account_industry"), Some("health"));
    assert_eq!(cell(&rows, "L2", "account_industry"), None);
    assert_eq!(cell(&rows, "L2", "account_employees"), Some("30"));
    assert_eq!(cell(&rows, "L1", "lead_source"), Some("web"));
    assert_eq!(cell(&rows, "L1", "message_length"), Some("124"), "its text goes nowhere, its length does");
    for absent in ["email_opens", "message", "account_id", "created_at"] {
        assert!(rows[0].keys().all(|name| name != absent), "{absent} is as of today");
    }
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| row["lead_id"].clone()).collect();
    assert_eq!(ids.len(), rows.len(), "a lead stands twice");
}

#[tokio::test]
async fn only_what_came_strictly_before_the_decision_counts() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let tables = open(folder.path()).await;
    let (_, at_creation) = rows(&tables, &within(30)).await.unwrap();
    assert_eq!(
        cell(&at_creation, "L1", "activities_before"),
        Some("1"),
        "the call at ten is not known at nine"
    );
    assert_eq!(cell(&at_creation, "L1", "days_since_activities"), Some("0.042"));
    let later = HistoryAsk { decide_after_days: 2, ..within(30) };
    let (_, later) = rows(&tables, &later).await.unwrap();
    assert_eq!(cell(&later, "L1", "activities_before"), Some("2"));
    assert_eq!(cell(&later, "L1", "decided_at"), Some("2024-01-04T09:00:00"));
    assert!(
        later.iter().all(|row| row["lead_id"].as_deref() != Some("L0")),
        "it converted before the decision"
    );
}

#[tokio::test]
async fn a_planted_future_activity_changes_no_feature() {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(before.path(), "");
    // At the very moment of the decision, a moment later, and days later.
    let mut planted = String::new();
    for (at, time) in ["09:00:00Z", "09:00:00.000001Z", "18:00:00Z"].iter().enumerate() {
        writeln!(planted, "P{at},L1,call,2024-01-02T{time}\nQ{at},L5,call,2024-12-3{}T{time}", at % 2)
            .unwrap();
    }
    write(after.path(), &planted);
    let of = async |folder: &Path| rows(&open(folder).await, &within(30)).await.unwrap().1;
    assert_eq!(of(before.path()).await, of(after.path()).await);
}

#[tokio::test]
async fn days_count_only_when_the_whole_day_lies_before() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    fs::write(
        folder.path().join("activities.csv"),
        "activity_id,lead_id,type,occurred_at\n1,L1,call,2024-01-01\n2,L1,call,2024-01-02\n3,L1,call,2024-01-03\n",
    )
    .unwrap();
    let (_, rows) = rows(&open(folder.path()).await, &within(30)).await.unwrap();
    assert_eq!(cell(&rows, "L1", "activities_before"), Some("1"), "that of the same day may have come later");
    assert_eq!(cell(&rows, "L2", "activities_before"), Some("0"));
}

#[tokio::test]
async fn the_window_is_chosen_where_none_is_given() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let (history, _) = rows(&open(folder.path()).await, &HistoryAsk::default()).await.unwrap();
    assert_eq!((history.terms.within_days, history.is_chosen), (7, true));
    let won = HistoryAsk { conversion: revarch_domain::leads::history::Conversion::Won, ..within(30) };
    let (won, rows) = rows(&open(folder.path()).await, &won).await.unwrap();
    assert_eq!(cell(&rows, "L0", &won.label), Some("true"), "a deal closed on the day of the lead");
}

#[tokio::test]
async fn a_lead_without_the_key_of_its_deals_is_not_one_that_did_not_convert() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let leads = fs::read_to_string(folder.path().join("leads.csv")).unwrap();
    // Deals are joined by the account; every third lead has none.
    fs::write(folder.path().join("leads.csv"), leads.replace(",A2,", ",,")).unwrap();
    let deals = fs::read_to_string(folder.path().join("deals.csv")).unwrap();
    let by_account = deals.replace("lead_id", "account_id").replace(",L", ",A");
    fs::write(folder.path().join("deals.csv"), by_account).unwrap();
    let (history, rows) = rows(&open(folder.path()).await, &within(30)).await.unwrap();
    assert!(history.deals_by.contains("account_id"), "{}", history.deals_by);
    assert_eq!(history.counts.unjoined, 100);
    assert!(rows.iter().all(|row| row["lead_id"].as_deref() != Some("L2")));
}

fn scored(folder: &Path, scores: &str) -> HistoryAsk {
    fs::write(folder.join("lead_scores.csv"), scores).unwrap();
    let apart = Apart { table: "lead_scores".into(), column: "score".into() };
    HistoryAsk { apart: Some(apart), decide_after_days: 2, ..within(30) }
}

#[tokio::test]
async fn a_score_kept_apart_counts_as_it_stood_at_the_decision() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let ask = scored(
        folder.path(),
        "lead_id,scored_at,score\nL1,2024-01-02T09:00:00Z,10\nL1,2024-01-04T09:00:00Z,20\n\
         L1,2024-01-04T09:00:01Z,90\nL2,2024-06-01T00:00:00Z,70\nL3,,50\n",
    );
    let (history, rows) = rows(&open(folder.path()).await, &ask).await.unwrap();
    assert_eq!(cell(&rows, "L1", "score"), Some("20"), "the last at or before the decision");
    assert_eq!(cell(&rows, "L2", "score"), None, "written after the decision");
    assert_eq!(cell(&rows, "L3", "score"), None, "nobody knows when");
    let told = &history.sources.last().unwrap().by;
    assert!(told.contains("as it stood at the decision, by `scored_at`"), "{told}");
}

#[tokio::test]
async fn a_score_without_a_time_stands_as_of_today_and_two_that_differ_for_none() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let ask = scored(folder.path(), "lead_id,score\nL1,10\nL2,20\nL2,30\nL3,40\nL3,40\n");
    let (history, rows) = rows(&open(folder.path()).await, &ask).await.unwrap();
    let score = |lead: &str| cell(&rows, lead, "score").map(str::to_owned);
    assert_eq!([score("L1"), score("L2"), score("L3")], [Some("10".into()), None, Some("40".into())]);
    assert!(history.sources.last().unwrap().by.contains("as it stands today"), "{:?}", history.sources);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let fail = async |ask: HistoryAsk| {
        let error = rows(&open(folder.path()).await, &ask).await.unwrap_err();
        (error.to_string(), error.hint())
    };
    let (table, hint) = fail(HistoryAsk { deals: Some("dealz".into()), ..within(30) }).await;
    assert!(table.contains("no table `dealz`") && hint.contains("`deals`"), "{table} {hint}");
    let (same, _) = fail(HistoryAsk { decide_after_days: 30, ..within(30) }).await;
    assert!(same.contains("no earlier than the end of the 30 days"), "{same}");
    let (also, _) = fail(HistoryAsk { also: vec!["points".into()], ..within(30) }).await;
    assert!(also.contains("no column `points` in `leads`"), "{also}");
    fs::write(folder.path().join("deals.csv"), "deal_id,created_at,stage\nD1,2024-01-01,open\n").unwrap();
    let (unjoined, _) = fail(within(30)).await;
    assert!(unjoined.contains("no key joins `leads` to `deals`"), "{unjoined}");
    fs::remove_file(folder.path().join("deals.csv")).unwrap();
    let (none, hint) = fail(within(30)).await;
    assert!(none.contains("no table is recognised as deals") && hint.contains("describe_data"), "{none}");
}

#[tokio::test]
async fn leads_beyond_the_newest_deal_are_unknown_and_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let deals = fs::read_to_string(folder.path().join("deals.csv")).unwrap();
    let until_may: Vec<&str> = deals
        .lines()
        .filter(|line| (6..=12).all(|month| !line.contains(&format!("2024-{month:02}-"))))
        .collect();
    fs::write(folder.path().join("deals.csv"), until_may.join("\n")).unwrap();
    let (history, rows) = rows(&open(folder.path()).await, &within(30)).await.unwrap();
    assert!(cell(&rows, "L200", &history.label).is_none(), "in August nobody knows of deals");
    assert_eq!(cell(&rows, "L61", &history.label), Some("false"));
    assert!(history.counts.young > 150, "{:?}", history.counts);
}
