//! When a channel leaves people in peace.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed};
use super::{french, saving};
use crate::channel::Channel;
use crate::office::SettingsChange;

/// Lines that are shown at the least.
const ROOM: usize = 3;

/// One that has hours of its own: people carry the others, at theirs.
fn channel(typed: &str) -> Result<Channel, Fault> {
    let channel: Option<Channel> = typed.parse().ok();
    channel.filter(|it| !it.is_carried_by_people()).ok_or(Fault::NothingThere)
}

/// The hours of a channel.
pub(super) async fn form(visitor: Visitor, Path(named): Path<String>) -> Result<WebPage, Fault> {
    made(&visitor, channel(&named)?, None, Faults::default())
}

fn made(
    visitor: &Visitor,
    channel: Channel,
    posted: Option<&Form>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let quiet = stand.config.hours().of(channel).cloned().unwrap_or_default();
    let spans: Vec<String> = quiet.spans.iter().map(french::shown_quiet).collect();
    let days: Vec<String> = quiet.days_off.iter().copied().map(french::shown_days).collect();
    let room = |lines: &[String]| {
        FieldKind::Lines(u32::try_from(lines.len().max(ROOM) + 1).unwrap_or(20).min(20))
    };
    let word = channel.as_str();
    let fields = SettingFields::new(&stand, posted, faults)
        .add(
            &["hours", word, "quiet"],
            ("repos", "Heures de repos", "Une plage par ligne : 20h-7h chaque jour, ou vendredi 20h - lundi 7h. Vide : à toute heure."),
            room(&spans),
            spans.join("\n"),
        )
        .add(
            &["hours", word, "days_off"],
            ("jours", "Jours de repos", "Un jour ou une période par ligne : 25/12/2026, ou 19/12/2026 - 03/01/2027."),
            room(&days),
            days.join("\n"),
        );
    let (action, title) =
        (format!("/reglages/heures/{word}"), format!("Heures de repos : {}", channel.in_french()));
    let words = FormWords {
        action: &action,
        title: &title,
        lead: "Pendant le repos, rien ne part par cette voie, et personne ne passe à la suivante : tout attend l’ouverture.",
        help: "Une annonce urgente passe outre, avec un motif et un nom. Ce qui attend déjà suit aussitôt les nouvelles heures.",
    };
    fields.page(visitor, &words)
}

/// Saves them.
pub(super) async fn save(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let channel = channel(&named)?;
    let mut typed = Typed::of(&posted);
    let spans = typed.each(
        "repos",
        french::quiet,
        "écrivez par exemple 20h-7h, ou vendredi 20h - lundi 7h.",
    );
    let days_off = typed.each(
        "jours",
        french::days_off,
        "écrivez par exemple 25/12/2026, ou 19/12/2026 - 03/01/2027, un an au plus.",
    );
    if typed.faults.is_none() {
        let change = SettingsChange::Hours { channel, spans, days_off };
        let version = posted.text("version");
        if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
            return Ok(answer);
        }
    }
    Ok(made(&visitor, channel, Some(&posted), typed.faults)?.refused().into_response())
}
