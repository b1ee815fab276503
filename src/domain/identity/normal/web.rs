//! Web addresses by the domain that somebody registered.

use super::words::latin;
use crate::association::FREE_MAIL;

/// The registered domain: `https://www.shop.acme.co.uk/x` is `acme.co.uk`. Nothing where the text is no address.
pub fn domain(text: &str) -> Option<String> {
    let text = latin(text.trim());
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    if !host.contains('.') || !host.chars().all(is_host) {
        return None;
    }
    let host = host.strip_prefix("www.").unwrap_or(host);
    Some(psl::domain_str(host).unwrap_or(host).to_owned())
}

/// Whether its addresses say nothing of an employer.
pub(super) fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(&domain)
}
