//! Calls one tool of an MCP server over HTTP from many clients at once, and tells how long the calls took.
//!
//! ```sh
//! load ADDRESS ERA CLIENTS SECONDS RATE TOOL ARGUMENTS
//! ```
//!
//! ERA is `modern` (no handshake) or `legacy` (handshake, and the session where the server gives one). With a RATE of
//! 0 each client calls again as soon as it has its answer. With any other, all clients together call so often in a
//! second, and a call counts from when it was due, so that a server that falls behind cannot hide it. The first second
//! is not counted. Each client is a thread with a connection of its own; nothing but the standard library is used, so
//! `rustc -O` builds it in a second.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const WARM_UP: Duration = Duration::from_secs(1);
const STACK: usize = 128 * 1024;
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"load","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"#;
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

#[derive(Clone)]
struct Plan {
    address: String,
    modern: bool,
    clients: u32,
    lasts: Duration,
    rate: f64,
    tool: String,
    arguments: String,
}

impl Plan {
    fn of(words: &[String]) -> Result<Self> {
        let [address, era, clients, seconds, rate, tool, arguments] = words else {
            return Err("load ADDRESS modern|legacy CLIENTS SECONDS RATE TOOL ARGUMENTS".into());
        };
        Ok(Self {
            address: address.clone(),
            modern: era == "modern",
            clients: clients.parse()?,
            lasts: Duration::from_secs_f64(seconds.parse()?),
            rate: rate.parse()?,
            tool: tool.clone(),
            arguments: arguments.clone(),
        })
    }

    fn call(&self, id: u64) -> String {
        let Self { tool, arguments, .. } = self;
        let meta = if self.modern { format!(",{META}") } else { String::new() };
        format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments}{meta}}}}}"#
        )
    }
}

struct Client {
    plan: Plan,
    input: BufReader<TcpStream>,
    session: Option<String>,
    body: Vec<u8>,
}

impl Client {
    fn open(plan: Plan) -> Result<Self> {
        let stream = TcpStream::connect(&plan.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut client = Self { plan, input: BufReader::new(stream), session: None, body: Vec::new() };
        if !client.plan.modern {
            client.exchange(INITIALIZE)?;
            client.exchange(INITIALIZED)?;
        }
        Ok(client)
    }

    fn call(&mut self, id: u64) -> Result<()> {
        let call = self.plan.call(id);
        let status = self.exchange(&call)?;
        let body = std::str::from_utf8(&self.body)?;
        // Written with and without a space by different servers.
        let failed = body.contains(r#""isError":true"#) || body.contains(r#""isError": true"#);
        if status != 200 || failed || !body.contains(r#""result""#) {
            return Err(format!("status {status}: {}", &body[..body.len().min(300)]).into());
        }
        Ok(())
    }

    fn exchange(&mut self, message: &str) -> Result<u16> {
        let Plan { address, tool, modern, .. } = &self.plan;
        let mut request = format!(
            "POST /mcp HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\naccept: application/json, \
             text/event-stream\r\ncontent-length: {}\r\n",
            message.len()
        );
        if *modern {
            write!(
                request,
                "mcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: {tool}\r\n"
            )?;
        } else if message != INITIALIZE {
            request.push_str("mcp-protocol-version: 2025-11-25\r\n");
        }
        if let Some(session) = &self.session {
            write!(request, "mcp-session-id: {session}\r\n")?;
        }
        request.push_str("\r\n");
        request.push_str(message);
        self.input.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    /// Reads a response to its end; its body is JSON or a stream of events.
    fn answer(&mut self) -> Result<u16> {
        let status = self.line()?.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or("no HTTP")?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or("no header")?;
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "mcp-session-id" => self.session = Some(value.to_owned()),
                _ => {}
            }
        }
        self.body.clear();
        if !chunked {
            self.take(length)?;
            return Ok(status);
        }
        loop {
            let size = usize::from_str_radix(self.line()?.trim(), 16)?;
            self.take(size)?;
            self.line()?;
            if size == 0 {
                return Ok(status);
            }
        }
    }

    fn take(&mut self, length: usize) -> Result<()> {
        let begin = self.body.len();
        self.body.resize(begin + length, 0);
        Ok(self.input.read_exact(&mut self.body[begin..])?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Err("the server closed the connection".into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

#[derive(Default)]
struct Found {
    micros: Vec<f64>,
    calls: u64,
    failures: u64,
    first_failure: Option<String>,
}

/// What one client does until the time is up.
fn work(plan: &Plan, number: u32, begin: Instant) -> Found {
    let (counted, end) = (begin + WARM_UP, begin + WARM_UP + plan.lasts);
    let pause = (plan.rate > 0.0).then(|| Duration::from_secs_f64(f64::from(plan.clients) / plan.rate));
    let mut due = pause.map(|pause| begin + pause.mul_f64(f64::from(number) / f64::from(plan.clients)));
    let mut found = Found::default();
    let mut client = None;
    let mut id = 0;
    loop {
        if let Some(due) = due {
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        let started = due.unwrap_or_else(Instant::now);
        if Instant::now() >= end {
            return found;
        }
        id += 1;
        found.calls += 1;
        let opened = match client.take() {
            Some(open) => Ok(open),
            None => Client::open(plan.clone()),
        };
        match opened.and_then(|mut open| open.call(id).map(|()| open)) {
            Ok(open) => {
                client = Some(open);
                if started >= counted {
                    found.micros.push(started.elapsed().as_secs_f64() * 1e6);
                }
            }
            Err(error) => {
                found.failures += 1;
                found.first_failure.get_or_insert_with(|| error.to_string());
                thread::sleep(Duration::from_millis(20));
            }
        }
        due = due.zip(pause).map(|(due, pause)| due + pause);
    }
}

/// The processor time of this process, in clock ticks of a hundredth of a second, where the system tells.
fn ticks() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let mut rest = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    Some(rest.next()?.parse::<f64>().ok()? + rest.next()?.parse::<f64>().ok()?)
}

fn at(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is one")]
    let index = (sorted.len() as f64 * share) as usize;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

fn main() -> Result<()> {
    let plan = Plan::of(&env::args().skip(1).collect::<Vec<_>>())?;
    let begin = Instant::now();
    let mut threads = Vec::new();
    for number in 0..plan.clients {
        let plan = plan.clone();
        threads.push(thread::Builder::new().stack_size(STACK).spawn(move || work(&plan, number, begin))?);
    }
    let mut all = Found::default();
    for thread in threads {
        let found = thread.join().map_err(|_| "a client panicked")?;
        all.micros.extend(found.micros);
        all.calls += found.calls;
        all.failures += found.failures;
        all.first_failure = all.first_failure.or(found.first_failure);
    }
    all.micros.sort_by(f64::total_cmp);
    let cores = ticks().map(|ticks| ticks / 100.0 / begin.elapsed().as_secs_f64());
    writeln!(
        io::stdout(),
        r#"{{"calls":{},"all_calls":{},"calls_per_second":{:.1},"p50_us":{:.1},"p99_us":{:.1},"generator_cores":{:.3},"failures":{},"first_failure":"{}"}}"#,
        all.micros.len(),
        all.calls,
        all.micros.len() as f64 / plan.lasts.as_secs_f64(),
        at(&all.micros, 0.5),
        at(&all.micros, 0.99),
        cores.unwrap_or(-1.0),
        all.failures,
        all.first_failure.unwrap_or_default().escape_default()
    )?;
    Ok(())
}
