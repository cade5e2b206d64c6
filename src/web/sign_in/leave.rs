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
use crate::identity::Flow;
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
    let by_openid = web.openid().is_some() && hint::brought(&web, &headers).is_some();
    let next = if by_openid { "/connexion/depart" } else { "/connexion" };
    Ok(([(SET_COOKIE, visitor::no_cookie(&web))], page::to(next)).into_response())
}

/// Takes leave of the provider too, where somebody came by it: whoever sits there next must not be let in as them.
pub(super) async fn farewell(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(place) = way_out(&web, &headers).await? else { return Ok(page::to("/connexion")) };
    let name = web.openid().map_or("", |it| it.settings().called());
    let page = OnTheWay {
        title: "Vous êtes déconnecté",
        what: format!(
            "Il reste à fermer votre session chez {name}, pour qui se servirait de cet ordinateur après vous."
        ),
        go: format!("Quitter aussi {name}"),
        place: &place,
    };
    let mut answer = page.into_answer(&web, None)?;
    answer.headers_mut().append(SET_COOKIE, hint::gone(&web));
    Ok(answer)
}

async fn way_out(web: &Web, headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let (Some(openid), Some(hint)) = (web.openid(), hint::brought(web, headers)) else {
        return Ok(None);
    };
    let token = Token::new().map_err(|error| Fault::Broken(error.to_string()))?;
    let back = format!("{}/connexion", web.address().origin());
    Ok(openid.way_out(hint, &back, &Flow::of(token.expose())).await)
}
