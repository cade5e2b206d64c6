//! What people carry by hand, and could not.

use super::super::fault::{Explained, Fault};
use crate::batches::BatchError;
use crate::office::{CallRefusal, CardRefusal, ElsewhereRefusal, LettersRefusal};
use crate::render::press::PressError;
use crate::sealed_file::SealError;

impl From<LettersRefusal> for Fault {
    fn from(refusal: LettersRefusal) -> Self {
        match refusal {
            LettersRefusal::Store(error) => error.into(),
            LettersRefusal::NoSuchBatch(_) | LettersRefusal::NoSuchLetter { .. } => {
                Self::NothingThere
            }
            other => Self::Refused(told_of_letters(&other)),
        }
    }
}

impl From<ElsewhereRefusal> for Fault {
    fn from(refusal: ElsewhereRefusal) -> Self {
        let (what, then) = match refusal {
            ElsewhereRefusal::Store(error) => return error.into(),
            ElsewhereRefusal::Letters(refusal) => return refusal.into(),
            ElsewhereRefusal::NoSuchPartner { .. } => return Self::NothingThere,
            ElsewhereRefusal::NoWordOfOurs => (
                "Rien dans ce fichier ne dit qu’un lot de l’établissement est parti.",
                "Demandez le fichier qui accompagnait les courriers.",
            ),
            ElsewhereRefusal::Seal(SealError::NotInstalled) => (
                "Le programme qui scelle (age) n’est pas installé sur le serveur. Rien n’a quitté l’établissement.",
                "Demandez-le à la personne qui s’occupe du serveur.",
            ),
            ElsewhereRefusal::Seal(SealError::Refused(_)) => (
                "La clé de ce partenaire n’en est pas une. Rien n’a quitté l’établissement.",
                "Demandez-lui sa clé publique, et corrigez-la dans la configuration.",
            ),
            ElsewhereRefusal::Package(_)
            | ElsewhereRefusal::Seal(SealError::Run(_) | SealError::TooSlow) => (
                "Le lot ne peut pas être scellé. Rien n’a quitté l’établissement.",
                "Réessayez dans une minute.",
            ),
        };
        Self::Refused(Explained::new(what, then))
    }
}

/// Why nothing was done with letters.
pub(crate) fn told_of_letters(refusal: &LettersRefusal) -> Explained {
    let batch = |number: &u32| format!("/courriers/lots/{number}");
    match refusal {
        LettersRefusal::NoSuchBatch(number) => {
            Explained::new(format!("Il n’y a pas de lot {number}."), "Regardez la liste des lots.")
        }
        LettersRefusal::NotPrinted(number) => Explained::new(
            format!("Le lot {number} n’est pas encore imprimé."),
            "Imprimez-le d’abord.",
        ),
        LettersRefusal::PostedAlready { number, at } => Explained::new(
            format!(
                "Quelqu’un a déjà noté le {at} que le lot {number} est parti. Rien n’a changé."
            ),
            "S’il n’est pas parti, reprenez cet envoi sur la page du lot.",
        )
        .by(batch(number), "Voir le lot"),
        LettersRefusal::NotPosted(number) => Explained::new(
            format!("Personne n’a noté que le lot {number} est parti. Rien n’a changé."),
            "Il n’y a rien à reprendre.",
        )
        .by(batch(number), "Voir le lot"),
        LettersRefusal::Cancelled { number, code } => Explained::new(
            format!(
                "Le lot {number} contient des courriers de l’annonce {code}, qui est annulée. Rien n’a été imprimé."
            ),
            "Ne les postez pas.",
        ),
        LettersRefusal::NoSuchPage { number, page, pages } => Explained::new(
            format!("Le lot {number} a {pages} pages : il n’y a pas de page {page}."),
            "Choisissez une page du lot.",
        )
        .by(batch(number), "Voir le lot"),
        LettersRefusal::NoSuchLetter { number, reference } => Explained::new(
            format!("Le lot {number} ne contient pas de courrier {reference}."),
            "Regardez la liste de ses courriers.",
        ),
        LettersRefusal::NoSuchPile(number) => Explained::new(
            format!("Le lot {number} n’a pas cette pile, ou rien n’en est imprimé."),
            "Regardez la liste de ses piles.",
        )
        .by(batch(number), "Voir le lot"),
        LettersRefusal::NoSuchLabel { first, labels } => told_of_label(*first, *labels),
        LettersRefusal::FileGone(number) => Explained::new(
            format!("Le PDF du lot {number} n’est plus dans le dossier des courriers."),
            "Refaites le lot depuis sa page.",
        )
        .by(batch(number), "Voir le lot"),
        LettersRefusal::Pdf(_) => Explained::new(
            "Le PDF ne peut pas être découpé.",
            "Ouvrez-le en entier, et imprimez-le à partir de cette page.",
        ),
        LettersRefusal::Folder(_) => {
            Explained::new("La pile ne peut pas être écrite.", "Choisissez un autre dossier.")
        }
        LettersRefusal::Batch(error) => told_of_printing(error),
        LettersRefusal::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
    }
}

fn told_of_label(first: usize, labels: usize) -> Explained {
    Explained::new(
        format!("La planche a {labels} étiquettes : il n’y a pas d’étiquette {first}."),
        format!("Choisissez une étiquette de 1 à {labels}."),
    )
}

fn told_of_printing(error: &BatchError) -> Explained {
    let kept = "Les courriers sont gardés dans leur lot";
    match error {
        BatchError::Store(_) => Explained::new(
            format!("La base de données ne répond pas. {kept}."),
            "Réessayez dans une minute.",
        ),
        BatchError::Press(error) => Explained::new(
            format!("{} {kept}.", press(error)),
            "Lancez l’impression de nouveau ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
        ),
        BatchError::Template(error) => Explained::new(
            format!("Le modèle du courrier a un défaut : {}. {kept}.", error.fault.in_french()),
            "Faites corriger le modèle.",
        ),
        BatchError::Documents(_) | BatchError::List(_) => Explained::new(
            format!("Les documents à joindre ne peuvent pas être préparés. {kept}."),
            "Lancez l’impression de nouveau ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
        ),
        BatchError::SetAside(reason) => Explained::new(
            format!("Ce courrier ne peut pas être imprimé : {reason}."),
            "Écrivez-le autrement, ou appelez la famille.",
        ),
        BatchError::Folder { folder, .. } => Explained::new(
            format!(
                "Le dossier des courriers ne se laisse pas écrire : {}. {kept}.",
                folder.display()
            ),
            "Prévenez la personne qui s’occupe de l’informatique.",
        ),
    }
}

fn press(error: &PressError) -> String {
    match error {
        PressError::Run(_) => "Le programme d’impression ne démarre pas.".to_owned(),
        PressError::TooSlow(limit) => {
            format!("L’impression a dépassé {} secondes.", limit.as_secs())
        }
        PressError::Died(_) => {
            "L’impression s’est arrêtée avant la fin, sans doute faute de mémoire.".to_owned()
        }
        PressError::Garbled | PressError::Refused(_) => "L’impression a échoué.".to_owned(),
    }
}

impl From<CardRefusal> for Fault {
    fn from(refusal: CardRefusal) -> Self {
        match refusal {
            CardRefusal::Store(error) => error.into(),
            CardRefusal::NoSuchCard(_) => Self::NothingThere,
            other => Self::Refused(told_of_card(&other)),
        }
    }
}

/// Why a card stays as it is.
fn told_of_card(refusal: &CardRefusal) -> Explained {
    let nobody = "Personne n’a été compté comme prévenu.";
    match refusal {
        CardRefusal::NoSuchCard(card) => {
            Explained::new(format!("Il n’y a pas de carte {card}."), "Regardez la liste à traiter.")
        }
        CardRefusal::Several { message, cards } => Explained::new(
            format!("L’annonce {message} a plusieurs cartes : {}.", cards.join(", ")),
            "Choisissez l’une d’elles.",
        ),
        CardRefusal::PublishedAlready { card, at, by } => Explained::new(
            format!("{by} a déjà publié la carte {card} le {at}. Rien n’a changé."),
            "Si ce n’est pas vrai, reprenez cette publication.",
        ),
        CardRefusal::Expired { card, .. } => Explained::new(
            format!("Plus personne n’attend la carte {card}. {nobody}"),
            "Ne la publiez plus : ces familles sont passées à une autre voie.",
        ),
        CardRefusal::HeldBack { card, .. } => Explained::new(
            format!("La carte {card} n’est pas à publier en ce moment. {nobody}"),
            "Sa page dit pourquoi.",
        ),
        CardRefusal::NotPublished(card) => Explained::new(
            format!("Personne n’a dit que la carte {card} est publiée. Rien n’a changé."),
            "Il n’y a rien à reprendre.",
        ),
        CardRefusal::OddHour { card, at } => Explained::new(
            format!("La carte {card} n’a pas pu être publiée le {at}. {nobody}"),
            "Donnez une heure entre l’envoi de l’annonce et maintenant.",
        ),
        CardRefusal::Template(error) => Explained::new(
            format!("Le texte de la carte ne se compose pas : {}.", error.fault.in_french()),
            "Faites corriger le modèle.",
        ),
        CardRefusal::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
    }
}

impl From<CallRefusal> for Fault {
    fn from(refusal: CallRefusal) -> Self {
        match refusal {
            CallRefusal::Store(error) => error.into(),
            CallRefusal::NoSuchCall(_) => Self::NothingThere,
            other => Self::Refused(told_of_call(&other).by("/appels", "Voir les appels")),
        }
    }
}

/// Why nothing is noted of a call.
fn told_of_call(refusal: &CallRefusal) -> Explained {
    let nothing = "Rien n’a été noté.";
    match refusal {
        CallRefusal::NoSuchCall(call) => Explained::new(
            format!("Il n’y a pas d’appel {call}. {nothing}"),
            "Regardez la liste des appels.",
        ),
        CallRefusal::Already { outcome, by, at, .. } => Explained::new(
            format!("{by} a déjà noté cet appel le {at} : {}. {nothing}", outcome.in_french()),
            "Si ce n’est pas vrai, corrigez-le sur sa page.",
        ),
        CallRefusal::Restricted(_) => Explained::new(
            format!("Une décision notée depuis empêche cet appel. {nothing}"),
            "N’appelez pas cette personne à ce sujet.",
        ),
        CallRefusal::Over { .. } => Explained::new(
            format!("Cet appel n’est plus à faire. {nothing}"),
            "La page de l’annonce dit où en est cette famille.",
        ),
        CallRefusal::NoWord(_) => Explained::new(
            format!("Il manque ce que la famille demande. {nothing}"),
            "Écrivez-le en quelques mots.",
        ),
        CallRefusal::NotReached(_) => Explained::new(
            format!("Une réponse ne se note que si la famille est jointe. {nothing}"),
            "Choisissez « Jointe », ou laissez la réponse de côté.",
        ),
        CallRefusal::AsksNothing(_) | CallRefusal::NotOfKind { .. } => Explained::new(
            format!("Cette annonce n’attend pas cette réponse. {nothing}"),
            "Rouvrez la page de l’appel : elle dit ce que l’annonce demande.",
        ),
        CallRefusal::NothingSaid(_) => Explained::new(
            "Personne n’a dit ce que cet appel a donné. Rien n’a changé.",
            "Il n’y a rien à corriger.",
        ),
        CallRefusal::TooLate(_) => Explained::new(
            "Quelque chose est déjà parti à cause de ce résultat. Rien n’a changé.",
            "Notez plutôt un appel reçu, ou suivez la famille sur la page de l’annonce.",
        ),
        CallRefusal::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
    }
}
