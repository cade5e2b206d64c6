//! Files that pages give: shown in the browser, or kept by it.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::percent;

/// Where a browser shows it all the same: without scripts, and at no address of ours.
const SANDBOX: &str = "sandbox; default-src 'none'";

/// One that the browser shows.
pub(super) fn shown(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    named(kind, "inline", name, bytes)
}

/// One that the browser keeps.
pub(super) fn kept(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    named(kind, "attachment", name, bytes)
}

/// One that somebody from outside sent. The browser keeps it, whatever it is: nothing of it is shown or run at our address.
pub(super) fn foreign(name: &str, bytes: Vec<u8>) -> Response {
    let plain = |sign: char| sign == ' ' || (sign.is_ascii_graphic() && !"\"\\%".contains(sign));
    let in_ascii: String = name.chars().map(|it| if plain(it) { it } else { '_' }).collect();
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    // Both forms (RFC 6266): what reads only the first has a name as well.
    let whole = percent::encoded(name);
    let named = format!("attachment; filename=\"{in_ascii}\"; filename*=UTF-8''{whole}");
    let named = HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, named);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    answer
}

fn named(kind: &'static str, how: &str, name: &str, bytes: Vec<u8>) -> Response {
    let mut answer = bytes.into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let named = HeaderValue::from_str(&format!("{how}; filename=\"{name}\""));
    let named = named.unwrap_or(HeaderValue::from_static("attachment"));
    answer.headers_mut().insert(CONTENT_DISPOSITION, named);
    answer
}
