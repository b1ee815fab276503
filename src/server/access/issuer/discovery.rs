//! Where an issuer says its keys are.

use super::{
    super::policy::{is_local, is_private},
    fetch,
};
use anyhow::{Context as _, anyhow, bail, ensure};
use reqwest::{Client, Url};

/// The address of the issuer's keys, from the first of its metadata documents that can be used.
pub(super) async fn keys_address(client: &Client, name: &str, issuer: &Url) -> anyhow::Result<Url> {
    let mut reasons = Vec::new();
    for place in places(issuer) {
        match at(client, &place, name, issuer).await {
            Ok(keys) => return Ok(keys),
            Err(reason) => reasons.push(format!("{reason:#}")),
        }
    }
    bail!("the issuer {name} has no metadata that can be used: {}", reasons.join("; "))
}

/// Where metadata may be: RFC 8414 puts the well-known path before the issuer's own, `OpenID` Connect behind it.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut paths = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("{path}/.well-known/openid-configuration"),
    ];
    if !path.is_empty() {
        paths.push(format!("/.well-known/openid-configuration{path}"));
    }
    let place = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    paths.into_iter().map(place).collect()
}

async fn at(client: &Client, place: &Url, name: &str, issuer: &Url) -> anyhow::Result<Url> {
    let metadata = fetch::json(client, place).await?;
    let own = metadata["issuer"].as_str();
    ensure!(own == Some(name), "{place} is of the issuer {own:?}");
    let keys = metadata["jwks_uri"].as_str().ok_or_else(|| anyhow!("{place} names no `jwks_uri`"))?;
    let keys = Url::parse(keys).with_context(|| format!("`jwks_uri` of {place} is no address"))?;
    // An issuer elsewhere must not send this server to look at its own machine.
    ensure!(
        is_private(&keys) && (is_local(issuer) || !is_local(&keys)),
        "`jwks_uri` of {place} is not https"
    );
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::{Url, places};

    #[test]
    fn metadata_is_looked_for_on_both_sides_of_the_path() {
        let of = |issuer: &str| {
            places(&Url::parse(issuer).unwrap()).into_iter().map(String::from).collect::<Vec<_>>()
        };
        assert_eq!(
            of("https://a.example/realms/b"),
            [
                "https://a.example/.well-known/oauth-authorization-server/realms/b",
                "https://a.example/realms/b/.well-known/openid-configuration",
                "https://a.example/.well-known/openid-configuration/realms/b",
            ]
        );
        assert_eq!(
            of("https://a.example/"),
            [
                "https://a.example/.well-known/oauth-authorization-server",
                "https://a.example/.well-known/openid-configuration",
            ]
        );
    }
}
