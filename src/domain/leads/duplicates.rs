//! Which rows are the same lead, so that none stands on both sides of a split.

use std::collections::BTreeMap;

/// Rows that one e-mail address may stand on and still be one person's; above it, it is a shared mailbox or a
/// default. Authored.
const MOST_ROWS_OF_AN_ADDRESS: usize = 10;

/// What may show that two rows are the same lead.
pub(crate) enum Key<'a> {
    /// The lead's own key.
    Id(&'a [Option<String>]),
    /// An e-mail address.
    Address(&'a [Option<String>]),
}

/// A number for each row, which rows of one lead share: the first row of the lead.
pub(crate) fn leads(rows: usize, keys: &[Key<'_>]) -> Vec<usize> {
    let mut first: Vec<usize> = (0..rows).collect();
    for key in keys {
        let (cells, most) = match key {
            Key::Id(cells) => (cells, usize::MAX),
            Key::Address(cells) => (cells, MOST_ROWS_OF_AN_ADDRESS),
        };
        let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (row, cell) in cells.iter().enumerate() {
            if let Some(text) = cell {
                same.entry(text.trim().to_lowercase()).or_default().push(row);
            }
        }
        for rows in same.values().filter(|rows| rows.len() <= most) {
            for pair in rows.windows(2) {
                join(&mut first, pair[0], pair[1]);
            }
        }
    }
    (0..rows).map(|row| root(&mut first, row)).collect()
}

fn root(first: &mut [usize], mut row: usize) -> usize {
    while first[row] != row {
        first[row] = first[first[row]];
        row = first[row];
    }
    row
}

fn join(first: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(first, a), root(first, b));
    first[a.max(b)] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_chain_rows_and_shared_mailboxes_do_not() {
        let text = |texts: &[&str]| -> Vec<Option<String>> {
            texts.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect()
        };
        let ids = text(&["1", "2", "1", "4", "5", ""]);
        let mails = text(&["a@x.org", "b@x.org", "c@x.org", " C@X.org", "", ""]);
        assert_eq!(leads(6, &[Key::Id(&ids), Key::Address(&mails)]), [0, 1, 0, 0, 4, 5]);
        let shared = vec![Some("info@x.org".to_owned()); 11];
        assert_eq!(leads(11, &[Key::Address(&shared)]), (0..11).collect::<Vec<_>>());
    }
}
