//! Whoever writes has the announcement sent to themselves, as the family that they look at would get it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::field::{FieldKind, FormField};
use super::super::page;
use super::super::posted::Form;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::readers;
use crate::channel::Channel;
use crate::message::DraftVersion;
use crate::office::{self, ReaderSought, Ready, TrialRefusal};

/// What the address of the page says once a trial left.
const DONE: &str = "essai";

/// The form below what a family sees.
#[derive(Template)]
#[template(path = "compose/trial.html", config = "src/web/askama.toml")]
pub(super) struct TrialPart<'a> {
    csrf: &'a str,
    at: DraftVersion,
    place: usize,
    ways: Vec<TrialWay>,
    address: FormField,
}

struct TrialWay {
    word: &'static str,
    name: &'static str,
    /// The address that is kept of theirs, most of it left out.
    kept: Option<String>,
}

impl<'a> TrialPart<'a> {
    /// For the family at this place; `None` where no way is tried out here.
    pub(super) async fn of(
        visitor: &'a Visitor,
        at: DraftVersion,
        ready: &Ready,
        place: usize,
    ) -> Result<Option<Self>, Fault> {
        let channels = office::trial_channels(visitor.school(), ready);
        if channels.is_empty() {
            return Ok(None);
        }
        let kept = office::own_addresses(visitor.school(), &visitor.session().account).await?;
        let way = |channel: Channel| TrialWay {
            word: channel.as_str(),
            name: channel.in_french(),
            kept: kept.iter().find(|(of, _)| *of == channel).map(|(_, address)| address.clone()),
        };
        let address = FormField::new("adresse", "Mon adresse ou mon numéro", FieldKind::Line)
            .hint("Gardé avec votre compte pour la prochaine fois. Vide : celui qui est gardé.");
        let ways = channels.into_iter().map(way).collect();
        Ok(Some(Self { csrf: visitor.csrf(), at, place, ways, address }))
    }
}

/// What is said once a trial left; empty for nothing.
pub(super) fn done(asked: &Form) -> String {
    let Ok(channel) = asked.text(DONE).parse::<Channel>() else { return String::new() };
    format!(
        "L’essai est parti par {} : le service l’a accepté. Aucune famille n’a rien reçu.",
        channel.in_french()
    )
}

/// Sends it.
pub(super) async fn send(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let (_, ready) = readers::ready(&visitor, number).await?;
    let place = readers::place(&posted);
    let reader = readers::reader(&visitor, &ready, ReaderSought::At(place)).await?;
    let reader = reader.ok_or(Fault::NothingThere)?;
    let channel: Channel = posted.text("voie").parse().map_err(|_| Fault::Unreadable)?;
    let wanted = (channel, posted.text("adresse"));
    let account = &visitor.session().account;
    let (school, guard) = (visitor.school(), visitor.web().guard());
    let sent = office::send_trial(school, account, (&ready, &reader), wanted, guard).await;
    let back = format!("/annonces/brouillons/{number}/apercu?place={place}");
    match sent {
        Ok(_) => Ok(page::to(&format!("{back}&{DONE}={channel}"))),
        Err(TrialRefusal::Store(error)) => Err(error.into()),
        Err(TrialRefusal::Words(refusal)) => Err(refusal.into()),
        Err(refusal) => {
            Err(refusals::told_of_trial(&refusal).by(back, "Revenir à l’aperçu").into())
        }
    }
}
