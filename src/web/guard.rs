//! What stands before every page: it is asked at its own address, by its own pages, and says to the browser what
//! a page may do.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::context::Web;
use super::fault::Fault;

/// Only what the page's own origin serves, and nothing of another's pages around it. What a page shows in a frame
/// has a stricter one of its own.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TWO_YEARS: &str = "max-age=63072000";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Refuses what no page of ours asks, and puts on every answer what it is to keep to.
pub(super) async fn guard(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut answer = if !web.address().is_asked(request.headers()) {
        Fault::Elsewhere.into_page(&web)
    } else if changes(request.method()) && !is_ours(&web, request.headers()) {
        Fault::Foreign.into_page(&web)
    } else {
        next.run(request).await
    };
    let headers = answer.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.entry(X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(REFERRER_POLICY, "same-origin");
    put(OPENER_POLICY, "same-origin");
    if web.address().is_secure() {
        put(STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a browser says that a page of ours asks. Every browser says one or the other of what it posts; who
/// says neither is none.
fn is_ours(web: &Web, headers: &HeaderMap) -> bool {
    let of = |name| headers.get(name).and_then(|it: &HeaderValue| it.to_str().ok());
    match (of(FETCH_SITE), of(ORIGIN)) {
        (Some(site), _) if site != "same-origin" => false,
        (_, Some(origin)) => web.address().is_origin(origin),
        (site, None) => site.is_some(),
    }
}

impl Fault {
    fn into_page(self, web: &Web) -> Response {
        super::page::of_fault(web, None, &self).into_response()
    }
}
