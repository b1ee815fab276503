//! What a request asks for, read ahead of the protocol.
//!
//! # Design
//!
//! A token that does not open a tool has to be answered with the HTTP status 403, and over the older protocol the
//! status is sent before the tool is looked up. So the body is read here, and never the headers `Mcp-Method` and
//! `Mcp-Name`, which a caller could let say something else. Whatever cannot be read here goes on to the protocol, which
//! refuses it for what it is; whatever is read here differently than there is still held to the caller's rights where
//! the tool is looked up.

use super::refusal::Refusal;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
};
use rmcp::model::RequestId;
use serde::Deserialize;

/// What a request asks for, as far as rights depend on it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The request's name.
    pub(super) id: Option<RequestId>,
    /// The method.
    #[serde(default)]
    pub(super) method: String,
    /// Its parameters.
    #[serde(default)]
    pub(super) params: Params,
}

/// The parameters that say what is used.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Params {
    /// A tool or a prompt.
    pub(super) name: Option<String>,
    /// A resource.
    pub(super) uri: Option<String>,
}

/// Reads the body, and puts it back.
pub(super) async fn read(request: Request, longest: usize) -> Result<(Request, Option<Asked>), Refusal> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, longest).await.map_err(|_| Refusal::TooLong)?;
    let asked = serde_json::from_slice(&bytes).ok();
    Ok((Request::from_parts(parts, Body::from(bytes)), asked))
}
