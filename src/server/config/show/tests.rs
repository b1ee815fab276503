//! What is shown, where it comes from, and what is not shown.

use super::{Format, Whole};
use crate::cli::Options;
use serde_json::{Value, json};
use std::fs;

fn shown(text: &str, options: Options) -> Whole {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    fs::write(&file, text).unwrap();
    Whole::of(&Options { config: Some(file), ..options }).map_err(|failure| failure.text()).unwrap()
}

/// Names and values, without where they come from.
fn values(whole: &Whole) -> Vec<(Value, Value)> {
    let told = |shown| serde_json::to_value(shown).unwrap();
    whole.values.iter().map(|shown| (told(shown)["name"].clone(), shown.value.clone())).collect()
}

#[track_caller]
fn check(whole: &Whole, name: &str, value: &Value, from: &str) {
    let values = serde_json::to_value(&whole.values).unwrap();
    let found = values.as_array().unwrap().iter().find(|shown| shown["name"] == name);
    let found = found.unwrap_or_else(|| panic!("{name} is not in {values:#}"));
    assert_eq!((&found["value"], &found["from"]), (value, &json!(from)), "{name}");
}

#[test]
fn each_value_tells_where_it_comes_from() {
    let text = "seed = 7\ndata = [\"here\"]\n[limits]\nburst = 9\n[mcp_servers.crm]\nurl = \"https://crm.example\"\n";
    let options = Options {
        data: vec!["there".into()],
        store: Some("kept.db".into()),
        memory: Some(128 << 20),
        ..Options::default()
    };
    let whole = shown(text, options);
    check(&whole, "seed", &json!(7), "file");
    check(&whole, "data", &json!(["here", "there"]), "file_and_flag");
    check(&whole, "store", &json!("kept.db"), "flag");
    check(&whole, "memory", &json!("134217728B"), "flag");
    check(&whole, "limits.burst", &json!(9), "file");
    check(&whole, "limits.call_seconds", &json!(600), "default");
    check(&whole, "toolsets", &json!(["data", "assess", "leads", "revenue", "plan"]), "default");
    check(&whole, "http.tls", &Value::Null, "default");
    check(&whole, "mcp_servers.crm.url", &json!("https://crm.example"), "file");
    check(&whole, "mcp_servers.crm.allow_private", &json!(false), "default");
}

#[test]
fn every_limit_is_shown_with_a_value() {
    let whole = shown("", Options::default());
    let limits: Vec<_> = whole.values.iter().filter(|shown| shown.table() == ["limits"]).collect();
    assert!(limits.len() >= 15, "{limits:?}");
    for limit in limits {
        assert!(limit.value.is_u64() || limit.value.is_boolean(), "{limit:?}");
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    let text = "seed = 3\n[tables.\"a b\"]\nentity = \"contact\"\ncolumns = { \"E-Mail\" = \"email\" }\n\
                [http.tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n";
    let once = shown(text, Options::default());
    let again = shown(&once.toml().map_err(|failure| failure.text()).unwrap(), Options::default());
    assert_eq!(values(&again), values(&once));
}

#[test]
fn secrets_are_not_shown() {
    let text = "data = [\"postgres://ann:hunter2@db.example/crm\"]\n[mcp_servers.crm]\ncommand = \"npx\"\n\
                args = [\"--token\", \"hunter2\"]\n[mcp_servers.web]\nurl = \"https://u:hunter2@crm.example/x?key=hunter2\"\n";
    let whole = shown(text, Options::default());
    for format in [Format::Toml, Format::Json] {
        let text = match format {
            Format::Toml => whole.toml().map_err(|failure| failure.text()).unwrap(),
            Format::Json => serde_json::to_string(&whole).unwrap(),
        };
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("db.example") && text.contains("crm.example/x"), "{text}");
    }
}
