//! What is exported is imported whole, or not at all.

use super::records::{answer, evidence, model, record};
use crate::{
    AnswerRecord, BadLine, EvidenceRecord, Imported, ModelRecord, ReviewRecord, Store, StoreError,
    ToolListRecord, export::Line,
};
use proptest::prelude::*;
use serde_json::{Value, json};

async fn filled() -> Store {
    let store = Store::in_memory().await.unwrap();
    store.save_review(&record("r1", "acme", "2026-11-22T09:30:00.25Z")).await.unwrap();
    store.save_model(&model("m1", "2026-11-22T09:30:00Z")).await.unwrap();
    store.put_answers(&[answer("content.inventory", "Ann", 4)]).await.unwrap();
    let at = "2026-11-22T09:30:00Z";
    store.put_evidence(&[evidence("lead_score_auc", "r1", at, 0.7)]).await.unwrap();
    store.see_tool_list("crm", at.parse().unwrap(), "d", &json!(["a"])).await.unwrap();
    store
}

async fn refused(text: &str) -> Vec<BadLine> {
    let store = filled().await;
    let before = store.export().await.unwrap();
    let error = store.import(text).await.unwrap_err();
    assert!(error.to_string().starts_with("nothing was imported: line "), "{error}");
    assert_eq!(store.export().await.unwrap(), before, "nothing was imported");
    match error {
        StoreError::Lines(lines) => lines,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_export_is_imported_once_however_often() {
    let text = filled().await.export().await.unwrap();
    assert_eq!(text.lines().count(), 7);
    let store = Store::in_memory().await.unwrap();
    assert_eq!(store.import(&text).await.unwrap(), Imported { taken: 5, known: 0 });
    assert_eq!(store.export().await.unwrap(), text);
    assert_eq!(store.import(&text).await.unwrap(), Imported { taken: 0, known: 5 });
    assert_eq!(store.export().await.unwrap(), text);
}

#[tokio::test]
async fn of_two_that_differ_the_newer_stays() {
    let (here, there) = (Store::in_memory().await.unwrap(), Store::in_memory().await.unwrap());
    let (old, new) =
        (record("r", "acme", "2026-01-01T00:00:00Z"), record("r", "acme", "2026-02-01T00:00:00Z"));
    here.save_review(&old).await.unwrap();
    there.save_review(&new).await.unwrap();
    here.import(&there.export().await.unwrap()).await.unwrap();
    there.import(&here.export().await.unwrap()).await.unwrap();
    assert_eq!(here.review("r").await.unwrap(), Some(new.clone()));
    assert_eq!(there.review("r").await.unwrap(), Some(new));
}

#[tokio::test]
async fn histories_of_a_server_become_one() {
    let (here, there) = (Store::in_memory().await.unwrap(), Store::in_memory().await.unwrap());
    let see = async |store: &Store, day: u32, digest: &str| {
        let at = format!("2026-01-0{day}T00:00:00Z").parse().unwrap();
        store.see_tool_list("crm", at, digest, &json!([digest])).await.unwrap()
    };
    see(&here, 1, "a").await;
    see(&here, 3, "c").await;
    see(&there, 2, "b").await;
    here.import(&there.export().await.unwrap()).await.unwrap();
    let crate::Seen::Same { same, before: Some(before) } = see(&here, 4, "c").await else { panic!() };
    assert_eq!((same.digest.as_str(), before.digest.as_str()), ("c", "b"));
}

#[tokio::test]
async fn every_bad_line_is_named_with_its_number() {
    let text = filled().await.export().await.unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1] = "garbage";
    lines[4] = r#"{"kind":"model","id":"m1","made_at":"yesterday","subject":"leads","document":"{}"}"#;
    let bad = refused(&lines.join("\n")).await;
    assert_eq!(bad.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 5]);
    assert!(bad[0].reason.contains("expected value") && !bad[0].reason.contains("line 1"), "{bad:?}");
    assert!(bad[1].reason.contains("yesterday") || bad[1].reason.contains("parse"), "{bad:?}");
    lines[1] = r#"{"kind":"invoice"}"#;
    lines[4] = r#"{"kind":"model","id":"m1","colour":"red"}"#;
    let bad = refused(&lines.join("\n")).await;
    assert!(bad[0].reason.contains("unknown variant `invoice`"), "{bad:?}");
    assert!(bad[1].reason.contains("unknown field `colour`"), "{bad:?}");
}

#[tokio::test]
async fn a_file_that_is_not_a_whole_export_is_refused() {
    let text = filled().await.export().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let check = async |lines: &[&str], number: usize, said: &str| {
        let bad = refused(&lines.join("\n")).await;
        assert_eq!(bad[0].number, number, "{bad:?}");
        assert!(bad[0].reason.contains(said), "{bad:?}");
    };
    check(&lines[..4], 4, "cut off").await;
    check(&lines[1..], 1, "not the first line").await;
    check(&[], 1, "cut off").await;
    check(&["{\"a\": 1}"], 1, "not the first line").await;
    let without_one: Vec<&str> = [&lines[..2], &lines[3..]].concat();
    check(&without_one, 6, "had 5 records, and 4 are here").await;
    check(&lines.repeat(2), 8, "after the end").await;
    check(&[r#"{"kind":"revarch_store","form":9}"#], 1, "form 9").await;
}

/// JSON with what tends to be lost on the way: large integers, many digits, odd letters, the order of keys.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn moment() -> impl Strategy<Value = jiff::Timestamp> {
    (0_i64..4_000_000_000_000_000).prop_map(|at| jiff::Timestamp::from_microsecond(at).unwrap())
}

fn line() -> impl Strategy<Value = Line> {
    let name = "[a-c\u{e9}\"\n]{0,2}";
    prop_oneof![
        (name, moment(), any::<String>(), value(), any::<String>()).prop_map(
            |(id, made_at, subject, json, markdown)| {
                Line::Review(ReviewRecord { id, made_at, subject, json, markdown })
            }
        ),
        (name, name, name, moment(), value()).prop_map(|(subject, name, source, measured_at, value)| {
            Line::Evidence(EvidenceRecord { subject, name, source, measured_at, value })
        }),
        (name, name, name, value(), any::<Option<String>>(), moment()).prop_map(
            |(lens, question, respondent, answer, note, answered_at)| {
                let subject = "acme".to_owned();
                Line::Answer(AnswerRecord { subject, lens, question, respondent, answer, note, answered_at })
            }
        ),
        (name, moment(), any::<String>(), any::<String>()).prop_map(|(id, made_at, subject, document)| {
            Line::Model(ModelRecord { id, made_at, subject, document })
        }),
        (name, moment(), moment(), name, value()).prop_map(
            |(server, first_seen, last_seen, digest, prints)| {
                Line::ToolList(ToolListRecord { server, first_seen, last_seen, digest, prints })
            }
        ),
    ]
}

fn file(lines: &[Line]) -> String {
    let mut all = vec![Line::RevarchStore { form: crate::export::FORM }];
    all.extend_from_slice(lines);
    all.push(Line::End { records: lines.len() as u64 });
    all.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is kept comes through a file unchanged, and each thing once.
    #[test]
    fn a_round_trip_is_exact(lines in proptest::collection::vec(line(), 0..12)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let first = Store::in_memory().await.unwrap();
            first.import(&file(&lines)).await.unwrap();
            let text = first.export().await.unwrap();
            let second = Store::in_memory().await.unwrap();
            second.import(&text).await.unwrap();
            assert_eq!(second.export().await.unwrap(), text);
            first.import(&text).await.unwrap();
            assert_eq!(first.export().await.unwrap(), text);
            for line in &lines {
                if let Line::Review(record) = line {
                    let kept = first.review(&record.id).await.unwrap().unwrap();
                    assert!(kept.made_at >= record.made_at);
                    assert!(kept.made_at > record.made_at || lines.contains(&Line::Review(kept)));
                }
            }
        });
    }

    /// Whatever stands in the file is imported or refused by line.
    #[test]
    fn any_text_is_imported_or_refused(text in "(\\{\"kind\":\"(revarch_store|end|review)\"[^\n]{0,20}\n|[^\n]{0,20}\n){0,4}") {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let store = Store::in_memory().await.unwrap();
            if let Err(error) = store.import(&text).await {
                assert!(matches!(&error, StoreError::Lines(lines) if !lines.is_empty()), "{error:?}");
            }
        });
    }
}
