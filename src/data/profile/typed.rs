//! Columns whose file tells their type: numbers and moments are counted as they are, and become text only once
//! each, at the end. The answer is the same as for the text, which is how a CSV file holds them.

use super::sketch::Sketch;
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray},
        compute::cast,
        datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType},
    },
    error::Result,
};
use foldhash::fast::FixedState;
use revarch_domain::value::{Kind, MICROS_PER_DAY, shown};
use std::{collections::HashMap, sync::Arc};

/// The counts of a typed column's values, by their bits.
#[derive(Debug)]
pub(super) struct Typed {
    shape: Shape,
    /// The type in which text is made of the values.
    shown_as: DataType,
    capacity: usize,
    counts: HashMap<i64, u64, FixedState>,
    /// Set once there were too many different values.
    is_beyond: bool,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Integer,
    Truth,
    Decimal,
    Day,
    Moment,
}

impl Typed {
    /// The counter for a type; none for the types that are read as text.
    pub(super) fn of(of: &DataType, capacity: usize) -> Option<Self> {
        use DataType::{
            Boolean, Date32, Float64, Int8, Int16, Int32, Int64, Timestamp, UInt8, UInt16, UInt32,
        };
        let (shape, shown_as) = match of {
            Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 => (Shape::Integer, Int64),
            Boolean => (Shape::Truth, Boolean),
            Float64 => (Shape::Decimal, Float64),
            Date32 => (Shape::Day, Date32),
            Timestamp(_, zone) => (Shape::Moment, Timestamp(TimeUnit::Microsecond, zone.clone())),
            // A 32-bit number among them: read as text it stays 0.1.
            _ => return None,
        };
        let counts = HashMap::with_hasher(FixedState::default());
        Some(Self { shape, shown_as, capacity, counts, is_beyond: false })
    }

    /// Counts a batch.
    pub(super) fn add(&mut self, cells: &ArrayRef, sketch: &mut Sketch) -> Result<()> {
        let cells = if *cells.data_type() == self.shown_as {
            Arc::clone(cells)
        } else {
            cast(cells, &self.shown_as)?
        };
        // A moment too far off to be told in microseconds has become a null.
        sketch.add_nulls(cells.null_count() as u64);
        match self.shape {
            Shape::Integer => self.count(cells.as_primitive::<Int64Type>().iter().flatten(), sketch),
            Shape::Truth => {
                let truths = cells.as_boolean();
                for (value, times) in [(1, truths.true_count()), (0, truths.false_count())] {
                    if times > 0 {
                        *self.counts.entry(value).or_default() += times as u64;
                    }
                }
            }
            Shape::Decimal => {
                let bits = cells.as_primitive::<Float64Type>().iter().flatten();
                self.count(bits.map(|number| number.to_bits().cast_signed()), sketch);
            }
            Shape::Day => {
                self.count(cells.as_primitive::<Date32Type>().iter().flatten().map(i64::from), sketch);
            }
            Shape::Moment => {
                self.count(cells.as_primitive::<TimestampMicrosecondType>().iter().flatten(), sketch);
            }
        }
        Ok(())
    }

    fn count(&mut self, values: impl Iterator<Item = i64>, sketch: &mut Sketch) {
        for value in values {
            if self.is_beyond {
                self.tell(value, sketch);
                continue;
            }
            *self.counts.entry(value).or_default() += 1;
            if self.counts.len() > self.capacity {
                self.settle(sketch);
                self.is_beyond = true;
            }
        }
    }

    fn tell(&self, value: i64, sketch: &mut Sketch) {
        let text = || self.text(value);
        match self.shape {
            Shape::Integer | Shape::Truth => sketch.add_told(|tally| tally.add_integer(value), text),
            Shape::Decimal => {
                let number = f64::from_bits(value.cast_unsigned());
                sketch.add_told(|tally| tally.add_decimal(number), text);
            }
            Shape::Day => {
                let micros = value.saturating_mul(MICROS_PER_DAY);
                sketch.add_told(|tally| tally.add_moment(micros, Kind::Date), text);
            }
            Shape::Moment => {
                sketch.add_told(|tally| tally.add_moment(value, Kind::Timestamp), text);
            }
        }
    }

    /// A value as a CSV file would hold it.
    fn text(&self, value: i64) -> Box<str> {
        match self.shape {
            Shape::Integer => value.to_string().into(),
            Shape::Truth => (value == 1).to_string().into(),
            Shape::Decimal => format!("{:?}", f64::from_bits(value.cast_unsigned())).into(),
            Shape::Day => shown(value.saturating_mul(MICROS_PER_DAY), false).into(),
            Shape::Moment => shown(value, true).trim_end_matches('Z').into(),
        }
    }

    /// Hands what was counted to the sketch, as text.
    pub(super) fn settle(&mut self, sketch: &mut Sketch) {
        let mut counts: Vec<(i64, u64)> = self.counts.drain().collect();
        counts.sort_unstable();
        for (value, times) in counts {
            sketch.add_times(&self.text(value), times);
        }
    }

    pub(super) fn size(&self) -> usize {
        self.counts.capacity() * 2 * size_of::<i64>()
    }
}
