//! A small issuer: its keys, its metadata, and how it fails.

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
        RsaEncoding, RsaKeyPair,
    },
};
use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::{
    sync::{Arc, LazyLock, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

static FIRST: LazyLock<Signer> = LazyLock::new(|| Signer::new_rsa("first", &RSA_PKCS1_SHA256));
static SECOND: LazyLock<Signer> = LazyLock::new(|| Signer::new_rsa("second", &RSA_PKCS1_SHA256));

/// Now, as tokens write it.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub(super) fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token as it is written, whatever stands in it.
pub(super) fn jwt(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let signature = base64(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// A key that signs.
pub(super) struct Signer {
    id: &'static str,
    algorithm: &'static str,
    key: Key,
}

enum Key {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Curve(EcdsaKeyPair),
    Edwards(Ed25519KeyPair),
}

impl Signer {
    /// The key that issuers have at first.
    pub(super) fn rsa() -> &'static Self {
        &FIRST
    }

    /// Another of its kind.
    pub(super) fn other() -> &'static Self {
        &SECOND
    }

    fn new_rsa(id: &'static str, encoding: &'static dyn RsaEncoding) -> Self {
        Self { id, algorithm: "RS256", key: Key::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap(), encoding) }
    }

    /// A key of each other kind that is accepted unless others are configured.
    pub(super) fn of_other_kinds() -> [Self; 3] {
        let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        [
            Self { algorithm: "PS256", ..Self::new_rsa("pss", &RSA_PSS_SHA256) },
            Self { id: "curve", algorithm: "ES256", key: Key::Curve(curve) },
            Self { id: "edwards", algorithm: "EdDSA", key: Key::Edwards(Ed25519KeyPair::generate().unwrap()) },
        ]
    }

    /// A token with this key's header, to which `more` is added.
    pub(super) fn sign(&self, more: &Value, claims: &Value) -> String {
        let mut header = json!({"alg": self.algorithm, "kid": self.id, "typ": "at+jwt"});
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        jwt(&header, claims, |bytes| self.signature(bytes))
    }

    pub(super) fn signature(&self, bytes: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &random, bytes, &mut signature).unwrap();
                signature
            }
            Key::Curve(key) => key.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Key::Edwards(key) => key.sign(bytes).as_ref().to_vec(),
        }
    }

    /// The public key as issuers publish it.
    pub(super) fn public(&self) -> Value {
        let mut key = match &self.key {
            Key::Rsa(key, _) => {
                let public = key.public_key();
                let number = |number: aws_lc_rs::signature::RsaPublicKeyComponents<Vec<u8>>| (number.n, number.e);
                let (modulus, exponent) = number(public.into());
                json!({"kty": "RSA", "n": base64(modulus), "e": base64(exponent)})
            }
            Key::Curve(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y)})
            }
            Key::Edwards(key) => json!({"kty": "OKP", "crv": "Ed25519", "x": base64(key.public_key())}),
        };
        key["kid"] = self.id.into();
        key["use"] = "sig".into();
        key
    }

    /// What somebody who knows the public key only could sign with, in each form in which libraries read it.
    pub(super) fn public_as_secrets(&self) -> Vec<Vec<u8>> {
        let Key::Rsa(key, _) = &self.key else { panic!("only RSA keys are taken for secrets") };
        let modulus = self.public()["n"].as_str().unwrap().to_owned();
        let der = key.public_key().as_ref().to_vec();
        vec![der, URL_SAFE_NO_PAD.decode(&modulus).unwrap(), modulus.into_bytes(), self.public().to_string().into_bytes()]
    }
}

/// A signature that needs no more than a secret.
pub(super) fn hmac(secret: &[u8], bytes: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), bytes).as_ref().to_vec()
}

/// What the issuer answers with when it is asked for keys.
#[derive(Clone)]
pub(super) enum Does {
    Publish(Vec<Value>),
    Fail,
    Stall,
    Flood,
    Babble,
}

/// The issuer.
pub(super) struct Issuer {
    /// How it names itself.
    pub(super) name: String,
    does: Arc<Mutex<Does>>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Desk {
    name: String,
    calls_itself: String,
    does: Arc<Mutex<Does>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    /// Starts it at a path of its host.
    pub(super) async fn start(path: &str) -> Self {
        Self::start_as(path, Does::Publish(vec![Signer::rsa().public()]), None).await
    }

    /// The same, doing something else at first, or with a name that is not its own.
    pub(super) async fn start_as(path: &str, does: Does, calls_itself: Option<&str>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = format!("http://{}{path}", listener.local_addr().unwrap());
        let (does, asked) = (Arc::new(Mutex::new(does)), Arc::default());
        let calls_itself = calls_itself.map_or_else(|| name.clone(), str::to_owned);
        let desk =
            Desk { name: name.clone(), calls_itself, does: Arc::clone(&does), asked: Arc::clone(&asked) };
        let app = Router::new().fallback(answer).with_state(desk);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { name, does, asked }
    }

    /// From now on it does this.
    pub(super) fn now_does(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    /// How often it was asked for its keys.
    pub(super) fn asked_for_keys(&self) -> usize {
        self.asked.lock().unwrap().iter().filter(|path| path.ends_with("/keys")).count()
    }
}

async fn answer(State(desk): State<Desk>, uri: Uri) -> Response {
    desk.asked.lock().unwrap().push(uri.path().to_owned());
    let own = uri.path().replace("/.well-known/openid-configuration", "");
    let keys = format!("{}/keys", desk.name);
    // Only behind its own path, where OpenID providers have it: the other places have to be tried before.
    if uri.path().ends_with("/.well-known/openid-configuration") && desk.name.ends_with(&own) {
        return Json(json!({"issuer": desk.calls_itself, "jwks_uri": keys})).into_response();
    }
    if !keys.ends_with(uri.path()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let does = desk.does.lock().unwrap().clone();
    match does {
        Does::Publish(keys) => Json(json!({"keys": keys})).into_response(),
        Does::Fail => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Does::Stall => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Json(json!({"keys": [Signer::rsa().public()]})).into_response()
        }
        Does::Flood => {
            let piece = || Ok::<_, std::convert::Infallible>(vec![b' '; 1 << 16]);
            Body::from_stream(futures::stream::repeat_with(piece)).into_response()
        }
        Does::Babble => "<html>please log in</html>".into_response(),
    }
}
