//! How fast what was launched leaves: how long it can be undone, waves, the load of a household.

use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed};
use super::{french, saving};
use crate::office::SettingsChange;

const WORDS: FormWords<'static> = FormWords {
    action: "/reglages/rythme",
    title: "Le rythme des envois",
    lead: "Combien de temps une annonce peut encore être annulée, dans quel ordre les niveaux la reçoivent, et combien un foyer en reçoit.",
    help: "Les annonces déjà lancées gardent leur délai d’annulation. Un message urgent ne compte pas dans le plafond, et n’attend ni vague ni récapitulatif.",
};

/// The rhythm.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    made(&visitor, None, Faults::default())
}

fn made(visitor: &Visitor, posted: Option<&Form>, faults: Faults) -> Result<WebPage, Fault> {
    let (stand, line, span) = (saving::stand(visitor)?, || FieldKind::Line, french::shown_lasting);
    let timing = stand.config.timing();
    let fields = SettingFields::new(&stand, posted, faults)
        .title("Annuler sans que rien ne parte")
        .add(
            &["dispatch", "undo"],
            (
                "annuler",
                "Pendant combien de temps",
                "Par exemple : 2 min ; 0 pour partir aussitôt.",
            ),
            line(),
            span(timing.undo),
        )
        .required()
        .add(
            &["dispatch", "undo_urgent"],
            ("annuler-urgent", "Pour une annonce urgente", "Par exemple : 20 s."),
            line(),
            span(timing.undo_urgent),
        )
        .required()
        .title("Les vagues sur l’ENT")
        .add(
            &["waves", "order"],
            (
                "niveaux",
                "Niveaux, dans l’ordre",
                "Séparés par des virgules : 3e, 4e, 5e, 6e. Vide : tous à la fois.",
            ),
            line(),
            timing.waves.order.join(", "),
        )
        .add(
            &["waves", "every"],
            ("vague", "D’une vague à la suivante", "Par exemple : 10 min."),
            line(),
            span(timing.waves.every),
        )
        .required()
        .title("Le plafond par foyer")
        .add(
            &["load", "per_week"],
            (
                "plafond",
                "Messages par semaine",
                "0 : pas de plafond. Ce qui dépasse part en un seul récapitulatif.",
            ),
            line(),
            timing.load.per_week.to_string(),
        )
        .required()
        .add(
            &["load", "digest"],
            ("recapitulatif", "Quand part le récapitulatif", "Par exemple : vendredi 17h."),
            line(),
            french::shown_point(timing.load.digest),
        )
        .required();
    fields.page(visitor, &WORDS)
}

/// Saves it.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let mut typed = Typed::of(&posted);
    let order = typed.line("niveaux").map(|typed| {
        let levels = typed.split([',', ';']).map(|level| level.trim().to_owned());
        levels.filter(|level| !level.is_empty()).collect()
    });
    let digest = typed.line("recapitulatif");
    let minutes = digest.as_deref().and_then(french::time_of_week);
    if digest.is_some() && minutes.is_none() {
        typed.faults.add(
            "recapitulatif",
            "Ce moment de la semaine ne se lit pas : écrivez par exemple vendredi 17h.",
        );
    }
    let change = SettingsChange::Rhythm {
        undo: typed.lasting("annuler"),
        undo_urgent: typed.lasting("annuler-urgent"),
        waves_every: typed.lasting("vague"),
        waves_order: order,
        per_week: typed.number("plafond"),
        digest: minutes,
    };
    if typed.faults.is_none() {
        let version = posted.text("version");
        if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
            return Ok(answer);
        }
    }
    Ok(made(&visitor, Some(&posted), typed.faults)?.refused().into_response())
}
