//! What became of things, as resources: `revarch://reviews` lists the reviews, `revarch://reviews/{id}/changes` tells what
//! changed since the one before, `revarch://trend` how the numbers went.

use crate::{
    incident,
    resources::{broken, not_found},
};
use revarch_store::Store;
use revarch_tools::review_architecture::{changes_of, history, trends};
use rmcp::{
    ErrorData,
    model::{Resource, ResourceTemplate},
};
use serde::Serialize;

const REVIEWS: &str = "revarch://reviews";
const TREND: &str = "revarch://trend";
const CHANGES: &str = "/changes";
pub(crate) const CHANGES_TEMPLATE: &str = "revarch://reviews/{id}/changes";
const JSON_TYPE: &str = "application/json";

/// The newest reviews that are looked at.
const LOOKED_AT: u32 = 200;

/// The lists that are always there.
pub(crate) fn list() -> Vec<Resource> {
    vec![
        Resource::new(REVIEWS, "reviews")
            .with_title("All reviews")
            .with_description("The reviews that are kept, the newest first, with verdict and areas.")
            .with_mime_type(JSON_TYPE),
        Resource::new(TREND, "trend")
            .with_title("Trend")
            .with_description(
                "How verdict, measures and maturity of each subject went from review to review, and where two points \
                 cannot be compared.",
            )
            .with_mime_type(JSON_TYPE),
    ]
}

/// How the address of a comparison is made.
pub(crate) fn template() -> ResourceTemplate {
    ResourceTemplate::new(CHANGES_TEMPLATE, "review_changes")
        .with_title("What changed since the review before")
        .with_description(
            "Every finding and number of a review beside the one that it was compared with: new, gone, better, worse, \
             unchanged, or not comparable and why.",
        )
        .with_mime_type(JSON_TYPE)
}

/// Whether the next review, or one that is deleted, changes what stands at this address.
pub(crate) fn goes_on(uri: &str) -> bool {
    matches!(uri, REVIEWS | TREND) || uri.ends_with(CHANGES)
}

/// Whether a review, or what reviews show together, stands at this address.
pub(crate) fn is_of_reviews(uri: &str) -> bool {
    uri == TREND || uri.starts_with(REVIEWS)
}

/// Reads one of these; nothing where the address is another's.
pub(crate) async fn read(store: &Store, uri: &str) -> Result<Option<String>, ErrorData> {
    let reviews = async || store.reviews(LOOKED_AT).await.map_err(|error| broken(&error));
    match uri {
        REVIEWS => written(&history(&reviews().await?)).map(Some),
        TREND => written(&trends(&reviews().await?)).map(Some),
        _ => {
            let id = uri.strip_prefix(REVIEWS).and_then(|rest| rest.strip_prefix('/'));
            match id.and_then(|rest| rest.strip_suffix(CHANGES)) {
                Some(id) => changes(store, uri, id).await.map(Some),
                None => Ok(None),
            }
        }
    }
}

async fn changes(store: &Store, uri: &str, id: &str) -> Result<String, ErrorData> {
    let Some(review) = store.review(id).await.map_err(|error| broken(&error))? else {
        return Err(not_found(
            uri,
            format!("there is no review `{id}`; {REVIEWS} lists those that are kept"),
        ));
    };
    match changes_of(&review, store).await.map_err(|error| broken(&error))? {
        Some(changes) => written(&changes),
        None => Err(not_found(
            uri,
            format!(
                "review `{id}` is compared with none: no earlier one of its subject is kept that it could be"
            ),
        )),
    }
}

fn written(value: &impl Serialize) -> Result<String, ErrorData> {
    serde_json::to_string_pretty(value).map_err(|error| incident::report("writing the history", error))
}
