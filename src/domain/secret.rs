//! What gives a text away as a secret: the name it goes by, the form it has, or its place in an address.
//!
//! Values are looked at here so that everyone else can leave them out of what they tell.

use url::Url;

/// Why a text is taken for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its name is the name of a secret.
    Name,
    /// It has the form of a well-known service's token.
    Form,
    /// It is the password in front of an address.
    Password,
    /// It is a long random part of an address, which lets in whoever knows it.
    Path,
}

/// A secret in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The parameter it is the value of, where it is one's.
    pub parameter: Option<String>,
    /// Why it is taken for a secret.
    pub reason: Reason,
    /// The secret.
    pub value: String,
}

/// How tokens of well-known services begin.
const STARTS: [&str; 28] = [
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

/// What makes a name the name of a secret wherever it stands in it.
const NAME_PARTS: [&str; 9] = [
    "token",
    "secret",
    "password",
    "passwd",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "credential",
];

/// What makes a name the name of a secret where it is a word of it.
const NAME_WORDS: [&str; 5] = ["key", "pat", "pwd", "auth", "bearer"];

/// Last words of names that tell where a secret is, or which, and not the secret.
const HARMLESS_ENDS: [&str; 6] = ["id", "file", "path", "name", "url", "env"];

/// Words by which a value shows that it is to be filled in.
const UNFILLED: [&str; 11] =
    ["your", "xxx", "<", "...", "changeme", "change-me", "placeholder", "example", "insert", "todo", "dummy"];

/// The shortest value that is taken for a secret, and the shortest rest of a token after its beginning.
const SHORTEST: usize = 8;

/// Why a value under a name is taken for a secret, if it is.
#[must_use]
pub fn reason(name: &str, value: &str) -> Option<Reason> {
    let value = value.trim();
    let bare =
        ["Bearer ", "Basic ", "Token "].iter().find_map(|scheme| value.strip_prefix(scheme)).unwrap_or(value);
    if bare.len() < SHORTEST || is_unfilled(bare) || bare.contains(char::is_whitespace) {
        return None;
    }
    let rest = STARTS.iter().find_map(|start| bare.strip_prefix(start));
    if rest.is_some_and(|rest| rest.len() >= SHORTEST) {
        return Some(Reason::Form);
    }
    let is_place = bare.starts_with(['/', '~', '.']) || bare.contains("://");
    (is_secret_name(name) && !is_place).then_some(Reason::Name)
}

/// The secrets in an address; none where the text is no address.
#[must_use]
pub fn in_address(text: &str) -> Vec<Part> {
    let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return Vec::new();
    };
    let parameters = url.query_pairs().filter_map(|(name, value)| {
        let reason = reason(&name, &value)?;
        Some(Part { parameter: Some(name.into_owned()), reason, value: value.into_owned() })
    });
    let part = |reason, value: &str| Part { parameter: None, reason, value: value.to_owned() };
    let segments = url.path_segments().into_iter().flatten();
    let path = segments.filter_map(|segment| match reason("", segment) {
        Some(reason) => Some(part(reason, segment)),
        None => is_random(segment).then(|| part(Reason::Path, segment)),
    });
    let password = url.password().filter(|password| !is_unfilled(password));
    parameters.chain(path).chain(password.map(|password| part(Reason::Password, password))).collect()
}

/// Each argument of a command as a name and a value: `--token=x`, `TOKEN=x`, `Header: x`, or a value after its
/// option.
#[must_use]
pub fn named<'a>(args: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut option = "";
    let mut pairs = Vec::new();
    for arg in args {
        let header = || arg.split_once(':').filter(|_| matches!(option, "-H" | "--header"));
        let split = arg.split_once('=').or_else(|| arg.split_once(": ")).or_else(header);
        pairs.push(match split {
            Some((name, value)) if !name.contains("://") => (name, value),
            _ => (option, *arg),
        });
        option = if arg.starts_with('-') { arg } else { "" };
    }
    pairs
}

/// Whether a part of a path is long and random, as those are that let in whoever knows them.
fn is_random(segment: &str) -> bool {
    let count = |is: fn(&char) -> bool| segment.chars().filter(is).count();
    segment.len() >= 20
        && count(char::is_ascii_digit) >= 3
        && count(char::is_ascii_alphabetic) >= 3
        && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '='))
}

fn is_secret_name(name: &str) -> bool {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let joined = words.concat();
    let is_harmless =
        joined.contains("public") || words.last().is_some_and(|last| HARMLESS_ENDS.contains(&last.as_str()));
    !is_harmless
        && (NAME_PARTS.iter().any(|part| joined.contains(part))
            || words.iter().any(|word| NAME_WORDS.contains(&word.as_str())))
}

/// Whether a value refers to another place, or waits to be filled in.
fn is_unfilled(value: &str) -> bool {
    let lower = value.to_lowercase();
    value.is_empty()
        || value.contains("${")
        || value.contains("{{")
        || value.starts_with(['$', '%'])
        || value.starts_with("env:")
        || UNFILLED.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_what_only_looks_like_them() {
        for (name, value, expected) in [
            ("CRM_TOKEN", "9f8e7d6c5b4a3210", Some(Reason::Name)),
            ("API_KEY", "0123456789abcdef", Some(Reason::Name)),
            ("apiKey", "abcdefgh1", Some(Reason::Name)),
            ("X-API-Key", "9f8e7d6c5b4a3210", Some(Reason::Name)),
            ("DB_PASSWORD", "correcthorse", Some(Reason::Name)),
            ("Authorization", "Bearer 9f8e7d6c5b4a3210", Some(Reason::Name)),
            ("HUBSPOT_TOKEN", "pat-na1-00000000-aaaa", Some(Reason::Form)),
            ("ANYTHING", "ghp_0123456789abcdef", Some(Reason::Form)),
            ("CRM_TOKEN", "${CRM_TOKEN}", None),
            ("CRM_TOKEN", "$CRM_TOKEN", None),
            ("CRM_TOKEN", "%CRM_TOKEN%", None),
            ("Authorization", "Bearer ${input:token}", None),
            ("CRM_TOKEN", "YOUR_TOKEN_HERE", None),
            ("CRM_TOKEN", "<token goes here>", None),
            ("CRM_TOKEN", "", None),
            ("API_KEY_ID", "9f8e7d6c5b4a3210", None),
            ("PRIVATE_KEY_PATH", "/home/me/key.pem", None),
            ("TOKEN_FILE", "/run/secrets/token", None),
            ("CREDENTIALS", "/home/me/credentials.json", None),
            ("PUBLIC_KEY", "9f8e7d6c5b4a3210", None),
            ("PATH", "/usr/bin:/bin", None),
            ("LOG_LEVEL", "information", None),
            ("MONKEY", "capuchin-1234", None),
            ("SK_TEXT", "sk-learn is a library", None),
        ] {
            assert_eq!(reason(name, value), expected, "{name}={value}");
        }
    }

    #[test]
    fn an_address_gives_away_parameters_passwords_and_random_parts() {
        let found = |url: &str| -> Vec<Reason> { in_address(url).iter().map(|part| part.reason).collect() };
        assert_eq!(
            found("https://u:hunter22@x.test/mcp?api_key=abcdefgh12345"),
            [Reason::Name, Reason::Password]
        );
        assert_eq!(found("https://x.test/mcp/0a1b2c3d4e5f60718293a4b5c6d7e8f9/sse"), [Reason::Path]);
        assert_eq!(found("https://x.test/ghp_0123456789abcdef/mcp"), [Reason::Form]);
        for plain in [
            "https://x.test/mcp?api_key=${KEY}",
            "https://x.test/v1/mcp?toolset=crm",
            "https://x.test/a-long-path-without-any-secret/mcp",
            "https://x.test/v1/2024-11-05",
            "not an address",
        ] {
            assert_eq!(found(plain), [], "{plain}");
        }
    }

    #[test]
    fn arguments_are_named_however_they_are_handed_over() {
        let line = "-y pkg --api-key abc --token=def -e A=b --header X-Key:ghi --verbose https://x.test/?a=b";
        let args: Vec<&str> = line.split(' ').collect();
        let pairs = named(&args);
        for expected in [("--api-key", "abc"), ("--token", "def"), ("A", "b"), ("X-Key", "ghi")] {
            assert!(pairs.contains(&expected), "{expected:?} in {pairs:?}");
        }
        assert_eq!(pairs.last(), Some(&("--verbose", "https://x.test/?a=b")));
        assert_eq!(named(&["--header", "X-Key: jkl"])[1], ("X-Key", "jkl"));
    }
}
