//! Which leads convert, why, and where the cut-off lies.
//!
//! [`reading::read`] turns a table of text into facts, [`train::train`] learns from the earlier leads and tests
//! on the later ones, [`model::Model::score`] tells a lead's probability with its reasons, and
//! [`cutoff::cut_off`] says where to stop. [`auc`] and [`quality`] judge any score, whoever computed it.

pub mod auc;
pub mod bootstrap;
pub mod calibration;
pub mod card;
pub mod cutoff;
pub mod features;
pub mod grade;
pub mod leaks;
mod logistic;
mod matrix;
pub mod model;
pub mod quality;
mod random;
pub mod reading;
pub mod reason;
pub mod split;
pub mod sufficiency;
pub mod table;
mod text;
pub mod train;
pub mod words;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
