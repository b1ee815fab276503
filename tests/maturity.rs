//! A whole interview with a real client, and lenses of the operator's own.

use crate::support::{Http, PATIENCE, eras, over_http, over_sample, over_stdio, revarch, run, stderr, stdout};
use rmcp::{
    ClientHandler, ErrorData, RoleClient,
    model::{
        CallToolRequestParams, ClientCapabilities, ClientConfig, ElicitRequestParams, ElicitResult, ElicitationAction,
        Implementation,
    },
    service::{RequestContext, RunningService},
};
use serde_json::{Map, Value, json};
use std::{
    fs,
    sync::{Arc, Mutex},
};

/// A client with a person behind it who finds level 3 everywhere.
#[derive(Clone, Default)]
struct Person {
    forms: Arc<Mutex<Vec<Value>>>,
}

impl ClientHandler for Person {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_elicitation().build();
        ClientConfig::new(capabilities, Implementation::new("test", "1"))
    }

    async fn create_elicitation(
        &self,
        question: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let form = serde_json::to_value(question).unwrap();
        let fields = form["requestedSchema"]["properties"].as_object().unwrap().keys();
        let levels: Map<String, Value> =
            fields.filter(|name| name.starts_with("level_")).map(|name| (name.clone(), json!("3"))).collect();
        self.forms.lock().unwrap().push(form.clone());
        Ok(ElicitResult::new(ElicitationAction::Accept).with_content(Value::Object(levels)))
    }
}

type Client = RunningService<RoleClient, Person>;

fn served() -> Http {
    let arguments = over_sample();
    Http::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

async fn assess(client: &Client, arguments: &Value) -> Value {
    let arguments = arguments.as_object().unwrap().clone();
    let call = CallToolRequestParams::new("assess_maturity").with_arguments(arguments);
    let answer = tokio::time::timeout(PATIENCE, client.call_tool(call)).await;
    let result = answer.expect("an answer in time").unwrap();
    assert_ne!(result.is_error, Some(true), "{result:?}");
    result.structured_content.unwrap()
}

/// Answers the question that is asked next, again and again, until a result is given.
async fn interview(client: &Client, lens: &str) -> (Vec<Value>, Value) {
    let mut answers: Vec<Value> = Vec::new();
    let mut width = f64::INFINITY;
    for _ in 0..40 {
        let result = assess(client, &json!({"lens": lens, "answers": answers, "measure": false})).await;
        let all = &result["profile"]["all"];
        let now = all["high"].as_f64().unwrap() - all["low"].as_f64().unwrap();
        assert!(now < width, "every answer narrows the profile: {now} after {width}");
        width = now;
        if result["status"] == "assessed" {
            return (answers, result);
        }
        let next = &result["next_questions"][0];
        let level = 2 + answers.len() % 2;
        answers.push(json!({"question": next["question"], "level": level, "note": "the report shown"}));
    }
    panic!("{lens}: no result after 40 answers");
}

#[tokio::test]
async fn an_interview_leads_to_a_stage_over_each_transport() {
    let server = served();
    for era in eras() {
        let person = Person::default();
        let clients = [over_stdio(&person, over_sample(), era.clone()).await, over_http(&person, &server, era).await];
        let mut told = Vec::new();
        for client in clients {
            let (answers, staged) = interview(&client, "six_dimensions").await;
            assert_eq!(answers.len(), 14, "half of 27 questions");
            let stage = &staged["stage"];
            assert!(stage["lowest"].as_u64().unwrap() <= stage["highest"].as_u64().unwrap(), "{staged}");
            let (answers, profile) = interview(&client, "rm6").await;
            assert_eq!((answers.len(), profile.get("stage")), (14, None));
            told.push([staged, profile]);
            client.cancel().await.unwrap();
        }
        assert_eq!(told[0], told[1], "both transports tell the same");
        assert!(person.forms.lock().unwrap().is_empty(), "nobody is asked unless it is wanted");
    }
}

#[tokio::test]
async fn a_person_is_asked_over_each_transport_until_a_stage_is_given() {
    let server = served();
    let mut told = Vec::new();
    for era in eras() {
        for over in ["stdio", "http"] {
            let person = Person::default();
            let client = match over {
                "stdio" => over_stdio(&person, over_sample(), era.clone()).await,
                _ => over_http(&person, &server, era.clone()).await,
            };
            let result = assess(&client, &json!({"ask": true, "platforms": ["Salesforce", "Marketo"]})).await;
            client.cancel().await.unwrap();
            assert_eq!((&result["status"], &result["interview"]["outcome"]), (&json!("assessed"), &json!("answered")));
            assert_eq!(result["evidence_from"][0]["from"], "measured now");
            let forms = person.forms.lock().unwrap();
            let first = &forms[0]["requestedSchema"]["properties"]["level_1"];
            assert_eq!(first["default"], "do_not_know");
            assert_eq!(first["oneOf"].as_array().unwrap().len(), 6);
            assert!(first["oneOf"][0]["title"].as_str().unwrap().starts_with("1: "), "{first}");
            let said = result["interview"]["answers"].as_array().unwrap().len();
            assert!((forms.len() - 1) * 3 < said && said <= forms.len() * 3, "{said} in {} forms", forms.len());
            told.push(result);
        }
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "all ways of asking come to the same");
}

const RM6: &str = include_str!("../src/domain/maturity/lenses/rm6.json");

#[test]
fn a_lens_is_checked_with_every_error_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.json");
    let check = |text: &str| {
        fs::write(&file, text).unwrap();
        run(&["lens", "check", file.to_str().unwrap()])
    };
    let good = check(&RM6.replacen("\"id\": \"rm6\"", "\"id\": \"ours\"", 1));
    assert!(good.status.success(), "{}", stderr(&good));
    assert!(stdout(&good).contains("the lens `ours` (RM6: seven capabilities in three domains"), "{}", stdout(&good));
    assert!(stdout(&check(RM6)).contains("A lens of that id ships"));

    let line = |text: &str, field: &str| text.lines().position(|line| line.contains(field)).unwrap() + 1;
    let misfits = RM6.replacen("\"weight\": 1.0", "\"weight\": \"heavy\"", 1).replacen("\"version\":", "\"edition\":", 1);
    let bad = check(&misfits);
    assert_eq!(bad.status.code(), Some(1));
    let told = stdout(&bad);
    assert!(told.contains(&format!("ours.json: line {}, `edition`: unknown field", line(&misfits, "\"edition\""))));
    let weight = format!("line {}, `dimensions[0].weight`: invalid type", line(&misfits, "\"heavy\""));
    assert!(told.contains(&weight) && told.contains("missing field `version`"), "{told}");
    assert!(stderr(&bad).contains("3 errors in "), "{}", stderr(&bad));

    let meaning = RM6.replacen("\"minimum_coverage\": 0.5", "\"minimum_coverage\": 5", 1);
    let meaning = meaning.replacen("\"group\": \"strategy_and_innovation\"", "\"group\": \"strategy\"", 1);
    let bad = check(&meaning);
    let told = stdout(&bad);
    assert_eq!((bad.status.code(), told.lines().count()), (Some(1), 2), "{told}");
    assert!(told.contains("`parameters.minimum_coverage`: is 5") && told.contains("`dimensions[0].group`"), "{told}");

    let none = check("{ \"id\": ");
    assert!(stdout(&none).contains("line 1: EOF"), "{}", stdout(&none));
    let missing = run(&["lens", "check", "/no/such/lens.json"]);
    assert!(stderr(&missing).contains("cannot read the lens /no/such/lens.json"), "{}", stderr(&missing));
}

#[test]
fn a_lens_of_the_operators_own_is_used_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let ours = RM6.replacen("\"id\": \"rm6\"", "\"id\": \"ours\"", 1);
    write("ours.json", &ours);
    write("revarch.toml", "[lenses]\nmaturity = [\"ours.json\"]\n");
    let call = || {
        let arguments = ["call", "assess_maturity", "--args", "{\"lens\": \"ours\"}"];
        revarch(&arguments).current_dir(folder.path()).output().unwrap()
    };
    let result: Value = serde_json::from_slice(&call().stdout).unwrap();
    assert_eq!((&result["lens"], &result["coverage"]["questions"]), (&json!("ours"), &json!(28)));

    let refused = |said: &[&str]| {
        let output = call();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        for said in said {
            assert!(stderr(&output).contains(said), "{said:?} is not in {}", stderr(&output));
        }
    };
    write("ours.json", RM6);
    refused(&["has the id `rm6`, which another lens has", "hint: give yours another id"]);
    write("ours.json", &ours.replacen("\"weight\": 1.0", "\"weight\": 0", 2));
    refused(&["`dimensions[0].weight`: is 0", "(and 1 more)", "revarch lens check"]);
    write("revarch.toml", "[lenses]\nmaturity = [\"ours.json\", \"ours.json\"]\n");
    write("ours.json", &ours);
    refused(&["has the id `ours`"]);
}
