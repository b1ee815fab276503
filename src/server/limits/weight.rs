//! What a result takes of a model's context.

use revarch_tools::{Answer, ErrorKind, Route, ToolError, count_tokens};

/// The longest token of the vocabulary, in bytes.
const LONGEST_TOKEN: usize = 128;

/// Arguments that make an answer smaller, where a tool has them.
const NARROWING: [&str; 7] =
    ["response_format", "limit", "top", "platforms", "metrics", "models", "workflows"];

/// How many tokens a text takes where that could be more than `most`; a text takes no more tokens than bytes, so that
/// most results are told from their length alone. Of a text that is far too long, the least it can take.
fn more_than(most: usize, text: &str) -> Option<usize> {
    if text.len() <= most {
        return None;
    }
    let least = text.len() / LONGEST_TOKEN;
    let tokens = if least > most { least } else { count_tokens(text) };
    (tokens > most).then_some(tokens)
}

/// The answer, unless it takes more of a model's context than it may. A client reads the structured result or the text.
pub(super) fn bounded(answer: Answer, route: &Route, most: usize) -> Result<Answer, ToolError> {
    let structured = answer.structured.to_string();
    match more_than(most, &structured).max(more_than(most, &answer.text)) {
        None => Ok(answer),
        Some(tokens) => Err(too_heavy(route, tokens, most)),
    }
}

fn too_heavy(route: &Route, tokens: usize, most: usize) -> ToolError {
    let error = ToolError::new(
        ErrorKind::Refused,
        format!(
            "the result of {} takes at least {tokens} tokens, and a result may take {most} (limits.result_tokens)",
            route.name()
        ),
    );
    let known = |name: &&str| {
        route.tool().input_schema.get("properties").is_some_and(|known| known.get(name).is_some())
    };
    let narrowing: Vec<_> = NARROWING.into_iter().filter(known).map(|name| format!("`{name}`")).collect();
    if narrowing.is_empty() {
        error.hint("ask for a part of it; the operator can raise limits.result_tokens")
    } else {
        error.hint(format!("ask for less with {}", narrowing.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_TOKEN, bounded, more_than};
    use revarch_tools::{Answer, Route, describe_data::DescribeData};
    use serde_json::json;

    #[test]
    fn what_could_be_too_much_is_counted() {
        assert_eq!(more_than(5, "hello"), None);
        assert_eq!(more_than(2, "hello world"), None);
        assert_eq!(more_than(1, "hello world"), Some(2));
        assert_eq!(more_than(10, &"x".repeat(11 * LONGEST_TOKEN)), Some(11), "far too long is not counted");
    }

    #[test]
    fn the_refusal_says_by_how_much_and_what_narrows() {
        let route = Route::of::<DescribeData>();
        let answer = |words: usize| Answer { structured: json!({}), text: "word ".repeat(words) };
        assert!(bounded(answer(10), &route, 100).is_ok());
        let text = bounded(answer(200), &route, 100).unwrap_err().text();
        assert!(text.contains("limits.result_tokens") && text.contains("may take 100"), "{text}");
        assert!(text.contains("hint: ask for less with `"), "{text}");
    }
}
