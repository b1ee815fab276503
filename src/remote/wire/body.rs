//! What an HTTP server answers, read with a limit.

use crate::RemoteError;
use reqwest::Response;

/// A body, or the part of it that fits.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether more followed.
    pub(crate) is_cut: bool,
}

/// Reads a body up to `limit` bytes.
pub(crate) async fn read(
    name: &str,
    attempt: &str,
    mut response: Response,
    limit: usize,
) -> Result<Body, RemoteError> {
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|error| RemoteError::Conversation {
            name: name.to_owned(),
            attempt: attempt.to_owned(),
            reason: format!("the connection broke while it answered: {}", innermost(&error.without_url())),
        })?;
        let Some(chunk) = chunk else { return Ok(Body { bytes, is_cut: false }) };
        if bytes.len() + chunk.len() > limit {
            bytes.extend_from_slice(&chunk[..limit - bytes.len()]);
            return Ok(Body { bytes, is_cut: true });
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// The cause at the bottom of an error, which says most.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    super::brief(&deepest.to_string())
}
