//! One finding beside its earlier self.

use super::{
    Standing,
    number::{Taken, moved},
    yardstick::Yardsticks,
};
use crate::{
    proportion::Proportion,
    provenance::Provenance,
    review::{
        Area,
        snapshot::{Place, Snapshot},
    },
};
use std::cmp::Ordering;

/// A finding of either review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingChange {
    /// Its key.
    pub id: String,
    /// How it stands.
    pub standing: Standing,
    /// What it was.
    pub before: Option<Place>,
    /// What it is.
    pub now: Option<Place>,
}

pub(super) fn compare(
    key: &str,
    before: &Snapshot,
    now: &Snapshot,
    yardsticks: &Yardsticks,
) -> Option<FindingChange> {
    let (was, is) = (before.findings.get(key), now.findings.get(key));
    let standing = match (was, is) {
        (None, None) => return None,
        (Some(was), None) if !now.looked_for(key, was) => Standing::because("it was not looked for again"),
        (None, Some(is)) if !before.looked_for(key, is) => Standing::because("it was not looked for before"),
        (Some(only), None) | (None, Some(only)) => match yardstick(only, yardsticks) {
            Some(why) => Standing::NotComparable(why),
            None if is.is_some() => Standing::New,
            None => Standing::Gone,
        },
        (Some(was), Some(is)) => both(was, is, yardsticks),
    };
    Some(FindingChange { id: key.to_owned(), standing, before: was.cloned(), now: is.cloned() })
}

/// Why a finding that comes or goes may have done so by another yardstick.
fn yardstick(place: &Place, yardsticks: &Yardsticks) -> Option<String> {
    match (&place.subject, place.provenance) {
        // What a list of tools showed is not the catalog's word.
        (Some(_), Some(Provenance::Measured)) if place.area == Area::Coverage.name() => {
            yardsticks.of_method(&place.area)
        }
        (Some(platform), _) if place.area == Area::Coverage.name() => {
            yardsticks.of_entry(&place.area, platform)
        }
        _ => yardsticks.of_area(&place.area),
    }
}

fn both(was: &Place, is: &Place, yardsticks: &Yardsticks) -> Standing {
    if let Some(why) = yardsticks.of_method(&is.area) {
        return Standing::NotComparable(why);
    }
    if let Some((before, now)) = was.provenance.zip(is.provenance)
        && before != now
    {
        return Standing::because(format!("it was {} before and is {} now", words(before), words(now)));
    }
    if let Some((before, now)) = share(was).zip(share(is)) {
        return moved(before, now, true);
    }
    let harm = |place: &Place| place.severity.map(std::cmp::Reverse);
    let order = match (harm(was), harm(is)) {
        (Some(before), Some(now)) if before != now => {
            if let Some(why) = yardstick(is, yardsticks) {
                return Standing::NotComparable(why);
            }
            now.cmp(&before)
        }
        _ => was.affected.zip(is.affected).map_or(Ordering::Equal, |(before, now)| now.cmp(&before)),
    };
    match order {
        Ordering::Less => Standing::Better,
        Ordering::Equal => Standing::Unchanged,
        Ordering::Greater => Standing::Worse,
    }
}

/// The share of rows affected, with its interval.
fn share(place: &Place) -> Option<Taken> {
    let proportion = Proportion::new(place.affected?, place.scanned?);
    let interval = proportion.wilson()?;
    let provenance = place.provenance.unwrap_or(Provenance::Measured);
    Some(Taken { value: proportion.rate()?, ends: Some((interval.low, interval.high)), provenance })
}

const fn words(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Measured => "measured",
        Provenance::Attested => "said by people",
        Provenance::Published => "published by others",
        Provenance::Authored => "a rule of revarch's own",
        Provenance::Unknown => "unknown",
    }
}
