//! What visitors did on the web site, when it happened and when the warehouse learnt of it.

use crate::{
    calendar::{Calendar, DAY, HOUR, MINUTE},
    contacts::Person,
    dice::Dice,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::{self, Truth},
};
use std::path::Path;

const COLUMNS: [&str; 7] =
    ["event_id", "contact_id", "anonymous_id", "event_type", "page", "occurred_at", "loaded_at"];

/// The most events of one visitor.
const MOST: u64 = 8;
const UNKNOWN_PERSON: f64 = 0.35;
const LATE: f64 = 0.03;
const FUTURE: f64 = 0.004;
/// An event is late when it is loaded more than this long after it took place.
const LATE_AFTER: i64 = DAY;
const LONGEST_LAG: i64 = 6 * HOUR;
const LONGEST_DELAY: i64 = 10 * DAY;

const TYPES: [((&str, &str), u32); 8] = [
    (("page_view", "/"), 24),
    (("page_view", "/product"), 20),
    (("page_view", "/blog"), 22),
    (("page_view", "/pricing"), 12),
    (("page_view", "/customers"), 8),
    (("form_submit", "/contact"), 4),
    (("content_download", "/guides"), 7),
    (("demo_request", "/demo"), 3),
];

/// The web events table and what was planted in it.
pub(crate) struct Events {
    table: Table,
    clean: bool,
    late: u64,
    future: u64,
    unknown_person: u64,
}

impl Events {
    /// An empty table.
    pub(crate) fn create(folder: &Path, clean: bool) -> Result<Self, SampleError> {
        let table = Table::create(folder, "web_events", &COLUMNS)?;
        Ok(Self { table, clean, late: 0, future: 0, unknown_person: 0 })
    }

    /// Draws a person's visits and writes them. Visits before the person was known, or without a cookie that
    /// tells, have the browser only.
    pub(crate) fn of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        person: &Person,
    ) -> Result<(), SampleError> {
        for _ in 0..dice.count(0, MOST) {
            let (occurred, loaded) = times(dice, calendar);
            let contact = Key::flawed(dice, person.id, UNKNOWN_PERSON, 0.0);
            self.late += u64::from(loaded - occurred > LATE_AFTER);
            self.future += u64::from(occurred > calendar.now);
            self.unknown_person += u64::from(contact == Key::Missing);
            let (event_type, page) = dice.weighted(&TYPES);
            let browser = dice.count(0, 1);
            let table = &mut self.table;
            table.show(Id::nth(Kind::Event, table.rows())).key(contact);
            table.show(format_args!("b{}-{browser}", person.index)).text(event_type).text(page);
            table.time(occurred).time(loaded).end()?;
        }
        Ok(())
    }

    /// Closes the table.
    pub(crate) fn finish(self, calendar: &Calendar, truth: &mut Truth) -> Result<(), SampleError> {
        truth.events = truth::Events {
            total: self.table.rows(),
            late: self.late,
            future: self.future,
            unknown_person: self.unknown_person,
            gap: (!self.clean).then(|| calendar.gap()),
        };
        self.table.finish(truth)
    }
}

/// When an event took place by its own clock, and when it was loaded.
fn times(dice: &mut Dice, calendar: &Calendar) -> (i64, i64) {
    if dice.flaw(FUTURE) {
        let occurred = calendar.now + dice.between(HOUR, 30 * DAY);
        return (occurred, calendar.now - dice.between(MINUTE, 30 * DAY));
    }
    let (shortest, longest) =
        if dice.flaw(LATE) { (LATE_AFTER + MINUTE, LONGEST_DELAY) } else { (MINUTE, LONGEST_LAG) };
    let lag = dice.between(shortest, longest);
    let occurred = calendar.event(dice, lag);
    (occurred, occurred + lag)
}
