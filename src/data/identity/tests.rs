//! Matching on tables that are what the issue fears.

use super::{LinkAsk, LinkBy, MatchAsk, Matched, Side};
use crate::{Format, InlineTable, Run, Sources, Tables};
use revarch_domain::identity::{
    cluster::{Edge, Guard, clusters},
    compare::Comparison,
    kind::Kind,
    model::weight_of,
};
use std::{collections::BTreeSet, fmt::Write};

const PEOPLE: [(&str, Kind); 5] = [
    ("first_name", Kind::GivenName),
    ("last_name", Kind::FamilyName),
    ("email", Kind::Email),
    ("phone", Kind::Phone),
    ("birth_date", Kind::Date),
];
const HEADER: &str = "id,first_name,last_name,email,phone,birth_date\n";

async fn tables(csv: &[(&str, String)]) -> Tables {
    let inline = csv.iter().map(|(name, text)| InlineTable {
        name: (*name).to_owned(),
        format: Format::Csv,
        text: text.clone(),
        rows_in_all: None,
    });
    let tables = Tables::open(Sources::default()).await.unwrap();
    tables.with(inline.collect()).await.unwrap()
}

fn ask(names: &[&str]) -> MatchAsk {
    let side = |name: &&str| Side {
        table: (*name).to_owned(),
        id: Some("id".to_owned()),
        updated: None,
        columns: PEOPLE.iter().map(|(column, _)| Some((*column).to_owned())).collect(),
    };
    MatchAsk {
        sides: names.iter().map(side).collect(),
        comparisons: PEOPLE
            .iter()
            .map(|(name, kind)| Comparison { name: (*name).to_owned(), kind: *kind })
            .collect(),
        region: None,
        across_only: false,
        least: 0.01,
        pairs_per_record: 10.0,
        seed: 1,
    }
}

async fn matched(csv: String) -> Matched {
    let tables = tables(&[("people", csv)]).await;
    tables.matched(&ask(&["people"]), &Run::unwatched()).await.unwrap()
}

/// Clusters at a probability, by the ids of their records.
fn clustered(matched: &Matched, probability: f64) -> BTreeSet<BTreeSet<String>> {
    let edges: Vec<Edge> = matched.pairs.iter().map(|pair| pair.edge).collect();
    let guard = Guard { most: 50, tables: None };
    let found = clusters(matched.records.len(), &edges, weight_of(probability), guard);
    let ids = |members: &[u32]| members.iter().map(|record| matched.records.id(*record).to_owned()).collect();
    found.clusters.iter().map(|cluster| ids(&cluster.members)).collect()
}

/// People that nobody takes for one another; every tenth is there twice, spelt a little differently.
fn people(count: usize) -> Vec<String> {
    const SYLLABLES: [&str; 12] = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "dan", "fel"];
    let drawn = |at: usize, salt: u64| {
        let mixed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(salt << 40);
        usize::try_from((mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33).unwrap()
    };
    let name = |at: usize| {
        let syllable = |by: usize| SYLLABLES[at / by % 12];
        format!("{}{}{}", syllable(1), syllable(12), syllable(144))
    };
    let mut rows = Vec::new();
    for at in 0..count {
        let (first, last) = (name(drawn(at, 1) % 300), name(drawn(at, 2)));
        let day = format!(
            "19{:02}-{:02}-{:02}",
            50 + drawn(at, 3) % 45,
            1 + drawn(at, 4) % 12,
            1 + drawn(at, 5) % 28
        );
        rows.push(format!("{at},{first},{last},{first}.{last}@x{}.example,+1212555{at:04},{day}", at % 40));
        if at % 10 == 0 {
            rows.push(format!("{at}b,{first},{last}s,{first}.{last}@x{}.example,,{day}", at % 40));
        }
    }
    rows
}

fn csv(rows: &[String]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn planted(count: usize) -> BTreeSet<BTreeSet<String>> {
    (0..count).step_by(10).map(|at| [at.to_string(), format!("{at}b")].into()).collect()
}

#[tokio::test]
async fn planted_duplicates_are_found_and_nothing_else() {
    let matched = matched(csv(&people(600))).await;
    assert_eq!(clustered(&matched, 0.9), planted(600));
    for pair in &matched.pairs {
        let parts = matched.parts(pair);
        let sum: f64 = parts.iter().map(|part| part.weight + part.rarity).sum();
        let weight = sum + matched.trained.model.prior_weight();
        assert!((weight - pair.edge.weight).abs() < 1e-9, "{weight} {}", pair.edge.weight);
    }
}

#[tokio::test]
async fn the_order_of_the_rows_decides_nothing() {
    let mut rows = people(300);
    let first = matched(csv(&rows)).await;
    rows.reverse();
    rows.swap(3, 120);
    let second = matched(csv(&rows)).await;
    assert_eq!(clustered(&first, 0.9), clustered(&second, 0.9));
    assert_eq!(first.trained.model, second.trained.model);
    let pairs = |matched: &Matched| -> Vec<(String, String)> {
        let id = |record| matched.records.id(record).to_owned();
        matched.pairs.iter().map(|pair| (id(pair.edge.a), id(pair.edge.b))).collect()
    };
    assert_eq!(pairs(&first), pairs(&second));
}

#[tokio::test]
async fn keys_that_are_all_empty_match_nobody() {
    let rows: Vec<String> = (0..300).map(|at| format!("{at},,n/a,,-,")).collect();
    let matched = matched(csv(&rows)).await;
    assert_eq!(matched.pairs, []);
    assert!(
        (0..5).all(|comparison| matched.records.with_value(comparison) == 0),
        "empty and null are the same: nothing"
    );
}

#[tokio::test]
async fn a_value_that_everybody_shares_makes_nobody_the_same() {
    let shared: Vec<String> = people(3_000)
        .into_iter()
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            format!("{},{},{},info@acme.example,+12125550000,{}", cells[0], cells[1], cells[2], cells[5])
        })
        .collect();
    let matched = matched(csv(&shared)).await;
    let phone = matched
        .costly
        .iter()
        .chain(&matched.used)
        .find(|used| used.rule.parts.first().is_some_and(|part| part.0 == 3));
    assert_eq!(phone.map(|used| (used.crowded, used.crowd)), Some((1, 3_300)), "the switchboard is told");
    assert_eq!(matched.records.with_value(2), 0, "a desk's address names nobody");
    assert!(matched.compared < 300_000, "{}", matched.compared);
    let found = clustered(&matched, 0.9);
    assert!(found.iter().all(|cluster| cluster.len() <= 3));
    assert!(found.intersection(&planted(3_000)).count() > 250, "{}", found.len());
}

#[tokio::test]
async fn names_in_several_scripts_and_swapped_names_and_dates_are_found() {
    let mut rows = people(400);
    rows.extend(
        [
            "u1,Анна,Иванова,,,1980-05-06",
            "u2,Anna,Ivanova,,,1980-05-06",
            "s1,Zebulon,Quackenbush,zq@x1.example,,1971-02-03",
            "s2,Quackenbush,Zebulon,zq@x1.example,,1971-02-03",
            "d1,Wilhelmina,Oppenheim,w.opp@x2.example,,1966-04-09",
            "d2,Wilhelmina,Oppenheim,,,1966-09-04",
        ]
        .map(str::to_owned),
    );
    let found = clustered(&matched(csv(&rows)).await, 0.8);
    for (a, b) in [("u1", "u2"), ("s1", "s2"), ("d1", "d2")] {
        assert!(found.contains(&[a.to_owned(), b.to_owned()].into()), "{a} {b}");
    }
}

#[tokio::test]
async fn one_row_or_none_is_no_pair() {
    for rows in [vec![], vec!["1,Ann,Lee,ann@x.example,,".to_owned()]] {
        let matched = matched(csv(&rows)).await;
        assert_eq!((matched.pairs.len(), matched.compared, matched.records.len()), (0, 0, rows.len()));
    }
}

#[tokio::test]
async fn ids_that_repeat_are_records_of_their_own() {
    let mut rows = people(300);
    let twice = rows[5].clone();
    rows.push(twice);
    let matched = matched(csv(&rows)).await;
    let same =
        matched.pairs.iter().find(|pair| matched.records.id(pair.edge.a) == matched.records.id(pair.edge.b));
    assert!(same.is_some_and(|pair| pair.edge.weight > 5.0 && pair.edge.a != pair.edge.b));
}

#[tokio::test]
async fn across_tables_only_records_of_different_tables_match() {
    let rows = people(300);
    let (crm, marketing): (Vec<String>, Vec<String>) =
        rows.into_iter().partition(|row| !row.split(',').next().unwrap().ends_with('b'));
    let tables = tables(&[("crm", csv(&crm)), ("marketing", csv(&marketing))]).await;
    let ask = MatchAsk { across_only: true, ..ask(&["crm", "marketing"]) };
    let matched = tables.matched(&ask, &Run::unwatched()).await.unwrap();
    assert!(
        matched
            .pairs
            .iter()
            .all(|pair| matched.records.table_of(pair.edge.a) != matched.records.table_of(pair.edge.b))
    );
    assert_eq!(clustered(&matched, 0.9), planted(300));
}

#[tokio::test]
async fn cancelled_work_stops() {
    let tables = tables(&[("people", csv(&people(300)))]).await;
    let cancel = tokio_util::sync::CancellationToken::new();
    cancel.cancel();
    let run = Run::new(|_| {}, cancel);
    assert!(matches!(tables.matched(&ask(&["people"]), &run).await, Err(crate::DataError::Cancelled)));
}

#[tokio::test]
async fn contacts_find_their_account() {
    let mut contacts = "id,account_id,email,company\n".to_owned();
    for row in [
        "1,A1,x@else.example,",
        "2,,b@globex.example,",
        "3,gone,c@gmail.com,Initech LLC",
        "4,,d@gmail.com,",
        "5,,e@shared.example,",
        "6,,f@globbex.example,",
        "7,A1.0,,",
    ] {
        let _ = writeln!(contacts, "{row}");
    }
    let accounts = "id,domain,name\nA1,acme.example,Acme\nA2,https://www.globex.example/,Globex Inc\nA3,,Initech\nA4,shared.example,S\nA5,shared.example,T\n";
    let tables = tables(&[("contacts", contacts), ("accounts", accounts.to_owned())]).await;
    let named = |name: &str| Some(name.to_owned());
    let ask = LinkAsk {
        contacts: "contacts".to_owned(),
        contact_columns: [named("id"), named("account_id"), named("email"), named("company")],
        accounts: "accounts".to_owned(),
        account_id: "id".to_owned(),
        account_columns: [named("domain"), named("name")],
    };
    let linked = tables.account_links(&ask, &Run::unwatched()).await.unwrap();
    let links: Vec<(&str, &str, LinkBy)> =
        linked.links.iter().map(|link| (link.contact.as_str(), link.account.as_str(), link.by)).collect();
    assert_eq!(
        links,
        [("2", "A2", LinkBy::Domain), ("3", "A3", LinkBy::Name), ("6", "A2", LinkBy::Likeness)]
    );
    assert_eq!((linked.contacts, linked.by_key, linked.several, linked.free_mail), (7, 1, 1, 1));
}

#[tokio::test]
async fn namesakes_at_two_companies_are_two_people() {
    let mut rows = people(400);
    for at in 0..400 {
        let domain = if at % 2 == 0 { "y" } else { "z" };
        rows.push(format!(
            "n{at},Ann{},Lee{},ann{}.lee{}@{domain}{at}.example,,",
            at % 10,
            at % 7,
            at % 10,
            at % 7
        ));
    }
    let found = clustered(&matched(csv(&rows)).await, 0.9);
    let right = found.intersection(&planted(400)).count();
    assert!(right >= 36 && right * 10 >= found.len() * 9, "{right} of 40 planted, {} found", found.len());
}
