//! Where an entry was published.

use serde::{Deserialize, Serialize};

/// A publication, and how far it can be leaned upon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The source's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its author or publisher; absent where neither is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its address; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published, as far as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<String>,
    /// The day on which it was read.
    pub read: jiff::civil::Date,
    /// What kind of publication it is, and what was not seen of it.
    pub nature: String,
}

impl Source {
    /// Title, author and date on one line.
    pub fn line(&self) -> String {
        let author = self.author.as_deref().unwrap_or("author unidentified");
        let dated = self.dated.as_deref().unwrap_or("undated");
        format!("{}, {author}, {dated}", self.title)
    }
}
