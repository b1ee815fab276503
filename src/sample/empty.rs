//! What stands in a field that nobody filled.

use crate::dice::Dice;

/// Text that fills a field without saying anything.
pub(crate) const PLACEHOLDERS: [&str; 6] = ["n/a", "N/A", "-", "unknown", "test", "1900-01-01"];

/// The date that systems write where they must write one.
pub(crate) const PLACEHOLDER_DATE: &str = PLACEHOLDERS[5];

/// The share of empty text fields that hold a placeholder.
const PLACEHOLDER_SHARE: f64 = 0.25;

/// Whether the text is one of the placeholders.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.len() <= PLACEHOLDER_DATE.len() && PLACEHOLDERS.contains(&text)
}

/// The emptiness of a text field that is empty in the given share of rows, or nothing where it is filled.
pub(crate) fn empty(dice: &mut Dice, share: f64) -> Option<&'static str> {
    dice.flaw(share).then(|| if dice.chance(PLACEHOLDER_SHARE) { dice.pick(&PLACEHOLDERS[..5]) } else { "" })
}
