//! The addressees of an announcement, a page at a time, found by where they stand, by way, by class and by name.

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::count;
use super::found;
use crate::channel::Channel;
use crate::delivery::AddresseePlace;
use crate::office::{self, ADDRESSEES_A_PAGE, AddresseeLine, Sought};

const TITLE: &str = "Destinataires";

#[derive(Template)]
#[template(path = "announcements/addressees.html", config = "src/web/askama.toml")]
struct AddresseesBody {
    code: String,
    subject: String,
    found: String,
    places: Vec<FilterChoice>,
    channels: Vec<FilterChoice>,
    class: String,
    called: String,
    lines: Vec<AddresseeLine>,
    pages: Numbered,
}

/// What can be chosen of a list.
struct FilterChoice {
    value: &'static str,
    words: &'static str,
    is_chosen: bool,
}

/// Whom somebody looks for.
#[derive(Deserialize)]
pub(super) struct AddresseesAsked {
    #[serde(default, rename = "etat")]
    place: String,
    #[serde(default, rename = "voie")]
    channel: String,
    #[serde(default, rename = "classe")]
    class: String,
    #[serde(default, rename = "nom")]
    called: String,
    #[serde(default)]
    page: String,
}

/// A page of them.
pub(super) async fn page(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<AddresseesAsked>,
) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    let (class, called) = (asked.class.trim(), asked.called.trim());
    let some = |typed: &str| Some(typed.to_owned()).filter(|typed| !typed.is_empty());
    let sought = Sought {
        place: AddresseePlace::from_word(&asked.place),
        channel: asked.channel.parse().ok(),
        class: some(class),
        called: some(called),
        sees: found::sees(&visitor),
    };
    let school = visitor.school();
    let (place, channel) = (sought.place, sought.channel);
    let page = asked.page.parse().unwrap_or(1);
    let listed = office::addressees(school, &message, sought, page, ADDRESSEES_A_PAGE).await?;
    let kept = [
        ("etat", place.map_or("", AddresseePlace::as_str)),
        ("voie", channel.map_or("", Channel::as_str)),
        ("classe", class),
        ("nom", called),
    ];
    let path = format!("/annonces/{}/destinataires", message.code);
    let body = AddresseesBody {
        subject: school.subject(&message.template, &message.fields),
        found: told(listed.found),
        places: AddresseePlace::ALL.map(|it| choice(it, place)).into(),
        channels: message.channels().into_iter().map(|it| by(it, channel)).collect(),
        pages: Numbered::of(
            found::pages(&path, &kept),
            &asked.page,
            listed.found,
            ADDRESSEES_A_PAGE,
        ),
        class: class.to_owned(),
        called: called.to_owned(),
        lines: listed.addressees,
        code: message.code.to_string(),
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

fn told(found: usize) -> String {
    match found {
        0 => "Personne ne correspond.".to_owned(),
        found => count(found, "destinataire", "destinataires"),
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
