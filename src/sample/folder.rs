//! The folder a sample is written into.

use crate::{
    error::SampleError,
    truth::{MADE_BY, Truth},
};
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

const TRUTH: &str = "truth.json";

/// A folder that the sample may write into: new, empty, or holding an earlier sample. Files beside an
/// earlier sample stay as they are.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes sure of the folder and marks it, so that a run that is cut short leaves neither a truth about
    /// other files nor a folder that the next run refuses.
    pub(crate) fn claim(path: &Path) -> Result<Self, SampleError> {
        let folder = Self { path: path.to_owned() };
        fs::create_dir_all(path).map_err(|source| failed("create folder", path, source))?;
        if let Some(found) = folder.first_entry()?
            && !folder.holds_sample()?
        {
            return Err(SampleError::Occupied { folder: path.to_owned(), found });
        }
        folder.write(TRUTH, &format!("{}\n", json!({ "made_by": MADE_BY, "unfinished": true })))?;
        Ok(folder)
    }

    /// The folder's path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a whole file.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), SampleError> {
        let path = self.path.join(name);
        fs::write(&path, text).map_err(|source| failed("write", &path, source))
    }

    /// Writes the truth, which declares the sample finished.
    pub(crate) fn write_truth(&self, truth: &Truth) -> Result<(), SampleError> {
        let mut text = serde_json::to_string_pretty(truth)
            .map_err(|source| SampleError::Json { path: self.path.join(TRUTH), source })?;
        text.push('\n');
        self.write(TRUTH, &text)
    }

    /// The name of the first thing in the folder, in the order of names.
    fn first_entry(&self) -> Result<Option<String>, SampleError> {
        let list = |source| failed("list folder", &self.path, source);
        let mut first: Option<String> = None;
        for entry in fs::read_dir(&self.path).map_err(list)? {
            let name = entry.map_err(list)?.file_name().to_string_lossy().into_owned();
            if first.as_ref().is_none_or(|first| name < *first) {
                first = Some(name);
            }
        }
        Ok(first)
    }

    fn holds_sample(&self) -> Result<bool, SampleError> {
        let path = self.path.join(TRUTH);
        match fs::read(&path) {
            Ok(bytes) => {
                Ok(serde_json::from_slice::<Value>(&bytes).is_ok_and(|truth| truth["made_by"] == MADE_BY))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(failed("read", &path, source)),
        }
    }
}

fn failed(attempt: &'static str, path: &Path, source: io::Error) -> SampleError {
    SampleError::File { attempt, path: path.to_owned(), source }
}
