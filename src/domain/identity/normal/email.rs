//! E-mail addresses, by what their providers deliver to the same mailbox.

use super::words::latin;
use std::fmt;

/// Addresses of a desk rather than a person.
const ROLES: [&str; 24] = [
    "info",
    "sales",
    "contact",
    "contacts",
    "office",
    "admin",
    "administrator",
    "support",
    "hello",
    "help",
    "mail",
    "marketing",
    "billing",
    "accounts",
    "accounting",
    "service",
    "team",
    "hr",
    "jobs",
    "press",
    "enquiries",
    "noreply",
    "no-reply",
    "webmaster",
];

/// Providers under several domains, by the one that stands for all.
const SAME: [(&str, &str); 6] = [
    ("googlemail.com", "gmail.com"),
    ("ymail.com", "yahoo.com"),
    ("me.com", "icloud.com"),
    ("mac.com", "icloud.com"),
    ("pm.me", "proton.me"),
    ("protonmail.com", "proton.me"),
];

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// What stands before the sign.
    pub local: String,
    /// What stands behind it.
    pub domain: String,
}

impl Email {
    /// Whether it belongs to a desk rather than a person.
    pub fn is_role(&self) -> bool {
        ROLES.contains(&self.local.as_str())
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// The mailbox that an address delivers to: without the tag behind a plus, at Yahoo behind a dash, at Google without
/// dots.
pub fn email(text: &str) -> Option<Email> {
    let text = latin(text.trim());
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    // `Ann Lee <ann@x.example>`
    let text = text.rsplit_once('<').map_or(text, |(_, address)| address.trim_end_matches('>'));
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain.trim_end_matches('.');
    if local.is_empty() || domain.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    let domain = SAME.iter().find(|(other, _)| *other == domain).map_or(domain, |(_, same)| same);
    let tag = if domain.starts_with("yahoo.") { '-' } else { '+' };
    let local = local.split_once(tag).map_or(local, |(mailbox, _)| mailbox);
    let local = if domain == "gmail.com" { local.replace('.', "") } else { local.to_owned() };
    (!local.is_empty()).then(|| Email { local, domain: domain.to_owned() })
}
