//! What each prompt is called, takes and says.

pub(super) struct Template {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    /// The tool without which the prompt leads nowhere.
    pub(super) rests_on: &'static str,
    pub(super) arguments: &'static [Argument],
    /// The message, as [`super::text`] reads it.
    pub(super) text: &'static str,
}

pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    /// What stands in the message where the argument is not given.
    pub(super) otherwise: &'static str,
    pub(super) values: Values,
}

/// What an argument can be, to complete it while it is typed.
pub(super) enum Values {
    Anything,
    OneOf(&'static [&'static str]),
    Reviews,
    Models,
    Lenses,
    Workflows,
    /// Several, separated by commas.
    Platforms,
}

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        name: "architecture_review",
        title: "Review the revenue architecture",
        description: "The whole review: data, platforms, maturity and workflows, with what blocks agents first.",
        rests_on: "review_architecture",
        arguments: &[
            Argument {
                name: "focus",
                description: "The part to look at most closely.",
                otherwise: "all parts alike",
                values: Values::OneOf(&["data", "platforms", "maturity", "workflows", "leads"]),
            },
            Argument {
                name: "platforms",
                description: "The platforms in use, separated by commas.",
                otherwise: "not named yet: ask which are in use",
                values: Values::Platforms,
            },
            Argument {
                name: "lens",
                description: "A lens to look through beside the usual one of six dimensions.",
                otherwise: "none",
                values: Values::Lenses,
            },
        ],
        text: include_str!("architecture_review.md"),
    },
    Template {
        name: "quarterly_review",
        title: "Compare with the last review",
        description: "What has changed since an earlier review, and what to do in the coming quarter.",
        rests_on: "review_architecture",
        arguments: &[Argument {
            name: "since",
            description: "The id of the review to compare with.",
            otherwise: "the last review that is kept",
            values: Values::Reviews,
        }],
        text: include_str!("quarterly_review.md"),
    },
    Template {
        name: "mcp_gap_review",
        title: "Find the gaps in MCP coverage",
        description: "What agents can reach and do in your platforms, and what is missing or unsafe.",
        rests_on: "audit_mcp_coverage",
        arguments: &[
            Argument {
                name: "platforms",
                description: "The platforms in use, separated by commas.",
                otherwise: "not named yet: ask which platforms are in use",
                values: Values::Platforms,
            },
            Argument {
                name: "workflow",
                description: "The agentic workflow that matters most.",
                otherwise: "all of them alike",
                values: Values::Workflows,
            },
        ],
        text: include_str!("mcp_gap_review.md"),
    },
    Template {
        name: "lead_score_review",
        title: "Test the lead score",
        description: "Whether the lead score in use predicts conversion, and what would predict it better.",
        rests_on: "validate_lead_score",
        arguments: &[
            Argument {
                name: "score",
                description: "The column that holds the lead score.",
                otherwise: "the column that is recognised as a score",
                values: Values::Anything,
            },
            Argument {
                name: "model",
                description: "The id of a lead score that revarch keeps, to compare with.",
                otherwise: "none: train one on our history",
                values: Values::Models,
            },
        ],
        text: include_str!("lead_score_review.md"),
    },
];
