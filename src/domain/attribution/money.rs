//! Money in cents, divided without losing one.

use crate::leads::text::number;

/// The most cents one amount may have: beyond it a double no longer tells them apart.
const MOST: f64 = 9.0e15;

/// An amount as text in cents; nothing where the text is no amount, or one that could be read in two ways.
pub fn cents(text: &str) -> Option<i64> {
    of_amount(number(text)?)
}

/// An amount in cents; nothing where it is too large to be told to the cent.
pub fn of_amount(amount: f64) -> Option<i64> {
    let cents = (amount * 100.0).round();
    (cents.abs() <= MOST).then(|| whole(cents))
}

/// The sign of a currency that an amount is written with.
pub fn currency(text: &str) -> Option<&'static str> {
    ["$", "€", "£"].into_iter().find(|sign| text.contains(sign))
}

/// Cents as an amount.
pub const fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// Divides a total by parts that come to it but for rounding: every part is cut to whole cents, and the cents left
/// over go to the largest remainders, of equal ones to the first.
pub fn split(total: i64, parts: &[f64]) -> Vec<i64> {
    let mut cents: Vec<i64> = parts.iter().map(|part| whole(part.floor())).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let rest = |place: usize| parts[place] - parts[place].floor();
    order.sort_by(|a, b| rest(*b).total_cmp(&rest(*a)).then(a.cmp(b)));
    let mut left = total - cents.iter().sum::<i64>();
    // Rounding of the parts may put the sum of the floors a little off on either side.
    for place in order.iter().cycle().take(parts.len().saturating_mul(2)) {
        match left.signum() {
            1 => (cents[*place], left) = (cents[*place] + 1, left - 1),
            -1 => (cents[*place], left) = (cents[*place] - 1, left + 1),
            _ => break,
        }
    }
    if let (Some(first), true) = (order.first(), left != 0) {
        cents[*first] += left;
    }
    cents
}

#[expect(clippy::cast_possible_truncation, reason = "the number is whole and far below 2^63")]
fn whole(cents: f64) -> i64 {
    cents.clamp(-MOST, MOST) as i64
}

#[cfg(test)]
mod tests {
    use super::{cents, split};
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_to_the_cent() {
        for (text, expected) in [
            ("20.42", Some(2_042)),
            ("$1,234.50", Some(123_450)),
            ("-5", Some(-500)),
            ("0", Some(0)),
            ("1.234,56", None),
            ("many", None),
        ] {
            assert_eq!(cents(text), expected, "{text}");
        }
        assert_eq!(cents("1e300"), None);
    }

    #[test]
    fn the_largest_remainder_takes_the_cent() {
        assert_eq!(split(100, &[33.4, 33.3, 33.3]), [34, 33, 33]);
        assert_eq!(split(-100, &[-33.4, -33.3, -33.3]), [-34, -33, -33]);
        assert_eq!(split(5, &[2.5, 2.5]), [3, 2]);
        assert_eq!(split(0, &[]), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_part_moves_by_more_than_a_cent(
            total in -1_000_000_000_i64..1_000_000_000,
            weights in prop::collection::vec(0.0_f64..1.0, 1..40),
        ) {
            let sum: f64 = weights.iter().sum();
            prop_assume!(sum > 1e-6);
            let parts: Vec<f64> = weights.iter().map(|weight| total as f64 * weight / sum).collect();
            let cents = split(total, &parts);
            prop_assert_eq!(cents.iter().sum::<i64>(), total);
            for (cents, part) in cents.iter().zip(&parts) {
                prop_assert!((*cents as f64 - part).abs() <= 1.0 + 1e-6);
            }
        }
    }
}
