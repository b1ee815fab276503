//! Which stage an organisation has reached, what holds it there, and how sure that is.
//!
//! A lens asks observable questions under each dimension. An answer is attested by a person, measured from
//! data, or unknown; what is unknown leaves an interval open instead of counting as a low score, and what is
//! only said is held to a cap until something in the dimension has been measured.
//!
//! # Design
//! A stage is the highest one whose gates all pass: the weakest dimension decides, because a strong dimension
//! cannot make up for a missing one. The weighted mean stands beside the stage as a profile and never
//! decides it. Bounds are computed twice, with every unknown at level 1 and at level 5, so the result says
//! which stages are still possible instead of guessing one.
//!
//! An answer to an open question, and a tighter measurement, never widen a bound. Four things are corrections
//! rather than additions and may move a bound outward: a measurement that replaces a claim; the first
//! measurement in a dimension, which lifts the cap from what was claimed about the rest of it; a note that
//! lifts the cap from one claim; and a second person who answers otherwise, because nobody's answer outweighs
//! another's.
//!
//! Every lens is scored in the same way. What differs between them is data: a lens may have stages or none, and
//! may group its dimensions, say which rests on which, read several scores together, and keep a register of
//! debts. [`survey`] gives all of that; [`assess`] gives the part that is about one set of answers.

pub mod assess;
pub mod evidence;
pub mod lens;
pub mod register;

mod check;
mod contradiction;
mod dimension;
mod entry;
mod flaw;
mod gate;
mod lens_check;
mod lens_shape;
mod lens_text;
mod next;
mod reading;
mod rests;
mod sheet;
mod survey;

#[cfg(test)]
mod lens_tests;
#[cfg(test)]
mod survey_tests;
#[cfg(test)]
mod tests;

pub use assess::{Assessment, Coverage, Insufficient, assess};
pub use check::{Answer, AnswerError};
pub use contradiction::{Contradiction, Direction};
pub use dimension::{DimensionScore, QuestionScore};
pub use entry::{EntryPhase, Phase};
pub use flaw::{Flaw, LensError};
pub use gate::{GateState, MissingGate, StageName, StageRange};
pub use lens::Lens;
pub use next::{Gain, NextMeasurement, NextQuestion};
pub use reading::{GroupScore, ReadingResult, ReadingState};
pub use rests::BuiltAhead;
pub use sheet::Levels;
pub use survey::{Disagreement, Respondent, Split, Survey, SurveyError, survey, survey_after};
