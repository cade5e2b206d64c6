//! By what an OpenID provider knows whose session ends: the ID token by which somebody came, which their browser alone keeps.

use axum::http::{HeaderMap, HeaderValue};

use super::super::context::Web;
use super::super::visitor;

/// A longer one is kept by no browser.
const LONGEST: usize = 3_500;

/// The one that a browser brings.
pub(super) fn brought<'a>(web: &Web, headers: &'a HeaderMap) -> Option<&'a str> {
    visitor::brought(headers, name(web)).filter(|it| !it.is_empty())
}

/// The cookie that holds it, or takes an earlier one away.
pub(super) fn cookie(web: &Web, id_token: &str) -> HeaderValue {
    if id_token.len() > LONGEST {
        gone(web)
    } else {
        visitor::cookie_of(web, name(web), id_token, "")
    }
}

/// The cookie that takes it away.
pub(super) fn gone(web: &Web) -> HeaderValue {
    visitor::cookie_of(web, name(web), "", "; Max-Age=0")
}

fn name(web: &Web) -> &'static str {
    if web.address().is_secure() { "__Host-chappe-identite" } else { "chappe-identite" }
}
