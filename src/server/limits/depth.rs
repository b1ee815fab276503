//! How deep JSON nests, told without parsing it: a parser goes one call deeper for every level.

/// Whether JSON nests more than `most` levels.
pub(crate) fn is_deeper(json: &[u8], most: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_deeper;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn levels_are_counted_and_texts_are_not() {
        for (json, depth) in [
            ("", 0),
            ("7", 0),
            ("[]", 1),
            ("[[],[],{}]", 2),
            ("{\"a\": [{}]}", 3),
            ("\"[[[[\"", 0),
            ("[\"\\\"[[[\"]", 1),
            ("[\"\\\\\", [0]]", 2),
            ("]]]][[", 2),
        ] {
            assert!(!is_deeper(json.as_bytes(), depth), "{json} nests {depth} levels");
            assert!(depth == 0 || is_deeper(json.as_bytes(), depth - 1), "{json} nests {depth} levels");
        }
    }

    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(|n| json!(n)),
            ".{0,8}".prop_map(|s| json!(s))
        ];
        leaf.prop_recursive(8, 64, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::btree_map("[\"\\\\\\[{a-z]{0,4}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// What is counted without parsing is what a parser finds.
        #[test]
        fn the_depth_is_that_of_the_value(value in any_json()) {
            let (text, depth) = (value.to_string(), depth(&value));
            prop_assert!(!is_deeper(text.as_bytes(), depth));
            prop_assert!(depth == 0 || is_deeper(text.as_bytes(), depth - 1));
        }
    }
}
