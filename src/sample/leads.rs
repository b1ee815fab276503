//! Leads: features that predict conversion, a score that does not, and two columns that give it away.

use crate::{
    accounts::Firm,
    calendar::{Calendar, DAY},
    contacts::Person,
    dice::Dice,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::{Leak, LegacyScore, Truth},
    words::INDUSTRIES,
};
use std::path::Path;

const COLUMNS: [&str; 18] = [
    "lead_id",
    "contact_id",
    "account_id",
    "created_at",
    "lead_source",
    "industry",
    "employees",
    "seniority",
    "email_opens",
    "web_visits",
    "pricing_views",
    "form_fills",
    "demo_requests",
    "days_to_first_reply",
    "legacy_score",
    "sales_tag",
    "close_date",
    "converted",
];

/// The same in a clean company, where nothing is filled in after the fact.
const CLEAN_COLUMNS: [&str; 16] = {
    let mut columns = [""; 16];
    let (mut at, mut from) = (0, 0);
    while at < columns.len() {
        // The two columns before the last give the outcome away.
        if from == COLUMNS.len() - 3 {
            from += 2;
        }
        columns[at] = COLUMNS[from];
        at += 1;
        from += 1;
    }
    columns
};

/// How long a lead has to convert.
const OUTCOME_DAYS: i64 = 90;
const CONTACT_MISSING: f64 = 0.03;
const CONTACT_DANGLING: f64 = 0.02;

/// Where leads come from: how much the source helps (log-odds), and how often it is the source.
const SOURCES: [((&str, f64), u32); 7] = [
    (("organic_search", 0.1), 22),
    (("paid_search", 0.0), 18),
    (("webinar", 0.2), 15),
    (("content_download", -0.4), 16),
    (("referral", 1.0), 8),
    (("partner", 0.6), 6),
    (("purchased_list", -1.1), 15),
];

/// Log-odds of a lead of average pull with nothing in its favour.
const BASE: f64 = -2.7;
const VISIT_PULL: f64 = 0.07;
const PRICING_PULL: f64 = 0.5;
const FORM_PULL: f64 = 0.3;
const DEMO_PULL: f64 = 1.3;
const REPLY_DAY_PULL: f64 = -0.1;

const TAGS: [&str; 3] = ["handed to AE", "fast-track", "sql accepted"];

/// The leads table and what was planted in it.
pub(crate) struct Leads {
    table: Table,
    clean: bool,
    /// Labelled leads by legacy score, those that converted and those that did not. The score has few
    /// values, so its exact AUC needs no more than this.
    converted: [u64; 101],
    unconverted: [u64; 101],
    close_date: LeakTally,
    sales_tag: LeakTally,
}

#[derive(Clone, Copy, Default)]
struct LeakTally {
    converted: u64,
    otherwise: u64,
}

/// What is known of a lead on its first days.
struct Features {
    source: &'static str,
    email_opens: u64,
    web_visits: u64,
    pricing_views: u64,
    form_fills: u64,
    demo_requests: u64,
    days_to_first_reply: u64,
    pull: f64,
}

impl Leads {
    /// An empty table.
    pub(crate) fn create(folder: &Path, clean: bool) -> Result<Self, SampleError> {
        Ok(Self {
            table: Table::create(folder, "leads", if clean { &CLEAN_COLUMNS } else { &COLUMNS })?,
            clean,
            converted: [0; 101],
            unconverted: [0; 101],
            close_date: LeakTally::default(),
            sales_tag: LeakTally::default(),
        })
    }

    /// Writes the lead that a person came in as, if any.
    pub(crate) fn of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &Firm,
        person: &Person,
    ) -> Result<(), SampleError> {
        let Some(created) = person.lead_created else { return Ok(()) };
        let features = Features::draw(dice, person.seniority.pull);
        let score = if self.clean {
            useful_score(dice, features.pull)
        } else {
            legacy_score(dice, features.email_opens)
        };
        let would_convert = dice.chance(chance_to_convert(features.pull));
        let outcome = (created <= calendar.now - OUTCOME_DAYS * DAY).then_some(would_convert);

        let contact = Key::flawed(dice, person.id, CONTACT_MISSING, CONTACT_DANGLING);
        let table = &mut self.table;
        table.show(Id::nth(Kind::Lead, table.rows())).key(contact).key(person.account).time(created);
        table.text(features.source).sparse(dice, 0.1, INDUSTRIES[firm.industry].name);
        table.sparse_number(dice, 0.08, firm.employees).sparse(dice, 0.08, person.seniority.name);
        table.show(features.email_opens).show(features.web_visits).show(features.pricing_views);
        table.show(features.form_fills).show(features.demo_requests);
        table.sparse_number(dice, 0.1, features.days_to_first_reply).show(score);
        if !self.clean {
            self.leaks(dice, created, outcome);
        }
        match outcome {
            Some(converted) => {
                let counts = if converted { &mut self.converted } else { &mut self.unconverted };
                counts[score] += 1;
                self.table.show(converted)
            }
            None => self.table.not_asked(),
        };
        self.table.end()
    }

    /// Closes the table.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        let positives: u64 = self.converted.iter().sum();
        let negatives: u64 = self.unconverted.iter().sum();
        truth.legacy_score = LegacyScore {
            column: "leads.legacy_score".to_owned(),
            outcome: "leads.converted".to_owned(),
            labelled: positives + negatives,
            positives,
            auc: auc(&self.converted, &self.unconverted),
        };
        if !self.clean {
            truth.leaks =
                vec![self.close_date.leak("leads.close_date"), self.sales_tag.leak("leads.sales_tag")];
        }
        self.table.finish(truth)
    }

    /// The tag and close date, which sales fills in when a lead has converted and otherwise hardly ever.
    fn leaks(&mut self, dice: &mut Dice, created: i64, outcome: Option<bool>) {
        let (tag_share, date_share) = match outcome {
            Some(true) => (0.93, 0.97),
            Some(false) => (0.01, 0.005),
            None => (0.0, 0.0),
        };
        let tagged = dice.chance(tag_share);
        self.table.text(if tagged { dice.pick(&TAGS) } else { "" });
        let dated = dice.chance(date_share);
        if dated {
            self.table.date(created + dice.between(DAY, OUTCOME_DAYS * DAY));
        } else {
            self.table.text("");
        }
        if let Some(converted) = outcome {
            self.sales_tag.count(converted, tagged);
            self.close_date.count(converted, dated);
        }
    }
}

impl LeakTally {
    fn count(&mut self, converted: bool, filled: bool) {
        let tally = if converted { &mut self.converted } else { &mut self.otherwise };
        *tally += u64::from(filled);
    }

    fn leak(self, column: &str) -> Leak {
        let Self { converted, otherwise } = self;
        Leak { column: column.to_owned(), filled_when_converted: converted, filled_otherwise: otherwise }
    }
}

impl Features {
    /// Features that are independent of each other, and the pull that those with any meaning add up to.
    /// Opened e-mails mean nothing: machines open them too.
    fn draw(dice: &mut Dice, seniority_pull: f64) -> Self {
        let (source, source_pull) = dice.weighted(&SOURCES);
        let mut features = Self {
            source,
            email_opens: dice.tally(8.0),
            web_visits: dice.tally(5.0),
            pricing_views: dice.tally(0.7),
            form_fills: dice.tally(0.6),
            demo_requests: u64::from(dice.chance(0.12)),
            days_to_first_reply: dice.tally(3.0).min(30),
            pull: 0.0,
        };
        features.pull = seniority_pull
            + source_pull
            + VISIT_PULL * features.web_visits.min(20) as f64
            + PRICING_PULL * features.pricing_views.min(5) as f64
            + FORM_PULL * features.form_fills.min(4) as f64
            + DEMO_PULL * features.demo_requests as f64
            + REPLY_DAY_PULL * features.days_to_first_reply as f64;
        features
    }
}

fn chance_to_convert(pull: f64) -> f64 {
    1.0 / (1.0 + (-(BASE + pull)).exp())
}

/// The score that marketing automation has kept for years: points for opened e-mails, and for things that
/// nobody remembers.
fn legacy_score(dice: &mut Dice, email_opens: u64) -> usize {
    let points = 2 * email_opens.min(30) + dice.count(0, 40);
    usize::try_from(points).unwrap_or(usize::MAX).min(100)
}

/// A score that somebody made of what matters.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nought and a hundred")]
fn useful_score(dice: &mut Dice, pull: f64) -> usize {
    let points = 100.0 * chance_to_convert(pull) + dice.count(0, 10) as f64;
    points.clamp(0.0, 100.0).round() as usize
}

/// The chance that a converted lead scores above an unconverted one, ties counted half.
fn auc(converted: &[u64; 101], unconverted: &[u64; 101]) -> Option<f64> {
    let mut below = 0;
    let mut wins = 0.0;
    for (&positives, &negatives) in converted.iter().zip(unconverted) {
        wins += positives as f64 * (below as f64 + negatives as f64 / 2.0);
        below += negatives;
    }
    let pairs = converted.iter().sum::<u64>() as f64 * below as f64;
    (pairs > 0.0).then(|| wins / pairs)
}
