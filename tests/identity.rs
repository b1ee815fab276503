//! Identities through the tool: the doubles and missing links that were planted in the sample company come out again.

use crate::support::{NOW, run, stderr, stdout};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The cells of a table without quoted text, by column.
fn cells(file: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let places: Vec<usize> =
        columns.iter().map(|name| header.iter().position(|known| known == name).unwrap()).collect();
    lines.map(|line| places.iter().map(|place| line[*place].to_owned()).collect()).collect()
}

/// Pairs of contacts with the same address but for case and spaces: the company plants no other doubles.
fn planted(folder: &Path) -> BTreeSet<(String, String)> {
    let mut by_email: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in cells(&folder.join("contacts.csv"), &["contact_id", "email"]) {
        let email = row[1].trim().to_lowercase();
        if email.contains('@') {
            by_email.entry(email).or_default().push(row[0].clone());
        }
    }
    let doubles = by_email.into_values().filter(|ids| ids.len() == 2);
    doubles.map(|ids| (ids[0].clone().min(ids[1].clone()), ids[0].clone().max(ids[1].clone()))).collect()
}

#[test]
fn planted_doubles_and_missing_links_are_found() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let company = revarch_sample::Company { contacts: 3_000, seed: 3, now: NOW.parse().unwrap(), clean: false };
    revarch_sample::write(&company, folder.path(), &mut |_, _| {}).unwrap();
    let truth: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("truth.json")).unwrap()).unwrap();
    let arguments = json!({"from": ["contacts"], "write_pairs": "pairs.csv"}).to_string();
    let (data, to) = (folder.path().display().to_string(), out.path().display().to_string());
    let output = run(&["call", "resolve_identities", "--args", &arguments, "--data", &data, "--output", &to, "--now", NOW]);
    assert!(output.status.success(), "{}", stderr(&output));
    let told: Value = serde_json::from_str(stdout(&output)).unwrap();
    let planted = planted(folder.path());
    assert!(planted.len() >= 20, "{}", planted.len());
    let rows = cells(&out.path().join("pairs.csv"), &["id_a", "id_b", "is_match"]);
    let found: BTreeSet<(String, String)> = rows
        .into_iter()
        .filter(|row| row[2] == "yes")
        .map(|row| (row[0].clone().min(row[1].clone()), row[0].clone().max(row[1].clone())))
        .collect();
    let both = found.intersection(&planted).count() as f64;
    let (precision, recall) = (both / found.len() as f64, both / planted.len() as f64);
    println!("doubles: {} planted, {} found, precision {precision:.3}, recall {recall:.3}", planted.len(), found.len());
    assert!(precision >= 0.9 && recall >= 0.95, "precision {precision}, recall {recall}");
    let missing = truth["contacts_restorable_by_domain"].as_u64().unwrap();
    let links = told["links"]["by_domain"].as_u64().unwrap();
    println!("links: {missing} missing and restorable by domain, {links} found");
    assert!(missing >= 20 && links.abs_diff(missing) * 20 <= missing, "{missing} {links}");
}
