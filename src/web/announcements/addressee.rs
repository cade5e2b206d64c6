//! What became of one addressee, told as it happened.

use askama::Template;
use axum::extract::Path;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::hour_of;
use super::found;
use crate::delivery::AddresseePlace;
use crate::office::{self, Happened, School, TraceEvent, WayShown};

#[derive(Template)]
#[template(path = "announcements/addressee.html", config = "src/web/askama.toml")]
struct TraceBody {
    code: String,
    subject: String,
    name: String,
    about: String,
    place: String,
    digest: Option<String>,
    ways: Vec<WayLine>,
    events: Vec<EventLine>,
}

struct WayLine {
    told: String,
    address: Option<String>,
    next: Option<String>,
}

struct EventLine {
    at: String,
    what: String,
    words: Option<String>,
}

/// The page of one addressee.
pub(super) async fn page(
    visitor: Visitor,
    Path((code, number)): Path<(String, u32)>,
) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    let school = visitor.school();
    let one = office::look_at_addressee(school, visitor.actor(), &message, number, &visitor.whom())
        .await?;
    let one = one.ok_or(Fault::NothingThere)?;
    let body = TraceBody {
        code: message.code.to_string(),
        subject: school.subject(&message.template, &message.fields),
        about: one.about.join(", "),
        place: stands(one.place),
        digest: one.digest.map(|code| code.to_string()),
        ways: one.ways.into_iter().map(|way| told_of_way(school, way)).collect(),
        events: one.events.into_iter().map(|event| told(school, event)).collect(),
        name: one.name,
    };
    visitor.page(Section::Announcements, &body.name, &body)
}

fn stands(place: AddresseePlace) -> String {
    let told = match place {
        AddresseePlace::HandedOver => {
            "L’annonce leur a été remise ; rien ne dit encore qu’elle est arrivée."
        }
        AddresseePlace::Arrived => "L’annonce est arrivée.",
        AddresseePlace::Seen => "L’annonce a été ouverte.",
        AddresseePlace::Answered => "Ils ont répondu.",
        AddresseePlace::OnLetter => "Un courrier est à imprimer, à poster ou à remettre.",
        AddresseePlace::OnCall => "À appeler : quelqu’un doit le faire.",
        AddresseePlace::Unreached => "Rien ne les a joints : quelqu’un doit s’en charger.",
        AddresseePlace::Uncertain => "Un envoi est parti et personne ne sait s’il est arrivé.",
        AddresseePlace::Waiting => "Une voie reste : l’envoi est en chemin.",
        AddresseePlace::Cancelled => "L’annonce a été annulée avant de partir pour eux.",
    };
    told.to_owned()
}

fn told_of_way(school: &School, way: WayShown) -> WayLine {
    let next = way.due_at.filter(|at| *at > school.clock.now());
    WayLine { told: way.told, address: way.address, next: next.map(|at| hour_of(school, at)) }
}

fn told(school: &School, event: TraceEvent) -> EventLine {
    let (what, words) = match event.what {
        Happened::Launched => ("L’annonce est lancée.".to_owned(), None),
        Happened::Tried { channel, outcome, .. } => {
            (format!("Essai par {} : {outcome}.", channel.in_french()), None)
        }
        Happened::Gathered { batch } => (format!("Courrier imprimé dans le lot {batch}."), None),
        Happened::Posted { batch } => (format!("Lot {batch} posté ou remis."), None),
        Happened::Wrote { body } => ("Message reçu de leur part :".to_owned(), Some(body)),
        Happened::Settled(place) => (format!("Depuis : {}.", place.in_french()), None),
    };
    EventLine { at: hour_of(school, event.at), what, words }
}
