use super::{Input, Search};
use crate::{ErrorKind, Tool as _, testing::context};
use serde_json::{Value, json};

async fn search(query: &str) -> Value {
    let answer = Search::call(Input { query: query.to_owned() }, &context().await).await.unwrap();
    let structured = serde_json::to_value(&answer.structured).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&answer.text).unwrap(), structured, "the text is the result");
    structured
}

#[tokio::test]
async fn the_shape_is_the_one_that_was_agreed() {
    let found = search("optimal number of tools").await;
    assert_eq!(found.as_object().unwrap().keys().collect::<Vec<_>>(), ["results"]);
    let hits = found["results"].as_array().unwrap();
    assert!((1..=10).contains(&hits.len()));
    for hit in hits {
        assert_eq!(hit.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "title", "url"]);
        assert!(
            hit["url"].as_str().is_some_and(|url| url.contains("://")),
            "without it nothing is cited: {hit}"
        );
    }
}

#[tokio::test]
async fn nothing_found_is_an_empty_list() {
    assert_eq!(search("zzzqqqxxx").await, json!({"results": []}));
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let context = context().await;
    for (query, reason) in [("  ".to_owned(), "empty"), ("a ".repeat(600), "longer than")] {
        let error = Search::call(Input { query }, &context).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Input);
        assert!(error.text().contains(reason) && error.text().contains("hint:"), "{}", error.text());
    }
}
