//! What tables looked like when they were last reviewed.

use crate::{Context, ToolError};
use revarch_domain::readiness::facts::Shape;
use serde_json::Value;

/// Where the stored JSON of a review keeps them.
pub(crate) const KEY: &str = "shapes";

/// Reviews looked at for one with tables.
const LOOKED_AT: u32 = 20;

/// The shapes in the newest review that has any; of a subject, or of all.
pub(crate) async fn earlier(context: &Context, subject: Option<&str>) -> Result<Vec<Shape>, ToolError> {
    let reviews = context.store.reviews(LOOKED_AT).await?;
    let mut of_subject = reviews.into_iter().filter(|review| {
        review.made_at < context.now && subject.is_none_or(|subject| review.subject == subject)
    });
    Ok(of_subject.find_map(|review| shapes(&review.json)).unwrap_or_default())
}

fn shapes(json: &Value) -> Option<Vec<Shape>> {
    let shapes: Vec<Shape> = serde_json::from_value(json.get(KEY)?.clone()).ok()?;
    (!shapes.is_empty()).then_some(shapes)
}
