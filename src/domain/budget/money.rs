//! Amounts of money to the last unit of a currency.

use super::request::RequestError;

/// Amounts above this are taken for a slip of the keyboard.
const LARGEST: f64 = 1e12;

/// Currencies without a smaller unit, and those with thousandths of one (ISO 4217).
const WHOLE: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
const THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// A currency, or none where amounts were given without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Currency {
    code: Option<String>,
}

impl Currency {
    /// The currency with an ISO 4217 code, in any case.
    pub fn parse(code: &str) -> Result<Self, RequestError> {
        let code = code.trim().to_uppercase();
        if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self { code: Some(code) })
        } else {
            Err(RequestError::Currency { code })
        }
    }

    /// The code; nothing where none was given.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Refuses another currency than this one.
    pub fn same(&self, other: &str) -> Result<(), RequestError> {
        let other = Self::parse(other)?;
        if *self == other {
            return Ok(());
        }
        let named = |currency: &Self| currency.code.clone().unwrap_or_else(|| "no currency".to_owned());
        Err(RequestError::Currencies { one: named(self), other: named(&other) })
    }

    /// How many of the smallest units make one of the currency.
    pub fn units(&self) -> f64 {
        match self.code() {
            Some(code) if WHOLE.contains(&code) => 1.0,
            Some(code) if THOUSANDTHS.contains(&code) => 1000.0,
            _ => 100.0,
        }
    }

    /// An amount in the smallest unit. Half a cent is no amount, and is refused.
    pub(super) fn smallest(&self, what: &str, amount: f64) -> Result<u64, RequestError> {
        let exact = self.units() * sane(what, amount)?;
        let whole = exact.round();
        if (exact - whole).abs() > 1e-3 {
            let units = self.units();
            let reason = format!("which is no whole number of 1/{units} of the currency");
            return Err(RequestError::Amount { what: what.to_owned(), amount, reason });
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1e15, and whole")]
        Ok(whole as u64)
    }
}

/// An amount that can be one: finite, not negative, not beyond all budgets.
pub fn sane(what: &str, amount: f64) -> Result<f64, RequestError> {
    let reason = if amount.is_nan() || amount.is_infinite() {
        "which is no number"
    } else if amount < 0.0 {
        "and an amount is not negative"
    } else if amount > LARGEST {
        "which is more than a million million"
    } else {
        return Ok(amount);
    };
    Err(RequestError::Amount { what: what.to_owned(), amount, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_whole_in_the_smallest_unit_of_their_currency() {
        let euro = Currency::parse("eur").unwrap();
        assert_eq!(euro.code(), Some("EUR"));
        assert_eq!(euro.smallest("total", 1_234.56).unwrap(), 123_456);
        assert!(euro.smallest("total", 0.005).is_err());
        assert_eq!(Currency::parse("JPY").unwrap().smallest("total", 700.0).unwrap(), 700);
        assert!(Currency::parse("JPY").unwrap().smallest("total", 0.5).is_err());
        assert_eq!(Currency::parse("KWD").unwrap().smallest("total", 0.001).unwrap(), 1);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for amount in [f64::NAN, f64::INFINITY, -1.0, 1e13] {
            assert!(sane("total", amount).is_err(), "{amount}");
        }
        assert!(Currency::parse("euro").is_err());
        assert!(Currency::parse("EUR").unwrap().same("USD").is_err());
        assert!(Currency::parse("EUR").unwrap().same("eur").is_ok());
        assert!(Currency::default().same("EUR").is_err(), "no currency is not every currency");
    }
}
