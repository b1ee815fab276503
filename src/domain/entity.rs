//! What a table of revenue data is about.

use serde::{Deserialize, Serialize};

/// The kinds of record that revenue teams keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// A company: accounts in Salesforce, companies in HubSpot.
    Account,
    /// A person at an account.
    Contact,
    /// A person not yet qualified, or the qualification itself.
    Lead,
    /// A deal or opportunity.
    Deal,
    /// What sales did: calls, meetings, tasks.
    Activity,
    /// What a person did, as recorded by a machine: touches, sessions, e-mail and form events.
    Event,
    /// A seat holder who owns records.
    User,
    /// Scores kept apart from the records they score.
    Score,
    /// A marketing campaign or programme.
    Campaign,
    /// Money spent on marketing, by period.
    Spend,
    /// A running contract.
    Subscription,
    /// Past values of a record's properties or stages.
    History,
    /// Pairs of keys that associate two records.
    Link,
}

impl Entity {
    /// Every entity, in the order in which results list them.
    pub const ALL: [Self; 13] = [
        Self::Account,
        Self::Contact,
        Self::Lead,
        Self::Deal,
        Self::Activity,
        Self::Event,
        Self::User,
        Self::Score,
        Self::Campaign,
        Self::Spend,
        Self::Subscription,
        Self::History,
        Self::Link,
    ];

    /// The entity's name as it stands in results and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Deal => "deal",
            Self::Activity => "activity",
            Self::Event => "event",
            Self::User => "user",
            Self::Score => "score",
            Self::Campaign => "campaign",
            Self::Spend => "spend",
            Self::Subscription => "subscription",
            Self::History => "history",
            Self::Link => "link",
        }
    }
}
