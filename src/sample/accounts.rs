//! Firms, and the account rows that stand for them.

use crate::{
    calendar::{Calendar, DAY},
    dice::Dice,
    empty,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::{Duplicates, MixedType, Picklist, Truth},
    users,
    words::{COUNTRIES, EMPLOYEES_AS_TEXT, INDUSTRIES, Industry, NAME_HEADS, NAME_TAILS},
};
use std::{collections::BTreeMap, path::Path};

const COLUMNS: [&str; 9] = [
    "account_id",
    "company_name",
    "domain",
    "industry",
    "employees",
    "annual_revenue",
    "country",
    "owner_id",
    "created_at",
];

/// The share of firms that have a second account row.
const REPEATED: f64 = 0.04;
const DOMAIN_EMPTY: f64 = 0.04;
const INDUSTRY_EMPTY: f64 = 0.12;
const INDUSTRY_MISSPELT: f64 = 0.3;
const EMPLOYEES_EMPTY: f64 = 0.08;
const EMPLOYEES_TEXT: f64 = 0.06;

/// A firm as it is, and the accounts that stand for it.
pub(crate) struct Firm {
    /// What it is called.
    pub(crate) name: String,
    /// The domain of its people's e-mail.
    pub(crate) domain: String,
    /// Whether an account row tells the domain.
    pub(crate) domain_known: bool,
    /// Its industry's place in the list.
    pub(crate) industry: usize,
    /// Its head count.
    pub(crate) employees: u64,
    /// Where it is.
    pub(crate) country: &'static str,
    /// When its accounts were there at the latest.
    pub(crate) created: i64,
    /// Its account rows, one or two, and how many contacts name each.
    pub(crate) accounts: Vec<(Id, u64)>,
}

/// The accounts table and what was planted in it.
pub(crate) struct Accounts {
    table: Table,
    firms: u64,
    duplicates: Duplicates,
    spellings: BTreeMap<usize, BTreeMap<&'static str, u64>>,
    employees_as_text: u64,
    without_contacts: u64,
}

impl Accounts {
    /// An empty table.
    pub(crate) fn create(folder: &Path) -> Result<Self, SampleError> {
        Ok(Self {
            table: Table::create(folder, "accounts", &COLUMNS)?,
            firms: 0,
            duplicates: Duplicates::of("accounts.domain"),
            spellings: BTreeMap::new(),
            employees_as_text: 0,
            without_contacts: 0,
        })
    }

    /// Draws the next firm and writes its accounts.
    pub(crate) fn next_firm(&mut self, dice: &mut Dice, calendar: &Calendar) -> Result<Firm, SampleError> {
        let (name, domain) = name_and_domain(self.firms);
        self.firms += 1;
        let employees =
            dice.weighted(&[((5, 50), 30), ((51, 250), 34), ((251, 1000), 22), ((1001, 9000), 14)]);
        let oldest = calendar.history() - 900 * DAY;
        let mut firm = Firm {
            name,
            domain,
            domain_known: !dice.flaw(DOMAIN_EMPTY),
            industry: dice.pick(&[0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8]),
            employees: dice.count(employees.0, employees.1),
            country: dice.weighted(&COUNTRIES),
            created: dice.between(oldest, calendar.history() - 30 * DAY),
            accounts: Vec::with_capacity(2),
        };
        let name = firm.name.clone();
        let domain = if firm.domain_known { firm.domain.clone() } else { String::new() };
        self.account(dice, &mut firm, &name, &domain)?;
        if firm.domain_known {
            self.duplicates.first();
            if dice.flaw(REPEATED) {
                let name = dice.pick(&[format_inc, format_upper])(&firm.name);
                let domain = if dice.chance(0.5) { domain.to_uppercase() } else { domain };
                self.account(dice, &mut firm, &name, &domain)?;
                self.duplicates.again();
            }
        }
        Ok(firm)
    }

    /// Counts the accounts of a firm whose contacts have all been written.
    pub(crate) fn close(&mut self, firm: &Firm) {
        self.without_contacts +=
            firm.accounts.iter().map(|&(_, contacts)| u64::from(contacts == 0)).sum::<u64>();
    }

    /// Closes the table.
    pub(crate) fn finish(self, truth: &mut Truth) -> Result<(), SampleError> {
        truth.duplicate_accounts = self.duplicates;
        truth.accounts_without_contacts = self.without_contacts;
        truth.mixed_types =
            vec![MixedType { column: "accounts.employees".to_owned(), text_rows: self.employees_as_text }];
        truth.picklists = self
            .spellings
            .into_iter()
            .map(|(industry, mut spellings)| {
                let canonical = INDUSTRIES[industry].name;
                Picklist {
                    column: "accounts.industry".to_owned(),
                    canonical: canonical.to_owned(),
                    canonical_rows: spellings.remove(canonical).unwrap_or(0),
                    variants: spellings.into_iter().map(|(text, rows)| (text.to_owned(), rows)).collect(),
                }
            })
            .filter(|picklist| !picklist.variants.is_empty())
            .collect();
        self.table.finish(truth)
    }

    fn account(
        &mut self,
        dice: &mut Dice,
        firm: &mut Firm,
        name: &str,
        domain: &str,
    ) -> Result<(), SampleError> {
        let id = Id::nth(Kind::Account, self.table.rows());
        firm.accounts.push((id, 0));
        self.table.show(id).text(name).text(domain);
        self.industry(dice, firm.industry);
        self.employees(dice, firm.employees);
        let revenue = firm.employees * dice.count(90, 260) * 1000;
        self.table.sparse_number(dice, 0.2, revenue).sparse(dice, 0.05, firm.country);
        self.table.key(users::owner(dice, 0.05)).time(firm.created).end()
    }

    fn industry(&mut self, dice: &mut Dice, industry: usize) {
        if let Some(nothing) = empty::empty(dice, INDUSTRY_EMPTY) {
            self.table.text(nothing);
            return;
        }
        let Industry { name, variants } = INDUSTRIES[industry];
        let misspelt = !variants.is_empty() && dice.flaw(INDUSTRY_MISSPELT);
        let text = if misspelt { dice.pick(variants) } else { name };
        *self.spellings.entry(industry).or_default().entry(text).or_default() += 1;
        self.table.text(text);
    }

    fn employees(&mut self, dice: &mut Dice, employees: u64) {
        if dice.flaw(EMPLOYEES_TEXT) {
            self.employees_as_text += 1;
            self.table.text(dice.pick(&EMPLOYEES_AS_TEXT));
        } else {
            self.table.sparse_number(dice, EMPLOYEES_EMPTY, employees);
        }
    }
}

impl Firm {
    /// A key to one of the firm's accounts, lost or broken in the given shares of cases.
    pub(crate) fn key(&self, dice: &mut Dice, missing: f64, dangling: f64) -> Key {
        let (account, _) = dice.pick(&self.accounts);
        Key::flawed(dice, account, missing, dangling)
    }

    /// Notes that a contact names the account, where the key leads to one.
    pub(crate) fn named_by_contact(&mut self, key: Key) {
        for (account, contacts) in &mut self.accounts {
            *contacts += u64::from(key == Key::To(*account));
        }
    }
}

/// The name and domain of the firm at an index, unlike any other's: the pairs of halves in a scattered
/// order, then the same pairs numbered.
fn name_and_domain(index: u64) -> (String, String) {
    let pairs = (NAME_HEADS.len() * NAME_TAILS.len()) as u64;
    // An odd step visits every pair, since their number is a power of two.
    let pair = (index % pairs) * 1237 % pairs;
    let tails = NAME_TAILS.len() as u64;
    let halves = usize::try_from(pair / tails).ok().zip(usize::try_from(pair % tails).ok());
    let (head, tail) = halves.map_or(("", ""), |(head, tail)| (NAME_HEADS[head], NAME_TAILS[tail]));
    match index / pairs {
        0 => (format!("{head}{tail}"), format!("{}{tail}.example", head.to_lowercase())),
        lap => {
            let number = lap + 1;
            (format!("{head}{tail} {number}"), format!("{}{tail}{number}.example", head.to_lowercase()))
        }
    }
}

fn format_inc(name: &str) -> String {
    format!("{name}, Inc.")
}

fn format_upper(name: &str) -> String {
    name.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_firms_share_a_domain() {
        let domains: HashSet<String> = (0..20_000).map(|index| name_and_domain(index).1).collect();
        assert_eq!(domains.len(), 20_000);
    }
}
