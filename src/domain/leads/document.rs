//! A trained model as one JSON document that can be kept, carried and read again.

use super::{card::Card, grade::Band, history::Terms, model::Model, train::Trained};
use crate::fingerprint::sha256_hex;
use serde::{Deserialize, Serialize};

/// What the document calls itself.
pub const FORMAT: &str = "revarch-lead-model";
/// The version of the form below. It changes whenever an older program would misread a newer document.
pub const VERSION: u32 = 1;

/// A model with its card and grades.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    format: String,
    version: u32,
    /// A hash of the rest, so that damage is told from a change of mind.
    fingerprint: String,
    /// Where its leads came from.
    pub origin: Origin,
    /// How the model came about.
    pub card: Card,
    /// The grades, best first.
    pub bands: Vec<Band>,
    /// The model.
    pub model: Model,
}

/// Where the leads came from that a model was trained on, so that later ones are read alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Their table.
    pub table: String,
    /// The column with the outcome.
    pub label: String,
    /// The column with the decision time.
    pub time: Option<String>,
    /// The column that names leads.
    pub id: Option<String>,
    /// How the outcome was read out of history, where no column held it.
    pub history: Option<Terms>,
}

/// Why a stored model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The text is not JSON, or not of the form.
    #[error("cannot read the model at `{path}`")]
    Json {
        /// The field, as in `model.columns[2].kind`.
        path: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// The document is something else.
    #[error("the document is `{found}`, not a `{FORMAT}`")]
    Format {
        /// What it calls itself.
        found: String,
    },
    /// Another program wrote the document.
    #[error("the model is of version {found}, and this program reads version {VERSION}")]
    Version {
        /// Its version.
        found: u32,
    },
    /// The parts are readable and were not written together.
    #[error("the model is damaged: its content does not match its fingerprint")]
    Damaged,
    /// The parts do not fit together.
    #[error("the model is damaged: its parts do not fit together")]
    Broken,
}

/// What every version of the document begins with.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl Document {
    /// Joins a model with its card.
    pub fn new(trained: &Trained) -> Self {
        Self::from(trained, Origin::default())
    }

    /// The same, with where its leads came from.
    pub fn from(trained: &Trained, origin: Origin) -> Self {
        let Trained { card, bands, model, .. } = trained;
        let mut document = Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            fingerprint: String::new(),
            origin,
            card: card.clone(),
            bands: bands.clone(),
            model: model.clone(),
        };
        document.fingerprint = document.content();
        document
    }

    /// Whether the model ranked its test leads better than chance, interval included.
    pub fn has_signal(&self) -> bool {
        self.card.metrics.auc_interval.low > 0.5
    }

    /// A hash of everything but the format and version.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The document as text.
    pub fn to_json(&self) -> Result<String, DocumentError> {
        serde_json::to_string(self)
            .map_err(|source| DocumentError::Json { path: "the whole document".to_owned(), source })
    }

    /// Reads a document.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let Head { format, version } = of(text)?;
        if format != FORMAT {
            return Err(DocumentError::Format { found: format });
        }
        if version != VERSION {
            return Err(DocumentError::Version { found: version });
        }
        let document: Self = of(text)?;
        if document.fingerprint != document.content() {
            return Err(DocumentError::Damaged);
        }
        if document.model.is_whole() && document.model.columns() == document.card.columns {
            Ok(document)
        } else {
            Err(DocumentError::Broken)
        }
    }

    fn content(&self) -> String {
        // Numbers are finite and keys are text, so there is nothing that could not be written; where there were,
        // the empty text would match no fingerprint.
        let text =
            serde_json::to_string(&(&self.origin, &self.card, &self.bands, &self.model)).unwrap_or_default();
        sha256_hex(text.as_bytes())
    }
}

fn of<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, DocumentError> {
    let mut from = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut from).map_err(|error| DocumentError::Json {
        path: error.path().to_string(),
        source: error.into_inner(),
    })?;
    from.end().map_err(|source| DocumentError::Json { path: "the end".to_owned(), source })?;
    Ok(value)
}
