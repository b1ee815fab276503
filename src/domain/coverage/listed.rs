//! Lists in files that people write: each entry is checked as it is read, so that an error names its line.

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// An entry of such a list.
pub(crate) trait Entry {
    /// What such entries are called, in the plural.
    const NAME: &'static str;

    /// Why this entry cannot stand after those before it.
    fn refused(&self, before: &[Self]) -> Option<String>
    where
        Self: Sized;
}

/// Reads a list of entries, none of which is refused.
pub(crate) fn checked<'de, T: Entry + Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    struct Entries<T>(PhantomData<T>);

    impl<'de, T: Entry + Deserialize<'de>> Visitor<'de> for Entries<T> {
        type Value = Vec<T>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(out, "a list of {}", T::NAME)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
            let mut list: Vec<T> = Vec::new();
            while let Some(entry) = entries.next_element::<T>()? {
                if let Some(reason) = entry.refused(&list) {
                    return Err(A::Error::custom(reason));
                }
                list.push(entry);
            }
            Ok(list)
        }
    }

    from.deserialize_seq(Entries(PhantomData))
}

/// Reads a text that says something.
pub(crate) fn said<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() { Err(D::Error::custom("it is empty")) } else { Ok(text) }
}

/// Reads a list that holds something.
pub(crate) fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(from)?;
    if list.is_empty() { Err(D::Error::custom("the list is empty")) } else { Ok(list) }
}
