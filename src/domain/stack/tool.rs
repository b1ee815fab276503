//! A tool of a stack as far as it is known, and why a list of them may be refused.

use crate::{
    budget::{RequestError, sane},
    coverage::catalog::Status,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Tools that are judged at once.
const MOST: usize = 1_000;

/// A tool of the stack. What is not known is absent, never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackTool {
    /// A key that no other tool of the stack has.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The product, where it is known which: two tools of one product do one job.
    pub product: Option<String>,
    /// The categories it covers, the main one first; none where they are not known.
    pub categories: Vec<String>,
    /// What it is used for, in the caller's words.
    pub job: Option<String>,
    /// What it costs a year, in the currency of the stack.
    pub annual_cost: Option<f64>,
    /// People who used it in the period looked at.
    pub users: Option<u64>,
    /// Seats that are paid for.
    pub seats: Option<u64>,
    /// The share of it that is in use, in percent.
    pub utilisation: Option<f64>,
    /// The day its contract ends.
    pub contract_end: Option<Date>,
    /// The tools of the stack that it exchanges data with, by key; nothing where nobody has said.
    pub links: Option<Vec<String>>,
    /// Systems outside the list that it exchanges data with.
    pub outside_links: usize,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whether the caller has decided that it stays.
    pub is_kept: bool,
    /// Whether it has an MCP server, as far as the catalog tells.
    pub mcp: Option<Status>,
}

/// What is known of a tool's use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Use {
    /// Nothing.
    Unknown,
    /// Nobody uses it.
    None,
    /// Somebody does: how many people and what share of it, as far as either is known.
    Some {
        /// The people.
        users: Option<u64>,
        /// The share, in percent.
        share: Option<f64>,
    },
}

impl StackTool {
    /// What is known of its use. A share of seats stands for the share in use where none is given.
    pub fn usage(&self) -> Use {
        let of_seats = self.users.zip(self.seats.filter(|seats| *seats > 0));
        let share = self.utilisation.or(of_seats.map(|(users, seats)| users as f64 / seats as f64 * 100.0));
        match (self.users, share) {
            (None, None) => Use::Unknown,
            (Some(0), _) => Use::None,
            (_, Some(share)) if share <= 0.0 => Use::None,
            (users, share) => Use::Some { users, share },
        }
    }

    /// The category it mainly stands in.
    pub fn main_category(&self) -> Option<&str> {
        self.categories.first().map(String::as_str)
    }

    pub(super) fn covers(&self, category: &str) -> bool {
        self.categories.iter().any(|own| own == category)
    }
}

/// Why a stack cannot be judged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StackError {
    /// There is no tool.
    #[error("the stack is empty")]
    Empty,
    /// There are more tools than are judged at once.
    #[error("{count} tools are given, and at most {most} are judged at once")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many are judged.
        most: usize,
    },
    /// Two entries are one tool.
    #[error("`{one}` and `{other}` are the same tool")]
    Twice {
        /// The first name.
        one: String,
        /// The second name.
        other: String,
    },
    /// A cost is none.
    #[error(transparent)]
    Cost(#[from] RequestError),
    /// A share of use is none.
    #[error("the utilisation of {tool} is {percent}%, and a share in use lies between 0 and 100%")]
    Utilisation {
        /// The tool.
        tool: String,
        /// The share as given.
        percent: f64,
    },
    /// The threshold of low use is no share.
    #[error("use is called low below {percent}%, and a share lies between 0 and 100%")]
    LowUse {
        /// The threshold as given.
        percent: f64,
    },
    /// More people use it than there are seats.
    #[error("{tool} has {users} users on {seats} seats, which is a utilisation above 100%")]
    Seats {
        /// The tool.
        tool: String,
        /// The users.
        users: u64,
        /// The seats.
        seats: u64,
    },
    /// What is said of its use does not fit together.
    #[error("{tool} has {users} users and a utilisation of {percent}%")]
    Contradiction {
        /// The tool.
        tool: String,
        /// The users.
        users: u64,
        /// The share.
        percent: f64,
    },
}

pub(super) fn check(tools: &[StackTool]) -> Result<(), StackError> {
    match tools.len() {
        0 => return Err(StackError::Empty),
        count if count > MOST => return Err(StackError::TooMany { count, most: MOST }),
        _ => {}
    }
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for tool in tools {
        let StackTool { key, name, annual_cost, users, seats, utilisation, .. } = tool;
        if let Some(before) = seen.insert(key, name) {
            return Err(StackError::Twice { one: before.to_owned(), other: name.clone() });
        }
        annual_cost.map(|cost| sane(&format!("the cost of {name}"), cost)).transpose()?;
        match *utilisation {
            Some(percent) if !(0.0..=100.0).contains(&percent) => {
                return Err(StackError::Utilisation { tool: name.clone(), percent });
            }
            Some(percent) if users.is_some_and(|users| (users == 0) != (percent <= 0.0)) => {
                let users = users.unwrap_or_default();
                return Err(StackError::Contradiction { tool: name.clone(), users, percent });
            }
            _ => {}
        }
        if let (Some(users), Some(seats)) = (*users, *seats)
            && users > seats
        {
            return Err(StackError::Seats { tool: name.clone(), users, seats });
        }
    }
    Ok(())
}
