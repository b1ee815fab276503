//! Servers behind TLS, with certificates good and bad.

use crate::stand_in::{Reply, Request, serve};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use revarch_remote::{Limits, RemoteError, ServerConfig, ServerReading, Servers};
use serde_json::json;
use std::{path::Path, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig as TlsConfig, pki_types::PrivateKeyDer},
};

/// A server whose certificate is for `host` and good up to `year`; returns its port and its authority.
async fn start(host: &str, year: i32) -> (u16, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 1, 1);
    let certificate = params.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = TlsConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, Arc::new(answer)).await;
                }
            });
        }
    });
    (port, authority.pem())
}

fn answer(request: &Request) -> Reply {
    let result = match request.asks() {
        "server/discover" => json!({"supportedVersions": ["2026-07-28"], "capabilities": {}}),
        _ => json!({"tools": [{"name": "behind_tls"}]}),
    };
    Reply::json(&json!({"jsonrpc": "2.0", "id": request.body["id"], "result": result}))
}

async fn inspect(port: u16, authority: Option<&str>) -> Result<ServerReading, RemoteError> {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = authority.map(|authority| write(folder.path(), authority));
    let url = Some(format!("https://localhost:{port}/mcp"));
    let config = ServerConfig { url, ca_file, allow_private: true, ..ServerConfig::default() };
    let servers = Servers::new(vec![config.named("t").unwrap()]);
    servers.inspect("t", Limits::within(Duration::from_secs(5))).await
}

fn write(folder: &Path, authority: &str) -> std::path::PathBuf {
    let file = folder.join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    file
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_named_is_accepted() {
    let (port, authority) = start("localhost", 2090).await;
    let reading = inspect(port, Some(&authority)).await.unwrap();
    assert_eq!(reading.tools.items[0]["name"], "behind_tls");
}

async fn refused(host: &str, year: i32, names_authority: bool) -> String {
    let (port, authority) = start(host, year).await;
    let error = inspect(port, names_authority.then_some(&*authority)).await.unwrap_err();
    assert!(matches!(error, RemoteError::Certificate { .. }), "{error:?}");
    assert!(error.hint().contains("ca_file"));
    error.to_string()
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let error = refused("localhost", 2021, true).await;
    assert!(error.contains("expired"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let error = refused("other.example", 2090, true).await;
    assert!(error.contains("not valid for name"), "{error}");
}

#[tokio::test]
async fn a_certificate_of_an_authority_nobody_knows_is_refused() {
    let error = refused("localhost", 2090, false).await;
    assert!(error.to_lowercase().contains("issuer"), "{error}");
}

#[tokio::test]
async fn an_authority_that_cannot_be_read_is_told() {
    let error = inspect(9, Some("no certificate")).await.unwrap_err();
    assert!(error.to_string().contains("holds no PEM certificate"), "{error}");
}
