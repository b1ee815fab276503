//! Credit by what a journey without the touch converts at.
//!
//! The method of Google's Fractribution, which calls it a simplified Shapley value: each touch of a path gets the
//! conversion rate of the path less that of the path without the touch, not below nought, in proportion. A path
//! without any such touch is divided equally.

use super::{
    credit::Credit,
    paths::Paths,
    resample::{Counted, Draw},
};

/// The paths without each of their touches, found once.
pub(crate) struct LeaveOneOut {
    starts: Vec<usize>,
    without: Vec<Option<u32>>,
}

impl LeaveOneOut {
    pub(crate) fn new(paths: &Paths) -> Self {
        let (mut starts, mut without) = (vec![0], Vec::new());
        let mut shorter = Vec::new();
        for number in 0..u32::try_from(paths.len()).unwrap_or(u32::MAX) {
            let path = paths.path(number);
            if path.len() > 1 {
                for left_out in 0..path.len() {
                    shorter.clear();
                    shorter.extend_from_slice(&path[..left_out]);
                    shorter.extend_from_slice(&path[left_out + 1..]);
                    without.push(paths.find(&shorter));
                }
            }
            starts.push(without.len());
        }
        Self { starts, without }
    }

    pub(crate) fn credit(&self, paths: &Paths, channels: usize, draw: Draw) -> Credit {
        let mut counted = vec![Counted::default(); paths.len()];
        for (number, row) in paths.rows().iter().enumerate() {
            let (of_path, of_row) = (&mut counted[row.path as usize], draw.of(number, row));
            of_path.conversions += of_row.conversions;
            of_path.nulls += of_row.nulls;
            of_path.cents += of_row.cents;
        }
        let rate = |number: usize| {
            let Counted { conversions, nulls, .. } = counted[number];
            let all = conversions + nulls;
            if all > 0.0 { conversions / all } else { 0.0 }
        };
        let mut credit = Credit::none(channels);
        let mut falls = Vec::new();
        for (number, whole) in counted.iter().enumerate().filter(|(_, counted)| counted.conversions > 0.0) {
            let path = paths.path(u32::try_from(number).unwrap_or(u32::MAX));
            let without = &self.without[self.starts[number]..self.starts[number + 1]];
            falls.clear();
            let fall = |shorter: &Option<u32>| {
                (rate(number) - shorter.map_or(0.0, |shorter| rate(shorter as usize))).max(0.0)
            };
            falls.extend(without.iter().map(fall));
            let all: f64 = falls.iter().sum();
            if all > 0.0 {
                path.iter().zip(&falls).for_each(|(channel, fall)| credit.give(*channel, fall / all, *whole));
            } else {
                let each = 1.0 / path.len() as f64;
                for channel in path {
                    credit.give(*channel, each, *whole);
                }
            }
        }
        credit
    }
}
