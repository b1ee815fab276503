//! The whole company, firm by firm.

use crate::{
    accounts::Accounts,
    activities::Activities,
    calendar::Calendar,
    campaigns::{self, Touches},
    contacts::Contacts,
    deals::Deals,
    dice::Dice,
    error::SampleError,
    events::Events,
    folder::Folder,
    leads::Leads,
    stack,
    truth::{self, Attribution, Duplicates, LegacyScore, MADE_BY, Truth},
    users,
};
use std::{collections::BTreeMap, path::Path};

/// What sets the dice of stalled deals apart from all others.
const STALLS: u64 = 0x5741_11ED;
/// Contacts between two reports of progress.
const PROGRESS_STEP: u64 = 10_000;

/// Sets the chance in touches around deals apart from that of all else, which stays the same without them.
const TOUCHES: u64 = 0x746f_7563_6865_7321;

/// The company to make up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// How many contact rows it has, repeated rows included. All else follows in proportion.
    pub contacts: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// The time the sample is taken.
    pub now: jiff::Timestamp,
    /// Whether nothing is wrong with it: what finds fault with such a company errs.
    pub clean: bool,
}

/// Writes the company into a folder that is new, empty, or holds an earlier sample, and tells what is truly
/// wrong with it. `progress` hears the contacts written and the contacts asked for.
pub fn write(
    company: &Company,
    out: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Truth, SampleError> {
    let calendar = Calendar::around(company.now)?;
    let folder = Folder::claim(out)?;
    let mut dice = Dice::new(company.seed, company.clean);
    let mut truth = nothing_planted(company);
    stack::write(&folder)?;
    users::write(folder.path(), &mut truth)?;
    campaigns::write(folder.path(), &mut dice, &calendar, &mut truth)?;
    write_firms(company, &calendar, folder.path(), &mut dice, &mut truth, progress)?;
    folder.write_truth(&truth)?;
    Ok(truth)
}

fn write_firms(
    company: &Company,
    calendar: &Calendar,
    folder: &Path,
    dice: &mut Dice,
    truth: &mut Truth,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), SampleError> {
    let mut accounts = Accounts::create(folder)?;
    let mut contacts = Contacts::create(folder, company.clean)?;
    let mut leads = Leads::create(folder, company.clean)?;
    let mut deals = Deals::create(folder)?;
    let mut activities = Activities::create(folder)?;
    let mut events = Events::create(folder, company.clean)?;
    let mut touches = Touches::create(folder, Dice::new(company.seed ^ TOUCHES, company.clean))?;
    let mut stalls = Dice::new(company.seed ^ STALLS, company.clean);
    let mut reported = 0;
    while contacts.rows() < company.contacts {
        let mut firm = accounts.next_firm(dice, calendar)?;
        let room = company.contacts - contacts.rows();
        let people = contacts.people_of(dice, calendar, &mut firm, room)?;
        accounts.close(&firm);
        let firm_deals = deals.of(dice, calendar, &firm, &people)?;
        deals.stalled(&mut stalls, calendar, &firm, &people, truth)?;
        for person in &people {
            leads.of(dice, calendar, &firm, person)?;
            activities.of(dice, calendar, person, &firm_deals)?;
            events.of(dice, calendar, person)?;
            touches.of(dice, calendar, person, &firm_deals)?;
        }
        if contacts.rows() - reported >= PROGRESS_STEP {
            reported = contacts.rows();
            progress(reported, company.contacts);
        }
    }
    accounts.finish(truth)?;
    contacts.finish(truth)?;
    leads.finish(truth)?;
    deals.finish(truth)?;
    activities.finish(truth)?;
    events.finish(calendar, truth)?;
    touches.finish(truth)?;
    progress(company.contacts, company.contacts);
    Ok(())
}

/// The truth about a company of which nothing has been written yet.
fn nothing_planted(company: &Company) -> Truth {
    Truth {
        made_by: MADE_BY.to_owned(),
        contacts: company.contacts,
        seed: company.seed,
        now: company.now,
        rows: BTreeMap::new(),
        fields: BTreeMap::new(),
        links: BTreeMap::new(),
        accounts_without_contacts: 0,
        contacts_restorable_by_domain: 0,
        duplicate_contacts: Duplicates::default(),
        duplicate_accounts: Duplicates::default(),
        free_mail_contacts: 0,
        picklists: Vec::new(),
        mixed_types: Vec::new(),
        events: truth::Events { total: 0, late: 0, future: 0, unknown_person: 0, gap: None },
        legacy_score: LegacyScore {
            column: String::new(),
            outcome: String::new(),
            labelled: 0,
            positives: 0,
            auc: None,
        },
        leaks: Vec::new(),
        attribution: Attribution::default(),
        twins: Vec::new(),
        stalled_deals: Vec::new(),
    }
}
