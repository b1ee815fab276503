//! Streets, however their parts are abbreviated.

use super::words::fold;

/// Words and how they are written short.
const SHORT: [(&str, &str); 22] = [
    ("street", "st"),
    ("road", "rd"),
    ("avenue", "ave"),
    ("boulevard", "blvd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("place", "pl"),
    ("court", "ct"),
    ("crescent", "cres"),
    ("circuit", "cct"),
    ("close", "cl"),
    ("parade", "pde"),
    ("square", "sq"),
    ("highway", "hwy"),
    ("terrace", "tce"),
    ("apartment", "apt"),
    ("suite", "ste"),
    ("floor", "fl"),
    ("north", "n"),
    ("south", "s"),
    ("strasse", "str"),
    ("number", "no"),
];

pub(super) fn address(text: &str) -> String {
    let folded = fold(text);
    let word = |word: &str| {
        let short = SHORT.iter().find(|(long, _)| *long == word).map(|(_, short)| (*short).to_owned());
        short.or_else(|| word.strip_suffix("strasse").map(|street| format!("{street}str")))
    };
    let words: Vec<String> =
        folded.split(' ').map(|part| word(part).unwrap_or_else(|| part.to_owned())).collect();
    words.join(" ")
}
