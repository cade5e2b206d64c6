//! An announcement again, for those whom nothing reached and who can be reached now.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::approvals::first::{self, AskFirst};
use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::found;
use crate::message::{Draft, Follows, Message, Terms, Urgency};
use crate::office::{self, Ready, Refusal};
use crate::people::Right;

const TITLE: &str = "Relancer les non joints ?";

#[derive(Template)]
#[template(path = "announcements/retry.html", config = "src/web/askama.toml")]
struct RetryBody<'a> {
    csrf: &'a str,
    code: String,
    subject: String,
    told: String,
    ways: Vec<String>,
    button: String,
    /// What there is in the place of sending it, where a second person says yes first.
    first: Option<AskFirst>,
}

/// Asks, with the number of those who can be reached now.
pub(super) async fn ask(visitor: Visitor, Path(code): Path<String>) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    let school = visitor.school();
    let ready = ready(&visitor, &message).await?;
    let outlook = office::outlook(school, &ready).await?;
    let people = count(outlook.reached(), "personne", "personnes");
    let by = outlook.by_way.iter();
    let (recipients, urgency) = (ready.chosen.len(), ready.message.urgency);
    let body = RetryBody {
        csrf: &visitor.session().csrf,
        code: message.code.to_string(),
        subject: school.subject(&message.template, &message.fields),
        told: match outlook.addressees.total {
            0 => "Personne de plus ne peut être joint maintenant.".to_owned(),
            1 => "Une personne que rien n’a encore jointe peut l’être maintenant : elle recevra le texte le plus récent."
                .to_owned(),
            _ => format!(
                "{people} que rien n’a encore jointes peuvent l’être maintenant : elles recevront le texte le plus récent."
            ),
        },
        ways: by
            .map(|(channel, many)| format!("{many} d’abord par {}", channel.in_french()))
            .collect(),
        button: format!("Relancer {people}"),
        first: AskFirst::of(&visitor, &message.code, recipients, urgency).await?,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

async fn ready(visitor: &Visitor, message: &Message) -> Result<Ready, Fault> {
    let school = visitor.school();
    let request = office::again(school, message, false, Terms::default()).await?;
    Ok(office::prepare(school, request).await?)
}

/// Launches it for them, or asks for the yes that it needs.
pub(super) async fn send(
    visitor: Visitor,
    Path(code): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    let ready = ready(&visitor, &message).await?;
    if ready.message.urgency == Urgency::Urgent && !visitor.may(Right::SendUrgent) {
        return Err(Fault::NotAllowed);
    }
    let fields = ready.message.fields.clone();
    match office::launch(visitor.school(), visitor.actor(), ready).await {
        Ok(sent) => Ok(page::to(&format!("/annonces/{}?fait=envoyee", sent.code))),
        Err(Refusal::NeedsApproval { .. }) => {
            let follows = Follows::Retries { message: message.code.clone(), or_uncertain: false };
            let draft = Draft { fields, ..Draft::following(&message, follows) };
            first::ask(&visitor, &message.code, draft).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}
