//! Pages made from a review, and from what is known of frameworks and benchmarks.

mod changes;
pub mod knowledge;
mod markdown;

pub use changes::since;
pub use markdown::{Heading, markdown};
