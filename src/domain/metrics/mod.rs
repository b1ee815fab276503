//! Revenue metrics: what each is, what it is made from, and what it comes to per period and segment.
//!
//! The definitions are data (`definitions.json`): a formula in words and as an expression over counted quantities, the
//! unit, which way is better, and what published sources say of it. A metric that lacks a quantity is unknown, with the
//! quantity named; nothing is assumed in its place.

mod definition;
mod evaluate;
mod fact;
mod period;
mod quantity;
mod scorecard;
mod trend;

#[cfg(test)]
mod tests;

pub use definition::{Better, Claim, Definition, Definitions, Expression, Kpi, Unit, definitions};
pub use evaluate::{Measured, Reading, evaluate};
pub use fact::{Fact, Facts, Known, Missing};
pub use period::{Every, Period, PeriodError, last_before, periods};
pub use quantity::Quantity;
pub use scorecard::{Score, Standing, scorecard};
pub use trend::{Course, Trend, trend};
