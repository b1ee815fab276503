//! What is known of deals: their present state, and the stages they went through.

/// Everything that was read.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The stages, each once.
    pub stages: Vec<Stage>,
    /// The deals, each once.
    pub deals: Vec<Deal>,
    /// Entries into stages, by deal and time.
    pub entries: Vec<Entry>,
    /// What the entries rest on.
    pub basis: Basis,
    /// The columns that were found.
    pub have: Have,
}

/// How the stays of deals are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Basis {
    /// From a history of stages.
    StageHistory {
        /// The first time in it: what began before was not seen to begin.
        starts: i64,
    },
    /// From the creation and the closing of each deal, as one stay.
    Lifetimes,
    /// Not at all: the present state is all there is.
    #[default]
    Snapshot,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its name, as the data has it.
    pub name: String,
    /// Whether deals end in it.
    pub kind: StageKind,
}

/// What it means for a deal to be in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// It goes on.
    Open,
    /// It was won.
    Won,
    /// It was lost.
    Lost,
    /// It was closed, and nothing says how.
    Closed,
}

/// A deal entered a stage. Deals and stages by their place in the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The deal.
    pub deal: usize,
    /// The stage.
    pub stage: usize,
    /// When, in microseconds since 1970.
    pub at: i64,
}

/// The present state of a deal. Times are microseconds since 1970; what is not known is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deal {
    /// Its key.
    pub id: String,
    /// Its stage, by its place in the facts.
    pub stage: Option<usize>,
    /// What it is worth.
    pub amount: Option<f64>,
    /// When it was made.
    pub created: Option<i64>,
    /// When it was closed, or is hoped to close.
    pub close_date: Option<i64>,
    /// Whether a next step is written down.
    pub next_step: Option<bool>,
    /// People of the buyer that are known to take part.
    pub contacts: Option<u64>,
    /// When something was last done about it.
    pub last_activity: Option<i64>,
    /// How its close date was moved.
    pub pushes: Option<Pushes>,
    /// How its amount last changed.
    pub amount_change: Option<Change>,
}

/// How often and how far a close date was moved to a later day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pushes {
    /// Moves to a later day.
    pub times: u64,
    /// Days between the first date given and the present one.
    pub days: f64,
}

/// An amount before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The amount that was first given.
    pub from: f64,
    /// The amount now.
    pub to: f64,
}

/// Which of the facts about deals there is a column or table for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says of one fact whether it could be looked up")]
pub struct Have {
    /// Close dates.
    pub close_date: bool,
    /// Next steps.
    pub next_step: bool,
    /// People per deal.
    pub contacts: bool,
    /// Activities.
    pub activity: bool,
    /// Earlier close dates.
    pub pushes: bool,
    /// Earlier amounts.
    pub amounts: bool,
}

impl Facts {
    /// Whether a deal is open: it is in a stage that is, or in none that is known.
    pub fn is_open(&self, deal: &Deal) -> bool {
        deal.stage.is_none_or(|stage| self.stages[stage].kind == StageKind::Open)
    }

    /// The open deals.
    pub fn open(&self) -> impl Iterator<Item = (usize, &Deal)> {
        self.deals.iter().enumerate().filter(|(_, deal)| self.is_open(deal))
    }
}
