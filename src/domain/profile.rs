//! What is known of a table after it has been read once.

use crate::{
    proportion::Proportion,
    value::{DateFormat, Kind},
};

/// A column whose values are of one type from this share on; the rest are exceptions.
const DOMINANT_SHARE: f64 = 0.9;
/// From this share on, values of one type are what the column was meant to hold.
const INTENDED_SHARE: f64 = 0.5;

/// The shares of the values that lie below each quantile that is kept.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// The facts about one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnProfile {
    /// The column's name in the file.
    pub name: String,
    /// Rows read.
    pub rows: u64,
    /// Rows without a value.
    pub nulls: u64,
    /// Rows with white space only.
    pub blanks: u64,
    /// Rows with a text that stands for nothing.
    pub placeholders: u64,
    /// Filled rows by kind, in the order of [`Kind::ALL`].
    pub kinds: [u64; Kind::ALL.len()],
    /// Distinct filled values.
    pub distinct: u64,
    /// Whether `distinct` was counted rather than estimated.
    pub distinct_exact: bool,
    /// Filled values with white space around them.
    pub padded: u64,
    /// Least and greatest number.
    pub numbers: Option<(f64, f64)>,
    /// The number at each of [`QUANTILES`].
    pub number_quantiles: Option<[f64; QUANTILES.len()]>,
    /// First and last moment, in microseconds since 1970.
    pub moments: Option<(i64, i64)>,
    /// The moment at each of [`QUANTILES`].
    pub moment_quantiles: Option<[i64; QUANTILES.len()]>,
    /// Days and moments by the way they are written, in the order of [`DateFormat::ALL`].
    pub date_formats: [u64; DateFormat::ALL.len()],
    /// Moments before 1900 or after 2100.
    pub implausible_moments: u64,
    /// Filled values that are another, commoner value but for case; unknown where values were not counted.
    pub case_variants: Option<u64>,
    /// Filled values that are another, commoner value but for white space; unknown where values were not counted.
    pub space_variants: Option<u64>,
    /// Values that read like an order to an agent.
    pub instructions: u64,
    /// Values with a control character, such as NUL, other than a line break or tab.
    pub controls: u64,
    /// The length of the longest value, in bytes.
    pub longest: u64,
    /// The most frequent values with their counts, the commonest first. Where there were too many different ones
    /// to count, only values that are surely frequent, each with a lower bound.
    pub top: Vec<(String, u64)>,
    /// Whether the counts of `top` are exact, and it holds every value of a short list.
    pub top_exact: bool,
}

/// The type a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// No filled value.
    Empty,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Decimal,
    /// Truth values.
    Boolean,
    /// Days.
    Date,
    /// Moments.
    Timestamp,
    /// Text of any sort.
    Text,
}

impl ValueType {
    /// The type's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Text => "text",
        }
    }

    /// Whether values of the type say when something was.
    pub const fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp)
    }

    /// Whether values of the type can be computed with.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }
}

impl ColumnProfile {
    /// Rows that hold neither a null, a blank nor a placeholder.
    pub fn filled(&self) -> u64 {
        self.rows - self.empty()
    }

    /// Rows that hold nothing an agent could use.
    pub fn empty(&self) -> u64 {
        self.nulls + self.blanks + self.placeholders
    }

    /// Filled rows among all.
    pub fn fill(&self) -> Proportion {
        Proportion::new(self.filled(), self.rows)
    }

    /// Filled rows of a kind.
    pub fn count(&self, kind: Kind) -> u64 {
        self.kinds[kind.index()]
    }

    /// The type most values have and how many of the filled ones have it.
    fn leading(&self) -> (ValueType, u64) {
        let numbers = self.count(Kind::Integer) + self.count(Kind::Decimal);
        let moments = self.count(Kind::Date) + self.count(Kind::Timestamp);
        let booleans = self.count(Kind::Boolean);
        let texts = self.filled() - numbers - moments - booleans;
        let number = if self.count(Kind::Decimal) == 0 { ValueType::Integer } else { ValueType::Decimal };
        let moment = if self.count(Kind::Timestamp) == 0 { ValueType::Date } else { ValueType::Timestamp };
        [(number, numbers), (moment, moments), (ValueType::Boolean, booleans), (ValueType::Text, texts)]
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .filter(|(_, count)| *count > 0)
            .unwrap_or((ValueType::Empty, 0))
    }

    /// The type the column holds. A few exceptions do not change it; see [`ColumnProfile::exceptions`].
    pub fn value_type(&self) -> ValueType {
        let (leading, count) = self.leading();
        let share = Proportion::new(count, self.filled()).rate();
        match share {
            None => ValueType::Empty,
            Some(share) if share >= DOMINANT_SHARE => leading,
            Some(_) => ValueType::Text,
        }
    }

    /// Filled values that are not of the type the column was plainly meant to hold.
    pub fn exceptions(&self) -> u64 {
        let (leading, count) = self.leading();
        let intended =
            Proportion::new(count, self.filled()).rate().is_some_and(|share| share >= INTENDED_SHARE);
        if intended && leading != ValueType::Text { self.filled() - count } else { 0 }
    }

    /// The pattern that nearly all text values follow.
    pub fn pattern(&self) -> Option<Kind> {
        [
            Kind::Email,
            Kind::Url,
            Kind::Phone,
            Kind::Domain,
            Kind::Uuid,
            Kind::SalesforceId,
            Kind::FormattedNumber,
        ]
        .into_iter()
        .find(|kind| {
            Proportion::new(self.count(*kind), self.filled())
                .rate()
                .is_some_and(|share| share >= DOMINANT_SHARE)
        })
    }

    /// The ways in which days are written, with their rows, the commonest first.
    pub fn written_days(&self) -> Vec<(DateFormat, u64)> {
        let mut used: Vec<_> =
            DateFormat::ALL.into_iter().zip(self.date_formats).filter(|(_, rows)| *rows > 0).collect();
        used.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        used
    }

    /// Whether every filled value occurs once and no row is empty.
    pub fn is_key(&self) -> bool {
        self.rows > 0 && self.empty() == 0 && self.distinct_exact && self.distinct == self.rows
    }

    /// Whether the column repeats a short list of values.
    pub fn is_picklist(&self) -> bool {
        const LONGEST: u64 = 100;
        self.distinct_exact
            && self.distinct > 1
            && self.distinct <= LONGEST
            && self.distinct * 4 <= self.filled()
    }
}

/// The facts about one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableProfile {
    /// The table's name.
    pub name: String,
    /// Rows read, which are all there are.
    pub rows: u64,
    /// The columns in the order of the file.
    pub columns: Vec<ColumnProfile>,
}

impl TableProfile {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        self.columns.iter().find(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[(Kind, u64)]) -> ColumnProfile {
        let mut column = ColumnProfile::default();
        for (kind, count) in values {
            column.kinds[kind.index()] += count;
            column.rows += count;
        }
        column
    }

    #[test]
    fn a_few_exceptions_leave_the_type_and_are_counted() {
        let employees = column(&[(Kind::Integer, 95), (Kind::Text, 5)]);
        assert_eq!((employees.value_type(), employees.exceptions()), (ValueType::Integer, 5));
        let mixed = column(&[(Kind::Integer, 60), (Kind::Text, 40)]);
        assert_eq!((mixed.value_type(), mixed.exceptions()), (ValueType::Text, 40));
        let names = column(&[(Kind::Text, 95), (Kind::Integer, 5)]);
        assert_eq!((names.value_type(), names.exceptions()), (ValueType::Text, 0));
        assert_eq!(column(&[]).value_type(), ValueType::Empty);
    }

    #[test]
    fn dates_with_some_times_are_timestamps() {
        assert_eq!(column(&[(Kind::Date, 9), (Kind::Timestamp, 1)]).value_type(), ValueType::Timestamp);
    }
}
