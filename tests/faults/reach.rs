//! No argument leads to a file that the operator did not name, nor to any address.

use super::texts;
use crate::support::{EVERY_TOOLSET, Pipe, every_tool, over_sample, revarch, run, stdout};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, io::ErrorKind, net::TcpListener, path::Path};

/// Stands in no request, so that it can only come from the file that holds it.
const SECRET: &str = "canary7f3a";

struct Place {
    folder: tempfile::TempDir,
    listener: TcpListener,
}

impl Place {
    /// A folder of data with a secret beside it, and somebody who listens.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["data", "out"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let rows = "id,email,company\n1,ann@one.example,One\n2,bob@two.example,Two\n";
        fs::write(folder.path().join("data/contacts.csv"), rows).unwrap();
        fs::write(folder.path().join("secret.csv"), format!("id,{SECRET}\n1,{SECRET}\n")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { folder, listener }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn pipe(&self) -> Pipe {
        let (data, out) = (self.path("data"), self.path("out"));
        Pipe::open(&["--data", &data, "--output", &out, "--toolsets", EVERY_TOOLSET])
    }

    /// What somebody would write who wants out.
    fn ways_out(&self) -> Vec<String> {
        let (secret, port) = (self.path("secret.csv"), self.listener.local_addr().unwrap().port());
        vec![
            "../secret.csv".to_owned(),
            "..\\secret".to_owned(),
            format!("file://{secret}"),
            format!("http://127.0.0.1:{port}/tools"),
            format!("//127.0.0.1:{port}/share/x.csv"),
            secret,
        ]
    }

    fn check_untouched(&self, before: &BTreeMap<String, Vec<u8>>) {
        assert_eq!(&files(self.folder.path()), before);
        assert_eq!(self.listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody was called up");
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.insert(entry.path().display().to_string(), fs::read(entry.path()).unwrap());
        }
    }
    found
}

#[test]
fn no_text_of_any_tool_leads_out() {
    let place = Place::new();
    let seen = run(&["call", "describe_data", "--data", &place.folder.path().display().to_string()]);
    assert!(stdout(&seen).contains(SECRET), "the secret can be seen by whoever may");
    let before = files(place.folder.path());
    let mut pipe = place.pipe();
    let mut tried = Vec::new();
    for tool in every_tool() {
        let schema = &tool["inputSchema"];
        for way in texts::of(schema) {
            for out in place.ways_out() {
                let arguments = texts::with(schema, &way, &out);
                let params = json!({"name": tool["name"], "arguments": arguments});
                let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}));
                assert!(!answer.to_string().contains(SECRET), "{params} tells {answer}");
                let failed = answer["error"]["code"] == -32603;
                assert!(!failed, "{params} is a fault of ours: {answer}");
            }
            tried.push(texts::named(&tool, &way));
        }
    }
    for known in ["describe_data/tables/[]", "score_leads/write", "audit_mcp_coverage/inspect/[]"] {
        assert!(tried.iter().any(|one| one == known), "{known} is not among {tried:?}");
    }
    place.check_untouched(&before);
}

#[test]
fn no_address_of_a_resource_and_no_completion_leads_out() {
    let place = Place::new();
    let before = files(place.folder.path());
    let mut pipe = place.pipe();
    let listed = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "resources/templates/list"}));
    let templates = listed["result"]["resourceTemplates"].as_array().unwrap().iter();
    let templates: Vec<_> = templates.map(|one| one["uriTemplate"].as_str().unwrap().to_owned()).collect();
    assert!(!templates.is_empty(), "{listed}");
    for out in place.ways_out() {
        let filled = templates.iter().map(|template| match template.split_once('{') {
            Some((before, _)) => format!("{before}{out}"),
            None => format!("{template}/{out}"),
        });
        for uri in filled.chain([out.clone()]) {
            let read = json!({"jsonrpc": "2.0", "id": 2, "method": "resources/read", "params": {"uri": uri}});
            let answer = pipe.ask(&read);
            assert!(answer["error"].is_object() && !answer.to_string().contains(SECRET), "{uri}: {answer}");
        }
        for template in &templates {
            let Some((_, rest)) = template.split_once('{') else { continue };
            let name = rest.split('}').next().unwrap();
            let params = json!({
                "ref": {"type": "ref/resource", "uri": template}, "argument": {"name": name, "value": out},
            });
            let completed =
                pipe.ask(&json!({"jsonrpc": "2.0", "id": 3, "method": "completion/complete", "params": params}));
            assert_eq!(completed["result"]["completion"]["values"], json!([]), "{completed}");
        }
    }
    place.check_untouched(&before);
}

#[test]
fn scores_are_written_into_the_folder_for_output_and_nowhere_else() {
    let place = Place::new();
    let outside = place.path("outside.csv");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, place.path("out/link.csv")).unwrap();
    let before = files(&place.folder.path().join("data"));
    let write = |name: &str| {
        let mut arguments = vec!["call".to_owned(), "score_leads".to_owned(), "--output".to_owned(), place.path("out")];
        arguments.extend(["--args".to_owned(), json!({"method": "points", "write": name}).to_string()]);
        arguments.extend(over_sample());
        revarch(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).output().unwrap()
    };
    for name in ["../outside.csv", &outside, "sub/x.csv", "..", "link.csv", "x.csv\n", "con\u{202e}vsc.csv"] {
        let output = write(name);
        assert_eq!(output.status.code(), Some(1), "{name:?}: {}", stdout(&output));
    }
    assert!(write("fine.csv").status.success(), "and a plain name is written");
    let (written, data) = (files(&place.folder.path().join("out")), files(&place.folder.path().join("data")));
    assert_eq!(written.keys().collect::<Vec<_>>(), [&place.path("out/fine.csv")]);
    assert_eq!((Path::new(&outside).exists(), data), (false, before));
}

#[test]
fn an_address_in_a_pasted_list_is_not_called_up() {
    let place = Place::new();
    let before = files(place.folder.path());
    let address = format!("http://{}/mcp", place.listener.local_addr().unwrap());
    let mut pipe = place.pipe();
    let tool = json!({
        "name": "get_contacts", "description": format!("See {address} for more."),
        "inputSchema": {"$schema": address, "$ref": address, "type": "object", "properties": {}},
        "icons": [{"src": address}],
    });
    let lists = json!([{"platform": "HubSpot", "server": address, "instructions": address, "tools_list": {"tools": [tool]}}]);
    let params = json!({"name": "audit_mcp_coverage", "arguments": {"tools_lists": lists}});
    let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}));
    assert!(answer["result"]["structuredContent"].is_object(), "{answer}");
    place.check_untouched(&before);
}

#[test]
fn a_text_is_found_wherever_a_schema_hides_it() {
    let schema = json!({
        "type": "object", "required": ["kind"],
        "properties": {
            "kind": {"type": "string", "enum": ["a"]},
            "rows": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"deep": {"type": "string"}}}]}},
            "by": {"type": "object", "additionalProperties": {"type": "string"}},
            "any": {},
        },
    });
    let found = texts::of(&schema);
    let filled: Vec<Value> = found.iter().map(|way| texts::with(&schema, way, "T")).collect();
    assert_eq!(
        filled,
        [json!({"kind": "a", "rows": [{"deep": "T"}]}), json!({"kind": "a", "by": {"T": "T"}}), json!({"kind": "a", "any": "T"})]
    );
}
