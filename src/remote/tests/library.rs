//! Servers made with the protocol's own library, which nobody wrote for these tests.

use hyper::server::conn::http1::Builder;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use revarch_remote::{Era, Limits, ServerConfig, ServerReading, Servers};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListPromptsResult,
        ListToolsResult, PaginatedRequestParams, Prompt, ProtocolVersion, ServerCapabilities,
        ServerConfig as About, Tool,
    },
    service::RequestContext,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::Map;
use std::{borrow::Cow, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// A server that speaks every version up to `newest`.
#[derive(Clone)]
struct Library {
    newest: ProtocolVersion,
}

impl ServerHandler for Library {
    fn get_info(&self) -> About {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_prompts().build();
        About::new(capabilities).with_instructions("begin with look_up")
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(ProtocolVersion::known_up_to(&self.newest))
    }

    async fn list_tools(
        &self,
        page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let is_second = page.is_some_and(|page| page.cursor.is_some());
        let name = if is_second { "update_deal" } else { "look_up" };
        let mut page = ListToolsResult::with_all_items(vec![Tool::new(name, "d", Arc::new(Map::new()))]);
        page.next_cursor = (!is_second).then(|| "second".to_owned());
        Ok(page)
    }

    async fn list_prompts(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(vec![Prompt::new("review", Some("d"), None)]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let text = format!("{} was called", request.name);
        Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into())
    }
}

async fn start(newest: ProtocolVersion, with_sessions: bool, as_json: bool) -> Servers {
    let library = Library { newest };
    let mut config = StreamableHttpServerConfig::default();
    config.legacy_session_mode = with_sessions;
    config.json_response = as_json;
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(library.clone()), sessions, config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let _ = Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    let allow_tools = vec!["look_up".to_owned()];
    let config = ServerConfig { url: Some(url), allow_private: true, allow_tools, ..ServerConfig::default() };
    Servers::new(vec![config.named("l").unwrap()])
}

fn limits() -> Limits {
    Limits::within(Duration::from_secs(10))
}

fn check(reading: &ServerReading, era: Era, version: &str) {
    let names = |items: &[serde_json::Value]| -> Vec<String> {
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((reading.era, reading.protocol_version.as_str()), (era, version));
    assert_eq!(names(&reading.tools.items), ["look_up", "update_deal"]);
    assert_eq!(names(&reading.prompts.items), ["review"]);
    assert_eq!(reading.instructions.as_deref(), Some("begin with look_up"));
    assert_eq!(reading.server_info.as_ref().unwrap()["name"], "rmcp");
    assert!(reading.tools.is_whole() && reading.prompts.is_whole() && reading.resources.is_whole());
    assert_eq!(reading.notes, []);
}

#[tokio::test]
async fn the_newest_version_is_spoken_without_a_handshake() {
    for as_json in [false, true] {
        let servers = start(ProtocolVersion::LATEST, true, as_json).await;
        let reading = servers.inspect("l", limits()).await.unwrap();
        check(&reading, Era::Stateless, "2026-07-28");
        assert!(reading.supported_versions.len() > 3);
    }
}

#[tokio::test]
async fn older_versions_are_spoken_with_one_with_sessions_and_without() {
    for (with_sessions, as_json) in [(true, false), (false, false), (false, true)] {
        for version in
            [ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2025_06_18, ProtocolVersion::V_2024_11_05]
        {
            let servers = start(version.clone(), with_sessions, as_json).await;
            let reading = servers.inspect("l", limits()).await.unwrap();
            check(&reading, Era::Handshake, version.as_str());
        }
    }
}

#[tokio::test]
async fn an_allowed_tool_is_called_in_both_eras() {
    for newest in [ProtocolVersion::LATEST, ProtocolVersion::V_2025_11_25] {
        let servers = start(newest, true, false).await;
        let answer = servers.call_tool("l", "look_up", Map::new(), limits()).await.unwrap();
        assert_eq!(answer.result["content"][0]["text"], "look_up was called");
    }
}
