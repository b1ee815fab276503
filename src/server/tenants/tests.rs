//! What callers of different tenants see of each other over HTTP, which is nothing.

use crate::{
    caller::Caller, cli::Options, failure::Failure, handler::Server, tenants, tenants::Tenants,
    toolbox::Toolbox, workplace::Workplace,
};
use axum::{Router, extract::Request, middleware::Next, middleware::from_fn};
use revarch_store::{ModelRecord, Store};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};
use serde_json::{Value, json};
use std::{fs, sync::Arc};
use tempfile::TempDir;

const CONFIG: &str = r#"
    data = ["ours"]
    [tenants.a]
    data = ["a"]
    [tenants.a.mcp_servers.ledger_of_a]
    command = "no-such-command"
    [tenants.b]
    data = ["b"]
    toolsets = ["data", "assess"]
    [tenants.empty]
"#;

fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("revarch.toml"), config).unwrap();
    for name in ["ours", "a", "b"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        let table = folder.path().join(name).join(format!("contacts_of_{name}.csv"));
        fs::write(table, "id,email\n1,x@example.com\n2,y@example.com\n").unwrap();
    }
    folder
}

async fn open(folder: &TempDir) -> Result<(Workplace, Tenants), Failure> {
    tenants::open(Options { config: Some(folder.path().join("revarch.toml")), ..Options::default() }).await
}

/// A server that believes whatever a request says of its caller.
struct Served {
    workplace: Arc<Workplace>,
    tenants: Tenants,
    url: String,
    client: reqwest::Client,
    _folder: TempDir,
}

async fn believe(mut request: Request, next: Next) -> axum::response::Response {
    let tenant = request.headers().get("x-tenant").map(|name| name.to_str().unwrap().into());
    request.extensions_mut().insert(Caller { tenant, ..Caller::local() });
    next.run(request).await
}

impl Served {
    async fn start() -> Self {
        let folder = folder(CONFIG);
        let (workplace, tenants) = open(&folder).await.unwrap();
        let workplace = Arc::new(workplace);
        let toolbox = Toolbox::new(revarch_tools::all()).offering(workplace.toolsets());
        let server = Server::new(Arc::clone(&workplace), toolbox).with_tenants(tenants.clone());
        let config = StreamableHttpServerConfig::default().with_json_response(true);
        let sessions = Arc::new(LocalSessionManager::default());
        let mcp = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
        let app = Router::new().route_service("/mcp", mcp).layer(from_fn(believe));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { workplace, tenants, url, client: reqwest::Client::new(), _folder: folder }
    }

    /// The answer to a request of the stateless protocol; the operator asks where no tenant is named.
    async fn ask(&self, tenant: Option<&str>, method: &str, mut params: Value) -> Value {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut request = self.client.post(&self.url).body(body.to_string());
        request = request.header("content-type", "application/json");
        request = request.header("accept", "application/json, text/event-stream");
        request = request.header("mcp-protocol-version", "2026-07-28").header("mcp-method", method);
        for name in ["name", "uri"] {
            if let Some(name) = params[name].as_str() {
                request = request.header("mcp-name", name);
            }
        }
        if let Some(tenant) = tenant {
            request = request.header("x-tenant", tenant);
        }
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    async fn call(&self, tenant: Option<&str>, tool: &str, arguments: Value) -> Value {
        self.ask(tenant, "tools/call", json!({"name": tool, "arguments": arguments})).await
    }

    async fn read(&self, tenant: Option<&str>, uri: &str) -> Value {
        self.ask(tenant, "resources/read", json!({ "uri": uri })).await
    }

    fn store(&self, tenant: &str) -> &Store {
        let caller = Caller { tenant: Some(tenant.into()), ..Caller::local() };
        self.tenants.workplace(&caller, &self.workplace).unwrap().store()
    }
}

const EVERYBODY: [Option<&str>; 4] = [None, Some("a"), Some("b"), Some("empty")];

#[tokio::test]
async fn each_sees_tables_of_its_own() {
    let served = Served::start().await;
    for (tenant, own) in [(None, "ours"), (Some("a"), "a"), (Some("b"), "b")] {
        let answer = served.call(tenant, "describe_data", json!({})).await.to_string();
        for name in ["ours", "a", "b"] {
            assert_eq!(answer.contains(&format!("contacts_of_{name}")), name == own, "{tenant:?}: {answer}");
        }
    }
    let answer = served.call(Some("empty"), "describe_data", json!({})).await;
    assert!(!answer.to_string().contains("contacts_of_"), "a tenant without data has none: {answer}");
    let guessed = served.call(Some("b"), "describe_data", json!({"tables": ["contacts_of_a"]})).await;
    assert_eq!(guessed["result"]["isError"], true, "{guessed}");
}

#[tokio::test]
async fn a_review_is_its_tenants_alone() {
    let served = Served::start().await;
    let arguments = json!({"platforms": ["Salesforce"], "subject": "secret project"});
    let made = served.call(Some("a"), "review_architecture", arguments.clone()).await;
    let id = made["result"]["structuredContent"]["review_id"].as_str().unwrap_or_else(|| panic!("{made}"));
    served.call(Some("a"), "review_architecture", arguments).await;
    let address = format!("revarch://reviews/{id}");
    let addresses = [address.clone(), format!("{address}.md")];
    for uri in &addresses {
        assert!(served.read(Some("a"), uri).await["result"].is_object(), "its own");
    }
    let lists = ["revarch://reviews", "revarch://trend"];
    for uri in lists {
        let own = served.read(Some("a"), uri).await.to_string();
        assert!(own.contains("secret project"), "{uri}: {own}");
    }
    let completion = json!({
        "ref": {"type": "ref/resource", "uri": "revarch://reviews/{id}"},
        "argument": {"name": "id", "value": ""},
    });
    let own = served.ask(Some("a"), "completion/complete", completion.clone()).await;
    assert!(own["result"]["completion"]["total"].as_u64() >= Some(1), "{own}");

    for tenant in [None, Some("b"), Some("empty")] {
        for uri in addresses.iter().chain([&format!("{address}/changes")]) {
            let answer = served.read(tenant, uri).await;
            let said = answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{answer}"));
            assert!(said.contains("there is no review"), "{said}");
        }
        for uri in lists {
            let answer = served.read(tenant, uri).await;
            assert!(answer["result"].is_object() && !answer.to_string().contains("secret"), "{answer}");
        }
        let listed = served.ask(tenant, "resources/list", json!({})).await.to_string();
        assert!(!listed.contains(id) && !listed.contains("secret"), "{listed}");
        let completed = served.ask(tenant, "completion/complete", completion.clone()).await;
        assert_eq!(completed["result"]["completion"]["total"], 0, "{completed}");
        let same = json!({"platforms": ["Salesforce"], "subject": "secret project", "compare_with": id});
        let compared = served.call(tenant, "review_architecture", same).await;
        assert_eq!(compared["result"]["isError"], true, "{compared}");
    }
    let planned = served.call(None, "plan_roadmap", json!({"review": id})).await;
    let said = planned["result"]["content"][0]["text"].as_str().unwrap_or_default();
    assert!(planned["result"]["isError"] == true && said.contains("no review"), "{planned}");
}

#[tokio::test]
async fn a_model_is_its_tenants_alone() {
    let served = Served::start().await;
    let model = ModelRecord {
        id: "m1".to_owned(),
        made_at: "2026-11-22T09:00:00Z".parse().unwrap(),
        subject: "secret leads".to_owned(),
        document: "{\"secret\":1}".to_owned(),
    };
    served.store("a").save_model(&model).await.unwrap();
    let own = served.read(Some("a"), "revarch://models/m1.json").await;
    assert!(own.to_string().contains("secret"), "{own}");
    for tenant in [None, Some("b"), Some("empty")] {
        for uri in ["revarch://models/m1", "revarch://models/m1.json"] {
            let answer = served.read(tenant, uri).await;
            assert!(answer["error"].is_object() && !answer.to_string().contains("secret"), "{answer}");
        }
        let listed = served.ask(tenant, "resources/list", json!({})).await.to_string();
        assert!(!listed.contains("secret") && !listed.contains("m1"), "{listed}");
    }
}

#[tokio::test]
async fn servers_of_one_are_not_listed_to_another() {
    let served = Served::start().await;
    for tenant in EVERYBODY {
        let arguments = json!({"platforms": ["Salesforce"], "inspect": ["ledger_of_a"]});
        let answer = served.call(tenant, "audit_mcp_coverage", arguments).await;
        // Asking it fails, because there is no such command; who may not ask it is not told that there is one.
        let is_asked = answer["result"]["structuredContent"].is_object();
        assert_eq!(is_asked, tenant == Some("a"), "{tenant:?}: {answer}");
        assert!(is_asked || !answer.to_string().contains("no-such-command"), "{answer}");
    }
}

#[tokio::test]
async fn a_tenant_that_is_not_configured_is_refused_everything() {
    let served = Served::start().await;
    let requests = [
        ("tools/list", json!({})),
        ("tools/call", json!({"name": "describe_data", "arguments": {}})),
        ("resources/list", json!({})),
        ("resources/read", json!({"uri": "revarch://reviews"})),
        ("prompts/list", json!({})),
        ("prompts/get", json!({"name": "quarterly_review"})),
        (
            "completion/complete",
            json!({
                "ref": {"type": "ref/resource", "uri": "revarch://reviews/{id}"},
                "argument": {"name": "id", "value": ""},
            }),
        ),
    ];
    for (method, params) in requests {
        // Names are compared as they are: one that is nearly another's is nobody's.
        for tenant in ["nobody", "A", "a ", ""] {
            let answer = served.ask(Some(tenant), method, params.clone()).await;
            if tenant == "a " {
                // HTTP takes the space away.
                assert!(answer["result"].is_object(), "{answer}");
                continue;
            }
            let said = answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{method}: {answer}"));
            assert!(said.contains("is not served here") && said.contains("hint: "), "{said}");
        }
        let answer = served.ask(Some("a"), method, params).await;
        assert!(answer["result"].is_object(), "{method}: {answer}");
    }
}

#[tokio::test]
async fn a_tenant_uses_the_toolsets_that_are_its_own() {
    let served = Served::start().await;
    let tools = async |tenant| served.ask(tenant, "tools/list", json!({})).await["result"]["tools"].clone();
    assert_eq!(tools(None).await, tools(Some("a")).await);
    let of_b = tools(Some("b")).await;
    let names: Vec<_> = of_b.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"describe_data") && !names.contains(&"score_leads"), "{names:?}");
    let refused = served.call(Some("b"), "score_leads", json!({})).await;
    assert!(
        refused["error"]["message"].as_str().unwrap().contains("`leads`, which is not offered"),
        "{refused}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_tenant_is_told_at_the_start() {
    for (config, said) in [
        ("[tenants.a]\ntoolsets = [\"knowledge\"]", "[tenants.a] names the toolset `knowledge`"),
        ("[tenants.\"\"]", "cannot be the name of a tenant"),
        ("[tenants.\"a b\"]", "cannot be the name of a tenant"),
        ("[tenants.a]\ndata = [\"nowhere\"]", "[tenants.a]: "),
        ("[tenants.a]\nmemory = \"1 horse\"", "[tenants.a]: cannot read `1 horse`"),
        ("[tenants.a]\noutput = \"nowhere\"", "[tenants.a]: the output folder"),
        ("[tenants.a]\nstore = \"own.db\"", "unknown field `store`"),
    ] {
        let failure = open(&folder(config)).await.err().unwrap_or_else(|| panic!("{config} is accepted"));
        assert!(failure.text().contains(said), "{}", failure.text());
    }
}
