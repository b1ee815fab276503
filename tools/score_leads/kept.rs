//! Models in the store.

use crate::{Context, ErrorKind, ToolError};
use revarch_domain::{leads::document::Document, nearest::nearest};
use revarch_store::ModelRecord;

/// Letters of a model's fingerprint that name it.
const LETTERS: usize = 12;
/// Models that are offered where one is not found.
const OFFERED: u32 = 20;

/// Keeps a model; its id.
pub(super) async fn keep(document: &Document, context: &Context) -> Result<String, ToolError> {
    let record = record(document, context.now)?;
    context.store.save_model(&record).await?;
    Ok(record.id)
}

/// A model as it is kept. Its name follows from its content, so that the same model has the same name everywhere.
pub fn record(document: &Document, made_at: jiff::Timestamp) -> Result<ModelRecord, ToolError> {
    let text = document.to_json().map_err(|error| {
        ToolError::new(ErrorKind::Internal, format!("cannot write the model as a document: {error}"))
    })?;
    let id = document.fingerprint().chars().take(LETTERS).collect();
    Ok(ModelRecord { id, made_at, subject: document.origin.table.clone(), document: text })
}

/// Reads a model that was kept.
pub(super) async fn load(id: &str, context: &Context) -> Result<Document, ToolError> {
    let Some(record) = context.store.model(id).await? else {
        let kept = context.store.models(OFFERED).await?;
        let ids: Vec<&str> = kept.iter().map(|model| model.id.as_str()).collect();
        let failure = ToolError::input(format!("there is no model `{id}`"));
        return Err(match (nearest(id, ids.iter().copied()).first(), ids.is_empty()) {
            (Some(near), _) => failure.hint(format!("did you mean `{near}`?")),
            (None, false) => failure.hint(format!("models are: {}", ids.join(", "))),
            (None, true) => failure.hint(
                "no model is kept yet: call score_leads without `model`, and start revarch with --store FILE to keep it",
            ),
        });
    };
    Document::parse(&record.document).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        ToolError::new(ErrorKind::Data, format!("cannot use model `{id}`: {error}{cause}"))
            .hint("train it anew, or import it again")
    })
}
