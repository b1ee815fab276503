//! A request brought to one form: every part in percent of the budget, every category once and in one order.

use super::{
    money::{Currency, sane},
    published::Row,
    reference::{self, Reference},
    request::{Aim, Group, Request, RequestError, Size},
    rule::{End, Ends, Rule, SetAside},
    slot::{Slot, position, slots},
};
use crate::provenance::Provenance;

/// Limits on groups that are planned at once.
const MOST_GROUPS: usize = 60;

/// One category, ready to be planned.
#[derive(Clone, Debug)]
pub(super) struct Category {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) row: Option<&'static Row>,
    pub(super) fixed: Option<f64>,
    /// What is spent now, in percent of the budget that is planned.
    pub(super) current: Option<f64>,
    pub(super) reference: Reference,
    pub(super) expected_return: Option<f64>,
}

/// A request, ready to be planned.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The budget in the smallest unit of the currency.
    pub(super) total: Option<u64>,
    pub(super) categories: Vec<Category>,
    pub(super) rules: Vec<Rule>,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) aim: Aim,
}

/// Turns parts into percent of the budget.
struct Scale<'a> {
    total: Option<f64>,
    currency: &'a Currency,
}

impl Scale<'_> {
    fn percent(&self, what: &str, size: Size) -> Result<f64, RequestError> {
        let percent = match (size, self.total) {
            (Size::Percent(percent), _) => percent,
            (Size::Amount(_), None) => return Err(RequestError::NoTotal { what: what.to_owned() }),
            (Size::Amount(amount), Some(total)) => {
                self.currency.smallest(what, amount)?;
                amount / total * 100.0
            }
        };
        if (0.0..=100.0).contains(&percent) {
            Ok(percent)
        } else {
            Err(RequestError::Percent { what: what.to_owned(), percent })
        }
    }

    fn part(&self, what: &str, of: &str, size: Option<Size>) -> Result<Option<f64>, RequestError> {
        size.map(|size| self.percent(&format!("the {what} of {of}"), size)).transpose()
    }
}

pub(super) fn read(request: &Request) -> Result<Asked, RequestError> {
    let Request { total, currency, model, keep_published, lines, groups, aim } = request;
    let smallest = total.map(|total| currency.smallest("the budget", total)).transpose()?;
    if smallest == Some(0) {
        return Err(RequestError::NoBudget);
    }
    let slots = slots(*model, lines)?;
    let scale = Scale { total: *total, currency };
    let mut rules = Vec::new();
    let mut set_aside = Vec::new();
    let mut categories = Vec::new();
    for (at, slot) in slots.iter().enumerate() {
        let published =
            slot.row.filter(|_| *keep_published).zip(*model).and_then(|(row, model)| row.range(model));
        let own = slot.line.cloned().unwrap_or_default();
        let least = scale.part("minimum", &slot.id, own.least)?;
        let most = scale.part("maximum", &slot.id, own.most)?;
        check_order(&slot.id, least, most)?;
        let fixed = scale.part("fixed part", &slot.id, own.fixed)?;
        let target = scale.part("target", &slot.id, own.target)?;
        refuse_twice(&slot.id, fixed, [("a minimum", least), ("a maximum", most), ("a target", target)])?;
        let current =
            own.current.map(|spent| sane(&format!("the current spend of {}", slot.id), spent)).transpose()?;
        if let Some(expected) = own.expected_return {
            sane(&format!("the expected return of {}", slot.id), expected)?;
        }
        if fixed.is_none() {
            let known = Ends { least, most, published: published.map(|range| (range.low, range.high)) };
            known.rules(at, &slot.id, &mut rules, &mut set_aside);
        }
        let midpoint = slot.row.zip(*model).and_then(|(row, model)| row.range(model));
        categories.push(Category {
            id: slot.id.clone(),
            name: slot.name.clone(),
            row: slot.row,
            fixed,
            current,
            reference: reference::known(target, midpoint),
            expected_return: own.expected_return,
        });
    }
    check_fixed(&categories)?;
    rules.extend(group_rules(groups, &categories, &slots, &scale)?);
    reference::complete(&mut categories, *total)?;
    if *aim == Aim::MostReturn {
        check_returns(&categories)?;
    }
    Ok(Asked { total: smallest, categories, rules, set_aside, aim: *aim })
}

fn check_order(what: &str, least: Option<f64>, most: Option<f64>) -> Result<(), RequestError> {
    match least.zip(most) {
        Some((least, most)) if least > most => {
            Err(RequestError::Reversed { what: what.to_owned(), least, most })
        }
        _ => Ok(()),
    }
}

fn refuse_twice(
    what: &str,
    fixed: Option<f64>,
    others: [(&'static str, Option<f64>); 3],
) -> Result<(), RequestError> {
    match others.into_iter().find(|(_, other)| other.is_some()) {
        Some((other, _)) if fixed.is_some() => Err(RequestError::FixedTwice { what: what.to_owned(), other }),
        _ => Ok(()),
    }
}

/// Fixed parts have to leave room for the others, or be all of it.
fn check_fixed(categories: &[Category]) -> Result<(), RequestError> {
    const ROUNDING: f64 = 1e-9;
    let sum: f64 = categories.iter().filter_map(|category| category.fixed).sum();
    let is_all_fixed = categories.iter().all(|category| category.fixed.is_some());
    if sum > 100.0 + ROUNDING || is_all_fixed && sum < 100.0 - ROUNDING {
        return Err(RequestError::FixedSum { sum });
    }
    Ok(())
}

fn check_returns(categories: &[Category]) -> Result<(), RequestError> {
    let open =
        categories.iter().filter(|category| category.fixed.is_none() && category.expected_return.is_none());
    let names: Vec<String> = open.map(|category| category.id.clone()).collect();
    if names.is_empty() { Ok(()) } else { Err(RequestError::ReturnUnknown { names }) }
}

fn group_rules(
    groups: &[Group],
    categories: &[Category],
    slots: &[Slot<'_>],
    scale: &Scale<'_>,
) -> Result<Vec<Rule>, RequestError> {
    if groups.len() > MOST_GROUPS {
        return Err(RequestError::TooMany {
            what: "limits on groups",
            count: groups.len(),
            most: MOST_GROUPS,
        });
    }
    let mut rules = Vec::new();
    for group in groups {
        let mut members = Vec::new();
        for name in &group.names {
            let at = position(slots, name)?;
            if members.contains(&at) {
                return Err(RequestError::Twice { one: categories[at].id.clone(), other: name.clone() });
            }
            members.push(at);
        }
        if members.is_empty() {
            return Err(RequestError::NoName);
        }
        members.sort_unstable();
        let names: Vec<&str> = members.iter().map(|at| categories[*at].id.as_str()).collect();
        let what = names.join(" + ");
        let least = scale.part("minimum", &what, group.least)?;
        let most = scale.part("maximum", &what, group.most)?;
        check_order(&what, least, most)?;
        for (end, at) in [(End::Least, least), (End::Most, most)] {
            rules.extend(at.map(|at| Rule {
                members: members.clone(),
                end,
                at,
                whose: Provenance::Attested,
            }));
        }
    }
    rules.sort_by(Rule::order);
    Ok(rules)
}
