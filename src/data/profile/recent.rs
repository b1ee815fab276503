//! Texts that come again and again, counted without looking them up each time.
//!
//! A text is known here by its view (the layout of Arrow's `Utf8View`): four bytes of length, and then the text
//! itself, or, where it has more than twelve bytes, its place. A reader of dictionaries gives equal texts of one
//! batch the same place, so long ones are known within their batch.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a view has its length in its first bits; a batch has few rows"
)]

use super::sketch::Sketch;
use datafusion::arrow::array::{Array, StringViewArray};

/// Short texts kept at a time.
const SHORT: usize = 128;
/// Long texts kept at a time.
const LONG: usize = 64;
/// Texts up to this length are held whole by their view.
const LONGEST: u32 = 12;

/// The last texts, each with the times it came since it was handed on.
#[derive(Debug)]
pub(super) struct Recent {
    short: Vec<Seen>,
    long: Vec<Seen>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    view: u128,
    times: u32,
    /// Where in the batch a long one stands.
    row: u32,
}

impl Default for Recent {
    fn default() -> Self {
        Self { short: vec![Seen::default(); SHORT], long: vec![Seen::default(); LONG] }
    }
}

impl Recent {
    /// Counts the texts of a batch.
    pub(super) fn add(&mut self, cells: &StringViewArray, sketch: &mut Sketch) {
        match cells.nulls() {
            Some(nulls) => nulls.valid_indices().for_each(|row| self.add_cell(cells, row, sketch)),
            None => (0..cells.len()).for_each(|row| self.add_cell(cells, row, sketch)),
        }
        for Seen { times, row, .. } in self.long.iter_mut().map(std::mem::take) {
            if times > 0 {
                sketch.add_times(cells.value(row as usize), times.into());
            }
        }
    }

    fn add_cell(&mut self, cells: &StringViewArray, row: usize, sketch: &mut Sketch) {
        let view = cells.views()[row];
        // A view's first bytes are the length of its text.
        let is_short = view as u32 <= LONGEST;
        let kept = if is_short { &mut self.short } else { &mut self.long };
        let seen = &mut kept[slot(view) % if is_short { SHORT } else { LONG }];
        if seen.view == view && seen.times < u32::MAX {
            seen.times += 1;
            return;
        }
        let before = std::mem::replace(seen, Seen { view, times: 1, row: row as u32 });
        if before.times == 0 {
            return;
        }
        if is_short {
            before.hand_on(sketch);
        } else {
            sketch.add_times(cells.value(before.row as usize), before.times.into());
        }
    }

    /// Hands everything on to the sketch.
    pub(super) fn settle(&mut self, sketch: &mut Sketch) {
        for seen in self.short.iter_mut().map(std::mem::take).filter(|seen| seen.times > 0) {
            seen.hand_on(sketch);
        }
    }
}

impl Seen {
    /// A short text is held by its view.
    fn hand_on(self, sketch: &mut Sketch) {
        let bytes = self.view.to_le_bytes();
        let text = std::str::from_utf8(&bytes[4..4 + usize::from(bytes[0])]).unwrap_or_default();
        sketch.add_times(text, self.times.into());
    }
}

fn slot(view: u128) -> usize {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    ((view as u64 ^ ((view >> 64) as u64).rotate_left(29)).wrapping_mul(ODD) >> 48) as usize
}
