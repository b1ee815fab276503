//! The lenses there are: those that ship, and the operator's own.

use crate::{Context, ErrorKind, ToolError};
use revarch_domain::{
    maturity::{
        Lens, LensError,
        lens::{DEFAULT, HIGHEST_LEVEL, LOWEST_LEVEL},
    },
    nearest::nearest,
};

/// The lens of that name, or the one that is used unless another is named.
pub(super) fn open(name: Option<&str>, context: &Context) -> Result<Lens, ToolError> {
    let name = name.unwrap_or(DEFAULT);
    if let Some(own) = context.lenses.iter().find(|lens| lens.id == name) {
        return Ok(own.clone());
    }
    Lens::shipped(name).map_err(|error| match error {
        LensError::UnknownLens { .. } => unknown(name, &error, context),
        broken @ LensError::Flawed { .. } => {
            ToolError::new(ErrorKind::Internal, format!("cannot use the lens `{name}`: {broken}"))
        }
    })
}

/// The lens with another cap on what is only said.
pub(super) fn capped(mut lens: Lens, cap: u8) -> Result<Lens, ToolError> {
    if !(LOWEST_LEVEL..=HIGHEST_LEVEL).contains(&cap) {
        let message = format!("attested_cap is {cap}, which is not on the scale from 1 to 5");
        return Err(ToolError::input(message)
            .hint("5 lets statements count in full; the lens's own is used otherwise"));
    }
    lens.parameters.attested_cap = cap;
    Ok(lens)
}

/// The lens that asks such a question, for a caller who had another lens in mind.
pub(super) fn asking(question: &str, context: &Context) -> Option<String> {
    let asks = |lens: &Lens| lens.question_ids().any(|(_, known)| known == question);
    let own = context.lenses.iter().find(|lens| asks(lens)).map(|lens| lens.id.clone());
    own.or_else(|| {
        let mut shipped = Lens::names().filter_map(|name| Lens::shipped(name).ok());
        shipped.find(asks).map(|lens| lens.id)
    })
}

fn unknown(name: &str, error: &LensError, context: &Context) -> ToolError {
    let mut known: Vec<&str> = Lens::names().collect();
    known.extend(context.lenses.iter().map(|lens| lens.id.as_str()));
    let failure = ToolError::input(error.to_string());
    let failure = match nearest(name, known.iter().copied()).first() {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure,
    };
    failure.hint(format!("lenses are: {}", known.join(", ")))
}
