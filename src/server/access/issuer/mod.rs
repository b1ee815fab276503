//! Tokens of an authorization server: JWTs, checked with the keys it publishes.

mod claims;
mod discovery;
mod fetch;
mod key;
mod keys;

use super::{Choice, Rights, policy, refusal::Refusal, scope::Scope};
use crate::{
    caller::Caller,
    config::{Auth, SigningAlgorithm},
    failure::Failure,
};
use claims::Claims;
use jsonwebtoken::{
    Algorithm, Header, Validation, decode, decode_header,
    errors::{Error, ErrorKind},
};
use keys::Keys;
use std::{sync::Arc, time::Duration};

/// The most that clocks may be apart. With more, tokens would live on after their end.
const MOST_LEEWAY: u64 = 600;

/// An authorization server.
#[derive(Debug)]
pub(super) struct Issuer {
    name: String,
    audience: Option<String>,
    algorithms: Vec<Algorithm>,
    tenant_claim: Option<String>,
    leeway: Duration,
    keys: Arc<Keys>,
}

impl Issuer {
    /// The issuer as it is configured.
    pub(super) fn of(name: &str, auth: &Auth) -> Result<Self, Failure> {
        let url = policy::address("issuer", name)?;
        let keys = auth.jwks_url.as_deref().map(|keys| policy::address("jwks_url", keys)).transpose()?;
        if auth.algorithms.is_empty() {
            return Err(Failure::Usage(
                "`algorithms` of `[http.auth]` is empty, so that no token would be accepted\n\
                 hint: leave it out for RS256, ES256, EdDSA and PS256"
                    .to_owned(),
            ));
        }
        if auth.leeway_seconds > MOST_LEEWAY {
            return Err(Failure::Usage(format!(
                "`leeway_seconds` of `[http.auth]` is {}, and tokens would be accepted for that long after their end\n\
                 hint: set the clocks, and name {MOST_LEEWAY} seconds at most",
                auth.leeway_seconds
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            audience: auth.audience.clone(),
            algorithms: auth.algorithms.iter().copied().map(algorithm).collect(),
            tenant_claim: auth.tenant_claim.clone(),
            leeway: Duration::from_secs(auth.leeway_seconds),
            keys: Arc::new(Keys::new(name, &url, keys)?),
        })
    }

    /// The name it gives itself.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Fetches the keys ahead of the first token, without waiting for them.
    pub(super) fn prepare(&self) {
        let keys = Arc::clone(&self.keys);
        tokio::spawn(async move { keys.refresh().await });
    }

    /// Whom a token belongs to that is for `resource`, where no other audience is configured.
    pub(super) async fn caller(&self, token: &str, resource: &str) -> Result<Caller, Refusal> {
        let header =
            decode_header(token).map_err(|_| invalid("it is no JWT with a signature that is known"))?;
        self.check(&header)?;
        let keys = self.keys.fitting(header.kid.as_deref(), header.alg).await?;
        let validation = self.validation(header.alg, resource);
        let mut refusal = invalid("its issuer names no key that fits it");
        for key in &keys {
            match decode::<Claims>(token, key, &validation) {
                Ok(token) => return self.admitted(&token.claims),
                Err(error) => refusal = invalid(&told(&error)),
            }
        }
        Err(refusal)
    }

    /// What the header of a token must not say. The rest of it decides nothing: no key, and no address of keys, is
    /// ever taken from a token.
    fn check(&self, header: &Header) -> Result<(), Refusal> {
        if !self.algorithms.contains(&header.alg) {
            return Err(invalid("it is signed with an algorithm that is not accepted here"));
        }
        if header.crit.is_some() {
            return Err(invalid("its header `crit` demands what is not known here"));
        }
        let kind = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        match kind.strip_prefix("application/").unwrap_or(&kind) {
            "jwt" | "at+jwt" => Ok(()),
            _ => Err(invalid("its header `typ` says that it is no access token")),
        }
    }

    fn validation(&self, algorithm: Algorithm, resource: &str) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.name]);
        validation.set_audience(&[self.audience.as_deref().unwrap_or(resource)]);
        validation.validate_nbf = true;
        validation.leeway = self.leeway.as_secs();
        validation
    }

    /// The caller that claims name, once their signature has been checked.
    fn admitted(&self, claims: &Claims) -> Result<Caller, Refusal> {
        let subject = claims.subject(self.leeway).map_err(|reason| invalid(&reason))?;
        let tenant = self.tenant_claim.as_deref().map(|name| claims.text(name)).transpose();
        let tenant = tenant.map_err(|reason| invalid(&reason))?;
        let scopes: Arc<[_]> = claims.scopes().filter_map(Scope::named).collect();
        if scopes.is_empty() {
            return Err(Refusal::Lacking {
                reason: "the token carries none of the scopes that open something here".to_owned(),
                scopes: Some(vec![Scope::Read]),
                id: None,
            });
        }
        Ok(Caller {
            name: format!("sub:{subject}").into(),
            tenant: tenant.map(Into::into),
            rights: Rights::Scopes(scopes),
            asked: Choice::default(),
        })
    }
}

fn algorithm(configured: SigningAlgorithm) -> Algorithm {
    match configured {
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::RS384 => Algorithm::RS384,
        SigningAlgorithm::RS512 => Algorithm::RS512,
        SigningAlgorithm::PS256 => Algorithm::PS256,
        SigningAlgorithm::PS384 => Algorithm::PS384,
        SigningAlgorithm::PS512 => Algorithm::PS512,
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::ES384 => Algorithm::ES384,
        SigningAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}

fn invalid(reason: &str) -> Refusal {
    Refusal::Invalid(reason.to_owned())
}

/// Why a token is not good, without a word of what stands in it.
fn told(error: &Error) -> String {
    match error.kind() {
        ErrorKind::InvalidSignature => "its signature is wrong".to_owned(),
        ErrorKind::ExpiredSignature => "it has expired".to_owned(),
        ErrorKind::ImmatureSignature => "it is not valid yet".to_owned(),
        ErrorKind::InvalidAudience => "it is for another audience".to_owned(),
        ErrorKind::InvalidIssuer => "it comes from another issuer".to_owned(),
        ErrorKind::MissingRequiredClaim(name) => format!("its claim `{name}` is missing or unreadable"),
        ErrorKind::InvalidClaimFormat(name) => format!("its claim `{name}` is unreadable"),
        _ => "it is no JWT with claims that can be read".to_owned(),
    }
}
