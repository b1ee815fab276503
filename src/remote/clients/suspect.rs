//! Secrets that stand where everybody who reads the file reads them.

use revarch_domain::secret::{Reason, in_address, named, reason};

/// A secret in the clear: where it stands and why it is taken for one. The value itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearSecret {
    /// Where in the entry, such as `env.CRM_TOKEN`, `args[2]` or `url`.
    pub at: String,
    /// Why it is taken for a secret.
    pub reason: &'static str,
}

/// What is shown in the place of a secret.
pub(super) const HIDDEN: &str = "[hidden]";

const fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Name => "its name says that it is a secret, and its value is written out",
        Reason::Form => "its value has the form of a token",
        Reason::Password => "the address holds a user's password",
        Reason::Path => "the address holds a long random part, which lets in whoever knows it",
    }
}

pub(super) fn clear_secrets(
    env: &[(&str, &str)],
    headers: &[(&str, &str)],
    args: &[&str],
    url: Option<&str>,
) -> Vec<ClearSecret> {
    let mut found = Vec::new();
    let mut judge = |at: String, name: &str, value: &str| {
        if let Some(reason) = reason(name, value) {
            found.push(ClearSecret { at, reason: words(reason) });
        }
    };
    for (name, value) in env {
        judge(format!("env.{name}"), name, value);
    }
    for (name, value) in headers {
        judge(format!("headers.{name}"), name, value);
    }
    for (index, (name, value)) in named(args).into_iter().enumerate() {
        judge(format!("args[{index}]"), name, value);
    }
    let addresses = args.iter().enumerate().map(|(index, arg)| (format!("args[{index}]"), *arg));
    for (at, text) in addresses.chain(url.map(|url| ("url".to_owned(), url))) {
        found.extend(in_address(text).into_iter().map(|part| {
            let parameter = part.parameter.map(|name| format!("?{name}")).unwrap_or_default();
            ClearSecret { at: format!("{at}{parameter}"), reason: words(part.reason) }
        }));
    }
    found
}

/// The arguments with every value hidden that may be secret.
pub(super) fn without_secrets(args: &[&str]) -> Vec<String> {
    let hide = |(arg, (name, value)): (&&str, (&str, &str))| match reason(name, value) {
        Some(_) => arg.replace(value, HIDDEN),
        None => in_address(arg).iter().fold((*arg).to_owned(), |arg, part| arg.replace(&part.value, HIDDEN)),
    };
    args.iter().zip(named(args)).map(hide).collect()
}

/// The values among the arguments that may be secret.
pub(crate) fn secret_args(args: &[String]) -> Vec<String> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let named = named(&args).into_iter().filter(|(name, value)| reason(name, value).is_some());
    let parts = args.iter().flat_map(|arg| in_address(arg)).map(|part| part.value);
    named.map(|(_, value)| value.to_owned()).chain(parts).collect()
}

/// The parts of an address that may be secret.
pub(crate) fn secret_parts(url: &str) -> Vec<String> {
    in_address(url).into_iter().map(|part| part.value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_hidden_by_their_names_and_forms() {
        let args = [
            "-y",
            "pkg",
            "--api-key=9f8e7d6c5b4a",
            "--token",
            "9f8e7d6c5b4a",
            "--header",
            "Authorization: Bearer 9f8e7d6c5b4a",
            "sk-0123456789abcdef",
            "--verbose",
            "https://x.example/?a=b",
        ];
        let shown = without_secrets(&args);
        assert_eq!(
            shown[2..8],
            ["--api-key=[hidden]", "--token", "[hidden]", "--header", "Authorization: [hidden]", "[hidden]"]
        );
        assert_eq!((shown[1].as_str(), shown[9].as_str()), ("pkg", "https://x.example/?a=b"));
        let found = clear_secrets(&[], &[], &args, Some("https://u:hunter22@x.example/?key=9f8e7d6c5b4a"));
        let places: Vec<&str> = found.iter().map(|secret| secret.at.as_str()).collect();
        assert_eq!(places, ["args[2]", "args[4]", "args[6]", "args[7]", "url?key", "url"]);
    }

    #[test]
    fn addresses_that_are_secret_themselves_are_told() {
        let address = "https://mcp.example.com/api/s/ZDk4N2E2NTRiM2MyZDFlMGY5/mcp";
        let found = clear_secrets(&[], &[], &["mcp-remote", address], Some(address));
        let places: Vec<&str> = found.iter().map(|secret| secret.at.as_str()).collect();
        assert_eq!(places, ["args[1]", "url"]);
        assert_eq!(without_secrets(&[address]), ["https://mcp.example.com/api/s/[hidden]/mcp"]);
        for plain in
            ["https://example.com/a-long-path-without-any-secret/mcp", "https://example.com/v1/2024-11-05"]
        {
            assert_eq!(secret_parts(plain), [""; 0], "{plain}");
        }
    }
}
