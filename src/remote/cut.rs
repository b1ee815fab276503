//! Long texts, cut.

use crate::Note;
use serde_json::Value;

/// Cuts every text in an item that is longer than `limit` bytes, and notes where. References between schemas
/// are texts like others here: nothing follows them, so one that leads back to itself does no harm.
pub(crate) fn cut(value: &mut Value, at: &str, limit: usize, notes: &mut Vec<Note>) {
    match value {
        Value::String(text) if text.len() > limit => {
            let bytes = text.len();
            let kept = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
            text.truncate(kept);
            notes.push(Note::Cut { at: at.to_owned(), bytes, kept });
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                cut(item, &format!("{at}[{index}]"), limit, notes);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name: String = name.chars().take(60).collect();
                cut(field, &format!("{at}.{name}"), limit, notes);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_texts_are_cut_between_characters_and_noted() {
        let mut tool = json!({"name": "a", "inputSchema": {"anyOf": [{"description": "ééé"}]}});
        let mut notes = Vec::new();
        cut(&mut tool, "tools[0]", 5, &mut notes);
        assert_eq!(tool["inputSchema"]["anyOf"][0]["description"], "éé");
        let at = "tools[0].inputSchema.anyOf[0].description".to_owned();
        assert_eq!(notes, [Note::Cut { at, bytes: 6, kept: 4 }]);
    }
}
