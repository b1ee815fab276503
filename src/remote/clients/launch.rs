//! A found server, turned into one that may be contacted.

use super::{
    FoundServer, Reach,
    entry::{placeholders, variable},
};
use crate::{HttpServer, RemoteError, Secret, Server, Transport, secret::from_environment};
use std::{collections::BTreeMap, env};

pub(super) fn launch(found: &FoundServer) -> Result<Server, RemoteError> {
    let FoundServer { name, reach, values, .. } = found;
    let fill = |text: &Secret| fill(name, text.expose());
    let fill_all = |pairs: &BTreeMap<String, Secret>| {
        let filled = pairs.iter().map(|(key, value)| Ok((key.clone(), Secret::new(fill(value)?))));
        filled.collect::<Result<BTreeMap<_, _>, RemoteError>>()
    };
    let transport = match reach {
        Reach::Command { .. } => Transport::Stdio {
            command: fill(&Secret::new(&*values.command))?,
            args: values.args.iter().map(fill).collect::<Result<_, _>>()?,
            env: Vec::new(),
            given: fill_all(&values.env)?,
        },
        Reach::Http { .. } => Transport::Http(HttpServer {
            url: fill(&values.url)?,
            given: fill_all(&values.headers)?,
            ..HttpServer::default()
        }),
        Reach::OldEvents { .. } => {
            return Err(wrong(name, "it speaks the transport of 2024, which revarch does not".to_owned()));
        }
    };
    Ok(Server { name: name.clone(), platform: None, transport, allow_tools: Vec::new(), scopes: Vec::new() })
}

fn wrong(name: &str, reason: String) -> RemoteError {
    RemoteError::Config { name: name.to_owned(), reason }
}

/// Puts values in the place of placeholders.
fn fill(name: &str, text: &str) -> Result<String, RemoteError> {
    let mut filled = text.to_owned();
    for placeholder in placeholders(text) {
        let value = match (placeholder, variable(placeholder)) {
            ("userHome", _) => from_environment(name, "HOME")?.expose().to_owned(),
            (_, Some(variable)) => match (env::var(variable), placeholder.split_once(":-")) {
                (Ok(value), _) => value,
                (Err(_), Some((_, default))) => default.to_owned(),
                (Err(_), None) => {
                    let (name, variable) = (name.to_owned(), variable.to_owned());
                    return Err(RemoteError::MissingVariable { name, variable });
                }
            },
            _ => {
                return Err(wrong(name, format!("only its client can fill in `${{{placeholder}}}`")));
            }
        };
        filled = filled.replace(&format!("${{{placeholder}}}"), &value);
    }
    Ok(filled)
}
