//! Asking over a connection with a handshake: the server sends the question and the call waits.

use super::{form, misfit, shows_forms};
use futures::future::BoxFuture;
use revarch_tools::{
    ErrorKind, ToolError,
    ask::{Ask, Asker, Misfit, Question, Reply},
};
use rmcp::{
    Peer, RoleServer,
    model::{ClientResult, ProtocolVersion, ServerRequest},
    service::{PeerRequestOptions, RequestContext, RequestHandle, ServiceError},
};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How long a call waits for a person. Whoever has not looked by then may have gone home.
const PATIENCE: Duration = Duration::from_mins(5);

/// Whom a call can ask that came over a connection with a handshake.
pub(crate) fn conversation(request: &RequestContext<RoleServer>) -> Asker {
    // What the handshake says counts: a client that shook no hands has no place to send its answer to.
    let Some(client) = request.peer.peer_info() else { return Asker::default() };
    let version = client.protocol_version.clone();
    if version < ProtocolVersion::V_2025_06_18 || !shows_forms(&client.capabilities) {
        return Asker::default();
    }
    let call_ends = request.ct.clone();
    Asker::new(Arc::new(Conversation { peer: request.peer.clone(), version, call_ends }))
}

struct Conversation {
    peer: Peer<RoleServer>,
    version: ProtocolVersion,
    call_ends: CancellationToken,
}

impl Ask for Conversation {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
        Box::pin(async move {
            let request = ServerRequest::ElicitRequest(form::request(question, &self.version));
            // Sent from within the call, so that over HTTP it travels on the call's own stream.
            let sent = self.peer.send_cancellable_request(request, PeerRequestOptions::no_options()).await;
            let handle = match sent {
                Ok(handle) => handle,
                Err(error) => return Ok(not_shown(&error)),
            };
            // Waited for in a task of its own: a cancelled call is dropped where it stands, and the form that
            // the person sees has to be taken back all the same.
            match tokio::spawn(wait(handle, self.call_ends.clone())).await {
                Ok(Waited::Said(Ok(ClientResult::ElicitResult(result)))) => {
                    form::reply(question, &result).map_err(|error| misfit(&error))
                }
                Ok(Waited::Said(Ok(_))) => Err(misfit(&Misfit::new("it is no result of elicitation/create"))),
                Ok(Waited::Said(Err(error))) => Ok(not_shown(&error)),
                Ok(Waited::Silence) => Ok(Reply::Declined),
                Ok(Waited::CallEnded) | Err(_) => Err(ToolError::new(
                    ErrorKind::Cancelled,
                    "the call ended before its question was answered",
                )),
            }
        })
    }
}

/// A client that cannot show the question after all; the call goes on as where nobody can be asked.
fn not_shown(error: &ServiceError) -> Reply {
    tracing::warn!(%error, "the client did not show a question");
    Reply::Unavailable
}

enum Waited {
    Said(Result<ClientResult, ServiceError>),
    Silence,
    CallEnded,
}

async fn wait(mut handle: RequestHandle<RoleServer>, call_ends: CancellationToken) -> Waited {
    let (waited, reason) = tokio::select! {
        said = &mut handle.rx => return Waited::Said(said.unwrap_or(Err(ServiceError::TransportClosed))),
        () = call_ends.cancelled() => (Waited::CallEnded, "the call that asked has ended"),
        () = tokio::time::sleep(PATIENCE) => (Waited::Silence, "nobody answered in time"),
    };
    if let Err(error) = handle.cancel(Some(reason.to_owned())).await {
        tracing::debug!(%error, "cannot take a question back");
    }
    waited
}
