//! What the company says of its tools and of itself.

use crate::{error::SampleError, folder::Folder};

/// The platforms it names, as people write them; one of them it built itself.
const STACK: &str = include_str!("stack.json");
/// Its answers to the maturity questions, too kind to its customer data and analytics.
const ANSWERS: &str = include_str!("maturity_answers.json");

/// Writes both files.
pub(crate) fn write(folder: &Folder) -> Result<(), SampleError> {
    folder.write("stack.json", STACK)?;
    folder.write("maturity_answers.json", ANSWERS)
}
