//! Why something that waits stays as it is, or nobody was answered, in French.

use super::super::fault::{Explained, Fault};
use super::documents;
use crate::delivery::FailureKind;
use crate::office::{
    AnswerRefusal, AttachedScanRefusal, DocumentsRefusal, InboxRefusal, MailedRefusal, ToldRefusal,
};

impl From<InboxRefusal> for Fault {
    fn from(refusal: InboxRefusal) -> Self {
        match refusal {
            InboxRefusal::Store(error) => error.into(),
            InboxRefusal::NoSuchEntry(_) => Self::NothingThere,
            other => Self::Refused(told(&other)),
        }
    }
}

impl From<ToldRefusal> for Fault {
    fn from(refusal: ToldRefusal) -> Self {
        match refusal {
            ToldRefusal::Entry(refusal) => refusal.into(),
            ToldRefusal::Store(error) => error.into(),
            ToldRefusal::Another => Self::Refused(Explained::new(
                "Une autre coordonnée a déjà été ajoutée à la main pour cette personne : celle-ci prendrait sa place. \
                 Rien n’a changé.",
                "Remplacez l’autre depuis sa fiche, dans l’annuaire, ou gardez-la.",
            )),
            ToldRefusal::NotTold(_) => Self::Refused(Explained::new(
                "Cette coordonnée n’est plus à mettre à jour : quelqu’un l’a déjà fait. Rien n’a changé.",
                "Rouvrez la page : elle dit ce qu’il reste.",
            )),
        }
    }
}

impl From<AttachedScanRefusal> for Fault {
    fn from(refusal: AttachedScanRefusal) -> Self {
        match refusal {
            AttachedScanRefusal::Entry(refusal) => refusal.into(),
            AttachedScanRefusal::Scan(refusal) => refusal.into(),
            AttachedScanRefusal::Store(error) => error.into(),
            AttachedScanRefusal::Nothing(_) => Self::Refused(Explained::new(
                "Rien n’est joint ici qui ait été gardé : il n’y a pas de page à lire.",
                "Demandez les pages de nouveau, en plusieurs courriels si elles sont lourdes.",
            )),
        }
    }
}

/// Why documents that came by e-mail are not left: the field that it is about, and the words; or else the page that says so.
pub(crate) fn told_of_mailed(refusal: MailedRefusal) -> Result<(&'static str, Vec<String>), Fault> {
    let one = |field, told: &str| Ok((field, vec![format!("{told} Rien n’a été gardé.")]));
    match refusal {
        MailedRefusal::ForNobody => one("pour", "Dites pour qui ils sont."),
        MailedRefusal::NotTheirs(folder) => {
            let told = format!("D’après l’annuaire, l’expéditeur n’enseigne pas à {folder}.");
            one("pour", &told)
        }
        MailedRefusal::NoWeek => one("semaine", "Dites pour quelle semaine."),
        MailedRefusal::NotThere(_) => one("piece", "Une pièce n’est pas là, ou était trop lourde."),
        MailedRefusal::Documents(DocumentsRefusal::Refused(all)) => {
            Ok(("piece", documents::told(&all)))
        }
        MailedRefusal::Documents(refusal) => Err(refusal.into()),
        MailedRefusal::Entry(refusal) => Err(refusal.into()),
        MailedRefusal::Store(error) => Err(error.into()),
        MailedRefusal::Stranger(_) => Err(Fault::Refused(Explained::new(
            "Personne du personnel n’est connu à cette adresse. Rien n’a été gardé.",
            "Vérifiez auprès de votre collègue, puis déposez ses documents depuis « Documents à imprimer ».",
        ))),
    }
}

fn told(refusal: &InboxRefusal) -> Explained {
    match refusal {
        InboxRefusal::NoSuchEntry(_) => {
            Explained::new("Il n’y a rien de ce nom.", "Regardez la liste à traiter.")
        }
        InboxRefusal::NotInHands { .. } => Explained::new(
            "Cette personne n’est plus à traiter : elle a été jointe, ou son annonce annulée. Rien n’a changé.",
            "Regardez la liste à traiter.",
        ),
        InboxRefusal::SettledAlready { by, at, .. } => Explained::new(
            format!("{by} l’a déjà traité le {at}. Rien n’a changé."),
            "S’il reste quelque chose à faire, remettez-le à traiter sur sa page.",
        ),
        InboxRefusal::NotSettled(_) => Explained::new(
            "Personne ne l’a encore traité. Rien n’a changé.",
            "Il n’y a rien à reprendre.",
        ),
        InboxRefusal::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
    }
}

/// Why nobody was answered; what was written is kept.
pub(crate) fn told_of_answer(refusal: &AnswerRefusal) -> Explained {
    match refusal {
        AnswerRefusal::NoText => Explained::new("La réponse est vide.", "Écrivez-la."),
        AnswerRefusal::NoAddress(_) => Explained::new(
            "On ne sait pas à quelle adresse répondre. Rien n’est parti.",
            "Appelez, ou écrivez par une annonce.",
        ),
        AnswerRefusal::Stopped(_) => Explained::new(
            "Cette personne a demandé à ne plus rien recevoir par cette voie. Rien n’est parti.",
            "Joignez-la autrement.",
        ),
        AnswerRefusal::NoCarrier(channel) => Explained::new(
            format!(
                "Aucun service ne porte le canal {} ici. Rien n’est parti.",
                channel.in_french()
            ),
            "Joignez-la autrement.",
        ),
        AnswerRefusal::OnHold => Explained::new(
            "Tous les envois sont suspendus. Rien n’est parti.",
            "Réessayez quand ils auront repris.",
        ),
        AnswerRefusal::Closed(channel) => Explained::new(
            format!("Le canal {} est fermé. Rien n’est parti.", channel.in_french()),
            "Réessayez quand il sera rouvert.",
        ),
        AnswerRefusal::Refuses(_) => Explained::new(
            "Le service de cette voie ne prend rien pour l’instant. Rien n’est parti.",
            "Réessayez dans quelques minutes.",
        ),
        AnswerRefusal::NoRoom(_) => Explained::new(
            "Le débit permis par le service est pris par les envois en cours. Rien n’est parti.",
            "Réessayez dans quelques minutes.",
        ),
        AnswerRefusal::Carrier(_) => Explained::new(
            "Le service de cette voie n’est pas réglé. Rien n’est parti.",
            "Demandez à la personne qui règle les services.",
        ),
        AnswerRefusal::Provider(error) if error.kind == FailureKind::Uncertain => Explained::new(
            "Le service n’a pas répondu : la réponse est peut-être partie.",
            "Demandez à la famille avant de l’envoyer de nouveau.",
        ),
        AnswerRefusal::Provider(error) => Explained::new(
            format!("Le service n’a pas pris la réponse : {}.", error.kind.in_french()),
            "Vérifiez l’adresse, ou réessayez plus tard.",
        ),
        AnswerRefusal::Entry(refusal) => told(refusal),
        AnswerRefusal::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
    }
}
