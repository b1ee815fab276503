//! Pages made from a review.

mod markdown;

pub use markdown::{Heading, markdown};
