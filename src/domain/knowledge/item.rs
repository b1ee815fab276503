//! What can be looked up by one address: an entry, a contradiction or a lens.

use super::{Contradiction, Entry, Knowledge};
use crate::{maturity::Lens, nearest::nearest};

/// The scheme of revarch's own addresses.
const SCHEME: &str = "revarch://";

/// One thing that can be looked up.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    /// A statement of a source.
    Entry(&'a Entry),
    /// Statements that clash.
    Contradiction(&'a Contradiction),
    /// A lens: dimensions, questions and what one would see at each level.
    Lens(&'a Lens),
}

impl Item<'_> {
    /// The item's id, such as `knowledge/stack.size`; with the scheme before it, it is the item's address.
    pub fn id(&self) -> String {
        match self {
            Self::Entry(entry) => format!("knowledge/{}", entry.id),
            Self::Contradiction(contradiction) => format!("contradictions/{}", contradiction.id),
            Self::Lens(lens) => format!("lenses/{}", lens.id),
        }
    }

    /// The item's address among the resources.
    pub fn resource(&self) -> String {
        format!("{SCHEME}{}", self.id())
    }

    /// The name people read.
    pub fn title(&self) -> &str {
        match self {
            Self::Entry(entry) => &entry.title,
            Self::Contradiction(contradiction) => &contradiction.title,
            Self::Lens(lens) => &lens.title,
        }
    }

    /// Everything in it that a person may search for, besides the title.
    pub(super) fn words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        match self {
            Self::Entry(entry) => {
                words.extend([entry.statement.clone(), entry.topic.name().into(), entry.kind.name().into()]);
                words.extend(entry.group.clone());
                words.extend(entry.items.iter().cloned());
                words.extend(entry.figures.iter().map(ToString::to_string));
                words.extend(entry.gaps.clone());
                if let Some(table) = &entry.table {
                    words.push(table.name.clone());
                    words.extend(table.columns.iter().map(|column| column.name.clone()));
                    words.extend(table.rows.iter().flatten().map(ToString::to_string));
                }
            }
            Self::Contradiction(contradiction) => {
                words.extend([contradiction.statement.clone(), contradiction.reading.clone()]);
                words.push("contradiction".into());
            }
            Self::Lens(lens) => {
                words.push("lens maturity".into());
                words.extend(lens.dimensions.iter().flat_map(|dimension| {
                    let asked = dimension.questions.iter().map(|question| question.text.clone());
                    std::iter::once(dimension.title.clone()).chain(asked)
                }));
                words.extend(lens.stages.iter().map(|stage| stage.name.clone()));
            }
        }
        words.join(" ")
    }
}

impl Knowledge {
    /// Everything that can be looked up: entries, contradictions, lenses.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let entries = self.entries().iter().map(Item::Entry);
        let contradictions = self.contradictions().iter().map(Item::Contradiction);
        entries.chain(contradictions).chain(self.lenses().iter().map(Item::Lens))
    }

    /// The item of an id, which may be written as an address, or without its folder where that leaves no doubt.
    pub fn item(&self, id: &str) -> Option<Item<'_>> {
        let id = id.trim();
        let id = id.strip_prefix(SCHEME).unwrap_or(id);
        let folderless = || {
            let mut named =
                self.items().filter(|item| item.id().split_once('/').is_some_and(|(_, name)| name == id));
            named.next().filter(|_| named.next().is_none())
        };
        self.items().find(|item| item.id() == id).or_else(folderless)
    }

    /// Where an item can be cited from: the page of its source, or its own address where the source has none.
    pub fn url(&self, item: &Item<'_>) -> String {
        let source = match item {
            Item::Entry(entry) => self.source(&entry.source),
            Item::Contradiction(_) | Item::Lens(_) => None,
        };
        source.and_then(|source| source.url.clone()).unwrap_or_else(|| item.resource())
    }

    /// The ids that somebody who wrote `asked` may have meant.
    pub fn nearest_ids(&self, asked: &str) -> Vec<String> {
        let ids: Vec<String> = self.items().map(|item| item.id()).collect();
        nearest(asked, ids.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
    }
}
