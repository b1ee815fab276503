//! Short texts that come again and again, counted without looking them up each time.

use super::sketch::Sketch;

const SLOTS: usize = 256;
/// Texts up to this length are held whole by their view (the layout of Arrow's `Utf8View`: four bytes of length,
/// then the text).
pub(super) const LONGEST: u32 = 12;

/// The last short texts, each with the times it came since it was handed on.
#[derive(Debug)]
pub(super) struct Recent {
    slots: Vec<(u128, u64)>,
}

impl Default for Recent {
    fn default() -> Self {
        Self { slots: vec![(0, 0); SLOTS] }
    }
}

impl Recent {
    /// Counts a text by its view.
    pub(super) fn add(&mut self, view: u128, sketch: &mut Sketch) {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let [low, high] =
            [view, view >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(ODD) >> 56;
        let slot = &mut self.slots[usize::try_from(mixed).unwrap_or(0)];
        if slot.0 == view {
            slot.1 += 1;
        } else {
            let (before, times) = std::mem::replace(slot, (view, 1));
            hand_on(before, times, sketch);
        }
    }

    /// Hands everything on to the sketch.
    pub(super) fn settle(&mut self, sketch: &mut Sketch) {
        for slot in &mut self.slots {
            let (view, times) = std::mem::take(slot);
            hand_on(view, times, sketch);
        }
    }
}

fn hand_on(view: u128, times: u64, sketch: &mut Sketch) {
    if times > 0 {
        let bytes = view.to_le_bytes();
        let length = usize::from(bytes[0]);
        let text = std::str::from_utf8(&bytes[4..4 + length]).unwrap_or_default();
        sketch.add_times(text, times);
    }
}
