//! Pages made from a review.
