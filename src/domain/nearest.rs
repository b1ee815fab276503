//! "Did you mean": the known names nearest to one that is not known.

/// Names this unlike what was asked are not worth offering.
const LEAST_SIMILARITY: f64 = 0.7;

/// Up to three of `known` that resemble `asked`, the most alike first.
pub fn nearest<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let asked = asked.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| (similarity(&asked, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= LEAST_SIMILARITY)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// Jaro-Winkler likeness, with a name that holds the other counted as alike.
fn similarity(asked: &str, name: &str) -> f64 {
    let likeness = strsim::jaro_winkler(asked, name);
    let contained = asked.len() >= 3 && name.contains(asked) || name.len() >= 3 && asked.contains(name);
    if contained { likeness.max(LEAST_SIMILARITY) } else { likeness }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn offers_the_likeliest_names_first() {
        assert_eq!(nearest("stage", ["id", "lead_stage", "owner"]), ["lead_stage"]);
        assert_eq!(nearest("acounts", ["accounts", "contacts", "leads"])[0], "accounts");
        assert!(nearest("zzz", ["accounts"]).is_empty());
    }
}
