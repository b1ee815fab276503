//! Long calls: answered like any other where they are soon done, as tasks where they are not.

use super::{Request, Result, Server, is_modern};
use crate::{
    ask::Rounds,
    caller::Caller,
    incident::{self, guard},
    progress::{Notifier, followed},
    tasks::{Answered, Call},
    telemetry::RequestId,
};
use revarch_tools::{Route, ask::Asker};
use rmcp::model::{JsonObject, Task};
use std::{future::pending, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// What became of a long call.
pub(super) enum Long {
    Answered(std::result::Result<revarch_tools::Answer, revarch_tools::ToolError>),
    Task(Task),
}

/// Whether a call can become a task. Where there is a handshake the connection waits as well.
pub(super) fn can_be_task(route: &Route, request: &Request) -> bool {
    route.is_long()
        && is_modern(request)
        && request.client_capabilities().is_some_and(|client| client.supports_tasks())
}

impl Server {
    /// Makes a long call.
    pub(super) async fn call_long(
        &self,
        route: &Route,
        arguments: JsonObject,
        ask: Asker,
        rounds: Arc<Rounds>,
        request: &Request,
    ) -> Result<Long> {
        let cancel = CancellationToken::new();
        // Whoever leaves before there is a task wants nothing more of the call.
        let unwanted = cancel.clone().drop_guard();
        // Work that nobody waits for any more is told so, however the call ends.
        let end = cancel.child_token();
        let (run, progress) = followed(end.clone());
        let patience = self.tasks.patience();
        if patience.is_zero() {
            rounds.go_on();
        }
        let (server, long_route, mut own) = (self.clone(), route.clone(), request.clone());
        own.ct = cancel.clone();
        let answer = tokio::spawn(async move {
            let attempt = format!("calling `{}`", long_route.name());
            let _ends = end.drop_guard();
            let line = Caller::line(&own);
            let work = |_, ask| server.call(&long_route, arguments, ask, run, &own);
            let call = Box::pin(server.gate.call(&long_route, &line, ask, &own.ct, work));
            guard(&RequestId::of(&own), attempt, async { Ok(call.await) }).await
        });
        let mut call = Call { tool: route.name().to_owned(), answer, rounds, progress, cancel };
        if let Some(answered) = follow(&mut call, request, Some(patience)).await {
            return Ok(Long::Answered(answered?));
        }
        let caller = Caller::of(request);
        match self.tasks.begin(call, &caller.name, self.workplace(request)?.store()).await {
            Ok(task) => {
                unwanted.disarm();
                Ok(Long::Task(task))
            }
            Err(mut call) => match follow(&mut call, request, None).await {
                Some(answered) => Ok(Long::Answered(answered?)),
                None => Err(incident::report("waiting for a call", "it never ends")),
            },
        }
    }
}

/// Waits for a call as long as there is patience, and tells its client meanwhile how far it is.
async fn follow(call: &mut Call, request: &Request, patience: Option<Duration>) -> Option<Answered> {
    let notifier = request
        .meta
        .get_progress_token()
        .map(|token| Notifier::new(request.peer.clone(), token, call.progress.clone()));
    let notify = async {
        if let Some(notifier) = notifier {
            notifier.until(CancellationToken::new()).await;
        }
        pending::<()>().await;
    };
    let out_of_patience = async {
        match patience {
            Some(patience) => tokio::time::sleep(patience).await,
            None => pending().await,
        }
    };
    let answer = tokio::select! {
        answer = &mut call.answer => answer,
        () = request.ct.cancelled() => {
            call.cancel.cancel();
            (&mut call.answer).await
        }
        () = out_of_patience => return None,
        () = notify => return None,
    };
    Some(answer.unwrap_or_else(|error| Err(incident::report(format_args!("calling `{}`", call.tool), error))))
}
