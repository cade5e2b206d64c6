//! How it all works, for the whole staff (the memo: *mode d’emploi*).

use super::{FactSheet, SheetPart, in_words};
use crate::office::School;

/// The sheet *mode d’emploi*.
#[must_use]
pub fn guide(school: &School) -> FactSheet {
    let name = &school.config.school.name;
    let lead = format!("Comment {name} prévient les familles et le personnel, et que faire quand.");
    let parts = vec![send(school), ways(school), by_hand(), trouble(), meetings()];
    FactSheet { title: "Mode d’emploi", lead, day: school.today(), parts }
}

fn send(school: &School) -> SheetPart {
    let timing = school.queue.timing();
    let undo = in_words::span(timing.undo, "aucun délai");
    let urgent = in_words::span(timing.undo_urgent, "aucun délai");
    SheetPart::new("Envoyer une annonce")
        .row(
            "1. Écrire",
            "Nouvelle annonce, puis un modèle ; une chose par champ, avec des dates entières.",
        )
        .row(
            "2. Choisir",
            "Les destinataires : la page dit combien de personnes, et qui est laissé de côté.",
        )
        .row("3. Vérifier", "Ce qu’une famille lira sur chaque voie.")
        .row("4. Envoyer", format!("Annulation possible : {undo} ; message urgent : {urgent}."))
        .row("5. Suivre", "La page de l’annonce dit qui est joint, et par quelle preuve.")
}

fn ways(school: &School) -> SheetPart {
    SheetPart::new("Les plans")
        .saying(
            "Chaque annonce suit un plan : une voie, puis la suivante pour qui n’a pas été joint.",
        )
        .rows(in_words::plans(school))
}

fn by_hand() -> SheetPart {
    SheetPart::new("Ce qui reste à faire à la main")
        .row("Courriers", "Imprimer le lot, poster ou remettre, puis le noter : cela compte les familles comme jointes.")
        .row("À publier", "Copier le texte de la carte dans le logiciel indiqué, puis le noter avec l’heure.")
        .row("À appeler", "Composer le numéro, dire le texte affiché.")
        .row("Non joints", "Corriger les coordonnées et relancer, ou écrire, ou appeler.")
        .row("Courriers revenus", "Noter leur référence : plus rien ne part à cette adresse.")
}

fn trouble() -> SheetPart {
    SheetPart::new("Quand quelque chose ne va pas")
        .row("L’ENT est en panne", "Canaux, Fermer, avec la raison : tout passe à la voie suivante.")
        .row("Une erreur est partie", "Page de l’annonce, Rectifier : seuls ceux qui ont eu le texte reçoivent la correction.")
        .row("Erreur grave", "Canaux, Suspendre tous les envois.")
        .row("Une décision de justice", "Annuaire, la personne, noter la décision : elle vaut aussitôt.")
}

fn meetings() -> SheetPart {
    let part = SheetPart::new("Réunions")
        .saying("Leur déroulement et leur périodicité, à compléter à la main.");
    SheetPart { by_hand: vec!["Réunion", "Qui", "Quand", "Où ou par quel moyen"], ..part }
}
