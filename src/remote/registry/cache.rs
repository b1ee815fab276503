//! The copy of a registry that is kept in a file, for days without a network and for asking only what is new.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, io, path::Path};

/// Changes whenever older copies cannot be used any more.
const FORMAT: u32 = 1;
/// The largest copy that is read.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// A copy. Items are kept as they came, so that a later revarch reads more from them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Copy {
    format: u32,
    /// The registry it is a copy of.
    base: String,
    /// When it was brought up to date last, in seconds since 1970.
    pub(super) read_at: u64,
    /// When it was read in full last, in seconds since 1970.
    pub(super) full_at: u64,
    /// The moment of the newest change it holds, where it holds all that there was up to then.
    pub(super) up_to: Option<String>,
    /// What the registry called the state of the one page that was read last.
    pub(super) etag: Option<Etag>,
    /// The items, by the name of the server.
    pub(super) items: BTreeMap<String, Value>,
}

/// A name for the state of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Etag {
    pub(super) url: String,
    pub(super) value: String,
}

impl Copy {
    pub(super) fn new(base: &str) -> Self {
        Self { format: FORMAT, base: base.to_owned(), ..Self::default() }
    }

    /// Reads the copy in a file: nothing where there is none, and a reason where it is of no use.
    pub(super) async fn read(file: &Path, base: &str) -> Result<Option<Self>, String> {
        let shown = file.display();
        let size = match tokio::fs::metadata(file).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("cannot read the copy {shown}: {error}")),
            Ok(metadata) => metadata.len(),
        };
        if size > MAX_BYTES {
            return Err(format!("the copy {shown} has {size} bytes and is not read"));
        }
        let bytes =
            tokio::fs::read(file).await.map_err(|error| format!("cannot read the copy {shown}: {error}"))?;
        let copy: Self = serde_json::from_slice(&bytes)
            .map_err(|error| format!("the copy {shown} cannot be used: {error}"))?;
        if copy.format != FORMAT {
            return Err(format!("the copy {shown} is of format {}, not {FORMAT}", copy.format));
        }
        if copy.base != base {
            return Err(format!("the copy {shown} is of another registry, {}", copy.base));
        }
        Ok(Some(copy))
    }

    /// Puts the copy in place of the one before, all at once.
    pub(super) async fn write(&self, file: &Path) -> Result<(), String> {
        let failed = |error: io::Error| format!("cannot keep a copy in {}: {error}", file.display());
        let bytes = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        if let Some(folder) = file.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(failed)?;
        }
        let mut beside = file.as_os_str().to_owned();
        beside.push(".new");
        tokio::fs::write(&beside, bytes).await.map_err(failed)?;
        tokio::fs::rename(&beside, file).await.map_err(failed)
    }
}
