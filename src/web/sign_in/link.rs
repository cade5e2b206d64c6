//! A link that signs in once.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::super::context::Web;
use super::super::fault::{Explained, Fault};
use super::super::place::Knock;
use super::{enter, refused};
use crate::office;

/// Signs in whoever has it.
pub(super) async fn enter(
    State(web): State<Web>,
    Knock(from): Knock,
    Path(link): Path<String>,
) -> Result<Response, Fault> {
    match office::sign_in_by_link(web.school(), &link, &from).await {
        Ok(token) => Ok(enter::begun(&web, token.expose(), "/").into_response()),
        Err(refusal) => {
            let what = refused::sign_in(&web, refusal)?;
            Err(Explained::new(what, "Vous pouvez aussi vous connecter par votre mot de passe.")
                .by("/connexion", "Se connecter")
                .into())
        }
    }
}
