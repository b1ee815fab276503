//! Pages made from a review, and from what is known of frameworks and benchmarks.

pub mod knowledge;
mod markdown;

pub use markdown::{Heading, markdown};
