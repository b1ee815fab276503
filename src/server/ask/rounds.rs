//! Asking without a connection: the call ends with the question and is made again with the answer.
//!
//! # Design
//!
//! A client sends back the answers to the last round of questions only; those of earlier rounds travel in the
//! `requestState` that it was given with the questions. They decide what the call does, so the state is sealed:
//! for the caller, for the tool, for its arguments and for a while. Nothing is kept here in between. The key lives as long as
//! the process, so calls that are half-way through their questions have to start over when it is restarted.
//!
//! A call that has become a task does not end with its questions: it goes on, waits where it asks, and its answers
//! come one by one.

use super::{form, misfit, shows_forms};
use crate::{caller::Caller, incident};
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
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

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
    state: Mutex<State>,
    /// Told whenever answers come to a call that goes on.
    news: Notify,
}

#[derive(Default)]
struct State {
    answers: InputResponses,
    used: InputResponses,
    awaited: BTreeMap<String, (Question, InputRequest)>,
    /// Whether the call waits for its answers, instead of ending with its questions.
    goes_on: bool,
}

impl Rounds {
    /// The round that a call is in, refused where its state was not given out for it.
    pub(crate) fn of(
        params: &mut CallToolRequestParams,
        version: ProtocolVersion,
        seal: Seal,
        caller: &Caller,
    ) -> Result<Arc<Self>, ErrorData> {
        let mut arguments = Value::Object(params.arguments.clone().unwrap_or_default());
        arguments.sort_all_objects();
        let call = json!(["tools/call", &*caller.name, caller.tenant.as_deref(), params.name, arguments]);
        let call = call.to_string().into_bytes();
        let mut answers = params.input_responses.take().unwrap_or_default();
        if let Some(state) = params.request_state.take() {
            let earlier: InputResponses =
                seal.0.open_json_with(&state, &call).map_err(|error| not_ours(&error))?;
            answers.extend(earlier);
        }
        let state = Mutex::new(State { answers, ..State::default() });
        Ok(Arc::new(Self { seal, call, version, state, news: Notify::new() }))
    }

    /// Whom the call can ask.
    pub(crate) fn asker(self: &Arc<Self>, capabilities: Option<&ClientCapabilities>) -> Asker {
        if capabilities.is_some_and(shows_forms) {
            Asker::new(Arc::clone(self) as _)
        } else {
            Asker::default()
        }
    }

    /// What ends this round: the questions that the next one has to answer.
    pub(crate) fn questions(&self) -> Result<InputRequiredResult, ErrorData> {
        let options = SealOptions::new().associated_data(&self.call).ttl(STATE_LASTS);
        let state = self.seal.0.seal_json_with(&self.locked().used, &options);
        let state = state.map_err(|error| incident::report("sealing a request state", error))?;
        Ok(InputRequiredResult::new(Some(self.awaited()), Some(state)))
    }

    /// The questions that are not answered yet.
    pub(crate) fn awaited(&self) -> InputRequests {
        let state = self.locked();
        state.awaited.iter().map(|(id, (_, request))| (id.clone(), request.clone())).collect()
    }

    /// From now on the call waits where it asks. Not possible for one that has asked already: it is about to end.
    pub(crate) fn go_on(&self) -> bool {
        let mut state = self.locked();
        state.goes_on |= state.awaited.is_empty();
        state.goes_on
    }

    /// From now on the call ends where it asks, and where it waits for an answer.
    pub(crate) fn go_on_no_more(&self) {
        self.locked().goes_on = false;
        self.news.notify_waiters();
    }

    /// Takes answers to questions of a call that goes on. Those to other questions are left aside; one that does not
    /// fit leaves its question open, and the others too.
    pub(crate) fn answer(&self, answers: InputResponses) -> Result<(), ToolError> {
        let mut state = self.locked();
        let known = answers.into_iter().filter(|(id, _)| state.awaited.contains_key(id)).collect::<Vec<_>>();
        for (id, answer) in &known {
            form::untyped_reply(&state.awaited[id].0, answer).map_err(|error| misfit(&error))?;
        }
        for (id, answer) in known {
            state.awaited.remove(&id);
            state.answers.insert(id, answer);
        }
        drop(state);
        self.news.notify_waiters();
        Ok(())
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reply to a question, where its answer is there.
    fn reply(&self, question: &Question) -> Option<Result<Reply, ToolError>> {
        let mut state = self.locked();
        if let Some(answer) = state.answers.get(&question.id) {
            let reply = form::untyped_reply(question, answer).map_err(|error| misfit(&error));
            if let Ok(reply) = &reply {
                state.used.insert(question.id.clone(), form::result(reply));
            }
            return Some(reply);
        }
        let request = InputRequest::Elicitation(form::request(question, &self.version));
        state.awaited.insert(question.id.clone(), (question.clone(), request));
        let ends = || Err(ToolError::new(ErrorKind::Suspended, "the call waits for an answer"));
        (!state.goes_on).then(ends)
    }
}

impl Ask for Rounds {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
        Box::pin(async move {
            loop {
                // From before the look, so that no answer comes between the two unheard.
                let news = self.news.notified();
                if let Some(reply) = self.reply(question) {
                    return reply;
                }
                news.await;
            }
        })
    }
}

/// The reason stays in the log: whoever forges a state need not learn how near they came.
fn not_ours(error: &rmcp::model::RequestStateError) -> ErrorData {
    tracing::warn!(%error, "a request state was refused");
    let minutes = STATE_LASTS.as_secs() / 60;
    ErrorData::invalid_params(
        format!(
            "`requestState` was not given out by this server to this caller for this tool with these arguments in the \
             last {minutes} minutes\nhint: make the call again without `requestState` and `inputResponses`"
        ),
        None,
    )
}
#[cfg(test)]
mod tests {
    use super::{Ask as _, Caller, Rounds, Seal};
    use crate::access::{Choice, Rights};
    use revarch_tools::ask::{Field, Kind, Question};
    use rmcp::model::{CallToolRequestParams, InputResponses, ProtocolVersion};
    use serde_json::json;

    fn caller(name: &str, tenant: Option<&str>) -> Caller {
        let (name, tenant) = (name.into(), tenant.map(Into::into));
        Caller { name, tenant, rights: Rights::All, asked: Choice::default() }
    }

    /// The state after the first answer of a call.
    async fn state(seal: &Seal, caller: &Caller) -> String {
        let kind = Kind::Text { default: None };
        let field = Field { name: "what".to_owned(), title: "What".to_owned(), description: None, kind };
        let question = Question { id: "what".to_owned(), message: "What?".to_owned(), fields: vec![field] };
        let answer = json!({"action": "accept", "content": {"what": "pears"}});
        let mut params = CallToolRequestParams::new("sell")
            .with_input_responses(InputResponses::from([("what".to_owned(), answer)]));
        let rounds = Rounds::of(&mut params, ProtocolVersion::V_2026_07_28, seal.clone(), caller).unwrap();
        rounds.ask(&question).await.unwrap();
        rounds.questions().unwrap().request_state.unwrap()
    }

    #[tokio::test]
    async fn a_state_counts_for_the_caller_alone_who_was_given_it() {
        let seal = Seal::new();
        let ann = caller("sub:ann", Some("acme"));
        let state = state(&seal, &ann).await;
        let opens = |caller: &Caller, state: &str| {
            let mut params = CallToolRequestParams::new("sell").with_request_state(state);
            Rounds::of(&mut params, ProtocolVersion::V_2026_07_28, seal.clone(), caller).is_ok()
        };
        assert!(opens(&ann, &state));
        let fewer_rights = Caller { rights: Rights::Scopes([].into()), ..ann.clone() };
        assert!(opens(&fewer_rights, &state), "what a caller may use is asked elsewhere, and anew");
        for other in [
            caller("sub:bob", Some("acme")),
            caller("sub:ann", None),
            caller("sub:ann", Some("other")),
            caller("token:ann", Some("acme")),
            Caller::local(),
        ] {
            assert!(!opens(&other, &state), "{other:?}");
        }
        assert!(!opens(&ann, &state.replacen("rs1.", "rs1.A", 1)));
    }
}
