//! How writing a sample fails.

use std::{io, path::PathBuf};

/// Why a sample company could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// The folder holds something that an earlier sample did not put there.
    #[error(
        "will not write a sample into {}, which holds {found} and no earlier sample; \
         name an empty or a new folder, or empty this one first",
        folder.display()
    )]
    Occupied {
        /// The folder that was asked for.
        folder: PathBuf,
        /// A file that stands in it.
        found: String,
    },
    /// The time given leaves no room for the company's past or future on the calendar.
    #[error(
        "cannot date the sample around {now}, where the calendar ends; give a time nearer to the present"
    )]
    Time {
        /// The time that was asked for.
        now: jiff::Timestamp,
        /// What the calendar said.
        source: jiff::Error,
    },
    /// A file or folder could not be read or made.
    #[error("cannot {attempt} {}", path.display())]
    File {
        /// What was attempted.
        attempt: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A row could not be written.
    #[error("cannot write a row of {}", path.display())]
    Row {
        /// The table's file.
        path: PathBuf,
        /// What the CSV writer said.
        source: csv::Error,
    },
    /// The truth could not be put into JSON.
    #[error("cannot write {} as JSON", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the JSON writer said.
        source: serde_json::Error,
    },
}
