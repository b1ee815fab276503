//! What is counted of values, whether one by one or a whole row count at a time.

use super::histogram::{self, Histogram};
use revarch_domain::{
    profile::{ColumnProfile, QUANTILES},
    value::{
        DateFormat, Kind, MICROS_PER_DAY, Number, Reading, is_placeholder, reads_like_an_order, trimmed,
    },
};
use serde::{Deserialize, Serialize};

/// 1900-01-01, which stands for nothing.
const NO_MOMENT: i64 = -25_567 * MICROS_PER_DAY;
/// 2101-01-01.
const FAR_FUTURE: i64 = 47_847 * MICROS_PER_DAY;

/// Counts of values by what they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) blanks: u64,
    pub(super) placeholders: u64,
    padded: u64,
    kinds: [u64; Kind::ALL.len()],
    formats: [u64; DateFormat::ALL.len()],
    implausible: u64,
    instructions: u64,
    controls: u64,
    longest: u64,
    numbers: Option<(f64, f64)>,
    moments: Option<(i64, i64)>,
    spread_of_numbers: Histogram,
    spread_of_moments: Histogram,
}

/// What a value is, as far as telling it from others goes.
pub(super) enum Told {
    /// Nothing: a blank or a placeholder.
    Nothing,
    /// A whole number.
    Integer(i64),
    /// Another number.
    Decimal(f64),
    /// A moment.
    Moment(i64),
    /// A text.
    Text,
}

impl Tally {
    /// For values of which each is counted: their spread is exact.
    pub(super) fn of_counted() -> Self {
        Self {
            spread_of_numbers: Histogram::exact(),
            spread_of_moments: Histogram::exact(),
            ..Self::default()
        }
    }

    /// Counts a cell as it stands in the file.
    pub(super) fn add(&mut self, raw: &str, times: u64) -> Told {
        let text = trimmed(raw);
        if text.is_empty() {
            self.blanks += times;
            return Told::Nothing;
        }
        if is_placeholder(text) {
            self.placeholders += times;
            return Told::Nothing;
        }
        if text.len() < raw.len() {
            self.padded += times;
        }
        let Reading { kind, number, moment, letters } = Reading::of(text);
        self.kinds[kind.index()] += times;
        if let Some(moment) = moment {
            self.formats[moment.format.index()] += times;
            if let Some(micros) = moment.micros {
                self.moment(micros, times);
                return Told::Moment(micros);
            }
            return Told::Text;
        }
        if let Some(number) = number {
            self.number(number.value(), times);
            return match number {
                Number::Whole(whole) => Told::Integer(whole),
                Number::Decimal(decimal) => Told::Decimal(decimal),
            };
        }
        self.longest = self.longest.max(text.len() as u64);
        // An order takes a sentence.
        if kind == Kind::Text {
            if letters.may_be_odd() && is_odd(text) {
                self.controls += times;
            }
            if letters.may_be_a_sentence() && reads_like_an_order(text) {
                self.instructions += times;
            }
        }
        Told::Text
    }

    /// Counts a whole number of a typed column.
    pub(super) fn add_integer(&mut self, value: i64) -> Told {
        self.kinds[Kind::Integer.index()] += 1;
        self.number(value as f64, 1);
        Told::Integer(value)
    }

    /// Counts a number of a typed column.
    pub(super) fn add_decimal(&mut self, value: f64) -> Told {
        if !value.is_finite() {
            self.placeholders += 1;
            return Told::Nothing;
        }
        self.kinds[Kind::Decimal.index()] += 1;
        self.number(value, 1);
        Told::Decimal(value)
    }

    /// Counts a day or moment of a typed column.
    pub(super) fn add_moment(&mut self, micros: i64, kind: Kind) -> Told {
        if micros == NO_MOMENT {
            self.placeholders += 1;
            return Told::Nothing;
        }
        self.kinds[kind.index()] += 1;
        self.formats[DateFormat::YearFirst.index()] += 1;
        self.moment(micros, 1);
        Told::Moment(micros)
    }

    fn number(&mut self, number: f64, times: u64) {
        let (low, high) = self.numbers.get_or_insert((number, number));
        *low = low.min(number);
        *high = high.max(number);
        self.spread_of_numbers.add(histogram::of_number(number), times);
    }

    fn moment(&mut self, micros: i64, times: u64) {
        let (first, last) = self.moments.get_or_insert((micros, micros));
        *first = (*first).min(micros);
        *last = (*last).max(micros);
        if !(NO_MOMENT..FAR_FUTURE).contains(&micros) {
            self.implausible += times;
        }
        self.spread_of_moments.add(histogram::of_moment(micros), times);
    }

    /// Takes in what waits.
    pub(super) fn settle(&mut self) {
        self.spread_of_numbers.settle();
        self.spread_of_moments.settle();
    }

    pub(super) fn merge(&mut self, other: Self) {
        let Self {
            blanks,
            placeholders,
            padded,
            kinds,
            formats,
            implausible,
            instructions,
            controls,
            longest,
            numbers,
            moments,
            spread_of_numbers,
            spread_of_moments,
        } = other;
        self.blanks += blanks;
        self.placeholders += placeholders;
        self.padded += padded;
        self.implausible += implausible;
        self.instructions += instructions;
        self.controls += controls;
        self.longest = self.longest.max(longest);
        for (mine, theirs) in self.kinds.iter_mut().zip(kinds) {
            *mine += theirs;
        }
        for (mine, theirs) in self.formats.iter_mut().zip(formats) {
            *mine += theirs;
        }
        if let Some((low, high)) = numbers {
            let mine = self.numbers.get_or_insert((low, high));
            *mine = (mine.0.min(low), mine.1.max(high));
        }
        if let Some((first, last)) = moments {
            let mine = self.moments.get_or_insert((first, last));
            *mine = (mine.0.min(first), mine.1.max(last));
        }
        self.spread_of_numbers.merge(spread_of_numbers);
        self.spread_of_moments.merge(spread_of_moments);
    }

    /// The profile's part that is counted here.
    pub(super) fn into_profile(mut self) -> ColumnProfile {
        self.settle();
        let Self {
            blanks,
            placeholders,
            padded,
            kinds,
            formats,
            implausible,
            instructions,
            controls,
            longest,
            numbers,
            moments,
            spread_of_numbers,
            spread_of_moments,
        } = self;
        let number_quantiles =
            spread_of_numbers.quantiles(QUANTILES).map(|all| all.map(histogram::to_number));
        let moment_quantiles =
            spread_of_moments.quantiles(QUANTILES).map(|all| all.map(histogram::to_moment));
        ColumnProfile {
            blanks,
            placeholders,
            padded,
            kinds,
            date_formats: formats,
            implausible_moments: implausible,
            instructions,
            controls,
            longest,
            numbers,
            moments,
            // The middle of the last or first few may lie outside of all.
            number_quantiles: number_quantiles
                .zip(numbers)
                .map(|(all, (low, high))| all.map(|number| number.clamp(low, high))),
            moment_quantiles: moment_quantiles
                .zip(moments)
                .map(|(all, (first, last))| all.map(|moment| moment.clamp(first, last))),
            ..ColumnProfile::default()
        }
    }

    pub(super) fn size(&self) -> usize {
        size_of_val(self) + self.spread_of_numbers.size() + self.spread_of_moments.size()
    }
}

/// Whether a text holds a letter that no one typed on purpose: NUL and its like, letters that turn the order of
/// reading around, and the invisible alphabet of tags.
fn is_odd(text: &str) -> bool {
    let odd = |letter: char| {
        letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
    };
    if text.is_ascii() {
        text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7F)
    } else {
        text.chars().any(odd)
    }
}
