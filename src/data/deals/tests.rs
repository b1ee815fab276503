use super::{CurrencyAsk, DealAsk, DealFacts};
use crate::{DataError, Run, Sources, Tables};
use revarch_domain::{
    risk::{Basis, Exit, StageKind, Stays},
    value::{MICROS_PER_DAY, moment},
};
use std::{collections::BTreeMap, fs, path::Path};

pub(super) const NOW: &str = "2024-12-31T00:00:00Z";

pub(super) fn at(text: &str) -> i64 {
    moment(text).unwrap().micros.unwrap()
}

pub(super) async fn tables(folder: &Path, files: &[(&str, &str)]) -> Tables {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    Tables::open(Sources { folders: vec![folder.to_owned()], ..Sources::default() }).await.unwrap()
}

async fn read(files: &[(&str, &str)], ask: &DealAsk) -> Result<DealFacts, DataError> {
    let folder = tempfile::tempdir().unwrap();
    let tables = tables(folder.path(), files).await;
    tables.deal_facts(ask, None, false, at(NOW), &Run::unwatched()).await
}

async fn facts(files: &[(&str, &str)]) -> DealFacts {
    read(files, &DealAsk::default()).await.unwrap()
}

/// The stays of a deal: the stage, the days it lasted and how it ended.
fn stays(told: &DealFacts, id: &str) -> Vec<(String, f64, Option<Exit>)> {
    let deal = told.facts.deals.iter().position(|deal| deal.id == id).unwrap();
    let of_deal = Stays::of(&told.facts, at(NOW)).seen.into_iter().filter(|stay| stay.deal == deal);
    of_deal
        .map(|stay| {
            let (days, exit) = stay.by(at(NOW));
            (told.facts.stages[stay.stage].name.clone(), days, exit)
        })
        .collect()
}

const DEALS: &str = "deal_id,stage,amount,created_at,close_date,next_step\n\
    D1,proposal,100,2024-01-01,2024-11-30,call\n\
    D2,closed_won,200,2024-01-01,2024-03-01,\n\
    D3,closed_lost,,2024-02-01,2024-03-02,n/a\n";

#[tokio::test]
async fn a_history_of_stages_is_read_with_what_is_known_of_each_deal() {
    let history = "deal_id,stage,entered_at\n\
        D1,prospecting,2024-01-01\nD1,proposal,2024-06-01\n\
        D2,prospecting,2024-01-01\nD2,closed_won,2024-03-01\n\
        D3,prospecting,2024-02-01\nD3,closed_lost,2024-03-02\nD9,prospecting,2024-03-02\n";
    let people = "deal_id,contact_id,type,occurred_at,activity_id\nD1,C1,call,2024-12-01T10:00:00Z,A1\n\
        D1,C2,call,2024-12-03T10:00:00+02:00,A2\nD1,C2,call,2025-06-01T00:00:00Z,A3\n";
    let told =
        facts(&[("deals.csv", DEALS), ("deal_stage_history.csv", history), ("activities.csv", people)]).await;
    assert!(matches!(told.facts.basis, Basis::StageHistory { starts } if starts == at("2024-01-01")));
    assert_eq!(
        stays(&told, "D1"),
        [("prospecting".into(), 152.0, Some(Exit::Moved)), ("proposal".into(), 213.0, None)]
    );
    assert_eq!(stays(&told, "D2"), [("prospecting".into(), 60.0, Some(Exit::Won))]);
    assert_eq!(stays(&told, "D3"), [("prospecting".into(), 30.0, Some(Exit::Lost))]);
    assert_eq!(told.read.strangers, 1);
    let deal = &told.facts.deals[0];
    assert_eq!((deal.contacts, deal.next_step, deal.amount), (Some(2), Some(true), Some(100.0)));
    assert_eq!(deal.last_activity, Some(at("2024-12-03T08:00:00Z")), "in UTC, and not after now");
    assert_eq!(told.facts.deals[2].next_step, Some(false), "a placeholder is no next step");
    assert_eq!(told.facts.deals[2].contacts, Some(0));
    assert!(told.names.is_empty());
}

#[tokio::test]
async fn values_of_properties_tell_stages_pushes_and_amounts() {
    // HubSpot's layout: a row for each value, dates in milliseconds.
    let deals = "deal_id,deal_pipeline_stage_id,property_amount,property_createdate,property_closedate,_fivetran_synced\n\
        1,s2,500,2024-01-01 00:00:00,2024-12-01 00:00:00,2024-12-30 00:00:00\n";
    let stages = "stage_id,label,is_closed,closed_won,_fivetran_synced\ns1,Qualified,false,false,2024-12-30 00:00:00\n\
        s2,Contract,false,false,2024-12-30 00:00:00\ns3,Signed,true,true,2024-12-30 00:00:00\n";
    let millis = |text: &str| at(text) / 1_000;
    let history = format!(
        "deal_id,name,value,timestamp,_fivetran_synced\n\
        1,dealstage,s1,2024-01-01 00:00:00,x\n1,dealstage,s2,2024-03-01 00:00:00,x\n\
        1,closedate,{},2024-01-01 00:00:00,x\n1,closedate,{},2024-04-01 00:00:00,x\n1,closedate,{},2024-06-01 00:00:00,x\n\
        1,amount,1000,2024-01-01 00:00:00,x\n1,amount,500,2024-05-01 00:00:00,x\n1,dealname,Acme,2024-01-01 00:00:00,x\n",
        millis("2024-05-01"),
        millis("2024-08-01"),
        millis("2024-12-01")
    );
    let told = facts(&[
        ("deal.csv", deals),
        ("deal_pipeline_stage.csv", stages),
        ("deal_property_history.csv", &history),
    ])
    .await;
    assert_eq!(
        stays(&told, "1"),
        [("Qualified".into(), 60.0, Some(Exit::Moved)), ("Contract".into(), 305.0, None)]
    );
    let deal = &told.facts.deals[0];
    let pushes = deal.pushes.unwrap();
    assert_eq!((pushes.times, pushes.days), (2, 214.0));
    let change = deal.amount_change.unwrap();
    assert_eq!((change.from, change.to), (1_000.0, 500.0));
    let signed = told.facts.stages.iter().find(|stage| stage.name == "Signed");
    assert!(signed.is_none_or(|stage| stage.kind == StageKind::Won), "no deal was in it");
}

#[tokio::test]
async fn activities_apart_from_their_deals_are_found_by_their_pairs() {
    let deals = "deal_id,deal_pipeline_stage_id,property_amount,property_createdate,property_closedate,_fivetran_synced\n\
        1,s2,500,2024-01-01 00:00:00,2024-12-01 00:00:00,2024-12-30 00:00:00\n\
        2,s2,500,2024-01-01 00:00:00,2024-12-01 00:00:00,2024-12-30 00:00:00\n";
    let pairs = "deal_id,engagement_id,engagement_type,_fivetran_synced\n\
        1,71,CALL,2024-12-30 00:00:00\n1,72,NOTE,2024-12-30 00:00:00\n1,73,CALL,2024-12-30 00:00:00\n";
    let calls = "engagement_id,_fivetran_deleted,_fivetran_synced,property_hs_timestamp,type\n\
        71,false,2024-12-30 00:00:00,2024-10-01 00:00:00,CALL\n73,false,2024-12-30 00:00:00,2025-03-01 00:00:00,CALL\n";
    let notes = "engagement_id,_fivetran_deleted,_fivetran_synced,property_hs_timestamp,type\n\
        72,false,2024-12-30 00:00:00,2024-11-05 00:00:00,NOTE\n74,false,2024-12-30 00:00:00,2024-12-05 00:00:00,NOTE\n";
    let told = facts(&[
        ("deal.csv", deals),
        ("engagement_deal.csv", pairs),
        ("engagement_call.csv", calls),
        ("engagement_note.csv", notes),
    ])
    .await;
    assert!(told.facts.have.activity);
    assert_eq!(
        told.facts.deals[0].last_activity,
        Some(at("2024-11-05")),
        "the later of two kinds, not after now"
    );
    assert_eq!(told.facts.deals[1].last_activity, None);
}

#[tokio::test]
async fn field_history_with_old_values_reaches_back_to_creation() {
    // Salesforce's OpportunityFieldHistory has a row for each change alone.
    let deals = "Id,Name,StageName,Amount,CreatedDate,CloseDate,IsClosed,IsWon\n\
        006000000000001AAA,a,Proposal,10,2024-02-01,2025-01-31,false,false\n\
        006000000000002AAA,b,Proposal,10,2024-03-01,2025-01-31,false,false\n\
        006000000000003AAA,c,Signed,10,2024-03-05,2024-04-04,true,true\n";
    let history = "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate\n\
        1,006000000000001AAA,StageName,Prospect,Proposal,2024-02-11\n\
        2,006000000000003AAA,StageName,Prospect,Signed,2024-04-04\n\
        3,006000000000001AAA,CloseDate,2024-06-30,2025-01-31,2024-06-01\n\
        4,006000000000001AAA,StageName,Lead,Prospect,2024-02-01\n";
    let told = facts(&[("Opportunity.csv", deals), ("OpportunityFieldHistory.csv", history)]).await;
    let proposal = |days: f64| ("Proposal".to_owned(), days, None);
    assert_eq!(
        stays(&told, "006000000000001AAA"),
        [("Prospect".into(), 10.0, Some(Exit::Moved)), proposal(324.0)],
        "{:?}",
        told.facts.entries
    );
    assert_eq!(stays(&told, "006000000000002AAA"), [proposal(305.0)], "it never changed");
    assert_eq!(stays(&told, "006000000000003AAA"), [("Prospect".into(), 30.0, Some(Exit::Won))]);
    assert_eq!(told.facts.deals[0].pushes.map(|pushes| pushes.times), Some(1));
}

#[tokio::test]
async fn versions_of_a_record_are_a_history_of_its_stages() {
    let columns = "_fivetran_active,_fivetran_start,_fivetran_end,id,account_id,amount,close_date,created_date,is_closed,is_won,stage_name,forecast_category";
    let row = |start: &str, amount: u32, close: &str, stage: &str| {
        format!(
            "true,{start},9999-12-31,006000000000001AAA,001000000000001AAA,{amount},{close},2024-02-01,false,false,{stage},x\n"
        )
    };
    let history = format!(
        "{columns}\n{}{}{}",
        row("2024-02-01", 10, "2024-05-01", "Prospect"),
        row("2024-02-20", 8, "2024-07-01", "Prospect"),
        row("2024-03-12", 8, "2024-07-01", "Proposal"),
    );
    let deals = format!("{columns}\n{}", row("2024-03-12", 8, "2024-07-01", "Proposal"));
    let told = facts(&[("sf_opportunity.csv", &deals), ("sf_opportunity_history.csv", &history)]).await;
    let told_stays = stays(&told, "006000000000001AAA");
    assert_eq!(told_stays, [("Prospect".into(), 40.0, Some(Exit::Moved)), ("Proposal".into(), 294.0, None)]);
    assert_eq!(told.facts.deals[0].pushes.map(|pushes| (pushes.times, pushes.days)), Some((1, 61.0)));
    assert_eq!(told.facts.deals[0].amount_change.map(|change| change.to), Some(8.0));
}

#[tokio::test]
async fn without_a_history_the_life_of_a_deal_is_one_stay() {
    let told = facts(&[("deals.csv", DEALS)]).await;
    assert_eq!(told.facts.basis, Basis::Lifetimes);
    assert_eq!(
        stays(&told, "D1"),
        [("whole life".into(), 365.0, None)],
        "a hoped-for close date closes nothing"
    );
    assert_eq!(stays(&told, "D2"), [("whole life".into(), 60.0, Some(Exit::Won))]);
}

#[tokio::test]
async fn a_snapshot_of_open_deals_alone_has_no_stays() {
    let open = "deal_id,stage,amount,created_at,close_date\nD1,proposal,100,2024-01-01,2024-11-30\n";
    let told = facts(&[("deals.csv", open)]).await;
    assert_eq!((told.facts.basis, told.facts.entries.len()), (Basis::Snapshot, 0));
}

#[tokio::test]
async fn an_outcome_goes_before_the_name_of_a_stage() {
    let deals = "deal_id,stage,is_closed,is_won,created_at,close_date\n\
        D1,Contract,true,true,2024-01-01,2024-02-01\nD2,Contract,true,true,2024-01-01,2024-02-01\n\
        D3,Discovery,true,false,2024-01-01,2024-02-01\nD4,Discovery,false,false,2024-01-01,2025-02-01\n\
        D5,Discovery,false,false,2024-01-01,2025-02-01\n";
    let told = facts(&[("deals.csv", deals)]).await;
    let kinds: Vec<_> =
        told.facts.deals.iter().map(|deal| told.facts.stages[deal.stage.unwrap()].kind).collect();
    assert_eq!(kinds, [StageKind::Won, StageKind::Won, StageKind::Lost, StageKind::Open, StageKind::Open]);
}

#[tokio::test]
async fn stages_can_be_said_and_unknown_ones_are_refused() {
    let deals = "deal_id,stage,created_at,close_date\nD1,Fertig,2024-01-01,2024-02-01\nD2,Weg,2024-01-01,2024-03-01\n";
    let say = |won: &str| DealAsk {
        won_stages: vec![won.into()],
        lost_stages: vec!["weg".into()],
        ..DealAsk::default()
    };
    let told = read(&[("deals.csv", deals)], &say("fertig")).await.unwrap();
    assert!(told.facts.deals.iter().all(|deal| !told.facts.is_open(deal)));
    assert_eq!(stays(&told, "D2")[0].2, Some(Exit::Lost));
    let error = read(&[("deals.csv", deals)], &say("fertg")).await.unwrap_err();
    assert!(error.to_string().contains("no deal is in a stage `fertg`"), "{error}");
    assert!(error.hint().contains("did you mean `Fertig`"), "{}", error.hint());
}

#[tokio::test]
async fn currencies_are_converted_by_rates_or_not_used() {
    let deals = "deal_id,stage,amount,currency,created_at\nD1,proposal,100,EUR,2024-01-01\nD2,proposal,100,usd,2024-01-01\n\
        D3,proposal,100,,2024-01-01\n";
    let mixed = facts(&[("deals.csv", deals)]).await;
    assert!(mixed.facts.deals.iter().all(|deal| deal.amount.is_none()));
    assert!(mixed.read.notes[0].contains("no rate is given for EUR, USD"), "{:?}", mixed.read.notes);
    let rates = |usd: f64| DealAsk {
        currency: CurrencyAsk {
            column: None,
            rates: BTreeMap::from([("eur".to_owned(), 1.1), ("USD".to_owned(), usd)]),
        },
        ..DealAsk::default()
    };
    let told = read(&[("deals.csv", deals)], &rates(1.0)).await.unwrap();
    let amounts: Vec<Option<f64>> = told.facts.deals.iter().map(|deal| deal.amount).collect();
    assert!((amounts[0].unwrap() - 110.0).abs() < 1e-9);
    assert_eq!(amounts[1..], [Some(100.0), None]);
    assert!(
        told.read.notes.iter().any(|note| note.contains("1 amounts") && note.contains("left out")),
        "{:?}",
        told.read.notes
    );
    let error = read(&[("deals.csv", deals)], &rates(0.0)).await.unwrap_err();
    assert!(error.to_string().contains("is no rate"), "{error}");
}

#[tokio::test]
async fn no_deals_and_no_key_are_told() {
    let error = read(&[("contacts.csv", "contact_id,email\n1,a@x.example\n")], &DealAsk::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no table is recognised as deals"), "{error}");
    let repeated = "deal_id,stage,created_at\nD1,proposal,2024-01-01\nD1,proposal,2024-01-01\n";
    let told = facts(&[("deals.csv", repeated)]).await;
    assert_eq!((told.facts.deals.len(), told.read.repeated), (1, 1));
    assert_eq!(MICROS_PER_DAY, super::history::DAY);
}
