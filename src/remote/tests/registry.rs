//! A registry with the paging of the real one, and what is made of its moods.

use crate::stand_in::{Reply, Request, StandIn};
use revarch_remote::{
    RemoteError,
    registry::{
        Registry, RegistryConfig, RegistryLimits, RegistryReading, RegistryShortfall, RegistryState,
        RegistryStatus,
    },
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Items as the registry gives them, `count` of them, changed one second after the other.
fn items(count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| item(n, "active", &format!("2026-01-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60)))
        .collect()
}

fn item(n: usize, status: &str, updated: &str) -> Value {
    json!({
        "server": {"name": format!("com.example/s{n:05}"), "version": "1.0.0", "description": "d",
                   "packages": [{"registryType": "npm", "identifier": format!("s{n}"), "version": "1.0.0"}]},
        "_meta": {"io.modelcontextprotocol.registry/official":
            {"status": status, "updatedAt": updated, "publishedAt": updated, "isLatest": true}},
    })
}

fn parameters(request: &Request) -> HashMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://x{}", request.path)).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// A page, as the real registry makes it: the cursor is the name of the last server given.
fn page(items: &[Value], request: &Request) -> Reply {
    let parameters = parameters(request);
    let name = |item: &Value| {
        item.pointer("/server/name").or(item.get("name")).unwrap().as_str().unwrap().to_owned()
    };
    let updated = |item: &Value| {
        item["_meta"]["io.modelcontextprotocol.registry/official"]["updatedAt"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let since = parameters.get("updated_since").cloned().unwrap_or_default();
    let mut items: Vec<&Value> = items.iter().filter(|item| updated(item) >= since).collect();
    items.sort_by_key(|item| name(item));
    let from = parameters
        .get("cursor")
        .map_or(0, |cursor| items.iter().filter(|item| name(item) <= *cursor).count());
    let limit: usize = parameters["limit"].parse().unwrap();
    let given = &items[from..(from + limit).min(items.len())];
    let mut metadata = json!({"count": given.len()});
    if from + limit < items.len() {
        metadata["nextCursor"] = name(given.last().unwrap()).into();
    }
    Reply::json(&json!({"servers": given, "metadata": metadata}))
}

fn quick() -> RegistryLimits {
    RegistryLimits {
        time: Duration::from_secs(10),
        page_time: Duration::from_secs(2),
        first_wait: Duration::from_millis(10),
        ..RegistryLimits::default()
    }
}

fn registry(server: &StandIn) -> Registry {
    let url = Some(format!("http://127.0.0.1:{}/", server.port));
    Registry::new(RegistryConfig { url, allow_private: true, ..RegistryConfig::default() })
}

async fn read(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> RegistryReading {
    let server = StandIn::start(handler).await;
    registry(&server).refresh(None, quick()).await
}

fn is_complete(reading: &RegistryReading) -> bool {
    matches!(reading.state, RegistryState::Complete)
}

#[tokio::test]
async fn every_page_is_read() {
    let all = items(250);
    let reading = read(move |request| {
        assert_eq!(request.path.split('?').next(), Some("/v0.1/servers"));
        page(&all, request)
    });
    let reading = reading.await;
    assert!(is_complete(&reading), "{reading:?}");
    assert_eq!((reading.entries.len(), reading.pages, reading.told_now), (250, 3, 250));
    let last = reading.entries.last().unwrap();
    assert_eq!((last.name.as_str(), &last.status), ("com.example/s00249", &Some(RegistryStatus::Active)));
    assert_eq!((reading.unread.len(), reading.kept_since, reading.copy_problem), (0, None, None));
}

#[tokio::test]
async fn a_registry_that_is_busy_is_asked_again() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let all = items(150);
    let started = Instant::now();
    let reading = read(move |request| {
        *count.lock().unwrap() += 1;
        match *count.lock().unwrap() {
            1 => Reply::new(503, &[], b""),
            2 => Reply::new(429, &[("retry-after", "1")], b""),
            3 => Reply::Bytes(Vec::new()),
            4 => Reply::new(200, &[("content-type", "application/json")], b"{\"servers\": ["),
            _ => page(&all, request),
        }
    });
    let reading = reading.await;
    // The fourth try of the first page was the last one.
    assert!(
        matches!(&reading.state, RegistryState::Offline(RegistryShortfall::Garbled { page: 1, .. })),
        "{reading:?}"
    );
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(*asked.lock().unwrap(), 4);

    let count = Mutex::new(0);
    let all = items(150);
    let reading = read(move |request| {
        let mut count = count.lock().unwrap();
        *count += 1;
        if *count % 2 == 1 { Reply::new(502, &[], b"") } else { page(&all, request) }
    });
    assert!(is_complete(&reading.await));
}

#[tokio::test]
async fn a_registry_that_wants_a_long_wait_is_left() {
    let reading = read(|_| Reply::new(429, &[("retry-after", "3600")], b"")).await;
    let RegistryState::Offline(shortfall) = reading.state else { panic!("{reading:?}") };
    assert_eq!(shortfall.to_string(), "the registry asks to wait 3600 s, longer than there is time");
    assert_eq!(shortfall.hint(), "try again after 3600 s");
}

#[tokio::test]
async fn loops_are_left_with_what_was_read() {
    let all = items(3);
    let body = json!({"servers": all, "metadata": {"nextCursor": "again"}});
    let reading = read(move |_| Reply::json(&body)).await;
    assert!(
        matches!(reading.state, RegistryState::Partial(RegistryShortfall::Loop { page: 2 })),
        "{reading:?}"
    );
    assert_eq!(reading.entries.len(), 3);

    let all = items(3);
    let count = Mutex::new(0);
    let reading = read(move |_| {
        *count.lock().unwrap() += 1;
        Reply::json(&json!({"servers": all, "metadata": {"nextCursor": count.lock().unwrap().to_string()}}))
    });
    let reading = reading.await;
    assert!(
        matches!(reading.state, RegistryState::Partial(RegistryShortfall::Loop { page: 4 })),
        "{reading:?}"
    );
}

#[tokio::test]
async fn limits_keep_what_was_read() {
    let server = StandIn::start(|request| page(&items(500), request)).await;
    let registry = registry(&server);
    let reading = registry.refresh(None, RegistryLimits { pages: 2, ..quick() }).await;
    assert!(matches!(reading.state, RegistryState::Partial(RegistryShortfall::Pages(2))));
    assert_eq!(reading.entries.len(), 200);
    let reading = registry.refresh(None, RegistryLimits { entries: 130, ..quick() }).await;
    assert!(matches!(reading.state, RegistryState::Partial(RegistryShortfall::Entries(130))));
    assert_eq!(reading.entries.len(), 130);
    let reading = registry.refresh(None, RegistryLimits { page_bytes: 1_000, tries: 1, ..quick() }).await;
    let RegistryState::Offline(RegistryShortfall::Garbled { page: 1, reason }) = &reading.state else {
        panic!("{reading:?}")
    };
    assert_eq!(reason, "it has more than 1000 bytes");
}

#[tokio::test]
async fn pages_that_make_no_sense_are_told_and_entries_that_make_none_are_left_out() {
    for (body, reason) in
        [("{oops", "it is not JSON"), ("{}", "no list `servers`"), ("[]", "no list `servers`")]
    {
        let reading = read(move |_| Reply::new(200, &[], body.as_bytes())).await;
        let RegistryState::Offline(shortfall) = &reading.state else { panic!("{reading:?}") };
        assert!(shortfall.to_string().contains(reason), "{shortfall}");
    }
    let reading = read(|_| {
        Reply::json(
            &json!({"servers": [3, {"server": {"version": "1"}}, item(1, "active", "now"), {"name": "seed/s"}]}),
        )
    });
    let reading = reading.await;
    assert!(is_complete(&reading));
    let names: Vec<&str> = reading.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["com.example/s00001", "seed/s"]);
    assert_eq!(reading.unread[0], "page 1, servers[0]: it has no name: 3");
    assert_eq!(reading.unread.len(), 2);
}

#[tokio::test]
async fn refusals_are_told_without_asking_again() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let reading = read(move |_| {
        *count.lock().unwrap() += 1;
        Reply::new(404, &[], b"")
    });
    let RegistryState::Offline(shortfall) = reading.await.state else { panic!() };
    assert!(shortfall.hint().contains("before /v0.1/servers"), "{}", shortfall.hint());
    assert_eq!(*asked.lock().unwrap(), 1);

    let refused = Registry::new(RegistryConfig {
        url: Some("https://127.0.0.1".to_owned()),
        ..RegistryConfig::default()
    });
    let RegistryState::Offline(shortfall) = refused.refresh(None, quick()).await.state else { panic!() };
    assert!(shortfall.hint().contains("`allow_private = true` under [registry]"), "{}", shortfall.hint());
    let reading = read(|_| Reply::new(302, &[("location", "https://10.0.0.1/v0.1/servers")], b"")).await;
    let RegistryState::Offline(RegistryShortfall::Failed(error)) = reading.state else { panic!() };
    assert!(matches!(error, RemoteError::Redirect { .. }), "{error}");
}

#[tokio::test]
async fn a_registry_that_falls_silent_is_left_in_time() {
    let server = StandIn::start(|request| {
        if request.path.contains("cursor") { Reply::Stall(Vec::new()) } else { page(&items(150), request) }
    })
    .await;
    let short = RegistryLimits { time: Duration::from_secs(1), ..quick() };
    let started = Instant::now();
    let reading = registry(&server).refresh(None, short).await;
    assert!(matches!(reading.state, RegistryState::Partial(RegistryShortfall::Time(_))), "{reading:?}");
    assert_eq!(reading.entries.len(), 100);
    assert!(started.elapsed() < Duration::from_secs(2));
}

/// A registry whose servers a test can change, and which counts its answers.
struct Changing {
    items: Arc<Mutex<Vec<Value>>>,
    paths: Arc<Mutex<Vec<String>>>,
    server: StandIn,
}

impl Changing {
    async fn start(count: usize) -> Self {
        let items = Arc::new(Mutex::new(items(count)));
        let paths = Arc::new(Mutex::new(Vec::new()));
        let (given, log) = (Arc::clone(&items), Arc::clone(&paths));
        let server = StandIn::start(move |request| {
            log.lock().unwrap().push(request.path.clone());
            let etag = format!("\"{}\"", given.lock().unwrap().len());
            if request.header("if-none-match") == etag {
                return Reply::new(304, &[], b"");
            }
            let Reply::Bytes(bytes) = page(&given.lock().unwrap(), request) else { unreachable!() };
            let text = String::from_utf8(bytes).unwrap();
            Reply::Bytes(text.replacen("\r\n", &format!("\r\netag: {etag}\r\n"), 1).into_bytes())
        })
        .await;
        Self { items, paths, server }
    }

    async fn refresh(&self, file: &Path) -> RegistryReading {
        registry(&self.server).refresh(Some(file), quick()).await
    }
}

#[tokio::test]
async fn a_copy_is_kept_and_only_what_changed_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cache").join("registry.json");
    let changing = Changing::start(250).await;
    let first = changing.refresh(&file).await;
    assert!(is_complete(&first) && first.copy_problem.is_none(), "{first:?}");

    changing.items.lock().unwrap()[7] = item(7, "deleted", "2026-03-01T00:00:00Z");
    let second = changing.refresh(&file).await;
    assert!(is_complete(&second));
    // The newest of the first reading is told again, as nobody knows whether more changed in the same moment.
    assert_eq!((second.told_now, second.pages, second.entries.len()), (2, 1, 250));
    assert_eq!(second.entries[7].status, Some(RegistryStatus::Deleted));
    assert!(changing.paths.lock().unwrap()[3].contains("updated_since=2026-01-01T00%3A04%3A09Z"));
    assert!(second.kept_since.unwrap() > 1_700_000_000);

    let third = changing.refresh(&file).await;
    assert!(is_complete(&third));
    let fourth = changing.refresh(&file).await;
    assert!(matches!(fourth.state, RegistryState::Unchanged), "{fourth:?}");
    assert_eq!((fourth.told_now, fourth.entries.len()), (0, 250));
}

#[tokio::test]
async fn without_a_network_the_copy_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registry.json");
    let changing = Changing::start(120).await;
    changing.refresh(&file).await;
    let registry = registry(&changing.server);
    drop(changing);
    let reading = registry.refresh(Some(&file), quick()).await;
    assert!(matches!(
        reading.state,
        RegistryState::Offline(RegistryShortfall::Failed(RemoteError::Connect { .. }))
    ));
    assert_eq!((reading.entries.len(), reading.told_now), (120, 0));
    assert!(reading.kept_since.is_some());
}

#[tokio::test]
async fn a_reading_that_broke_off_is_kept_and_done_again_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registry.json");
    let changing = Changing::start(250).await;
    let registry = registry(&changing.server);
    let first = registry.refresh(Some(&file), RegistryLimits { pages: 1, ..quick() }).await;
    assert!(matches!(first.state, RegistryState::Partial(_)));
    let second = registry.refresh(Some(&file), quick()).await;
    assert!(is_complete(&second));
    assert_eq!((second.told_now, second.entries.len()), (250, 250));
}

#[tokio::test]
async fn a_copy_that_is_of_no_use_is_told_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registry.json");
    let changing = Changing::start(5).await;
    for (text, problem) in [
        ("{oops", "cannot be used"),
        ("{\"format\":9,\"base\":\"b\",\"read_at\":1,\"full_at\":1,\"items\":{}}", "is of format 9"),
        (
            "{\"format\":1,\"base\":\"b\",\"read_at\":1,\"full_at\":1,\"items\":{}}",
            "is of another registry, b",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let reading = changing.refresh(&file).await;
        assert!(is_complete(&reading) && reading.entries.len() == 5);
        assert!(reading.copy_problem.as_ref().unwrap().contains(problem), "{:?}", reading.copy_problem);
        assert!(changing.refresh(&file).await.copy_problem.is_none());
    }
    let reading = changing.refresh(folder.path()).await;
    assert!(reading.copy_problem.unwrap().contains("cannot keep a copy"));
    assert_eq!(reading.entries.len(), 5);
}

#[tokio::test]
async fn a_change_in_the_future_hides_none_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registry.json");
    let changing = Changing::start(5).await;
    changing.items.lock().unwrap()[0] = item(0, "active", "2999-01-01T00:00:00Z");
    changing.refresh(&file).await;
    changing.items.lock().unwrap()[2] = item(2, "deprecated", "2026-02-01T00:00:00Z");
    let reading = changing.refresh(&file).await;
    assert_eq!(reading.entries[2].status, Some(RegistryStatus::Deprecated));
}

#[tokio::test]
async fn a_full_reading_tells_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registry.json");
    let changing = Changing::start(150).await;
    changing.refresh(&file).await;
    changing.items.lock().unwrap().remove(3);
    let soon = changing.refresh(&file).await;
    assert_eq!((soon.gone.len(), soon.entries.len()), (0, 150));
    // As if the last full reading had been long ago.
    let text = std::fs::read_to_string(&file).unwrap();
    let mut copy: Value = serde_json::from_str(&text).unwrap();
    copy["full_at"] = 1.into();
    std::fs::write(&file, copy.to_string()).unwrap();
    let later = changing.refresh(&file).await;
    assert_eq!((later.gone, later.entries.len()), (vec!["com.example/s00003".to_owned()], 149));
}

/// The registry's own seed is too large to carry. Where `REVARCH_TEST_DATA` points at a folder with
/// `data/mcp/registry_seed_471.json`, it is served and read.
#[tokio::test]
async fn the_registrys_seed_is_read_to_the_last_server() {
    let Some(folder) = std::env::var_os("REVARCH_TEST_DATA") else {
        eprintln!("skipped: REVARCH_TEST_DATA does not point at the registry's seed");
        return;
    };
    let file = Path::new(&folder).join("data/mcp/registry_seed_471.json");
    let seed: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let wrapped: Vec<Value> =
        seed.iter().map(|server| json!({"server": server, "_meta": {"status": "active"}})).collect();
    let packages: usize = seed.iter().map(|server| server["packages"].as_array().map_or(0, Vec::len)).sum();
    let is_named = |server: &&Value| server["name"].as_str().is_some_and(|name| !name.is_empty());
    let named = seed.iter().filter(is_named).count();
    let nameless = seed.len() - named;
    let reading = read(move |request| page(&wrapped, request)).await;
    assert!(is_complete(&reading), "{:?}", reading.state);
    assert_eq!((reading.entries.len(), reading.unread.len(), reading.pages), (named, nameless, 5));
    let read: usize = reading.entries.iter().map(|entry| entry.packages.len()).sum();
    let unread: usize = reading.entries.iter().map(|entry| entry.unread.len()).sum();
    eprintln!(
        "{named} servers, {nameless} without a name; {read} of {packages} packages read, {unread} parts not"
    );
    assert!(reading.entries.iter().all(|entry| entry.version.is_some() && entry.published_at.is_some()));
    assert_eq!(read + unread, packages);
}
