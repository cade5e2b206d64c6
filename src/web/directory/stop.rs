//! A STOP is undone: whoever asked for no more messages by a way is written to there again.

use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::form::ActForm;
use super::meant::who;
use super::{person, words};
use crate::channel::Channel;
use crate::office::{self, Dossier, DossierContact};
use crate::people::ContactState;

/// Which way, by its place among those of the page.
#[derive(Deserialize)]
pub(super) struct WhichWay {
    n: Option<usize>,
}

/// Asks, with whence the STOP came.
pub(super) async fn ask(
    visitor: Visitor,
    Path(handle): Path<String>,
    Query(WhichWay { n }): Query<WhichWay>,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let contact = n.and_then(|n| dossier.contacts.get(n));
    let contact = contact.filter(|it| it.state == ContactState::OptedOut);
    made(&dossier, contact.ok_or(Fault::NothingThere)?).page(&visitor)
}

/// Writes to them again.
pub(super) async fn undo(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let channel: Channel = posted.text("voie").parse().map_err(|_| Fault::Unreadable)?;
    let is_it = |it: &&DossierContact| it.state == ContactState::OptedOut && it.channel == channel;
    let contact = dossier.contacts.iter().find(is_it).ok_or(Fault::NothingThere)?;
    let form = made(&dossier, contact);
    let (school, actor) = (visitor.school(), visitor.actor());
    let done = office::undo_stop(school, actor, &who(&dossier), Some(channel)).await;
    form.done(&visitor, done, |_| format!("{}?fait=stop", person::path(&dossier)))
}

fn made(dossier: &Dossier, contact: &DossierContact) -> ActForm {
    let (path, name) = (person::path(dossier), &dossier.name);
    ActForm {
        title: "Annuler ce STOP ?".to_owned(),
        lead: vec![
            words::whence(contact.stop_from).to_owned(),
            format!(
                "Ce qui partira désormais ira de nouveau à {name} par cette voie ({}), et à quiconque a la même coordonnée. \
                 Faites-le si la personne le demande, ou si le STOP n’était pas d’elle.",
                contact.value
            ),
        ],
        hidden: vec![("voie", contact.channel.as_str().to_owned())],
        action: format!("{path}/stop"),
        button: "Écrire de nouveau par cette voie".to_owned(),
        back: path,
        ..ActForm::default()
    }
}
