//! Servers that stand in the configuration files of MCP clients. They are listed, and what their entries give
//! away is told; none is started or contacted unless the operator allowed it by name.

use crate::{Context, wire::one_line};
use revarch_domain::coverage::{
    grade::{Configured, Launch, RULES, RuleFinding, Served, Session, grade},
    inspection::inspect,
    resolve::Resolution,
    tools_list::ToolsList,
};
use revarch_remote::clients::{ClientFile, FoundServer, Reach, ReadClientFile, UnreadEntry};
use schemars::JsonSchema;
use serde::Serialize;

/// A server found in a client's file.
#[derive(Debug)]
pub(super) struct Found {
    file: String,
    client: String,
    entry: FoundServer,
    is_allowed: bool,
    platform: Option<String>,
}

/// Servers found, and what could not be read.
#[derive(Debug, Default)]
pub(super) struct ClientFiles {
    pub(super) found: Vec<Found>,
    pub(super) problems: Vec<String>,
}

/// A server found in a client's configuration file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FoundOut {
    /// Its name in the file.
    pub server: String,
    /// The file.
    pub file: String,
    /// The clients that write such files.
    pub client: String,
    /// How it is started or where it is; what may be secret is hidden.
    pub starts: String,
    /// The platform of the catalog whose name it bears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Whether the operator allowed revarch to ask it; name it under `inspect` then.
    pub allowed: bool,
    /// True where the file switches it off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// Reads the files that the operator named.
pub(super) fn read(context: &Context) -> ClientFiles {
    let mut files = ClientFiles::default();
    for ReadClientFile { path, content } in context.client_files.read() {
        let file = path.display().to_string();
        let ClientFile { client, servers, unread } = match content {
            Ok(read) => read,
            Err(problem) => {
                files.problems.push(problem);
                continue;
            }
        };
        for UnreadEntry { at, problem } in unread {
            files.problems.push(format!("{file}: {at}: {problem}"));
        }
        files.found.extend(servers.into_iter().map(|entry| Found {
            file: file.clone(),
            client: client.to_string(),
            is_allowed: context.client_files.allow.contains(&entry.name),
            platform: match context.platforms.resolve(&entry.name) {
                Resolution::Known { platform, .. } => Some(platform.name.clone()),
                Resolution::Unsure { .. } | Resolution::Unknown => None,
            },
            entry,
        }));
    }
    files
}

impl Found {
    /// Whether this is the server that the operator allowed under that name.
    pub(super) fn is_server(&self, name: &str) -> bool {
        self.entry.name == name
    }

    /// Its entry as the rules about configurations see it. What may be secret was hidden when it was read, and
    /// is told from the entry itself.
    pub(super) fn configured(&self) -> Configured {
        let launch = match &self.entry.reach {
            Reach::Command { command, args } => Launch::Program {
                command: command.clone(),
                args: args.iter().map(|arg| arg.replace(HIDDEN, "${HIDDEN}")).collect(),
            },
            Reach::Http { url } | Reach::OldEvents { url } => Launch::Address { url: url.clone() },
        };
        Configured { launch, credentials: Vec::new() }
    }

    /// Secrets that stand in its entry.
    pub(super) fn secrets(&self) -> Vec<RuleFinding> {
        let told = |secret: &revarch_remote::clients::ClearSecret| {
            let in_address =
                secret.at.contains('?') || secret.at == "url" || secret.reason.contains("address");
            let id = if in_address { "security.secret_in_url" } else { "security.secret_in_config" };
            let rule = RULES.iter().find(|rule| rule.id == id)?;
            let evidence = format!("`{}` in {}: {}", secret.at, self.file, secret.reason);
            Some(RuleFinding { rule: *rule, server: self.entry.name.clone(), tool: None, evidence })
        };
        self.entry.clear_secrets.iter().filter_map(told).collect()
    }

    /// What its entry shows, for a server that is not asked.
    pub(super) fn unasked(&self) -> Vec<RuleFinding> {
        let list = ToolsList { tools: Vec::new(), has_more_pages: true };
        let (inspection, session, config) = (inspect(&list, None), Session::default(), self.configured());
        let served = Served {
            server: &self.entry.name,
            list: &list,
            inspection: &inspection,
            session: &session,
            config: Some(&config),
        };
        grade(&[served], &|_| 0).findings
    }

    pub(super) fn out(&self) -> FoundOut {
        let Self { file, client, entry, is_allowed, platform } = self;
        let starts = match &entry.reach {
            Reach::Command { command, args } => format!("{command} {}", args.join(" ")),
            Reach::Http { url } => url.clone(),
            Reach::OldEvents { url } => {
                format!("{url} (the transport of 2024, which revarch does not speak)")
            }
        };
        FoundOut {
            server: one_line(&entry.name, 80),
            file: file.clone(),
            client: client.clone(),
            starts: one_line(starts.trim(), 160),
            platform: platform.clone(),
            allowed: *is_allowed,
            disabled: entry.is_disabled,
        }
    }
}

/// What stands where a secret stood.
const HIDDEN: &str = "[hidden]";
