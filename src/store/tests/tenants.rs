//! None sees or touches what is another's, whatever both do.

use super::records::{answer, evidence, model, record};
use crate::{Kind, Store};
use proptest::prelude::*;
use serde_json::json;

const DAY: &str = "2026-01-01T00:00:00Z";

async fn filled(store: &Store) {
    store.save_review(&record("r1", "acme", DAY)).await.unwrap();
    store.save_model(&model("m1", DAY)).await.unwrap();
    store.put_answers(&[answer("content.inventory", "Ann", 2)]).await.unwrap();
    store.put_evidence(&[evidence("lead_score_auc", "r1", DAY, 0.7)]).await.unwrap();
    store.see_tool_list("crm", DAY.parse().unwrap(), "d", &json!(["a"])).await.unwrap();
}

async fn count(store: &Store) -> u64 {
    store.overview().await.unwrap().extents.iter().map(|extent| extent.count).sum()
}

/// Whatever can be asked by a name that somebody guessed.
async fn check_sees_nothing(store: &Store) {
    let (now, later) = (DAY.parse().unwrap(), "2030-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(store.review("r1").await.unwrap(), None);
    assert_eq!(store.reviews(99).await.unwrap(), []);
    assert_eq!(store.latest_before("acme", later).await.unwrap(), None);
    assert_eq!(store.model("m1").await.unwrap(), None);
    assert_eq!(store.models(99).await.unwrap(), []);
    assert_eq!(store.answer("acme", "six_dimensions", "content.inventory", "Ann").await.unwrap(), None);
    assert_eq!(store.answers("acme", "six_dimensions").await.unwrap(), []);
    assert_eq!(store.evidence("acme").await.unwrap(), []);
    assert_eq!(store.evidence_of("acme", "lead_score_auc").await.unwrap(), []);
    assert_eq!(store.export().await.unwrap().lines().count(), 2);
    assert_eq!(count(store).await, 0);
    let ids = [(Kind::Review, "r1"), (Kind::Model, "m1"), (Kind::Answer, "acme"), (Kind::ToolList, "crm")];
    for (kind, id) in ids.into_iter().chain([(Kind::Evidence, "acme")]) {
        assert_eq!(store.delete(kind, id).await.unwrap(), 0, "{kind:?}");
        assert_eq!(store.delete_older(kind, later).await.unwrap(), 0, "{kind:?}");
    }
    assert_eq!(store.see_tool_list("crm", now, "d", &json!([])).await.unwrap(), crate::Seen::Never);
    assert_eq!(store.delete(Kind::ToolList, "crm").await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_ones_own_is_seen_by_nobody_else() {
    let store = Store::in_memory().await.unwrap();
    let (a, b) = (store.for_tenant("a").unwrap(), store.for_tenant("b").unwrap());
    for (owner, others) in [(&a, [&b, &store]), (&b, [&a, &store]), (&store, [&a, &b])] {
        filled(owner).await;
        let kept = owner.export().await.unwrap();
        for other in others {
            check_sees_nothing(other).await;
        }
        assert_eq!(owner.export().await.unwrap(), kept, "nobody else has touched it");
        for kind in Kind::ALL {
            owner.delete_older(kind, "2030-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn equal_names_are_kept_apart() {
    let store = Store::in_memory().await.unwrap();
    let (a, b) = (store.for_tenant("a").unwrap(), store.for_tenant("b").unwrap());
    for (at, view) in [&store, &a, &b].into_iter().enumerate() {
        view.save_review(&record("r1", &format!("of {at}"), DAY)).await.unwrap();
    }
    for (at, view) in [&store, &a, &b].into_iter().enumerate() {
        assert_eq!(view.review("r1").await.unwrap().unwrap().subject, format!("of {at}"));
    }
    assert_eq!(store.tenants().await.unwrap(), ["a", "b"]);
    assert_eq!(a.tenants().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_history_of_one_does_not_push_out_anothers() {
    let store = Store::in_memory().await.unwrap();
    let (a, b) = (store.for_tenant("a").unwrap(), store.for_tenant("b").unwrap());
    let see = async |view: &Store, digest: &str| {
        view.see_tool_list("crm", DAY.parse().unwrap(), digest, &json!([])).await.unwrap();
    };
    see(&a, "first").await;
    for at in 0..30 {
        see(&b, &at.to_string()).await;
    }
    see(&a, "second").await;
    assert_eq!(a.export().await.unwrap().lines().count(), 2 + 2);
}

#[tokio::test]
async fn only_the_operator_gives_out_views() {
    let store = Store::in_memory().await.unwrap();
    let a = store.for_tenant("a").unwrap();
    assert!(a.for_tenant("b").is_none() && a.for_tenant("").is_none() && store.for_tenant("").is_none());
}

#[tokio::test]
async fn what_is_imported_belongs_to_whoever_imports_it() {
    let store = Store::in_memory().await.unwrap();
    let (a, b) = (store.for_tenant("a").unwrap(), store.for_tenant("b").unwrap());
    filled(&a).await;
    b.import(&a.export().await.unwrap()).await.unwrap();
    assert_eq!(b.export().await.unwrap(), a.export().await.unwrap());
    assert_eq!((count(&a).await, count(&b).await, count(&store).await), (5, 5, 0));
    b.delete(Kind::Review, "r1").await.unwrap();
    assert!(a.review("r1").await.unwrap().is_some());
}

#[tokio::test]
async fn a_file_keeps_tenants_apart_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let store = Store::open(&path).await.unwrap();
    filled(&store.for_tenant("a").unwrap()).await;
    store.close().await;
    let store = Store::open(&path).await.unwrap();
    check_sees_nothing(&store).await;
    assert_eq!(count(&store.for_tenant("a").unwrap()).await, 5);
}

/// Something that one of two does.
#[derive(Clone, Debug)]
enum Step {
    Review(u8, u8),
    Model(u8, u8),
    Answer(u8, u8),
    Evidence(u8, u8),
    Tools(u8, u8, u8),
    Delete(Kind, u8),
    DeleteOlder(Kind, u8),
    Restore,
}

fn step() -> impl Strategy<Value = Step> {
    let (name, day) = (|| 0..3_u8, || 1..6_u8);
    let kind = || proptest::sample::select(Kind::ALL.to_vec());
    prop_oneof![
        (name(), day()).prop_map(|(name, day)| Step::Review(name, day)),
        (name(), day()).prop_map(|(name, day)| Step::Model(name, day)),
        (name(), day()).prop_map(|(name, day)| Step::Answer(name, day)),
        (name(), day()).prop_map(|(name, day)| Step::Evidence(name, day)),
        (name(), day(), name()).prop_map(|(name, day, digest)| Step::Tools(name, day, digest)),
        (kind(), name()).prop_map(|(kind, name)| Step::Delete(kind, name)),
        (kind(), day()).prop_map(|(kind, day)| Step::DeleteOlder(kind, day)),
        Just(Step::Restore),
    ]
}

/// Takes a step and tells what the one who took it saw.
async fn take(store: &Store, step: &Step) -> String {
    let day = |day: u8| format!("2026-01-0{day}T00:00:00Z");
    match *step {
        Step::Review(name, at) => {
            let kept = record(&name.to_string(), &(name % 2).to_string(), &day(at));
            store.save_review(&kept).await.unwrap();
            let before = store.latest_before(&kept.subject, kept.made_at).await.unwrap();
            format!("{:?} {before:?}", store.reviews(2).await.unwrap())
        }
        Step::Model(name, at) => {
            store.save_model(&model(&name.to_string(), &day(at))).await.unwrap();
            format!("{:?}", store.models(2).await.unwrap())
        }
        Step::Answer(name, level) => {
            store.put_answers(&[answer(&name.to_string(), "Ann", level)]).await.unwrap();
            format!("{:?}", store.answers("acme", "six_dimensions").await.unwrap())
        }
        Step::Evidence(name, at) => {
            let kept = evidence(&name.to_string(), "r1", &day(at), f64::from(at));
            store.put_evidence(&[kept]).await.unwrap();
            format!("{:?}", store.evidence("acme").await.unwrap())
        }
        Step::Tools(name, at, digest) => {
            let (server, digest, now) = (name.to_string(), digest.to_string(), day(at).parse().unwrap());
            format!("{:?}", store.see_tool_list(&server, now, &digest, &json!([])).await.unwrap())
        }
        Step::Delete(kind, name) => {
            let id = if matches!(kind, Kind::Answer | Kind::Evidence) { "acme" } else { &name.to_string() };
            format!("{:?}", store.delete(kind, id).await.unwrap())
        }
        Step::DeleteOlder(kind, at) => {
            format!("{:?}", store.delete_older(kind, day(at).parse().unwrap()).await.unwrap())
        }
        Step::Restore => {
            let kept = store.export().await.unwrap();
            format!("{:?}", store.import(&kept).await.unwrap())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Two tenants in one store, whatever they do in whatever order, are as two who have each a store of their own.
    #[test]
    fn sharing_a_store_is_having_two(steps in proptest::collection::vec((any::<bool>(), step()), 1..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let shared = Store::in_memory().await.unwrap();
            let views = ["a", "b"].map(|name| shared.for_tenant(name).unwrap());
            let alone = [Store::in_memory().await.unwrap(), Store::in_memory().await.unwrap()];
            for (first, step) in &steps {
                let at = usize::from(*first);
                assert_eq!(take(&views[at], step).await, take(&alone[at], step).await, "{step:?}");
            }
            for (view, alone) in views.iter().zip(&alone) {
                assert_eq!(view.export().await.unwrap(), alone.export().await.unwrap());
                assert_eq!(view.overview().await.unwrap().extents, alone.overview().await.unwrap().extents);
            }
            assert_eq!(count(&shared).await, 0);
        });
    }
}
