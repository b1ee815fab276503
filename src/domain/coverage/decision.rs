//! What to do about a platform's coverage, with reasons.
//!
//! The order of preference is the published one: buy before build. Its source says that four fifths of a
//! stack should be bought and one fifth built, and that building costs three to five times a licence over
//! three years. So the vendor's own server comes first, then a connector from an integration platform that
//! is already paid for, and a wrapper of one's own last.

use super::catalog::Status;
use serde::{Deserialize, Serialize};

/// The share of a stack that the published rule of thumb would buy rather than build.
pub const PUBLISHED_BUY_SHARE: f64 = 0.8;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Connect the vendor's server.
    UseNative,
    /// Read the community server's code, pin its version and use it.
    UseCommunityWithReview,
    /// Build a small MCP server over the vendor's API.
    WrapApi,
    /// Reach the platform through an integration platform.
    RouteThroughIpaas,
    /// Move the work to another platform of the stack that agents can reach.
    Replace,
    /// Get the next piece of evidence first.
    FindOut,
}

impl Action {
    /// The action's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UseNative => "use_native",
            Self::UseCommunityWithReview => "use_community_with_review",
            Self::WrapApi => "wrap_api",
            Self::RouteThroughIpaas => "route_through_ipaas",
            Self::Replace => "replace",
            Self::FindOut => "find_out",
        }
    }

    /// The action as the step a person takes.
    pub const fn step(self) -> &'static str {
        match self {
            Self::UseNative => "connect the vendor's server with the narrowest scopes that the work needs",
            Self::UseCommunityWithReview => {
                "review the server's code, pin its version and connect it read-only first"
            }
            Self::WrapApi => "wrap the few API calls behind the core operations in a small MCP server",
            Self::RouteThroughIpaas => {
                "expose the core operations through the integration platform's MCP server"
            }
            Self::Replace => "move the work to the platform that agents can reach",
            Self::FindOut => "find out whether the vendor runs a server",
        }
    }
}

/// How much work an action is, in classes wide enough to be right. They are revarch's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// One person, within a day.
    Hours,
    /// One person, within a week.
    Days,
    /// A small project.
    Weeks,
    /// A project with a budget and a migration.
    Quarter,
}

impl Effort {
    /// The class's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Quarter => "quarter",
        }
    }

    /// How heavy the class weighs where two ways are equally short: about three times the one before.
    pub const fn weight(self) -> u32 {
        match self {
            Self::Hours => 1,
            Self::Days => 3,
            Self::Weeks => 10,
            Self::Quarter => 30,
        }
    }
}

impl Action {
    /// How much work it is.
    pub const fn effort(self) -> Effort {
        match self {
            Self::UseNative | Self::FindOut => Effort::Hours,
            Self::UseCommunityWithReview | Self::RouteThroughIpaas => Effort::Days,
            Self::WrapApi => Effort::Weeks,
            Self::Replace => Effort::Quarter,
        }
    }

    /// What has to be there before one begins.
    pub const fn prerequisites(self) -> &'static [&'static str] {
        match self {
            Self::UseNative => &[
                "an account whose plan includes the server",
                "an administrator who grants the scopes, read before write",
            ],
            Self::UseCommunityWithReview => &[
                "somebody who reads the code and answers for it",
                "a pinned version and a place to run it",
                "API credentials of an account made for it, with the narrowest scopes",
            ],
            Self::WrapApi => &[
                "an API that offers these operations, and its documentation",
                "API credentials of an account made for it, with the narrowest scopes",
                "somebody who keeps the wrapper up for years",
            ],
            Self::RouteThroughIpaas => &[
                "a connector for this platform on the integration platform, with these operations",
                "a plan whose tasks suffice for what agents will call",
            ],
            Self::Replace => {
                &["a decision of the platform's owner", "data and processes moved before agents are"]
            }
            Self::FindOut => &[],
        }
    }
}

/// What the decision about one platform depends on.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// What is published about its server.
    pub status: Status,
    /// Whether a list of its tools was seen, so that a server is there whatever is published.
    pub seen_live: bool,
    /// Whether the only server seen serves documentation or developers, and nothing published tells of another.
    pub is_in_doubt: bool,
    /// Whether the operations behind its server are each customer's own choice.
    pub customer_defined: bool,
    /// Core operations known to be missing.
    pub missing: usize,
    /// Core operations nobody can tell about.
    pub unknown: usize,
    /// An integration platform of the stack with a vendor-run server.
    pub ipaas: Option<&'a str>,
    /// Another platform of the stack in the same category with a vendor-run server.
    pub alternative: Option<&'a str>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do.
    pub action: Action,
    /// Why.
    pub reasons: Vec<String>,
    /// The cheapest evidence that would settle what is still open.
    pub next_evidence: Option<String>,
}

/// Decides about one platform.
pub fn decide(situation: &Situation<'_>) -> Decision {
    let Situation { status, seen_live, is_in_doubt, customer_defined, missing, unknown, .. } = situation;
    let next_evidence = next_evidence(situation);
    let decision = |action: Action, reasons: Vec<String>| Decision {
        action,
        reasons,
        next_evidence: next_evidence.clone(),
    };
    if *is_in_doubt {
        let seen = "the server seen serves documentation or developers and does not reach records";
        let open = "whether the vendor runs another that does is not established";
        return decision(Action::FindOut, vec![seen.to_owned(), open.to_owned()]);
    }
    match status {
        Status::OfficialGa | Status::OfficialBeta => {
            let mut reasons = vec!["the vendor runs a server, and what is bought is kept up by its maker".to_owned()];
            if *status == Status::OfficialBeta {
                reasons.push("it is a beta: begin with reading, and expect tools to change".to_owned());
            }
            if *missing > 0 {
                reasons.push(format!("{missing} core operation(s) are not in its list and need another way"));
            }
            if *unknown > 0 {
                reasons.push(format!("{unknown} core operation(s) are still to be confirmed before an agent relies on them"));
            }
            if *customer_defined {
                reasons.push("each customer builds the list of tools on this platform, so only your own list counts".to_owned());
            }
            decision(Action::UseNative, reasons)
        }
        Status::Community => decision(
            Action::UseCommunityWithReview,
            vec![
                "only a community server is known: read its code, pin its version and give it the narrowest scopes".to_owned(),
                "without that review, take the way around instead".to_owned(),
            ],
        ),
        Status::NoneFound | Status::Unknown if *seen_live => decision(
            Action::UseCommunityWithReview,
            vec!["a server was seen that the catalog does not know: find out who runs it before granting write access".to_owned()],
        ),
        Status::NoneFound => {
            let (action, reason) = around(situation);
            decision(action, vec!["somebody looked and found no server".to_owned(), reason])
        }
        Status::Unknown => decision(
            Action::FindOut,
            vec!["no source has looked closely: neither a server nor its absence is established".to_owned()],
        ),
    }
}

/// The way around a platform, or an operation, that no server offers.
pub fn around(situation: &Situation<'_>) -> (Action, String) {
    if let Some(alternative) = situation.alternative {
        let reason = format!(
            "{alternative} in the same category of this stack has a vendor-run server: move the work there"
        );
        return (Action::Replace, reason);
    }
    if let Some(ipaas) = situation.ipaas {
        let reason = format!(
            "{ipaas} is in the stack with a vendor-run server; buying before building (80/20) favours its connector"
        );
        return (Action::RouteThroughIpaas, reason);
    }
    let reason = "no integration platform with a vendor-run server is in the stack, so a small wrapper of the API belongs \
                  to the fifth that one builds";
    (Action::WrapApi, reason.to_owned())
}

fn next_evidence(situation: &Situation<'_>) -> Option<String> {
    match situation.status {
        _ if situation.is_in_doubt => {
            Some("ask the vendor for the server that reaches records, and paste its tools/list answer here".to_owned())
        }
        _ if situation.seen_live && situation.unknown == 0 => None,
        _ if situation.seen_live => Some("list the tools again with the scopes and flags your agents will have".to_owned()),
        Status::Unknown => {
            Some("search the vendor's documents and the official MCP registry, or ask the vendor for its MCP endpoint".to_owned())
        }
        Status::NoneFound => Some("ask the vendor for its MCP plans before building".to_owned()),
        _ if situation.unknown > 0 => Some("connect once and paste the server's tools/list answer here".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn situation(status: Status) -> Situation<'static> {
        Situation {
            status,
            seen_live: false,
            is_in_doubt: false,
            customer_defined: false,
            missing: 0,
            unknown: 0,
            ipaas: None,
            alternative: None,
        }
    }

    #[test]
    fn each_situation_has_its_action() {
        let action = |situation: Situation<'_>| decide(&situation).action;
        assert_eq!(action(situation(Status::OfficialGa)), Action::UseNative);
        assert_eq!(action(situation(Status::OfficialBeta)), Action::UseNative);
        assert_eq!(action(situation(Status::Community)), Action::UseCommunityWithReview);
        assert_eq!(action(situation(Status::Unknown)), Action::FindOut);
        assert_eq!(action(situation(Status::NoneFound)), Action::WrapApi);
        let with_ipaas = Situation { ipaas: Some("Workato"), ..situation(Status::NoneFound) };
        assert_eq!(action(with_ipaas), Action::RouteThroughIpaas);
        let with_other = Situation { alternative: Some("HubSpot"), ..situation(Status::NoneFound) };
        assert_eq!(action(with_other), Action::Replace);
        let docs = Situation { is_in_doubt: true, ..situation(Status::OfficialGa) };
        assert_eq!(action(docs), Action::FindOut);
    }

    #[test]
    fn what_is_unknown_names_the_next_evidence() {
        assert!(decide(&situation(Status::Unknown)).next_evidence.is_some());
        let open = Situation { unknown: 3, ..situation(Status::OfficialGa) };
        assert!(decide(&open).next_evidence.unwrap().contains("tools/list"));
        assert_eq!(decide(&situation(Status::OfficialGa)).next_evidence, None);
    }
}
