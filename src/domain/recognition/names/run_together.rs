//! Names whose words run together, such as `HASOPTEDOUTOFEMAIL`, which capitals no longer tell apart.

/// The words that such names are made of, beside those that name an entity.
const WORDS: [&str; 62] = [
    "activity",
    "annual",
    "associated",
    "assigned",
    "billing",
    "by",
    "city",
    "close",
    "closed",
    "code",
    "converted",
    "country",
    "create",
    "created",
    "date",
    "deleted",
    "domain",
    "email",
    "entered",
    "first",
    "has",
    "id",
    "industry",
    "is",
    "job",
    "last",
    "lead",
    "master",
    "mobile",
    "modified",
    "modstamp",
    "name",
    "next",
    "number",
    "occurred",
    "of",
    "opted",
    "opt",
    "out",
    "owner",
    "parent",
    "phone",
    "primary",
    "profile",
    "reason",
    "record",
    "reports",
    "revenue",
    "role",
    "source",
    "stage",
    "status",
    "step",
    "system",
    "time",
    "title",
    "to",
    "type",
    "what",
    "who",
    "won",
    "member",
];

/// The fewest known words that make up a name; none where they do not make it up whole.
pub(super) fn split(name: &str) -> Option<Vec<String>> {
    let known = |word: &str| {
        let singular = super::singular(word.to_owned());
        WORDS.contains(&word) || super::entity(&singular).is_some()
    };
    if !name.is_ascii() || known(name) {
        return None;
    }
    // The fewest words that end at each letter, by where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; name.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=name.len() {
        for start in 0..end {
            let Some((count, _)) = best[start].filter(|_| known(&name[start..end])) else { continue };
            if best[end].is_none_or(|(fewest, _)| count + 1 < fewest) {
                best[end] = Some((count + 1, start));
            }
        }
    }
    let mut words = Vec::new();
    let mut end = name.len();
    while end > 0 {
        let (_, start) = best[end]?;
        let word = &name[start..end];
        words.push(if WORDS.contains(&word) { word.to_owned() } else { super::singular(word.to_owned()) });
        end = start;
    }
    words.reverse();
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_are_taken_apart_into_known_words_or_left_alone() {
        for (name, words) in [
            ("accountid", Some("account id")),
            ("lastmodifieddate", Some("last modified date")),
            ("hasoptedoutofemail", Some("has opted out of email")),
            ("isconverted", Some("is converted")),
            ("numberofemployees", Some("number of employee")),
            ("leadsource", Some("lead source")),
            ("whatid", Some("what id")),
            ("touchpoint", None),
            ("email", None),
            ("isolated", None),
            ("paid", None),
            ("größe", None),
        ] {
            assert_eq!(split(name).map(|words| words.join(" ")).as_deref(), words, "{name}");
        }
    }
}
