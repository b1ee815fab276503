//! Servers that misbehave, each in its own way, and what is made of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod addresses;
mod clients;
mod encryption;
mod library;
mod programs;
mod registry;
mod stand_in;
