//! What a caller knows: capacity, and items of their own.

use crate::{ToolError, wire::one_line};
use revarch_domain::{
    provenance::Provenance,
    roadmap::{self, Capacity, OwnItem, PersonDays, Rate},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The most items that a caller may bring.
const MOST_ITEMS: usize = 100;
/// The longest id, title or role.
const LONGEST: usize = 120;
/// The days that one person gives in a month, where only the number of items is given.
const PERSON: f64 = 20.0;

/// What a role gives to the plan.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenCapacity {
    /// The role, as the plan names it, such as "revenue operations". Without it: every role that is not named.
    pub owner_role: Option<String>,
    /// Days that its people give to the plan each month, all of them together. Default 20 for each of
    /// `parallel_items`.
    pub people_days_per_month: Option<f64>,
    /// How many items it works on at once; the days are shared among them. Default 1.
    pub parallel_items: Option<u32>,
}

/// An item of your own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenItem {
    /// Its id. That of an item of the plan corrects the item.
    pub id: String,
    /// What is done. Needed for a new item.
    pub title: Option<String>,
    /// What kind of work it is. Needed for a new item.
    pub kind: Option<Kind>,
    /// How much work it is. Left out, nobody knows, and nothing that waits for it has a latest end.
    pub effort_days: Option<EffortDays>,
    /// Ids of items that have to be done before.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// Who does it, as a role. Default "revenue operations".
    pub owner_role: Option<String>,
}

/// Work in days of one person.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffortDays {
    /// The least it takes.
    pub low: f64,
    /// The most it takes. Left out, nobody knows.
    pub high: Option<f64>,
}

/// What kind of work an item is.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What is wanted, who decides and what is known.
    Strategy,
    /// How people and agents work.
    Process,
    /// What is recorded.
    Data,
    /// What does the work.
    Technology,
}

pub(super) fn capacity(given: &[GivenCapacity]) -> Result<Capacity, ToolError> {
    let rates = given.iter().map(|given| {
        let GivenCapacity { owner_role, people_days_per_month, parallel_items } = given;
        let parallel_items = parallel_items.unwrap_or(1);
        let days_per_month = people_days_per_month.unwrap_or(PERSON * f64::from(parallel_items));
        (owner_role.clone(), Rate { days_per_month, parallel_items, provenance: Provenance::Attested })
    });
    Capacity::of(rates).map_err(|error| {
        ToolError::input(format!("cannot plan with `capacity`: {}", one_line(&error.to_string(), 300)))
            .hint("leave a role out that gives nothing, and give its items to another by `items`")
    })
}

pub(super) fn items(given: &[GivenItem]) -> Result<Vec<OwnItem>, ToolError> {
    if given.len() > MOST_ITEMS {
        let message =
            format!("{} items are given, and at most {MOST_ITEMS} are planned at once", given.len());
        return Err(ToolError::input(message).hint("bring the items that compete for the same people"));
    }
    given.iter().enumerate().map(|(at, item)| own(at, item)).collect()
}

fn own(at: usize, item: &GivenItem) -> Result<OwnItem, ToolError> {
    let GivenItem { id, title, kind, effort_days, prerequisites, owner_role } = item;
    let texts = [Some(id), title.as_ref(), owner_role.as_ref()];
    for text in texts.into_iter().flatten().chain(prerequisites) {
        if text.trim().is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            let message = format!(
                "`items[{at}]` has a name that is empty, longer than {LONGEST} characters or on several lines"
            );
            return Err(ToolError::input(message).hint("give each item a short `id` and `title`"));
        }
    }
    Ok(OwnItem {
        id: id.clone(),
        title: title.clone(),
        kind: kind.map(|kind| match kind {
            Kind::Strategy => roadmap::Kind::Strategy,
            Kind::Process => roadmap::Kind::Process,
            Kind::Data => roadmap::Kind::Data,
            Kind::Technology => roadmap::Kind::Technology,
        }),
        effort: effort_days.map(|EffortDays { low, high }| PersonDays { low, high }),
        prerequisites: prerequisites.clone(),
        owner_role: owner_role.clone(),
    })
}
