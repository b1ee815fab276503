use super::{apply::is_newer, tie::publisher, *};
use crate::coverage::catalog::catalog;
use crate::coverage::catalog::{Basis, Status};
use proptest::prelude::*;
use serde_json::{Value, json};

fn today() -> Date {
    Date::constant(2026, 11, 22)
}

fn registered(name: &str, more: &Value) -> RegistryEntry {
    let mut server = json!({"name": name, "description": "", "version": "1.0.0"});
    server.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let raw = json!({"servers": [{"server": server, "_meta": {"io.modelcontextprotocol.registry/official":
        {"status": "active", "updatedAt": "2026-11-20T10:00:00Z", "isLatest": true}}}]});
    page(&raw).unwrap().entries.remove(0)
}

fn remote(url: &str) -> Value {
    json!({"remotes": [{"type": "streamable-http", "url": url}]})
}

#[test]
fn both_shapes_of_the_registry_are_read() {
    let now = json!({"servers": [
        {"server": {"name": "com.notion/mcp", "version": "1.2.0", "remotes": [{"type": "sse", "url": "https://mcp.notion.com/sse"}]},
         "_meta": {"status": "deprecated", "publishedAt": "2026-01-02T00:00:00Z", "isLatest": true}},
        {"server": {"description": "nameless"}}, 7
    ], "metadata": {"count": 3, "nextCursor": "abc"}});
    let read = page(&now).unwrap();
    assert_eq!((read.entries.len(), read.unreadable.len(), read.next_cursor.as_deref()), (1, 2, Some("abc")));
    assert_eq!(read.entries[0].status, EntryStatus::Deprecated);
    assert_eq!(read.entries[0].updated, Some(Date::constant(2026, 1, 2)));
    let seed = json!([{"id": "1", "name": "io.github.a/b", "description": "x", "version_detail": {"version": "0.0.1-seed",
        "release_date": "2025-05-16T18:56:49Z", "is_latest": true}, "packages": [{"registry_name": "npm", "name": "@a/b", "version": "0.1.0"},
        {"registry_name": "unknown", "name": "c", "version": "1"}], "remotes": [{"transport_type": "sse", "url": "http://localhost/sse"}]}]);
    let read = page(&seed).unwrap();
    assert_eq!(read.entries[0].version.as_deref(), Some("0.0.1-seed"));
    assert_eq!((read.entries[0].is_latest, read.entries[0].packages.len()), (Some(true), 1));
    assert_eq!(page(&json!({"error": "down"})), Err(NoPage));
    assert_eq!(page(&json!(3)), Err(NoPage));
}

#[test]
fn publishers_are_domains() {
    for (name, domain) in [
        ("com.notion/mcp", Some("notion.com")),
        ("com.figma.mcp/mcp", Some("figma.com")),
        ("io.sanity.www/mcp", Some("sanity.io")),
        ("uk.co.acme.mcp/x", Some("acme.co.uk")),
        ("io.github.someone/hubspot", None),
        ("nodomain", None),
    ] {
        assert_eq!(publisher(name).as_deref(), domain, "{name}");
    }
}

#[test]
fn the_vendors_entry_fills_what_is_unknown() {
    let entry = registered(
        "com.6sense/mcp",
        &json!({"packages": [{"registryType": "npm", "identifier": "@6sense/mcp", "version": "1.0.0"}]}),
    );
    let done = refresh(catalog(), &[entry], today());
    let fields: Vec<&str> = done.changed.iter().map(|change| change.field).collect();
    assert_eq!(fields, ["registry_name", "package"]);
    let sixsense = done.catalog.platform("6sense").unwrap();
    assert_eq!(sixsense.mcp.registry_name.as_deref(), Some("com.6sense/mcp"));
    assert_eq!(sixsense.mcp.status, Status::OfficialGa);
    assert_eq!(sixsense.mcp.basis, Basis::Directory, "a status that was there keeps its ground");
    assert!(done.changed.iter().all(|change| change.source.reference.contains("com.6sense/mcp 1.0.0")));
    assert_eq!(done.confirmed, ["6sense"]);
}

#[test]
fn another_product_under_the_vendors_domain_is_doubtful() {
    let docs = registered("com.hubspot/developer-docs", &remote("https://docs.hubspot.com/mcp"));
    let done = refresh(catalog(), &[docs], today());
    assert_eq!(&done.catalog, catalog());
    assert!(done.doubtful[0].why.contains("another of its products"), "{:?}", done.doubtful);
    let same = registered("com.6sense/revenue-tools", &remote("https://api.6sense.com/mcp"));
    assert_eq!(refresh(catalog(), &[same], today()).confirmed, ["6sense"]);
}

#[test]
fn the_entry_of_a_community_server_makes_it_no_vendors() {
    let entry = registered("io.github.cesteral/dv360-mcp", &remote("https://evil.example/mcp"));
    let done = refresh(catalog(), &[entry], today());
    assert_eq!(done.catalog.platform("dv360").unwrap().mcp.status, Status::Community);
    assert_eq!((done.confirmed.as_slice(), done.changed.len()), (&["dv360".to_owned()][..], 0));
    assert!(done.kept[0].why.contains("not its publisher's"));
}

#[test]
fn a_lookalike_changes_nothing_and_is_told() {
    let others = [
        registered("io.github.somebody/hubspot-mcp-server", &json!({})),
        registered("ai.hubspot/mcp", &remote("https://mcp.hubspot.ai/mcp")),
        registered("com.evil/hubspot", &remote("https://evil.com/mcp")),
    ];
    let done = refresh(catalog(), &others, today());
    assert_eq!(&done.catalog, catalog());
    assert!(done.changed.is_empty() && done.kept.is_empty());
    let told: Vec<&str> = done.doubtful.iter().map(|doubt| doubt.platform.as_str()).collect();
    assert_eq!(told, ["hubspot"; 3], "{:?}", done.doubtful);
}

#[test]
fn firmer_ground_is_kept_and_told() {
    let moved = registered("com.hubspot/mcp", &remote("https://mcp2.hubspot.com/new"));
    let done = refresh(catalog(), &[moved], today());
    let hubspot = done.catalog.platform("hubspot").unwrap();
    assert_eq!(hubspot.mcp.endpoint, catalog().platform("hubspot").unwrap().mcp.endpoint);
    assert!(
        done.kept.iter().any(|kept| kept.field == "endpoint" && kept.why.contains("firmer")),
        "{:?}",
        done.kept
    );
    let elsewhere = registered("com.hubspot/mcp", &remote("https://mcp.elsewhere.example/mcp"));
    let done = refresh(catalog(), &[elsewhere], today());
    assert!(done.kept.iter().any(|kept| kept.why.contains("not its publisher's")));
}

#[test]
fn what_the_operator_said_is_kept() {
    let own = r#"{"platforms": [{"id": "6sense", "source": "our account manager", "date": "2026-11-01", "mcp": {
        "endpoint": "https://own.6sense.com/mcp", "package": {"registry": "npm", "name": "@ours/6sense", "version": "1.0.0"}}}]}"#;
    let ours = catalog().with_own(&crate::coverage::own::parse(own).unwrap());
    let mut news = remote("https://api.6sense.com/v2");
    news["packages"] = json!([{"registryType": "npm", "identifier": "@ours/6sense", "version": "2.0.0"}]);
    let done = refresh(&ours, &[registered("com.6sense/mcp", &news)], today());
    let (before, after) = (ours.platform("6sense").unwrap(), done.catalog.platform("6sense").unwrap());
    assert_eq!((&after.mcp.endpoint, &after.mcp.package), (&before.mcp.endpoint, &before.mcp.package));
    let kept: Vec<&str> = done.kept.iter().map(|kept| kept.field).collect();
    assert_eq!(kept, ["endpoint", "package"]);
}

#[test]
fn a_withdrawn_entry_takes_nothing_away() {
    let mut gone = registered("com.notion/mcp", &json!({}));
    gone.status = EntryStatus::Deleted;
    let done = refresh(catalog(), &[gone], today());
    assert_eq!(&done.catalog, catalog());
    assert!(done.doubtful[0].why.contains("withdrawn"));
}

#[test]
fn a_key_in_an_address_is_not_taken_over() {
    let keyed = registered("com.6sense/mcp", &remote("https://api.6sense.com/other?key=abc"));
    let done = refresh(catalog(), &[keyed], today());
    assert!(done.changed.iter().all(|change| change.field != "endpoint"));
}

#[test]
fn versions_are_compared_by_number() {
    assert!(is_newer(Some("1.10.0"), Some("1.9.9")) && is_newer(Some("1.0"), None));
    assert!(
        !is_newer(Some("1.9"), Some("1.10")) && !is_newer(Some("latest"), Some("1")) && !is_newer(None, None)
    );
}

fn entry_of() -> impl Strategy<Value = RegistryEntry> {
    let name = prop_oneof![
        Just("com.hubspot/mcp"),
        Just("com.6sense/mcp"),
        Just("com.notion/mcp"),
        Just("io.github.x/notion"),
        Just("com.notion/other"),
        Just("ai.notion/mcp"),
        Just("com.monday/monday.com"),
        Just("com.adobe/marketo")
    ];
    let url = prop_oneof![
        Just("https://mcp.notion.com/v2"),
        Just("https://api.6sense.com/x"),
        Just("http://localhost/sse")
    ];
    (name, url, 0_i8..3).prop_map(|(name, url, day)| {
        let mut entry = registered(name, &remote(url));
        entry.updated = Some(Date::constant(2026, 11, 10 + day));
        entry
    })
}

proptest! {
    #[test]
    fn a_refresh_is_settled_at_once_weakens_nothing_and_does_not_mind_the_order(entries in proptest::collection::vec(entry_of(), 0..6)) {
        let done = refresh(catalog(), &entries, today());
        let again = refresh(&done.catalog, &entries, today());
        prop_assert!(again.changed.is_empty(), "{:?}", again.changed);
        prop_assert_eq!(&again.catalog, &done.catalog);
        let mut turned = entries.clone();
        turned.reverse();
        let mut other = refresh(catalog(), &turned, today());
        other.changed.sort_by(|a, b| (&a.platform, a.field).cmp(&(&b.platform, b.field)));
        let mut changed = done.changed.clone();
        changed.sort_by(|a, b| (&a.platform, a.field).cmp(&(&b.platform, b.field)));
        prop_assert_eq!(other.changed, changed);
        for (before, after) in catalog().platforms().iter().zip(done.catalog.platforms()) {
            prop_assert!(after.mcp.basis.strength() >= before.mcp.basis.strength());
            prop_assert!(after.mcp.status <= before.mcp.status);
            prop_assert!(after.mcp.sources.len() >= before.mcp.sources.len());
        }
    }
}
