//! Who may call over HTTP.

use revarch_tools::Toolset;
use schemars::JsonSchema;
use serde::Deserialize;

/// Who may call over HTTP: whoever shows a token of `issuer`, or one of `tokens`. Without this section nobody is asked
/// who they are, and only addresses of this machine are served.
///
/// Scopes of an issuer's token (its claim `scope` or `scp`) add up: `revarch:data`, `revarch:assess`, `revarch:leads`,
/// `revarch:revenue`, `revarch:plan` and `revarch:knowledge` open a toolset, `revarch:read` the tools of all toolsets that
/// leave everything as it was, `revarch:all` every tool.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Auth {
    /// The address at which clients reach the MCP endpoint, such as `https://revarch.example.com/mcp`. On an address that
    /// other machines reach it has to be `https`, with a proxy in front that ends TLS. Where it is left out, it is the
    /// address that is listened on.
    pub(crate) public_url: Option<String>,
    /// The authorization server whose tokens (JWT) are accepted, as it names itself in their claim `iss`.
    pub(crate) issuer: Option<String>,
    /// Whom tokens have to be for, as their claim `aud` says; the `public_url` where it is left out.
    pub(crate) audience: Option<String>,
    /// Where the issuer's keys are; found through its metadata (RFC 8414 or `OpenID` Connect Discovery) where it is left
    /// out.
    pub(crate) jwks_url: Option<String>,
    /// The algorithms with which tokens may be signed.
    pub(crate) algorithms: Vec<SigningAlgorithm>,
    /// The claim that says whose data a caller sees, such as `tenant`. Where it is named, tokens without it are refused.
    pub(crate) tenant_claim: Option<String>,
    /// How far the clocks of issuer and server may be apart, in seconds.
    pub(crate) leeway_seconds: u64,
    /// A page that tells people how to get access.
    pub(crate) documentation_url: Option<String>,
    /// Tokens without an issuer, for small set-ups; `revarch token new` makes one.
    pub(crate) tokens: Vec<StaticToken>,
}

impl Default for Auth {
    fn default() -> Self {
        use SigningAlgorithm::{ES256, EdDSA, PS256, RS256};
        Self {
            public_url: None,
            issuer: None,
            audience: None,
            jwks_url: None,
            algorithms: vec![RS256, ES256, EdDSA, PS256],
            tenant_claim: None,
            leeway_seconds: 30,
            documentation_url: None,
            tokens: Vec::new(),
        }
    }
}

/// How a token may be signed. No algorithm is here that takes a shared secret, and none that signs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub(crate) enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// Ed25519.
    EdDSA,
}

/// A token without an issuer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaticToken {
    /// What logs and limits call whoever shows it.
    pub(crate) name: String,
    /// The SHA-256 of the token in hexadecimal. The token itself stands nowhere.
    pub(crate) sha256: String,
    /// Whose data the caller sees; the operator's own where it is left out.
    pub(crate) tenant: Option<String>,
    /// The toolsets it opens; all that are offered where it is left out.
    pub(crate) toolsets: Option<Vec<Toolset>>,
    /// Whether it opens only tools that leave everything as it was.
    #[serde(default)]
    pub(crate) read_only: bool,
    /// When it ends, as a date (at its beginning, UTC) or a time such as `2027-01-01T00:00:00Z`; never where it is left
    /// out.
    pub(crate) expires: Option<String>,
}
