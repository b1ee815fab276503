//! Which account a contact belongs to.

use super::read::place;
use crate::{DataError, Run, Tables};
use revarch_domain::{
    association::{Likeness, company_core},
    identity::{
        kind::Kind,
        normal::{domain, normal},
    },
};
use std::collections::{BTreeMap, HashMap};

/// The tables and columns that links come from.
#[derive(Clone, Debug)]
pub struct LinkAsk {
    /// The table of people.
    pub contacts: String,
    /// Its columns: the key of a person, of the account, the e-mail address and the company's name.
    pub contact_columns: [Option<String>; 4],
    /// The table of accounts.
    pub accounts: String,
    /// Its key.
    pub account_id: String,
    /// Its columns with the domain and the name.
    pub account_columns: [Option<String>; 2],
}

/// What ties a person to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkBy {
    /// The one account of the e-mail domain.
    Domain,
    /// The one account of that name.
    Name,
    /// The one account whose domain or name is a letter away.
    Likeness,
}

impl LinkBy {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Name => "name",
            Self::Likeness => "likeness",
        }
    }
}

/// A person without a working key, and the account that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLink {
    /// The person's key, or the number of the row.
    pub contact: String,
    /// The account's key.
    pub account: String,
    /// What ties them.
    pub by: LinkBy,
}

/// What ties people to accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// People.
    pub contacts: u64,
    /// People whose key leads to an account.
    pub by_key: u64,
    /// People without such a key for whom exactly one account fits, in the order of the table.
    pub links: Vec<AccountLink>,
    /// People for whom several accounts fit equally.
    pub several: u64,
    /// People whose address is with a provider for everybody, and whom nothing else ties.
    pub free_mail: u64,
    /// Whether near spellings were looked for; among very many accounts they are not.
    pub likeness: bool,
}

/// Among more accounts than these nothing is looked for that is merely alike: it would take too much memory.
const MOST_ALIKE: usize = 20_000;

/// The accounts of each text; nothing where there are several.
type Known = HashMap<String, Option<usize>>;

impl Tables {
    /// The accounts that fit people without a working key.
    pub async fn account_links(&self, ask: &LinkAsk, run: &Run) -> Result<Linked, DataError> {
        let mut wanted = vec![ask.account_id.as_str()];
        let places = places(&ask.account_columns, &mut wanted);
        let (mut ids, mut domains, mut names) = (Vec::new(), Known::new(), Known::new());
        let mut keys: HashMap<String, usize> = HashMap::new();
        let mut stream = self.rows(&ask.accounts, &wanted, run).await?;
        while let Some(batch) = stream.next().await? {
            for row in 0..batch.rows() {
                let Some(id) = batch.cell(0, row) else { continue };
                let at = ids.len();
                ids.push(id.to_owned());
                keys.entry(key(id).to_owned()).or_insert(at);
                let cell = |place: Option<usize>| batch.cell(place?, row);
                add(&mut domains, cell(places[0]).and_then(|text| normal(Kind::Domain, text, None)), at);
                add(&mut names, cell(places[1]).map(company_core), at);
            }
        }
        let once = |known: &Known| -> Vec<String> {
            let mut once: Vec<String> =
                known.iter().filter(|(_, at)| at.is_some()).map(|(text, _)| text.clone()).collect();
            once.sort_unstable();
            once
        };
        let likeness = domains.len().max(names.len()) <= MOST_ALIKE;
        let (once_domains, once_names) =
            if likeness { (once(&domains), once(&names)) } else { Default::default() };
        let alike = [&once_domains, &once_names].map(|texts| Likeness::new(texts.iter().map(String::as_str)));
        let mut linked = Linked { likeness, ..Linked::default() };
        let mut wanted = Vec::new();
        let places = self::places(&ask.contact_columns, &mut wanted);
        if wanted.is_empty() {
            return Ok(linked);
        }
        let mut stream = self.rows(&ask.contacts, &wanted, run).await?;
        while let Some(batch) = stream.next().await? {
            for row in 0..batch.rows() {
                linked.contacts += 1;
                let cell = |at: usize| batch.cell(places[at]?, row);
                if cell(1).is_some_and(|text| keys.contains_key(key(text))) {
                    linked.by_key += 1;
                    continue;
                }
                let domain = cell(2).filter(|text| text.contains('@')).and_then(domain);
                let is_free =
                    domain.as_deref().is_some_and(|domain| normal(Kind::Domain, domain, None).is_none());
                let domain = domain.filter(|_| !is_free);
                let name = cell(3).map(company_core).filter(|name| !name.is_empty());
                let exact = [(&domain, &domains, LinkBy::Domain), (&name, &names, LinkBy::Name)];
                let known: Vec<(Option<usize>, LinkBy)> = exact
                    .iter()
                    .filter_map(|(text, known, by)| Some((*known.get(text.as_deref()?)?, *by)))
                    .collect();
                let near = [(&domain, &domains, &alike[0]), (&name, &names, &alike[1])].into_iter().find_map(
                    |(text, known, alike)| {
                        let text = text.as_deref().filter(|text| !known.contains_key(*text))?;
                        known.get(alike.only(text)?).copied().flatten()
                    },
                );
                let found = known.iter().find_map(|(at, by)| Some(((*at)?, *by)));
                let found =
                    found.or_else(|| near.filter(|_| known.is_empty()).map(|at| (at, LinkBy::Likeness)));
                if let Some((at, by)) = found {
                    let contact = cell(0).map_or_else(|| format!("row {}", linked.contacts), str::to_owned);
                    linked.links.push(AccountLink { contact, account: ids[at].clone(), by });
                } else if !known.is_empty() {
                    linked.several += 1;
                } else if is_free {
                    linked.free_mail += 1;
                }
            }
            run.progress(linked.contacts, None, "linking contacts to accounts");
        }
        Ok(linked)
    }
}

/// Where the named columns stand in what is read.
fn places<'a, const N: usize>(
    columns: &'a [Option<String>; N],
    wanted: &mut Vec<&'a str>,
) -> [Option<usize>; N] {
    columns.each_ref().map(|column| place(column.as_ref(), wanted))
}

/// A key without the fraction that programs write behind whole numbers.
fn key(text: &str) -> &str {
    let whole = text.strip_suffix(".0");
    whole.filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

fn add(known: &mut Known, text: Option<String>, at: usize) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        known.entry(text).and_modify(|before| *before = None).or_insert(Some(at));
    }
}

/// How many links each tie gives.
impl Linked {
    /// The number of links by what ties them.
    pub fn counts(&self) -> BTreeMap<LinkBy, u64> {
        let mut counts = BTreeMap::new();
        for link in &self.links {
            *counts.entry(link.by).or_default() += 1;
        }
        counts
    }
}
