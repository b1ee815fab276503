//! The earlier review that a new one is compared with.

use super::{SNAPSHOT, changes::Changes};
use crate::{Context, ErrorKind, ToolError, wire::one_line};
use revarch_domain::{
    nearest::nearest,
    review::{Snapshot, compare},
};
use revarch_store::{ReviewRecord, Store, StoreError};

/// Reviews whose ids are offered where one is not found.
const OFFERED: u32 = 50;

/// The earlier review, as far as it can be compared with.
pub(super) struct Earlier(Option<(ReviewRecord, Option<Snapshot>)>);

impl Earlier {
    /// The review that was asked for, or else the last one of the subject.
    pub(super) async fn find(id: Option<&str>, subject: &str, context: &Context) -> Result<Self, ToolError> {
        let store = &context.store;
        let Some(id) = id else {
            let last = store.latest_before(subject, context.now).await?;
            return Ok(Self(last.map(|record| {
                let snapshot = snapshot(&record);
                (record, snapshot)
            })));
        };
        let Some(record) = store.review(id).await? else { return Err(unknown(id, store).await?) };
        let Some(snapshot) = snapshot(&record) else {
            let message = format!("review `{}` does not hold what a comparison needs", record.id);
            return Err(ToolError::new(ErrorKind::Data, message)
                .hint("leave `compare_with` out, and later reviews are compared with this one"));
        };
        Ok(Self(Some((record, Some(snapshot)))))
    }

    pub(super) fn record(&self) -> Option<&ReviewRecord> {
        self.0.as_ref().map(|(record, _)| record)
    }

    pub(super) fn snapshot(&self) -> Option<&Snapshot> {
        self.0.as_ref()?.1.as_ref()
    }

    /// Why there is nothing to compare with though there is an earlier review.
    pub(super) fn trouble(&self) -> Option<String> {
        let (record, snapshot) = self.0.as_ref()?;
        let told = format!("review {} of the same subject does not hold what a comparison needs", record.id);
        snapshot.is_none().then_some(told)
    }
}

/// What was kept of a review to be compared with.
pub(super) fn snapshot(record: &ReviewRecord) -> Option<Snapshot> {
    serde_json::from_value(record.json.get(SNAPSHOT)?.clone()).ok()
}

/// Everything that changed between a review and the one that it was compared with, or the one before it; nothing where
/// there is none that it can be compared with.
pub async fn changes_of(review: &ReviewRecord, store: &Store) -> Result<Option<Changes>, StoreError> {
    let named = review.json.pointer("/changes/with").and_then(|id| id.as_str());
    let earlier = match named {
        Some(id) => store.review(id).await?,
        None => None,
    };
    let earlier = match earlier {
        Some(earlier) => Some(earlier),
        None => store.latest_before(&review.subject, review.made_at).await?,
    };
    let compared = earlier.and_then(|earlier| {
        let changes = compare(&snapshot(&earlier)?, &snapshot(review)?);
        Some(Changes::of(changes, &earlier, true))
    });
    Ok(compared)
}

async fn unknown(id: &str, store: &Store) -> Result<ToolError, ToolError> {
    let kept = store.reviews(OFFERED).await?;
    let near =
        nearest(id, kept.iter().map(|review| review.id.as_str())).first().map(|near| (*near).to_owned());
    let error = ToolError::input(format!("there is no review `{}` to compare with", one_line(id, 80)));
    Ok(match (near, kept.first()) {
        (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
        (None, Some(newest)) => {
            error.hint(format!("the newest is `{}`; revarch://reviews lists them", newest.id))
        }
        (None, None) => error.hint("no review is kept yet: start revarch with --store FILE to keep them"),
    })
}
