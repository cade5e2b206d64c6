//! What is packed for whoever can unpack it. Pages are not: what they keep secret could be told from their length (BREACH).

use std::io::Write as _;

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

fn unpacks(asked: &HeaderMap) -> bool {
    let accepted = asked.get(ACCEPT_ENCODING).and_then(|it| it.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| one.trim() == "gzip")
}

/// A text, packed; empty where it could not be.
pub(super) fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    // Nothing is written anywhere: it does not fail.
    packer.write_all(text.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default()
}

/// An answer with its body packed, where whoever asks can unpack it.
pub(super) fn packed_for(
    asked: &HeaderMap,
    mut answer: Response,
    packed: impl Into<Body> + AsRef<[u8]>,
) -> Response {
    answer.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    if unpacks(asked) && !packed.as_ref().is_empty() {
        *answer.body_mut() = packed.into();
        answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}
