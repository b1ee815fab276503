//! Telephone numbers in their international form.

use phonenumber::{country::Id, parse};
use std::{fmt, str::FromStr};

/// Fewer digits than these are an extension or a slip.
const FEWEST: usize = 6;

/// The country whose numbers stand without a country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(Id);

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = text.to_ascii_uppercase().parse::<Id>().map(Self);
        known.map_err(|_| format!("`{text}` is no country; give two letters of ISO 3166, such as US or DE"))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref())
    }
}

/// The number with its country code; its digits where nobody says of which country it is.
pub(super) fn phone(text: &str, region: Option<Region>) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = |letter: char| letter.is_ascii_digit() || " -./()".contains(letter);
    let is_plain =
        text.strip_prefix('+').is_some_and(|rest| rest.chars().all(plain) && !rest.contains("(0)"));
    if is_plain && digits.len() > FEWEST {
        return Some(format!("+{digits}"));
    }
    if let Ok(number) = parse(region.map(|region| region.0), text)
        && (region.is_some() || text.starts_with('+'))
    {
        return Some(format!("+{}{}", number.code().value(), number.national()));
    }
    (digits.len() >= FEWEST && !is_repeated(&digits)).then_some(digits)
}

/// Whether it is one digit again and again, as people fill in what they must.
fn is_repeated(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    bytes.next().is_some_and(|first| bytes.all(|byte| byte == first))
}
