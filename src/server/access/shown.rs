//! The token that a request shows.

use super::refusal::Refusal;
use axum::http::{HeaderMap, Uri, header::AUTHORIZATION};

/// The longest token that is looked at.
const LONGEST: usize = 16 * 1024;

/// The token in the one header where it may stand. In an address it would end up in logs and histories, so there it
/// is refused even where the header holds a good one.
pub(super) fn token<'a>(headers: &'a HeaderMap, uri: &Uri) -> Result<&'a str, Refusal> {
    let mut query = uri.query().unwrap_or_default().split('&');
    if query.any(|part| part.split('=').next() == Some("access_token")) {
        return Err(Refusal::Malformed(
            "a token belongs in the header `Authorization`, never in an address".to_owned(),
        ));
    }
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal::Missing)?;
    if values.next().is_some() {
        return Err(Refusal::Malformed("there may be only one header `Authorization`".to_owned()));
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Refusal::Missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::Missing);
    }
    let token = token.trim_matches(' ');
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || token.len() > LONGEST || !token.bytes().all(fits) {
        return Err(Refusal::Invalid("it is none".to_owned()));
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Refusal, token};
    use axum::http::{HeaderMap, HeaderValue, Uri, header::AUTHORIZATION};

    fn shown(values: &[&str], uri: &'static str) -> Result<String, Refusal> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        token(&headers, &Uri::from_static(uri)).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_written_in_any_case() {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(shown(&[&format!("{scheme}  abc.d-e_f~+/=")], "/mcp").unwrap(), "abc.d-e_f~+/=");
        }
    }

    #[test]
    fn what_is_no_token_is_refused_for_what_it_is() {
        for nothing in [&[][..], &["Basic YTpi"], &["abc"], &[""]] {
            assert!(matches!(shown(nothing, "/mcp"), Err(Refusal::Missing)), "{nothing:?}");
        }
        let long = format!("Bearer {}", "x".repeat(LONGEST + 1));
        for bad in ["Bearer ", "Bearer a b", "Bearer a,b", "Bearer \u{e9}", &long] {
            assert!(!matches!(shown(&[bad], "/mcp"), Ok(_) | Err(Refusal::Malformed(_))), "{bad}");
        }
        assert!(matches!(shown(&["Bearer a", "Bearer a"], "/mcp"), Err(Refusal::Malformed(_))));
        assert!(matches!(shown(&["Bearer a"], "/mcp?x=1&access_token=a"), Err(Refusal::Malformed(_))));
        assert!(shown(&["Bearer a"], "/mcp?token=a").is_ok());
    }
}
