//! Numbers that wait to be taken in together: a table that is visited a thousand times in a row stays near the core,
//! where one that is visited between the others would be fetched each time.

const MOST: usize = 1_024;

#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Vec<u64>);

impl Waiting {
    /// Adds one; true where it is time to take them in.
    pub(super) fn add(&mut self, number: u64) -> bool {
        self.0.push(number);
        self.0.len() >= MOST
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = u64> {
        self.0.drain(..)
    }

    pub(super) fn size(&self) -> usize {
        self.0.capacity() * size_of::<u64>()
    }
}
