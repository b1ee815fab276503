//! Values as they are compared: what is only spelling is gone, and what tells nobody apart is nothing.

mod address;
mod email;
mod phone;
mod web;
mod words;

#[cfg(test)]
mod tests;

pub use email::{Email, email};
pub use phone::Region;
pub use web::domain;

use super::kind::Kind;
use crate::{
    association::company_core,
    value::{MICROS_PER_DAY, is_placeholder, moment},
};
use words::{fold, latin, person};

/// What a value comes to, or nothing where it is empty, a placeholder or no value of its kind.
pub fn normal(kind: Kind, text: &str, region: Option<Region>) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || is_placeholder(text) {
        return None;
    }
    let normal = match kind {
        Kind::GivenName | Kind::FamilyName | Kind::FullName => person(text),
        Kind::Email => return email(text).filter(|email| !email.is_role()).map(|email| email.to_string()),
        Kind::Phone => return phone::phone(text, region),
        Kind::Date => return day(text),
        Kind::Place | Kind::Text => fold(text),
        Kind::Address => address::address(text),
        Kind::Code => fold(text).replace(' ', ""),
        Kind::Domain => return domain(text).filter(|domain| !web::is_free_mail(domain)),
        Kind::Company => fold(&company_core(&latin(text))),
    };
    Some(normal).filter(|normal| !normal.is_empty())
}

/// A day as eight digits. Eight digits are taken as they stand, right or wrong: a slip of the finger still compares.
fn day(text: &str) -> Option<String> {
    /// Days that programs write where nobody knows.
    const NOBODY_KNOWS: [&str; 3] = ["19000101", "19700101", "99991231"];
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_bare = digits.len() == 8 && digits.len() == text.len();
    let day = if is_bare {
        digits
    } else {
        let micros = moment(text)?.micros?;
        let days = i32::try_from(micros.div_euclid(MICROS_PER_DAY)).ok()?;
        let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).ok()?;
        date.strftime("%Y%m%d").to_string()
    };
    Some(day).filter(|day| !NOBODY_KNOWS.contains(&day.as_str()))
}
