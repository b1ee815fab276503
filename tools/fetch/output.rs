//! An entry, a contradiction or a lens, as it is handed out.

use crate::wire::Provenance;
use revarch_domain::{
    knowledge::{Item, knowledge},
    provenance,
};
use schemars::JsonSchema;
use serde::Serialize;

/// One entry, whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The id, as `search` gives it.
    pub id: String,
    /// The title.
    pub title: String,
    /// All of it, as Markdown: statement, figures, table, what the source leaves open, what contradicts it, source.
    pub text: String,
    /// Where it can be cited from: the source's page, or revarch's own resource where the source has no address.
    pub url: String,
    /// What it stands on.
    pub metadata: Metadata,
}

/// What an entry stands on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Metadata {
    /// What it is: a definition, framework, list, rule, benchmark, claim, formula, term, contradiction or lens.
    pub kind: String,
    /// Its ground: `published` is a claim of its source, `authored` is revarch's own.
    pub provenance: Provenance,
    /// The source, with author and date as far as they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The address among revarch's resources.
    pub resource: String,
    /// The ids of the contradictions that touch it, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contradictions: Option<String>,
}

impl Output {
    pub(super) fn of(item: &Item<'_>) -> Self {
        Self {
            id: item.id(),
            title: item.title().to_owned(),
            text: revarch_report::knowledge::item(item),
            url: knowledge().url(item),
            metadata: Metadata::of(item),
        }
    }
}

impl Metadata {
    fn of(item: &Item<'_>) -> Self {
        let resource = item.resource();
        match item {
            Item::Entry(entry) => {
                let served = knowledge().served(entry);
                let ids: Vec<_> =
                    served.contradictions.iter().map(|one| format!("contradictions/{}", one.id)).collect();
                Self {
                    kind: entry.kind.name().to_owned(),
                    provenance: Provenance::of(served.provenance),
                    source: served.from.map(revarch_domain::knowledge::Source::line),
                    resource,
                    contradictions: (!ids.is_empty()).then(|| ids.join(", ")),
                }
            }
            Item::Contradiction(_) => Self {
                kind: "contradiction".to_owned(),
                provenance: Provenance::of(provenance::Provenance::Authored),
                source: None,
                resource,
                contradictions: None,
            },
            Item::Lens(lens) => Self {
                kind: "lens".to_owned(),
                provenance: Provenance::of(provenance::Provenance::Authored),
                source: Some(lens.provenance.source.clone()),
                resource,
                contradictions: None,
            },
        }
    }
}
