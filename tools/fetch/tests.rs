use super::{Fetch, Input};
use crate::{ErrorKind, Tool as _, testing::context, tokens};
use revarch_domain::knowledge::knowledge;
use serde_json::Value;

/// What a result may take of a model's context, in tokens.
const MOST_TOKENS: usize = 10_000;

async fn fetch(id: &str) -> Value {
    let answer = Fetch::call(Input { id: id.to_owned() }, &context().await).await.unwrap();
    let structured = serde_json::to_value(&answer.structured).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&answer.text).unwrap(), structured, "the text is the result");
    structured
}

#[tokio::test]
async fn the_shape_is_the_one_that_was_agreed() {
    let found = fetch("knowledge/budget.table").await;
    let keys: Vec<_> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "title", "text", "url", "metadata"]);
    assert_eq!(found["metadata"]["provenance"], "published");
    assert!(found["metadata"]["contradictions"].as_str().unwrap().contains("contradictions/c07"));
    assert!(found["text"].as_str().unwrap().contains("20 to 25"));
}

#[tokio::test]
async fn everything_can_be_fetched_and_none_of_it_is_too_long() {
    for item in knowledge().items() {
        let found = fetch(&item.id()).await;
        assert_eq!(found["id"], item.id());
        let tokens = tokens::of(&found);
        assert!(tokens < MOST_TOKENS, "{} takes {tokens} tokens", item.id());
    }
}

#[tokio::test]
async fn what_is_revarchs_own_says_so() {
    for id in ["lenses/rm6", "contradictions/c07"] {
        assert_eq!(fetch(id).await["metadata"]["provenance"], "authored", "{id}");
    }
}

#[tokio::test]
async fn an_unknown_id_is_refused_with_the_nearest() {
    let error = Fetch::call(Input { id: "knowledge/stack.sise".into() }, &context().await).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Input);
    assert!(error.text().contains("did you mean `knowledge/stack.size`"), "{}", error.text());
    let error = Fetch::call(Input { id: String::new() }, &context().await).await.unwrap_err();
    assert!(error.text().contains("call `search`"), "{}", error.text());
}
