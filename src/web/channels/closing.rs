//! A person closes a channel until a moment, and says why; or opens it again.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::typed;
use super::super::visitor::Visitor;
use crate::channel::Channel;
use crate::office::{self, Close};

#[derive(Template)]
#[template(path = "channels/close.html", config = "src/web/askama.toml")]
struct CloseForm<'a> {
    csrf: &'a str,
    word: &'static str,
    name: &'static str,
    faults: Faults,
    fields: Vec<FormField>,
}

fn channel(typed: &str) -> Result<Channel, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

/// Asks why, and until when.
pub(super) async fn form(visitor: Visitor, Path(typed): Path<String>) -> Result<WebPage, Fault> {
    made(&visitor, channel(&typed)?, ("", ""), Faults::default())
}

fn made(
    visitor: &Visitor,
    channel: Channel,
    (until, reason): (&str, &str),
    faults: Faults,
) -> Result<WebPage, Fault> {
    let reason = FormField::new("raison", "Pourquoi", FieldKind::Line)
        .hint("Les collègues et les familles le demanderont. Par exemple : panne annoncée par la région.")
        .typed(reason)
        .required()
        .fault(faults.of("raison"));
    let until = FormField::new("jusqu-a", "Jusqu’à quand", FieldKind::Line)
        .hint(format!("Vide : jusqu’à ce que quelqu’un le rouvre. {}", typed::AS_TYPED))
        .typed(until)
        .fault(faults.of("jusqu-a"));
    let name = channel.in_french();
    let fields = vec![reason, until];
    let body = CloseForm { csrf: visitor.csrf(), word: channel.as_str(), name, faults, fields };
    visitor.page(Section::Channels, &format!("Fermer le canal {name}"), &body)
}

/// Closes it.
pub(super) async fn close(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let (school, channel) = (visitor.school(), channel(&named)?);
    let (until, reason) = (posted.text("jusqu-a"), posted.text("raison"));
    let mut faults = Faults::default();
    if reason.is_empty() {
        faults.add("raison", "Dites pourquoi, en quelques mots.");
    }
    let at = typed::to_come(school, "jusqu-a", until, &mut faults);
    if faults.is_none() {
        let by = visitor.session().account.name.clone();
        let close = Close { channel, until: at, reason: reason.to_owned(), by };
        let closed = office::close_channel(school, visitor.actor(), close).await?;
        return Ok(page::to(&format!("/canaux?fait=ferme&voies={}", closed.moved_on)));
    }
    Ok(made(&visitor, channel, (until, reason), faults)?.refused().into_response())
}

/// Opens it again.
pub(super) async fn open(
    visitor: Visitor,
    Path(named): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    office::open_channel(visitor.school(), visitor.actor(), channel(&named)?).await?;
    Ok(page::to("/canaux?fait=ouvert"))
}
