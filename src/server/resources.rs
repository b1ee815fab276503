//! Reviews as resources: `revarch://reviews/{id}` is the JSON, `revarch://reviews/{id}.md` the report.

use crate::incident;
use revarch_store::{Store, StoreError};
use rmcp::{
    ErrorData,
    model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate},
};
use serde_json::json;

const PREFIX: &str = "revarch://reviews/";
const REPORT: &str = ".md";
const JSON_TEMPLATE: &str = "revarch://reviews/{id}";
const REPORT_TEMPLATE: &str = "revarch://reviews/{id}.md";
const JSON_TYPE: &str = "application/json";
const REPORT_TYPE: &str = "text/markdown";

/// The newest reviews that are listed; older ones are read by their id.
const LISTED: u32 = 50;

/// The newest reviews, each as JSON and as a report.
pub(crate) async fn list(store: &Store) -> Result<Vec<Resource>, ErrorData> {
    let reviews = store.reviews(LISTED).await.map_err(|error| broken(&error))?;
    let resources = reviews.iter().flat_map(|review| {
        let uri = format!("{PREFIX}{}", review.id);
        let about = format!("Review of {} on {}", review.subject, review.made_at.strftime("%Y-%m-%d"));
        [
            Resource::new(format!("{uri}{REPORT}"), format!("{}{REPORT}", review.id))
                .with_title(format!("{about}: report"))
                .with_mime_type(REPORT_TYPE)
                .with_size(review.markdown.len() as u64),
            Resource::new(uri, review.id.clone())
                .with_title(format!("{about}: data"))
                .with_mime_type(JSON_TYPE),
        ]
    });
    Ok(resources.collect())
}

/// How the address of a review is made.
pub(crate) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(REPORT_TEMPLATE, "review_report")
            .with_title("A review's report")
            .with_description("The report of one review, for people to read.")
            .with_mime_type(REPORT_TYPE),
        ResourceTemplate::new(JSON_TEMPLATE, "review")
            .with_title("A review")
            .with_description("The whole result of one review, as `review_architecture` gave it.")
            .with_mime_type(JSON_TYPE),
    ]
}

/// Reads a review.
pub(crate) async fn read(store: &Store, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let Some(name) = uri.strip_prefix(PREFIX) else {
        let reason =
            format!("there is no resource `{uri}`; resources are `{JSON_TEMPLATE}` and `{REPORT_TEMPLATE}`");
        return Err(not_found(uri, reason));
    };
    let (id, is_report) = match name.strip_suffix(REPORT) {
        Some(id) => (id, true),
        None => (name, false),
    };
    let Some(review) = store.review(id).await.map_err(|error| broken(&error))? else {
        let reason = format!("there is no review `{id}`; resources/list names those that are kept");
        return Err(not_found(uri, reason));
    };
    let (text, kind) = if is_report {
        (review.markdown, REPORT_TYPE)
    } else {
        let text = serde_json::to_string_pretty(&review.json);
        (text.map_err(|error| incident::report("writing a review", error))?, JSON_TYPE)
    };
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(kind)]))
}

/// What the `argument` of a template can be.
pub(crate) async fn values(template: &str, argument: &str, store: &Store) -> Result<Vec<String>, ErrorData> {
    match (template, argument) {
        (JSON_TEMPLATE | REPORT_TEMPLATE, "id") => ids(store).await,
        (JSON_TEMPLATE | REPORT_TEMPLATE, _) => Err(ErrorData::invalid_params(
            format!("`{template}` has no argument `{argument}`; its argument is `id`"),
            None,
        )),
        _ => Err(ErrorData::invalid_params(format!("there is no resource template `{template}`"), None)),
    }
}

/// The ids of the newest reviews.
pub(crate) async fn ids(store: &Store) -> Result<Vec<String>, ErrorData> {
    let reviews = store.reviews(LISTED).await.map_err(|error| broken(&error))?;
    Ok(reviews.into_iter().map(|review| review.id).collect())
}

/// The address goes along, so that a program need not read the message for it.
fn not_found(uri: &str, reason: String) -> ErrorData {
    ErrorData::resource_not_found(reason, Some(json!({ "uri": uri })))
}

fn broken(error: &StoreError) -> ErrorData {
    incident::report("reading the store", format_args!("{error}: {:?}", std::error::Error::source(error)))
}

#[cfg(test)]
mod tests {
    use super::{ids, list, read, values};
    use revarch_store::{ReviewRecord, Store};
    use rmcp::model::{ErrorCode, ResourceContents};
    use serde_json::{Value, json};

    async fn kept() -> Store {
        let store = Store::in_memory().await.unwrap();
        let review = ReviewRecord {
            id: "r-1".to_owned(),
            made_at: "2026-11-22T09:00:00Z".parse().unwrap(),
            subject: "acme".to_owned(),
            json: json!({"stage": 2}),
            markdown: "# Stage 2".to_owned(),
        };
        store.save_review(&review).await.unwrap();
        store
    }

    async fn text(store: &Store, uri: &str) -> (String, String) {
        match read(store, uri).await.unwrap().contents.remove(0) {
            ResourceContents::TextResourceContents { mime_type, text, .. } => (mime_type.unwrap(), text),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_review_is_read_as_data_and_as_a_report() {
        let store = kept().await;
        let (kind, body) = text(&store, "revarch://reviews/r-1").await;
        assert_eq!(kind, "application/json");
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), json!({"stage": 2}));
        let report = text(&store, "revarch://reviews/r-1.md").await;
        assert_eq!(report, ("text/markdown".to_owned(), "# Stage 2".to_owned()));
    }

    #[tokio::test]
    async fn every_listed_review_can_be_read() {
        let store = kept().await;
        let listed = list(&store).await.unwrap();
        assert_eq!(listed.len(), 2);
        for resource in listed {
            let (kind, _) = text(&store, &resource.uri).await;
            assert_eq!(Some(kind), resource.mime_type);
        }
    }

    #[tokio::test]
    async fn what_is_not_kept_is_not_found() {
        let store = kept().await;
        for uri in ["revarch://reviews/r-2", "revarch://reviews/", "file:///etc/passwd", "r-1"] {
            let error = read(&store, uri).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::RESOURCE_NOT_FOUND, "{uri}");
            assert_eq!(error.data, Some(json!({ "uri": uri })));
        }
    }

    #[tokio::test]
    async fn ids_complete_the_templates() {
        let store = kept().await;
        assert_eq!(values("revarch://reviews/{id}", "id", &store).await.unwrap(), ids(&store).await.unwrap());
        assert!(values("revarch://reviews/{id}", "name", &store).await.is_err());
        assert!(values("revarch://other/{id}", "id", &store).await.is_err());
    }
}
