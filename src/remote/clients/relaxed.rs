//! JSON as configuration files write it: with comments and with commas before closing brackets.

use serde_json::Value;

/// Parses such a text. Comments become spaces, so that an error still names the right line and column.
pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&without_extras(text)))
}

fn without_extras(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    // Where a comma stands after which nothing but spaces has come.
    let mut comma = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('"', _) => {
                comma = None;
                kept.push(c);
                copy_string(&mut rest, &mut kept);
            }
            ('/', Some('/')) => {
                kept.push(' ');
                while let Some(c) = rest.next_if(|c| *c != '\n') {
                    kept.extend(std::iter::repeat_n(' ', c.len_utf8()));
                }
            }
            ('/', Some('*')) => {
                kept.push(' ');
                blank_comment(&mut rest, &mut kept);
            }
            (',', _) => {
                comma = Some(kept.len());
                kept.push(c);
            }
            (']' | '}', _) => {
                if let Some(comma) = comma.take() {
                    kept.replace_range(comma..=comma, " ");
                }
                kept.push(c);
            }
            (c, _) => {
                if !c.is_whitespace() {
                    comma = None;
                }
                kept.push(c);
            }
        }
    }
    kept
}

fn copy_string(rest: &mut impl Iterator<Item = char>, kept: &mut String) {
    let mut is_escaped = false;
    for c in rest {
        kept.push(c);
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return,
            _ => {}
        }
    }
}

fn blank_comment(rest: &mut impl Iterator<Item = char>, kept: &mut String) {
    let mut last = ' ';
    // The star that opens the comment does not close it.
    let mut is_first = true;
    for c in rest {
        kept.push(if c == '\n' { '\n' } else { ' ' });
        if !is_first && last == '*' && c == '/' {
            return;
        }
        last = if is_first { ' ' } else { c };
        is_first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn comments_and_last_commas_are_passed_over() {
        let text =
            "\u{feff}{ // one\n \"a\": [1, 2, /* , */ ], /*/ two /**/ \"b//\": \"x, } \\\" /* */\",\n}";
        assert_eq!(parse(text).unwrap(), json!({"a": [1, 2], "b//": "x, } \" /* */"}));
    }

    #[test]
    fn what_is_no_json_stays_none_and_its_line_is_told() {
        for text in ["", "{", "[1,,2]", "{\"a\" 1}", "// only", "\"open", "/* open", "[,]x"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("{\n// é\n\"a\" 1}").unwrap_err().line(), 3);
    }
}
