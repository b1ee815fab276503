use super::*;
use crate::{
    coverage::{
        inspection::inspect,
        resolve::{Resolution, resolve},
        tools_list::parse,
    },
    finding::Severity,
    measure::{Measure, MeasureId},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn known(name: &str) -> Audited {
    match resolve(name) {
        Resolution::Known { platform, .. } => {
            Audited { name: platform.name.clone(), platform: Some(platform), live: None }
        }
        other => panic!("{name}: {other:?}"),
    }
}

fn with_list(name: &str, tools: &Value) -> Audited {
    let mut audited = known(name);
    let id = audited.platform.map(|platform| platform.id.as_str());
    audited.live =
        Some(LiveServer { ground: Ground::Pasted, inspection: inspect(&parse(tools).unwrap(), id) });
    audited
}

fn summary(audit: &StackAudit, id: MeasureId) -> Summary {
    *audit.summaries.iter().find(|summary| summary.id == id).unwrap()
}

fn standing(audit: &PlatformAudit, operation: &str) -> &'static str {
    let mut found = audit.operations.iter().filter(|audit| audit.operation.to_string() == operation);
    found.next().unwrap_or_else(|| panic!("no {operation}")).standing.name()
}

#[test]
fn shares_count_only_what_is_known_and_bound_what_is_not() {
    // Official, community, none found, unknown.
    let audit = audit(["HubSpot", "SFMC", "Eloqua", "Pardot"].map(known).into());
    let native = summary(&audit, MeasureId::NativeMcpShare);
    assert_eq!((native.hits, native.known, native.unknown), (1, 3, 1));
    let measure = native.measure.unwrap();
    let interval = measure.interval.unwrap();
    assert!((measure.value - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!((interval.low, interval.high), (0.25, 0.5));
    let any = summary(&audit, MeasureId::AnyMcpShare);
    assert_eq!((any.hits, any.known, any.unknown), (2, 3, 1));
}

#[test]
fn a_stack_of_which_nothing_is_known_has_no_measure() {
    let audit = audit(vec![known("Pardot")]);
    assert_eq!(summary(&audit, MeasureId::NativeMcpShare).measure, None);
    assert_eq!(summary(&audit, MeasureId::CoreOperationShare).measure, None);
    assert_eq!(audit.findings[0].id, "mcp.unknown.salesforce-account-engagement");
    assert_eq!(audit.platforms[0].decision.action, Action::FindOut);
}

#[test]
fn operations_of_a_partly_known_server_stay_unknown() {
    let audit = audit(vec![known("Salesforce")]);
    let salesforce = &audit.platforms[0];
    assert_eq!(salesforce.core(), Counts { unknown: 11, ..Counts::default() });
    assert_eq!(salesforce.decision.action, Action::UseNative);
    assert!(salesforce.decision.next_evidence.is_some());
    assert!(audit.findings.iter().all(|finding| finding.severity == Severity::Minor));
}

#[test]
fn hubspots_documents_cover_its_core() {
    let audit = audit(vec![known("HubSpot")]);
    let core = audit.platforms[0].core();
    assert_eq!((core.evidenced, core.implied, core.unknown, core.missing), (9, 2, 0, 0));
    let share = summary(&audit, MeasureId::CoreOperationShare).measure.unwrap();
    assert_eq!((share.value, share.interval.unwrap().high), (1.0, 1.0));
    assert!((share.interval.unwrap().low - 9.0 / 11.0).abs() < 1e-12);
    assert_eq!(audit.constraint, None);
}

#[test]
fn a_live_list_outranks_the_catalog_and_their_disagreement_is_told() {
    let tools = json!({"tools": [{"name": "get_deals"}, {"name": "update_deal"}, {"name": "get_contact"}]});
    let audit = audit(vec![with_list("HubSpot", &tools)]);
    let hubspot = &audit.platforms[0];
    assert_eq!(standing(hubspot, "deal.search"), "evidenced");
    assert_eq!(standing(hubspot, "deal.update_stage"), "implied");
    assert_eq!(standing(hubspot, "contact.create"), "missing");
    assert!(hubspot.disagreements[0].contains("not in this list"), "{:?}", hubspot.disagreements);
    assert!(audit.findings.iter().any(|finding| finding.id == "mcp.operation.hubspot.contact.create"));
}

#[test]
fn a_tool_that_takes_any_call_leaves_the_rest_unknown() {
    let audit = audit(vec![with_list("Close", &json!([{"name": "get_contact"}, {"name": "api_request"}]))]);
    assert_eq!(standing(&audit.platforms[0], "contact.lookup"), "evidenced");
    assert_eq!(standing(&audit.platforms[0], "deal.create"), "unknown");
}

#[test]
fn a_tool_that_could_not_be_read_keeps_its_object_unknown() {
    let audit = audit(vec![with_list("Close", &json!([{"name": "get_contact"}, {"name": "deal_wizardry"}]))]);
    assert_eq!(standing(&audit.platforms[0], "deal.create"), "unknown");
    assert_eq!(standing(&audit.platforms[0], "contact.create"), "missing");
}

#[test]
fn a_server_seen_where_none_was_found_is_told_and_counts_as_reachable() {
    let audit = audit(vec![with_list("Eloqua", &json!([{"name": "get_contact"}]))]);
    assert!(audit.platforms[0].disagreements[0].contains("no server was found"));
    assert_eq!(summary(&audit, MeasureId::AnyMcpShare).hits, 1);
    assert_eq!(audit.platforms[0].decision.action, Action::UseCommunityWithReview);
    let lookup = audit.platforms[0].standings(&["contact.lookup".to_owned().try_into().unwrap()].into());
    assert!(lookup.values().all(|standing| *standing == Standing::Evidenced), "{lookup:?}");
}

#[test]
fn a_server_for_developers_neither_offers_nor_denies() {
    let docs = json!([{"name": "search_docs"}, {"name": "learn_docs"}, {"name": "validate_theme"}]);
    // Documents of the vendor name operations of another server, so what is published stands.
    let shopify = audit(vec![with_list("Shopify", &docs)]).platforms.remove(0);
    assert_eq!(shopify.is_reachable, Some(true));
    assert_eq!(standing(&shopify, "order.lookup"), "evidenced");
    assert!(shopify.disagreements[0].contains("for documentation"), "{:?}", shopify.disagreements);
    // Nothing published tells of another, so the server seen may be all there is.
    let sixsense = audit(vec![with_list("6sense", &docs)]).platforms.remove(0);
    assert_eq!(sixsense.is_reachable, None);
    assert_eq!(sixsense.decision.action, Action::FindOut);
    assert_eq!(sixsense.core().unknown, sixsense.core().total());
}

#[test]
fn a_tool_named_by_its_verb_alone_keeps_the_verb_unknown() {
    let tools = json!([{"name": "API-post-search"}, {"name": "API-get-user"}, {"name": "API-post-page"}]);
    let notion = audit(vec![with_list("Notion", &tools)]).platforms.remove(0);
    assert_eq!(standing(&notion, "document.search"), "unknown");
    assert_eq!(standing(&notion, "message.send"), "missing");
}

#[test]
fn another_packages_list_makes_the_vendors_operations_likely_and_no_more() {
    let airtable = audit(vec![known("Airtable")]).platforms.remove(0);
    assert_eq!(airtable.status, Status::OfficialGa);
    assert!(airtable.operations.iter().all(|audit| audit.standing != Standing::Evidenced));
    let mailchimp = audit(vec![known("Mailchimp")]).platforms.remove(0);
    assert_eq!(standing(&mailchimp, "campaign.send"), "implied");
    assert_eq!(mailchimp.core().evidenced, 0);
}

#[test]
fn the_binding_constraint_names_the_way_around_what_is_missing() {
    let tools = json!({"tools": [{"name": "get_deals"}, {"name": "get_contact"}]});
    let constraint = audit(vec![with_list("HubSpot", &tools), known("Workato")]).constraint.unwrap();
    assert_eq!(constraint.platform, "HubSpot");
    assert_eq!(constraint.next_step, Action::RouteThroughIpaas.step());
}

#[test]
fn a_gap_is_routed_by_what_else_is_in_the_stack() {
    let action =
        |names: &[&str]| audit(names.iter().map(|name| known(name)).collect()).platforms[0].decision.action;
    assert_eq!(action(&["Eloqua"]), Action::WrapApi);
    assert_eq!(action(&["Eloqua", "Workato"]), Action::RouteThroughIpaas);
    assert_eq!(action(&["Eloqua", "Workato", "ActiveCampaign"]), Action::Replace);
}

#[test]
fn a_system_outside_the_catalog_is_graded_by_its_list_alone() {
    let inspection = inspect(&parse(&json!([{"name": "delete_deal"}])).unwrap(), None);
    let live = Some(LiveServer { ground: Ground::Pasted, inspection });
    let audit = audit(vec![Audited { name: "Acme".to_owned(), platform: None, live }]);
    assert!(audit.platforms[0].operations.is_empty());
    assert_eq!(audit.findings[0].id, "mcp.security.Acme.unmarked_destructive.delete_deal");
    assert_eq!(summary(&audit, MeasureId::AnyMcpShare).hits, 1);
    assert_eq!(summary(&audit, MeasureId::NativeMcpShare).unknown, 1);
}

proptest! {
    #[test]
    fn measures_lie_within_their_bounds_and_order_does_not_matter(picks in proptest::collection::btree_set(0_usize..327, 1..12)) {
        let all = crate::coverage::catalog::catalog().platforms();
        let stack: Vec<Audited> = picks.iter().map(|at| known(&all[*at].id)).collect();
        let mut reversed = stack.clone();
        reversed.reverse();
        let (one, other) = (audit(stack), audit(reversed));
        prop_assert_eq!(&one.summaries, &other.summaries);
        for summary in &one.summaries {
            if let Some(Measure { value, interval: Some(interval), .. }) = summary.measure {
                prop_assert!(0.0 <= interval.low && interval.low <= value && value <= interval.high && interval.high <= 1.0);
            }
        }
    }
}
