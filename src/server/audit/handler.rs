//! A server whose calls are told to the audit log.
#![expect(deprecated, reason = "what older clients ask for is handed on too")]

use super::{
    Log,
    record::Outcome,
    under_way::{Kind, Told, UnderWay, size},
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestMethod, CallToolRequestParams, CallToolResponse, CancelTaskParams,
        CancelledNotificationParam, CompleteRequestParams, CompleteResult, ConstString, CustomNotification,
        CustomRequest, CustomResult, DiscoverResult, GetPromptRequestMethod, GetPromptRequestParams,
        GetPromptResponse, GetSkillRequestParams, GetSkillResult, GetTaskParams, GetTaskResult,
        InitializeRequestParams, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
        ListResourcesResult, ListSkillsResult, ListToolsResult, PaginatedRequestParams,
        ProgressNotificationParam, ProtocolVersion, ReadResourceDirectoryRequestParams,
        ReadResourceDirectoryResult, ReadResourceRequestMethod, ReadResourceRequestParams,
        ReadResourceResponse, ServerConfig, SetLevelRequestParams, SubscribeRequestParams,
        SubscriptionFilter, Tool, UnsubscribeRequestParams, UpdateTaskParams,
    },
    service::{NotificationContext, RequestContext, SubscriptionContext},
};
use serde_json::{Value, json};
use std::borrow::Cow;

type Request = RequestContext<RoleServer>;
type Notice = NotificationContext<RoleServer>;
type Result<T> = std::result::Result<T, ErrorData>;

/// The server within, with a log where one is kept.
#[derive(Clone)]
pub(crate) struct Audited<H> {
    within: H,
    log: Option<Log>,
}

impl<H> Audited<H> {
    pub(crate) fn new(within: H, log: Option<Log>) -> Self {
        Self { within, log }
    }

    /// Notes that a request has come, where a log is kept.
    async fn begin(
        &self,
        method: &str,
        name: &str,
        arguments: Value,
        request: &mut Request,
    ) -> Result<Option<UnderWay>> {
        match &self.log {
            Some(log) => UnderWay::begin(log, Told { method, name, arguments }, request).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Tells the log how a request ended, before the answer leaves. `told` gives the outcome of an answer that is no error,
/// and its size.
async fn end<T>(
    under_way: Option<UnderWay>,
    answer: Result<T>,
    told: impl FnOnce(&T, &Kind) -> (Outcome, Option<u64>),
) -> Result<T> {
    if let Some(under_way) = under_way {
        let (outcome, bytes) = match &answer {
            Ok(answer) => told(answer, under_way.kind()),
            Err(error) => (Outcome::Error { code: error.code.0 }, size(error)),
        };
        under_way.end(outcome, bytes).await?;
    }
    answer
}

/// Hands requests and notifications on as they are. One that is not in this list would be answered as though the server
/// within knew nothing of it.
macro_rules! hand_on {
    ($($name:ident($($argument:ident: $type:ty),+) -> $answer:ty;)+) => {
        $(async fn $name(&self, $($argument: $type),+) -> $answer {
            self.within.$name($($argument),+).await
        })+
    };
}

impl<H: ServerHandler> ServerHandler for Audited<H> {
    async fn call_tool(
        &self,
        params: CallToolRequestParams,
        mut request: Request,
    ) -> Result<CallToolResponse> {
        let method = CallToolRequestMethod::VALUE;
        let under_way = self.begin(method, &params.name, json!(params.arguments), &mut request).await?;
        let answer = self.within.call_tool(params, request).await;
        end(under_way, answer, |response, kind| match response {
            CallToolResponse::Complete(result) if result.is_error == Some(true) => {
                (kind.outcome(), size(result))
            }
            CallToolResponse::Complete(result) => (Outcome::Ok, size(result)),
            CallToolResponse::InputRequired(questions) => (Outcome::Asked, size(questions)),
            CallToolResponse::Task(task) => (Outcome::Deferred, size(task)),
            _ => (Outcome::Ok, None),
        })
        .await
    }

    async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
        mut request: Request,
    ) -> Result<ReadResourceResponse> {
        let method = ReadResourceRequestMethod::VALUE;
        let arguments = json!({ "uri": params.uri });
        let under_way = self.begin(method, &params.uri, arguments, &mut request).await?;
        let answer = self.within.read_resource(params, request).await;
        end(under_way, answer, |response, _| match response {
            ReadResourceResponse::Complete(result) => (Outcome::Ok, size(result)),
            ReadResourceResponse::InputRequired(questions) => (Outcome::Asked, size(questions)),
            _ => (Outcome::Ok, None),
        })
        .await
    }

    async fn get_prompt(
        &self,
        params: GetPromptRequestParams,
        mut request: Request,
    ) -> Result<GetPromptResponse> {
        let method = GetPromptRequestMethod::VALUE;
        let under_way = self.begin(method, &params.name, json!(params.arguments), &mut request).await?;
        let answer = self.within.get_prompt(params, request).await;
        end(under_way, answer, |response, _| match response {
            GetPromptResponse::Complete(result) => (Outcome::Ok, size(result)),
            GetPromptResponse::InputRequired(questions) => (Outcome::Asked, size(questions)),
            _ => (Outcome::Ok, None),
        })
        .await
    }

    /// rmcp hands a call whose parameters do not fit over as one of an unknown method.
    async fn on_custom_request(&self, params: CustomRequest, mut request: Request) -> Result<CustomResult> {
        let told =
            [CallToolRequestMethod::VALUE, ReadResourceRequestMethod::VALUE, GetPromptRequestMethod::VALUE];
        let under_way = if told.contains(&params.method.as_str()) {
            let arguments = params.params.clone().unwrap_or_default();
            let name = ["name", "uri"].into_iter().find_map(|name| arguments.get(name)?.as_str());
            let name = name.unwrap_or_default().to_owned();
            self.begin(&params.method, &name, arguments, &mut request).await?
        } else {
            None
        };
        let answer = self.within.on_custom_request(params, request).await;
        end(under_way, answer, |result, _| (Outcome::Ok, size(result))).await
    }

    hand_on! {
        ping(request: Request) -> Result<()>;
        initialize(params: InitializeRequestParams, request: Request) -> Result<InitializeResult>;
        discover(request: Request) -> Result<DiscoverResult>;
        complete(params: CompleteRequestParams, request: Request) -> Result<CompleteResult>;
        set_level(params: SetLevelRequestParams, request: Request) -> Result<()>;
        list_prompts(page: Option<PaginatedRequestParams>, request: Request) -> Result<ListPromptsResult>;
        list_resources(page: Option<PaginatedRequestParams>, request: Request) -> Result<ListResourcesResult>;
        list_resource_templates(page: Option<PaginatedRequestParams>, request: Request) -> Result<ListResourceTemplatesResult>;
        list_tools(page: Option<PaginatedRequestParams>, request: Request) -> Result<ListToolsResult>;
        listen(subscription: SubscriptionContext) -> Result<()>;
        subscribe(params: SubscribeRequestParams, request: Request) -> Result<()>;
        unsubscribe(params: UnsubscribeRequestParams, request: Request) -> Result<()>;
        get_task(params: GetTaskParams, request: Request) -> Result<GetTaskResult>;
        update_task(params: UpdateTaskParams, request: Request) -> Result<()>;
        cancel_task(params: CancelTaskParams, request: Request) -> Result<()>;
        list_skills(page: Option<PaginatedRequestParams>, request: Request) -> Result<ListSkillsResult>;
        get_skill(params: GetSkillRequestParams, request: Request) -> Result<GetSkillResult>;
        read_resource_directory(params: ReadResourceDirectoryRequestParams, request: Request) -> Result<ReadResourceDirectoryResult>;
        on_cancelled(notice: CancelledNotificationParam, context: Notice) -> ();
        on_progress(notice: ProgressNotificationParam, context: Notice) -> ();
        on_initialized(context: Notice) -> ();
        on_roots_list_changed(context: Notice) -> ();
        on_custom_notification(notice: CustomNotification, context: Notice) -> ();
    }

    fn negotiate_initialize(&self, request: &InitializeRequestParams) -> Result<InitializeResult> {
        self.within.negotiate_initialize(request)
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        self.within.supported_protocol_versions()
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        self.within.accepted_subscription_filter(requested)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.within.get_tool(name)
    }

    fn get_info(&self) -> ServerConfig {
        self.within.get_info()
    }
}
