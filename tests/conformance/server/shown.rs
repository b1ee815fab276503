//! Tools whose answers hold what the product's never do: pictures, sound, resources.

use crate::{plain, tool};
use rmcp::model::{AudioContent, CallToolResult, ContentBlock, ResourceContents, Tool};
use serde_json::json;

/// One red pixel.
pub(crate) const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

/// No sound.
const SILENCE: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

pub(crate) fn tools() -> Vec<Tool> {
    vec![
        plain("test_image_content", "Returns a picture."),
        plain("test_audio_content", "Returns sound."),
        plain("test_embedded_resource", "Returns a resource."),
        plain("test_multiple_content_types", "Returns text, a picture and a resource."),
        plain("test_reconnection", "Returns text."),
        json_schema(),
    ]
}

fn json_schema() -> Tool {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {"address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }},
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    });
    tool("json_schema_2020_12_tool", "Has a schema with all there is in JSON Schema 2020-12.", schema)
}

/// What one of these tools shows; nothing where it is another's.
pub(crate) fn call(name: &str) -> Option<CallToolResult> {
    let picture = || ContentBlock::image(PIXEL, "image/png");
    let resource = |uri: &str, kind: &str, text: &str| {
        ContentBlock::resource(ResourceContents::text(text, uri).with_mime_type(kind))
    };
    Some(CallToolResult::success(match name {
        "test_image_content" => vec![picture()],
        "test_audio_content" => vec![ContentBlock::Audio(AudioContent::new(SILENCE, "audio/wav"))],
        "test_embedded_resource" => {
            vec![resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")]
        }
        "test_multiple_content_types" => vec![
            ContentBlock::text("Multiple content types test:"),
            picture(),
            resource(
                "test://mixed-content-resource",
                "application/json",
                "{\"test\":\"data\",\"value\":123}",
            ),
        ],
        "test_reconnection" | "json_schema_2020_12_tool" => vec![ContentBlock::text("done")],
        _ => return None,
    }))
}
