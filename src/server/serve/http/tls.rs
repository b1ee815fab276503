//! The certificate that the server shows, read so that every fault is told.

use super::validity::Validity;
use crate::{config::Tls, failure::Failure};
use axum_server::tls_rustls::RustlsConfig;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use std::{fs, path::Path, sync::Arc};

/// Only HTTP/1.1 is served.
const PROTOCOL: &[u8] = b"http/1.1";

/// Hours before its end at which a certificate is worth a warning.
const SOON_HOURS: i64 = 14 * 24;

/// Reads the files and checks that they belong together and hold today.
pub(super) async fn open(tls: &Tls) -> Result<RustlsConfig, Failure> {
    let (certificate, key) = (read(&tls.certificate, "certificate")?, read(&tls.key, "key")?);
    check_dates(&certificate, &tls.certificate)?;
    let config = RustlsConfig::from_pem(certificate, key).await.map_err(|error| {
        Failure::Usage(format!(
            "cannot serve HTTPS with the certificate {} and the key {}: {error}\n\
             hint: both have to be PEM, and the key has to be that of the first certificate in the file",
            tls.certificate.display(),
            tls.key.display()
        ))
    })?;
    let mut whole = (*config.get_inner()).clone();
    whole.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(whole)))
}

/// Reads the files again. Connections that are open keep what they were opened with.
pub(super) async fn renew(config: &RustlsConfig, tls: &Tls) {
    match open(tls).await {
        Ok(renewed) => {
            config.reload_from_config(renewed.get_inner());
            tracing::info!(certificate = %tls.certificate.display(), "the certificate was read again");
        }
        Err(failure) => {
            tracing::error!(reason = %failure.text(), "the certificate is not renewed; the one before stays");
        }
    }
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::Usage(format!(
            "cannot read the TLS {what} {}: {error}\nhint: name a PEM file under `{what}` of [http.tls]",
            path.display()
        ))
    })
}

fn check_dates(pem: &[u8], path: &Path) -> Result<(), Failure> {
    let refuse = |reason: String, hint: &str| {
        Failure::Usage(format!("cannot use the TLS certificate {}: {reason}\nhint: {hint}", path.display()))
    };
    let write = "write it as PEM, beginning with -----BEGIN CERTIFICATE-----";
    let first = CertificateDer::from_pem_slice(pem)
        .map_err(|error| refuse(format!("it holds no certificate as PEM: {error}"), write))?;
    let Validity { begins, ends } =
        Validity::of(&first).ok_or_else(|| refuse("it holds no certificate".to_owned(), write))?;
    let now = Timestamp::now();
    if now > ends {
        return Err(refuse(format!("it expired on {ends}"), "renew it"));
    }
    if now < begins {
        let hint = "check the clock of this machine, or wait";
        return Err(refuse(format!("it is not valid before {begins}"), hint));
    }
    let hours = ends.duration_since(now).as_hours();
    if hours < SOON_HOURS {
        tracing::warn!(certificate = %path.display(), "the certificate expires in {hours} hours");
    }
    Ok(())
}
