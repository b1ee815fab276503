//! The conversation with a server: initialize, list the tools, leave.

use crate::{
    RemoteError, Server, Transport,
    address::{Destination, destination},
};
use rmcp::{
    RoleClient, ServiceExt as _,
    model::PaginatedRequestParams,
    transport::{
        IntoTransport,
        streamable_http_client::{StreamableHttpClientTransport, StreamableHttpClientTransportConfig},
    },
};
use serde_json::Value;
use std::{collections::BTreeSet, env, process::Stdio, time::Duration};
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
};

/// The most bytes that a server's tools may take. The longest list met in the wild has a tenth of it.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most pages that are turned.
const MAX_PAGES: usize = 200;
/// How long a program may take to leave once its input is closed.
const TIME_TO_LEAVE: Duration = Duration::from_secs(2);

pub(crate) async fn tools_list(server: &Server, timeout: Duration) -> Result<Vec<Value>, RemoteError> {
    let conversation = async {
        match &server.transport {
            Transport::Stdio { command, args, env } => over_stdio(&server.name, command, args, env).await,
            Transport::Http { url, bearer_env, allow_private } => {
                over_http(&server.name, url, bearer_env.as_deref(), *allow_private).await
            }
        }
    };
    tokio::time::timeout(timeout, conversation)
        .await
        .map_err(|_| RemoteError::TimedOut { name: server.name.clone(), seconds: timeout.as_secs() })?
}

async fn over_stdio(
    name: &str,
    command: &str,
    args: &[String],
    env: &[String],
) -> Result<Vec<Value>, RemoteError> {
    let mut program = Command::new(command);
    program.args(args).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // Killed when this future is dropped, be it by a timeout or by a caller who cancels.
    program.kill_on_drop(true);
    for variable in ["PATH", "HOME"] {
        if let Some(value) = env::var_os(variable) {
            program.env(variable, value);
        }
    }
    for variable in env {
        program.env(variable, secret(name, variable)?);
    }
    let start = |source| RemoteError::Start { name: name.to_owned(), command: command.to_owned(), source };
    let mut child = program.spawn().map_err(start)?;
    let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else {
        return Err(start(std::io::Error::other("the program has no standard input and output")));
    };
    // The limit leaves room for what surrounds the tools; a longer answer ends the stream.
    let listed = list(name, (output.take(2 * MAX_BYTES as u64), input)).await;
    leave(&mut child).await;
    listed
}

/// Lets a program end by itself, as its input is closed by now, and ends it otherwise.
async fn leave(child: &mut Child) {
    if tokio::time::timeout(TIME_TO_LEAVE, child.wait()).await.is_err() {
        // It may have ended in between, and there is nobody to tell.
        let _ = child.kill().await;
    }
}

async fn over_http(
    name: &str,
    url: &str,
    bearer_env: Option<&str>,
    allow_private: bool,
) -> Result<Vec<Value>, RemoteError> {
    let Destination { url, host, addresses } = destination(name, url, allow_private).await?;
    let mut builder = reqwest::Client::builder()
        .resolve_to_addrs(&host, &addresses)
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0);
    if allow_private {
        builder = builder.no_proxy();
    }
    let client = builder.build().map_err(|error| RemoteError::Conversation {
        name: name.to_owned(),
        attempt: "preparing the connection",
        reason: error.to_string(),
    })?;
    let mut config =
        StreamableHttpClientTransportConfig::with_uri(url.to_string()).max_sse_event_size(MAX_BYTES);
    if let Some(variable) = bearer_env {
        config = config.auth_header(secret(name, variable)?);
    }
    list(name, StreamableHttpClientTransport::with_client(client, config)).await
}

fn secret(name: &str, variable: &str) -> Result<String, RemoteError> {
    env::var(variable)
        .map_err(|_| RemoteError::MissingVariable { name: name.to_owned(), variable: variable.to_owned() })
}

async fn list<T, E, A>(name: &str, transport: T) -> Result<Vec<Value>, RemoteError>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let failed = |attempt: &'static str, reason: &dyn std::fmt::Display| RemoteError::Conversation {
        name: name.to_owned(),
        attempt,
        reason: first_line(&reason.to_string()),
    };
    let service = ().serve(transport).await.map_err(|error| failed("initialize", &error))?;
    let mut tools = Vec::new();
    let mut bytes = 0;
    let mut cursor: Option<String> = None;
    let mut seen = BTreeSet::new();
    for _ in 0..MAX_PAGES {
        let params = PaginatedRequestParams::default().with_cursor(cursor.take());
        let page = service.list_tools(Some(params)).await.map_err(|error| failed("tools/list", &error))?;
        for tool in page.tools {
            let tool = serde_json::to_value(tool).map_err(|error| failed("tools/list", &error))?;
            bytes += tool.to_string().len();
            if bytes > MAX_BYTES {
                return Err(RemoteError::TooLarge { name: name.to_owned(), limit: MAX_BYTES });
            }
            tools.push(tool);
        }
        match page.next_cursor {
            None => {
                // The list is complete; how the server takes its leave does not matter any more.
                let _ = service.cancel().await;
                return Ok(tools);
            }
            Some(next) if !seen.insert(next.clone()) => {
                return Err(failed("tools/list", &"it names the same page twice"));
            }
            Some(next) => cursor = Some(next),
        }
    }
    Err(failed("tools/list", &format!("it has more than {MAX_PAGES} pages")))
}

/// The first line of a message and no more than 300 characters of it, since it may repeat what a server sent.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().take(300).collect()
}

#[cfg(test)]
mod tests;
