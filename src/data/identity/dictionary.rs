//! Different values, each kept once and called by a number.

use foldhash::fast::FixedState;
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher, BuildHasherDefault, Hasher},
};

/// The number of no value.
pub(super) const NOTHING: u32 = 0;

/// The hash of a text; the same in every run and on every machine of a kind.
pub(super) fn hash(text: &str) -> u64 {
    FixedState::with_seed(0x1DE).hash_one(text)
}

/// A hash that is one already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Different values. Number 0 is no value.
#[derive(Default)]
pub(super) struct Dictionary {
    text: String,
    ends: Vec<u64>,
    hashes: Vec<u64>,
    places: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary").field("values", &self.len()).finish_non_exhaustive()
    }
}

impl Dictionary {
    /// The number of different values.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of a value, given with its hash.
    pub(super) fn number(&mut self, value: &str, hash: u64) -> u32 {
        let mut place = hash;
        loop {
            match self.places.entry(place) {
                Entry::Occupied(known) => {
                    let number = *known.get();
                    if self.value(number) == value {
                        return number;
                    }
                    // Two values of one hash: the next place that is free.
                    place = place.wrapping_add(1);
                }
                Entry::Vacant(free) => {
                    self.text.push_str(value);
                    self.ends.push(self.text.len() as u64);
                    self.hashes.push(hash);
                    return *free.insert(u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
                }
            }
        }
    }

    /// The value of a number; nothing's is empty.
    pub(super) fn value(&self, number: u32) -> &str {
        let place = |at: usize| usize::try_from(self.ends[at]).unwrap_or(usize::MAX);
        match number as usize {
            0 => "",
            1 => &self.text[..place(0)],
            number => &self.text[place(number - 2)..place(number - 1)],
        }
    }

    /// The hash of a number's value.
    pub(super) fn hash_of(&self, number: u32) -> u64 {
        match number as usize {
            0 => 0,
            number => self.hashes[number - 1],
        }
    }

    /// Drops what only new values need.
    pub(super) fn close(&mut self) {
        self.places = HashMap::default();
        self.text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_number_even_under_one_hash() {
        let mut values = Dictionary::default();
        let numbers = ["ann", "lee", "ann", ""].map(|value| values.number(value, hash(value)));
        assert_eq!(numbers, [1, 2, 1, 3]);
        let (first, second) = (values.number("x", 7), values.number("y", 7));
        assert_ne!(first, second);
        assert_eq!((values.number("y", 7), values.value(first), values.value(second)), (second, "x", "y"));
        assert_eq!((values.value(NOTHING), values.len()), ("", 5));
    }
}
