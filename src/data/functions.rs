//! Our functions of one cell in the engine: what the rules say of a text, said inside a query.

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, Float64Builder, Int64Builder, StringViewArray, StringViewBuilder},
        datatypes::DataType,
    },
    error::Result,
    execution::context::SessionContext,
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};
use revarch_domain::{
    association::company_core,
    value::{Number, Reading, is_placeholder, moment},
};
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Makes them known to the engine.
pub(crate) fn register(context: &SessionContext) {
    for function in all() {
        context.register_udf(ScalarUDF::from(function));
    }
}

fn all() -> [OfText; 5] {
    [
        // The text without white space around it, or null for a blank or a placeholder.
        OfText::new("filled", DataType::Utf8View, |cells| {
            let mut filled = StringViewBuilder::with_capacity(cells.len());
            for cell in cells {
                let text = cell.map(str::trim).filter(|text| !text.is_empty() && !is_placeholder(text));
                filled.append_option(text);
            }
            Arc::new(filled.finish())
        }),
        // The same of a key, without the fraction that programs write behind whole numbers: `101.0` is `101`.
        OfText::new("key_text", DataType::Utf8View, |cells| {
            let mut keys = StringViewBuilder::with_capacity(cells.len());
            for cell in cells {
                let text = cell.map(str::trim).filter(|text| !text.is_empty() && !is_placeholder(text));
                keys.append_option(text.map(|text| {
                    let whole = text.strip_suffix(".0");
                    whole.filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
                }));
            }
            Arc::new(keys.finish())
        }),
        // Microseconds since 1970 of a day or moment; null for any other text.
        OfText::new("moment_micros", DataType::Int64, |cells| {
            let mut micros = Int64Builder::with_capacity(cells.len());
            for cell in cells {
                micros.append_option(
                    cell.and_then(|text| moment(text.trim())).and_then(|moment| moment.micros),
                );
            }
            Arc::new(micros.finish())
        }),
        // The number that a text is; null for any other text.
        OfText::new("number_value", DataType::Float64, |cells| {
            let mut numbers = Float64Builder::with_capacity(cells.len());
            for cell in cells {
                numbers.append_option(cell.and_then(|text| Reading::of(text).number).map(Number::value));
            }
            Arc::new(numbers.finish())
        }),
        // What a company's name comes to without its legal form and punctuation.
        OfText::new("company_core", DataType::Utf8View, |cells| {
            let mut cores = StringViewBuilder::with_capacity(cells.len());
            for cell in cells {
                cores.append_option(cell.map(company_core).filter(|core| !core.is_empty()));
            }
            Arc::new(cores.finish())
        }),
    ]
}

/// A function of one text, told from others by its name.
#[derive(Debug)]
struct OfText {
    name: &'static str,
    gives: DataType,
    signature: Signature,
    of: fn(&StringViewArray) -> ArrayRef,
}

impl OfText {
    fn new(name: &'static str, gives: DataType, of: fn(&StringViewArray) -> ArrayRef) -> Self {
        let signature = Signature::exact(vec![DataType::Utf8View], Volatility::Immutable);
        Self { name, gives, signature, of }
    }
}

impl PartialEq for OfText {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OfText {}

impl Hash for OfText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for OfText {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.gives.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let cells = ColumnarValue::values_to_arrays(&args.args)?;
        Ok(ColumnarValue::Array((self.of)(cells[0].as_string_view())))
    }
}
