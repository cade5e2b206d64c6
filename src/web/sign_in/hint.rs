//! By what an OpenID provider knows whose session ends: the ID token by which somebody came, which their browser alone keeps.

use axum::http::{HeaderMap, HeaderValue};

use super::super::context::Web;
use super::super::visitor;

/// A longer one is kept by no browser.
const LONGEST: usize = 3_500;
/// Whoever signed out here goes on to the provider at once.
const ONE_MINUTE: &str = "; Max-Age=60";

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

/// The cookies of somebody who signed out: for a minute, the provider may be left by it too. No address alone does that.
pub(super) fn leaving(web: &Web, id_token: &str) -> [HeaderValue; 2] {
    [gone(web), visitor::cookie_of(web, leaving_name(web), id_token, ONE_MINUTE)]
}

/// The one by which the provider is left, of somebody who signed out.
pub(super) fn left_by<'a>(web: &Web, headers: &'a HeaderMap) -> Option<&'a str> {
    visitor::brought(headers, leaving_name(web)).filter(|it| !it.is_empty())
}

/// The cookie that takes that one away.
pub(super) fn left(web: &Web) -> HeaderValue {
    visitor::cookie_of(web, leaving_name(web), "", "; Max-Age=0")
}

/// The cookie that takes it away.
pub(super) fn gone(web: &Web) -> HeaderValue {
    visitor::cookie_of(web, name(web), "", "; Max-Age=0")
}

fn name(web: &Web) -> &'static str {
    if web.address().is_secure() { "__Host-chappe-identite" } else { "chappe-identite" }
}

fn leaving_name(web: &Web) -> &'static str {
    if web.address().is_secure() { "__Host-chappe-depart" } else { "chappe-depart" }
}
