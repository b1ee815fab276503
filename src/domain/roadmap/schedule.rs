//! Works the list under capacity.

use super::{
    Capacity, Fit, Span, Timing,
    item::{Item, Planned},
};
use std::collections::BTreeMap;

/// A day that never comes, as far as anybody knows.
const NEVER: u32 = u32::MAX;

/// The items with their dates, in the order of the list. `order` names prerequisites before what waits for them.
pub(super) fn schedule(
    items: Vec<Item>,
    order: &[usize],
    capacity: &Capacity,
    horizon: u32,
    begins: impl Fn(&Item) -> u32,
) -> Vec<Planned> {
    let days = |item: &Item, work: Option<f64>| {
        work.map_or(NEVER, |work| capacity.rate(&item.owner_role).days_for(work))
    };
    let low = work(&items, order, capacity, &begins, |item| days(item, Some(item.effort.low)));
    let high = work(&items, order, capacity, &begins, |item| days(item, item.effort.high));
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let known = |day: u32| (day < NEVER).then_some(day);
    let planned = order.iter().filter_map(|at| {
        let item = items.get_mut(*at)?.take()?;
        let ((first, last), (late_first, late_last)) = (low[*at], high[*at]);
        let fit = if late_last <= horizon {
            Fit::Fits
        } else if last <= horizon {
            Fit::MayFit
        } else {
            Fit::DoesNotFit
        };
        let start = Span { earliest: first, latest: known(late_first) };
        let end = Span { earliest: last, latest: known(late_last) };
        Some(Planned { item, timing: Timing { start, end, fit } })
    });
    planned.collect()
}

/// The first day of each item and the first day after it, when its work takes `days`.
fn work(
    items: &[Item],
    order: &[usize],
    capacity: &Capacity,
    begins: impl Fn(&Item) -> u32,
    days: impl Fn(&Item) -> u32,
) -> Vec<(u32, u32)> {
    let mut done: BTreeMap<&str, u32> = BTreeMap::new();
    let mut places: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut dates = vec![(0, 0); items.len()];
    for at in order {
        let item = &items[*at];
        let rate = capacity.rate(&item.owner_role);
        let places =
            places.entry(item.owner_key()).or_insert_with(|| (0..rate.parallel_items).map(|_| 0).collect());
        let ready = item.prerequisites.iter().filter_map(|id| done.get(id.as_str())).max().copied();
        let ready = ready.unwrap_or(0).max(begins(item));
        let Some(place) = places.iter_mut().min() else { continue };
        let start = ready.max(*place);
        let end = start.saturating_add(days(item));
        *place = end;
        done.insert(&item.id, end);
        dates[*at] = (start, end);
    }
    dates
}
