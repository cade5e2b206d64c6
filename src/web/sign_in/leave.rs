//! Signing out: here, and at the OpenID provider by which somebody came.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor;
use super::elsewhere::OnTheWay;
use super::hint;
use crate::accounts::Token;
use crate::identity::{Flow, OpenId};
use crate::office;

/// Ends the session, here and in the database.
pub(super) async fn leave(
    State(web): State<Web>,
    headers: HeaderMap,
    _: Form,
) -> Result<Response, Fault> {
    if let Some(token) = visitor::token(&web, &headers) {
        office::sign_out(web.school(), token).await?;
    }
    let hint = hint::brought(&web, &headers).filter(|_| web.openid().is_some());
    let next = if hint.is_some() { "/connexion/depart" } else { "/connexion" };
    let mut answer = ([(SET_COOKIE, visitor::no_cookie(&web))], page::to(next)).into_response();
    for cookie in hint.map_or_else(Vec::new, |it| hint::leaving(&web, it).into()) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Takes leave of the provider too, where somebody came by it and just signed out: whoever sits there next must not be let
/// in as them.
pub(super) async fn farewell(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let mut answer = match way_out(&web, &headers).await? {
        Some((openid, place)) => on_the_way_out(&web, openid.settings().called(), &place)?,
        None => page::to("/connexion"),
    };
    answer.headers_mut().append(SET_COOKIE, hint::left(&web));
    Ok(answer)
}

fn on_the_way_out(web: &Web, name: &str, place: &str) -> Result<Response, Fault> {
    let page = OnTheWay {
        title: "Vous êtes déconnecté",
        what: format!(
            "Il reste à fermer votre session chez {name}, pour qui se servirait de cet ordinateur après vous."
        ),
        go: format!("Quitter aussi {name}"),
        place,
    };
    page.into_answer(web, None)
}

async fn way_out<'a>(
    web: &'a Web,
    headers: &HeaderMap,
) -> Result<Option<(&'a OpenId, String)>, Fault> {
    let (Some(openid), Some(hint)) = (web.openid(), hint::left_by(web, headers)) else {
        return Ok(None);
    };
    let token = Token::new().map_err(|error| Fault::Broken(error.to_string()))?;
    let back = format!("{}/connexion", web.address().origin());
    let place = openid.way_out(hint, &back, &Flow::of(token.expose())).await;
    Ok(place.map(|place| (openid, place)))
}
