//! One service tried out: it is asked whether it answers, and sends whoever asks a message of their own.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::field::{FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::refusals;
use super::super::settings::ChecksPart;
use super::super::visitor::Visitor;
use crate::channel::Channel;
use crate::office::{self, TrialRefusal};

#[derive(Template)]
#[template(path = "channels/service.html", config = "src/web/askama.toml")]
struct ServicePage<'a> {
    csrf: &'a str,
    found: ChecksPart,
    trial: Option<TrialForm>,
}

/// Where one's own message is asked for.
struct TrialForm {
    action: String,
    address: FormField,
    costs: bool,
}

impl TrialForm {
    async fn of(visitor: &Visitor, name: &str) -> Result<Option<Self>, Fault> {
        let school = visitor.school();
        let Some(channel) = office::tried_on(school, name) else { return Ok(None) };
        let kept = office::own_addresses(school, &visitor.session().account).await?;
        let kept = kept.into_iter().find(|(of, _)| *of == channel).map(|(_, address)| address);
        let is_sms = channel == Channel::Sms;
        let label = if is_sms { "Mon numéro de mobile" } else { "Mon adresse électronique" };
        let hint = kept.map_or_else(
            || "Gardé avec votre compte pour la prochaine fois.".to_owned(),
            |kept| format!("Vide : celle ou celui qui est gardé, {kept}."),
        );
        let address = FormField::new("adresse", label, FieldKind::Line).hint(hint);
        Ok(Some(Self { action: format!("{}/essai", path(name)), address, costs: is_sms }))
    }
}

fn path(name: &str) -> String {
    format!("/canaux/services/{name}")
}

/// Asks a service whether it answers; sends nothing.
pub(super) async fn show(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    let found = ChecksPart::of_service(&visitor, &name).await?;
    let trial = TrialForm::of(&visitor, &name).await?;
    let body = ServicePage { csrf: visitor.csrf(), found, trial };
    visitor.page(Section::Channels, "Essai d’un service", &body)
}

/// Sends the message.
pub(super) async fn send(
    visitor: Visitor,
    Path(name): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let account = &visitor.session().account;
    let (school, guard) = (visitor.school(), visitor.web().guard());
    match office::send_service_trial(school, account, &name, posted.text("adresse"), guard).await {
        Ok(_) => Ok(page::to("/canaux?fait=essai")),
        Err(TrialRefusal::Store(error)) => Err(error.into()),
        Err(TrialRefusal::NoMessage(_)) => Err(Fault::NothingThere),
        Err(refusal) => {
            let told = refusals::told_of_trial(&refusal);
            Err(told.by(path(&name), "Revenir au service").into())
        }
    }
}
