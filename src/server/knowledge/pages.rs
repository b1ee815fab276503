//! The pages: what each is called, and where its data and its text come from.

use super::SCHEME;
use revarch_domain::knowledge::{Entry, Item, Topic, knowledge};
use revarch_report::knowledge as report;
use serde_json::{Value, json};

/// A page of its own.
pub(super) struct Page {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) data: fn() -> Value,
    pub(super) text: fn() -> String,
}

pub(super) const PAGES: [Page; 6] = [
    Page {
        name: "knowledge",
        title: "What the frameworks and benchmarks say: contents",
        data: contents,
        text: || report::contents(knowledge()),
    },
    Page {
        name: "benchmarks",
        title: "Benchmarks and claims",
        data: || served(knowledge().benchmarks()),
        text: || report::benchmarks(knowledge()),
    },
    Page {
        name: "glossary",
        title: "Glossary",
        data: || served(knowledge().topic(Topic::Glossary)),
        text: || report::glossary(knowledge()),
    },
    Page {
        name: "tables",
        title: "Tables of the frameworks",
        data: tables,
        text: || report::tables(knowledge()),
    },
    Page {
        name: "contradictions",
        title: "Contradictions in the sources",
        data: || json!(knowledge().contradictions()),
        text: || report::contradictions(knowledge()),
    },
    Page { name: "lenses", title: "Lenses of maturity", data: lenses, text: || report::lenses(knowledge()) },
];

/// A folder of things that have one page each.
pub(super) struct Folder {
    pub(super) name: &'static str,
    pub(super) argument: &'static str,
    /// What stands in it, for a person.
    pub(super) title: &'static str,
    pub(super) names: fn() -> Vec<String>,
    /// The page of one of them, as data and as text.
    pub(super) page: fn(&str) -> Option<(Value, String)>,
}

pub(super) const FOLDERS: [Folder; 4] = [
    Folder {
        name: "lenses",
        argument: "name",
        title: "A lens: questions, anchors and gates",
        names: || knowledge().lenses().iter().map(|lens| lens.id.clone()).collect(),
        page: |name| item("lenses", name),
    },
    Folder {
        name: "tables",
        argument: "name",
        title: "A table of a framework",
        names: || knowledge().tables().map(|(table, _)| table.name.clone()).collect(),
        page: table,
    },
    Folder {
        name: "contradictions",
        argument: "id",
        title: "A contradiction, and how it is read",
        names: || knowledge().contradictions().iter().map(|one| one.id.clone()).collect(),
        page: |id| item("contradictions", id),
    },
    Folder {
        name: "knowledge",
        argument: "id",
        title: "A published statement, with its source",
        names: || knowledge().entries().iter().map(|entry| entry.id.clone()).collect(),
        page: |id| item("knowledge", id),
    },
];

impl Folder {
    /// How an address of the folder is made.
    pub(super) fn template(&self) -> String {
        format!("{SCHEME}{}/{{{}}}", self.name, self.argument)
    }
}

fn contents() -> Value {
    let told = knowledge().entries().iter().map(|entry| {
        let resource = Item::Entry(entry).resource();
        json!({"id": entry.id, "title": entry.title, "kind": entry.kind, "topic": entry.topic, "resource": resource})
    });
    told.collect()
}

fn served<'a>(entries: impl Iterator<Item = &'a Entry>) -> Value {
    entries.map(|entry| json!(knowledge().served(entry))).collect()
}

fn tables() -> Value {
    let told = knowledge().tables().map(|(table, entry)| {
        let resource = format!("{SCHEME}tables/{}", table.name);
        json!({"name": table.name, "title": entry.title, "rows": table.rows.len(), "resource": resource})
    });
    told.collect()
}

fn table(name: &str) -> Option<(Value, String)> {
    let (table, entry) = knowledge().table(name)?;
    Some((json!(knowledge().served(entry)), report::table(knowledge(), table, entry)))
}

fn lenses() -> Value {
    let told = knowledge().lenses().iter().map(|lens| {
        let dimensions: Vec<_> = lens.dimensions.iter().map(|dimension| &dimension.title).collect();
        let resource = Item::Lens(lens).resource();
        json!({"name": lens.id, "title": lens.title, "version": lens.version, "dimensions": dimensions, "resource": resource})
    });
    told.collect()
}

fn item(folder: &str, name: &str) -> Option<(Value, String)> {
    let id = format!("{folder}/{name}");
    let found = knowledge().item(&id).filter(|item| item.id() == id)?;
    let data = match found {
        Item::Entry(entry) => json!(knowledge().served(entry)),
        Item::Contradiction(contradiction) => json!(contradiction),
        Item::Lens(lens) => json!(lens),
    };
    Some((data, report::item(&found)))
}
