//! Tokens of an issuer, good and forged.

use super::{Guarded, Issuer, Signer, challenge, issuer, jwt, now};
use crate::support::modern;
use reqwest::{Method, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_accepted_however_they_may_be_signed() {
    let signers = Signer::of_other_kinds();
    let keys = signers.iter().map(Signer::public).chain([Signer::rsa().public()]).collect();
    let issuer = Issuer::start_as("", issuer::Does::Publish(keys), None).await;
    let place = Guarded::by(issuer, "");
    place.check_accepted(&place.token(&json!({}))).await;
    for signer in &signers {
        place.check_accepted(&signer.sign(&json!({}), &place.claims(&json!({})))).await;
    }
    let aud = json!(["https://other.example", place.server.url("/mcp")]);
    place.check_accepted(&place.token(&json!({"aud": aud, "nbf": now(), "jti": "1"}))).await;
    let plain = Signer::rsa().sign(&json!({"typ": "JWT", "kid": "first"}), &place.claims(&json!({})));
    place.check_accepted(&plain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_signed_with_nothing_is_refused() {
    let place = Guarded::open().await;
    for name in ["none", "None", "NONE", ""] {
        let header = json!({"alg": name, "kid": "first"});
        place.check_invalid(&jwt(&header, &place.claims(&json!({})), |_| Vec::new()), "no JWT").await;
        place.check_invalid(&jwt(&header, &place.claims(&json!({})), |_| vec![0; 256]), "no JWT").await;
    }
    let whole = place.token(&json!({}));
    let unsigned = whole.rsplit_once('.').unwrap().0;
    place.check_invalid(&format!("{unsigned}."), "signature").await;
    place.check_invalid(unsigned, "no JWT").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_key_is_no_secret_to_sign_with() {
    let place = Guarded::open().await;
    for secret in Signer::rsa().public_as_secrets() {
        for header in [json!({"alg": "HS256", "kid": "first"}), json!({"alg": "HS256"})] {
            let token = jwt(&header, &place.claims(&json!({})), |bytes| issuer::hmac(&secret, bytes));
            place.check_invalid(&token, "algorithm").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_among_the_keys_of_an_issuer_is_not_used() {
    let secret = json!({"kty": "oct", "kid": "shared", "k": issuer::base64("it is known to all")});
    let keys = vec![secret, Signer::rsa().public()];
    let place = Guarded::by(Issuer::start_as("", issuer::Does::Publish(keys), None).await, "");
    let header = json!({"alg": "HS256", "kid": "shared"});
    let token = jwt(&header, &place.claims(&json!({})), |bytes| issuer::hmac(b"it is known to all", bytes));
    place.check_invalid(&token, "algorithm").await;
    place.check_accepted(&place.token(&json!({}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_have_to_hold() {
    let place = Guarded::open().await;
    let (now, resource) = (now(), place.server.url("/mcp"));
    let cases = [
        (json!({"exp": now - 60}), "expired"),
        (json!({"exp": null}), "`exp`"),
        (json!({"exp": "soon"}), "`exp`"),
        (json!({"nbf": now + 600}), "not valid yet"),
        (json!({"nbf": "soon"}), "`nbf`"),
        (json!({"iat": now + 600}), "issued in the future"),
        (json!({"aud": "https://other.example/mcp"}), "another audience"),
        (json!({"aud": [format!("{resource}/"), "x"]}), "another audience"),
        (json!({"aud": []}), "another audience"),
        (json!({"aud": null}), "`aud`"),
        (json!({"iss": "https://other.example"}), "another issuer"),
        (json!({"iss": format!("{}/", place.issuer.name)}), "another issuer"),
        (json!({"iss": null}), "`iss`"),
        (json!({"sub": null}), "`sub`"),
        (json!({"sub": ""}), "`sub`"),
        (json!({"sub": "ann\nroot"}), "`sub`"),
        (json!({"cnf": {"jkt": "thumbprint"}}), "bound to a key"),
    ];
    for (changes, said) in cases {
        place.check_invalid(&place.token(&changes), said).await;
    }
    place.check_accepted(&place.token(&json!({"exp": now - 10, "iat": now + 10}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_has_to_be_of_a_key_of_the_issuer() {
    let place = Guarded::open().await;
    let claims = place.claims(&json!({}));
    place.check_invalid(&Signer::other().sign(&json!({"kid": "first"}), &claims), "signature").await;
    place.check_invalid(&Signer::other().sign(&json!({}), &claims), "no key").await;
    let own_key = json!({"kid": "first", "jwk": Signer::other().public(), "jku": "http://127.0.0.1:1/keys"});
    place.check_invalid(&Signer::other().sign(&own_key, &claims), "signature").await;
    let token = place.token(&json!({}));
    let [header, _, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let richer = issuer::base64(place.claims(&json!({"sub": "root"})).to_string());
    place.check_invalid(&format!("{header}.{richer}.{signature}"), "signature").await;
    // The key is there, and is not of the algorithm's kind.
    let mixed = jwt(&json!({"alg": "ES256", "kid": "first"}), &claims, |bytes| Signer::rsa().signature(bytes));
    place.check_invalid(&mixed, "no key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_tokens_must_not_demand_or_be_something_else() {
    let place = Guarded::open().await;
    let sign = |more: Value| Signer::rsa().sign(&more, &place.claims(&json!({})));
    place.check_invalid(&sign(json!({"crit": ["exp"], "exp": 1})), "crit").await;
    place.check_invalid(&sign(json!({"crit": []})), "crit").await;
    place.check_invalid(&sign(json!({"typ": "logout+jwt"})), "no access token").await;
    place.check_invalid(&sign(json!({"typ": "dpop+jwt"})), "no access token").await;
    place.check_invalid(&sign(json!({"alg": "RS512"})), "algorithm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_belongs_in_one_header() {
    let place = Guarded::open().await;
    let token = place.token(&json!({}));
    let list = || place.server.post_modern(&modern(1, "tools/list", json!({})));
    let lower = list().header(AUTHORIZATION, format!("bearer {token}")).send().await.unwrap();
    assert_eq!(lower.status(), StatusCode::OK);
    let twice = list().bearer_auth(&token).bearer_auth(&token).send().await.unwrap();
    assert_eq!(twice.status(), StatusCode::BAD_REQUEST);
    assert!(challenge(&twice).contains("invalid_request"));
    let missing = list().send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::UNAUTHORIZED);
    assert!(!challenge(&missing).contains("error"));
    let basic = list().basic_auth("ann", Some("secret")).send().await.unwrap();
    assert_eq!(basic.status(), StatusCode::UNAUTHORIZED);
    for header in [None, Some(&token)] {
        let request = place.server.request(Method::POST, &format!("/mcp?access_token={token}"));
        let request = header.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    }
    place.check_invalid("rva_0000", "no JWT").await;
    place.check_invalid("....", "no JWT").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_has_to_be_named_where_the_operator_wants_one() {
    let place = Guarded::by(Issuer::start("").await, "tenant_claim = \"org\"");
    place.check_invalid(&place.token(&json!({})), "`org`").await;
    place.check_invalid(&place.token(&json!({"org": ["acme"]})), "`org`").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audience_of_ones_own_takes_the_place_of_the_address() {
    let place = Guarded::by(Issuer::start("").await, "audience = \"api://revarch\"");
    place.check_accepted(&place.token(&json!({"aud": "api://revarch"}))).await;
    place.check_invalid(&place.token(&json!({})), "another audience").await;
}
