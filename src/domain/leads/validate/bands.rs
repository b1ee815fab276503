//! Whether a higher band of the score converts more.

use crate::leads::quality::Bin;

/// How the rate of conversion runs over the bands, lowest score first.
#[derive(Clone, Debug, PartialEq)]
pub struct Monotonicity {
    /// Steps from one band to the next.
    pub steps: usize,
    /// Steps at which the rate falls.
    pub falls: usize,
    /// Pairs of bands of which the lower converts more beyond both 95% intervals, as places among the bands.
    pub reversed: Vec<(usize, usize)>,
}

impl Monotonicity {
    /// Whether no band converts more than a higher one beyond the intervals.
    pub fn holds(&self) -> bool {
        self.reversed.is_empty()
    }
}

pub(super) fn judge(bands: &[Bin]) -> Monotonicity {
    let falls = bands.windows(2).filter(|pair| pair[1].observed < pair[0].observed).count();
    let reversed = (0..bands.len())
        .flat_map(|low| (low + 1..bands.len()).map(move |high| (low, high)))
        .filter(|(low, high)| bands[*low].interval.low > bands[*high].interval.high)
        .collect();
    Monotonicity { steps: bands.len().saturating_sub(1), falls, reversed }
}
