//! The server that the official conformance suite runs against: the product's own handler, router and middleware, with
//! the tools, prompts and resources in it that the suite asks for. `conformance_server ADDRESS` serves HTTP.
//!
//! # Design
//!
//! What the product can do, it does here too: fixtures are tools of its own kind wherever their answers can be given
//! by one, so that what passes is the product's code. The rest (pictures, sampling, roots, logging), which the product
//! does not use, is answered by [`Fixture`] before the product is asked.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a fixture that cannot go on says so by panicking")]
#![expect(deprecated, reason = "the suite still scores what the protocol has deprecated")]

mod legacy;
mod prompts;
mod resources;
mod rounds;
mod shown;
mod tasks;
mod tools;

use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CancelTaskParams, ClientCapabilities, CompleteRequestParams,
        CompleteResult, CustomRequest, CustomResult, DiscoverResult, GetPromptRequestParams,
        GetPromptResponse, GetTaskParams, GetTaskResult, JsonObject, ListPromptsResult,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
        ReadResourceRequestParams, ReadResourceResponse, Reference, RequestStateCodec, ServerConfig,
        SetLevelRequestParams, SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
        UpdateTaskParams,
    },
    service::{NotificationContext, RequestContext, SubscriptionContext},
};
use serde_json::{Value, json};

type Request = RequestContext<RoleServer>;
type Result<T> = std::result::Result<T, ErrorData>;

/// The product with fixtures in front of it.
#[derive(Clone)]
struct Fixture<P> {
    product: P,
    seal: RequestStateCodec,
}

/// An object of JSON.
fn object(value: Value) -> JsonObject {
    serde_json::from_value(value).unwrap()
}

/// A tool of the fixture's own.
fn tool(name: &'static str, description: &'static str, schema: Value) -> Tool {
    Tool::new(name, description, object(schema))
}

/// One that takes nothing.
fn plain(name: &'static str, description: &'static str) -> Tool {
    tool(name, description, json!({"type": "object", "properties": {}}))
}

impl<P> Fixture<P> {
    fn tools() -> Vec<Tool> {
        [shown::tools(), legacy::tools(), rounds::tools()].concat()
    }
}

impl<P: ServerHandler + Clone> ServerHandler for Fixture<P> {
    fn get_info(&self) -> ServerConfig {
        let mut info = self.product.get_info();
        info.capabilities.logging = Some(JsonObject::new());
        info
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let own = Self::tools().into_iter().find(|tool| tool.name == name);
        own.or_else(|| self.product.get_tool(name))
    }

    async fn list_tools(
        &self,
        page: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListToolsResult> {
        let mut list = self.product.list_tools(page, request).await?;
        list.tools.extend(Self::tools());
        Ok(list)
    }

    async fn call_tool(&self, params: CallToolRequestParams, request: Request) -> Result<CallToolResponse> {
        if tasks::REQUIRED.contains(&params.name.as_ref())
            && !request.client_capabilities().is_some_and(|client| client.supports_tasks())
        {
            let tasks = ClientCapabilities::builder().enable_tasks().build();
            return Err(ErrorData::missing_required_client_capability(tasks));
        }
        if let Some(shown) = shown::call(&params.name) {
            return Ok(shown.into());
        }
        if let Some(answer) = legacy::call(&params, &request).await {
            return answer;
        }
        if let Some(answer) = rounds::call(&params, &request, &self.seal) {
            return answer;
        }
        self.product.call_tool(params, request).await
    }

    async fn list_prompts(
        &self,
        page: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListPromptsResult> {
        let mut list = self.product.list_prompts(page, request).await?;
        list.prompts.extend(prompts::list());
        Ok(list)
    }

    async fn get_prompt(
        &self,
        params: GetPromptRequestParams,
        request: Request,
    ) -> Result<GetPromptResponse> {
        match prompts::get(&params) {
            Some(prompt) => Ok(prompt),
            None => self.product.get_prompt(params, request).await,
        }
    }

    async fn complete(&self, params: CompleteRequestParams, request: Request) -> Result<CompleteResult> {
        match &params.r#ref {
            Reference::Prompt(prompt) if prompt.name == prompts::WITH_ARGUMENTS => {
                Ok(CompleteResult::default())
            }
            _ => self.product.complete(params, request).await,
        }
    }

    async fn list_resources(
        &self,
        page: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListResourcesResult> {
        let mut list = self.product.list_resources(page, request).await?;
        list.resources.extend(resources::list());
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        page: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListResourceTemplatesResult> {
        let mut list = self.product.list_resource_templates(page, request).await?;
        list.resource_templates.push(resources::template());
        Ok(list)
    }

    async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
        request: Request,
    ) -> Result<ReadResourceResponse> {
        match resources::read(&params.uri) {
            Some(read) => Ok(read.into()),
            None => self.product.read_resource(params, request).await,
        }
    }

    async fn set_level(&self, _: SetLevelRequestParams, _: Request) -> Result<()> {
        Ok(())
    }

    async fn discover(&self, request: Request) -> Result<DiscoverResult> {
        self.product.discover(request).await
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        self.product.accepted_subscription_filter(requested)
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<()> {
        self.product.listen(subscription).await
    }

    async fn subscribe(&self, params: SubscribeRequestParams, request: Request) -> Result<()> {
        if params.uri == resources::WATCHED {
            return Ok(());
        }
        self.product.subscribe(params, request).await
    }

    async fn unsubscribe(&self, params: UnsubscribeRequestParams, request: Request) -> Result<()> {
        self.product.unsubscribe(params, request).await
    }

    async fn get_task(&self, params: GetTaskParams, request: Request) -> Result<GetTaskResult> {
        self.product.get_task(params, request).await
    }

    async fn update_task(&self, params: UpdateTaskParams, request: Request) -> Result<()> {
        self.product.update_task(params, request).await
    }

    async fn cancel_task(&self, params: CancelTaskParams, request: Request) -> Result<()> {
        self.product.cancel_task(params, request).await
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        self.product.on_initialized(context).await;
    }

    async fn on_custom_request(&self, request: CustomRequest, context: Request) -> Result<CustomResult> {
        self.product.on_custom_request(request, context).await
    }
}

#[tokio::main]
async fn main() {
    let address = std::env::args().nth(1).unwrap_or_else(|| panic!("usage: conformance_server ADDRESS"));
    let routes = [tools::all(), tasks::all()].concat();
    let product = revarch_server::conformance::handler(routes).await.unwrap();
    let seal = RequestStateCodec::new_unchecked([7; RequestStateCodec::MIN_KEY_LENGTH]);
    revarch_server::conformance::serve(Fixture { product, seal }, &address).await.unwrap();
}
