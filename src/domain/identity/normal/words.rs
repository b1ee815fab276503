//! Words without case, marks and script.

/// Words about a person that are no part of the name.
const TITLES: [&str; 13] =
    ["mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "sir", "jr", "sr", "phd"];

/// The text in Latin letters, lower case: `Ærøskøbing` is `aeroskobing`, `Анна` is `anna`.
pub(super) fn latin(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { any_ascii::any_ascii(text).to_ascii_lowercase() }
}

/// Its words alone, with one space between them; an apostrophe parts no words.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in latin(text).chars() {
        if letter.is_ascii_alphanumeric() {
            folded.push(letter);
        } else if !matches!(letter, '\'' | '`') && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A person's name without titles, unless there is nothing else. `Family, Given` is turned round.
pub(super) fn person(text: &str) -> String {
    let folded = match text.split_once(',') {
        Some((family, given)) => fold(&format!("{given} {family}")),
        None => fold(text),
    };
    if !folded.split(' ').any(|word| TITLES.contains(&word)) {
        return folded;
    }
    let names: Vec<&str> = folded.split(' ').filter(|word| !TITLES.contains(word)).collect();
    if names.is_empty() { folded } else { names.join(" ") }
}
