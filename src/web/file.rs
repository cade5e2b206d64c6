//! Files that pages give: shown in the browser, or kept by it.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// One that the browser shows.
pub(super) fn shown(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    named(kind, "inline", name, bytes)
}

/// One that the browser keeps.
pub(super) fn kept(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    named(kind, "attachment", name, bytes)
}

fn named(kind: &'static str, how: &str, name: &str, bytes: Vec<u8>) -> Response {
    let mut answer = bytes.into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let named = HeaderValue::from_str(&format!("{how}; filename=\"{name}\""));
    let named = named.unwrap_or(HeaderValue::from_static("attachment"));
    answer.headers_mut().insert(CONTENT_DISPOSITION, named);
    answer
}
