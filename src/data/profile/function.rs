//! Our two functions in the engine: `profile`, which sums up a column, and `filled`, which empties what only
//! looks full.

use super::sketch::Sketch;
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, StringViewBuilder},
        datatypes::DataType,
    },
    common::ScalarValue,
    error::Result,
    logical_expr::{
        Accumulator, AggregateUDF, ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
        create_udaf,
    },
};
use revarch_domain::value::is_placeholder;
use std::sync::Arc;

/// The aggregate `profile(text)`, whose result is a sketch as bytes.
pub(super) fn profile() -> AggregateUDF {
    create_udaf(
        "profile",
        vec![DataType::Utf8View],
        Arc::new(DataType::Binary),
        Volatility::Immutable,
        Arc::new(|_| Ok(Box::new(Profile::default()) as Box<dyn Accumulator>)),
        Arc::new(vec![DataType::Binary]),
    )
}

#[derive(Debug, Default)]
struct Profile {
    sketch: Sketch,
}

impl Accumulator for Profile {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for cell in values[0].as_string_view() {
            self.sketch.add(cell);
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
        Ok(ScalarValue::Binary(Some(self.sketch.to_bytes()?)))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.sketch.size()
    }
}

/// The scalar `filled(text)`: the text without white space around it, or null for a blank or a placeholder.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Filled {
    signature: Signature,
}

impl Default for Filled {
    fn default() -> Self {
        Self { signature: Signature::exact(vec![DataType::Utf8View], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Filled {
    fn name(&self) -> &'static str {
        "filled"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let cells = ColumnarValue::values_to_arrays(&args.args)?;
        let cells = cells[0].as_string_view();
        let mut filled = StringViewBuilder::with_capacity(cells.len());
        for cell in cells {
            filled
                .append_option(cell.map(str::trim).filter(|text| !text.is_empty() && !is_placeholder(text)));
        }
        Ok(ColumnarValue::Array(Arc::new(filled.finish())))
    }
}
