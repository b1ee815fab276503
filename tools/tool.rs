//! What every tool is: the `Tool` trait, what it may use (`Context`), how it fails (`ToolError`), and the
//! `Route` through which a server or a shell calls it without knowing its types.

use crate::{Platforms, ask::Asker, schema};
use futures::future::BoxFuture;
use revarch_data::{DataError, Run, Tables};
use revarch_domain::{
    leads::{points::PointsLens, validate::lens::Lens as ScoreLens},
    maturity,
    readiness::Lens,
    workflow::Workflow,
};
use revarch_remote::{Servers, clients::ClientFilesConfig};
use revarch_store::{Store, StoreError};
use rmcp::model::{JsonObject, Tool as McpTool, ToolAnnotations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{future::Future, path::Path, sync::Arc};

/// A group of tools that is offered or withheld together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Toolset {
    /// What data there is.
    Data,
    /// How ready it and the organisation are.
    Assess,
    /// Lead scores.
    Leads,
    /// Where revenue comes from, and what threatens it.
    Revenue,
    /// What to do, in which order, at what cost.
    Plan,
    /// What the frameworks and benchmarks say. Offered on request only.
    Knowledge,
}

impl Toolset {
    /// Every toolset.
    pub const ALL: [Self; 6] =
        [Self::Data, Self::Assess, Self::Leads, Self::Revenue, Self::Plan, Self::Knowledge];

    /// Those that are offered unless others are chosen.
    pub const DEFAULT: [Self; 5] = [Self::Data, Self::Assess, Self::Leads, Self::Revenue, Self::Plan];

    /// The toolset's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Assess => "assess",
            Self::Leads => "leads",
            Self::Revenue => "revenue",
            Self::Plan => "plan",
            Self::Knowledge => "knowledge",
        }
    }
}

/// A question that revarch answers.
pub trait Tool: 'static {
    /// The name clients call, in `verb_object` form.
    const NAME: &'static str;
    /// The name people read.
    const TITLE: &'static str;
    /// When to use the tool, when not, what to call first, and an example: the tool's `description.md`.
    const DESCRIPTION: &'static str;
    /// The group it is offered with.
    const TOOLSET: Toolset;
    /// Whether a call leaves everything as it was. A tool that keeps its result in revarch's store does not.
    const READ_ONLY: bool = true;
    /// Whether a call may reach systems outside the machine.
    const OPEN_WORLD: bool = false;
    /// Whether a call may take so long that a client should be able to come back for its answer.
    const LONG: bool = false;
    /// The arguments. Doc comments on its fields are what the calling model reads.
    type Input: DeserializeOwned + JsonSchema + Send;
    /// The structured result.
    type Output: Serialize + JsonSchema + Send;

    /// Answers the question.
    fn call(
        input: Self::Input,
        context: &Context,
    ) -> impl Future<Output = Result<Answer<Self::Output>, ToolError>> + Send;
}

/// What a call may use. There is no other way to a file, a server, a clock or a random number.
#[derive(Clone)]
pub struct Context {
    /// The tables the operator named.
    pub tables: Arc<Tables>,
    /// The MCP servers the operator allowed to be inspected.
    pub servers: Arc<Servers>,
    /// The configuration files of MCP clients whose servers the operator wants to be listed.
    pub client_files: Arc<ClientFilesConfig>,
    /// The platforms that are known, and what is known of them.
    pub platforms: Arc<Platforms>,
    /// The agentic workflows: those that ship, and the operator's own.
    pub workflows: Arc<[Workflow]>,
    /// What revarch remembers.
    pub store: Arc<Store>,
    /// What data readiness is held against.
    pub readiness: Arc<Lens>,
    /// What a lead score is held against.
    pub lead_score: Arc<ScoreLens>,
    /// The points of leads without outcomes.
    pub points: Arc<PointsLens>,
    /// The maturity lenses of the operator's own, beside those that ship.
    pub lenses: Arc<[maturity::Lens]>,
    /// The folder that scores may be written to, where the operator named one.
    pub output: Option<Arc<Path>>,
    /// The time of the call.
    pub now: jiff::Timestamp,
    /// The seed of everything random.
    pub seed: u64,
    /// Progress and cancellation of this call.
    pub run: Run,
    /// The person at the other end, where there is one who can be asked.
    pub ask: Asker,
}

/// A structured result and the short text that tells a person the same.
#[derive(Clone, Debug)]
pub struct Answer<T = Value> {
    /// The result proper.
    pub structured: T,
    /// Markdown of a few lines.
    pub text: String,
}

impl<T: Serialize> Answer<T> {
    /// The result with itself as its text, for callers that read no structured results.
    pub(crate) fn as_json(structured: T) -> Result<Self, ToolError> {
        let text = serde_json::to_string(&structured).map_err(|error| {
            ToolError::new(ErrorKind::Internal, format!("cannot write a result as JSON: {error}"))
        })?;
        Ok(Self { structured, text })
    }
}

/// Why a call failed. The message names the thing and the reason, each hint a next step.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ToolError {
    /// Whose fault it is, which decides how it is reported.
    pub kind: ErrorKind,
    /// The thing and the reason: lower case, no full stop.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The arguments cannot be used as they are.
    Input,
    /// The data cannot be read as it is.
    Data,
    /// The operator has not allowed it.
    Refused,
    /// The caller cancelled it.
    Cancelled,
    /// A question was asked, and the call has to be made again with its answer.
    Suspended,
    /// What the client sent in answer to a question is no answer to it.
    Misfit,
    /// A fault of revarch's own.
    Internal,
}

impl ToolError {
    /// An error in the arguments.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// An error of the given kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new() }
    }

    /// The same error with one more next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The message and its hints as the lines a caller reads.
    pub fn text(&self) -> String {
        let mut text = clipped(&self.message);
        for hint in &self.hints {
            text.push_str("\nhint: ");
            text.push_str(&clipped(hint));
        }
        text
    }
}

/// A line as long as a reader can use: what a caller sent comes back in it, however long it was.
fn clipped(line: &str) -> String {
    const LONGEST: usize = 2_000;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ... (cut)", &line[..end]),
        None => line.to_owned(),
    }
}

impl From<DataError> for ToolError {
    fn from(error: DataError) -> Self {
        let kind = match &error {
            DataError::NoData
            | DataError::NoTables { .. }
            | DataError::UnknownTable { .. }
            | DataError::UnknownColumn { .. }
            | DataError::Inline { .. }
            | DataError::History { .. }
            | DataError::Journeys { .. }
            | DataError::Mapping { .. } => ErrorKind::Input,
            DataError::Folder { .. } | DataError::Unreadable { .. } | DataError::Memory { .. } => {
                ErrorKind::Data
            }
            DataError::Cancelled => ErrorKind::Cancelled,
            DataError::Engine(cause) => {
                tracing::error!(%cause, "the query engine failed");
                ErrorKind::Internal
            }
        };
        Self::new(kind, error.to_string()).hint(error.hint())
    }
}

impl From<StoreError> for ToolError {
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        tracing::error!(%error, %cause, "the store failed");
        let kind = if error.is_ours() { ErrorKind::Internal } else { ErrorKind::Data };
        Self::new(kind, error.to_string()).hint(error.hint())
    }
}

type Call = for<'a> fn(Value, &'a Context) -> BoxFuture<'a, Result<Answer, ToolError>>;

/// A tool whose types have been erased.
#[derive(Clone)]
pub struct Route {
    tool: McpTool,
    listed: McpTool,
    toolset: Toolset,
    is_long: bool,
    call: Call,
}

impl Route {
    /// The route to the tool `T`.
    pub fn of<T: Tool>() -> Self {
        let output = schema::of_output::<T::Output>();
        let outline = schema::outline(&output);
        let tool = McpTool::new(T::NAME, T::DESCRIPTION.trim(), Arc::new(schema::of_input::<T::Input>()))
            .with_title(T::TITLE)
            .with_raw_output_schema(Arc::new(output))
            .with_annotations(ToolAnnotations::from_raw(
                Some(T::TITLE.to_owned()),
                Some(T::READ_ONLY),
                Some(false),
                Some(T::READ_ONLY),
                Some(T::OPEN_WORLD),
            ));
        let listed = tool.clone().with_raw_output_schema(Arc::new(outline));
        Self {
            tool,
            listed,
            toolset: T::TOOLSET,
            is_long: T::LONG,
            call: |arguments, context| Box::pin(call::<T>(arguments, context)),
        }
    }

    /// The tool with all there is to say of its results.
    pub fn tool(&self) -> &McpTool {
        &self.tool
    }

    /// The tool as clients see it: of its results, the outline.
    pub fn listed(&self) -> &McpTool {
        &self.listed
    }

    /// The tool's name.
    pub fn name(&self) -> &str {
        &self.tool.name
    }

    /// The group the tool is offered with.
    pub fn toolset(&self) -> Toolset {
        self.toolset
    }

    /// Whether a call leaves everything as it was.
    pub fn is_read_only(&self) -> bool {
        self.tool.annotations.as_ref().and_then(|hints| hints.read_only_hint) == Some(true)
    }

    /// Whether a call may take so long that a client should be able to come back for its answer.
    pub fn is_long(&self) -> bool {
        self.is_long
    }

    /// Calls the tool with arguments as they came.
    pub async fn call(&self, arguments: Value, context: &Context) -> Result<Answer, ToolError> {
        let work = (self.call)(arguments, context);
        tokio::select! {
            answer = work => answer,
            () = context.run.cancelled() => Err(ToolError::new(
                ErrorKind::Cancelled,
                format!("{} was cancelled by the caller", self.name()),
            )),
        }
    }
}

async fn call<T: Tool>(arguments: Value, context: &Context) -> Result<Answer, ToolError> {
    let arguments = if arguments.is_null() { Value::Object(JsonObject::new()) } else { arguments };
    let input = serde_path_to_error::deserialize(arguments).map_err(|error| unusable::<T>(&error))?;
    let answer = T::call(input, context).await?;
    let structured = serde_json::to_value(answer.structured).map_err(|error| {
        ToolError::new(ErrorKind::Internal, format!("cannot write the result of {}: {error}", T::NAME))
    })?;
    Ok(Answer { structured, text: answer.text })
}

/// Arguments that do not fit the tool's input, told with the argument's path and the names it could be.
fn unusable<T: Tool>(error: &serde_path_to_error::Error<serde_json::Error>) -> ToolError {
    let reason = error.inner().to_string();
    let path = error.path().to_string();
    let message = if path == "." || path == "?" {
        format!("cannot use the arguments of {}: {reason}", T::NAME)
    } else {
        format!("cannot use argument `{path}` of {}: {reason}", T::NAME)
    };
    let schema = schema::of_input::<T::Input>();
    let known: Vec<&str> = match schema.get("properties") {
        Some(Value::Object(properties)) => properties.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let mut failure = ToolError::input(message);
    if let Some(unknown) = reason.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next())
        && let Some(near) = revarch_domain::nearest::nearest(unknown, known.iter().copied()).first()
    {
        failure = failure.hint(format!("did you mean `{near}`?"));
    }
    if known.is_empty() {
        failure.hint(format!("{} takes no arguments", T::NAME))
    } else {
        failure.hint(format!("arguments are: {}", known.join(", ")))
    }
}
