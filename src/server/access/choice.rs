//! A choice of tools, as a static token allows it or as a request asks for it. It only ever narrows.

use super::refusal::Refusal;
use crate::cli;
use axum::http::HeaderMap;
use revarch_tools::Toolset;
use std::sync::Arc;

const TOOLSETS: &str = "x-mcp-toolsets";
const READ_ONLY: &str = "x-mcp-readonly";

/// The toolsets that are wanted, all of them where none is named, and whether only to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The toolsets.
    pub(crate) toolsets: Option<Arc<[Toolset]>>,
    /// Whether only tools are wanted that leave everything as it was.
    pub(crate) read_only: bool,
}

impl Choice {
    /// What the headers `X-MCP-Toolsets` and `X-MCP-Readonly` of a request ask for.
    pub(super) fn asked(headers: &HeaderMap) -> Result<Self, Refusal> {
        let toolsets = values(headers, TOOLSETS)?
            .map(|names| {
                let toolset = |name| cli::toolset(name).map_err(|reason| unusable(TOOLSETS, name, &reason));
                names.into_iter().map(toolset).collect::<Result<Arc<[_]>, _>>()
            })
            .transpose()?;
        let read_only = match values(headers, READ_ONLY)?.as_deref() {
            None | Some(["false"]) => false,
            Some(["true"]) => true,
            Some(other) => return Err(unusable(READ_ONLY, &other.join(","), "it is `true` or `false`")),
        };
        Ok(Self { toolsets, read_only })
    }

    /// Whether tools of a toolset are chosen.
    pub(crate) fn open(&self, toolset: Toolset, is_read_only: bool) -> bool {
        self.toolsets.as_ref().is_none_or(|open| open.contains(&toolset)) && (is_read_only || !self.read_only)
    }

    /// Whether nothing is left out.
    pub(crate) fn is_everything(&self) -> bool {
        self.toolsets.is_none() && !self.read_only
    }
}

/// The values of a header that may be repeated and may hold lists.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<Vec<&'a str>>, Refusal> {
    let mut found = None::<Vec<_>>;
    for value in headers.get_all(name) {
        let text = value.to_str().map_err(|_| unusable(name, "", "it holds more than plain text"))?;
        found
            .get_or_insert_default()
            .extend(text.split(',').map(str::trim).filter(|value| !value.is_empty()));
    }
    Ok(found)
}

fn unusable(header: &str, value: &str, reason: &str) -> Refusal {
    Refusal::Malformed(format!("cannot use `{value}` in the header `{header}`: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::Choice;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use revarch_tools::Toolset;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn headers_choose_toolsets_and_whether_to_read_only() {
        let nothing = Choice::asked(&headers(&[])).unwrap();
        assert!(nothing.is_everything());
        let two =
            [("x-mcp-toolsets", "data, assess"), ("x-mcp-toolsets", "leads"), ("x-mcp-readonly", "true")];
        let chosen = Choice::asked(&headers(&two)).unwrap();
        assert!(chosen.open(Toolset::Leads, true) && !chosen.open(Toolset::Leads, false));
        assert!(!chosen.open(Toolset::Plan, true) && !chosen.is_everything());
        let empty = Choice::asked(&headers(&[("x-mcp-toolsets", "")])).unwrap();
        assert!(Toolset::ALL.into_iter().all(|toolset| !empty.open(toolset, true)));
    }

    #[test]
    fn headers_that_cannot_be_understood_are_refused() {
        for line in [("x-mcp-toolsets", "data,asess"), ("x-mcp-readonly", "maybe"), ("x-mcp-readonly", "")] {
            assert!(Choice::asked(&headers(&[line])).is_err(), "{line:?}");
        }
        let twice = [("x-mcp-readonly", "true"), ("x-mcp-readonly", "false")];
        assert!(Choice::asked(&headers(&twice)).is_err());
    }
}
