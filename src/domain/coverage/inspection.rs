//! What one server's list of tools shows about the server itself: its cost in context, its manners, its
//! fingerprints and what is suspicious in it.

use super::{
    mapping::{self, Confidence, MappedTool},
    security::{self, Suspicion},
    taxonomy::Operation,
    tools_list::ToolsList,
    words,
};
use crate::fingerprint::sha256_hex;
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _};

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerClass {
    /// It works on the platform's data.
    Data,
    /// It serves documentation or developers; nothing in it reaches the platform's records.
    Documentation,
    /// All it lists are tools that take any call.
    Opaque,
}

impl ServerClass {
    /// The class's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Documentation => "documentation",
            Self::Opaque => "opaque",
        }
    }
}

/// A tool's definition as one number, which changes when the definition does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The tool.
    pub tool: String,
    /// SHA-256 of its name, description and input schema as JSON with sorted keys, in hexadecimal.
    pub sha256: String,
}

/// What a list of tools shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Tools listed.
    pub tools: usize,
    /// Tools that set at least one hint.
    pub annotated: usize,
    /// Tools that declare the shape of their results.
    pub with_output_schema: usize,
    /// What the server is for.
    pub class: ServerClass,
    /// Whether the list is all there is: no next page is missing and no tool takes any call.
    pub is_whole: bool,
    /// Each tool and what it offers.
    pub mapped: Vec<MappedTool>,
    /// Each tool's fingerprint.
    pub fingerprints: Vec<Fingerprint>,
    /// The fingerprint of the whole list, which does not depend on the order of the tools.
    pub fingerprint: String,
    /// What is suspicious.
    pub suspicions: Vec<Suspicion>,
    words_of_uncertain: Vec<(String, BTreeSet<String>)>,
}

/// The share of tools for documentation from which a server counts as a documentation server.
const DOCUMENTATION_SHARE: f64 = 0.7;

/// Reads a list of tools that belongs to the platform of that catalog id, if it is known.
pub fn inspect(list: &ToolsList, platform: Option<&str>) -> Inspection {
    let mapped = mapping::map_list(list, platform);
    let ToolsList { tools, has_more_pages } = list;
    let opaque = mapped.iter().filter(|tool| tool.opaque).count();
    let pairs = tools.iter().zip(&mapped);
    let uncertain = pairs.filter(|(_, mapped)| !mapped.opaque && is_uncertain(mapped)).map(|(tool, _)| {
        let text = format!("{} {}", tool.name, tool.description.as_deref().unwrap_or_default());
        let words = words::split(&text).into_iter().take(40).map(|word| words::singular(&word)).collect();
        (tool.name.clone(), words)
    });
    let fingerprints: Vec<Fingerprint> = tools
        .iter()
        .map(|tool| Fingerprint {
            tool: tool.name.clone(),
            sha256: fingerprint(&tool.name, tool.description.as_deref(), &tool.input_schema),
        })
        .collect();
    Inspection {
        tools: tools.len(),
        annotated: tools.iter().filter(|tool| tool.annotations.is_some()).count(),
        with_output_schema: tools.iter().filter(|tool| tool.has_output_schema).count(),
        class: class(&mapped, opaque),
        is_whole: !has_more_pages && opaque == 0,
        fingerprint: fingerprint_of_all(&fingerprints),
        fingerprints,
        suspicions: security::suspicions(tools, &mapped),
        words_of_uncertain: uncertain.collect(),
        mapped,
    }
}

impl Inspection {
    /// A tool that may offer the operation although no reading says so: its name is the verb alone, or it
    /// was not read for sure and mentions the object.
    pub fn uncertain_tool_for(&self, operation: &Operation) -> Option<&str> {
        let Operation { object, verb } = operation;
        let bare = self.mapped.iter().find(|tool| tool.verb_alone.as_ref() == Some(verb));
        let words: Vec<String> = words::split(object).iter().map(|word| words::singular(word)).collect();
        let mut about =
            self.words_of_uncertain.iter().filter(|(_, said)| words.iter().all(|word| said.contains(word)));
        bare.map(|tool| tool.tool.as_str()).or_else(|| about.next().map(|(tool, _)| tool.as_str()))
    }
}

fn is_uncertain(tool: &MappedTool) -> bool {
    tool.readings.iter().all(|reading| reading.confidence == Confidence::Low)
}

fn class(mapped: &[MappedTool], opaque: usize) -> ServerClass {
    let documentation = mapped.iter().filter(|tool| is_for_documentation(tool)).count();
    if !mapped.is_empty() && opaque == mapped.len() {
        ServerClass::Opaque
    } else if documentation > 0 && documentation as f64 >= DOCUMENTATION_SHARE * mapped.len() as f64 {
        ServerClass::Documentation
    } else {
        ServerClass::Data
    }
}

fn is_for_documentation(tool: &MappedTool) -> bool {
    const SIGNS: [&str; 8] =
        ["docs", "documentation", "guide", "guidance", "learn", "reference", "tutorial", "validate"];
    let reads_docs = tool.readings.first().is_some_and(|reading| reading.operation.object == "docs");
    reads_docs || words::split(&tool.tool).iter().any(|word| SIGNS.contains(&word.as_str()))
}

/// SHA-256 over the parts of a tool that a model acts on.
fn fingerprint(name: &str, description: Option<&str>, input_schema: &Value) -> String {
    let mut text = String::new();
    canonical(
        &serde_json::json!({"name": name, "description": description, "inputSchema": input_schema}),
        &mut text,
    );
    sha256_hex(text.as_bytes())
}

fn fingerprint_of_all(fingerprints: &[Fingerprint]) -> String {
    let mut all: Vec<&str> = fingerprints.iter().map(|one| one.sha256.as_str()).collect();
    all.sort_unstable();
    sha256_hex(all.concat().as_bytes())
}

/// A value as JSON with keys in order and no spaces.
pub(super) fn canonical_text(value: &Value) -> String {
    let mut text = String::new();
    canonical(value, &mut text);
    text
}

/// JSON with keys in order and no spaces, so that the order in which a server writes keys does not matter.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            keys.sort();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", Value::String(key.clone()));
                canonical(&object[key], out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        plain => {
            let _ = write!(out, "{plain}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::tools_list::parse;
    use serde_json::json;

    #[test]
    fn manners_and_wholeness_are_counted() {
        let tools = json!({"tools": [
            {"name": "get_deal", "description": "Reads a deal", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}},
            {"name": "api_request", "inputSchema": {"type": "object"}},
        ]});
        let inspection = inspect(&parse(&tools).unwrap(), None);
        assert_eq!((inspection.tools, inspection.annotated), (2, 1));
        assert!(!inspection.is_whole, "a tool that takes any call hides what it can do");
        assert_eq!(inspection.class, ServerClass::Data);
    }

    #[test]
    fn a_fingerprint_ignores_the_order_of_keys_and_nothing_else() {
        let print = |schema: Value| fingerprint("a", Some("b"), &schema);
        let one = print(json!({"type": "object", "required": ["x"]}));
        assert_eq!(one, print(json!({"required": ["x"], "type": "object"})));
        assert_ne!(one, print(json!({"required": ["y"], "type": "object"})));
        assert_ne!(one, fingerprint("a", Some("b."), &json!({"type": "object", "required": ["x"]})));
        // Python: hashlib.sha256(json.dumps({"description":"b","inputSchema":{},"name":"a"},separators=(",",":")))
        assert_eq!(print(json!({})), "3ed7788a47ab5986d64367900b4d1192ffb857d599383f5df90a06606da3bc4c");
    }

    #[test]
    fn whatever_a_server_lists_is_read_in_bounds() {
        let circular =
            json!({"$defs": {"a": {"$ref": "#/$defs/a"}}, "properties": {"x": {"$ref": "#/$defs/a"}}});
        let deep = (0..120).fold(json!({}), |inner, _| json!({"properties": {"x": inner}}));
        let odd = json!([
            {"name": "get_deal", "inputSchema": circular},
            {"name": "get_deal", "inputSchema": deep},
            {"name": "get_contact", "inputSchema": "not an object", "description": ["not", "text"]},
            {"name": "update_contact", "inputSchema": null, "annotations": 7, "outputSchema": []},
            {"name": "create_deal", "description": "word ".repeat(200_000)}
        ]);
        let inspection = inspect(&parse(&odd).unwrap(), Some("hubspot"));
        assert_eq!((inspection.tools, inspection.annotated, inspection.with_output_schema), (5, 0, 0));
        assert_eq!(inspection.suspicions.iter().filter(|s| s.tool == "get_deal").count(), 1);
        let many: Vec<Value> = (0..10_000).map(|at| json!({"name": format!("get_deal_{at}")})).collect();
        let inspection = inspect(&parse(&json!(many)).unwrap(), None);
        assert_eq!(
            (inspection.tools, inspection.fingerprints.len(), inspection.mapped.len()),
            (10_000, 10_000, 10_000)
        );
        assert_eq!(inspect(&parse(&json!([])).unwrap(), None).class, ServerClass::Data);
    }

    #[test]
    fn a_server_for_developers_is_told_apart() {
        let list = parse(&json!([
            {"name": "search_docs"}, {"name": "learn_api"}, {"name": "validate_theme"}, {"name": "feedback"}
        ]))
        .unwrap();
        assert_eq!(inspect(&list, None).class, ServerClass::Documentation);
    }
}
