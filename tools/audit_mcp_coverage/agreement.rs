//! How far the mapping's rules agree with an earlier reading of real servers' lists.
//!
//! The lists and that reading are too large to carry. Where `REVARCH_TEST_DATA` points at a folder with
//! `catalog/toolslists/*.json` and `catalog/toolslists_mapping.json`, every tool that was read there with high
//! confidence is compared. The earlier reading was itself about 84% right by hand, so the floor guards against
//! a rule that breaks, and says nothing about truth.

use revarch_domain::coverage::{
    catalog::catalog,
    mapping::{Confidence, MappedTool, map_list},
    tools_list::parse,
};
use serde_json::Value;
use std::{fs, path::Path};

/// The agreement measured when the rules were written was 93% of all and 97% of the sure readings.
const FLOOR: f64 = 0.90;

#[derive(Default)]
struct Tally {
    rows: u32,
    same: u32,
    sure: u32,
    sure_and_same: u32,
}

#[test]
fn rules_agree_with_the_earlier_reading() {
    let Some(folder) = std::env::var_os("REVARCH_TEST_DATA") else {
        eprintln!("skipped: REVARCH_TEST_DATA does not point at captured lists");
        return;
    };
    let folder = Path::new(&folder).join("catalog");
    let read = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    let earlier = read(&folder.join("toolslists_mapping.json"));
    let mut tally = Tally::default();
    for (server, rows) in earlier["mappings"].as_object().unwrap() {
        let path = folder.join("toolslists").join(format!("{server}.json"));
        if path.exists() {
            let mapped = map_list(&parse(&read(&path)).unwrap(), platform_of(server));
            tally.count(&mapped, rows.as_array().unwrap());
        }
    }
    let Tally { rows, same, sure, sure_and_same } = tally;
    let share = f64::from(same) / f64::from(rows);
    eprintln!("{same} of {rows} readings agree ({share:.3}); of the {sure} sure ones {sure_and_same}");
    assert!(rows > 500, "only {rows} readings to compare");
    assert!(share >= FLOOR, "{share:.3} agree, {FLOOR} is the floor");
}

impl Tally {
    fn count(&mut self, mapped: &[MappedTool], rows: &[Value]) {
        for row in rows.iter().filter(|row| row["confidence"] == "high" && row["meta"] == false) {
            let Some(wanted) = row["capability"].as_str() else { continue };
            let Some(tool) = mapped.iter().find(|tool| row["tool"] == tool.tool.as_str()) else { continue };
            let agrees = tool.readings.iter().any(|reading| reading.operation.to_string() == wanted);
            let is_sure = tool.readings.first().is_some_and(|reading| reading.confidence == Confidence::High);
            self.rows += 1;
            self.same += u32::from(agrees);
            self.sure += u32::from(is_sure);
            self.sure_and_same += u32::from(is_sure && agrees);
        }
    }
}

/// The catalog's id for the platform of a captured list, whose file is named after the package.
fn platform_of(server: &str) -> Option<&str> {
    let id = match server {
        "ga-community" => "google-analytics",
        "ms-clarity" => "microsoft-clarity",
        other => catalog()
            .platforms()
            .iter()
            .map(|p| p.id.as_str())
            .filter(|id| other.starts_with(id))
            .max_by_key(|id| id.len())?,
    };
    Some(id)
}
