//! A request between its coming and its answer, for the audit log.

use super::{
    Log,
    error::LogError,
    record::{Call, Entry, Outcome, clipped},
};
use crate::caller::Caller;
use axum::http::request::Parts;
use revarch_domain::fingerprint::sha256_hex;
use revarch_tools::{ErrorKind, ToolError};
use rmcp::{ErrorData, RoleServer, service::RequestContext};
use serde::Serialize;
use serde_json::Value;
use std::{
    io,
    sync::{Arc, OnceLock},
    time::Instant,
};

/// What a tool failed for, told by the server within: its answer holds the words only.
#[derive(Clone, Debug, Default)]
pub(super) struct Kind(Arc<OnceLock<ErrorKind>>);

impl Kind {
    /// How a call ended whose tool failed.
    pub(super) fn outcome(&self) -> Outcome {
        let kind = match self.0.get() {
            Some(ErrorKind::Cancelled) => return Outcome::Cancelled,
            Some(ErrorKind::Input) => "input",
            Some(ErrorKind::Data) => "data",
            Some(ErrorKind::Refused) => "refused",
            Some(ErrorKind::Suspended | ErrorKind::Misfit | ErrorKind::Internal) | None => "other",
        };
        Outcome::Failed { kind }
    }
}

/// Tells the log why a tool failed.
pub(crate) fn tell(request: &RequestContext<RoleServer>, error: &ToolError) {
    if let Some(kind) = request.extensions.get::<Kind>() {
        let _ = kind.0.set(error.kind);
    }
}

/// What was asked for.
pub(super) struct Told<'a> {
    pub(super) method: &'a str,
    pub(super) name: &'a str,
    pub(super) arguments: Value,
}

/// A request that is not answered yet. One that is dropped is told as cancelled, because its caller has left.
pub(super) struct UnderWay {
    log: Log,
    call: Option<Call>,
    kind: Kind,
    begun: Instant,
}

impl UnderWay {
    /// Begins, unless nothing could be told of it.
    pub(super) async fn begin(
        log: &Log,
        told: Told<'_>,
        request: &mut RequestContext<RoleServer>,
    ) -> Result<Self, ErrorData> {
        log.ready().await.map_err(|error| untold(&error))?;
        let Told { method, name, mut arguments } = told;
        arguments.sort_all_objects();
        let caller = Caller::of(request);
        let call = Call {
            caller: clipped(&caller.name),
            tenant: caller.tenant.as_deref().map(clipped),
            transport: if request.extensions.get::<Parts>().is_some() { "http" } else { "stdio" },
            method: method.to_owned(),
            name: clipped(name),
            arguments_sha256: sha256_hex(arguments.to_string().as_bytes()),
            request_id: clipped(&request.id.to_string()),
            outcome: Outcome::Cancelled,
            duration_us: 0,
            result_bytes: None,
        };
        let kind = Kind::default();
        request.extensions.insert(kind.clone());
        Ok(Self { log: log.clone(), call: Some(call), kind, begun: Instant::now() })
    }

    /// Tells how it ended. Where that cannot be told, the answer must not leave.
    pub(super) async fn end(mut self, outcome: Outcome, bytes: Option<u64>) -> Result<(), ErrorData> {
        let Some(mut call) = self.call.take() else { return Ok(()) };
        call.outcome = outcome;
        call.duration_us = self.passed();
        call.result_bytes = bytes;
        self.log.record(Entry::Call(call)).await.map_err(|error| untold(&error))
    }

    /// What the tool failed for, as far as it was told.
    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    fn passed(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(mut call) = self.call.take() {
            call.duration_us = self.passed();
            self.log.record_late(Entry::Call(call));
        }
    }
}

/// The reason stays in the server's own log: it names files of the operator's.
fn untold(error: &LogError) -> ErrorData {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(%error, cause, hint = error.hint(), "a call is refused, because it cannot be told to the audit log");
    ErrorData::internal_error(
        "the audit log of this server cannot be written, and without it no call is answered\nhint: tell the operator; the \
         server's own log has the reason",
        None,
    )
}

/// The bytes of a value as JSON.
pub(super) fn size(value: &impl Serialize) -> Option<u64> {
    struct Count(u64);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).ok().map(|()| count.0)
}
