//! The pages of resources/list.
//!
//! # Design
//! A cursor names a place by what stands there (a time and an id), so that it means the same after a restart, in another
//! process, and while reviews come and go. It is no secret: all that it can be changed into is another place in the
//! same caller's own list.

use crate::{
    history, knowledge,
    resources::{JSON_TYPE, MODELS, PREFIX, REPORT, REPORT_TYPE, WHOLE, broken},
};
use jiff::Timestamp;
use revarch_store::{Behind, Head, Store};
use rmcp::{ErrorData, model::Resource};

/// The resources of a page. A review or model is two.
const PAGE: usize = 50;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Start,
    Reviews(Timestamp, String),
    Models(Option<(Timestamp, String)>),
    Pages(usize),
}

/// A page, and the cursor of the next one.
pub(crate) async fn page(
    store: &Store,
    cursor: Option<&str>,
) -> Result<(Vec<Resource>, Option<String>), ErrorData> {
    let mut place = match cursor {
        None => Place::Start,
        Some(cursor) => Place::read(cursor).ok_or_else(|| unknown(cursor))?,
    };
    let mut listed = if place == Place::Start { history::list() } else { Vec::new() };
    if matches!(place, Place::Start | Place::Reviews(..)) {
        let (room, behind) = (room(&listed), place.behind());
        let heads = store.review_heads(behind, limit(room)).await.map_err(|error| broken(&error))?;
        listed.extend(heads.iter().take(room).flat_map(review));
        if let Some(last) = last_before_more(&heads, room) {
            return Ok((listed, Some(Place::Reviews(last.made_at, last.id.clone()).written())));
        }
        place = Place::Models(None);
    }
    if matches!(place, Place::Models(_)) {
        let room = room(&listed);
        if room == 0 {
            return Ok((listed, Some(place.written())));
        }
        let heads = store.model_heads(place.behind(), limit(room)).await.map_err(|error| broken(&error))?;
        listed.extend(heads.iter().take(room).flat_map(model));
        if let Some(last) = last_before_more(&heads, room) {
            return Ok((listed, Some(Place::Models(Some((last.made_at, last.id.clone()))).written())));
        }
        place = Place::Pages(0);
    }
    let Place::Pages(begin) = place else { return Ok((listed, None)) };
    let pages = knowledge::list();
    let end = pages.len().min(begin + PAGE - listed.len());
    listed.extend(pages.get(begin..end).unwrap_or_default().iter().cloned());
    Ok((listed, (end < pages.len()).then(|| Place::Pages(end).written())))
}

/// How many reviews or models a page still has room for.
fn room(listed: &[Resource]) -> usize {
    (PAGE - listed.len()) / 2
}

/// One more than there is room for, to see whether there is more.
fn limit(room: usize) -> u32 {
    u32::try_from(room + 1).unwrap_or(u32::MAX)
}

fn last_before_more(heads: &[Head], room: usize) -> Option<&Head> {
    heads.get(room)?;
    heads.get(room.checked_sub(1)?)
}

impl Place {
    fn behind(&self) -> Behind<'_> {
        match self {
            Self::Reviews(moment, id) | Self::Models(Some((moment, id))) => Some((*moment, id)),
            Self::Start | Self::Models(None) | Self::Pages(_) => None,
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Start => String::new(),
            Self::Reviews(moment, id) => format!("reviews:{}:{id}", moment.as_microsecond()),
            Self::Models(None) => "models".to_owned(),
            Self::Models(Some((moment, id))) => format!("models:{}:{id}", moment.as_microsecond()),
            Self::Pages(begin) => format!("pages:{begin}"),
        }
    }

    fn read(cursor: &str) -> Option<Self> {
        let mut parts = cursor.splitn(3, ':');
        let (kind, number, id) = (parts.next()?, parts.next(), parts.next());
        let moment = |number: &str| Timestamp::from_microsecond(number.parse().ok()?).ok();
        match (kind, number, id) {
            ("reviews", Some(number), Some(id)) => Some(Self::Reviews(moment(number)?, id.to_owned())),
            ("models", None, None) => Some(Self::Models(None)),
            ("models", Some(number), Some(id)) => Some(Self::Models(Some((moment(number)?, id.to_owned())))),
            ("pages", Some(number), None) => {
                Some(Self::Pages(number.parse().ok().filter(|at| *at < PAGE * PAGE)?))
            }
            _ => None,
        }
    }
}

fn unknown(cursor: &str) -> ErrorData {
    ErrorData::invalid_params(
        format!(
            "there is no page `{cursor}`: a cursor is the `nextCursor` of the page before, or is left out"
        ),
        None,
    )
}

fn review(head: &Head) -> [Resource; 2] {
    let uri = format!("{PREFIX}{}", head.id);
    let about = format!("Review of {} on {}", head.subject, head.made_at.strftime("%Y-%m-%d"));
    [
        Resource::new(format!("{uri}{REPORT}"), format!("{}{REPORT}", head.id))
            .with_title(format!("{about}: report"))
            .with_mime_type(REPORT_TYPE)
            .with_size(head.bytes),
        Resource::new(uri, head.id.clone()).with_title(format!("{about}: data")).with_mime_type(JSON_TYPE),
    ]
}

fn model(head: &Head) -> [Resource; 2] {
    let uri = format!("{MODELS}{}", head.id);
    let about = format!("Lead score for {} of {}", head.subject, head.made_at.strftime("%Y-%m-%d"));
    [
        Resource::new(uri.clone(), head.id.clone())
            .with_title(format!("{about}: card"))
            .with_mime_type(JSON_TYPE),
        Resource::new(format!("{uri}{WHOLE}"), format!("{}{WHOLE}", head.id))
            .with_title(format!("{about}: whole model"))
            .with_mime_type(JSON_TYPE)
            .with_size(head.bytes),
    ]
}

#[cfg(test)]
mod tests {
    use super::{PAGE, Place, page};
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;
    use revarch_store::{ModelRecord, ReviewRecord, Store};
    use rmcp::model::ErrorCode;
    use std::collections::HashSet;

    async fn filled(reviews: i64, models: i64) -> Store {
        let store = Store::in_memory().await.unwrap();
        // Two of each are of the same time.
        let at = |number: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(number / 2);
        for number in 0..reviews {
            let review = ReviewRecord {
                id: format!("r-{number}"),
                made_at: at(number),
                subject: "acme".to_owned(),
                json: serde_json::json!({}),
                markdown: "# A".to_owned(),
            };
            store.save_review(&review).await.unwrap();
        }
        for number in 0..models {
            let id = format!("m:{number}");
            let model = ModelRecord {
                id,
                made_at: at(number),
                subject: "leads".to_owned(),
                document: "{}".to_owned(),
            };
            store.save_model(&model).await.unwrap();
        }
        store
    }

    async fn walk(store: &Store) -> Vec<usize> {
        let (mut cursor, mut sizes, mut seen) = (None, Vec::new(), HashSet::new());
        loop {
            let (listed, next) = page(store, cursor.as_deref()).await.unwrap();
            sizes.push(listed.len());
            assert!(listed.len() <= PAGE && !listed.is_empty(), "{sizes:?}");
            assert!(listed.into_iter().all(|resource| seen.insert(resource.uri)), "nothing comes twice");
            match next {
                Some(next) => cursor = Some(next),
                None => return sizes,
            }
        }
    }

    #[tokio::test]
    async fn every_page_together_is_the_whole_list_whatever_its_length() {
        let rest = page(&filled(0, 0).await, None).await.unwrap().0.len();
        for (reviews, models) in
            [(0, 0), (1, 0), (0, 1), (24, 0), (25, 1), (24, 30), (60, 60), (23, 1), (100, 3)]
        {
            let store = filled(reviews, models).await;
            let listed: usize = walk(&store).await.into_iter().sum();
            let made = usize::try_from(2 * (reviews + models)).unwrap();
            assert_eq!(listed, rest + made, "{reviews} reviews and {models} models");
        }
    }

    #[tokio::test]
    async fn a_cursor_that_was_not_given_out_is_refused() {
        let store = filled(30, 0).await;
        for cursor in [
            "",
            "2",
            "reviews",
            "reviews:1",
            "reviews:x:r-1",
            "models:1",
            "pages",
            "pages:-1",
            "pages:9999999",
        ] {
            let error = page(&store, Some(cursor)).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::INVALID_PARAMS, "{cursor}");
        }
        let beyond = page(&store, Some("pages:2000")).await.unwrap();
        assert!(beyond.0.is_empty() && beyond.1.is_none());
    }

    proptest! {
        #[test]
        fn a_place_is_read_as_it_was_written(micros in -1_000_000_000_000_i64..1_000_000_000_000, id in ".{1,20}", at in 0_usize..100) {
            let moment = Timestamp::from_microsecond(micros).unwrap();
            for place in [
                Place::Reviews(moment, id.clone()),
                Place::Models(Some((moment, id))),
                Place::Models(None),
                Place::Pages(at),
            ] {
                prop_assert_eq!(Place::read(&place.written()), Some(place));
            }
        }

        #[test]
        fn any_text_is_a_place_or_refused(text in ".{0,40}") {
            if let Some(place) = Place::read(&text) {
                prop_assert_eq!(Place::read(&place.written()), Some(place));
            }
        }
    }
}
