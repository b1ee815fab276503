//! Earlier reviews, for tools that go on from what one has found.

use crate::{Context, ErrorKind, ToolError, wire};
use revarch_store::{ReviewRecord, StoreError};

/// Reviews looked at for one that can be used.
const LOOKED_AT: u32 = 20;

/// The review of that id, or the newest ones of any subject, newest first.
pub(crate) async fn find(id: Option<&str>, context: &Context) -> Result<Vec<ReviewRecord>, ToolError> {
    match id {
        None => context.store.reviews(LOOKED_AT).await.map_err(|error| unread(&error)),
        Some(id) => match context.store.review(id).await.map_err(|error| unread(&error))? {
            Some(review) => Ok(vec![review]),
            None => Err(ToolError::input(format!("there is no review `{}`", wire::one_line(id, 80)))
                .hint("leave `review_id` out for the newest, or call review_architecture to make one")),
        },
    }
}

/// A review as results name it.
pub(crate) fn name(review: &ReviewRecord) -> String {
    let day = &review.made_at.to_string()[..10];
    format!("review {} of {}, {day}", review.id, wire::one_line(&review.subject, 120))
}

fn unread(error: &StoreError) -> ToolError {
    tracing::error!(%error, "the store failed");
    ToolError::new(ErrorKind::Internal, format!("cannot look at earlier reviews: {error}"))
}
