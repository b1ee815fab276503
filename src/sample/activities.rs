//! What sales did.

use crate::{
    calendar::Calendar,
    contacts::Person,
    deals::Deal,
    dice::Dice,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::Truth,
    users,
};
use std::path::Path;

const COLUMNS: [&str; 7] =
    ["activity_id", "contact_id", "deal_id", "owner_id", "type", "occurred_at", "outcome"];

/// The most activities with one contact.
const MOST: u64 = 3;
/// The share of activities with a deal's person that are about the deal.
const ABOUT_DEAL: f64 = 0.6;
const OUTCOME_EMPTY: f64 = 0.25;

const TYPES: [(&str, u32); 4] = [("call", 35), ("email", 40), ("meeting", 15), ("task", 10)];
const OUTCOMES: [&str; 5] = ["connected", "left voicemail", "no answer", "completed", "rescheduled"];

/// The activities table.
pub(crate) struct Activities(Table);

impl Activities {
    /// An empty table.
    pub(crate) fn create(folder: &Path) -> Result<Self, SampleError> {
        Table::create(folder, "activities", &COLUMNS).map(Self)
    }

    /// Draws what was done with a person and writes it.
    pub(crate) fn of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        person: &Person,
        deals: &[Deal],
    ) -> Result<(), SampleError> {
        let table = &mut self.0;
        for _ in 0..dice.count(0, MOST) {
            let deal = deals.iter().find(|deal| deal.person == person.id).filter(|_| dice.chance(ABOUT_DEAL));
            let (from, until) =
                deal.map_or((person.created, calendar.now), |deal| (deal.created, deal.until));
            table.show(Id::nth(Kind::Activity, table.rows()));
            table.key(Key::flawed(dice, person.id, 0.02, 0.0));
            table.key(deal.map_or(Key::Missing, |deal| Key::To(deal.id))).key(users::owner(dice, 0.03));
            table.text(dice.weighted(&TYPES)).time(dice.between(from, until));
            let outcome = dice.pick(&OUTCOMES);
            table.sparse(dice, OUTCOME_EMPTY, outcome).end()?;
        }
        Ok(())
    }

    /// Closes the table.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        self.0.finish(truth)
    }
}
