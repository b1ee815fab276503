//! A made-up B2B company with planted, known defects.
//!
//! [`write`] fills a folder with the tables of a revenue team as CSV files, beside them its tool stack
//! (`stack.json`), what it says of itself (`maturity_answers.json`) and what is truly wrong with all of it
//! (`truth.json`). Whatever measures the company can be checked against the truth, number by number.
//!
//! # What is planted
//!
//! - **Empty fields**, blank or holding a placeholder such as `n/a`, `-` or `1900-01-01`: above all
//!   `contacts.phone`, `contacts.job_title`, `contacts.email_consent`, `deals.next_step`,
//!   `deals.close_reason` (asked only of closed deals) and `accounts.industry`.
//! - **Broken keys**: contacts, leads and deals with no account or contact, or with one that was never
//!   issued; accounts that no contact names; contacts whose e-mail domain would restore the lost account.
//! - **Duplicates**: contacts that repeat an e-mail up to case and spaces, accounts that repeat a domain.
//! - **Free-mail contacts**, whose e-mail domain says nothing about the company.
//! - **Untidy values**: spellings of one industry (`Technology`, `technolgy`, `TECHNOLOGY`), head counts
//!   written as text (`200-500`, `~300`), and the twin columns `contacts.phone` and
//!   `contacts.phone_number`.
//! - **Event faults**: loads more than a day late, clocks ahead of `now`, visitors nobody knows, and three
//!   days without any event.
//! - **A lead score that predicts nothing** (`leads.legacy_score`), in a table whose other features do
//!   predict conversion, and two **leaks** that are filled almost only once a lead has converted
//!   (`leads.close_date`, `leads.sales_tag`).
//! - **Stalled deals**: open deals that have been in their stage five months and more, where others leave it within
//!   weeks.
//! - **Channels that help and hinder**: webinars come before deals that are won, paid social before deals that are
//!   lost, beside touches that have nothing to do with any deal.
//! - **Claims above the evidence**: the answers praise customer data and analytics beyond what the tables
//!   support.
//!
//! # Design
//!
//! Every number in the [`Truth`] is counted while the row is written, never computed from the rate it was
//! drawn at, so it is exact at any size. Rows leave as soon as they are drawn, one firm at a time, and a
//! firm is bounded: memory does not grow with the number of contacts, but for the keys of stalled deals. All chance
//! comes from one `ChaCha8` stream and a second one for those deals, so the same seed, time and size give the same
//! bytes.

mod accounts;
mod activities;
mod calendar;
mod campaigns;
mod company;
mod contacts;
mod deals;
mod dice;
mod empty;
mod error;
mod events;
mod folder;
mod id;
mod leads;
mod stack;
mod table;
mod truth;
mod users;
mod words;

#[cfg(test)]
mod tests;

pub use company::{Company, write};
pub use error::SampleError;
pub use truth::{
    Attribution, Credited, Duplicates, Events, Field, Gap, Leak, LegacyScore, Link, MADE_BY, MixedType,
    Picklist, Truth, Twins,
};
