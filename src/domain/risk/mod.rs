//! Which open deals are at risk, and why: how long deals stay in each stage and how they leave it.
//!
//! # Design
//! The age of an open deal says little beside the median of the stays that have ended: short stays end first, so the
//! ended ones are too short. Every stay that began in sight counts here, ended or not, and an open one counts for
//! as long as it lasted (Kaplan and Meier 1958). A stay ends in one of three ways, which compete: the deal is won, is
//! lost, or moves to another open stage; the chance of each is the cumulative incidence of Aalen and Johansen
//! (1978). A deal's chance is that of the deals that had reached its age. Where no times of change are known there are
//! no chances, and what is printed is an inventory.

mod backtest;
mod curve;
mod deal;
mod facts;
mod inventory;
mod outlook;
mod reason;
mod stage;
mod stall;
mod stays;

#[cfg(test)]
mod bad_input_tests;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use backtest::{Backtest, Bin, Checked, Ranking};
pub use curve::{Curve, Estimate};
pub use deal::DealRisk;
pub use facts::{Basis, Change, Deal, Entry, Facts, Have, Pushes, Stage, StageKind};
pub use inventory::{Inventory, Quartiles, inventory};
pub use outlook::{Outlook, Shared, Terms, outlook};
pub use reason::{Reason, ReasonKind};
pub use stage::{StageOutlook, classify};
pub use stall::Stall;
pub use stays::{Exit, Stay, Stays};
