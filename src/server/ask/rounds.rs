//! Asking without a connection: the call ends with the question and is made again with the answer.
//!
//! # Design
//!
//! A client sends back the answers to the last round of questions only; those of earlier rounds travel in the
//! `requestState` that it was given with the questions. They decide what the call does, so the state is sealed:
//! for the tool, for its arguments and for a while. Nothing is kept here in between. The key lives as long as
//! the process, so calls that are half-way through their questions have to start over when it is restarted.

use super::{form, misfit, shows_forms};
use crate::incident;
use futures::future::BoxFuture;
use revarch_tools::{
    ErrorKind, ToolError,
    ask::{Ask, Asker, Question, Reply},
};
use rmcp::{
    ErrorData,
    model::{
        CallToolRequestParams, ClientCapabilities, InputRequest, InputRequests, InputRequiredResult,
        InputResponses, ProtocolVersion, RequestStateCodec, SealOptions,
    },
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a person may take over the questions of one round.
const STATE_LASTS: Duration = Duration::from_mins(30);

/// Seals what clients keep for this server.
#[derive(Clone)]
pub(crate) struct Seal(RequestStateCodec);

impl Seal {
    /// A seal that no other process has.
    pub(crate) fn new() -> Self {
        let key: [u8; RequestStateCodec::MIN_KEY_LENGTH] = rand::random();
        Self(RequestStateCodec::new_unchecked(key))
    }
}

/// One of the rounds in which a call is made.
pub(crate) struct Rounds {
    seal: Seal,
    call: Vec<u8>,
    version: ProtocolVersion,
    answers: InputResponses,
    used: Mutex<InputResponses>,
    awaited: Mutex<InputRequests>,
}

impl Rounds {
    /// The round that a call is in, refused where its state was not given out for it.
    pub(crate) fn of(
        params: &mut CallToolRequestParams,
        version: ProtocolVersion,
        seal: Seal,
    ) -> Result<Arc<Self>, ErrorData> {
        let mut arguments = Value::Object(params.arguments.clone().unwrap_or_default());
        arguments.sort_all_objects();
        let call = json!(["tools/call", params.name, arguments]).to_string().into_bytes();
        let mut answers = params.input_responses.take().unwrap_or_default();
        if let Some(state) = params.request_state.take() {
            let earlier: InputResponses =
                seal.0.open_json_with(&state, &call).map_err(|error| not_ours(&error))?;
            answers.extend(earlier);
        }
        let (used, awaited) = (Mutex::default(), Mutex::default());
        Ok(Arc::new(Self { seal, call, version, answers, used, awaited }))
    }

    /// Whom the call can ask.
    pub(crate) fn asker(self: &Arc<Self>, capabilities: Option<&ClientCapabilities>) -> Asker {
        if capabilities.is_some_and(shows_forms) {
            Asker::new(Arc::clone(self) as _)
        } else {
            Asker::default()
        }
    }

    /// The questions that the next round has to answer.
    pub(crate) fn questions(&self) -> Result<InputRequiredResult, ErrorData> {
        let used = locked(&self.used);
        let options = SealOptions::new().associated_data(&self.call).ttl(STATE_LASTS);
        let state = (!used.is_empty()).then(|| self.seal.0.seal_json_with(&*used, &options)).transpose();
        let state = state.map_err(|error| incident::report("sealing a request state", error))?;
        Ok(InputRequiredResult::new(Some(locked(&self.awaited).clone()), state))
    }
}

impl Ask for Rounds {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
        Box::pin(async move {
            let id = question.id.clone();
            let Some(answer) = self.answers.get(&id) else {
                let request = InputRequest::Elicitation(form::request(question, &self.version));
                locked(&self.awaited).insert(id, request);
                return Err(ToolError::new(ErrorKind::Suspended, "the call waits for an answer"));
            };
            let reply = form::untyped_reply(question, answer).map_err(|error| misfit(&error))?;
            locked(&self.used).insert(id, form::result(&reply));
            Ok(reply)
        })
    }
}

/// The reason stays in the log: whoever forges a state need not learn how near they came.
fn not_ours(error: &rmcp::model::RequestStateError) -> ErrorData {
    tracing::warn!(%error, "a request state was refused");
    let minutes = STATE_LASTS.as_secs() / 60;
    ErrorData::invalid_params(
        format!(
            "`requestState` was not given out by this server for this tool with these arguments in the last {minutes} \
             minutes\nhint: make the call again without `requestState` and `inputResponses`"
        ),
        None,
    )
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
