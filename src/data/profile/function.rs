//! Our aggregate in the engine: `profile`, which sums up a column.

use super::{recent::Recent, sketch::Sketch, typed::Typed};
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray},
        compute::cast,
        datatypes::{DataType, Field, FieldRef},
    },
    common::ScalarValue,
    error::Result,
    logical_expr::{
        Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
        function::{AccumulatorArgs, StateFieldsArgs},
    },
};
use std::sync::Arc;

/// The aggregate `profile(column)`, whose result is a sketch as bytes.
pub(super) fn profile(capacity: usize) -> AggregateUDF {
    AggregateUDF::from(Profile { signature: Signature::any(1, Volatility::Immutable), capacity })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Profile {
    signature: Signature,
    /// So many different values of a column are counted one by one.
    capacity: usize,
}

impl AggregateUDFImpl for Profile {
    fn name(&self) -> &'static str {
        "profile"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let of = args.expr_fields[0].data_type().clone();
        Ok(Box::new(Column {
            sketch: Sketch::new(self.capacity),
            typed: Typed::of(&of, self.capacity),
            recent: Recent::default(),
        }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}_sketch", args.name), DataType::Binary, true))])
    }
}

/// The sketch of a column, behind what spares columns of numbers the way through text.
#[derive(Debug)]
struct Column {
    sketch: Sketch,
    typed: Option<Typed>,
    recent: Recent,
}

impl Accumulator for Column {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let cells = &values[0];
        if let Some(typed) = &mut self.typed {
            return typed.add(cells, &mut self.sketch);
        }
        let cells = if *cells.data_type() == DataType::Utf8View {
            Arc::clone(cells)
        } else {
            cast(cells, &DataType::Utf8View)?
        };
        let cells = cells.as_string_view();
        self.sketch.add_nulls(cells.null_count() as u64);
        if self.sketch.is_counting() {
            self.recent.add(cells, &mut self.sketch);
        } else {
            cells.iter().flatten().for_each(|cell| self.sketch.add(cell));
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for state in states[0].as_binary::<i32>().iter().flatten() {
            self.sketch.merge(Sketch::from_bytes(state)?);
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if let Some(typed) = &mut self.typed {
            typed.settle(&mut self.sketch);
        }
        self.recent.settle(&mut self.sketch);
        Ok(ScalarValue::Binary(Some(self.sketch.bytes()?)))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.sketch.size() + self.typed.as_ref().map_or(0, Typed::size)
    }
}
