//! The pages' style, script and mark: in the program, under names that change with what they hold.

use std::sync::LazyLock;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const MARK: &str = include_str!("mark.svg");

/// The address of the style.
pub(super) static STYLE_PATH: LazyLock<String> = LazyLock::new(|| named("style", STYLE, "css"));
/// The address of the script.
pub(super) static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| named("script", SCRIPT, "js"));

/// Where they are served.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(&STYLE_PATH, get(async || file(STYLE, "text/css; charset=utf-8", FOREVER)))
        .route(&SCRIPT_PATH, get(async || file(SCRIPT, "text/javascript; charset=utf-8", FOREVER)))
        .route("/icone.svg", get(async || file(MARK, "image/svg+xml", A_DAY)))
}

const FOREVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

fn file(text: &'static str, kind: &'static str, kept: &'static str) -> Response {
    let mut answer = text.into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    answer
}

/// A name that another content does not have: FNV-1a of 64 bits, which nobody need trust.
fn named(stem: &str, text: &str, ending: &str) -> String {
    let mixed = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = text.bytes().fold(0xcbf2_9ce4_8422_2325, mixed);
    format!("/{stem}-{sum:016x}.{ending}")
}
