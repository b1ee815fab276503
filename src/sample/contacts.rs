//! The people at a firm, and the contact rows that stand for them.

use crate::{
    accounts::Firm,
    calendar::{Calendar, DAY},
    dice::Dice,
    empty,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::{Duplicates, Truth, Twins},
    users,
    words::{FIRST_NAMES, FREE_MAIL, LAST_NAMES, SENIORITIES, Seniority},
};
use std::path::Path;

const COLUMNS: [&str; 15] = [
    "contact_id",
    "account_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "phone_number",
    "job_title",
    "seniority",
    "country",
    "lifecycle_stage",
    "email_consent",
    "owner_id",
    "created_at",
    "updated_at",
];

/// The same in a clean company, where a second number is that of another telephone.
const CLEAN_COLUMNS: [&str; 15] = {
    let mut columns = COLUMNS;
    columns[6] = "mobile_phone";
    columns
};

/// The share of firms where nobody is known.
const FIRM_UNPEOPLED: f64 = 0.1;
/// The most people known at a firm, which bounds what is held in memory.
const MOST_PEOPLE: u64 = 8;
/// The share of people who have a second contact row.
const REPEATED: f64 = 0.06;
const FREE_MAILED: f64 = 0.12;
const EMAIL_EMPTY: f64 = 0.04;
const PHONE_EMPTY: f64 = 0.45;
const PHONE_NUMBER_EMPTY: f64 = 0.7;
const TITLE_EMPTY: f64 = 0.3;
const CONSENT_EMPTY: f64 = 0.35;
const ACCOUNT_MISSING: f64 = 0.11;
const ACCOUNT_DANGLING: f64 = 0.03;
/// The share of contact rows that came in as a lead.
const WITH_LEAD: f64 = 0.6;

const LIFECYCLE: [(&str, u32); 6] =
    [("subscriber", 25), ("lead", 30), ("mql", 20), ("sql", 10), ("opportunity", 8), ("customer", 7)];

/// A contact row as the other tables need it.
pub(crate) struct Person {
    /// The contact.
    pub(crate) id: Id,
    /// Its place among all contacts.
    pub(crate) index: u64,
    /// Its account, as the row has it.
    pub(crate) account: Key,
    /// The rung the person stands on.
    pub(crate) seniority: Seniority,
    /// When the contact was made.
    pub(crate) created: i64,
    /// When it came in as a lead, if it did.
    pub(crate) lead_created: Option<i64>,
}

/// Who a person is, whatever the rows make of it.
struct Identity {
    first: &'static str,
    last: &'static str,
    email: String,
    free_mail: bool,
    phone: String,
    seniority: Seniority,
    title: &'static str,
}

/// The contacts table and what was planted in it.
pub(crate) struct Contacts {
    table: Table,
    clean: bool,
    duplicates: Duplicates,
    free_mail: u64,
    restorable: u64,
}

impl Contacts {
    /// An empty table.
    pub(crate) fn create(folder: &Path, clean: bool) -> Result<Self, SampleError> {
        Ok(Self {
            table: Table::create(folder, "contacts", if clean { &CLEAN_COLUMNS } else { &COLUMNS })?,
            clean,
            duplicates: Duplicates::of("contacts.email"),
            free_mail: 0,
            restorable: 0,
        })
    }

    /// Contacts written so far.
    pub(crate) const fn rows(&self) -> u64 {
        self.table.rows()
    }

    /// Draws the people known at a firm, at most as many rows as there is room for, and writes them.
    pub(crate) fn people_of(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &mut Firm,
        room: u64,
    ) -> Result<Vec<Person>, SampleError> {
        let mut people = Vec::new();
        if dice.flaw(FIRM_UNPEOPLED) {
            return Ok(people);
        }
        let end = self.rows() + room.min(dice.count(1, MOST_PEOPLE));
        let mut taken: Vec<String> = Vec::new();
        while self.rows() < end {
            let identity = Identity::draw(dice, firm, &mut taken, self.rows());
            let nothing = empty::empty(dice, EMAIL_EMPTY);
            let email = nothing.unwrap_or(&identity.email);
            people.push(self.row(dice, calendar, firm, &identity, email, nothing.is_none())?);
            if nothing.is_none() {
                self.duplicates.first();
                if self.rows() < end && dice.flaw(REPEATED) {
                    let email = respelt(dice, &identity.email);
                    people.push(self.row(dice, calendar, firm, &identity, &email, true)?);
                    self.duplicates.again();
                }
            }
        }
        Ok(people)
    }

    /// Closes the table.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        truth.duplicate_contacts = self.duplicates;
        truth.free_mail_contacts = self.free_mail;
        truth.contacts_restorable_by_domain = self.restorable;
        if !self.clean {
            truth.twins = vec![Twins("contacts.phone".to_owned(), "contacts.phone_number".to_owned())];
        }
        self.table.finish(truth)
    }

    fn row(
        &mut self,
        dice: &mut Dice,
        calendar: &Calendar,
        firm: &mut Firm,
        identity: &Identity,
        email: &str,
        has_email: bool,
    ) -> Result<Person, SampleError> {
        let index = self.rows();
        let id = Id::nth(Kind::Contact, index);
        let account = firm.key(dice, ACCOUNT_MISSING, ACCOUNT_DANGLING);
        firm.named_by_contact(account);
        let lead_created =
            dice.chance(WITH_LEAD).then(|| dice.between(calendar.history(), calendar.now - DAY));
        let created = dice.between(firm.created, lead_created.unwrap_or(calendar.now - DAY));
        if has_email {
            self.free_mail += u64::from(identity.free_mail);
            self.restorable += u64::from(!account.resolves() && firm.domain_known && !identity.free_mail);
        }
        let table = &mut self.table;
        table.show(id).key(account).text(identity.first).text(identity.last).text(email);
        table.sparse(dice, PHONE_EMPTY, &identity.phone).sparse(dice, PHONE_NUMBER_EMPTY, &identity.phone);
        table.sparse(dice, TITLE_EMPTY, identity.title).sparse(dice, 0.1, identity.seniority.name);
        table.sparse(dice, 0.08, firm.country).text(dice.weighted(&LIFECYCLE));
        let consent = if dice.chance(0.8) { "granted" } else { "denied" };
        table.sparse(dice, CONSENT_EMPTY, consent).key(users::owner(dice, 0.07));
        table.time(created).time(dice.between(created, calendar.now)).end()?;
        Ok(Person { id, index, account, seniority: identity.seniority, created, lead_created })
    }
}

impl Identity {
    /// A person with an e-mail address nobody else has. `index` is unlike any other person's.
    fn draw(dice: &mut Dice, firm: &Firm, taken: &mut Vec<String>, index: u64) -> Self {
        let first = dice.pick(&FIRST_NAMES);
        let last = dice.pick(&LAST_NAMES);
        let free_mail = dice.chance(FREE_MAILED);
        let mailbox = format!("{}.{}", first.to_lowercase(), last.to_lowercase().replace('ö', "o"));
        let email = if free_mail {
            format!("{mailbox}{index}@{}", dice.pick(&FREE_MAIL))
        } else {
            let namesakes = taken.iter().filter(|other| **other == mailbox).count();
            let number = if namesakes == 0 { String::new() } else { (namesakes + 1).to_string() };
            format!("{mailbox}{number}@{}", firm.domain)
        };
        if !free_mail {
            taken.push(mailbox);
        }
        let seniority = dice.weighted(&SENIORITIES);
        let title = dice.pick(seniority.titles);
        Self { first, last, email, free_mail, phone: phone(index), seniority, title }
    }
}

/// A number with the exchange 555, which telephone companies leave to fiction; unlike any other among eight
/// million people.
fn phone(index: u64) -> String {
    let line = index * 7919 % 8_000_000;
    format!("+1 {} 555 {:04}", 200 + line / 10_000, line % 10_000)
}

/// The same address as another hand would type it.
fn respelt(dice: &mut Dice, email: &str) -> String {
    match dice.count(0, 3) {
        0 => email.to_uppercase(),
        1 => format!(" {email}"),
        2 => format!("{email} "),
        _ => email.to_owned(),
    }
}
