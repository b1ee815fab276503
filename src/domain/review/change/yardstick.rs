//! What the two reviews were held against, and where it is no longer the same.

use crate::review::snapshot::Snapshot;

/// The name under which a review keeps the version of revarch's own rules.
pub(in crate::review) const METHOD: &str = "method";

/// The name under which a review keeps what the catalog says of a platform.
pub(in crate::review) fn catalog_entry(platform: &str) -> String {
    format!("catalog entry of {platform}")
}

/// A lens, a catalog entry or a method that is another than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasisChange {
    /// The area that is held against it.
    pub area: String,
    /// What it is.
    pub what: String,
    /// Its version before.
    pub before: String,
    /// Its version now.
    pub now: String,
}

impl BasisChange {
    /// The change in words.
    pub fn sentence(&self) -> String {
        let Self { area, what, before, now } = self;
        format!("the {what} of the area {area} is another: {before} before, {now} now")
    }
}

/// The differences, to be asked for the reason why something cannot be compared.
pub(super) struct Yardsticks(Vec<BasisChange>);

impl Yardsticks {
    pub(super) fn of(before: &Snapshot, now: &Snapshot) -> Self {
        let mut changes = Vec::new();
        for (area, is) in &now.basis {
            if !before.areas.contains(area) || !now.areas.contains(area) {
                continue;
            }
            let was = before.basis.get(area);
            for (what, now) in is {
                let before = was.and_then(|was| was.get(what)).map(String::as_str);
                // A platform that was not audited before has no entry; a review without a method is one of the first.
                let before =
                    if what == METHOD { before.unwrap_or("not kept") } else { before.unwrap_or(now) };
                if before != now {
                    let (area, what) = (area.clone(), what.clone());
                    changes.push(BasisChange { area, what, before: before.to_owned(), now: now.clone() });
                }
            }
        }
        Self(changes)
    }

    pub(super) fn changes(&self) -> &[BasisChange] {
        &self.0
    }

    pub(super) fn into_changes(self) -> Vec<BasisChange> {
        self.0
    }

    /// Why nothing of an area can be compared.
    pub(super) fn of_area(&self, area: &str) -> Option<String> {
        self.0.iter().find(|change| change.area == area).map(BasisChange::sentence)
    }

    /// Why not even the counts of an area can be compared: they follow from the method, and not from a lens.
    pub(super) fn of_method(&self, area: &str) -> Option<String> {
        let method = self.0.iter().find(|change| change.area == area && change.what == METHOD);
        method.map(BasisChange::sentence)
    }

    /// Why what is published of a platform cannot be compared.
    pub(super) fn of_entry(&self, area: &str, platform: &str) -> Option<String> {
        let entry = catalog_entry(platform);
        let change = self.0.iter().find(|change| change.area == area && change.what == entry);
        change.map(BasisChange::sentence).or_else(|| self.of_method(area))
    }
}
