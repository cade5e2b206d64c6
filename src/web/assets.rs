//! The pages' style, script and mark: in the program, under names that change with what they hold.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::packed::{packed, packed_for};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const MARK: &str = include_str!("mark.svg");

/// The address of the style.
pub(super) static STYLE_PATH: LazyLock<String> = LazyLock::new(|| named("style", STYLE, "css"));
/// The address of the script.
pub(super) static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| named("script", SCRIPT, "js"));

/// A text that is served as it is, or packed.
struct Asset {
    text: &'static str,
    packed: LazyLock<Vec<u8>>,
    kind: &'static str,
}

static STYLE_SHEET: Asset =
    Asset { text: STYLE, packed: LazyLock::new(|| packed(STYLE)), kind: "text/css; charset=utf-8" };
static OUR_SCRIPT: Asset = Asset {
    text: SCRIPT,
    packed: LazyLock::new(|| packed(SCRIPT)),
    kind: "text/javascript; charset=utf-8",
};

/// Where they are served.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(&STYLE_PATH, get(async |headers: HeaderMap| STYLE_SHEET.answer(&headers)))
        .route(&SCRIPT_PATH, get(async |headers: HeaderMap| OUR_SCRIPT.answer(&headers)))
        .route("/icone.svg", get(async || file(MARK, "image/svg+xml", A_DAY)))
}

const FOREVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

impl Asset {
    fn answer(&'static self, asked: &HeaderMap) -> Response {
        let answer = file(self.text, self.kind, FOREVER);
        packed_for(asked, answer, self.packed.as_slice())
    }
}

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
