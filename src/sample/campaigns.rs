//! Campaigns, what they cost and whom they touched.

use crate::{
    calendar::{Calendar, DAY},
    contacts::Person,
    deals::{Deal, Ended},
    dice::Dice,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::{Attribution, Truth},
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

/// The channel that comes before deals that are won, and how often.
const HELPS: (usize, f64) = (3, 0.6);
/// The channel that comes before deals that are lost, and how often.
const HINDERS: (usize, f64) = (1, 0.6);
/// Days before the closing of a deal within which they come, and within which any touch belongs to it.
const BEFORE: i64 = 45;
const WINDOW: i64 = 90;

/// The touches table, beside the finished tables of campaigns and spend, and what came of the touches.
pub(crate) struct Touches {
    table: Table,
    dice: Dice,
    truth: Attribution,
}

/// A touch whose row names its person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Touched {
    at: i64,
    channel: &'static str,
}

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
    /// An empty table, and the chance that decides on touches around deals.
    pub(crate) fn create(folder: &Path, dice: Dice) -> Result<Self, SampleError> {
        let truth = Attribution {
            window_days: WINDOW,
            helps: CHANNELS[HELPS.0].0.to_owned(),
            hinders: CHANNELS[HINDERS.0].0.to_owned(),
            ..Attribution::default()
        };
        Ok(Self { table: Table::create(folder, "touches", &TOUCHES)?, dice, truth })
    }

    /// Draws the campaigns that reached a person and writes them.
    pub(crate) fn of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        person: &Person,
        deals: &[Deal],
    ) -> Result<(), SampleError> {
        let channels: [(usize, u32); 8] = std::array::from_fn(|index| (index, CHANNELS[index].2));
        let mut touched = Vec::new();
        for _ in 0..dice.count(0, MOST_TOUCHES) {
            let index = dice.weighted(&channels);
            let theme = dice.count(0, THEMES.len() as u64 - 1);
            let key = Key::flawed(dice, person.id, 0.04, 0.0);
            let at = dice.between(calendar.history(), calendar.now);
            touched.extend(self.touch(index, theme, key, at)?);
        }
        let own: Vec<Ended> =
            deals.iter().filter(|deal| deal.person == person.id).filter_map(|deal| deal.ended).collect();
        for ended in &own {
            let (channel, share) = if ended.won { HELPS } else { HINDERS };
            if let (Some(closed), true) = (ended.closed, self.dice.chance(share)) {
                let theme = self.dice.count(0, THEMES.len() as u64 - 1);
                let at = self.dice.between(closed - BEFORE * DAY, closed - DAY);
                touched.extend(self.touch(channel, theme, Key::To(person.id), at)?);
            }
        }
        self.credit(own, touched);
        Ok(())
    }

    /// Closes the table.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        truth.attribution = self.truth;
        self.table.finish(truth)
    }

    /// Writes a touch, and gives it back where its row names its person.
    fn touch(&mut self, index: usize, theme: u64, key: Key, at: i64) -> Result<Option<Touched>, SampleError> {
        let (table, channel) = (&mut self.table, CHANNELS[index].0);
        let campaign = Id::nth(Kind::Campaign, index as u64 * THEMES.len() as u64 + theme);
        table.show(Id::nth(Kind::Touch, table.rows())).key(key);
        table.key(Key::To(campaign)).text(channel).time(at).end()?;
        Ok(key.resolves().then_some(Touched { at, channel }))
    }

    /// Counts what the touches of a person came before.
    fn credit(&mut self, mut deals: Vec<Ended>, mut touched: Vec<Touched>) {
        touched.sort_unstable();
        deals.retain(|deal| deal.won && deal.closed.is_some());
        deals.sort_by_key(|deal| deal.closed);
        // Deals closed on one day share their touches.
        let (mut previous, mut latest) = (None, None);
        for Ended { names_person, amount, closed, .. } in deals {
            let Some(closed) = closed else { continue };
            if !names_person {
                self.truth.untouched.add(amount);
                continue;
            }
            // Only the day of the closing is told, so that it is taken to be the day's end.
            let end = closed.div_euclid(DAY) * DAY + DAY - 1;
            let from = end - WINDOW * DAY;
            if latest != Some(end) {
                (previous, latest) = (latest, Some(end));
            }
            let journey = || {
                let belongs = |touch: &&Touched| {
                    touch.at > from && touch.at <= end && previous.is_none_or(|previous| touch.at > previous)
                };
                touched.iter().filter(belongs)
            };
            match (journey().next(), journey().next_back()) {
                (Some(first), Some(last)) => {
                    self.truth.first_touch.entry(first.channel.to_owned()).or_default().add(amount);
                    self.truth.last_touch.entry(last.channel.to_owned()).or_default().add(amount);
                }
                _ => self.truth.untouched.add(amount),
            }
        }
    }
}
