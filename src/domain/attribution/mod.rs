//! Which channels earn the revenue, and which moves are robust.
//!
//! [`journey::Timeline`] is what one person or account did; [`collect::Collector`] makes journeys of many of them and
//! merges equal ones, so that memory follows the different journeys and not their number; [`attribute::attribute`]
//! credits the channels by every [`model::Model`], resamples the journeys and says which comparisons of channels
//! survive it all.
//!
//! # Design
//! Every model is computed, none simulated: credit of positions from each journey, Markov removal effects from the
//! absorbing chain itself, Shapley values from their definition while the channels are few. Merged journeys are kept
//! in one canonical order, so their order of arrival changes nothing. None of it is incrementality: a model divides
//! what happened among what was seen before it.

pub mod answer;
pub mod attribute;
pub mod channels;
pub mod collect;
pub mod credit;
mod enough;
pub mod journey;
mod leave_one_out;
mod markov;
pub mod model;
pub mod money;
pub mod moves;
pub mod paths;
mod position;
mod resample;
mod shapley;
mod solver;
pub mod warning;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
