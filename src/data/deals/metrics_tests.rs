use super::{
    CurrencyAsk, DealAsk, MetricAsk, MetricFacts, Segment,
    tests::{NOW, at, tables},
};
use crate::{DataError, Run};
use revarch_domain::metrics::{Facts, Period, Quantity as Q};

const DEALS: &str = "deal_id,account_id,lead_id,stage,amount,created_at,close_date\n\
    D1,A1,L1,closed_won,100,2024-01-10T12:00:00Z,2024-02-09\n\
    D2,A1,L2,closed_lost,200,2024-01-20T00:00:00Z,2024-04-01\n\
    D3,A2,,proposal,300,2024-03-31T23:30:00-02:00,2024-12-01\n\
    D4,A3,L3,closed_won,,2024-04-01T00:00:00Z,2024-04-01\n\
    D5,A4,L9,closed_lost,-50,2024-02-01T00:00:00Z,1900-01-01\n";
const LEADS: &str = "lead_id,lead_source,created_at\n\
    L1,webinar,2024-01-01T12:00:00Z\nL2,outbound,2024-01-20T15:00:00Z\nL3,webinar,2024-05-01T00:00:00Z\n\
    L4,webinar,2024-02-01T00:00:00Z\n";
const TOUCHES: &str = "touch_id,lead_id,channel,occurred_at\n\
    T1,L2,webinar,2024-03-01T00:00:00Z\nT2,L1,webinar,2024-06-01T00:00:00Z\nT3,L1,outbound,2024-01-02T00:00:00Z\n";
const SPEND: &str = "campaign,month,spend\nx,2024-01-01,10\nx,2024-02-01,20\nx,2024-04-01,40\n";
const SUBSCRIPTIONS: &str = "subscription_id,account_id,mrr,started_at,ended_at\n\
    S1,A1,100,2023-05-01,\nS2,A1,50,2024-02-15,\nS3,A2,80,2023-06-01,2024-02-20\n\
    S4,A3,70,2023-06-01,2024-03-01\nS5,A3,40,2024-03-01,\nS6,A4,30,2024-01-01,\nS7,,999,2023-01-01,\n";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("deals.csv", DEALS),
        ("leads.csv", LEADS),
        ("touches.csv", TOUCHES),
        ("campaign_spend.csv", SPEND),
        ("subscriptions.csv", SUBSCRIPTIONS),
    ]
}

async fn count(files: &[(&str, &str)], ask: &MetricAsk) -> Result<MetricFacts, DataError> {
    let folder = tempfile::tempdir().unwrap();
    let tables = tables(folder.path(), files).await;
    let quarter = |from: &str, until: &str| Period {
        name: from.to_owned(),
        from: at(from),
        until: at(until),
        is_partial: false,
    };
    let periods = [quarter("2024-01-01", "2024-04-01"), quarter("2024-04-01", "2024-07-01")];
    tables.metric_facts(ask, &periods, at(NOW), &Run::unwatched()).await
}

fn marketing() -> MetricAsk {
    MetricAsk { marketing: vec!["webinar".into()], ..MetricAsk::default() }
}

fn is(facts: &Facts, expected: &[(Q, f64)]) {
    for (quantity, value) in expected {
        let found = facts.get(*quantity).unwrap_or_else(|missing| panic!("{quantity:?}: {missing:?}"));
        assert!((found.value - value).abs() < 1e-9, "{quantity:?} is {}, not {value}", found.value);
    }
}

#[tokio::test]
async fn deals_fall_into_the_period_they_were_made_and_closed_in() {
    let told = count(&files(), &marketing()).await.unwrap();
    let whole = &told.segments[0];
    assert_eq!((whole.name.as_ref(), told.segments.len()), (None, 1));
    // D3 was made at half past one on the first of April, in UTC.
    is(
        &whole.periods[0],
        &[
            (Q::DealsCreated, 3.0),
            (Q::PipelineCreated, 250.0),
            (Q::SourcedPipeline, 100.0),
            (Q::DealsWon, 1.0),
            (Q::DealsLost, 0.0),
            (Q::WonAmount, 100.0),
            (Q::WonDays, 29.5),
            (Q::WonWithDays, 1.0),
            (Q::LeadsCreated, 3.0),
            (Q::MarketingSpend, 30.0),
        ],
    );
    is(
        &whole.periods[1],
        &[
            (Q::DealsCreated, 2.0),
            (Q::PipelineCreated, 300.0),
            (Q::DealsWon, 1.0),
            (Q::DealsLost, 1.0),
            (Q::WonWithAmount, 0.0),
        ],
    );
    is(
        &whole.periods[1],
        &[(Q::WonDays, 0.0), (Q::WonWithDays, 1.0), (Q::LeadsCreated, 1.0), (Q::MarketingSpend, 40.0)],
    );
    assert!(told.notes.iter().any(|note| note.contains("1 deals with amounts below 0")), "{:?}", told.notes);
    assert!(
        told.notes.iter().any(|note| note.contains("2 deals created have no known source")),
        "{:?}",
        told.notes
    );
    assert!(
        told.notes.iter().any(|note| note.contains("1 closed deals without a close date")),
        "{:?}",
        told.notes
    );
}

#[tokio::test]
async fn leads_and_touches_count_only_before() {
    let told = count(&files(), &marketing()).await.unwrap();
    // L1 nine days before D1; L2 on the day of D2, whose clock is behind; L3 came after its deal.
    is(&told.segments[0].periods[0], &[(Q::LeadDays, 9.0), (Q::DealsFromLeads, 2.0)]);
    is(&told.segments[0].periods[1], &[(Q::DealsFromLeads, 0.0)]);
    // D2 was touched by a webinar before it closed; D1 only after, and by outbound, which is not marketing's.
    is(&told.segments[0].periods[0], &[(Q::InfluencedPipeline, 200.0)]);
}

#[tokio::test]
async fn customers_and_revenue_are_compared_at_the_ends_of_a_period() {
    let told = count(&files(), &marketing()).await.unwrap();
    // At the start A1 100, A2 80 and A3 70; at the end A1 150, A3 40 and A4 30.
    is(
        &told.segments[0].periods[0],
        &[
            (Q::CustomersStart, 3.0),
            (Q::CustomersLost, 1.0),
            (Q::CustomersEnd, 3.0),
            (Q::NewCustomers, 1.0),
            (Q::MrrStart, 250.0),
            (Q::MrrEnd, 220.0),
            (Q::Expansion, 50.0),
            (Q::Contraction, 30.0),
            (Q::Churned, 80.0),
            (Q::Months, 3.0),
        ],
    );
    is(&told.segments[0].periods[1], &[(Q::CustomersLost, 0.0), (Q::Churned, 0.0), (Q::NewCustomers, 0.0)]);
    assert!(told.notes.iter().any(|note| note.contains("1 contracts")), "{:?}", told.notes);
}

#[tokio::test]
async fn segments_sum_to_the_whole() {
    let by_source = MetricAsk { segment: Some(Segment::Source), ..marketing() };
    let told = count(&files(), &by_source).await.unwrap();
    let names: Vec<_> = told.segments.iter().map(|segment| segment.name.as_deref()).collect();
    assert_eq!(names, [None, Some("(none)"), Some("outbound"), Some("webinar")]);
    for quantity in [Q::DealsCreated, Q::PipelineCreated, Q::DealsWon, Q::DealsLost, Q::LeadsCreated] {
        for period in 0..2 {
            let of = |segment: usize| told.segments[segment].periods[period].get(quantity).unwrap().value;
            assert!((of(0) - of(1) - of(2) - of(3)).abs() < 1e-9, "{quantity:?}");
        }
    }
    let missing = told.segments[1].periods[0].get(Q::MarketingSpend).unwrap_err();
    assert!(missing.why.contains("not told apart"), "{missing:?}");
    let by_stage = MetricAsk { segment: Some(Segment::Column("stage".into())), ..marketing() };
    assert_eq!(count(&files(), &by_stage).await.unwrap().segments.len(), 4);
    let by_nothing = MetricAsk { segment: Some(Segment::Column("region".into())), ..marketing() };
    assert!(count(&files(), &by_nothing).await.unwrap_err().to_string().contains("no column `region`"));
}

#[tokio::test]
async fn what_the_tables_lack_is_named() {
    let deals =
        ("deals.csv", "deal_id,stage,amount,created_at,close_date\nD1,closed_won,5,2024-01-10,2024-02-09\n");
    let told = count(&[deals], &MetricAsk::default()).await.unwrap();
    let why = |quantity: Q| told.segments[0].periods[0].get(quantity).unwrap_err().why;
    assert!(why(Q::DealsLost).contains("holds no lost deal at all"), "{}", why(Q::DealsLost));
    assert!(why(Q::SourcedPipeline).contains("source"), "{}", why(Q::SourcedPipeline));
    assert!(why(Q::MarketingSpend).contains("`given`"), "{}", why(Q::MarketingSpend));
    assert!(why(Q::NewCustomers).contains("neither contracts nor deals"), "{}", why(Q::NewCustomers));
    assert!(why(Q::LeadsCreated).contains("leads"), "{}", why(Q::LeadsCreated));
    let told = count(&files(), &MetricAsk::default()).await.unwrap();
    let missing = told.segments[0].periods[0].get(Q::SourcedPipeline).unwrap_err();
    assert!(missing.why.contains("marketing_sources"), "{missing:?}");
    assert_eq!(told.sources, [("webinar".to_owned(), 2), ("outbound".to_owned(), 1)]);
}

#[tokio::test]
async fn without_contracts_new_customers_are_first_won_deals() {
    let files: Vec<_> = files().into_iter().filter(|(name, _)| *name != "subscriptions.csv").collect();
    let told = count(&files, &marketing()).await.unwrap();
    is(&told.segments[0].periods[0], &[(Q::NewCustomers, 1.0)]);
    is(&told.segments[0].periods[1], &[(Q::NewCustomers, 1.0)]);
    assert!(told.segments[0].periods[0].get(Q::MrrStart).is_err());
}

#[tokio::test]
async fn mixed_currencies_keep_money_unknown_and_counts_known() {
    let deals = "deal_id,stage,amount,currency,created_at,close_date\nD1,closed_won,5,EUR,2024-01-10,2024-02-09\n\
        D2,closed_lost,5,USD,2024-01-10,2024-02-09\n";
    let told = count(&[("deals.csv", deals)], &MetricAsk::default()).await.unwrap();
    let facts = &told.segments[0].periods[0];
    is(facts, &[(Q::DealsWon, 1.0), (Q::DealsLost, 1.0), (Q::DealsCreated, 2.0)]);
    assert!(facts.get(Q::PipelineCreated).unwrap_err().why.contains("no rate is given"));
    let rates = [("EUR".to_owned(), 2.0), ("USD".to_owned(), 1.0)].into();
    let ask = MetricAsk {
        deal: DealAsk { currency: CurrencyAsk { column: None, rates }, ..DealAsk::default() },
        ..MetricAsk::default()
    };
    let told = count(&[("deals.csv", deals)], &ask).await.unwrap();
    is(&told.segments[0].periods[0], &[(Q::PipelineCreated, 15.0)]);
}

#[tokio::test]
async fn empty_periods_are_nought_where_rows_are_counted() {
    let deals = "deal_id,stage,amount,created_at,close_date\nD1,closed_won,5,2023-01-10,2023-02-09\n\
        D2,closed_lost,5,2023-01-10,2023-02-09\n";
    let told = count(&[("deals.csv", deals)], &MetricAsk::default()).await.unwrap();
    is(&told.segments[0].periods[0], &[(Q::DealsCreated, 0.0), (Q::DealsWon, 0.0), (Q::DealsLost, 0.0)]);
}
