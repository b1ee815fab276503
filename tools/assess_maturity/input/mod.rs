//! What a caller hands in, read into what the domain takes.

mod debt;
mod evidence;
mod reply;

pub use debt::Debt;
pub use evidence::{Evidence, Ground};
pub use reply::{Person, Reply};

pub(super) use debt::debts;
pub(super) use evidence::measures;
pub(super) use reply::{UNNAMED, people, replies};

use crate::wire::ResponseFormat;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is known, as far as it is.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// The lens: `six_dimensions` (default, with stages), `rm6`, `roi_engine`, `revenue_architecture`,
    /// `marketing_governance`, `data_governance`, `agentic_architecture`, or one the operator added.
    pub lens: Option<String>,
    /// Whom it is about, such as the company's name. Answers are kept under it, and those kept before count again.
    pub subject: Option<String>,
    /// What one person said, or all together, one entry per question. Leave out what nobody has been asked.
    pub answers: Vec<Reply>,
    /// What several people said, each under a name; where they differ, the result shows it.
    pub respondents: Vec<Person>,
    /// Measurements, just as other tools return them under `measures`. They outrank those found otherwise.
    pub evidence: Vec<Evidence>,
    /// Whether to look for more evidence: the operator's data, measured now, or else the newest stored review.
    /// Default true.
    pub measure: Option<bool>,
    /// Platforms of the stack, as people name them, for lenses that ask what agents can reach.
    pub platforms: Vec<String>,
    /// The stored review to take measures from that are not measured now. Default the newest.
    pub review_id: Option<String>,
    /// The register of architectural debt, for `marketing_governance`: it is counted and answers questions.
    pub debts: Vec<Debt>,
    /// Ask the person the next questions, where the client can. Default false.
    pub ask: bool,
    /// The highest level that a statement counts for in a dimension of which nothing was measured; the lens's own
    /// (3) unless given.
    #[schemars(range(min = 1, max = 5))]
    pub attested_cap: Option<u8>,
    /// `detailed` adds every question with its claim and measurement, and its anchors while it is open, in pages.
    pub response_format: ResponseFormat,
    /// Where to go on in the detailed form: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}
