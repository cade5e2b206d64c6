//! Whoever is not signed in yet: their forms are ours too, by a token of their own that a cookie holds.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use super::context::Web;
use super::fault::Fault;
use super::visitor::{self, Visitor};
use crate::accounts::Token;

/// Somebody who is not signed in.
#[derive(Clone)]
pub(super) struct Stranger {
    token: String,
    is_new: bool,
}

impl Stranger {
    /// By the cookie that they bring, or with a new one.
    pub(super) fn of(web: &Web, headers: &HeaderMap) -> Result<Self, Fault> {
        if let Some(token) = visitor::brought(headers, name(web)) {
            return Ok(Self { token: token.to_owned(), is_new: false });
        }
        let token = Token::new().map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(Self { token: token.expose().to_owned(), is_new: true })
    }

    /// What each of their forms holds.
    pub(super) fn csrf(&self) -> String {
        Token::csrf_of(&self.token)
    }

    /// The cookie that they are given, where they have none.
    pub(super) fn cookie(&self, web: &Web) -> Option<HeaderValue> {
        self.is_new.then(|| visitor::cookie_of(web, name(web), &self.token, ""))
    }
}

fn name(web: &Web) -> &'static str {
    if web.address().is_secure() { "__Host-chappe-avant" } else { "chappe-avant" }
}

/// What a form holds by which it is known to be ours, whoever looks at it.
pub(super) struct Csrf(pub(super) String);

impl Csrf {
    /// Of whoever asks.
    pub(super) fn of(extensions: &axum::http::Extensions) -> Option<Self> {
        let visitor = extensions.get::<Visitor>().map(|it| it.session().csrf.clone());
        visitor.or_else(|| extensions.get::<Stranger>().map(Stranger::csrf)).map(Self)
    }

    /// Whether a form that came in holds it; takes as long whatever it holds.
    pub(super) fn is_in(&self, posted: &str) -> bool {
        Token::hash_of(posted) == Token::hash_of(&self.0)
    }
}

impl FromRequestParts<Web> for Csrf {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions).unwrap_or_else(|| Self(String::new())))
    }
}
