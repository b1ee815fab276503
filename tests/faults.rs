//! Attacks and accidents that nobody may get anything by: what callers and data try, and what the machine does.

mod cells;
mod frames;
mod logs;
mod reach;
mod store;
mod texts;
mod vanish;
