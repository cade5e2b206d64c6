//! What the office refuses, in French: what is so, what was kept, and what to do. One exhaustive match a type, so
//! that a refusal without words does not compile.

mod approvals;
mod by_hand;
mod channels;
mod documents;
mod imports;
mod inbox;
mod lists;
mod people;
mod rules;
mod scans;
mod settings;
mod templates;
mod trials;

use super::fault::{Explained, Fault};
use crate::message::MessageState;
use crate::office::{DecideRefusal, Refusal, TableRefusal};
use crate::wording::dates;

pub(super) use by_hand::told_of_letters;
pub(super) use documents::told as told_of_documents;
pub(super) use imports::told as told_of_import;
pub(super) use inbox::{told_of_answer, told_of_mailed};
pub(super) use lists::told as told_of_list;
pub(super) use rules::told as told_of_rule;
pub(super) use scans::told as told_of_scan;
pub(super) use settings::{refused as told_of_settings, told as told_of_setting};
pub(super) use trials::told as told_of_trial;

/// Nothing left; what was written is kept in the draft.
const KEPT: &str = "Rien n’est parti. Le brouillon est gardé.";

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error.into(),
            other => Self::Refused(told(&other)),
        }
    }
}

impl From<DecideRefusal> for Fault {
    fn from(refusal: DecideRefusal) -> Self {
        match refusal {
            DecideRefusal::Already(code, state) => {
                let state = match state {
                    MessageState::Running => "en cours",
                    MessageState::Paused => "suspendue",
                    MessageState::Cancelled => "annulée",
                };
                let what = format!("L’annonce {code} est déjà {state} ; rien n’a changé.");
                let told = Explained::new(what, "Regardez où elle en est.");
                told.by(format!("/annonces/{code}"), "Voir l’annonce").into()
            }
            DecideRefusal::Store(error) => error.into(),
        }
    }
}

impl From<TableRefusal> for Fault {
    fn from(refusal: TableRefusal) -> Self {
        match refusal {
            TableRefusal::Store(error) => error.into(),
            TableRefusal::Export(error) => Self::Broken(error.to_string()),
        }
    }
}

/// A refusal to send.
#[expect(clippy::too_many_lines, reason = "one match: a refusal without words does not compile")]
pub(super) fn told(refusal: &Refusal) -> Explained {
    let kept = |what: String, then: &str| Explained::new(format!("{what} {KEPT}"), then);
    match refusal {
        Refusal::Audience(error) => rules::told(error),
        Refusal::NoRecipient(rule) => kept(
            format!("Personne ne correspond à « {rule} »."),
            "Choisissez d’autres destinataires.",
        ),
        Refusal::Beyond => kept(
            "Ce choix va au-delà de vos classes et des élèves que vous suivez.".to_owned(),
            "Choisissez parmi les vôtres, ou demandez au secrétariat de l’envoyer.",
        ),
        Refusal::NoDocuments(week) => kept(
            format!(
                "Aucun document n’a été déposé pour ces élèves pour la semaine du {}.",
                dates::in_month(week.monday())
            ),
            "Déposez des documents, ou choisissez une autre semaine.",
        ),
        Refusal::NoCarrier(plan) => kept(
            format!("Aucun service n’est réglé pour les voies du plan « {plan} »."),
            "Choisissez un autre plan, ou faites régler un service.",
        ),
        Refusal::Template(error) => kept(error.fault.in_french(), "Corrigez le texte."),
        Refusal::QuietHours { channel, opens } => kept(
            format!("Les envois par {} reposent jusqu’au {opens}.", channel.in_french()),
            "Attendez l’ouverture, ou dites par quelle autorité l’annonce passe outre.",
        ),
        Refusal::NotUrgent => kept(
            "Seule une annonce urgente passe outre les heures de repos.".to_owned(),
            "Marquez-la urgente, ou laissez-la attendre.",
        ),
        Refusal::StartPast(at) => kept(
            format!("Elle devait partir le {at} : cette heure est passée."),
            "Choisissez une autre heure de départ, ou laissez-la partir dès que possible.",
        ),
        Refusal::Stale(at) => kept(
            format!("L’annonce serait périmée le {at}, avant de pouvoir partir."),
            "Choisissez une date limite plus lointaine.",
        ),
        Refusal::SentAlready { code, at } => kept(
            format!("La même annonce est déjà partie pour les mêmes personnes le {at} ({code})."),
            "Regardez où elle en est ; si vous voulez vraiment la renvoyer, dites-le sur la page de vérification.",
        )
        .by(format!("/annonces/{code}"), "Voir cette annonce"),
        Refusal::NoSuchDraft(_) => {
            Explained::new("Ce brouillon n’existe pas.", "Il a pu être abandonné.").by("/annonces", "Voir les annonces")
        }
        Refusal::DraftLaunched { code, at, by, .. } => Explained::new(
            format!("Cette annonce est déjà partie : {by} l’a envoyée le {at}. Rien n’est parti une seconde fois."),
            "Suivez-la sur sa page.",
        )
        .by(format!("/annonces/{code}"), "Voir l’annonce"),
        Refusal::DraftDiscarded { at, by, .. } => Explained::new(
            format!("{by} a abandonné ce brouillon le {at} ; ce qu’il disait est effacé."),
            "Commencez une nouvelle annonce.",
        )
        .by("/annonces/nouvelle", "Nouvelle annonce"),
        Refusal::DraftChanged { number, at, by, .. } => Explained::new(
            format!("{by} a enregistré ce brouillon le {at}, après que vous l’avez ouvert. Rien n’a été remplacé, rien n’est parti."),
            "Relisez la version de maintenant avant de continuer.",
        )
        .by(format!("/annonces/brouillons/{number}"), "Relire le brouillon"),
        Refusal::DraftFollows { number, code } => Explained::new(
            format!("Ce brouillon suit l’annonce {code} : c’est elle qui dit à qui il va, et par quelles voies. Rien n’a changé, rien n’est parti."),
            "Vérifiez-le avant de l’envoyer, ou abandonnez-le.",
        )
        .by(format!("/annonces/brouillons/{number}/verifier"), "Vérifier le brouillon"),
        Refusal::FollowedAlready { number, at, by } => Explained::new(
            format!("{by} a préparé la même chose le {at} : cela attend déjà. Rien n’est parti, et ce que vous avez écrit n’est pas gardé."),
            "Lisez ce qui attend : vous pouvez le changer, ou l’abandonner et recommencer.",
        )
        .by(format!("/annonces/brouillons/{number}/verifier"), "Voir ce qui attend"),
        Refusal::NoSuchPlan(_) => kept(
            "Ce plan d’envoi n’existe plus dans les réglages.".to_owned(),
            "Choisissez-en un autre.",
        ),
        Refusal::Corrected(earlier, by) => Explained::new(
            format!("L’annonce {earlier} a déjà été rectifiée par {by}. Rien n’est parti."),
            "Rectifiez la plus récente.",
        )
        .by(format!("/annonces/{by}"), "Voir la plus récente"),
        Refusal::Unlinked { count, of, reason } => kept(
            format!("L’ENT n’a pas encore dit qui y a un compte ({reason}) : {count} personnes sur {of} recevraient l’annonce par une autre voie."),
            "Il est interrogé chaque minute : réessayez un peu plus tard.",
        ),
        Refusal::RefusedInSms(what) => kept(
            format!("Le SMS contient {what}, et sans expéditeur déclaré aucun SMS ne peut porter de lien ni de numéro : tous seraient refusés."),
            "Retirez-le du texte, ou faites déclarer un expéditeur.",
        ),
        Refusal::NeedsApproval { .. } => Explained::new(
            "Cet envoi demande l’accord d’une deuxième personne. Rien n’est parti.",
            "Demandez cet accord : le brouillon est gardé.",
        ),
        Refusal::AskedAlready => Explained::new(
            "Tous ont déjà été interrogés et ont encore le temps de répondre. Rien n’est parti.",
            "Attendez leurs réponses.",
        ),
        Refusal::NobodyHadIt(code) => Explained::new(
            format!("Personne n’a eu le texte de {code}, ni ne l’attend. Rien n’est parti."),
            "Il n’y a rien à rectifier.",
        ),
        Refusal::NobodyLeft(code) => Explained::new(
            format!("L’annonce {code} ne laisse personne à relancer. Rien n’est parti."),
            "Tous sont joints, ou à la charge de quelqu’un.",
        ),
        Refusal::Digest => Explained::new(
            "Un récapitulatif contient d’autres annonces. Rien n’est parti.",
            "Envoyez, rectifiez ou relancez les annonces qu’il contient.",
        ),
        Refusal::Store(_) => Explained::new("La base de données ne répond pas.", "Réessayez dans une minute."),
    }
}
