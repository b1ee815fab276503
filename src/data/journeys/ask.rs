//! What is asked of journeys, and what is told of them.

use revarch_domain::{
    attribution::{answer::Scenario, channels::Channels, collect::Collected, journey::Terms},
    leads::history::Conversion,
    value::MICROS_PER_DAY,
};
use std::collections::BTreeMap;

/// Whose journeys they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A person's.
    Person,
    /// An account's: the touches of all its people.
    Account,
}

impl Level {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Account => "account",
        }
    }
}

/// Columns that are named rather than recognised.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The key of the person or account; as it stands, joined to the other table's.
    pub key: Option<String>,
    /// The time.
    pub time: Option<String>,
    /// The channel of a touch.
    pub channel: Option<String>,
    /// The value of a conversion.
    pub value: Option<String>,
    /// The column that tells which rows are conversions, and the values that say so.
    pub converted: Option<(String, Vec<String>)>,
}

/// What makes a journey.
#[derive(Clone, Copy, Debug)]
pub struct JourneyTerms {
    /// Days before a conversion within which touches count.
    pub window_days: u32,
    /// Days after which credit by time decay is halved.
    pub half_life_days: f64,
    /// Whether a conversion ends the journey.
    pub reset: bool,
    /// Whether only the first conversion of each counts.
    pub once: bool,
    /// Whether touches of one channel in a row count as one.
    pub collapse: bool,
    /// The first moment of the conversions that count, in microseconds since 1970.
    pub since: Option<i64>,
    /// The last moment of all that is read.
    pub until: Option<i64>,
}

/// What is asked of journeys.
#[derive(Clone, Debug)]
pub struct JourneyAsk {
    /// The table of touches; the one recognised where none is named.
    pub touches: Option<String>,
    /// Its columns.
    pub touch_columns: Columns,
    /// The table of conversions; that of deals where none is named.
    pub conversions: Option<String>,
    /// Its columns.
    pub conversion_columns: Columns,
    /// Which deals are conversions.
    pub conversion: Conversion,
    /// Whose journeys; persons' where both tables name them.
    pub level: Option<Level>,
    /// What makes a journey.
    pub terms: JourneyTerms,
    /// Channels that are told apart at most.
    pub most_channels: usize,
    /// What a unit of each currency is worth in the currency that is asked for.
    pub rates: BTreeMap<String, f64>,
    /// Whether the journeys are made on other assumptions too.
    pub scenarios: bool,
    /// The seed of all that is drawn.
    pub seed: u64,
}

impl JourneyTerms {
    /// The same for the journeys up to an end.
    pub(super) fn up_to(&self, end: i64) -> Terms {
        let window = i64::from(self.window_days) * MICROS_PER_DAY;
        Terms {
            window,
            reset: self.reset,
            once: self.once,
            collapse: self.collapse,
            half_life: self.half_life_days * MICROS_PER_DAY as f64,
            since: self.since,
            open_from: end.saturating_sub(window),
        }
    }
}

/// Journeys, and where they come from.
#[derive(Clone, Debug)]
pub struct Journeys {
    /// The channels.
    pub channels: Channels,
    /// The journeys as they were asked for.
    pub collected: Collected,
    /// The same on other assumptions.
    pub scenarios: Vec<Scenario>,
    /// Rows that no journey holds.
    pub left_out: LeftOut,
    /// The currencies of the values.
    pub currencies: Vec<String>,
    /// The tables and columns they come from.
    pub told: JourneysTold,
}

/// Rows that no journey holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// All touches read.
    pub touches: u64,
    /// Touches that name nobody, or nobody known.
    pub touches_without_key: u64,
    /// Touches without a time.
    pub touches_undated: u64,
    /// Touches after the end.
    pub touches_future: u64,
    /// Touches whose channel is not recorded; they count under a name of their own.
    pub touches_without_channel: u64,
    /// Conversions without a time.
    pub conversions_undated: u64,
    /// Conversions after the end.
    pub conversions_future: u64,
    /// Conversions of several people, counted with the first of them.
    pub several_people: u64,
}

/// The tables and columns that journeys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JourneysTold {
    /// The table of touches, and how it names whose they are.
    pub touches: String,
    /// Its column with the channel.
    pub channel: String,
    /// Its column with the time.
    pub touch_time: String,
    /// How it names whose they are.
    pub touches_by: String,
    /// The table of conversions.
    pub conversions: String,
    /// Its column with the time.
    pub conversion_time: String,
    /// Its column with the value, where there is one.
    pub value: Option<String>,
    /// How it names whose they are.
    pub conversions_by: String,
    /// Where the moments come from when leads were made.
    pub leads: Option<String>,
    /// Whose journeys they are.
    pub level: Level,
}
