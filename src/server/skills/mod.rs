//! Playbooks of reviews as skills: files that tell an agent which tool to call in which order, what to ask and what never
//! to claim (the protocol's extension `io.modelcontextprotocol/skills`).
//!
//! A skill is offered where the tool it rests on is, and a line of it stands where its tool is offered, as in a prompt.

#[cfg(test)]
mod tests;

use crate::{prompts::fill, toolbox::Toolbox};
use revarch_domain::nearest::nearest;
use rmcp::{
    ErrorData,
    model::{
        DIRECTORY_MIME_TYPE, ReadResourceResult, Resource, ResourceContents, Skill, SkillFrontmatter,
        SkillResource, SkillResources,
    },
};
use serde_json::json;

const SCHEME: &str = "skill://";
const FILE: &str = "/SKILL.md";
const MARKDOWN: &str = "text/markdown";

struct Playbook {
    name: &'static str,
    /// When to use it: what an agent reads to choose.
    description: &'static str,
    /// The tool without which it leads nowhere.
    rests_on: &'static str,
    body: &'static str,
}

const PLAYBOOKS: &[Playbook] = &[
    Playbook {
        name: "architecture-review",
        description: "Review a company's revenue architecture for AI agents: data, platforms, maturity and workflows, with \
                      what blocks agents first. Use when asked whether a revenue stack is ready for agents or where \
                      to begin.",
        rests_on: "review_architecture",
        body: include_str!("architecture_review.md"),
    },
    Playbook {
        name: "lead-score-review",
        description: "Test whether the lead score in use predicts conversion, and what the data could achieve. Use before \
                      leads are routed by a score, and each quarter after.",
        rests_on: "validate_lead_score",
        body: include_str!("lead_score_review.md"),
    },
    Playbook {
        name: "mcp-gap-review",
        description: "Find what agents can reach and do in a company's platforms through MCP, what is missing and what is \
                      unsafe. Use when asked whether agents can work in a stack or whether a server is safe.",
        rests_on: "audit_mcp_coverage",
        body: include_str!("mcp_gap_review.md"),
    },
    Playbook {
        name: "quarterly-review",
        description: "Compare today with an earlier review and agree what to do in the coming quarter. Use when a review is \
                      kept and asked what has changed.",
        rests_on: "review_architecture",
        body: include_str!("quarterly_review.md"),
    },
];

impl Playbook {
    fn folder(&self) -> String {
        format!("{SCHEME}{}", self.name)
    }

    fn uri(&self) -> String {
        format!("{SCHEME}{}{FILE}", self.name)
    }

    /// The file as these tools carry it.
    fn text(&self, toolbox: &Toolbox) -> String {
        let Self { name, description, rests_on: _, body } = self;
        let body = fill(body, &[], |tool| toolbox.offers(tool));
        format!("---\nname: {name}\ndescription: {}\n---\n\n{body}\n", json!(description))
    }

    fn skill(&self, toolbox: &Toolbox) -> Skill {
        let file = SkillResource::from_bytes(self.uri(), self.text(toolbox).as_bytes());
        let frontmatter = SkillFrontmatter::new(self.name, self.description);
        Skill::new(self.uri(), frontmatter, SkillResources::Files(vec![file]))
    }
}

fn offered(toolbox: &Toolbox) -> impl Iterator<Item = &'static Playbook> {
    PLAYBOOKS.iter().filter(|playbook| toolbox.offers(playbook.rests_on))
}

/// The skills that the offered tools can carry.
pub(crate) fn list(toolbox: &Toolbox) -> Vec<Skill> {
    offered(toolbox).map(|playbook| playbook.skill(toolbox)).collect()
}

/// The skill whose file has this address.
pub(crate) fn get(uri: &str, toolbox: &Toolbox) -> Result<Skill, ErrorData> {
    find(uri, toolbox).map(|playbook| playbook.skill(toolbox))
}

/// Whether an address is one of a skill.
pub(crate) fn is_skill(uri: &str) -> bool {
    uri.starts_with(SCHEME)
}

/// The file at this address.
pub(crate) fn read(uri: &str, toolbox: &Toolbox) -> Result<ReadResourceResult, ErrorData> {
    let text = find(uri, toolbox)?.text(toolbox);
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(MARKDOWN)]))
}

/// What lies in a folder: the skills in the root, the file in the folder of each.
pub(crate) fn folder(uri: &str, toolbox: &Toolbox) -> Result<Vec<Resource>, ErrorData> {
    let path = uri.strip_suffix('/').filter(|path| path.len() > SCHEME.len()).unwrap_or(uri);
    if path == SCHEME {
        let folder = |playbook: &Playbook| {
            Resource::new(playbook.folder(), playbook.name).with_mime_type(DIRECTORY_MIME_TYPE)
        };
        return Ok(offered(toolbox).map(folder).collect());
    }
    let playbook = offered(toolbox).find(|playbook| playbook.folder() == path);
    let playbook = playbook.ok_or_else(|| unknown(uri, toolbox))?;
    let file = Resource::new(playbook.uri(), &FILE[1..])
        .with_mime_type(MARKDOWN)
        .with_size(playbook.text(toolbox).len() as u64);
    Ok(vec![file])
}

fn find(uri: &str, toolbox: &Toolbox) -> Result<&'static Playbook, ErrorData> {
    offered(toolbox).find(|playbook| playbook.uri() == uri).ok_or_else(|| unknown(uri, toolbox))
}

fn unknown(uri: &str, toolbox: &Toolbox) -> ErrorData {
    let known: Vec<_> = offered(toolbox).map(Playbook::uri).collect();
    let near = nearest(uri, known.iter().map(String::as_str));
    let named = if near.is_empty() { known.join(", ") } else { near.join(", ") };
    ErrorData::resource_not_found(
        format!("there is no skill at `{uri}`; skills are at {named}"),
        Some(json!({ "uri": uri })),
    )
}
