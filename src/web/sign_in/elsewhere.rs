//! Identifying oneself at an OpenID provider: there, and back. What binds the way back to this browser is a cookie of
//! ten minutes, taken away as it is used.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::http::header::{HeaderName, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::super::context::Web;
use super::super::fault::{Explained, Fault};
use super::super::onwards::{self, onwards};
use super::super::page::{self, Section};
use super::super::place::Knock;
use super::super::posted::Form;
use super::super::visitor::{self, Visitor};
use super::enter::{self, Wanted};
use super::not_known::{self, NotKnown};
use super::{hint, refused};
use crate::accounts::{Token, Whence};
use crate::identity::{Flow, Identity, OpenId, OpenIdSettings};
use crate::office::{self, SignInRefusal, SignedIn};

/// Where the provider sends people back to.
const BACK: &str = "/connexion/retour";
/// How long somebody may take there.
const TEN_MINUTES: &str = "; Max-Age=600";
const GONE: &str = "; Max-Age=0";
/// A longer address is not gone on to.
const LONGEST_PATH: usize = 500;
/// A policy for forms follows what answers them wherever it leads; a page that goes on by itself begins anew.
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// A page of ours from which somebody goes on to another house at once, or by its link.
#[derive(Template)]
#[template(path = "sign_in/on_the_way.html", config = "src/web/askama.toml")]
pub(super) struct OnTheWay<'a> {
    pub(super) title: &'a str,
    pub(super) what: String,
    pub(super) go: String,
    pub(super) place: &'a str,
}

impl OnTheWay<'_> {
    /// The page, which goes on by itself.
    pub(super) fn into_answer(
        self,
        web: &Web,
        visitor: Option<&Visitor>,
    ) -> Result<Response, Fault> {
        let on = HeaderValue::from_str(&format!("0; url={}", self.place));
        let on = on.map_err(|error| Fault::Broken(error.to_string()))?;
        let page = page::made(web, visitor, Section::SignIn, self.title, &self)?;
        Ok(([(REFRESH, on)], page).into_response())
    }
}

/// Sets out to sign in.
pub(super) async fn set_out(
    State(web): State<Web>,
    visitor: Option<Visitor>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let not_known = not_known(&web, visitor.as_ref())?;
    let token = Token::new().map_err(|error| Fault::Broken(error.to_string()))?;
    let place = way_there(&web, &not_known, token.expose()).await?;
    Ok(([(SET_COOKIE, set_out_cookie(&web, token.expose(), &wanted.path))], page::to(&place))
        .into_response())
}

/// Sets out to tie an account, after a form said so.
pub(super) async fn on_the_way(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let not_known = not_known(&web, Some(&visitor))?;
    let (token, _) = under_way(&web, &headers).ok_or_else(|| not_known.lost())?;
    let place = way_there(&web, &not_known, token).await?;
    let name = not_known.openid.settings().called();
    let (what, go) = (
        format!("{name} vous demande qui vous êtes, puis vous ramène ici."),
        format!("Continuer vers {name}"),
    );
    OnTheWay { title: "En route", what, go, place: &place }.into_answer(&web, Some(&visitor))
}

/// The provider, and what this visitor is told where it says of nobody who they are.
fn not_known<'a>(web: &'a Web, visitor: Option<&Visitor>) -> Result<NotKnown<'a>, Fault> {
    let openid = web.openid().ok_or(Fault::NothingThere)?;
    Ok(NotKnown { openid, is_signed_in: visitor.is_some() })
}

async fn way_there(web: &Web, not_known: &NotKnown<'_>, token: &str) -> Result<String, Fault> {
    let place = not_known.openid.way_there(&Flow::of(token), &back(web)).await;
    place.map_err(|error| not_known.told(&error))
}

/// Comes back: somebody is signed in, or their account is tied, or neither and why.
pub(super) async fn come_back(
    State(web): State<Web>,
    visitor: Option<Visitor>,
    Knock(from): Knock,
    headers: HeaderMap,
    RawQuery(came): RawQuery,
) -> Result<Response, Fault> {
    let not_known = not_known(&web, visitor.as_ref())?;
    let came = Form::asked(came.as_deref().unwrap_or_default());
    let ended = end(&web, &not_known, visitor.as_ref(), &from, &headers, &came).await;
    let page_of = |fault: Fault| page::of_fault(&web, visitor.as_ref(), &fault);
    let mut answer = ended.unwrap_or_else(page_of);
    answer.headers_mut().append(SET_COOKIE, visitor::cookie_of(&web, flow_name(&web), "", GONE));
    Ok(answer)
}

async fn end(
    web: &Web,
    not_known: &NotKnown<'_>,
    visitor: Option<&Visitor>,
    from: &Whence,
    headers: &HeaderMap,
    came: &Form,
) -> Result<Response, Fault> {
    let (token, wanted) = under_way(web, headers).ok_or_else(|| not_known.lost())?;
    let flow = Flow::of(token);
    if !flow.is_answered_by(came.text("state")) {
        return Err(not_known.lost());
    }
    if !not_known.openid.may_be(came.some("iss")) {
        return Err(not_known.broken());
    }
    let Some(code) = came.some("code") else {
        return Err(not_known.not_done(came.text("error")));
    };
    let identity = identity(web, not_known, code, &flow).await?;
    if let Some(visitor) = visitor
        && tied(visitor, token, &identity).await?
    {
        return Ok(page::to("/compte?fait=rattache"));
    }
    let mut answer = signed_in(web, not_known.openid, &identity, from, &wanted).await?;
    answer.headers_mut().append(SET_COOKIE, hint::cookie(web, &identity.hint));
    Ok(answer)
}

/// Who it is. The secret is read as it is used: one that is put right needs no restart.
async fn identity(
    web: &Web,
    not_known: &NotKnown<'_>,
    code: &str,
    flow: &Flow,
) -> Result<Identity, Fault> {
    let openid = not_known.openid;
    let place = &openid.settings().client_secret;
    let secret = office::read_secret(OpenIdSettings::SECRET, place, &web.school().folder);
    let secret = secret.map_err(|error| {
        tracing::error!(%error, "Nobody can sign in by OpenID Connect.");
        not_known.broken()
    })?;
    let identity = openid.identity((code, flow), &back(web), &secret).await;
    identity.map_err(|error| not_known.told(&error))
}

async fn tied(visitor: &Visitor, token: &str, identity: &Identity) -> Result<bool, Fault> {
    let account = &visitor.session().account;
    let tied = office::tie_identity(visitor.school(), account, token, identity).await;
    match tied {
        Ok(tied) => Ok(tied),
        Err(refusal) => {
            let what = refused::account(visitor.school(), refusal)?;
            Err(Explained::new(what, "Regardez « Mon compte ».").by("/compte", "Mon compte").into())
        }
    }
}

async fn signed_in(
    web: &Web,
    openid: &OpenId,
    identity: &Identity,
    from: &Whence,
    wanted: &str,
) -> Result<Response, Fault> {
    match office::sign_in_by_identity(web.school(), identity, from).await {
        Ok(SignedIn::Whole(token)) => Ok(enter::begun(web, token.expose(), onwards(wanted))),
        Ok(SignedIn::NeedsCode(token)) => {
            let next = onwards::by("/connexion/code", onwards(wanted));
            Ok(enter::begun(web, token.expose(), &next))
        }
        Err(refusal) => {
            let then = match refusal {
                SignInRefusal::Unknown => {
                    format!(
                        "Vous avez un compte ? Connectez-vous par votre mot de passe, puis rattachez-le à {} dans « Mon compte ». Sinon, demandez-en un à la personne qui gère les comptes.",
                        openid.settings().called()
                    )
                }
                _ => "Demandez à la personne qui gère les comptes.".to_owned(),
            };
            Err(not_known::by_password(refused::sign_in(web, refusal)?, then))
        }
    }
}

/// Where the provider sends people back to, as it is registered there.
fn back(web: &Web) -> String {
    format!("{}{BACK}", web.address().origin())
}

/// The cookie of somebody who sets out: a token, and where they wanted to go.
pub(crate) fn set_out_cookie(web: &Web, token: &str, wanted: &str) -> HeaderValue {
    let wanted = if wanted.len() > LONGEST_PATH { "" } else { wanted };
    let wanted: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    visitor::cookie_of(web, flow_name(web), &format!("{token}.{wanted}"), TEN_MINUTES)
}

/// The token of who set out, and where they wanted to go.
fn under_way<'a>(web: &Web, headers: &'a HeaderMap) -> Option<(&'a str, String)> {
    let (token, wanted) = visitor::brought(headers, flow_name(web))?.split_once('.')?;
    let wanted = form_urlencoded::parse(wanted.as_bytes()).next();
    Some((token, wanted.map(|(path, _)| path.into_owned()).unwrap_or_default()))
}

fn flow_name(web: &Web) -> &'static str {
    if web.address().is_secure() { "__Host-chappe-ailleurs" } else { "chappe-ailleurs" }
}
