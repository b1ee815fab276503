//! Who may call, as the configuration says it, checked before anything is served.

use super::{issuer::Issuer, tokens::Tokens};
use crate::{config::Auth, failure::Failure};
use reqwest::Url;
use std::net::SocketAddr;

/// Who may call.
#[derive(Debug)]
pub(crate) struct Policy {
    /// The address that clients use.
    pub(super) public_url: Option<Url>,
    /// The tokens that have no issuer.
    pub(super) tokens: Tokens,
    /// Whose tokens are accepted.
    pub(super) issuer: Option<Box<Issuer>>,
    /// A page that tells people how to get access.
    pub(super) documentation: Option<String>,
}

impl Policy {
    /// The policy, refused where it would let nobody in or could not keep anybody out.
    pub(crate) fn of(auth: &Auth) -> Result<Self, Failure> {
        let public_url = auth.public_url.as_deref().map(|url| address("public_url", url)).transpose()?;
        if let Some(url) = public_url.as_ref().filter(|url| url.query().is_some() || url.fragment().is_some())
        {
            return Err(unusable(
                "public_url",
                url.as_str(),
                "it has a query or a fragment",
                "leave them out",
            ));
        }
        let documentation = auth.documentation_url.as_deref().map(|url| address("documentation_url", url));
        let tokens = Tokens::of(&auth.tokens)?;
        let issuer = auth.issuer.as_deref().map(|name| Issuer::of(name, auth).map(Box::new)).transpose()?;
        if issuer.is_none() && tokens.is_empty() {
            return Err(Failure::Usage(
                "`[http.auth]` names neither an `issuer` nor `tokens`, so that nobody could call\n\
                 hint: name an issuer, or add what `revarch token new --name NAME` prints"
                    .to_owned(),
            ));
        }
        Ok(Self { public_url, tokens, issuer, documentation: documentation.transpose()?.map(Into::into) })
    }

    /// The host that requests are addressed to, where it is not the one that is listened on.
    pub(crate) fn host(&self) -> Option<String> {
        let url = self.public_url.as_ref()?;
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    }
}

/// Refuses to serve where other machines could call unasked, or would send their tokens in the clear.
pub(crate) fn check_exposed(
    named: &str,
    address: SocketAddr,
    policy: Option<&Policy>,
    has_tls: bool,
) -> Result<(), Failure> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    let port = address.port();
    match policy {
        None => Err(Failure::Usage(format!(
            "cannot serve on `{named}`: other machines reach it, and nobody is asked who they are\n\
             hint: add these lines to the configuration, and what `revarch token new --name NAME` prints, or the line \
             `issuer = \"https://login.example.com\"` for the tokens of an authorization server:\n\n\
             [http.auth]\n\
             public_url = \"https://HOST/mcp\"\n\n\
             or serve on 127.0.0.1:{port}, and reach it through `ssh -L {port}:127.0.0.1:{port} HOST`"
        ))),
        // With an issuer, tokens are made out to the address that clients use.
        Some(policy) if policy.public_url.is_none() && !(has_tls && policy.issuer.is_none()) => {
            Err(Failure::Usage(format!(
                "cannot serve on `{named}`: nothing says by which address clients use it, and without TLS their tokens \
             would cross the network in the clear\n\
             hint: name a certificate (`[http.tls]`) or let a proxy end TLS in front, and add the address that \
             clients use to the configuration:\n\n\
             [http.auth]\n\
             public_url = \"https://HOST/mcp\""
            )))
        }
        Some(_) => Ok(()),
    }
}

/// An address of the configuration that must not be overheard: `https`, or on this machine.
pub(super) fn address(field: &str, text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| {
        unusable(field, text, &error.to_string(), "write it in full, such as https://login.example.com")
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable(
            field,
            url.host_str().unwrap_or_default(),
            "it holds a name or a password",
            "leave them out",
        ));
    }
    if is_private(&url) {
        Ok(url)
    } else {
        Err(unusable(field, text, "it is neither https nor on this machine", "use https"))
    }
}

/// Whether nobody can overhear what is sent to an address.
pub(super) fn is_private(url: &Url) -> bool {
    url.scheme() == "https" && url.has_host() || is_local(url)
}

/// Whether an address is plain HTTP on this machine.
pub(super) fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    url.scheme() == "http"
        && (host == "localhost"
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()))
}

fn unusable(field: &str, value: &str, reason: &str, hint: &str) -> Failure {
    Failure::Usage(format!("cannot use `{value}` as `{field}` of `[http.auth]`: {reason}\nhint: {hint}"))
}

#[cfg(test)]
mod tests {
    use super::{Policy, address, check_exposed};
    use crate::{config::Auth, failure::Failure};

    #[track_caller]
    fn check_refused(text: &str, said: &str) {
        let auth: Auth = toml::from_str(text).unwrap();
        match Policy::of(&auth) {
            Err(Failure::Usage(reason)) => {
                assert!(reason.contains(said) && reason.contains("hint: "), "{reason}");
            }
            other => panic!("{text} gave {other:?}"),
        }
    }

    #[test]
    fn what_would_keep_nobody_out_or_let_nobody_in_is_refused() {
        check_refused("", "nobody could call");
        check_refused("issuer = \"login.example.com\"", "`issuer`");
        check_refused("issuer = \"http://login.example.com\"", "neither https");
        check_refused("issuer = \"https://me:pass@login.example.com\"", "a password");
        check_refused("issuer = \"https://a.example\"\nalgorithms = []", "`algorithms`");
        check_refused("issuer = \"https://a.example\"\njwks_url = \"http://a.example/keys\"", "`jwks_url`");
        check_refused("issuer = \"https://a.example\"\nleeway_seconds = 86400", "`leeway_seconds`");
        check_refused("public_url = \"https://a.example/mcp?x=1\"", "a query");
    }

    #[test]
    fn algorithms_that_share_a_secret_cannot_be_configured() {
        for name in ["none", "HS256", "HS512", "rs256"] {
            let error = toml::from_str::<Auth>(&format!("algorithms = [\"{name}\"]")).unwrap_err();
            assert!(error.message().contains("RS256"), "{error}");
        }
    }

    #[test]
    fn only_https_and_this_machine_cannot_be_overheard() {
        for good in ["https://a.example", "http://localhost:1", "http://127.0.0.9", "http://[::1]:80/x"] {
            assert!(address("issuer", good).is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "http://localhost.evil.example",
            "http://192.168.0.1",
            "ftp://127.0.0.1",
            "x",
        ] {
            assert!(address("issuer", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_of_other_machines_wants_tokens_and_tls() {
        let (here, everywhere) = (([127, 0, 0, 1], 1).into(), ([0, 0, 0, 0], 1).into());
        let policy = |public: &str| {
            let text = format!("{public}\nissuer = \"https://a.example\"\naudience = \"x\"");
            Policy::of(&toml::from_str::<Auth>(&text).unwrap()).unwrap()
        };
        assert!(check_exposed("x", here, None, false).is_ok());
        assert!(check_exposed("x", everywhere, None, true).is_err());
        assert!(check_exposed("x", everywhere, Some(&policy("")), false).is_err());
        assert!(
            check_exposed("x", everywhere, Some(&policy("public_url = \"https://b.example/mcp\"")), false)
                .is_ok()
        );
    }
}
