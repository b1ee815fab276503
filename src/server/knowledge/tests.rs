//! Everything listed can be read, and every name completes its template.

use super::{list, pages::FOLDERS, read, templates, values};
use rmcp::model::{ErrorCode, ResourceContents};
use serde_json::{Value, json};

fn text(uri: &str) -> (String, String) {
    match read(uri).unwrap_or_else(|| panic!("{uri} is not known")).unwrap().contents.remove(0) {
        ResourceContents::TextResourceContents { mime_type, text, .. } => (mime_type.unwrap(), text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_listed_can_be_read_as_what_it_says() {
    for resource in list() {
        let (kind, body) = text(&resource.uri);
        assert_eq!(Some(&kind), resource.mime_type.as_ref(), "{}", resource.uri);
        let is_data = serde_json::from_str::<Value>(&body).is_ok();
        assert_eq!(is_data, kind == "application/json", "{}", resource.uri);
        assert!(is_data || body.starts_with("# "), "{body}");
    }
}

#[test]
fn every_template_reads_every_name_that_completes_it() {
    for template in templates() {
        let argument = if template.uri_template.contains("{id}") { "id" } else { "name" };
        let names = values(&template.uri_template, argument).unwrap().unwrap();
        assert!(names.len() >= 7, "{}", template.uri_template);
        for name in names {
            let uri = template.uri_template.replace(&format!("{{{argument}}}"), &name);
            assert_eq!(Some(text(&uri).0), template.mime_type);
        }
    }
    assert_eq!(templates().len(), 2 * FOLDERS.len());
    assert!(values("revarch://tables/{name}", "id").unwrap().is_err());
    assert!(values("revarch://reviews/{id}", "id").is_none());
}

#[test]
fn a_table_is_numbers_with_a_source_and_its_contradictions() {
    let (_, body) = text("revarch://tables/budget_ranges");
    let page: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(page["table"]["rows"][0][1], json!({"low": 20.0, "high": 25.0}));
    assert_eq!((&page["provenance"], &page["from"]["id"]), (&json!("published"), &json!("guide")));
    assert!(page["contradictions"].as_array().unwrap().iter().any(|one| one["id"] == "c07"));
}

#[test]
fn an_unknown_name_is_not_found_and_told_the_nearest() {
    let error = read("revarch://lenses/rm7").unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::RESOURCE_NOT_FOUND);
    assert!(error.message.contains("did you mean rm6?"), "{}", error.message);
    for elsewhere in ["revarch://reviews/r-1", "revarch://other", "file:///etc/passwd"] {
        assert!(read(elsewhere).is_none(), "{elsewhere}");
    }
}
