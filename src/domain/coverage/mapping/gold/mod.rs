//! How often the rules are right, against what two readers said.
//!
//! `labels.json` holds tools of real servers, each read twice, by readers who knew neither the rules nor each
//! other's answers. `operations` is what both said; where they agree on none, what both let pass. `also_right`
//! is what either let pass. A tool without operations has no object in the vocabulary. `source` is the package
//! with its version, or else what the server called itself. The `first` part was there when the rules were
//! begun. Of the `second` part some servers were looked at while the rules were made general and others left
//! out, so neither part tells how the rules do on servers that nobody has seen; a part that was kept from
//! whoever wrote the rules tells that.
//!
//! The lists are too large to carry: where `REVARCH_TEST_DATA` points at a folder with
//! `catalog/toolslists/*.json`, the rules are measured on those that are there, without being told the platform.

use super::{Confidence, MappedTool, map_list};
use crate::coverage::{
    taxonomy::{Operation, taxonomy},
    tools_list::parse,
};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    list: String,
    part: String,
    source: String,
    tools: Vec<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    tool: String,
    operations: BTreeSet<Operation>,
    also_right: BTreeSet<Operation>,
}

/// The least precision of sure readings, the least of sure and likely ones, and the least recall, each just
/// below what was measured.
const FLOORS: [(&str, [f64; 3]); 2] = [("first", [0.95, 0.92, 0.90]), ("second", [0.94, 0.91, 0.90])];
/// With fewer tools than these of a part, chance outweighs the rules.
const MANY: u32 = 200;

#[derive(Default)]
struct Tally {
    tools: u32,
    sure: Share,
    likely: Share,
    guessed: Share,
    found: Share,
}

#[derive(Clone, Copy, Default)]
struct Share {
    right: u32,
    all: u32,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.right += u32::from(right);
        self.all += 1;
    }

    fn of(self) -> f64 {
        f64::from(self.right) / f64::from(self.all.max(1))
    }

    fn and(self, other: Self) -> Self {
        Self { right: self.right + other.right, all: self.all + other.all }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.3} ({} of {})", self.of(), self.right, self.all)
    }
}

impl Tally {
    fn count(&mut self, label: &Label, mapped: &MappedTool) {
        let passes = |operation: &Operation| {
            label.operations.contains(operation) || label.also_right.contains(operation)
        };
        self.tools += 1;
        for reading in &mapped.readings {
            let share = match reading.confidence {
                Confidence::High => &mut self.sure,
                Confidence::Medium => &mut self.likely,
                Confidence::Low => &mut self.guessed,
            };
            share.count(passes(&reading.operation));
        }
        if !label.operations.is_empty() {
            self.found.count(mapped.readings.iter().any(|reading| passes(&reading.operation)));
        }
    }
}

fn labels() -> Vec<Server> {
    serde_json::from_str(include_str!("labels.json")).unwrap()
}

#[test]
fn labels_are_in_the_vocabulary() {
    let servers = labels();
    let mut seen = BTreeSet::new();
    for server in &servers {
        assert!(!server.source.is_empty(), "{}", server.list);
        for label in &server.tools {
            assert!(seen.insert((&server.list, &label.tool)), "{} {} twice", server.list, label.tool);
            for operation in label.operations.iter().chain(&label.also_right) {
                assert_eq!(taxonomy().stranger(operation), None, "{} {}", server.list, label.tool);
            }
        }
    }
    assert!(seen.len() >= 300, "only {} tools", seen.len());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "captured lists lie outside the repository")]
fn rules_are_as_right_as_when_they_were_measured() {
    let Some(folder) = std::env::var_os("REVARCH_TEST_DATA") else {
        eprintln!("skipped: REVARCH_TEST_DATA does not point at captured lists");
        return;
    };
    let mut parts: BTreeMap<String, Tally> = BTreeMap::new();
    let mut absent = Vec::new();
    for server in labels() {
        let path = Path::new(&folder).join("catalog/toolslists").join(format!("{}.json", server.list));
        let Ok(bytes) = fs::read(&path) else {
            absent.push(server.list);
            continue;
        };
        let list: Value = serde_json::from_slice(&bytes).unwrap();
        let mapped = map_list(&parse(&list).unwrap(), None);
        let tally = parts.entry(server.part).or_default();
        for label in &server.tools {
            match mapped.iter().find(|mapped| mapped.tool == label.tool) {
                Some(mapped) => tally.count(label, mapped),
                None => panic!("{} has no tool {}", server.list, label.tool),
            }
        }
    }
    if !absent.is_empty() {
        eprintln!("skipped, for no list is there: {}", absent.join(", "));
    }
    for (part, tally) in &parts {
        tally.report(part);
    }
}

impl Tally {
    /// Prints what was measured on a part and holds it against the part's floor.
    fn report(&self, part: &str) {
        let Self { tools, sure, likely, guessed, found } = self;
        let counting = sure.and(*likely);
        eprintln!(
            "{part} part, {tools} tools: precision {sure} sure, {counting} sure or likely, {guessed} guessed; \
             recall {found}"
        );
        let floors = FLOORS.iter().find(|(name, _)| *name == part).filter(|_| *tools >= MANY);
        let Some((_, [least_sure, least_counting, least_found])) = floors else {
            eprintln!("skipped: no floor for the {part} part, or too few of its tools");
            return;
        };
        assert!(sure.of() >= *least_sure, "{part} part: sure {sure}, {least_sure} is the floor");
        assert!(
            counting.of() >= *least_counting,
            "{part} part: likely {counting}, {least_counting} is the floor"
        );
        assert!(found.of() >= *least_found, "{part} part: found {found}, {least_found} is the floor");
    }
}
