use super::*;
use crate::coverage::tools_list::parse;
use proptest::prelude::*;
use serde_json::{Value, json};

fn map(platform: &str, tool: &Value) -> MappedTool {
    let list = parse(&json!([tool])).unwrap();
    map_list(&list, Some(platform)).remove(0)
}

#[track_caller]
fn check(platform: &str, name: &str, operation: &str, effect: Effect, confidence: Confidence) {
    let mapped = map(platform, &json!({"name": name, "inputSchema": {"type": "object"}}));
    let first = mapped.readings.first().unwrap_or_else(|| panic!("{name} was not read"));
    assert_eq!(
        (first.operation.to_string().as_str(), first.effect, first.confidence),
        (operation, effect, confidence)
    );
}

#[test]
fn names_are_read() {
    use Confidence::{High, Low};
    use Effect::{Admin, Destructive, Read, Send, Spend, Write};
    check("close", "get_contact", "contact.lookup", Read, High);
    check("close", "get_contacts", "contact.search", Read, High);
    check("close", "updateDealStage", "deal.update_stage", Write, High);
    check("close", "get_pipeline_report", "pipeline.report", Read, High);
    check("outreach", "add_prospect_to_sequence", "sequence.enroll", Send, High);
    check("outreach", "enroll_contact_in_sequence", "sequence.enroll", Send, High);
    check("outreach", "remove_prospect_from_sequence", "sequence.unenroll", Write, High);
    check("klaviyo", "klaviyo_get_campaign_report", "campaign.read_performance", Read, High);
    check("klaviyo", "klaviyo_subscribe_profile_to_marketing", "consent.update", Write, High);
    check("mailchimp", "add_members_to_segment", "audience.add_member", Write, High);
    check("mailchimp", "create_email_template", "template.create", Write, High);
    check("mailchimp", "list_campaign_feedback", "comment.search", Read, High);
    check("mailchimp", "schedule_campaign", "campaign.schedule", Send, High);
    check("gong", "get_call_transcript", "call.transcript", Read, High);
    check("gong", "call_search", "call.search", Read, High);
    check("stripe", "create_refund", "refund.create", Spend, High);
    check("stripe", "create_api_key", "credential.create", Admin, High);
    check("google-ads", "update_campaign_budget", "budget.update", Spend, High);
    check("salesforce", "run_soql_query", "record.query", Read, High);
    check("snowflake", "run_query", "dataset.query", Read, High);
    check("webflow", "collections_list", "content_type.search", Read, High);
    check("slack", "slack_post_message", "message.send", Send, High);
    check("notion", "API-delete-a-block", "document.delete", Destructive, High);
    check("mailchimp", "get_campaign_click_details", "campaign.lookup", Read, Low);
}

#[test]
fn a_tool_that_takes_any_call_credits_nothing() {
    for name in
        ["api_request", "call_function", "all_api_write", "execute_request", "dispatch", "list_functions"]
    {
        let mapped = map("braze", &json!({"name": name}));
        assert!(mapped.opaque && mapped.readings.is_empty(), "{name}: {mapped:?}");
    }
}

#[test]
fn arguments_may_list_actions_and_objects() {
    let schema =
        json!({"type": "object", "properties": {"action": {"enum": ["create", "update", "delete"]}}});
    let mapped = map("monday", &json!({"name": "manage_tags", "inputSchema": schema}));
    let operations: Vec<String> =
        mapped.readings.iter().map(|reading| reading.operation.to_string()).collect();
    assert_eq!(operations, ["tag.manage", "tag.create", "tag.update", "tag.delete"]);

    let schema = json!({"type": "object", "properties": {"action": {"enum": ["search", "get"]}}});
    let mapped = map("hubspot", &json!({"name": "manage_deal", "inputSchema": schema}));
    let operations: Vec<String> =
        mapped.readings.iter().map(|reading| reading.operation.to_string()).collect();
    assert_eq!(operations, ["deal.search", "deal.lookup"], "it reads, whatever its name promises");

    let schema = json!({"type": "object", "properties": {"objectType": {"description": "contacts, companies or deals"}}});
    let mapped = map("hubspot", &json!({"name": "hubspot-batch-update-objects", "inputSchema": schema}));
    let operations: Vec<String> =
        mapped.readings.iter().map(|reading| reading.operation.to_string()).collect();
    assert_eq!(operations, ["record.update", "company.update", "contact.update", "deal.update"]);
    assert_eq!(mapped.readings[1].confidence, Confidence::Medium);
}

#[test]
fn hints_raise_an_effect_and_contradictions_are_told() {
    let hinted = |name: &str, hints: &Value| {
        map("notion", &json!({"name": name, "annotations": hints})).readings.remove(0)
    };
    let reading = hinted("update_page", &json!({"destructiveHint": true}));
    assert_eq!((reading.effect, reading.rules.last()), (Effect::Destructive, Some(&Rule::DestructiveHint)));
    let reading = hinted("delete_page", &json!({"readOnlyHint": true}));
    assert_eq!((reading.effect, reading.rules.last()), (Effect::Destructive, Some(&Rule::HintConflict)));
    let reading = hinted("get_page", &json!({"readOnlyHint": false}));
    assert_eq!((reading.effect, reading.rules.last()), (Effect::Read, Some(&Rule::HintConflict)));
}

#[test]
fn a_verb_that_changes_what_the_server_calls_read_only_is_not_believed() {
    let mapped =
        map("salesforce", &json!({"name": "create_contact_form", "annotations": {"readOnlyHint": true}}));
    assert_eq!((mapped.readings[0].effect, mapped.readings[0].confidence), (Effect::Read, Confidence::Low));
    let mapped = map("snowflake", &json!({"name": "run_report", "annotations": {"readOnlyHint": true}}));
    assert_eq!(mapped.readings[0].confidence, Confidence::High);
}

#[test]
fn a_request_or_a_test_of_a_thing_is_not_any_call() {
    for name in ["create_pull_request", "run_apex_test", "submit_bug_or_feature_request", "execute_workflow"]
    {
        assert!(!map("salesforce", &json!({"name": name})).opaque, "{name}");
    }
}

#[test]
fn a_description_helps_where_the_name_does_not() {
    let mapped = map("close", &json!({"name": "pull", "description": "Lists the deals of an owner"}));
    let reading = &mapped.readings[0];
    assert_eq!(reading.operation.to_string(), "deal.search");
    assert_eq!(reading.confidence, Confidence::Low);
}

/// What a server offers by the names of its tools alone.
fn operations(names: &[&str]) -> Vec<String> {
    let tools: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
    let mapped = map_list(&parse(&json!(tools)).unwrap(), None);
    mapped.iter().map(|tool| tool.readings.first().unwrap().operation.to_string()).collect()
}

#[test]
fn a_word_of_several_meanings_is_read_by_what_else_the_server_speaks_of() {
    let of_group = |beside: &str| operations(&["create_group", beside])[0].clone();
    assert_eq!(of_group("list_tickets"), "user.create");
    assert_eq!(of_group("list_contacts"), "audience.create");
    assert_eq!(of_group("list_tasks"), "project.create");
    let alone = map("close", &json!({"name": "create_group"}));
    assert_eq!(alone.readings[0].confidence, Confidence::Medium);
    assert!(alone.readings[1..].iter().all(|reading| reading.confidence == Confidence::Low));
}

#[test]
fn names_say_more_than_verb_and_noun() {
    let check = |name: &str, operation: &str| assert_eq!(operations(&[name]), [operation], "{name}");
    check("create_product_variant", "product.update");
    check("list_activity_types", "schema.lookup");
    check("create_or_update_contact", "contact.upsert");
    check("add_automation_subscriber", "journey.enroll");
    check("get_asset_upload_url", "asset.create");
    check("get_deal_count", "deal.search");
    check("batch_get_contacts", "contact.lookup");
    check("authenticate", "connection.connect");
    check("assign_tag_to_contact", "tag.associate");
    check("convert_lead_to_deal", "deal.create");
    check("subscribe_to_list", "audience.add_member");
    check("send_message_template", "message.send");
    check("add_to_cart", "cart.update");
    check("describe_contact", "contact.lookup");
    check("guide_contact_forms", "docs.lookup");
}

#[test]
fn arguments_and_description_tell_one_from_many() {
    let read = |tool: &Value| map("close", tool).readings[0].operation.to_string();
    let by_id = json!({"type": "object", "required": ["dealId"]});
    assert_eq!(read(&json!({"name": "deals_get", "inputSchema": by_id})), "deal.lookup");
    assert_eq!(read(&json!({"name": "get_deal", "description": "Returns a list of deals"})), "deal.search");
    let required = json!({"type": "object", "required": ["deal_id"]});
    let guessed = map("close", &json!({"name": "update_frobnication", "inputSchema": required}));
    assert_eq!(guessed.readings[0].operation.to_string(), "deal.update");
    assert_eq!(guessed.readings[0].confidence, Confidence::Low);
}

#[test]
fn a_read_only_tool_that_speaks_of_documentation_reads_it() {
    let tool = json!({
        "name": "create_contact_form",
        "description": "Provides documentation for building forms",
        "annotations": {"readOnlyHint": true},
    });
    assert_eq!(map("close", &tool).readings[0].operation.to_string(), "docs.lookup");
}

#[test]
fn a_description_that_speaks_of_something_else_lowers_the_confidence() {
    let tool = json!({"name": "get_campaign", "description": "Fetches the invoice of a campaign"});
    let readings = map("close", &tool).readings;
    assert_eq!(
        (readings[0].operation.to_string().as_str(), readings[0].confidence),
        ("campaign.lookup", Confidence::Medium)
    );
    assert_eq!(
        (readings[1].operation.to_string().as_str(), readings[1].confidence),
        ("invoice.lookup", Confidence::Low)
    );
}

proptest! {
    #[test]
    fn any_name_and_description_can_be_read(name in "\\PC{1,60}", description in "\\PC{0,120}") {
        prop_assume!(!name.trim().is_empty());
        let mapped = map("hubspot", &json!({"name": name, "description": description}));
        prop_assert!(mapped.readings.is_empty() || !mapped.opaque);
    }
}
