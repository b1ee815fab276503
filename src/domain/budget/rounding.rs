//! Parts of a whole in whole units that add up to it, by the largest remainders.

/// The parts of `whole` units that percentages stand for. Each is rounded down, and the units that are left go
/// one each to those that lost most, the first of them where they lost the same: no part is off by a whole unit.
pub(super) fn apportion(percents: &[f64], whole: u64) -> Vec<u64> {
    let sum: f64 = percents.iter().sum();
    let exact: Vec<f64> = percents.iter().map(|percent| cleaned(percent / sum * whole as f64)).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the whole")]
    let mut parts: Vec<u64> = exact.iter().map(|part| part.floor() as u64).collect();
    let mut by_loss: Vec<usize> = (0..parts.len()).collect();
    by_loss.sort_by(|one, other| exact[*other].fract().total_cmp(&exact[*one].fract()).then(one.cmp(other)));
    let given: u64 = parts.iter().sum();
    let left = whole.saturating_sub(given);
    for at in by_loss.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at] += 1;
    }
    parts
}

/// A number that is whole but for the rounding of its computation, made whole. All parts together move by far less
/// than a unit.
fn cleaned(value: f64) -> f64 {
    const ROUNDING: f64 = 1e-3;
    let whole = value.round();
    if (value - whole).abs() < ROUNDING { whole } else { value }
}

#[cfg(test)]
mod tests {
    use super::apportion;
    use proptest::prelude::*;

    #[test]
    fn what_rounding_leaves_goes_to_those_that_lost_most() {
        assert_eq!(apportion(&[33.4, 33.3, 33.3], 100), [34, 33, 33]);
        assert_eq!(apportion(&[1.0, 1.0, 1.0], 100), [34, 33, 33], "the first of equals");
        assert_eq!(apportion(&[20.0, 80.0], 123_456_789), [24_691_358, 98_765_431]);
        assert_eq!(apportion(&[0.0, 100.0], 7), [0, 7]);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_none_is_off_by_a_unit(
            weights in prop::collection::vec(0.0_f64..100.0, 1..20), whole in 1_u64..1_000_000_000_000,
        ) {
            let sum: f64 = weights.iter().sum();
            prop_assume!(sum > 1.0);
            let parts = apportion(&weights, whole);
            prop_assert_eq!(parts.iter().sum::<u64>(), whole);
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = weight / sum * whole as f64;
                prop_assert!((*part as f64 - exact).abs() < 1.001, "{part} {exact}");
            }
        }
    }
}
