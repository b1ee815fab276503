//! What a server's configuration gives away or leaves open.
//!
//! The values of secrets are looked at here and told nowhere: findings name the variable, header or argument.

use super::{
    RuleFinding, Served,
    package::{program, unpinned},
    rules, shown,
};
use crate::secret;
use url::{Host, Url};

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
        if value.as_ref().is_some_and(|value| secret::reason(name, value).is_some()) {
            found(rules::SECRET_IN_CONFIG, format!("the value of `{}` stands in the file", shown(name, 60)));
        }
    }
    match launch {
        Launch::Address { url } => {
            if !secret::in_address(url).is_empty() {
                found(rules::SECRET_IN_URL, format!("the address of `{}`", shown(&host(url), 60)));
            }
            if url.trim().to_lowercase().starts_with("http://") && !is_this_machine(url) {
                found(rules::PLAIN_HTTP, format!("http to `{}`", shown(&host(url), 60)));
            }
        }
        Launch::Program { command, args } => {
            let args_read: Vec<&str> = args.iter().map(String::as_str).collect();
            for (at, (name, value)) in secret::named(&args_read).into_iter().enumerate() {
                if secret::reason(name, value).is_some() {
                    let by = if name.is_empty() { "an argument" } else { name };
                    found(rules::SECRET_IN_CONFIG, format!("the argument `{}` carries it", shown(by, 40)));
                }
                if !secret::in_address(args_read[at]).is_empty() {
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

/// The host of an address, for the eyes of a reader.
fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "?".to_owned())
}

fn is_this_machine(url: &str) -> bool {
    match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn this_machine_is_told_from_names_that_resemble_it() {
        for here in ["http://localhost:8787/mcp", "http://[::1]:80/", "http://127.0.0.1/"] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in ["http://localhost.example.com/", "http://127.example.com/", "${BASE}/mcp"] {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
