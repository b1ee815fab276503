//! What of a table was not read, and what was mended to read the rest.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Places told one by one; the rest is counted.
const TOLD: usize = 5;

/// Collects what goes wrong in one scan, from all its readers.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    records: AtomicU64,
    /// The first places, by file and line.
    places: Mutex<BTreeSet<(usize, u64, String)>>,
    /// Whole parts of files.
    parts: Mutex<BTreeSet<(usize, String)>>,
    has_other_bytes: AtomicBool,
}

impl LeftOut {
    /// A record that does not fit.
    pub(super) fn record(&self, file: usize, line: u64, reason: impl FnOnce() -> String) {
        self.records.fetch_add(1, Ordering::Relaxed);
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() < TOLD || places.last().is_some_and(|(at, last, _)| (file, line) < (*at, *last)) {
            places.insert((file, line, reason()));
            if places.len() > TOLD {
                places.pop_last();
            }
        }
    }

    /// The rest of a file.
    pub(super) fn part(&self, file: usize, reason: String) {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).insert((file, reason));
    }

    /// Bytes that are not UTF-8.
    pub(super) fn other_bytes(&self) {
        self.has_other_bytes.store(true, Ordering::Relaxed);
    }

    /// Records left out.
    pub(crate) fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// What was left out, in words, the file named where there are several.
    pub(crate) fn told(&self, files: &[String]) -> Vec<String> {
        let of = |file: usize| match files {
            [_] => String::new(),
            several => several.get(file).map_or_else(String::new, |name| format!(" of {name}")),
        };
        let records = self.records();
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told: Vec<String> =
            places.iter().map(|(file, line, reason)| format!("line {line}{} {reason}", of(*file))).collect();
        let more = records.saturating_sub(told.len() as u64);
        if more > 0 {
            told.push(format!("and {more} more records"));
        }
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend(parts.iter().map(|(file, reason)| {
            let name = files.get(*file).map_or("the file", String::as_str);
            format!("{name}: {reason}")
        }));
        told
    }

    /// What was mended, in words.
    pub(crate) fn mended(&self) -> Vec<String> {
        let note = "bytes that are not UTF-8 were read as Windows-1252 (Latin-1)";
        self.has_other_bytes.load(Ordering::Relaxed).then(|| note.to_owned()).into_iter().collect()
    }
}
