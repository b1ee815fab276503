use super::{Columns, JourneyAsk, JourneyTerms, Journeys, Level, SpendAsk};
use crate::{DataError, Run, Sources, Tables};
use revarch_domain::{
    attribution::{channels::MOST, collect::Sum, journey::Untouched},
    leads::history::Conversion,
};
use std::{collections::BTreeMap, fs, path::Path};

const NOW: &str = "2024-12-31T00:00:00Z";

const CONTACTS: &str = "contact_id,account_id,email,created_at
C1,A1,ann@a.example,2024-01-01T00:00:00Z
C2,A1,bob@a.example,2024-01-01T00:00:00Z
C3,A2,cat@b.example,2024-01-01T00:00:00Z
C4,,dan@c.example,2024-01-01T00:00:00Z
";
const ACCOUNTS: &str = "account_id,account_name,industry\nA1,Alpha,retail\nA2,Beta,health\n";
const TOUCHES: &str = "touch_id,contact_id,channel,occurred_at
T1,C1,search,2024-03-01T10:00:00Z
T2,C1,email,2024-03-05T10:00:00Z
T3,C2,events,2024-03-06T10:00:00Z
T4,C3,search,2024-03-07T10:00:00+02:00
T5,C4,social,2024-03-08T10:00:00Z
T6,,social,2024-03-08T10:00:00Z
T7,C4,email,
T8,C4,email,2025-06-01T00:00:00Z
T9,C4,,2024-03-09T10:00:00Z
";
const DEALS: &str = "deal_id,account_id,contact_id,stage,amount,created_at,close_date
D1,A1,C1,closed_won,1000.50,2024-03-04T00:00:00Z,2024-03-05
D2,A2,C3,closed_won,500,2024-03-06T00:00:00Z,2024-03-20
D3,A2,C3,closed_lost,700,2024-03-06T00:00:00Z,2024-03-21
D4,A1,,closed_won,250,2024-03-06T00:00:00Z,2024-03-22
D5,A2,C3,closed_won,,2024-03-06T00:00:00Z,2025-03-20
";

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

const ALL: [(&str, &str); 4] =
    [("contacts.csv", CONTACTS), ("accounts.csv", ACCOUNTS), ("touches.csv", TOUCHES), ("deals.csv", DEALS)];

fn asked() -> JourneyAsk {
    JourneyAsk {
        touches: None,
        touch_columns: Columns::default(),
        conversions: None,
        conversion_columns: Columns::default(),
        conversion: Conversion::Won,
        level: None,
        terms: JourneyTerms {
            window_days: 90,
            half_life_days: 7.0,
            reset: true,
            once: false,
            collapse: false,
            since: None,
            until: None,
        },
        most_channels: MOST,
        rates: BTreeMap::new(),
        scenarios: false,
        seed: 1,
    }
}

async fn journeys(files: &[(&str, &str)], ask: JourneyAsk) -> Result<Journeys, DataError> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    let sources = Sources { folders: vec![folder.path().to_owned()], ..Sources::default() };
    let tables = Tables::open(sources).await.unwrap();
    let now = revarch_domain::value::moment(NOW).unwrap().micros.unwrap();
    tables.journeys(&ask, now, &Run::unwatched()).await
}

/// Paths by name, with their conversions, nulls and cents.
fn told(journeys: &Journeys) -> Vec<(String, u64, u64, i64)> {
    let paths = &journeys.collected.paths;
    let names = journeys.channels.names();
    let path = |number| {
        let names: Vec<&str> =
            paths.path(number).iter().map(|channel| names[usize::from(*channel)].as_str()).collect();
        names.join(" > ")
    };
    paths.rows().iter().map(|row| (path(row.path), row.conversions, row.nulls, row.cents)).collect()
}

fn path(name: &str, conversions: u64, nulls: u64, cents: i64) -> (String, u64, u64, i64) {
    (name.to_owned(), conversions, nulls, cents)
}

#[tokio::test]
async fn persons_journeys_are_made_of_recognised_tables() {
    let found = journeys(&ALL, asked()).await.unwrap();
    assert_eq!(found.told.level, Level::Person);
    assert_eq!((found.told.touches.as_str(), found.told.channel.as_str()), ("touches", "channel"));
    assert_eq!(found.told.conversions_by, "`deals.contact_id` = `contacts.contact_id`");
    // The touch on the closing day counts, since only the day of the closing is known.
    assert_eq!(
        told(&found),
        [
            path("events", 0, 1, 0),
            path("search", 1, 0, 50_000),
            path("search > email", 1, 0, 100_050),
            path("social > (unknown)", 0, 1, 0),
        ]
    );
    assert_eq!(found.collected.counts.untouched[&Untouched::NoKey], Sum { conversions: 1, cents: 25_000 });
    let left = found.left_out;
    assert_eq!(
        (left.touches, left.touches_without_key, left.touches_undated, left.touches_future),
        (9, 1, 1, 1)
    );
    assert_eq!((left.touches_without_channel, left.conversions_future), (1, 1));
    let deal = found.collected.paths.rows().iter().find(|row| row.cents == 100_050).unwrap();
    assert_eq!((deal.marks.lead, deal.marks.deal), (None, Some(0)), "opened between the two touches");
}

#[tokio::test]
async fn accounts_gather_the_touches_of_their_people() {
    let found = journeys(&ALL, JourneyAsk { level: Some(Level::Account), ..asked() }).await.unwrap();
    assert_eq!(
        found.told.touches_by,
        "`touches.contact_id` = `contacts.contact_id` and `contacts.account_id`"
    );
    assert_eq!(found.told.conversions_by, "`deals.account_id` = `accounts.account_id`");
    let expected =
        [path("events", 1, 0, 25_000), path("search", 1, 0, 50_000), path("search > email", 1, 0, 100_050)];
    assert_eq!(told(&found), expected);
    assert_eq!(
        found.left_out.touches_without_key, 5,
        "a person without an account belongs to nobody's journey"
    );
}

#[tokio::test]
async fn deals_of_several_people_count_once() {
    let deals = DEALS
        .replace("account_id,contact_id,", "")
        .replace("A1,C1,", "")
        .replace("A2,C3,", "")
        .replace("A1,,", "");
    let pairs = "deal_id,contact_id\nD1,C1\nD1,C2\nD2,C3\n";
    let files = [ALL[0], ALL[1], ALL[2], ("deals.csv", deals.as_str()), ("deal_contact.csv", pairs)];
    let found = journeys(&files, asked()).await.unwrap();
    let counts = &found.collected.counts;
    assert_eq!((counts.touched, found.left_out.several_people), (Sum { conversions: 2, cents: 150_050 }, 1));
    assert_eq!(counts.untouched().cents, 25_000, "a deal of nobody is not lost");
}

#[tokio::test]
async fn named_columns_need_no_recognition() {
    let visits = "who,seen,via\nx,2024-01-01,a\nx,2024-01-02,b\ny,2024-01-03,a\n";
    let orders = "buyer,bought,paid,state\nx,2024-01-05,$20.42,Paid\ny,2024-01-05,9,void\n";
    let ask = JourneyAsk {
        touches: Some("visits".into()),
        touch_columns: Columns {
            key: Some("who".into()),
            time: Some("seen".into()),
            channel: Some("via".into()),
            ..Columns::default()
        },
        conversions: Some("orders".into()),
        conversion_columns: Columns {
            key: Some("buyer".into()),
            time: Some("bought".into()),
            value: Some("paid".into()),
            converted: Some(("state".into(), vec!["paid".into()])),
            ..Columns::default()
        },
        ..asked()
    };
    let files = [("visits.csv", visits), ("orders.csv", orders)];
    let found = journeys(&files, ask.clone()).await.unwrap();
    assert_eq!(told(&found), [path("a", 0, 1, 0), path("a > b", 1, 0, 2_042)]);
    let wrong = Columns { time: Some("sen".into()), ..ask.touch_columns.clone() };
    let error = journeys(&files, JourneyAsk { touch_columns: wrong, ..ask }).await.unwrap_err();
    assert!(error.to_string().contains("no column `sen`") && error.hint().contains("`seen`"), "{error}");
}

#[tokio::test]
async fn currencies_are_not_mixed_without_rates() {
    let deals = DEALS.replace("stage,amount", "stage,currency,amount").replace("won,1000", "won,USD,1000");
    let deals =
        deals.replace("won,500", "won,EUR,500").replace("lost,", "lost,USD,").replace("won,2", "won,USD,2");
    let deals = deals.replace("won,,", "won,USD,,");
    let files = [ALL[0], ALL[1], ALL[2], ("deals.csv", deals.as_str())];
    let error = journeys(&files, asked()).await.unwrap_err();
    assert!(error.to_string().contains("several currencies (EUR, USD)"), "{error}");
    let rates = BTreeMap::from([("USD".to_owned(), 1.0), ("EUR".to_owned(), 1.1)]);
    let found = journeys(&files, JourneyAsk { rates, ..asked() }).await.unwrap();
    assert_eq!(found.collected.counts.touched.cents, 100_050 + 55_000);
    assert_eq!(found.currencies, ["EUR", "USD"]);
}

#[tokio::test]
async fn what_is_missing_is_named_with_the_next_step() {
    let check = async |files: &[(&str, &str)], ask: JourneyAsk, said: &str, step: &str| {
        let error = journeys(files, ask).await.unwrap_err();
        assert!(error.to_string().contains(said) && error.hint().contains(step), "{error}: {}", error.hint());
    };
    check(&[ALL[0], ALL[3]], asked(), "no table is recognised as touches", "`paths`").await;
    check(&[ALL[0], ALL[2]], asked(), "no table is recognised as deals", "`conversions`").await;
    let keyless = DEALS.replace("contact_id", "remark");
    let files = [ALL[0], ALL[1], ALL[2], ("deals.csv", keyless.as_str())];
    let person = JourneyAsk { level: Some(Level::Person), ..asked() };
    check(&files, person, "`touches` and `deals` name no person in common", "another `level`").await;
    assert_eq!(
        journeys(&files, asked()).await.unwrap().told.level,
        Level::Account,
        "unless none was asked for"
    );
    let half = JourneyAsk {
        touch_columns: Columns { key: Some("contact_id".into()), ..Columns::default() },
        ..asked()
    };
    check(&ALL, half, "a key is named for one of the two tables", "in both").await;
}

#[tokio::test]
async fn other_assumptions_come_with_the_same_reading() {
    let found = journeys(
        &ALL,
        JourneyAsk { scenarios: true, terms: JourneyTerms { window_days: 4, ..asked().terms }, ..asked() },
    )
    .await
    .unwrap();
    let names: Vec<&str> = found.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names, ["window x 0.5", "window x 2", "20% of touches without identity"]);
    let touched = |at: usize| found.scenarios[at].collected.counts.touched.conversions;
    assert_eq!((found.collected.counts.touched.conversions, touched(0), touched(1)), (1, 1, 1));
    let again = journeys(
        &ALL,
        JourneyAsk { scenarios: true, terms: JourneyTerms { window_days: 4, ..asked().terms }, ..asked() },
    )
    .await
    .unwrap();
    assert_eq!(again.scenarios[2].collected, found.scenarios[2].collected);
}

#[tokio::test]
async fn only_the_period_asked_for_counts() {
    let day = |text: &str| revarch_domain::value::moment(text).unwrap().micros;
    let ask = JourneyAsk {
        terms: JourneyTerms { since: day("2024-03-10"), until: day("2024-03-21"), ..asked().terms },
        ..asked()
    };
    let counts = journeys(&ALL, ask).await.unwrap().collected.counts;
    assert_eq!(counts.touched, Sum { conversions: 1, cents: 50_000 });
    assert_eq!(counts.nulls, 0, "their last touches were before the period");
}

#[tokio::test]
async fn spend_is_read_by_channel_or_by_campaign() {
    let campaigns = "campaign_id,name,channel\nK1,Brand,search\nK2,Push,email\n";
    let spend =
        "campaign_id,month,spend\nK1,2024-01-01,100\nK1,2024-02-01,50\nK2,2024-02-01,7.5\nK9,2024-02-01,1\n";
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("campaigns.csv", campaigns), ("campaign_spend.csv", spend)]);
    let tables = Tables::open(Sources { folders: vec![folder.path().to_owned()], ..Sources::default() })
        .await
        .unwrap();
    let run = Run::unwatched();
    let read = tables.spend_by_channel(&SpendAsk::default(), &run).await.unwrap().unwrap();
    assert_eq!(read.by_channel, [("email".to_owned(), 7.5), ("search".to_owned(), 150.0)]);
    assert_eq!(read.by, "`campaign_spend` by `campaigns.channel`");
    assert_eq!(read.period, Some(("2024-01-01".to_owned(), "2024-02-01".to_owned())));
    let since = revarch_domain::value::moment("2024-02-01").unwrap().micros;
    let later =
        tables.spend_by_channel(&SpendAsk { since, ..SpendAsk::default() }, &run).await.unwrap().unwrap();
    assert_eq!(later.by_channel[1], ("search".to_owned(), 50.0));
    let named = SpendAsk { table: Some("campaigns".into()), ..SpendAsk::default() };
    assert!(tables.spend_by_channel(&named, &run).await.unwrap_err().to_string().contains("amount"));
}
