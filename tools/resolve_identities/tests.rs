use super::*;
use crate::{testing::context, tokens};
use serde_json::{Value, json};
use std::{fmt::Write as _, sync::Arc};

async fn ask_in(context: &Context, arguments: Value) -> Result<(Value, String), ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = ResolveIdentities::call(input, context).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000, "{}", tokens::count(&structured.to_string()));
    Ok((structured, text))
}

async fn ask(arguments: Value) -> Result<(Value, String), ToolError> {
    ask_in(&context().await, arguments).await
}

/// People, every fifth of whom is there twice with a slip and without a telephone number.
fn people(count: usize) -> String {
    let mut csv = "contact_id,first_name,last_name,email,phone,account_id,updated_at\n".to_owned();
    for at in 0..count {
        let first = ["Ann", "Robert", "Wilhelmina", "Ge", "Marguerite", "Olaf", "Zoe"][at % 7];
        let last = format!(
            "{}{}",
            ["Lee", "Quack", "Oppen", "Brandt", "Silva"][at / 7 % 5],
            ["", "man", "son", "berg", "heim", "field"][at / 35 % 6]
        );
        let email = format!("{}{at}@acme{}.example", first.to_lowercase(), at % 9);
        let _ =
            writeln!(csv, "C{at},{first},{last},{email},+1212555{at:04},A{},2026-01-01T00:00:00Z", at % 9);
        if at % 5 == 0 {
            let _ = writeln!(csv, "D{at},{first},{last}e,{email},,,2026-06-01T00:00:00Z");
        }
    }
    csv
}

fn accounts() -> String {
    let rows: String =
        (0..9).fold(String::new(), |rows, at| rows + &format!("A{at},Acme {at},acme{at}.example\n"));
    format!("account_id,account_name,domain\n{rows}")
}

fn company() -> Value {
    json!([{"name": "contacts", "csv": people(200)}, {"name": "accounts", "csv": accounts()}])
}

#[tokio::test]
async fn clusters_explain_themselves_and_propose_whom_to_keep() {
    let (output, text) = ask(json!({"tables": company(), "survivor": ["newest"]})).await.unwrap();
    assert_eq!((&output["cluster_count"], &output["extra_records"]), (&json!(40), &json!(40)), "{text}");
    let cluster = &output["clusters"][0];
    assert_eq!((&cluster["size"], &cluster["kept_for"]), (&json!(2), &json!("newest")));
    assert!(cluster["keep"]["id"].as_str().unwrap().starts_with('D'), "{cluster}");
    let pair = &cluster["pairs"][0];
    let reasons = pair["reasons"].as_array().unwrap();
    let sum: f64 = reasons.iter().map(|reason| reason["weight"].as_f64().unwrap()).sum();
    let weight = output["prior_weight"].as_f64().unwrap() + sum;
    assert!((weight - pair["match_weight"].as_f64().unwrap()).abs() < 0.01, "{pair}");
    assert!(text.contains("Clusters:"), "{text}");
    let told = format!("{output}{text}");
    for personal in ["Robert", "Wilhelmina", "Marguerite", "Quack", "@acme", "1212555"] {
        assert!(!told.contains(personal), "{personal} is personal");
    }
}

#[tokio::test]
async fn contacts_without_a_key_find_their_account() {
    let (output, _) = ask(json!({"tables": company()})).await.unwrap();
    let links = &output["links"];
    assert_eq!(
        (&links["contact_count"], &links["by_key"], &links["by_domain"]),
        (&json!(240), &json!(200), &json!(40))
    );
    assert_eq!(output["proposed_links"][0], json!({"contact": "D0", "account": "A0", "by": "domain"}));
}

#[tokio::test]
async fn judged_pairs_give_quality_and_the_threshold() {
    let mut judged = "id_a,id_b,is_match\n".to_owned();
    for at in (0..100).step_by(5) {
        let _ = writeln!(judged, "C{at},D{at},1\nC{at},C{},no", at + 7);
    }
    let mut tables = company();
    tables.as_array_mut().unwrap().push(json!({"name": "judged", "csv": judged}));
    let (output, text) = ask(json!({"tables": tables, "judged": "judged"})).await.unwrap();
    assert_eq!(output["threshold_is_tuned"], true);
    let quality = &output["quality"]["at_threshold"];
    assert_eq!(
        (&quality["precision"]["value"], &quality["recall"]["value"], &quality["f1"]["value"]),
        (&json!(1.0), &json!(1.0), &json!(1.0))
    );
    assert!(quality["precision"]["low"].as_f64().unwrap() < 0.9, "twenty pairs are few");
    assert!(text.contains("By 40 judged pairs"), "{text}");
    let strange = json!([{"name": "contacts", "csv": people(50)}, {"name": "judged", "csv": "id_a,id_b,is_match\nC1,X9,1\n"}]);
    let error = ask(json!({"tables": strange, "judged": "judged"})).await.unwrap_err();
    assert!(error.text().contains("`X9`, which is the key of no record"), "{}", error.text());
}

#[tokio::test]
async fn companies_are_resolved_by_name_and_domain() {
    let mut csv = "account_id,account_name,domain\n".to_owned();
    for at in 0..120 {
        let name = format!(
            "{}{} {}",
            ["Acme", "Globex", "Initech", "Umbra"][at % 4],
            at,
            ["Labs", "Foods", "Steel"][at % 3]
        );
        let _ = writeln!(csv, "A{at},{name} Inc.,www.{}.example", name.to_lowercase().replace(' ', ""));
        if at % 10 == 0 {
            let _ = writeln!(csv, "B{at},{name} GmbH,{}.example", name.to_lowercase().replace(' ', ""));
        }
    }
    let (output, text) =
        ask(json!({"tables": [{"name": "accounts", "csv": csv}], "entity": "company"})).await.unwrap();
    assert_eq!(output["cluster_count"], 12, "{text}");
}

#[tokio::test]
async fn everything_is_written_where_it_is_allowed_only() {
    let refused = ask(json!({"tables": company(), "write_pairs": "pairs.csv"})).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Refused);
    let folder = tempfile::tempdir().unwrap();
    let context = Context { output: Some(Arc::from(folder.path())), ..context().await };
    let arguments =
        json!({"tables": company(), "write_pairs": "pairs.csv", "write_clusters": "clusters.csv"});
    let (output, _) = ask_in(&context, arguments.clone()).await.unwrap();
    let clusters = std::fs::read_to_string(folder.path().join("clusters.csv")).unwrap();
    assert_eq!(clusters.lines().count(), 81, "{clusters}");
    assert_eq!(clusters.matches(",yes,").count(), 40);
    let pairs = std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap();
    assert_eq!(pairs.lines().count() as u64, 1 + output["written"][0]["rows"].as_u64().unwrap());
    assert!(ask_in(&context, arguments).await.unwrap_err().text().contains("there is a file `pairs.csv`"));
}

#[tokio::test]
async fn pages_hold_every_cluster_once() {
    let (mut cursor, mut seen) = (None, Vec::new());
    for _ in 0..20 {
        let (page, _) =
            ask(json!({"tables": company(), "response_format": "detailed", "cursor": cursor})).await.unwrap();
        seen.extend(
            page["clusters"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["records"][0]["id"].as_str().unwrap().to_owned()),
        );
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (40, 40));
}

#[tokio::test]
async fn bad_arguments_name_the_thing_and_the_next_step() {
    for (arguments, wanted) in [
        (
            json!({"tables": company(), "threshold": 1.5}),
            "`threshold` is 1.5, and may be above 0 and below 1",
        ),
        (json!({"tables": company(), "country": "Atlantis"}), "`Atlantis` is no country"),
        (json!({"tables": company(), "survivor": ["oldest"]}), "no rule of survival `oldest`"),
        (json!({"tables": company(), "from": ["contact"]}), "no table `contact`"),
        (
            json!({"tables": company(), "compare": [{"table": "contacts", "column": "phone", "kind": "fax"}]}),
            "no kind of value `fax`",
        ),
        (json!({"tables": company(), "judged": "accounts"}), "no column `id_a` in `accounts`"),
        (
            json!({"tables": [{"name": "x", "csv": "a,b\n1,2\n"}]}),
            "no table was recognised as one of contacts or leads",
        ),
        (
            json!({"tables": [{"name": "x", "csv": "a,b\n1,2\n"}], "from": ["x"]}),
            "nothing in `x` tells its records apart",
        ),
    ] {
        let error = ask(arguments).await.unwrap_err();
        assert!(error.text().contains(wanted) && error.text().contains("hint:"), "{}", error.text());
    }
}

#[tokio::test]
async fn a_table_without_values_says_so() {
    let csv = format!(
        "contact_id,first_name,last_name,email\n{}",
        (0..30).fold(String::new(), |rows, at| rows + &format!("{at},,,n/a\n"))
    );
    let (output, text) = ask(json!({"tables": [{"name": "contacts", "csv": csv}]})).await.unwrap();
    assert_eq!(output["cluster_count"], 0);
    assert!(text.contains("nothing is filled in that could be compared by"), "{text}");
}

#[tokio::test]
async fn leads_that_are_only_keys_are_left_out_and_named() {
    let leads = "lead_id,contact_id,lead_status,lead_source,created_at\nL1,C1,new,web,2026-01-01\nL2,C2,open,event,2026-02-01\n";
    let tables = json!([{"name": "contacts", "csv": people(200)}, {"name": "leads", "csv": leads}]);
    let (output, text) = ask(json!({"tables": tables})).await.unwrap();
    assert_eq!(output["cluster_count"], 40, "{text}");
    assert!(text.contains("`leads` was left out"), "{text}");
    let error = ask(json!({"tables": tables, "from": ["contacts", "leads"]})).await.unwrap_err();
    assert!(error.text().contains("nothing in `leads` tells its records apart"), "{}", error.text());
}
