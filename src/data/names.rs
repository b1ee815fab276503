//! Names that come from files, as they can stand in a sentence.

use std::borrow::Cow;

/// A name without line breaks and other letters that would set what follows apart from it: a text that quotes the name
/// would otherwise go on as though the name's second line were its own.
pub(crate) fn on_one_line(name: &str) -> Cow<'_, str> {
    if !name.contains(breaks) {
        return Cow::Borrowed(name);
    }
    let parts: Vec<&str> = name.split(breaks).map(str::trim).filter(|part| !part.is_empty()).collect();
    Cow::Owned(parts.join(" "))
}

fn breaks(letter: char) -> bool {
    // Besides control characters: separators of lines and paragraphs, and marks that turn the direction of writing.
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(on_one_line("Lead Score (näive) – 1"), "Lead Score (näive) – 1");
        assert_eq!(on_one_line("two\r\n\n# lines"), "two # lines");
        assert_eq!(on_one_line("a\u{2028}b\u{202e}c\u{85}d\u{7f}"), "a b c d");
        assert_eq!(on_one_line("\n\t"), "");
    }
}
