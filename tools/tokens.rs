//! What a text costs in a model's context.
//!
//! The vocabulary is `o200k_base`, that of newer GPT models; those of other vendors are not public, and their counts lie
//! near it. A count is good for comparing and for budgets, not for a bill.

use serde::Serialize;

/// How many tokens a text takes.
pub fn count(text: &str) -> usize {
    bpe_openai::o200k_base().count(text)
}

/// How many tokens a value takes as compact JSON. What cannot be written takes none.
pub(crate) fn of(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(0, |text| count(&text))
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn tokens_are_counted_as_the_vocabulary_has_them() {
        // Python: len(tiktoken.get_encoding("o200k_base").encode(text))
        for (text, tokens) in
            [("", 0), ("hello world", 2), ("tiktoken is great!", 6), ("お誕生日おめでとう", 8)]
        {
            assert_eq!(count(text), tokens, "{text}");
        }
    }
}
