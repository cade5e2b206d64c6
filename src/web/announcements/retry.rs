//! An announcement again, for those whom nothing reached and who can be reached now; where somebody says so, also for those
//! who may have it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::approvals::first::{self, AskFirst};
use super::super::fault::Fault;
use super::super::page::{self, Section};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::found;
use super::looked_at::twice;
use crate::message::{Draft, Follows, Message, Terms, Urgency};
use crate::office::{self, Outlook, Ready, Refusal, ToTryAgain};
use crate::people::Right;

const TITLE: &str = "Relancer cette annonce ?";
/// What an address, or a form, says of those who may have it.
const UNCERTAIN: &str = "incertains";

#[derive(Template)]
#[template(path = "announcements/retry.html", config = "src/web/askama.toml")]
struct RetryBody<'a> {
    csrf: &'a str,
    code: String,
    subject: String,
    or_uncertain: bool,
    told: String,
    /// That some may have it already.
    maybe_twice: Option<String>,
    /// Whom else it may go to, or not: where that is asked, and in what words.
    instead: Option<(String, &'static str)>,
    ways: Vec<String>,
    button: String,
    /// What there is in the place of sending it, where a second person says yes first.
    first: Option<AskFirst>,
}

/// Whether also those who may have it.
#[derive(Deserialize)]
pub(super) struct RetryAsked {
    #[serde(default, rename = "incertains")]
    uncertain: String,
}

/// Asks, with the number of those who can be reached now.
pub(super) async fn ask(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<RetryAsked>,
) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    let (school, or_uncertain) = (visitor.school(), !asked.uncertain.is_empty());
    let able = office::to_try_again(school, &message).await?;
    if !or_uncertain && !able.unreached && able.uncertain {
        return Ok(page::to(&address(&message, true)));
    }
    let ready = ready(&visitor, &message, or_uncertain).await?;
    let outlook = office::outlook(school, &ready).await?;
    let maybe_twice = office::may_have_it(school, &ready).await?;
    let people = count(outlook.reached(), "personne", "personnes");
    let (recipients, urgency) = (ready.chosen.len(), ready.message.urgency);
    let by = outlook.by_way.iter();
    let body = RetryBody {
        csrf: &visitor.session().csrf,
        code: message.code.to_string(),
        subject: school.subject(&message.template, &message.fields),
        or_uncertain,
        told: told(&outlook, or_uncertain),
        maybe_twice: (maybe_twice > 0).then(|| twice(maybe_twice)),
        instead: instead(&message, able, or_uncertain),
        ways: by
            .map(|(channel, many)| format!("{many} d’abord par {}", channel.in_french()))
            .collect(),
        button: format!("Relancer {people}"),
        first: AskFirst::of(&visitor, &message.code, recipients, urgency).await?,
    };
    Ok(visitor.page(Section::Announcements, TITLE, &body)?.into_response())
}

fn told(outlook: &Outlook, or_uncertain: bool) -> String {
    match (outlook.reached(), or_uncertain) {
        (0, _) => "Personne de plus ne peut être joint maintenant.".to_owned(),
        (1, false) => "Une personne que rien n’a encore jointe peut l’être maintenant : elle recevra le texte le plus récent."
            .to_owned(),
        (1, true) => "Une personne dont rien ne dit qu’elle a l’annonce peut être jointe maintenant : elle recevra le texte le plus récent."
            .to_owned(),
        (many, false) => format!(
            "{many} personnes que rien n’a encore jointes peuvent l’être maintenant : elles recevront le texte le plus récent."
        ),
        (many, true) => format!(
            "{many} personnes dont rien ne dit qu’elles ont l’annonce peuvent être jointes maintenant : elles recevront le texte le plus récent."
        ),
    }
}

/// The same page with others, where there are some.
fn instead(
    message: &Message,
    able: ToTryAgain,
    or_uncertain: bool,
) -> Option<(String, &'static str)> {
    let words = match or_uncertain {
        false if able.uncertain => "Relancer aussi les envois incertains",
        true if able.unreached => "Relancer seulement les personnes que rien n’a jointes",
        _ => return None,
    };
    Some((address(message, !or_uncertain), words))
}

/// Where somebody is asked whether an announcement goes again.
pub(super) fn address(message: &Message, or_uncertain: bool) -> String {
    let asked = if or_uncertain { format!("?{UNCERTAIN}=oui") } else { String::new() };
    format!("/annonces/{}/relancer{asked}", message.code)
}

async fn ready(visitor: &Visitor, message: &Message, or_uncertain: bool) -> Result<Ready, Fault> {
    let school = visitor.school();
    let request = office::again(school, message, or_uncertain, Terms::default()).await?;
    Ok(office::prepare(school, request).await?)
}

/// Launches it for them, or asks for the yes that it needs.
pub(super) async fn send(
    visitor: Visitor,
    Path(code): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    let or_uncertain = posted.has(UNCERTAIN);
    let ready = ready(&visitor, &message, or_uncertain).await?;
    if ready.message.urgency == Urgency::Urgent && !visitor.may(Right::SendUrgent) {
        return Err(Fault::NotAllowed);
    }
    let fields = ready.message.fields.clone();
    match office::launch(visitor.school(), visitor.actor(), ready).await {
        Ok(sent) => Ok(page::to(&format!("/annonces/{}?fait=envoyee", sent.code))),
        Err(Refusal::NeedsApproval { .. }) => {
            let follows = Follows::Retries { message: message.code.clone(), or_uncertain };
            let draft = Draft { fields, ..Draft::following(&message, follows) };
            first::ask(&visitor, &message.code, draft).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}
