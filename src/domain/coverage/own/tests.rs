use super::*;
use crate::coverage::catalog::{Basis, Catalog, Platform};
use proptest::prelude::*;
use std::error::Error as _;

const OWN: &str = r#"{
  "platforms": [
    {
      "id": "salesforce",
      "source": "our administrator",
      "date": "2026-11-02",
      "aliases": ["Big Blue"],
      "mcp": { "status": "official_beta", "endpoint": "https://{sub}.sf.example/mcp", "operations": ["deal.search", "deal.update"] }
    },
    {
      "id": "acme-quotes",
      "name": "Acme Quotes",
      "vendor": "Acme",
      "category": "crm",
      "source": "built here",
      "date": "2026-10-15",
      "mcp": { "status": "none_found" }
    }
  ]
}"#;

#[test]
fn what_is_said_replaces_and_what_is_not_said_stays() {
    let merged = catalog().with_own(&parse(OWN).unwrap());
    assert_eq!(merged.platforms().len(), catalog().platforms().len() + 1);
    let before = catalog().platform("salesforce").unwrap();
    let after = merged.platform("salesforce").unwrap();
    assert_eq!((after.mcp.status, after.mcp.basis), (Status::OfficialBeta, Basis::Operator));
    assert_eq!(after.mcp.auth, before.mcp.auth);
    assert_eq!(after.mcp.operations().len(), 2);
    assert_eq!(after.mcp.sources.len(), before.mcp.sources.len() + 1);
    let fields: Vec<(&str, Option<&str>)> =
        after.mcp.changes.iter().map(|change| (change.field, change.was.as_deref())).collect();
    assert!(fields.contains(&("status", Some("official_ga"))), "{fields:?}");
    assert!(fields.contains(&("alias", None)));
    let acme = merged.platform("acme-quotes").unwrap();
    assert_eq!((acme.mcp.status, acme.category().unwrap().slug.as_str()), (Status::NoneFound, "crm"));
    let others = |catalog: &Catalog| -> Vec<Platform> {
        let all = catalog.platforms().iter();
        all.filter(|platform| !["salesforce", "acme-quotes"].contains(&platform.id.as_str()))
            .cloned()
            .collect()
    };
    assert_eq!(others(&merged), others(catalog()));
    let again = merged.with_own(&parse(OWN).unwrap());
    assert_eq!(again, merged, "the same file twice changes nothing");
}

#[test]
fn errors_name_field_line_and_reason() {
    let wrong = |from: &str, to: &str| {
        let text = OWN.replacen(from, to, 1);
        assert_ne!(text, OWN, "{from}");
        let error = parse(&text).unwrap_err();
        format!("{error}: {}", error.source().unwrap())
    };
    for (from, to, field, said) in [
        ("official_beta", "beta", "platforms[0].mcp.status", "unknown variant `beta`"),
        ("deal.update", "deal.updat", "platforms[0].mcp.operations", "did you mean `update`"),
        ("\"crm\"", "\"crms\"", "platforms[1].category", "no category `crms`; did you mean `crm`"),
        ("2026-11-02", "2nd of November", "platforms[0].date", "line 6"),
        ("our administrator", "", "platforms[0].source", "it is empty at line 5"),
        ("https://{sub}", "http://{sub}", "platforms[0].mcp.endpoint", "https:// at line 8"),
        ("sf.example/mcp", "sf.example/mcp?key=1", "platforms[0].mcp.endpoint", "no key may stand in it"),
        ("acme-quotes", "Acme Quotes!", "platforms", "no key in lower case with hyphens"),
        ("acme-quotes", "salesforce", "platforms", "stands twice"),
        ("\"vendor\": \"Acme\",", "", "platforms", "`acme-quotes` is new to the catalog and lacks vendor"),
        (
            "Acme Quotes",
            "Pardot",
            "platforms",
            "`Pardot` of `acme-quotes` is a name of `salesforce-account-engagement` already",
        ),
        ("Big Blue", "Marketo", "platforms", "is a name of `marketo` already"),
        ("Acme Quotes", "Big Blue", "platforms", "is a name of `salesforce` already"),
        ("\"aliases\"", "\"alias\"", "platforms[0]", "unknown field `alias`"),
    ] {
        let found = wrong(from, to);
        assert!(found.contains(said) && found.contains(field), "{to}: {found}");
    }
    assert!(parse("[]").is_err() && parse("").is_err() && parse("{}").is_err());
}

proptest! {
    #[test]
    fn any_text_is_understood_or_refused(text in ".{0,120}") {
        if let Err(error) = parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
