//! Lists, read page by page.

use crate::{
    Limits, ListState, Listing, Note, RemoteError, Shortfall, cut,
    session::Session,
    wire::{Unanswered, brief, split_list},
};
use rmcp::model::ErrorCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Names shared by several items that are noted one by one.
const MAX_DUPLICATES: usize = 20;

/// Which list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// The request.
    pub(crate) method: &'static str,
    /// Where the answer holds the items, and what they are called in notes.
    pub(crate) field: &'static str,
    /// What each item is known by.
    pub(crate) name: &'static str,
    /// The capability that announces the list.
    pub(crate) capability: &'static str,
}

pub(crate) const TOOLS: Kind =
    Kind { method: "tools/list", field: "tools", name: "name", capability: "tools" };
pub(crate) const PROMPTS: Kind =
    Kind { method: "prompts/list", field: "prompts", name: "name", capability: "prompts" };
pub(crate) const RESOURCES: Kind =
    Kind { method: "resources/list", field: "resources", name: "uri", capability: "resources" };
pub(crate) const TEMPLATES: Kind = Kind {
    method: "resources/templates/list",
    field: "resourceTemplates",
    name: "uriTemplate",
    capability: "resources",
};

/// Reads a list to its end, or as far as the limits go.
pub(crate) async fn list(
    session: &mut Session,
    kind: Kind,
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Listing {
    let mut items = Vec::new();
    let mut bytes = 0;
    let mut pages = 0;
    let mut cursor: Option<String> = None;
    let mut seen = BTreeSet::new();
    let state = loop {
        let params = cursor.take().map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
        let mut page = match read_page(session, kind, params).await {
            Ok(page) => page,
            Err(error) => break failed(error, session.name(), kind, pages, limits),
        };
        pages += 1;
        if let Some(shortfall) = take(&mut page.items, &mut items, &mut bytes, limits) {
            break ListState::Partial(shortfall);
        }
        match page.next {
            None => break ListState::Complete,
            Some(next) if !seen.insert(next.clone()) => break ListState::Partial(Shortfall::Loop),
            Some(_) if pages == limits.pages => break ListState::Partial(Shortfall::Pages(limits.pages)),
            next => cursor = next,
        }
    };
    for (index, item) in items.iter_mut().enumerate() {
        cut::cut(item, &format!("{}[{index}]", kind.field), limits.text_bytes, notes);
    }
    look_at_names(&items, kind, notes);
    Listing { items, pages, state }
}

struct Page {
    items: Vec<Value>,
    next: Option<String>,
}

async fn read_page(session: &mut Session, kind: Kind, params: Value) -> Result<Page, Unanswered> {
    let answer = session.ask(kind.method, params, None).await?;
    let (items, answer) = split_list(answer, kind.field);
    let Some(items) = items else {
        let reason = format!("its answer has no list `{}`", kind.field);
        let (name, attempt) = (session.name().to_owned(), kind.method.to_owned());
        return Err(Unanswered::Failed(RemoteError::Conversation { name, attempt, reason }));
    };
    // An empty cursor is how some servers say that there is no next page.
    let next = answer["nextCursor"].as_str().filter(|next| !next.is_empty()).map(str::to_owned);
    Ok(Page { items, next })
}

/// Takes the items of a page as far as the limits go, and says which of them was met.
fn take(
    page: &mut Vec<Value>,
    items: &mut Vec<Value>,
    bytes: &mut usize,
    limits: &Limits,
) -> Option<Shortfall> {
    for item in page.drain(..) {
        if items.len() == limits.items {
            return Some(Shortfall::Items(limits.items));
        }
        *bytes += item.to_string().len();
        if *bytes > limits.list_bytes {
            return Some(Shortfall::Bytes(limits.list_bytes));
        }
        items.push(item);
    }
    None
}

fn failed(error: Unanswered, name: &str, kind: Kind, pages: usize, limits: &Limits) -> ListState {
    match error {
        Unanswered::Refused { code, .. }
            if pages == 0 && code == i64::from(ErrorCode::METHOD_NOT_FOUND.0) =>
        {
            ListState::NotOffered
        }
        error if pages == 0 => ListState::Failed(error.told(name, kind.method)),
        Unanswered::Failed(RemoteError::TimedOut { .. }) => ListState::Partial(Shortfall::Time(limits.time)),
        error => ListState::Partial(Shortfall::Failed(error.told(name, kind.method))),
    }
}

fn look_at_names(items: &[Value], kind: Kind, notes: &mut Vec<Note>) {
    let list = kind.field;
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let mut nameless = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item[kind.name].as_str().filter(|name| !name.is_empty()) {
            Some(name) => *times.entry(name).or_default() += 1,
            None => nameless.push(index),
        }
    }
    if let Some(first) = nameless.first() {
        notes.push(Note::Nameless { list, times: nameless.len(), first: *first });
    }
    let repeated: Vec<(&str, usize)> = times.into_iter().filter(|(_, times)| *times > 1).collect();
    let told = repeated.iter().take(MAX_DUPLICATES);
    notes.extend(told.map(|(name, times)| Note::Duplicate { list, name: brief(name), times: *times }));
    if repeated.len() > MAX_DUPLICATES {
        notes.push(Note::MoreDuplicates { list, names: repeated.len() - MAX_DUPLICATES });
    }
}
