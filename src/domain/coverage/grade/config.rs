//! What a server's configuration gives away or leaves open.
//!
//! The values of secrets are looked at here and told nowhere: findings name the variable, header or argument.

use super::{
    RuleFinding, Served,
    package::{program, unpinned},
    rules, shown,
};

/// How a server is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured {
    /// How it is started or reached.
    pub launch: Launch,
    /// What is handed to it: environment variables of a program, headers of a request.
    pub credentials: Vec<Credential>,
}

/// How a server is started or reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Launch {
    /// A program on this machine.
    Program {
        /// The program.
        command: String,
        /// Its arguments.
        args: Vec<String>,
    },
    /// An address.
    Address {
        /// The address as the configuration writes it.
        url: String,
    },
}

/// A variable or header of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its name.
    pub name: String,
    /// Its value as the configuration writes it; absent where it is taken from elsewhere.
    pub value: Option<String>,
}

/// Words in names whose values are secrets.
const SECRET_NAMES: [&str; 10] =
    ["key", "token", "secret", "password", "passwd", "pwd", "authorization", "credential", "bearer", "pat"];
/// How the tokens of well-known services begin.
const SECRET_STARTS: [&str; 21] = [
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
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
    "eyJ",
    "SG.",
    "shpat_",
    "ntn_",
];
/// Scopes that grant everything, besides any that end in a star.
const BROAD_SCOPES: [&str; 12] = [
    "*",
    "all",
    "full",
    "full_access",
    "admin",
    "root",
    "superuser",
    "api:full",
    "account:admin",
    "all_access",
    "read_write_all",
    "https://www.googleapis.com/auth/cloud-platform",
];

pub(super) fn findings(served: &Served<'_>) -> Vec<RuleFinding> {
    let mut findings = Vec::new();
    let mut found = |rule, evidence: String| findings.push(served.found(rule, None, evidence));
    for scope in &served.session.scopes {
        let lower = scope.trim().to_lowercase();
        if BROAD_SCOPES.contains(&lower.as_str()) || lower.ends_with(".*") || lower.ends_with(":*") {
            found(rules::BROAD_SCOPE, format!("the scope `{}`", shown(scope, 80)));
        }
    }
    let on_network = match served.config.map(|config| &config.launch) {
        Some(Launch::Address { url }) => Some(!is_this_machine(url)),
        Some(Launch::Program { .. }) => Some(false),
        None => None,
    };
    if served.session.answered_without_credentials == Some(true) && on_network != Some(false) {
        found(rules::NO_AUTHENTICATION, "it listed its tools to a stranger".to_owned());
    }
    let Some(Configured { launch, credentials }) = served.config else { return findings };
    for Credential { name, value } in credentials {
        if value.as_ref().is_some_and(|value| is_secret(name, value)) {
            found(rules::SECRET_IN_CONFIG, format!("the value of `{}` stands in the file", shown(name, 60)));
        }
    }
    match launch {
        Launch::Address { url } => {
            if has_secret(url) {
                found(rules::SECRET_IN_URL, format!("the address of `{}`", shown(host(url), 60)));
            }
            if url.trim().to_lowercase().starts_with("http://") && !is_this_machine(url) {
                found(rules::PLAIN_HTTP, format!("http to `{}`", shown(host(url), 60)));
            }
        }
        Launch::Program { command, args } => {
            for (at, arg) in args.iter().enumerate() {
                let before = at.checked_sub(1).map(|before| args[before].as_str());
                if let Some(flag) = secret_argument(before, arg) {
                    found(rules::SECRET_IN_CONFIG, format!("the argument `{}` carries it", shown(&flag, 40)));
                }
                if arg.contains("://") && has_secret(arg) {
                    found(
                        rules::SECRET_IN_URL,
                        format!("argument {} holds an address with a secret", at + 1),
                    );
                }
            }
            if let Some(package) = unpinned(command, args) {
                found(
                    rules::UNPINNED_PACKAGE,
                    format!("`{}` in `{}`", shown(&package, 80), shown(program(command), 40)),
                );
            }
        }
    }
    findings
}

/// `${VARIABLE}`, `$VARIABLE`, `%VARIABLE%`, `${input:name}`, `env:NAME`, `<your key>` name a secret and hold none.
fn is_reference(value: &str) -> bool {
    let value = value.trim().trim_start_matches("Bearer ").trim();
    let holder = value.strip_prefix('<').is_some_and(|rest| rest.ends_with('>'));
    let percent = value.len() > 2 && value.starts_with('%') && value.ends_with('%');
    value.starts_with('$')
        || value.starts_with("env:")
        || value.contains("${")
        || value.contains("{{")
        || holder
        || percent
}

fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || is_reference(value) {
        return false;
    }
    let bare = value.trim_start_matches("Bearer ").trim_start_matches("Basic ").trim();
    let known = SECRET_STARTS.iter().any(|start| bare.starts_with(start) && bare.len() >= start.len() + 8);
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let named = SECRET_NAMES
        .iter()
        .any(|secret| words.contains(secret) || lower.ends_with(secret) && *secret != "pat");
    known || named && bare.len() >= 8 && !bare.contains(' ') && !bare.starts_with('/')
}

/// The flag by which an argument hands over a secret.
fn secret_argument(before: Option<&str>, arg: &str) -> Option<String> {
    let flagged = |flag: &str, value: &str| {
        let is_flag = flag.starts_with('-') || flag.contains('=');
        (is_flag && is_secret(flag.trim_start_matches('-'), value)).then(|| flag.to_owned())
    };
    if let Some((flag, value)) = arg.split_once('=').filter(|(flag, _)| flag.starts_with('-')) {
        return flagged(flag, value);
    }
    if let Some((name, value)) =
        arg.split_once(':').filter(|_| before == Some("--header") || before == Some("-H"))
    {
        return is_secret(name, value).then(|| "--header".to_owned());
    }
    if let Some((name, value)) =
        arg.split_once('=').filter(|_| before == Some("-e") || before == Some("--env"))
    {
        return is_secret(name, value).then(|| format!("-e {name}"));
    }
    if let Some(found) = before.filter(|_| !arg.starts_with('-')).and_then(|flag| flagged(flag, arg)) {
        return Some(found);
    }
    let known = SECRET_STARTS.iter().any(|start| arg.starts_with(start) && arg.len() >= start.len() + 16);
    (known && !is_reference(arg)).then(|| "an argument".to_owned())
}

fn after_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

fn host(url: &str) -> &str {
    let authority = after_scheme(url).split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

fn is_this_machine(url: &str) -> bool {
    let host = host(url);
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name == "::1"
        || name.starts_with("127.") && name.split('.').count() == 4
}

/// Whether an address holds a password or a token, in front of the host, in the query or as part of the path.
fn has_secret(url: &str) -> bool {
    let rest = after_scheme(url);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':') && !is_reference(user)) {
        return true;
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let in_query =
        query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| is_secret(name, value));
    let in_path = path.split('/').skip(1).any(|part| {
        let known =
            SECRET_STARTS.iter().any(|start| part.starts_with(start) && part.len() >= start.len() + 16);
        let letters = part.chars().filter(char::is_ascii_alphabetic).count();
        let digits = part.chars().filter(char::is_ascii_digit).count();
        let is_random = part.len() >= 32 && part.len() == letters + digits && digits >= 6 && letters >= 6;
        known || is_random
    });
    in_query || in_path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_names_of_secrets() {
        for (name, value) in [
            ("API_KEY", "0123456789abcdef"),
            ("Authorization", "Bearer abcdefgh12345678"),
            ("ANYTHING", "ghp_0123456789abcdef"),
            ("HUBSPOT_TOKEN", "pat-na1-00000000-aaaa"),
            ("apiKey", "abcdefgh1"),
        ] {
            assert!(is_secret(name, value), "{name}");
        }
        for (name, value) in [
            ("API_KEY", "${API_KEY}"),
            ("API_KEY", "$API_KEY"),
            ("Authorization", "Bearer ${input:token}"),
            ("API_KEY", "<your key>"),
            ("API_KEY", "%API_KEY%"),
            ("API_KEY", ""),
            ("LOG_LEVEL", "information"),
            ("TOKEN_FILE_PATH", "/run/secrets/token"),
            ("PATH", "/usr/bin:/bin"),
            ("MONKEY_NAME", "abcdefghij"),
        ] {
            assert!(!is_secret(name, value), "{name}");
        }
        assert!(has_secret("https://user:hunter22@example.com/mcp"));
        assert!(has_secret("https://example.com/mcp?api_key=abcdefgh12345"));
        assert!(has_secret("https://example.com/mcp/0a1b2c3d4e5f60718293a4b5c6d7e8f9/sse"));
        assert!(!has_secret("https://example.com/mcp?api_key=${KEY}"));
        assert!(!has_secret("https://mcp.example.com/v1/mcp?toolset=crm"));
        assert!(is_this_machine("http://localhost:8787/mcp") && is_this_machine("http://[::1]:80/"));
        assert!(
            !is_this_machine("http://localhost.example.com/") && !is_this_machine("http://127.example.com/")
        );
    }

    #[test]
    fn a_secret_in_an_argument_is_found_however_it_is_handed_over() {
        let check = |line: &str| {
            let args: Vec<&str> = line.split(' ').collect();
            (0..args.len()).any(|at| secret_argument(at.checked_sub(1).map(|b| args[b]), args[at]).is_some())
        };
        assert!(check("--api-key abcdef123456"));
        assert!(check("--api-key=abcdef123456"));
        assert!(check("-e NOTION_TOKEN=ntn_0123456789"));
        assert!(check("x --header Authorization:Bearer_abcdef123456"));
        assert!(check("sk-0123456789abcdef0123"));
        assert!(!check("--api-key ${KEY}"));
        assert!(!check("-y @scope/package@1.0.0 --port 8080"));
        assert!(!check("-e NOTION_TOKEN"));
    }
}
