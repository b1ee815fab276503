//! What sort of value a column holds, as far as comparing goes.

use std::{fmt, str::FromStr};

/// The sorts of value that are compared, each in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person's first name.
    GivenName,
    /// A person's last name.
    FamilyName,
    /// A person's whole name in one column.
    FullName,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A day, above all of birth.
    Date,
    /// A town, suburb or region.
    Place,
    /// A street with or without its number.
    Address,
    /// A number or code that somebody gave: postcode, tax or customer number.
    Code,
    /// A web domain or address.
    Domain,
    /// What a company is called.
    Company,
    /// Any other text, which is compared as a whole.
    Text,
}

impl Kind {
    /// Every kind, in the order in which results list them.
    pub const ALL: [Self; 12] = [
        Self::GivenName,
        Self::FamilyName,
        Self::FullName,
        Self::Email,
        Self::Phone,
        Self::Date,
        Self::Place,
        Self::Address,
        Self::Code,
        Self::Domain,
        Self::Company,
        Self::Text,
    ];

    /// The kind's name in arguments and results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::FullName => "full_name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Date => "date",
            Self::Place => "place",
            Self::Address => "address",
            Self::Code => "code",
            Self::Domain => "domain",
            Self::Company => "company",
            Self::Text => "text",
        }
    }

    /// Whether it is a person's name or half of one.
    pub const fn is_name(self) -> bool {
        matches!(self, Self::GivenName | Self::FamilyName | Self::FullName)
    }

    /// The other half of a name that is given in two columns, which people swap.
    pub const fn swaps_with(self) -> Option<Self> {
        match self {
            Self::GivenName => Some(Self::FamilyName),
            Self::FamilyName => Some(Self::GivenName),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.into_iter().map(Self::name).collect();
            format!("no kind of value `{text}`; kinds are {}", known.join(", "))
        })
    }
}
