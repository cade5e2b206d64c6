//! All sending is held, and goes on again: each confirmed on a page of its own.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of, named};
use crate::channel::Channel;
use crate::office::{self, KeptBack, KeptOnChannel};
use crate::queue::MayHaveLeft;

#[derive(Template)]
#[template(path = "channels/hold.html", config = "src/web/askama.toml")]
struct AskHold<'a> {
    csrf: &'a str,
    faults: Faults,
    field: FormField,
}

/// Asks why everything is to be held.
pub(super) async fn ask(visitor: Visitor) -> Result<WebPage, Fault> {
    made(&visitor, Faults::default())
}

fn made(visitor: &Visitor, faults: Faults) -> Result<WebPage, Fault> {
    let field = FormField::new("raison", "Pourquoi", FieldKind::Line)
        .hint("Les collègues le liront sur toutes les pages. Par exemple : erreur dans l’annonce de ce matin.")
        .required()
        .fault(faults.of("raison"));
    let body = AskHold { csrf: visitor.csrf(), faults, field };
    visitor.page(Section::Channels, "Suspendre tous les envois", &body)
}

/// Holds everything.
pub(super) async fn hold(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let reason = posted.text("raison");
    if reason.is_empty() {
        let mut faults = Faults::default();
        faults.add("raison", "Dites pourquoi, en quelques mots.");
        return Ok(made(&visitor, faults)?.refused().into_response());
    }
    office::hold(visitor.school(), visitor.actor(), reason.to_owned()).await?;
    Ok(page::to("/canaux?fait=suspendu"))
}

#[derive(Template)]
#[template(path = "channels/release.html", config = "src/web/askama.toml")]
struct AskRelease<'a> {
    csrf: &'a str,
    since: String,
    reason: String,
    backup: Option<String>,
    rows: Vec<(&'static str, KeptOnChannel)>,
    total: String,
    leaves: String,
}

/// Shows what would leave, and asks.
pub(super) async fn ask_release(visitor: Visitor) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let kept: KeptBack = office::kept_back(school, &MayHaveLeft::Send).await?;
    let waiting: usize = kept.channels.values().map(|it| it.waiting).sum();
    let rows = kept.channels.into_iter();
    let body = AskRelease {
        csrf: visitor.csrf(),
        since: named(school, kept.since),
        reason: kept.reason,
        backup: kept.backup_taken_at.map(|at| hour_of(school, at)),
        rows: rows.map(|(channel, it)| (Channel::in_french(channel), it)).collect(),
        leaves: count(waiting, "message partira", "messages partiront"),
        total: count(waiting, "message", "messages"),
    };
    visitor.page(Section::Channels, "Reprendre les envois", &body)
}

/// Lets it leave. After a backup was restored, what may have left since is asked about rather than sent again,
/// unless somebody says otherwise.
pub(super) async fn release(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let school = visitor.school();
    let may_have_left = if posted.text("deja-partis") == "demander" {
        MayHaveLeft::Uncertain { asked: office::can_be_asked(school, visitor.web().guard()) }
    } else {
        MayHaveLeft::Send
    };
    office::release(school, visitor.actor(), may_have_left).await?;
    Ok(page::to("/canaux?fait=repris"))
}
