//! Amounts as people read them.

use revarch_domain::budget::Currency;

/// An amount in groups of three digits, with its currency: "1,234.50 EUR".
pub(crate) fn told(amount: f64, currency: &Currency) -> String {
    let decimals = if currency.units() > 100.0 { 3 } else { usize::from(currency.units() > 1.0) * 2 };
    let text = format!("{amount:.decimals$}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if cents.is_empty() { "" } else { "." };
    let code = currency.code().map(|code| format!(" {code}")).unwrap_or_default();
    format!("{grouped}{point}{cents}{code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_keep_their_cents() {
        let euro = Currency::parse("EUR").unwrap();
        assert_eq!(told(1_234_567.5, &euro), "1,234,567.50 EUR");
        assert_eq!(told(999.0, &Currency::default()), "999.00");
        assert_eq!(told(120_000.0, &Currency::parse("JPY").unwrap()), "120,000 JPY");
        assert_eq!(told(0.125, &Currency::parse("KWD").unwrap()), "0.125 KWD");
    }
}
