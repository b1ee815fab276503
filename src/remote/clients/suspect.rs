//! Secrets that stand where everybody who reads the file reads them.

use reqwest::Url;

/// A secret in the clear: where it stands and why it is taken for one. The value itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearSecret {
    /// Where in the entry, such as `env.CRM_TOKEN`, `args[2]` or `url`.
    pub at: String,
    /// Why it is taken for a secret.
    pub reason: &'static str,
}

const BY_NAME: &str = "its name says that it is a secret, and its value is written out";
const BY_FORM: &str = "its value has the form of a token";
const IN_URL: &str = "the address holds a user's password";
const IN_PATH: &str = "the address holds a long random part, which lets in whoever knows it";
/// What is shown in the place of a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// How tokens of well-known services begin.
const PREFIXES: [&str; 28] = [
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "pk_live_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "pat-na1-",
    "pat-eu1-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "eyJ",
    "ntn_",
    "secret_",
    "shpat_",
    "SG.",
    "hf_",
    "lin_api_",
    "dop_v1_",
];

/// Words that make a name the name of a secret.
const NAMES: [&str; 11] = [
    "token",
    "secret",
    "password",
    "passwd",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "credential",
    "pat",
    "key",
];

/// Words by which a value shows that it is to be filled in.
const UNFILLED: [&str; 11] =
    ["your", "xxx", "<", "...", "changeme", "change-me", "placeholder", "example", "insert", "todo", "dummy"];

/// The shortest value that is taken for a secret.
const SHORTEST: usize = 8;
/// The shortest rest of a token after its prefix.
const SHORTEST_REST: usize = 8;

pub(super) fn clear_secrets(
    env: &[(&str, &str)],
    headers: &[(&str, &str)],
    args: &[&str],
    url: Option<&str>,
) -> Vec<ClearSecret> {
    let mut found = Vec::new();
    let mut judge = |at: String, name: &str, value: &str| {
        if let Some(reason) = reason(name, value) {
            found.push(ClearSecret { at, reason });
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
        found.extend(
            in_address(text).map(|part| ClearSecret { at: format!("{at}{}", part.at), reason: part.reason }),
        );
    }
    found
}

/// The arguments with every value hidden that may be secret.
pub(super) fn without_secrets(args: &[&str]) -> Vec<String> {
    let hide = |(arg, (name, value)): (&&str, (&str, &str))| match reason(name, value) {
        Some(_) => arg.replace(value, HIDDEN),
        None => in_address(arg).fold((*arg).to_owned(), |arg, part| arg.replace(&part.value, HIDDEN)),
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
    in_address(url).map(|part| part.value).collect()
}

/// A part of an address that may be secret.
struct Part {
    at: String,
    reason: &'static str,
    value: String,
}

/// The parts of an address that may be secret; none where the text is no address.
fn in_address(text: &str) -> impl Iterator<Item = Part> + use<> {
    let mut parts = Vec::new();
    if let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
        for (name, value) in url.query_pairs() {
            if let Some(reason) = reason(&name, &value) {
                parts.push(Part { at: format!("?{name}"), reason, value: value.into_owned() });
            }
        }
        for segment in url.path_segments().into_iter().flatten().filter(|segment| is_random(segment)) {
            parts.push(Part { at: String::new(), reason: IN_PATH, value: segment.to_owned() });
        }
        if let Some(password) = url.password().filter(|password| !is_unfilled(password)) {
            parts.push(Part { at: String::new(), reason: IN_URL, value: password.to_owned() });
        }
    }
    parts.into_iter()
}

/// Whether a part of a path is long and random, as those are that let in whoever knows them.
fn is_random(segment: &str) -> bool {
    let count = |is: fn(&char) -> bool| segment.chars().filter(is).count();
    segment.len() >= 20
        && count(char::is_ascii_digit) >= 3
        && count(char::is_ascii_alphabetic) >= 3
        && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '='))
}

/// Each argument as a name and a value: `--token=x`, `TOKEN=x`, `Header: x`, or a value after its option.
fn named<'a>(args: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut option = "";
    let mut pairs = Vec::new();
    for arg in args {
        let split = arg.split_once('=').or_else(|| arg.split_once(": "));
        pairs.push(match split {
            Some((name, value)) if !name.contains("://") => (name, value),
            _ => (option, *arg),
        });
        option = if arg.starts_with('-') { arg } else { "" };
    }
    pairs
}

/// Why a value is taken for a secret, if it is.
fn reason(name: &str, value: &str) -> Option<&'static str> {
    let value = value.trim();
    let bare =
        ["Bearer ", "Basic ", "Token "].iter().find_map(|scheme| value.strip_prefix(scheme)).unwrap_or(value);
    if bare.len() < SHORTEST || is_unfilled(bare) {
        return None;
    }
    let rest = PREFIXES.iter().find_map(|prefix| bare.strip_prefix(prefix));
    if rest.is_some_and(|rest| rest.len() >= SHORTEST_REST && !rest.contains(char::is_whitespace)) {
        return Some(BY_FORM);
    }
    let is_path = bare.starts_with(['/', '~', '.']) || bare.contains("://");
    (is_secret_name(name) && !is_path && !bare.contains(' ')).then_some(BY_NAME)
}

fn is_secret_name(name: &str) -> bool {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let joined = words.concat();
    // A public key, or the name of a key, is no secret.
    let is_harmless = joined.contains("public")
        || matches!(words.last().map(String::as_str), Some("id" | "file" | "path" | "name" | "url" | "env"));
    let long = NAMES.iter().filter(|name| name.len() > 3).any(|name| joined.contains(name));
    let short = words.iter().any(|word| word == "key" || word == "pat" || word == "auth");
    !is_harmless && (long || short)
}

/// Whether a value refers to another place, or waits to be filled in.
fn is_unfilled(value: &str) -> bool {
    let lower = value.to_lowercase();
    value.is_empty()
        || value.contains("${")
        || value.starts_with('$')
        || value.starts_with('%')
        || UNFILLED.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_what_only_looks_like_them() {
        let check = |name: &str, value: &str, is_secret: bool| {
            assert_eq!(reason(name, value).is_some(), is_secret, "{name}={value}");
        };
        check("CRM_TOKEN", "9f8e7d6c5b4a3210", true);
        check("Authorization", "Bearer 9f8e7d6c5b4a3210", true);
        check("X-API-Key", "9f8e7d6c5b4a3210", true);
        check("ANYTHING", "ghp_0123456789abcdef", true);
        check("DB_PASSWORD", "correcthorse", true);
        check("CRM_TOKEN", "${CRM_TOKEN}", false);
        check("CRM_TOKEN", "${input:token}", false);
        check("CRM_TOKEN", "$CRM_TOKEN", false);
        check("CRM_TOKEN", "YOUR_TOKEN_HERE", false);
        check("CRM_TOKEN", "<token goes here>", false);
        check("CRM_TOKEN", "", false);
        check("API_KEY_ID", "9f8e7d6c5b4a3210", false);
        check("PRIVATE_KEY_PATH", "/home/me/key.pem", false);
        check("CREDENTIALS", "/home/me/credentials.json", false);
        check("PUBLIC_KEY", "9f8e7d6c5b4a3210", false);
        check("LOG_LEVEL", "information", false);
        check("MONKEY", "capuchin-1234", false);
        check("SK_TEXT", "sk-learn is a library", false);
    }

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
