//! Names cut into words and brought to one form.

/// The words of a name: split at punctuation, at a step from lower to upper case and before the last capital
/// of a run, in lower case.
pub(super) fn split(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let steps_up = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if steps_up {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A word in the singular, by the regular rules of English and a few exceptions that names of tools use.
pub(super) fn singular(word: &str) -> String {
    const UNCHANGED: [&str; 10] =
        ["sms", "status", "series", "canvas", "news", "docs", "bus", "dns", "aws", "gas"];
    if UNCHANGED.contains(&word) || word.len() < 4 || ["ss", "us", "is"].iter().any(|end| word.ends_with(end))
    {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(end) {
            return word[..word.len() - 2].to_owned();
        }
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// A name without case, punctuation and spaces, with `&` read as "and".
pub(crate) fn plain(name: &str) -> String {
    let name = name.replace('&', " and ");
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_the_way_people_write_them() {
        let check = |name: &str, words: &[&str]| assert_eq!(split(name), words, "{name}");
        check("hubspot-batch-create-objects", &["hubspot", "batch", "create", "objects"]);
        check(
            "TwilioMessagingV1--CreateAlphaSender",
            &["twilio", "messaging", "v1", "create", "alpha", "sender"],
        );
        check("getSOQLQuery", &["get", "soql", "query"]);
        check("ac_listProfiles", &["ac", "list", "profiles"]);
        check("", &[]);
    }

    #[test]
    fn words_come_to_the_singular() {
        for (plural, one) in [
            ("companies", "company"),
            ("addresses", "address"),
            ("batches", "batch"),
            ("status", "status"),
            ("analytics", "analytic"),
            ("sms", "sms"),
            ("deals", "deal"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
