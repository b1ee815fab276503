//! Deals, the stages they went through, and the contracts they became.

use crate::{
    accounts::Firm,
    calendar::{Calendar, DAY},
    contacts::Person,
    dice::Dice,
    empty::PLACEHOLDER_DATE,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::Truth,
    users,
};
use std::path::Path;

const DEALS: [&str; 11] = [
    "deal_id",
    "account_id",
    "contact_id",
    "deal_name",
    "stage",
    "amount",
    "owner_id",
    "created_at",
    "close_date",
    "close_reason",
    "next_step",
];
const HISTORY: [&str; 4] = ["deal_id", "stage", "entered_at", "left_at"];
const SUBSCRIPTIONS: [&str; 7] =
    ["subscription_id", "account_id", "deal_id", "plan", "mrr", "started_at", "ended_at"];

/// How many deals a firm with known people has.
const DEALS_PER_FIRM: [(u64, u32); 4] = [(0, 42), (1, 34), (2, 17), (3, 7)];
const ACCOUNT_MISSING: f64 = 0.02;
const ACCOUNT_DANGLING: f64 = 0.01;
const CONTACT_MISSING: f64 = 0.1;
const CONTACT_DANGLING: f64 = 0.03;
const AMOUNT_EMPTY: f64 = 0.05;
const CLOSE_DATE_PLACEHOLDER: f64 = 0.02;
const CLOSE_REASON_EMPTY: f64 = 0.5;
const NEXT_STEP_EMPTY: f64 = 0.6;
/// The share of firms with one more deal, which got stuck.
const STALLED: f64 = 0.1;
/// How many days a stuck deal has been in its stage, at least and at most: far beyond the mean of any stage.
const STUCK_DAYS: (i64, i64) = (150, 330);

/// An open stage: its name, the mean days in it and the share of deals lost from it.
const STAGES: [(&str, i64, f64); 4] = [
    ("prospecting", 21, 0.24),
    ("qualification", 18, 0.22),
    ("proposal", 24, 0.2),
    ("negotiation", 16, 0.15),
];
const WON: &str = "closed_won";
const LOST: &str = "closed_lost";

const WON_REASONS: [&str; 3] = ["best fit", "price", "existing relationship"];
const LOST_REASONS: [&str; 5] = ["price", "no decision", "competitor", "bad timing", "champion left"];
const NEXT_STEPS: [&str; 5] = [
    "send proposal",
    "book security review",
    "call procurement",
    "schedule demo",
    "follow up after holidays",
];

/// A deal as the activities need it.
pub(crate) struct Deal {
    /// The deal.
    pub(crate) id: Id,
    /// The person it is made with.
    pub(crate) person: Id,
    /// When it was opened.
    pub(crate) created: i64,
    /// When it was closed, or now.
    pub(crate) until: i64,
    /// How it ended, if it did.
    pub(crate) ended: Option<Ended>,
}

/// How a deal ended, and what of that its row tells.
#[derive(Clone, Copy)]
pub(crate) struct Ended {
    /// Whether it was won.
    pub(crate) won: bool,
    /// Whether its row names its person.
    pub(crate) names_person: bool,
    /// The amount, where the row tells it.
    pub(crate) amount: Option<u64>,
    /// When it was closed, where the row tells it.
    pub(crate) closed: Option<i64>,
}

/// Where a deal has got to.
#[derive(Clone, Copy)]
struct Course {
    stage: &'static str,
    /// When it was closed, if it was.
    closed: Option<i64>,
}

/// The tables of deals, stage histories and subscriptions.
pub(crate) struct Deals {
    table: Table,
    history: Table,
    subscriptions: Table,
}

impl Deals {
    /// Three empty tables.
    pub(crate) fn create(folder: &Path) -> Result<Self, SampleError> {
        Ok(Self {
            table: Table::create(folder, "deals", &DEALS)?,
            history: Table::create(folder, "deal_stage_history", &HISTORY)?,
            subscriptions: Table::create(folder, "subscriptions", &SUBSCRIPTIONS)?,
        })
    }

    /// Draws the deals made with a firm and writes them.
    pub(crate) fn of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &Firm,
        people: &[Person],
    ) -> Result<Vec<Deal>, SampleError> {
        let mut deals = Vec::new();
        if people.is_empty() {
            return Ok(deals);
        }
        for number in 1..=dice.weighted(&DEALS_PER_FIRM) {
            let place = dice.count(0, people.len() as u64 - 1);
            let person = usize::try_from(place).map_or(&people[0], |place| &people[place]);
            deals.push(self.deal(dice, calendar, firm, person, number)?);
        }
        Ok(deals)
    }

    /// Closes the tables.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        self.table.finish(truth)?;
        self.history.finish(truth)?;
        self.subscriptions.finish(truth)
    }

    fn deal(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &Firm,
        person: &Person,
        number: u64,
    ) -> Result<Deal, SampleError> {
        let id = Id::nth(Kind::Deal, self.table.rows());
        let created = dice.between(person.created.max(calendar.history()), calendar.now - DAY);
        let course = self.course(dice, calendar, id, created)?;
        self.record(dice, calendar, firm, person, number, created, course)
    }

    /// Draws a deal that got stuck, in one of the later stages, with some firms. The dice are its own, so that all else
    /// is drawn as it would be without it.
    pub(crate) fn stalled(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &Firm,
        people: &[Person],
        truth: &mut Truth,
    ) -> Result<(), SampleError> {
        let is_stuck = dice.flaw(STALLED);
        let (number, days) = (dice.count(1, 3), dice.between(STUCK_DAYS.0, STUCK_DAYS.1));
        let Some(person) = people.first().filter(|_| is_stuck) else { return Ok(()) };
        let last = usize::try_from(number).unwrap_or(1);
        let waits: Vec<i64> =
            STAGES[..last].iter().map(|(_, mean_days, _)| dice.wait(mean_days * DAY)).collect();
        let created = calendar.now - days * DAY - waits.iter().sum::<i64>();
        if created < person.created.max(calendar.history()) {
            return Ok(());
        }
        let id = Id::nth(Kind::Deal, self.table.rows());
        let mut entered = created;
        for ((stage, ..), wait) in STAGES.iter().zip(waits) {
            self.stay(id, stage, entered, Some(entered + wait))?;
            entered += wait;
        }
        let stage = STAGES[last].0;
        self.stay(id, stage, entered, None)?;
        truth.stalled_deals.push(id.to_string());
        let course = Course { stage, closed: None };
        self.record(dice, calendar, firm, person, 9, created, course).map(drop)
    }

    /// Writes a deal whose course is known.
    #[expect(clippy::too_many_arguments, reason = "all of it is in the row")]
    fn record(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &Firm,
        person: &Person,
        number: u64,
        created: i64,
        course: Course,
    ) -> Result<Deal, SampleError> {
        let Course { stage, closed } = course;
        let id = Id::nth(Kind::Deal, self.table.rows());
        let account = firm.key(dice, ACCOUNT_MISSING, ACCOUNT_DANGLING);
        let amount = (4_000 + 40 * firm.employees.min(3_000)) * dice.count(50, 160) / 100;

        let table = &mut self.table;
        let contact = Key::flawed(dice, person.id, CONTACT_MISSING, CONTACT_DANGLING);
        table.show(id).key(account).key(contact);
        table.show(format_args!("{} - deal {number}", firm.name)).text(stage);
        let told = (!dice.flaw(AMOUNT_EMPTY)).then_some(amount);
        match told {
            Some(amount) => table.show(amount),
            None => table.text(""),
        };
        table.key(users::owner(dice, 0.05)).time(created);
        let is_dated = !dice.flaw(CLOSE_DATE_PLACEHOLDER);
        if is_dated {
            // Of an open deal this is the date sales hopes for, which may have passed.
            table.date(closed.unwrap_or_else(|| created + dice.between(30 * DAY, 240 * DAY)));
        } else {
            table.text(PLACEHOLDER_DATE);
        }
        match stage {
            WON => {
                let reason = dice.pick(&WON_REASONS);
                table.sparse(dice, CLOSE_REASON_EMPTY, reason)
            }
            LOST => {
                let reason = dice.pick(&LOST_REASONS);
                table.sparse(dice, CLOSE_REASON_EMPTY, reason)
            }
            _ => table.not_asked(),
        };
        let next_step = dice.pick(&NEXT_STEPS);
        table.sparse(dice, NEXT_STEP_EMPTY, next_step).end()?;

        if let (WON, Some(started)) = (stage, closed) {
            self.subscription(dice, calendar, account, id, amount / 12, started)?;
        }
        let ended = closed.map(|closed| Ended {
            won: stage == WON,
            names_person: contact.resolves(),
            amount: told,
            closed: is_dated.then_some(closed),
        });
        Ok(Deal { id, person: person.id, created, until: closed.unwrap_or(calendar.now), ended })
    }

    /// Walks a deal through its stages until it closes or the present is reached, and writes each stay.
    fn course(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        deal: Id,
        created: i64,
    ) -> Result<Course, SampleError> {
        let mut entered = created;
        for (stage, mean_days, lost) in STAGES {
            let left = entered + dice.wait(mean_days * DAY);
            if left > calendar.now {
                self.stay(deal, stage, entered, None)?;
                return Ok(Course { stage, closed: None });
            }
            self.stay(deal, stage, entered, Some(left))?;
            if dice.chance(lost) {
                self.stay(deal, LOST, left, None)?;
                return Ok(Course { stage: LOST, closed: Some(left) });
            }
            entered = left;
        }
        self.stay(deal, WON, entered, None)?;
        Ok(Course { stage: WON, closed: Some(entered) })
    }

    fn stay(&mut self, deal: Id, stage: &str, entered: i64, left: Option<i64>) -> Result<(), SampleError> {
        let table = &mut self.history;
        table.key(Key::To(deal)).text(stage).time(entered);
        match left {
            Some(left) => table.time(left),
            None => table.not_asked(),
        };
        table.end()
    }

    fn subscription(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        account: Key,
        deal: Id,
        mrr: u64,
        started: i64,
    ) -> Result<(), SampleError> {
        let table = &mut self.subscriptions;
        table.show(Id::nth(Kind::Subscription, table.rows())).key(account).key(Key::To(deal));
        table.text(plan(mrr)).show(mrr).date(started);
        let ended = started + dice.wait(900 * DAY).max(30 * DAY);
        if ended < calendar.now {
            table.date(ended)
        } else {
            table.not_asked()
        };
        table.end()
    }
}

/// The plan that a monthly fee buys.
const fn plan(mrr: u64) -> &'static str {
    match mrr {
        0..800 => "starter",
        800..4_000 => "growth",
        _ => "enterprise",
    }
}
