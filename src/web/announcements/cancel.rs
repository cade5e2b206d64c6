//! An announcement is cancelled: at once as long as nothing has left, and else asked on a page of its own.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::{decide, found};
use crate::message::MessageState;
use crate::office;
use crate::queue::Addressees;

const TITLE: &str = "Annuler cette annonce ?";

#[derive(Template)]
#[template(path = "announcements/cancel.html", config = "src/web/askama.toml")]
struct CancelBody<'a> {
    csrf: &'a str,
    code: String,
    subject: String,
    told: String,
    button: String,
    is_too_late: bool,
}

/// Asks, with the number of those whom it spares.
pub(super) async fn ask(visitor: Visitor, Path(code): Path<String>) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    let overview = office::overview(visitor.school(), &message).await?;
    let all = overview.status.addressees;
    let spared = all.waiting + all.on_letter + all.on_call;
    let body = CancelBody {
        csrf: &visitor.session().csrf,
        code: message.code.to_string(),
        told: told(spared, all),
        button: format!("Annuler pour {}", count(spared, "destinataire", "destinataires")),
        is_too_late: spared == 0 || overview.status.state == MessageState::Cancelled,
        subject: overview.subject,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

fn told(spared: usize, all: Addressees) -> String {
    let others = all.total - spared - all.cancelled;
    let spared =
        count(spared, "destinataire ne la recevra pas", "destinataires ne la recevront pas");
    match others {
        0 => format!("{spared} ; personne ne l’a encore."),
        others => format!(
            "{spared} ; {}. Annuler est définitif.",
            count(
                others,
                "autre l’a déjà, ou ne peut être joint",
                "autres l’ont déjà, ou ne peuvent être joints"
            )
        ),
    }
}

/// Cancels. Whoever pressed as nothing had left is asked where something has since.
pub(super) async fn cancel(
    visitor: Visitor,
    Path(code): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    let now = visitor.school().clock.now();
    let has_begun = message.terms.starts_at.is_none_or(|at| at <= now);
    if posted.has("avant-depart") && has_begun {
        return Ok(page::to(&format!("/annonces/{}/annuler", message.code)));
    }
    decide::bring(&visitor, &code, MessageState::Cancelled, "annulee").await
}
