//! The addressees of an announcement, a page at a time, found by where they stand, by way, by class and by name.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::found;
use crate::channel::Channel;
use crate::delivery::AddresseePlace;
use crate::office::{self, ADDRESSEES_A_PAGE, AddresseeLine, Sought};

const TITLE: &str = "Destinataires";

#[derive(Template)]
#[template(path = "announcements/addressees.html", config = "src/web/askama.toml")]
struct AddresseesBody<'a> {
    csrf: &'a str,
    code: String,
    subject: String,
    found: String,
    places: Vec<FilterChoice>,
    channels: Vec<FilterChoice>,
    class: String,
    called: String,
    lines: Vec<AddresseeLine>,
    /// Of a list that an address calls for.
    pages: Option<Numbered>,
}

/// What can be chosen of a list.
struct FilterChoice {
    value: &'static str,
    words: &'static str,
    is_chosen: bool,
}

/// Which of them somebody looks at; by name alone what they look for is posted, so that no name stands in an address.
#[derive(Deserialize)]
pub(super) struct AddresseesAsked {
    #[serde(default, rename = "etat")]
    place: String,
    #[serde(default, rename = "voie")]
    channel: String,
    #[serde(default, rename = "classe")]
    class: String,
    #[serde(default)]
    page: String,
}

/// A page of them.
pub(super) async fn page(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<AddresseesAsked>,
) -> Result<WebPage, Fault> {
    shown(&visitor, &code, &asked, "").await
}

/// Those of whom the name, or a pupil's, was typed.
pub(super) async fn search(
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let text = |name| form.text(name).to_owned();
    let (place, channel, class) = (text("etat"), text("voie"), text("classe"));
    let asked = AddresseesAsked { place, channel, class, page: String::new() };
    if let Some(called) = form.some("nom") {
        return Ok(shown(&visitor, &code, &asked, called).await?.into_response());
    }
    let message = found::message(&visitor, &code).await?;
    Ok(page::to(&format!("{}1", asked.pages(message.code.as_str()))))
}

impl AddresseesAsked {
    fn pages(&self, code: &str) -> String {
        let path = format!("/annonces/{code}/destinataires");
        let asked = [("etat", &*self.place), ("voie", &self.channel), ("classe", &self.class)];
        found::pages(&path, &asked)
    }
}

async fn shown(
    visitor: &Visitor,
    code: &str,
    asked: &AddresseesAsked,
    called: &str,
) -> Result<WebPage, Fault> {
    let message = found::message(visitor, code).await?;
    let (school, class) = (visitor.school(), asked.class.trim());
    let some = |typed: &str| Some(typed.to_owned()).filter(|typed| !typed.is_empty());
    let (place, channel) = (AddresseePlace::from_word(&asked.place), asked.channel.parse().ok());
    let whom = visitor.whom();
    let sought = Sought { place, channel, class: some(class), called: some(called), whom };
    let page = asked.page.parse().unwrap_or(1);
    let listed = office::addressees(school, &message, sought, page, ADDRESSEES_A_PAGE).await?;
    let pages = Numbered::of(asked.pages(code), &asked.page, listed.found, ADDRESSEES_A_PAGE);
    let body = AddresseesBody {
        csrf: visitor.csrf(),
        subject: school.subject(&message.template, &message.fields),
        found: told(listed.found, !called.is_empty()),
        places: AddresseePlace::ALL.map(|it| choice(it, place)).into(),
        channels: message.channels().into_iter().map(|it| by(it, channel)).collect(),
        pages: Some(pages).filter(|_| called.is_empty()),
        class: class.to_owned(),
        called: called.to_owned(),
        lines: listed.addressees,
        code: message.code.to_string(),
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

fn told(found: usize, is_called: bool) -> String {
    let told = count(found, "destinataire", "destinataires");
    match found {
        0 => "Personne ne correspond.".to_owned(),
        found if is_called && found > ADDRESSEES_A_PAGE => {
            format!("{told}, dont voici les {ADDRESSEES_A_PAGE} premiers : précisez le nom.")
        }
        _ => told,
    }
}

fn choice(place: AddresseePlace, chosen: Option<AddresseePlace>) -> FilterChoice {
    FilterChoice {
        value: place.as_str(),
        words: place.in_french(),
        is_chosen: chosen == Some(place),
    }
}

fn by(channel: Channel, chosen: Option<Channel>) -> FilterChoice {
    FilterChoice {
        value: channel.as_str(),
        words: channel.in_french(),
        is_chosen: chosen == Some(channel),
    }
}
