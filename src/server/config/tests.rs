//! The configuration as people write it, well and badly.

use super::{Config, explain};
use proptest::prelude::*;
use std::path::Path;

#[test]
fn an_unknown_name_is_told_with_its_line_and_the_nearest_name() {
    let error = toml::from_str::<Config>("seed = 3\n[http]\nallowed_host = []\n").unwrap_err();
    let text = explain(&error);
    assert!(text.contains("line 3") && text.contains("did you mean `allowed_hosts`?"), "{text}");
}

#[test]
fn an_unknown_toolset_is_told_with_the_nearest() {
    let error = toml::from_str::<Config>("toolsets = [\"knowlege\"]").unwrap_err();
    assert!(explain(&error).contains("did you mean `knowledge`?"), "{}", explain(&error));
}

#[test]
fn a_wrong_type_is_told_with_its_line_and_no_guess() {
    let error = toml::from_str::<Config>("data = \"here\"").unwrap_err();
    let text = explain(&error);
    assert!(text.contains("line 1") && !text.contains("hint"), "{text}");
}

/// Text made of what configurations are made of, in any order.
fn nasty() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("data = ["),
        Just("\"exports\""),
        Just("]"),
        Just("[tables.\"a b\"]"),
        Just("entity = \"contact\""),
        Just("entity = \"none\""),
        Just("columns = { x = \"id\" }"),
        Just("[mcp_servers.crm]"),
        Just("command = \"npx\""),
        Just("url = \"https://x.example\""),
        Just("memory = \"-1GB\""),
        Just("memory = 7"),
        Just("toolsets = [\"data\", \"none\"]"),
        Just("[http]"),
        Just("[mcp_clients]"),
        Just("files = [\"a.json\"]"),
        Just("allow = [\"crm\"]"),
        Just("[registry]"),
        Just("[catalog]"),
        Just("own = \"own.toml\""),
        Just("workflows = \"ours.json\""),
        Just("[tenants.acme]"),
        Just("[audit]"),
        Just("file = \"audit.jsonl\""),
        Just("sync = \"each\""),
        Just("[lenses]"),
        Just("="),
        Just("\"\"\""),
        Just("\u{0}\u{feff}é"),
        Just("seed = 99999999999999999999"),
    ];
    (proptest::collection::vec((part, any::<bool>()), 0..12), ".{0,20}").prop_map(|(parts, rest)| {
        let lines = parts.into_iter().map(|(part, ends)| format!("{part}{}", if ends { "\n" } else { " " }));
        lines.collect::<String>() + &rest
    })
}

proptest! {
    /// Whatever stands in the file is understood or refused with a reason.
    #[test]
    fn any_text_is_understood_or_refused(text in nasty()) {
        if let Err(error) = toml::from_str::<Config>(&text) {
            prop_assert!(!explain(&error).is_empty());
        }
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let text = r#"
        data = ["in", "/abs"]
        store = "kept.db"
        output = "out"
        workflows = "ours.json"
        [http.tls]
        certificate = "tls/cert.pem"
        key = "/run/key.pem"
        [lenses]
        points = "points.json"
        maturity = ["ours.json"]
        [mcp_clients]
        files = [".mcp.json"]
        [registry]
        ca_file = "ca.pem"
        [catalog]
        own = "own.toml"
        registry_copy = "/var/registry.json"
        [mcp_servers.crm]
        url = "https://crm.example"
        ca_file = "crm.pem"
        [audit]
        file = "audit.jsonl"
        [tenants.acme]
        data = ["acme"]
        output = "of_acme"
        workflows = "acme.json"
        lenses = { points = "acme_points.json" }
        mcp_clients = { files = ["acme_mcp.json"] }
        mcp_servers.crm = { url = "https://crm.example", ca_file = "acme.pem" }
    "#;
    let config = toml::from_str::<Config>(text).unwrap().relative_to(Path::new("conf"));
    assert_eq!(config.workflows.as_deref(), Some(Path::new("conf/ours.json")));
    assert_eq!(config.mcp_clients.files, [Path::new("conf/.mcp.json")]);
    assert_eq!(config.registry.ca_file.as_deref(), Some(Path::new("conf/ca.pem")));
    assert_eq!(config.catalog.own.as_deref(), Some(Path::new("conf/own.toml")));
    assert_eq!(config.catalog.registry_copy.as_deref(), Some(Path::new("/var/registry.json")));
    assert_eq!(config.mcp_servers["crm"].ca_file.as_deref(), Some(Path::new("conf/crm.pem")));
    let tls = config.http.tls.unwrap();
    assert_eq!(
        (tls.certificate.as_path(), tls.key.as_path()),
        (Path::new("conf/tls/cert.pem"), Path::new("/run/key.pem"))
    );
    assert_eq!(config.data, [Path::new("conf/in"), Path::new("/abs")]);
    assert_eq!(config.store.as_deref(), Some(Path::new("conf/kept.db")));
    assert_eq!(config.output.as_deref(), Some(Path::new("conf/out")));
    assert_eq!(config.lenses.points.as_deref(), Some(Path::new("conf/points.json")));
    assert_eq!(config.lenses.maturity, [Path::new("conf/ours.json")]);
    assert_eq!(config.audit.unwrap().file, Path::new("conf/audit.jsonl"));
    let acme = &config.tenants["acme"];
    assert_eq!(acme.data, [Path::new("conf/acme")]);
    assert_eq!(acme.output.as_deref(), Some(Path::new("conf/of_acme")));
    assert_eq!(acme.workflows.as_deref(), Some(Path::new("conf/acme.json")));
    assert_eq!(acme.lenses.points.as_deref(), Some(Path::new("conf/acme_points.json")));
    assert_eq!(acme.mcp_clients.files, [Path::new("conf/acme_mcp.json")]);
    assert_eq!(acme.mcp_servers["crm"].ca_file.as_deref(), Some(Path::new("conf/acme.pem")));
}
