//! The one gate through which every HTTP request leaves.
//!
//! Each host is looked up once, judged, and connected to at the addresses found then. Redirects are not left
//! to the HTTP library: each is judged like a first address, and credentials stay with the host they were
//! meant for.

use super::body::innermost;
use crate::{
    RemoteError,
    address::{Allowed, Destination, destination},
};
use reqwest::{Certificate, Client, Method, Response, StatusCode, Url, header::HeaderMap};
use std::{collections::HashMap, error::Error as _, path::Path, time::Duration};

/// Redirects that are followed for one request.
const MAX_REDIRECTS: usize = 3;
/// How long a connection may take to be made.
const TIME_TO_CONNECT: Duration = Duration::from_secs(10);

/// A request.
#[derive(Debug)]
pub(crate) struct Sending<'a> {
    pub(crate) method: Method,
    pub(crate) attempt: &'a str,
    /// Sent wherever the request leads.
    pub(crate) headers: &'a HeaderMap,
    /// Sent to the host of the configured address only.
    pub(crate) credentials: &'a HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

/// Where a connection leads: scheme, host and port.
type Origin = (String, String, u16);

#[derive(Debug)]
pub(crate) struct Gate {
    name: String,
    home: Url,
    allowed: Allowed,
    authorities: Vec<Certificate>,
    clients: HashMap<Origin, Client>,
    redirected: Option<String>,
}

impl Gate {
    /// A gate to the configured address.
    pub(crate) async fn new(
        name: &str,
        url: &str,
        allowed: Allowed,
        ca_file: Option<&Path>,
    ) -> Result<Self, RemoteError> {
        let authorities = match ca_file {
            Some(file) => read_certificates(name, file).await?,
            None => Vec::new(),
        };
        let destination = destination(name, url, allowed).await?;
        let home = destination.url.clone();
        let mut gate = Self {
            name: name.to_owned(),
            home,
            allowed,
            authorities,
            clients: HashMap::new(),
            redirected: None,
        };
        gate.open(&destination)?;
        Ok(gate)
    }

    /// The configured address.
    pub(crate) fn home(&self) -> &Url {
        &self.home
    }

    /// Where the server sent us, if it did.
    pub(crate) fn redirected(&self) -> Option<&str> {
        self.redirected.as_deref()
    }

    /// Sends a request to `url` and follows where that leads, within bounds.
    pub(crate) async fn send(&mut self, url: &Url, sending: &Sending<'_>) -> Result<Response, RemoteError> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_once(&url, sending).await?;
            let Some(next) = self.next(&url, &response, sending)? else { return Ok(response) };
            self.redirected = Some(shown(&next));
            url = next;
        }
        Err(self.not_followed(&url, &format!("it is the redirect after {MAX_REDIRECTS} others")))
    }

    async fn send_once(&mut self, url: &Url, sending: &Sending<'_>) -> Result<Response, RemoteError> {
        let is_home = origin(url) == origin(&self.home);
        let client = self.client(url).await?;
        let mut request =
            client.request(sending.method.clone(), url.clone()).headers(sending.headers.clone());
        if is_home {
            request = request.headers(sending.credentials.clone());
        }
        if let Some(body) = &sending.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| self.unreachable(url, sending.attempt, error))
    }

    /// The client for a host: the one that is there, or a new one once the host has been judged.
    async fn client(&mut self, url: &Url) -> Result<Client, RemoteError> {
        if let Some(client) = self.clients.get(&origin(url)) {
            return Ok(client.clone());
        }
        let allowed = Allowed { unlooked: self.allowed.unlooked, ..Allowed::default() };
        let found = destination(&self.name, url.as_str(), allowed).await.map_err(|error| match error {
            RemoteError::PrivateAddress { .. } => self.not_followed(url, "it has a private address"),
            RemoteError::Config { reason, .. } => self.not_followed(url, &reason),
            other => other,
        })?;
        self.open(&found)
    }

    /// Where a response sends us, if anywhere.
    fn next(
        &self,
        url: &Url,
        response: &Response,
        sending: &Sending<'_>,
    ) -> Result<Option<Url>, RemoteError> {
        let keeps_method =
            matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
        let moves = matches!(
            response.status(),
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER
        );
        if !keeps_method && !moves {
            return Ok(None);
        }
        let location =
            response.headers().get(reqwest::header::LOCATION).and_then(|value| value.to_str().ok());
        let Some(next) = location.and_then(|location| url.join(location).ok()) else {
            return Err(RemoteError::Conversation {
                name: self.name.clone(),
                attempt: sending.attempt.to_owned(),
                reason: format!("it answered {} without saying where to", response.status().as_u16()),
            });
        };
        if moves && sending.method != Method::GET {
            let status = response.status().as_u16();
            return Err(self.not_followed(&next, &format!("after {status} a POST turns into a GET")));
        }
        if url.scheme() == "https" && next.scheme() != "https" {
            return Err(self.not_followed(&next, "it leaves https"));
        }
        Ok(Some(next))
    }

    fn open(&mut self, destination: &Destination) -> Result<Client, RemoteError> {
        let Destination { url, host, addresses } = destination;
        let mut builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(TIME_TO_CONNECT)
            .user_agent(concat!("revarch/", env!("CARGO_PKG_VERSION")))
            .pool_max_idle_per_host(0);
        if !self.allowed.unlooked {
            builder = builder.no_proxy().resolve_to_addrs(host, addresses);
        }
        if !self.authorities.is_empty() {
            builder = builder.tls_certs_merge(self.authorities.clone());
        }
        let client = builder.build().map_err(|error| RemoteError::Conversation {
            name: self.name.clone(),
            attempt: "preparing the connection".to_owned(),
            reason: innermost(&error),
        })?;
        self.clients.insert(origin(url), client.clone());
        Ok(client)
    }

    fn unreachable(&self, url: &Url, attempt: &str, error: reqwest::Error) -> RemoteError {
        let error = error.without_url();
        let name = self.name.clone();
        let host = url.host_str().unwrap_or_default().to_owned();
        let reason = innermost(&error);
        if error.is_connect() && whole(&error).contains("certificate") {
            return RemoteError::Certificate { name, host, reason };
        }
        if error.is_connect() {
            return RemoteError::Connect { name, host, reason };
        }
        let reason = format!("the connection broke: {reason}");
        RemoteError::Conversation { name, attempt: attempt.to_owned(), reason }
    }

    fn not_followed(&self, url: &Url, reason: &str) -> RemoteError {
        RemoteError::Redirect { name: self.name.clone(), to: shown(url), reason: reason.to_owned() }
    }
}

async fn read_certificates(name: &str, file: &Path) -> Result<Vec<Certificate>, RemoteError> {
    let wrong = |reason: String| RemoteError::Config { name: name.to_owned(), reason };
    let bytes = tokio::fs::read(file)
        .await
        .map_err(|error| wrong(format!("cannot read `ca_file` {}: {error}", file.display())))?;
    match Certificate::from_pem_bundle(&bytes) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(wrong(format!("`ca_file` {} holds no PEM certificate", file.display()))),
    }
}

fn origin(url: &Url) -> Origin {
    let host = url.host_str().unwrap_or_default().to_owned();
    (url.scheme().to_owned(), host, url.port_or_known_default().unwrap_or_default())
}

/// An address without what may be secret in it: its path, query and user.
fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// An error with all its causes.
fn whole(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        task::JoinHandle,
    };

    /// Answers one request and returns it as it came.
    async fn once(answer: String) -> (SocketAddr, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 8192];
            let read = stream.read(&mut bytes).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&bytes[..read]).to_lowercase()
        });
        (address, asked)
    }

    fn destination_of(url: &str, address: SocketAddr) -> Destination {
        let url = Url::parse(url).unwrap();
        let host = url.host_str().unwrap().to_owned();
        Destination { url, host, addresses: vec![address] }
    }

    #[tokio::test]
    async fn a_connection_goes_where_the_host_was_found_and_credentials_stay_at_home() {
        let (far, asked_far) = once("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
        let far_url = format!("http://far.invalid:{}/x", far.port());
        let redirect = format!("HTTP/1.1 307 X\r\nlocation: {far_url}\r\ncontent-length: 0\r\n\r\n");
        let (home, asked_home) = once(redirect).await;
        let allowed = Allowed { private: true, ..Allowed::default() };
        let url = format!("http://127.0.0.1:{}/mcp", home.port());
        let mut gate = Gate::new("g", &url, allowed, None).await.unwrap();
        // Names that lead nowhere show that nobody looks them up a second time.
        gate.open(&destination_of(&far_url, far)).unwrap();
        let credentials =
            HeaderMap::from_iter([(reqwest::header::AUTHORIZATION, "Bearer x".parse().unwrap())]);
        let headers = HeaderMap::from_iter([(reqwest::header::ACCEPT, "a/b".parse().unwrap())]);
        let body = Some(b"hello".to_vec());
        let sending = Sending {
            method: Method::POST,
            attempt: "a",
            headers: &headers,
            credentials: &credentials,
            body,
        };
        let url = gate.home().clone();
        assert_eq!(gate.send(&url, &sending).await.unwrap().status(), 200);
        let (home, far) = (asked_home.await.unwrap(), asked_far.await.unwrap());
        assert!(home.contains("authorization: bearer x") && home.contains("accept: a/b"), "{home}");
        assert!(far.starts_with("post /x") && far.contains("accept: a/b") && far.ends_with("hello"), "{far}");
        assert!(!far.contains("bearer"), "{far}");
        assert!(gate.redirected().unwrap().starts_with("http://far.invalid:"));
    }
}
