//! Which leads convert, why, and where the cut-off lies.
//!
//! [`reading::read`] turns a table of text into facts, [`train::train`] learns from the earlier leads and tests
//! on the later ones, [`model::Model::score`] tells a lead's probability with its reasons, [`scorer::Scorer`]
//! does so for streams that [`intake::Intake`] reads, [`document::Document`] keeps a model, and [`cutoff::cut_off`] says where to stop.
//! [`validate::validate`] judges any score, whoever computed it. Where no outcome is known, [`points`] gives
//! authored points.

pub mod auc;
pub mod batch;
pub mod boosted;
pub mod bootstrap;
pub mod calibration;
pub mod card;
mod chi_square;
pub mod contest;
pub mod cutoff;
pub mod document;
mod duplicates;
pub mod features;
mod forest;
pub mod grade;
pub mod history;
pub mod intake;
pub mod isotonic;
pub mod leaks;
mod linear;
mod logistic;
mod matrix;
pub mod model;
pub mod platt;
pub mod points;
pub mod quality;
pub(crate) mod random;
pub mod reading;
pub mod reason;
pub mod scorer;
mod shapley;
pub mod split;
mod stored;
pub mod sufficiency;
pub mod table;
pub(crate) mod text;
pub mod train;
pub mod validate;
pub mod words;

#[cfg(test)]
mod bad_input_tests;
#[cfg(test)]
mod document_tests;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod oracle_scores;
#[cfg(test)]
mod tests;
