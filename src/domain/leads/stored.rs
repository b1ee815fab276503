//! How intervals, proportions and differences stand in a stored model: as short lists of numbers.

/// An interval as `[low, high]`.
pub(crate) mod interval {
    use crate::proportion::Interval;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(interval: &Interval, to: S) -> Result<S::Ok, S::Error> {
        [interval.low, interval.high].serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Interval, D::Error> {
        let [low, high] = Deserialize::deserialize(from)?;
        Ok(Interval { low, high })
    }
}

/// A proportion as `[hits, trials]`.
pub(crate) mod proportion {
    use crate::proportion::Proportion;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(proportion: &Proportion, to: S) -> Result<S::Ok, S::Error> {
        [proportion.hits, proportion.trials].serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Proportion, D::Error> {
        let [hits, trials] = Deserialize::deserialize(from)?;
        Ok(Proportion::new(hits, trials))
    }
}

/// A difference as `[value, low, high]`.
pub(crate) mod difference {
    use crate::{leads::bootstrap::Difference, proportion::Interval};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(difference: &Difference, to: S) -> Result<S::Ok, S::Error> {
        [difference.value, difference.interval.low, difference.interval.high].serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Difference, D::Error> {
        let [value, low, high] = Deserialize::deserialize(from)?;
        Ok(Difference { value, interval: Interval { low, high } })
    }
}
