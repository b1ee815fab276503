//! What a caller may use.

use super::{Choice, scope::Scope};
use revarch_tools::Toolset;
use std::sync::Arc;

/// What a caller may use, by how it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Everything: nobody is asked who they are.
    All,
    /// What a token of the configuration allows.
    Token(Choice),
    /// What the scopes of an issuer's token allow together.
    Scopes(Arc<[Scope]>),
}

impl Rights {
    /// Whether a tool may be used.
    pub(crate) fn open(&self, toolset: Toolset, is_read_only: bool) -> bool {
        match self {
            Self::All => true,
            Self::Token(choice) => choice.open(toolset, is_read_only),
            Self::Scopes(scopes) => scopes.iter().any(|scope| scope.opens(toolset, is_read_only)),
        }
    }

    /// Whether every tool may be used.
    pub(crate) fn is_everything(&self) -> bool {
        match self {
            Self::All => true,
            Self::Token(choice) => choice.is_everything(),
            Self::Scopes(scopes) => scopes.contains(&Scope::All),
        }
    }

    /// What would open a tool that is not open.
    pub(crate) fn remedy(&self, toolset: Toolset, is_read_only: bool) -> String {
        match self {
            Self::All => "it is open".to_owned(),
            Self::Token(choice) if choice.open(toolset, true) => {
                "its token may only read; its entry in `[[http.auth.tokens]]` says `read_only`".to_owned()
            }
            Self::Token(_) => format!(
                "name `{}` under `toolsets` of its entry in `[[http.auth.tokens]]` of the configuration",
                toolset.name()
            ),
            Self::Scopes(_) if is_read_only => {
                format!("it takes a token with the scope `{}` or `{}`", Scope::Toolset(toolset), Scope::Read)
            }
            Self::Scopes(_) => format!("it takes a token with the scope `{}`", Scope::Toolset(toolset)),
        }
    }

    /// The scopes to ask for next, where scopes are what opens a tool: those that are there, so that they are not
    /// lost, and the one that is missing.
    pub(super) fn wanted(&self, toolset: Toolset) -> Option<Vec<Scope>> {
        match self {
            Self::All | Self::Token(_) => None,
            Self::Scopes(scopes) => Some(scopes.iter().copied().chain([Scope::Toolset(toolset)]).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Rights, Scope};
    use revarch_tools::Toolset;

    fn scopes(names: &str) -> Rights {
        Rights::Scopes(names.split(' ').filter_map(Scope::named).collect())
    }

    /// Which of a reading and a writing tool of two toolsets are open.
    #[track_caller]
    fn check(rights: &Rights, data: [bool; 2], leads: [bool; 2]) {
        for (toolset, expected) in [(Toolset::Data, data), (Toolset::Leads, leads)] {
            assert_eq!([true, false].map(|reads| rights.open(toolset, reads)), expected, "{rights:?}");
        }
    }

    #[test]
    fn scopes_add_up() {
        check(&scopes(""), [false, false], [false, false]);
        check(
            &scopes("openid email other:data revarch revarch: revarch:Data"),
            [false, false],
            [false, false],
        );
        check(&scopes("revarch:data"), [true, true], [false, false]);
        check(&scopes("revarch:read"), [true, false], [true, false]);
        check(&scopes("revarch:read revarch:leads"), [true, false], [true, true]);
        check(&scopes("revarch:all"), [true, true], [true, true]);
    }

    #[test]
    fn every_toolset_has_a_scope_of_its_own() {
        for toolset in Toolset::ALL {
            let scope = Scope::Toolset(toolset);
            assert_eq!(Scope::named(&scope.to_string()), Some(scope));
        }
        for scope in [Scope::All, Scope::Read] {
            assert_eq!(Scope::named(&scope.to_string()), Some(scope));
        }
    }

    #[test]
    fn a_token_may_be_held_to_toolsets_and_to_reading() {
        let toolsets = Some([Toolset::Leads].into());
        check(&Rights::Token(Choice { toolsets: toolsets.clone(), read_only: false }), [false; 2], [true; 2]);
        check(&Rights::Token(Choice { toolsets, read_only: true }), [false; 2], [true, false]);
        check(&Rights::Token(Choice::default()), [true; 2], [true; 2]);
    }

    #[test]
    fn whoever_lacks_a_scope_is_told_to_keep_those_they_have() {
        let wanted = scopes("revarch:read").wanted(Toolset::Leads).unwrap();
        assert_eq!(super::super::scope::joined(wanted), "revarch:read revarch:leads");
    }
}
