//! In which order the services of a channel are used, where several serve it.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, nth};
use super::saving;
use crate::channel::Channel;
use crate::office::{SettingsChange, SettingsStand};

/// The channel of an address, and who serves it: several.
fn serving(stand: &SettingsStand, typed: &str) -> Result<(Channel, Vec<String>), Fault> {
    let channel: Channel = typed.parse().map_err(|_| Fault::NothingThere)?;
    let names = stand.config.routes(channel).into_iter().map(|(name, _)| name.to_owned());
    let names: Vec<String> = names.collect();
    if names.len() < 2 { Err(Fault::NothingThere) } else { Ok((channel, names)) }
}

fn field(name: &str) -> String {
    format!("place-{name}")
}

/// The order of the services of a channel.
pub(super) async fn form(visitor: Visitor, Path(channel): Path<String>) -> Result<WebPage, Fault> {
    made(&visitor, &channel, None, Faults::default())
}

fn made(
    visitor: &Visitor,
    channel: &str,
    posted: Option<&Form>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let (channel, names) = serving(&stand, channel)?;
    let places: Vec<_> = (1..=names.len()).map(|at| (at.to_string(), nth(at))).collect();
    let empty = SettingFields::new(&stand, posted, faults);
    let fields = names.iter().fold(empty, |fields, name| {
        let at = stand.config.place_on(channel, name).unwrap_or_default() + 1;
        let words = (field(name), format!("Service {name}"));
        fields
            .add(
                &["routes", channel.as_str()],
                (&words.0, &words.1, ""),
                FieldKind::OneOf(places.clone()),
                at.to_string(),
            )
            .required()
    });
    let (action, title) =
        (address(channel), format!("Ordre des services : {}", channel.in_french()));
    let words = FormWords {
        action: &action,
        title: &title,
        lead: "Le premier qui prend des messages les porte ; quand il ne répond plus, ce qui attend passe au suivant, et revient quand il va mieux.",
        help: "Ceux qui ont la même place se partagent le travail. Ce qu’un service a déjà en main y reste.",
    };
    fields.page(visitor, &words)
}

/// Where it is changed.
pub(super) fn address(channel: Channel) -> String {
    format!("/reglages/ordre/{channel}")
}

/// Saves it.
pub(super) async fn save(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let (channel, names) = serving(&saving::stand(&visitor)?, &typed)?;
    let mut places: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for name in names {
        let place = posted.text(&field(&name)).parse().unwrap_or(usize::MAX);
        places.entry(place).or_default().push(name);
    }
    let change = SettingsChange::Route { channel, places: places.into_values().collect() };
    let mut faults = Faults::default();
    match saving::save(&visitor, posted.text("version"), change, &mut faults).await? {
        Some(answer) => Ok(answer),
        None => Ok(made(&visitor, &typed, Some(&posted), faults)?.refused().into_response()),
    }
}
