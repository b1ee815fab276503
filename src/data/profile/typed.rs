//! Columns whose file tells their type: numbers and moments are counted as they are, and become text only once
//! each, at the end. The answer is the same as for the text, which is how a CSV file holds them.

use super::sketch::Sketch;
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, PrimitiveArray},
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
    Decimal,
    Day,
    Moment,
}

impl Typed {
    /// The counter for a type; none for the types that are read as text.
    pub(super) fn of(of: &DataType, capacity: usize) -> Option<Self> {
        use DataType::{
            Date32, Float32, Float64, Int8, Int16, Int32, Int64, Timestamp, UInt8, UInt16, UInt32,
        };
        let (shape, shown_as) = match of {
            Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 => (Shape::Integer, Int64),
            // A 32-bit number is shown as such: 0.1 stays 0.1.
            Float64 => (Shape::Decimal, Float64),
            Float32 => return None,
            Date32 => (Shape::Day, Date32),
            Timestamp(_, zone) => (Shape::Moment, Timestamp(TimeUnit::Microsecond, zone.clone())),
            _ => return None,
        };
        let counts = HashMap::with_hasher(FixedState::default());
        Some(Self { shape, shown_as, capacity, counts, is_beyond: false })
    }

    /// Counts a batch.
    pub(super) fn add(&mut self, cells: &ArrayRef, sketch: &mut Sketch) -> Result<()> {
        sketch.add_nulls(cells.null_count() as u64);
        let cells = if *cells.data_type() == self.shown_as {
            Arc::clone(cells)
        } else {
            cast(cells, &self.shown_as)?
        };
        match self.shape {
            Shape::Integer => self.count(cells.as_primitive::<Int64Type>().iter().flatten(), sketch),
            Shape::Decimal => {
                let bits = cells.as_primitive::<Float64Type>().iter().flatten();
                self.count(bits.map(|number| number.to_bits().cast_signed()), sketch)
            }
            Shape::Day => {
                self.count(cells.as_primitive::<Date32Type>().iter().flatten().map(i64::from), sketch)
            }
            Shape::Moment => {
                self.count(cells.as_primitive::<TimestampMicrosecondType>().iter().flatten(), sketch)
            }
        }
    }

    fn count(&mut self, values: impl Iterator<Item = i64>, sketch: &mut Sketch) -> Result<()> {
        for value in values {
            if self.is_beyond {
                self.tell(value, sketch);
                continue;
            }
            *self.counts.entry(value).or_default() += 1;
            if self.counts.len() > self.capacity {
                self.settle(sketch)?;
                self.is_beyond = true;
            }
        }
        Ok(())
    }

    fn tell(&self, value: i64, sketch: &mut Sketch) {
        match self.shape {
            Shape::Integer => sketch.add_told(|tally| tally.add_integer(value), || value.to_string().into()),
            Shape::Decimal => {
                let number = f64::from_bits(value.cast_unsigned());
                sketch.add_told(|tally| tally.add_decimal(number), || format!("{number:?}").into());
            }
            Shape::Day => {
                let micros = value * MICROS_PER_DAY;
                sketch.add_told(|tally| tally.add_moment(micros, Kind::Date), || shown(micros, false).into());
            }
            Shape::Moment => {
                sketch
                    .add_told(|tally| tally.add_moment(value, Kind::Timestamp), || shown(value, true).into());
            }
        }
    }

    /// Hands what was counted to the sketch, as text.
    pub(super) fn settle(&mut self, sketch: &mut Sketch) -> Result<()> {
        let mut counts: Vec<(i64, u64)> = self.counts.drain().collect();
        counts.sort_unstable();
        let values = counts.iter().map(|(value, _)| *value);
        let array: ArrayRef = match self.shape {
            Shape::Integer => Arc::new(PrimitiveArray::<Int64Type>::from_iter_values(values)),
            Shape::Decimal => Arc::new(PrimitiveArray::<Float64Type>::from_iter_values(
                values.map(|bits| f64::from_bits(bits.cast_unsigned())),
            )),
            Shape::Day => Arc::new(PrimitiveArray::<Date32Type>::from_iter_values(
                values.filter_map(|day| i32::try_from(day).ok()),
            )),
            Shape::Moment => {
                let zone = match &self.shown_as {
                    DataType::Timestamp(_, zone) => zone.clone(),
                    _ => None,
                };
                Arc::new(
                    PrimitiveArray::<TimestampMicrosecondType>::from_iter_values(values)
                        .with_timezone_opt(zone),
                )
            }
        };
        let texts = cast(&array, &DataType::Utf8View)?;
        for (text, (_, times)) in texts.as_string_view().iter().zip(counts) {
            sketch.add_times(text.unwrap_or_default(), times);
        }
        Ok(())
    }

    pub(super) fn size(&self) -> usize {
        self.counts.capacity() * 2 * size_of::<i64>()
    }
}
