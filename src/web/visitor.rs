//! Who looks at a page: the account of a session, by the cookie that a browser brings.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use super::context::Web;
use super::fault::Fault;
use crate::accounts::Session;
use crate::office::{self, School, Standstill};
use crate::people::{Actor, Right, Whom};

/// Somebody of the school who signed in. Clones share what pages are given.
#[derive(Clone)]
pub(super) struct Visitor {
    web: Web,
    session: Session,
    standstill: Option<Standstill>,
}

impl Visitor {
    /// Why nothing of the school leaves at all, which every page says.
    pub(super) const fn standstill(&self) -> Option<&Standstill> {
        self.standstill.as_ref()
    }

    /// What every page is given.
    pub(super) const fn web(&self) -> &Web {
        &self.web
    }

    /// The school.
    pub(super) fn school(&self) -> &School {
        self.web.school()
    }

    /// The word that their forms carry.
    pub(super) fn csrf(&self) -> &str {
        &self.session.csrf
    }

    /// The session.
    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    /// Who asks the office.
    pub(super) fn actor(&self) -> Actor {
        self.session.account.actor()
    }

    /// Whether their account may do something.
    pub(super) fn may(&self, right: Right) -> bool {
        self.session.account.may(right)
    }

    /// Refused where they have to do with pupils of their own alone: the page shows everybody.
    pub(super) fn sees_everybody(&self) -> Result<(), Fault> {
        if self.whom() == Whom::Everybody { Ok(()) } else { Err(Fault::NotAllowed) }
    }

    /// Whether whoever an audience means may be named to them.
    pub(super) fn may_name_anybody(&self) -> bool {
        self.may(Right::SeeFamilies) && self.whom() == Whom::Everybody
    }

    /// Whom they have to do with.
    pub(super) fn whom(&self) -> Whom {
        Whom::of(&self.session.account)
    }
}

/// Who a request comes from; `None` for whoever is not signed in.
pub(super) async fn of(web: &Web, headers: &HeaderMap) -> Result<Option<Visitor>, Fault> {
    let Some(token) = token(web, headers) else { return Ok(None) };
    let Some(session) = office::session(web.school(), token).await? else { return Ok(None) };
    let standstill = office::standstill(web.school()).await?;
    Ok(Some(Visitor { web: web.clone(), session, standstill }))
}

/// What a browser brings of a session.
pub(super) fn token<'a>(web: &Web, headers: &'a HeaderMap) -> Option<&'a str> {
    brought(headers, cookie_name(web))
}

/// What a browser brings under a name.
pub(super) fn brought<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|it| it.to_str().ok());
    let pairs = cookies.flat_map(|all| all.split(';'));
    let mut pairs = pairs.filter_map(|one| one.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, held)| held)
}

/// The cookie of a session that begins.
pub(super) fn cookie(web: &Web, token: &str) -> HeaderValue {
    cookie_of(web, cookie_name(web), token, "")
}

/// The cookie that ends it.
pub(super) fn no_cookie(web: &Web) -> HeaderValue {
    cookie_of(web, cookie_name(web), "", "; Max-Age=0")
}

/// A cookie that no script reads and no page of elsewhere sends along.
pub(super) fn cookie_of(web: &Web, name: &str, held: &str, more: &str) -> HeaderValue {
    let secure = if web.address().is_secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={held}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A browser takes `__Host-` from nobody but the very origin, and by TLS alone.
fn cookie_name(web: &Web) -> &'static str {
    if web.address().is_secure() { "__Host-chappe" } else { "chappe" }
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or(Fault::NotAllowed)
    }
}

impl OptionalFromRequestParts<Web> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
