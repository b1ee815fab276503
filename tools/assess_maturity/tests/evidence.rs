//! Where evidence comes from, and what it does to what was claimed.

use super::*;
use crate::review_architecture::ReviewArchitecture;
use revarch_data::{Sources, Tables};
use std::{fs, sync::Arc};

#[tokio::test]
async fn a_contradiction_is_told() {
    let Answer { structured, text } = told(json!({
        "answers": [{"question": "customer_data.contact_account_link", "level": 4, "note": "the RevOps dashboard"}],
        "evidence": [
            {"measure": "contact_account_link_share", "value": 0.62, "low": 0.6, "high": 0.64},
            {"measure": "any_mcp_share", "value": 0.5}
        ]
    }))
    .await;
    assert_eq!(structured["contradictions"][0]["supported"], json!([2, 2]));
    assert_eq!(structured["contradictions"][0]["direction"], "overclaimed");
    assert_eq!(structured["unused_evidence"], json!(["any_mcp_share"]));
    assert!(
        text.contains("level 4 was claimed") && text.contains("the measured 0.62 (0.6 to 0.64)"),
        "{text}"
    );
}

#[tokio::test]
async fn a_number_somebody_gave_is_a_statement() {
    let evidence =
        json!([{"measure": "contact_account_link_share", "value": 0.99, "provenance": "attested"}]);
    let structured = told(json!({"evidence": evidence})).await.structured;
    assert_eq!(
        (&structured["coverage"]["measured"], &structured["coverage"]["attested"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(structured["dimensions"][1]["capped"], true);
}

/// A folder in which three contacts of four belong to an account.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let row =
        |at: u32| format!("c{at},person{at}@acme.example,{}\n", if at.is_multiple_of(4) { "" } else { "a1" });
    let rows: String = (1..=400).map(row).collect();
    fs::write(folder.path().join("contacts.csv"), format!("contact_id,email,account_id\n{rows}")).unwrap();
    fs::write(folder.path().join("accounts.csv"), "account_id,account_name\na1,Acme\n").unwrap();
    folder
}

async fn over(folder: &tempfile::TempDir) -> Context {
    let sources = Sources { folders: vec![folder.path().to_owned()], ..Sources::default() };
    Context { tables: Arc::new(Tables::open(sources).await.unwrap()), ..context().await }
}

#[tokio::test]
async fn the_operators_data_is_measured_and_outranks_what_was_said() {
    let folder = folder();
    let context = over(&folder).await;
    let answers = json!([{"question": "customer_data.contact_account_link", "level": 5}]);
    let Answer { structured, text } = call(&context, json!({"answers": answers})).await.unwrap();
    assert_eq!(structured["evidence_from"][0]["tool"], "check_data_readiness");
    assert_eq!(structured["evidence_from"][0]["from"], "measured now");
    let measured = structured["evidence_from"][0]["measures"].as_array().unwrap();
    assert!(measured.contains(&json!("contact_account_link_share")), "{measured:?}");
    assert_eq!(structured["contradictions"][0]["question"], "customer_data.contact_account_link");
    assert!((structured["contradictions"][0]["measure"]["value"].as_f64().unwrap() - 0.75).abs() < 1e-9);
    assert!(text.contains("Evidence: check_data_readiness, measured now"), "{text}");

    assert!(
        structured["remarks"][0]
            .as_str()
            .unwrap()
            .starts_with("check_data_readiness was run and could not tell")
    );
    assert_eq!(
        structured["next_measurement"]["tool"], "audit_mcp_coverage",
        "what was run is not asked for again"
    );

    let without = call(&context, json!({"answers": answers, "measure": false})).await.unwrap().structured;
    assert!(without.get("evidence_from").is_none() && without["contradictions"] == json!([]));
    let evidence = json!([{"measure": "contact_account_link_share", "value": 0.99}]);
    let given = call(&context, json!({"answers": answers, "evidence": evidence})).await.unwrap().structured;
    assert_eq!(given["contradictions"], json!([]), "what is handed in outranks what is at hand");
}

#[tokio::test]
async fn a_stored_review_tells_what_is_not_measured_now() {
    let folder = folder();
    let context = over(&folder).await;
    let review = json!({"subject": "acme", "platforms": ["Salesforce", "Marketo"]});
    let review = ReviewArchitecture::call(serde_json::from_value(review).unwrap(), &context).await.unwrap();
    let review = serde_json::to_value(review.structured).unwrap();
    let id = review["review_id"].as_str().unwrap();
    let elsewhere = Context { tables: Arc::new(Tables::open(Sources::default()).await.unwrap()), ..context };
    for arguments in [json!({}), json!({"review_id": id})] {
        let structured = call(&elsewhere, arguments).await.unwrap().structured;
        let from = structured["evidence_from"].as_array().unwrap();
        let tools: Vec<&str> = from.iter().map(|source| source["tool"].as_str().unwrap()).collect();
        assert_eq!(tools, ["check_data_readiness", "audit_mcp_coverage"]);
        for source in from {
            assert!(
                source["from"].as_str().unwrap().starts_with(&format!("review {id} of acme, 2026-11-22"))
            );
        }
        assert!(structured["coverage"]["measured"].as_u64().unwrap() > 2, "{structured}");
    }
    let none = call(&elsewhere, json!({"review_id": "none"})).await.unwrap_err().text();
    assert!(none.contains("there is no review `none`") && none.contains("hint:"), "{none}");
}

#[tokio::test]
async fn platforms_that_are_named_are_audited_now() {
    let platforms = json!({"lens": "agentic_architecture", "platforms": ["Salesforce", "No Such Platform"]});
    let structured = told(platforms).await.structured;
    assert_eq!(structured["evidence_from"][0]["tool"], "audit_mcp_coverage");
    assert_eq!(structured["evidence_from"][0]["from"], "audited now");
    assert!(structured["remarks"][0].as_str().unwrap().contains("No Such Platform"), "{structured}");
    assert!(structured["coverage"]["measured"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn what_the_revenue_tools_measured_answers_questions() {
    for (lens, question, measure, value, level) in [
        ("six_dimensions", "analytics.touches", "touched_conversion_share", 0.61, 4),
        ("roi_engine", "measurement_and_attribution.workable", "revenue_metrics_share", 0.5, 3),
    ] {
        let evidence = json!([{"measure": measure, "value": value, "provenance": "measured"}]);
        let claim = json!([{"question": question, "level": 5}]);
        let Answer { structured, text } =
            told(json!({"lens": lens, "answers": claim, "evidence": evidence})).await;
        assert_eq!(structured["coverage"]["measured"], 1, "{}", structured["coverage"]);
        assert!(text.contains(&format!("supports level {level}")) && text.contains(question), "{text}");
    }
}
