//! What the configuration says, in words and without any secret.

use super::{FactSheet, SheetPart, in_words};
use crate::channel::Channel;
use crate::office::School;
use crate::render::letters::Sides;
use crate::settings::SecretPlace;

/// The settings of a school.
#[must_use]
pub fn settings(school: &School) -> FactSheet {
    let lead = "Ce que dit le fichier de réglages de l’établissement.".to_owned();
    let parts = vec![facts(school), plans(school), hours(school), providers(school), paper(school)];
    FactSheet { title: "Réglages", lead, day: school.today(), parts }
}

fn facts(school: &School) -> SheetPart {
    let it = &school.config.school;
    let signs = [it.signatory_name.as_str(), it.signatory_title.as_str()];
    let signs: Vec<&str> = signs.into_iter().filter(|said| !said.is_empty()).collect();
    SheetPart::new("L’établissement")
        .row("Nom", it.name.as_str())
        .row("UAI", it.uai.as_str())
        .row("Adresse", it.address.join(", "))
        .row("Téléphone", it.phone.as_str())
        .row("Courriel", it.email.as_str())
        .row("Site", it.website.as_str())
        .row("Signe", signs.join(", "))
        .row("Courriers datés de", it.town.as_str())
        .row("Heure", it.zone.as_str())
        .row("Numéros sans indicatif", it.region.as_str())
}

fn plans(school: &School) -> SheetPart {
    SheetPart::new("Les plans")
        .saying("Par quelles voies un message passe, et quand il passe à la suivante.")
        .rows(in_words::plans(school))
}

fn hours(school: &School) -> SheetPart {
    let timing = school.queue.timing();
    let carried = school.carried();
    let channels = Channel::ALL.into_iter().filter(|channel| carried.contains(channel));
    let channels =
        channels.map(|channel| (channel.in_french().to_owned(), in_words::quiet(school, channel)));
    let waves = match timing.waves.order.as_slice() {
        [] => "tous à la fois".to_owned(),
        order => {
            let every = in_words::span(timing.waves.every, "aussitôt");
            format!("{}, un niveau toutes les {every}", order.join(", "))
        }
    };
    let cap = match timing.load.per_week {
        0 => "sans plafond".to_owned(),
        most => format!("{most} messages par foyer et par semaine ; le reste en un récapitulatif"),
    };
    SheetPart::new("Heures et rythme")
        .saying("Un message urgent passe outre les heures de repos, avec un motif et un nom.")
        .rows(channels)
        .row("Annulation possible pendant", in_words::span(timing.undo, "aucun délai"))
        .row("Pour un message urgent", in_words::span(timing.undo_urgent, "aucun délai"))
        .row("Vagues sur l’ENT", waves)
        .row("Plafond", cap)
}

fn providers(school: &School) -> SheetPart {
    let each = school.config.providers.iter().map(|(name, settings)| {
        let secrets = settings.secrets(name).into_iter().map(|(_, place)| match place {
            SecretPlace::File(path) => format!("secret gardé dans {}", path.display()),
            SecretPlace::Env(variable) => format!("secret gardé dans la variable {variable}"),
        });
        let by_hand = settings.by_hand().map(|it| it.called().to_owned());
        let said = [settings.channel().in_french().to_owned()]
            .into_iter()
            .chain(by_hand)
            .chain([settings.in_french().to_owned()])
            .chain(settings.by_hand().is_none().then(|| in_words::pace(settings.pace())))
            .chain(secrets);
        (name.clone(), said.collect::<Vec<_>>().join(" ; "))
    });
    SheetPart::new("Les services").saying("Aucun secret n’est affiché.").rows(each)
}

fn paper(school: &School) -> SheetPart {
    let letters = &school.config.letters;
    let sides = match letters.sides {
        Sides::Two => "recto verso",
        Sides::One => "recto seul",
    };
    SheetPart::new("Courriers et modèles")
        .row("Impression", sides)
        .row("Dossier des PDF", letters.folder.display().to_string())
        .row("SMS au plus", format!("{} segments", school.config.templates.sms_segments))
}
