//! An issuer whose keys change, cannot be had, or are none.

use super::{
    Guarded, Issuer, Signer, challenge,
    issuer::Does,
};
use reqwest::{StatusCode, header::RETRY_AFTER};
use serde_json::json;

async fn check_unavailable(place: &Guarded) {
    let refused = place.list(&place.token(&json!({}))).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key(RETRY_AFTER));
    assert!(refused.text().await.unwrap().contains("keys of the token's issuer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_found_behind_the_path_of_an_issuer() {
    let place = Guarded::by(Issuer::start("/realms/main").await, "");
    place.check_accepted(&place.token(&json!({}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_read_where_the_operator_says() {
    let issuer = Issuer::start("").await;
    let keys = format!("jwks_url = \"{}/keys\"", issuer.name);
    let place = Guarded::by(issuer, &keys);
    place.check_accepted(&place.token(&json!({}))).await;
    assert_eq!(place.issuer.asked_for_keys(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_of_another_issuer_is_not_used() {
    let does = Does::Publish(vec![Signer::rsa().public()]);
    let place = Guarded::by(Issuer::start_as("", does, Some("https://other.example")).await, "");
    check_unavailable(&place).await;
    assert_eq!(place.issuer.asked_for_keys(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_known_and_an_old_one_forgotten_without_a_restart() {
    let place = Guarded::open().await;
    let old = place.token(&json!({}));
    place.check_accepted(&old).await;
    place.issuer.now_does(Does::Publish(vec![Signer::other().public()]));
    let new = Signer::other().sign(&json!({}), &place.claims(&json!({})));
    place.check_accepted(&new).await;
    place.check_invalid(&old, "no key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_accepted_while_their_issuer_is_down() {
    let place = Guarded::open().await;
    let token = place.token(&json!({}));
    place.check_accepted(&token).await;
    place.issuer.now_does(Does::Fail);
    place.check_accepted(&token).await;
    let unknown = Signer::other().sign(&json!({}), &place.claims(&json!({})));
    place.check_invalid(&unknown, "no key").await;
    place.check_accepted(&token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_may_be_down_when_the_server_starts() {
    let place = Guarded::by(Issuer::start_as("", Does::Fail, None).await, "");
    check_unavailable(&place).await;
    place.issuer.now_does(Does::Publish(vec![Signer::rsa().public()]));
    place.check_accepted(&place.token(&json!({}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_keys_do_not_make_the_server_flood_the_issuer() {
    let place = Guarded::open().await;
    for number in 0..30 {
        let token = Signer::other().sign(&json!({"kid": format!("made-up-{number}")}), &place.claims(&json!({})));
        place.check_invalid(&token, "no key").await;
    }
    assert!(place.issuer.asked_for_keys() < 10, "{}", place.issuer.asked_for_keys());
    place.check_accepted(&place.token(&json!({}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_slow_talks_on_or_babbles_is_left() {
    for does in [Does::Stall, Does::Flood, Does::Babble, Does::Publish(Vec::new())] {
        let place = Guarded::by(Issuer::start_as("", does, None).await, "");
        check_unavailable(&place).await;
        place.issuer.now_does(Does::Publish(vec![Signer::rsa().public()]));
        place.check_accepted(&place.token(&json!({}))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_without_a_token_is_told_so_even_then() {
    let place = Guarded::by(Issuer::start_as("", Does::Fail, None).await, "");
    let missing = place.server.post("{}").send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge(&missing).contains("resource_metadata="));
}
