//! Record identifiers and the keys that point at them.

use std::fmt;

/// The kinds of record other records point at, each with the number its first record bears. Lower numbers
/// were never issued, which is where dangling keys point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Account,
    Contact,
    Lead,
    Deal,
    Activity,
    Event,
    Touch,
    Campaign,
    Subscription,
}

impl Kind {
    const fn prefix(self) -> char {
        match self {
            Self::User => 'U',
            Self::Account => 'A',
            Self::Contact => 'C',
            Self::Lead => 'L',
            Self::Deal => 'D',
            Self::Activity => 'V',
            Self::Event => 'E',
            Self::Touch => 'T',
            Self::Campaign => 'M',
            Self::Subscription => 'S',
        }
    }

    /// The number of the first record.
    pub(crate) const fn first(self) -> u64 {
        match self {
            Self::User | Self::Campaign => 100,
            _ => 1_000_000,
        }
    }
}

/// The identifier of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id {
    kind: Kind,
    number: u64,
}

impl Id {
    /// The record at an index, counted from nought.
    pub(crate) const fn nth(kind: Kind, index: u64) -> Self {
        Self { kind, number: kind.first() + index }
    }

    /// An identifier that no record bears.
    pub(crate) fn never_issued(kind: Kind, dice: &mut crate::dice::Dice) -> Self {
        Self { kind, number: dice.count(kind.first() / 10, kind.first() - 1) }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.prefix(), self.number)
    }
}

/// What stands in a field that should name another record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The record exists.
    To(Id),
    /// No record bears this identifier.
    Dangling(Id),
    /// Nothing stands there.
    Missing,
}

impl Key {
    /// A key to a record, lost or broken in the given shares of cases.
    pub(crate) fn flawed(dice: &mut crate::dice::Dice, to: Id, missing: f64, dangling: f64) -> Self {
        if dice.flaw(missing) {
            Self::Missing
        } else if dice.flaw(dangling) {
            Self::Dangling(Id::never_issued(to.kind, dice))
        } else {
            Self::To(to)
        }
    }

    /// Whether the key leads to a record.
    pub(crate) const fn resolves(self) -> bool {
        matches!(self, Self::To(_))
    }
}
