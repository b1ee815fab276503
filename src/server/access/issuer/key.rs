//! A key of an issuer, and which signatures it may be used for.

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use serde_json::Value;

/// A key that verifies signatures.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    pub(super) key: DecodingKey,
}

impl Key {
    /// The key that an entry of a key set holds, where it is one that verifies signatures. A shared secret never is.
    pub(super) fn read(entry: &Value) -> Option<Self> {
        let key: Jwk = serde_json::from_value(entry.clone()).ok()?;
        let common = &key.common;
        let verifies = common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature)
            && common.key_operations.as_ref().is_none_or(|used| used.contains(&KeyOperations::Verify));
        let declared = common.key_algorithm.map(Algorithm::try_from).transpose().ok()?;
        let algorithms = possible(&key.algorithm)
            .iter()
            .copied()
            .filter(|possible| declared.is_none_or(|declared| declared == *possible));
        let algorithms: Vec<_> = algorithms.collect();
        let decoding = DecodingKey::from_jwk(&key).ok()?;
        (verifies && !algorithms.is_empty()).then(|| Self {
            id: common.key_id.clone(),
            algorithms,
            key: decoding,
        })
    }

    /// Whether a token of that header may have been signed with it.
    pub(super) fn fits(&self, id: Option<&str>, algorithm: Algorithm) -> bool {
        id.is_none_or(|id| self.id.as_deref() == Some(id)) && self.algorithms.contains(&algorithm)
    }
}

/// What a key of its kind can verify.
fn possible(parameters: &AlgorithmParameters) -> &'static [Algorithm] {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match parameters {
        AlgorithmParameters::RSA(_) => &[RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[ES384],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[EdDSA],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Key};
    use serde_json::{Value, json};

    fn rsa(more: &Value) -> Value {
        let mut key = json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "one"});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    }

    #[test]
    fn a_key_fits_what_its_kind_and_its_own_words_allow() {
        let any = Key::read(&rsa(&json!({}))).unwrap();
        assert!(any.fits(Some("one"), Algorithm::RS256) && any.fits(None, Algorithm::PS256));
        assert!(!any.fits(Some("two"), Algorithm::RS256));
        let own = Key::read(&rsa(&json!({"alg": "PS256", "use": "sig", "key_ops": ["verify"]}))).unwrap();
        assert!(own.fits(None, Algorithm::PS256) && !own.fits(None, Algorithm::RS256));
        for wrong in [Algorithm::HS256, Algorithm::ES256, Algorithm::EdDSA] {
            assert!(!any.fits(None, wrong));
        }
    }

    #[test]
    fn a_curve_fits_its_own_algorithm() {
        let key = |curve: &str| json!({"kty": "EC", "crv": curve, "x": "AQAB", "y": "AQAB"});
        assert!(Key::read(&key("P-256")).unwrap().fits(None, Algorithm::ES256));
        let other = Key::read(&key("P-384")).unwrap();
        assert!(other.fits(None, Algorithm::ES384) && !other.fits(None, Algorithm::ES256));
        assert!(Key::read(&key("P-521")).is_none());
        assert!(Key::read(&key("secp256k1")).is_none());
    }

    #[test]
    fn what_verifies_no_signature_is_no_key() {
        for entry in [
            json!({"kty": "oct", "k": "c2VjcmV0", "kid": "one"}),
            json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}),
            rsa(&json!({"use": "enc"})),
            rsa(&json!({"key_ops": ["encrypt"]})),
            rsa(&json!({"alg": "HS256"})),
            rsa(&json!({"alg": "RSA-OAEP"})),
            rsa(&json!({"n": "!"})),
            json!({"kty": "RSA"}),
            json!("key"),
        ] {
            assert!(Key::read(&entry).is_none(), "{entry}");
        }
    }
}
