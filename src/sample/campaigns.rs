//! Campaigns, what they cost and whom they touched.

use crate::{
    calendar::{Calendar, DAY},
    contacts::Person,
    dice::Dice,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::Truth,
};
use jiff::{ToSpan, civil::Date};
use std::path::Path;

const CAMPAIGNS: [&str; 5] = ["campaign_id", "name", "channel", "started_at", "ended_at"];
const SPEND: [&str; 3] = ["campaign_id", "month", "spend"];
const TOUCHES: [&str; 5] = ["touch_id", "contact_id", "campaign_id", "channel", "occurred_at"];

const MONTHS: i64 = 18;
/// The most touches of one contact.
const MOST_TOUCHES: u64 = 4;

/// Three campaigns run on each channel: its name, what one costs a month at least, and how often it touches.
const CHANNELS: [(&str, u64, u32); 8] = [
    ("paid_search", 9_000, 20),
    ("paid_social", 7_000, 16),
    ("email", 1_200, 24),
    ("webinar", 3_500, 10),
    ("events", 12_000, 6),
    ("content", 4_000, 14),
    ("partner", 2_500, 6),
    ("direct_mail", 2_000, 4),
];
const THEMES: [&str; 3] = ["Brand", "Pipeline", "Expansion"];

/// The touches table, beside the finished tables of campaigns and spend.
pub(crate) struct Touches(Table);

/// Writes the campaigns and what each cost in each of the last months, the current one included.
pub(crate) fn write(
    folder: &Path,
    dice: &mut Dice,
    calendar: &Calendar,
    truth: &mut Truth,
) -> Result<(), SampleError> {
    let mut campaigns = Table::create(folder, "campaigns", &CAMPAIGNS)?;
    let mut spend = Table::create(folder, "campaign_spend", &SPEND)?;
    for (channel, least, _) in CHANNELS {
        for theme in THEMES {
            let id = Id::nth(Kind::Campaign, campaigns.rows());
            campaigns.show(id).show(format_args!("{theme} {}", channel.replace('_', " "))).text(channel);
            campaigns.date(calendar.history() - dice.between(30 * DAY, 300 * DAY));
            if dice.chance(0.4) {
                campaigns.date(calendar.now + dice.between(30 * DAY, 300 * DAY));
            } else {
                campaigns.not_asked();
            }
            campaigns.end()?;
            for month in months(calendar) {
                spend.key(Key::To(id)).show(month).show(least * dice.count(60, 190) / 100).end()?;
            }
        }
    }
    campaigns.finish(truth)?;
    spend.finish(truth)
}

/// The first days of the last months, oldest first.
fn months(calendar: &Calendar) -> impl Iterator<Item = Date> {
    let current = crate::calendar::date(calendar.now).map(Date::first_of_month);
    (0..MONTHS).rev().filter_map(move |back| current?.checked_sub(back.months()).ok())
}

impl Touches {
    /// An empty table.
    pub(crate) fn create(folder: &Path) -> Result<Self, SampleError> {
        Table::create(folder, "touches", &TOUCHES).map(Self)
    }

    /// Draws the campaigns that reached a person and writes them.
    pub(crate) fn of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        person: &Person,
    ) -> Result<(), SampleError> {
        let table = &mut self.0;
        let channels: [((usize, &str), u32); 8] =
            std::array::from_fn(|index| ((index, CHANNELS[index].0), CHANNELS[index].2));
        for _ in 0..dice.count(0, MOST_TOUCHES) {
            let (index, channel) = dice.weighted(&channels);
            let themes = THEMES.len() as u64;
            let campaign = Id::nth(Kind::Campaign, index as u64 * themes + dice.count(0, themes - 1));
            table.show(Id::nth(Kind::Touch, table.rows())).key(Key::flawed(dice, person.id, 0.04, 0.0));
            table.key(Key::To(campaign)).text(channel);
            table.time(dice.between(calendar.history(), calendar.now)).end()?;
        }
        Ok(())
    }

    /// Closes the table.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        self.0.finish(truth)
    }
}
