//! The chi-square distribution, as far as a drift test needs it.

/// Terms after which a series is cut off; far more than the few degrees of freedom here take.
const MOST_TERMS: u32 = 10_000;
/// Halvings of a bracket.
const HALVINGS: usize = 200;

/// The chance that a chi-square of the given degrees of freedom exceeds a value.
pub(crate) fn exceeds(value: f64, degrees: u32) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    // Abramowitz and Stegun 26.4.6 for the lower part: x^a e^-x / Gamma(a + 1) times a series, x = value / 2.
    let (a, x) = (f64::from(degrees) / 2.0, value / 2.0);
    let mut term = 1.0;
    let mut sum = 1.0;
    for step in 1..MOST_TERMS {
        term *= x / (a + f64::from(step));
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    (1.0 - (a * x.ln() - x - log_gamma_above(degrees)).exp() * sum).clamp(0.0, 1.0)
}

/// The value that a chi-square of the given degrees of freedom exceeds with the given chance.
pub(crate) fn quantile_above(chance: f64, degrees: u32) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while exceeds(high, degrees) > chance {
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if exceeds(middle, degrees) > chance { low = middle } else { high = middle }
    }
    high
}

/// The logarithm of Gamma(degrees / 2 + 1), by the recursion from Gamma(1) = 1 and Gamma(1/2) = sqrt(pi).
fn log_gamma_above(degrees: u32) -> f64 {
    let odd = degrees % 2 == 1;
    let start = if odd { std::f64::consts::PI.sqrt().ln() } else { 0.0 };
    let steps = degrees.div_ceil(2);
    let first = if odd { 0.5 } else { 1.0 };
    let factors = if odd { steps } else { degrees / 2 };
    start + (0..factors).map(|step| (first + f64::from(step)).ln()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_tables() {
        for (chance, degrees, value) in
            [(0.05, 1, 3.841_459), (0.05, 9, 16.918_978), (0.01, 4, 13.276_704), (0.5, 2, 1.386_294)]
        {
            assert!((quantile_above(chance, degrees) - value).abs() < 1e-6, "{degrees}");
        }
        // A hundred leads against a hundred, ten bins: how often a PSI above 0.25 comes by chance.
        assert!((exceeds(0.25 / (1.0 / 100.0 + 1.0 / 100.0), 9) - 0.19).abs() < 0.005);
    }
}
