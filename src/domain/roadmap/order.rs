//! The list in which items are worked: prerequisites first, then what matters most.

use super::item::Item;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// The places of the items in the order in which they are worked, or a circle of items that wait for each other.
/// Every prerequisite has to be an item.
pub(super) fn order(items: &[Item], begins: impl Fn(&Item) -> u32) -> Result<Vec<usize>, Vec<String>> {
    let rank = |item: &Item| {
        let lets_in = Reverse(item.serves.len());
        let is_unknown = item.effort.high.is_none();
        (!item.is_first, is_unknown, begins(item), item.kind, item.severity(), lets_in, item.id.clone())
    };
    let mut left: Vec<usize> = (0..items.len()).collect();
    left.sort_by_cached_key(|at| rank(&items[*at]));
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::with_capacity(items.len());
    while !left.is_empty() {
        let ready = left
            .iter()
            .position(|at| items[*at].prerequisites.iter().all(|needed| listed.contains(needed.as_str())));
        let Some(place) = ready else { return Err(circle(items, &left)) };
        let at = left.remove(place);
        listed.insert(&items[at].id);
        order.push(at);
    }
    Ok(order)
}

/// Among items none of which can begin, each waits for another of them; following that leads into a circle.
fn circle(items: &[Item], left: &[usize]) -> Vec<String> {
    let waiting: BTreeMap<&str, &Item> =
        left.iter().map(|at| (items[*at].id.as_str(), &items[*at])).collect();
    let mut path: Vec<&str> = Vec::new();
    let mut here = waiting.keys().next().copied();
    while let Some(id) = here {
        if let Some(first) = path.iter().position(|known| *known == id) {
            path.drain(..first);
            break;
        }
        path.push(id);
        let needs = waiting.get(id).into_iter().flat_map(|item| &item.prerequisites);
        here = needs.map(String::as_str).find(|needed| waiting.contains_key(needed));
    }
    path.into_iter().map(str::to_owned).collect()
}
