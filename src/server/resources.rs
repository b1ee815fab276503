//! Reviews and models as resources: `revarch://reviews/{id}` is a review's JSON, `revarch://reviews/{id}.md` its
//! report; `revarch://models/{id}` is a model's card, `revarch://models/{id}.json` the whole model, to carry. What
//! the frameworks say stands beside them: see [`knowledge`].

use crate::{history, incident, knowledge};
use revarch_domain::leads::document::Document;
use revarch_store::{ModelRecord, Store, StoreError};
use revarch_tools::Toolset;
use rmcp::{
    ErrorData,
    model::{ReadResourceResult, ResourceContents, ResourceTemplate},
};
use serde_json::json;

pub(crate) const PREFIX: &str = "revarch://reviews/";
pub(crate) const REPORT: &str = ".md";
const JSON_TEMPLATE: &str = "revarch://reviews/{id}";
const REPORT_TEMPLATE: &str = "revarch://reviews/{id}.md";
pub(crate) const MODELS: &str = "revarch://models/";
pub(crate) const WHOLE: &str = ".json";
const MODEL_TEMPLATE: &str = "revarch://models/{id}";
const WHOLE_TEMPLATE: &str = "revarch://models/{id}.json";
pub(crate) const JSON_TYPE: &str = "application/json";
pub(crate) const REPORT_TYPE: &str = "text/markdown";

/// The newest reviews and models that complete an id.
const LISTED: u32 = 50;

/// How long a client may keep what it read, in milliseconds, and whether it is the same for everybody.
pub(crate) fn lasts(uri: &str) -> (u64, bool) {
    const HOUR: u64 = 60 * 60 * 1000;
    if history::goes_on(uri) {
        (0, false)
    } else if uri.starts_with(PREFIX) || uri.starts_with(MODELS) {
        // What a review is stays, but it may be deleted.
        (HOUR / 60, false)
    } else {
        (HOUR, true)
    }
}

/// Whose tools keep what stands at an address. What everybody may know has no toolset.
pub(crate) fn toolset(uri: &str) -> Option<Toolset> {
    if uri.starts_with(MODELS) {
        Some(Toolset::Leads)
    } else {
        history::is_of_reviews(uri).then_some(Toolset::Assess)
    }
}

/// How the address of a review or model is made.
pub(crate) fn templates() -> Vec<ResourceTemplate> {
    let kept = [
        history::template(),
        ResourceTemplate::new(REPORT_TEMPLATE, "review_report")
            .with_title("A review's report")
            .with_description("The report of one review, for people to read.")
            .with_mime_type(REPORT_TYPE),
        ResourceTemplate::new(JSON_TEMPLATE, "review")
            .with_title("A review")
            .with_description("The whole result of one review, as `review_architecture` gave it.")
            .with_mime_type(JSON_TYPE),
        ResourceTemplate::new(MODEL_TEMPLATE, "model")
            .with_title("A lead score's card")
            .with_description("How a lead score came about and how good it was, as `score_leads` kept it.")
            .with_mime_type(JSON_TYPE),
        ResourceTemplate::new(WHOLE_TEMPLATE, "whole_model")
            .with_title("A lead score, whole")
            .with_description("A lead score as one portable file, which `revarch models import` reads.")
            .with_mime_type(JSON_TYPE),
    ];
    kept.into_iter().chain(knowledge::templates()).collect()
}

/// Reads a review, a model or a page of knowledge.
pub(crate) async fn read(store: &Store, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    if let Some(page) = knowledge::read(uri) {
        return page;
    }
    if let Some(text) = history::read(store, uri).await? {
        return Ok(ReadResourceResult::new(vec![
            ResourceContents::text(text, uri).with_mime_type(JSON_TYPE),
        ]));
    }
    if let Some(name) = uri.strip_prefix(MODELS) {
        return read_model(store, uri, name).await;
    }
    let Some(name) = uri.strip_prefix(PREFIX) else {
        let reason = format!(
            "there is no resource `{uri}`; resources are `{JSON_TEMPLATE}`, `{REPORT_TEMPLATE}`, `{MODEL_TEMPLATE}`, `{WHOLE_TEMPLATE}` and those that resources/list names"
        );
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

async fn read_model(store: &Store, uri: &str, name: &str) -> Result<ReadResourceResult, ErrorData> {
    let (id, is_whole) = match name.strip_suffix(WHOLE) {
        Some(id) => (id, true),
        None => (name, false),
    };
    let Some(model) = store.model(id).await.map_err(|error| broken(&error))? else {
        let reason = format!("there is no model `{id}`; resources/list names those that are kept");
        return Err(not_found(uri, reason));
    };
    let text = if is_whole { model.document } else { card(&model)? };
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(JSON_TYPE)]))
}

/// A model without its weights.
fn card(model: &ModelRecord) -> Result<String, ErrorData> {
    let broken = |error: &dyn std::fmt::Display| incident::report("reading a model", error);
    let document = Document::parse(&model.document).map_err(|error| broken(&error))?;
    let card = json!({
        "id": model.id,
        "kept_at": model.made_at.to_string(),
        "origin": document.origin,
        "learner": document.model.learner().name(),
        "card": document.card,
        "grades": document.bands,
    });
    serde_json::to_string_pretty(&card).map_err(|error| broken(&error))
}

/// What the `argument` of a template can be.
pub(crate) async fn values(template: &str, argument: &str, store: &Store) -> Result<Vec<String>, ErrorData> {
    if let Some(values) = knowledge::values(template, argument) {
        return values;
    }
    match (template, argument) {
        (JSON_TEMPLATE | REPORT_TEMPLATE | history::CHANGES_TEMPLATE, "id") => ids(store).await,
        (MODEL_TEMPLATE | WHOLE_TEMPLATE, "id") => model_ids(store).await,
        (
            JSON_TEMPLATE | REPORT_TEMPLATE | history::CHANGES_TEMPLATE | MODEL_TEMPLATE | WHOLE_TEMPLATE,
            _,
        ) => Err(ErrorData::invalid_params(
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

/// The ids of the newest models.
pub(crate) async fn model_ids(store: &Store) -> Result<Vec<String>, ErrorData> {
    let models = store.models(LISTED).await.map_err(|error| broken(&error))?;
    Ok(models.into_iter().map(|model| model.id).collect())
}

/// The address goes along, so that a program need not read the message for it.
pub(crate) fn not_found(uri: &str, reason: String) -> ErrorData {
    ErrorData::resource_not_found(reason, Some(json!({ "uri": uri })))
}

pub(crate) fn broken(error: &StoreError) -> ErrorData {
    incident::report("reading the store", format_args!("{error}: {:?}", std::error::Error::source(error)))
}

#[cfg(test)]
mod tests {
    use super::{ids, read, values};
    use crate::listing;
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
        let (listed, _) = listing::page(&store, None).await.unwrap();
        let is_review = |resource: &&rmcp::model::Resource| resource.uri.starts_with("revarch://reviews/");
        assert_eq!(listed.iter().filter(is_review).count(), 2);
        for resource in listed {
            let (kind, _) = text(&store, &resource.uri).await;
            assert_eq!(Some(kind), resource.mime_type);
        }
    }

    #[tokio::test]
    async fn what_is_not_kept_is_not_found() {
        let store = kept().await;
        for uri in [
            "revarch://reviews/r-2",
            "revarch://reviews/",
            "file:///etc/passwd",
            "r-1",
            "revarch://models/x",
            "revarch://models/x.json",
        ] {
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
