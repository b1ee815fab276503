//! The rules by which servers are graded. Each names itself in its findings, with what to do.

use crate::finding::Severity;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A stable key, such as `security.hidden_text`.
    pub id: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// How much it hinders.
    pub severity: Severity,
    /// What to do.
    pub fix: &'static str,
    /// The public list that the rule is drawn from; `authored` where it is revarch's own.
    pub drawn_from: &'static str,
}

impl Rule {
    /// Why an agent is hindered by what breaks the rule.
    pub fn hinders(&self) -> &'static str {
        match self.id.split('.').next() {
            Some("security") => {
                "An agent that holds this server may be led to act against the person it works for."
            }
            Some("quality") => {
                "A model that cannot tell what a tool is for calls the wrong one, or the right one wrongly."
            }
            Some("protocol") => {
                "A client cannot tell what to ask a person about, or cannot read the list at all."
            }
            Some("cost") => "What the list takes of the context is missing for the work, in every request.",
            _ => "The client leaves the tool out or refuses the whole list.",
        }
    }
}

macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident, $from:literal, $title:literal, $fix:literal;)*) => {
        $(pub(super) const $name: Rule = Rule {
            id: $id,
            title: $title,
            severity: Severity::$severity,
            fix: $fix,
            drawn_from: $from,
        };)*

        /// Every rule.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    HIDDEN_TEXT = "security.hidden_text", Blocker, "Snyk agent-scan W021",
        "characters that a reader cannot see",
        "do not connect the server until its maker explains them; a model reads what a person cannot";
    INJECTION = "security.injection", Blocker, "Snyk agent-scan E001, OWASP MCP tool poisoning",
        "a text that gives the model orders beyond the tool",
        "do not connect the server; report the text to its maker";
    BEHAVIOURAL_ORDER = "security.behavioural_order", Minor, "Snyk agent-scan W001",
        "a text that tells the model to prefer this tool or call it first",
        "take the order out of the description, and say instead what the tool is for";
    DUPLICATE_NAME = "security.duplicate_name", Major, "OWASP MCP tool poisoning",
        "two tools of one server have one name",
        "let the maker rename one; a client shows or calls whichever comes last";
    LOOKALIKE_NAME = "security.lookalike_name", Major, "authored",
        "a name with letters outside ASCII, which may look like another",
        "let the maker use plain letters; until then allow the tool by its exact name only";
    SHADOWED_NAME = "security.shadowed_name", Major, "Snyk agent-scan E002",
        "tools of two servers have one name",
        "prefix tools with their server's name in the client, or connect one of the two only";
    FOREIGN_REFERENCE = "security.foreign_reference", Major, "Snyk agent-scan E002",
        "a description speaks of another server's tool",
        "read the description; a server has no business steering another's tools";
    TOXIC_FLOW = "security.toxic_flow", Major, "Snyk agent-scan toxic flows, OWASP MCP intent-flow subversion",
        "one agent reads what strangers write, reads private data and can send it out",
        "split the tools over agents that share no context, or let a person approve every call that sends";
    UNDERSTATED_EFFECT = "security.understated_effect", Major, "OWASP MCP scope creep",
        "hints that deny what the tool does",
        "ask a person before each call, whatever the hints say, and report them to the maker";
    UNMARKED_DESTRUCTIVE = "security.unmarked_destructive", Minor, "Snyk agent-scan W019",
        "a tool that destroys, and no hint says so",
        "ask a person before each call; let the maker set destructiveHint";
    ANY_CALL = "security.any_call", Major, "OWASP MCP scope creep",
        "a tool that takes any call",
        "leave it out of the agent's tools, or restrict the credentials to what the work needs";
    SECRET_IN_CONFIG = "security.secret_in_config", Blocker, "OWASP MCP token mismanagement",
        "a secret stands in the configuration",
        "revoke it, and name an environment variable or a secret store instead";
    SECRET_IN_URL = "security.secret_in_url", Blocker, "OWASP MCP token mismanagement",
        "a secret stands in an address",
        "revoke it and send it in a header; addresses end up in logs";
    NO_AUTHENTICATION = "security.no_authentication", Major, "OWASP MCP weak authentication",
        "a server on the network answers without credentials",
        "put authentication in front of it, or bind it to this machine only";
    PLAIN_HTTP = "security.plain_http", Major, "OWASP MCP weak authentication",
        "an address without TLS outside this machine",
        "use https, and let the server refuse anything else";
    BROAD_SCOPE = "security.broad_scope", Major, "OWASP MCP scope creep",
        "a scope that grants everything",
        "grant the scopes that the workflows need, reading before writing";
    UNPINNED_PACKAGE = "security.unpinned_package", Major, "OWASP MCP supply chain",
        "a package started without a fixed version",
        "name the exact version, or the image's digest, and raise it after reading what changed";

    CHANGED_DEFINITION = "security.changed_definition", Major, "OWASP MCP tool poisoning (rug pull)",
        "a tool that was audited before is no longer the same",
        "take the tool from the agents, read what changed, and allow it anew or report it to the maker";
    CHANGED_LIST = "security.changed_list", Minor, "OWASP MCP supply chain",
        "tools came or went since the last audit",
        "allow new tools one by one; drop the permissions of those that are gone";

    NO_DESCRIPTION = "quality.no_description", Major, "TDQS purpose",
        "a tool without a description",
        "say in a sentence what it does, to what, and when to use it";
    TAUTOLOGY = "quality.tautology", Minor, "TDQS purpose",
        "a description that repeats the name",
        "say what the name does not: what comes back, when to use it, what it changes";
    UNDOCUMENTED_PARAMETERS = "quality.undocumented_parameters", Minor, "TDQS parameters",
        "parameters without a description",
        "describe each parameter, with an example where its form matters";
    CONFUSABLE = "quality.confusable", Minor, "TDQS disambiguation",
        "two tools whose descriptions read alike",
        "say in each when to use the other";
    LONG_DESCRIPTION = "quality.long_description", Minor, "TDQS conciseness",
        "a description far longer than a model needs",
        "move examples and reference into documentation that is read when needed";

    OLD_VERSION = "protocol.old_version", Minor, "authored",
        "an old version of the protocol",
        "move to a current SDK";
    NO_HINTS = "protocol.no_hints", Minor, "TDQS behaviour",
        "tools without safety hints",
        "set readOnlyHint and destructiveHint on every tool; clients decide by them what to ask a person";
    NO_OUTPUT_SCHEMA = "protocol.no_output_schema", Minor, "Cisco readiness heuristics",
        "tools that do not say what they return",
        "declare outputSchema and return structured content";
    NOT_AN_OBJECT_SCHEMA = "protocol.schema_not_object", Major, "MCP specification",
        "an input schema that is no object",
        "give each tool an input schema of type object, empty if it takes nothing";
    CIRCULAR_REFERENCE = "protocol.circular_reference", Major, "authored",
        "a schema that refers to itself",
        "write the schema out to the depth that is used; clients loop or drop the tool";
    UNPAGED = "protocol.unpaged", Minor, "MCP specification",
        "a long list of tools in one page",
        "page the list, and offer toolsets that load fewer";

    LIST_COST = "cost.list", Major, "authored",
        "a list of tools that takes much of a model's context",
        "load only the toolsets that the work needs, or shorten descriptions and schemas";
    TOOL_COST = "cost.tool", Minor, "authored",
        "one tool that takes much of a model's context",
        "shorten its schema and description";

    CLIENT_LIMIT = "limits.client", Major, "the clients' own limits",
        "a client's limit is broken",
        "shorten, split or flatten what breaks it, or do not use that client for this server";
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use std::collections::BTreeSet;

    #[test]
    fn each_rule_has_a_name_of_its_own_and_says_what_to_do() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        assert!(RULES.iter().all(|rule| rule.fix.len() > 10 && !rule.drawn_from.is_empty()));
    }
}
