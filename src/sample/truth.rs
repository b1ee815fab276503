//! What is truly wrong with the sample company.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who made the file, by which a later run knows that it may write over the folder.
pub const MADE_BY: &str = "revarch sample company";

/// Everything that was planted, counted while it was written. Columns are named `table.column`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Always [`MADE_BY`].
    pub made_by: String,
    /// The contacts asked for.
    pub contacts: u64,
    /// The seed.
    pub seed: u64,
    /// The time the sample is taken.
    pub now: Timestamp,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// How full each column is.
    pub fields: BTreeMap<String, Field>,
    /// How well each key joins.
    pub links: BTreeMap<String, Link>,
    /// Accounts that no contact names.
    pub accounts_without_contacts: u64,
    /// Contacts whose account is missing or dangling while their e-mail domain is that of an account.
    pub contacts_restorable_by_domain: u64,
    /// Contacts that repeat another's e-mail.
    pub duplicate_contacts: Duplicates,
    /// Accounts that repeat another's domain.
    pub duplicate_accounts: Duplicates,
    /// Contacts whose e-mail is with a free provider, repeated rows included.
    pub free_mail_contacts: u64,
    /// Values that are spellings of one another.
    pub picklists: Vec<Picklist>,
    /// Number columns that hold text as well.
    pub mixed_types: Vec<MixedType>,
    /// Faults of the web events.
    pub events: Events,
    /// The score that predicts nothing.
    pub legacy_score: LegacyScore,
    /// Columns that give the outcome away.
    pub leaks: Vec<Leak>,
    /// Two columns for one fact.
    pub twins: Vec<Twins>,
    /// The keys of open deals that got stuck in their stage.
    #[serde(default)]
    pub stalled_deals: Vec<String>,
    /// What channels did to deals.
    pub attribution: Attribution,
}

/// What channels did to deals, as far as the rows tell: won deals with their day and person, and touches with their
/// person. A deal has the touches of the days before its closing that lie after the person's previous one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// How many days before its closing a touch belongs to a deal.
    pub window_days: i64,
    /// The channel that was planted before deals that were won.
    pub helps: String,
    /// The channel that was planted before deals that were lost.
    pub hinders: String,
    /// Won deals and their value by the channel of their last touch.
    pub last_touch: BTreeMap<String, Credited>,
    /// The same by the channel of their first touch.
    pub first_touch: BTreeMap<String, Credited>,
    /// Won deals with a day and no such touch, be it that nobody is named.
    pub untouched: Credited,
}

/// Won deals, and what they are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    /// Deals.
    pub deals: u64,
    /// The sum of the amounts that are told.
    pub amount: u64,
}

impl Credited {
    pub(crate) const fn add(&mut self, amount: Option<u64>) {
        self.deals += 1;
        if let Some(amount) = amount {
            self.amount += amount;
        }
    }
}

/// How full a column is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Rows the column is asked of.
    pub rows: u64,
    /// Of these, rows that say nothing: blank or a placeholder.
    pub empty: u64,
    /// Of the empty rows, those with no text at all.
    pub blank: u64,
    /// Of the empty rows, those that hold a placeholder.
    pub placeholder: u64,
    /// Which rows the column is asked of, where it is not all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_of: Option<String>,
}

/// How well a key joins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The column it points at.
    pub to: String,
    /// All rows.
    pub rows: u64,
    /// Rows whose key is blank.
    pub missing: u64,
    /// Rows whose key no record bears.
    pub dangling: u64,
}

/// Rows that repeat another row's identity, compared without case and surrounding spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicates {
    /// The identifying column.
    pub column: String,
    /// Rows where it is filled.
    pub rows: u64,
    /// Different values among them.
    pub distinct: u64,
    /// Rows beyond the first of their value.
    pub extra_rows: u64,
}

impl Duplicates {
    pub(crate) fn of(column: &str) -> Self {
        Self { column: column.to_owned(), ..Self::default() }
    }

    pub(crate) const fn first(&mut self) {
        self.rows += 1;
        self.distinct += 1;
    }

    pub(crate) const fn again(&mut self) {
        self.rows += 1;
        self.extra_rows += 1;
    }
}

/// A value and its other spellings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picklist {
    /// The column.
    pub column: String,
    /// The value as it should be.
    pub canonical: String,
    /// Rows that have it so.
    pub canonical_rows: u64,
    /// Rows of each other spelling that occurs.
    pub variants: BTreeMap<String, u64>,
}

/// A number column that holds text as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixedType {
    /// The column.
    pub column: String,
    /// Rows that hold text such as `200-500` instead of a number.
    pub text_rows: u64,
}

/// Faults of the web events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// All events.
    pub total: u64,
    /// Loaded more than 24 hours after they took place.
    pub late: u64,
    /// Said to take place after now.
    pub future: u64,
    /// Joined to no contact.
    pub unknown_person: u64,
    /// The days without any event.
    pub gap: Option<Gap>,
}

/// Consecutive UTC days without any event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The time column.
    pub column: String,
    /// The first day without events.
    pub first_day: Date,
    /// The last day without events.
    pub last_day: Date,
}

/// A lead score that has nothing to do with conversion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegacyScore {
    /// The score.
    pub column: String,
    /// The outcome it should predict.
    pub outcome: String,
    /// Leads old enough to have an outcome.
    pub labelled: u64,
    /// Of these, leads that converted.
    pub positives: u64,
    /// The area under its ROC curve over the labelled leads, ties counted half; none where all leads end
    /// alike.
    pub auc: Option<f64>,
}

/// A column that is filled because of the outcome. Counted over labelled leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// The column.
    pub column: String,
    /// Filled rows among converted leads.
    pub filled_when_converted: u64,
    /// Filled rows among the others.
    pub filled_otherwise: u64,
}

/// Two columns for one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twins(pub String, pub String);

/// The column that a key column points at.
pub(crate) fn key_target(column: &str) -> &'static str {
    match column {
        "account_id" => "accounts.account_id",
        "contact_id" => "contacts.contact_id",
        "deal_id" => "deals.deal_id",
        "campaign_id" => "campaigns.campaign_id",
        _ => "users.user_id",
    }
}

/// The rows a column is asked of, where these are not all rows.
pub(crate) fn asked_of(column: &str) -> Option<&'static str> {
    Some(match column {
        "deals.close_reason" => "deals in stage closed_won or closed_lost",
        "leads.converted" => "leads created at least 90 days before now",
        "deal_stage_history.left_at" => "stages that were left; blank is the present stage",
        "subscriptions.ended_at" => "subscriptions that ended; blank is running",
        "campaigns.ended_at" => "campaigns with a planned end; blank is open-ended",
        _ => return None,
    })
}
