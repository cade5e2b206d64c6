//! Each act in French, and where what it was about is shown.

use super::super::directory::{class, coordinates, words};
use crate::channel::Channel;
use crate::people::{Act, ContactState, Handle, PersonKey, PupilKey};

/// What somebody's page is called, where their name would not be.
const RECORD: &str = "la fiche";

/// What was done, as a colleague would say it.
#[expect(clippy::too_many_lines, reason = "one match: an act without words does not compile")]
pub(super) const fn in_french(act: Act) -> &'static str {
    match act {
        Act::SaveDraft => "a enregistré un brouillon",
        Act::DiscardDraft => "a abandonné un brouillon",
        Act::Try => "s’est envoyé un essai d’une annonce",
        Act::TryService => "s’est envoyé un essai d’un service",
        Act::Launch => "a envoyé une annonce",
        Act::Correct => "a rectifié une annonce",
        Act::Retry => "a relancé une annonce",
        Act::Pause => "a mis une annonce en pause",
        Act::Resume => "a repris une annonce",
        Act::Cancel => "a annulé une annonce",
        Act::CloseChannel => "a fermé un canal",
        Act::OpenChannel => "a rouvert un canal",
        Act::Hold => "a suspendu tous les envois",
        Act::Release => "a repris les envois",
        Act::Post => "a noté un lot de courriers comme parti",
        Act::Unpost => "a repris l’envoi d’un lot de courriers",
        Act::AssignCard => "a confié une carte à publier",
        Act::RemindOfCard => "a rappelé par courriel une carte à publier",
        Act::Publish => "a noté une carte comme publiée",
        Act::Unpublish => "a repris la publication d’une carte",
        Act::NoteCall => "a noté un appel",
        Act::TakeBackCall => "a repris ce qui était noté d’un appel",
        Act::ShareCalls => "a réparti des appels",
        Act::TakeCallsAlong => "a sorti des appels sur papier ou dans un tableau",
        Act::NoteIncomingCall => "a noté un appel reçu",
        Act::TakeBack => "a noté un courrier revenu",
        Act::Assign => "a confié quelque chose à traiter",
        Act::Settle => "a traité",
        Act::Reopen => "a remis à traiter",
        Act::Answer => "a répondu",
        Act::AlertInbox => "a prévenu la direction de ce qui attend",
        Act::Import => "a importé les fichiers de l’établissement",
        Act::UndoImport => "a annulé le dernier import",
        Act::AddPerson => "a ajouté une personne",
        Act::ChangePerson => "a corrigé une personne",
        Act::ArchivePerson => "a archivé une personne",
        Act::Restrict => "a noté une décision",
        Act::Lift => "a levé une décision",
        Act::Trust => "a noté des coordonnées comme sûres",
        Act::Connect => "a noté comment un foyer est connecté",
        Act::CorrectContact => "a corrigé des coordonnées",
        Act::LookAtPerson => "a consulté la fiche d’un adulte",
        Act::LookAtPupil => "a consulté la fiche d’un élève",
        Act::LookAtClass => "a consulté une classe",
        Act::LookAtAddressee => "a consulté le suivi d’un destinataire",
        Act::LookAtCharges => "a consulté des personnes à joindre",
        Act::TakeAttachment => "a enregistré une pièce jointe",
        Act::LookAtBatch => "a consulté un lot de courriers",
        Act::LookAtContacts => "a consulté des coordonnées",
        Act::LookAsFamily => "a vu une annonce comme une famille la reçoit",
        Act::HandOut => "a remis une liste de noms",
        Act::HandOver => "a noté un courrier remis en main propre",
        Act::TakeBackHandover => "a repris la remise d’un courrier",
        Act::PrintOnPaper => "a envoyé un lot à une imprimante",
        Act::SealBatch => "a scellé un lot pour un partenaire",
        Act::LeaveDocuments => "a déposé des documents à imprimer",
        Act::RemoveDocument => "a retiré un document à imprimer",
        Act::TakeWork => "a reçu une page d’un travail rendu",
        Act::TakeOutWork => "a retiré une page d’un travail rendu",
        Act::LookAtWorks => "a consulté des travaux rendus",
        Act::SaveList => "a enregistré une liste de destinataires",
        Act::RemoveList => "a supprimé une liste de destinataires",
        Act::Export => "a exporté les destinataires d’une annonce",
        Act::EditTemplate => "a enregistré un modèle",
        Act::ChangeSettings => "a changé des réglages",
        Act::SignIn => "s’est connecté",
        Act::AddAccount => "a ajouté un compte",
        Act::ChangeAccount => "a modifié un compte",
        Act::DisableAccount => "a désactivé un compte",
        Act::EnableAccount => "a réactivé un compte",
        Act::ChangePassword => "a choisi un mot de passe",
        Act::MakeCode => "a fait un code pour un compte",
        Act::MakeLink => "a fait un lien de connexion",
        Act::EndSession => "a fermé une session",
        Act::AddSecondFactor => "a protégé un compte par un code du téléphone",
        Act::RemoveSecondFactor => "a retiré le code du téléphone d’un compte",
        Act::TieIdentity => "a rattaché un compte à un service d’identité",
        Act::UntieIdentity => "a détaché un compte d’un service d’identité",
        Act::AskApproval => "a demandé l’accord d’une deuxième personne",
        Act::Approve => "a donné son accord à un envoi",
        Act::Decline => "a refusé un envoi",
        Act::PassOn => "n’a pas répondu à temps : l’accord est demandé au suivant",
        Act::TakeBackApproval => "a repris sa demande d’accord",
        Act::UnlockAccount => "a débloqué un compte",
        Act::NoteAnswer => "a noté une réponse",
        Act::CloseSlip => "a saisi un coupon rendu",
        Act::KeepSlip => "a mis de côté un coupon d’aucune annonce",
        Act::LookAtSlips => "a consulté des coupons numérisés",
        Act::UndoStop => "a annulé un STOP",
    }
}

/// What it was about, as pages call it.
pub(super) struct Subject {
    /// What it is called.
    pub(super) words: String,
    /// Where it is shown, where a page shows it.
    pub(super) path: Option<String>,
}

impl Subject {
    fn at(words: impl Into<String>, path: String) -> Self {
        Self { words: words.into(), path: Some(path) }
    }

    fn of_adult(key: &str) -> Self {
        let handle = Handle::of_person(&PersonKey(key.to_owned()));
        Self::at(RECORD, format!("/annuaire/personnes/{handle}"))
    }

    fn of_pupil(key: &str) -> Self {
        let handle = Handle::of_pupil(&PupilKey(key.to_owned()));
        Self::at(RECORD, format!("/annuaire/eleves/{handle}"))
    }

    /// What the journal keeps of an act, read.
    #[expect(clippy::too_many_lines, reason = "one match, as each act is shown")]
    pub(super) fn of(act: Act, about: String) -> Self {
        match act {
            Act::LookAtCharges | Act::AlertInbox if about.is_empty() => {
                Self::at("à traiter", "/a-traiter".into())
            }
            Act::Launch
            | Act::LookAtCharges
            | Act::AlertInbox
            | Act::Correct
            | Act::Retry
            | Act::Pause
            | Act::Resume
            | Act::Cancel
            | Act::Export
            | Act::Approve => Self::at(&*about, format!("/annonces/{about}")),
            Act::Try => Self { words: format!("brouillon {about}"), path: None },
            Act::Post | Act::Unpost | Act::LookAtBatch => {
                Self::at(format!("lot {about}"), format!("/courriers/lots/{about}"))
            }
            Act::AssignCard | Act::RemindOfCard | Act::Publish | Act::Unpublish => {
                Self::at(&*about, format!("/a-traiter/cartes/{about}"))
            }
            Act::Assign | Act::Settle | Act::Reopen | Act::Answer | Act::TakeAttachment => {
                Self::at(&*about, format!("/a-traiter/boite/{about}"))
            }
            Act::NoteCall | Act::TakeBackCall => match about.split_once(' ') {
                Some((call, _)) => Self::at(call, format!("/appels/{call}")),
                None => Self { words: about, path: None },
            },
            Act::ShareCalls | Act::TakeCallsAlong | Act::NoteIncomingCall => {
                Self { words: String::new(), path: None }
            }
            Act::EditTemplate => Self::at(&*about, format!("/modeles/{about}")),
            Act::HandOut => Self::at(format!("liste {about}"), "/courriers/listes".to_owned()),
            Act::SaveList => Self::at("la liste", format!("/annuaire/listes/{about}")),
            Act::RemoveList => Self { words: String::new(), path: None },
            Act::LookAtPerson
            | Act::LookAsFamily
            | Act::Connect
            | Act::CorrectContact
            | Act::UndoStop => Self::of_adult(&about),
            Act::NoteAnswer | Act::CloseSlip => match about.split_once('-') {
                Some((code, _)) => Self::at(&*about, format!("/annonces/{code}")),
                None => Self { words: about, path: None },
            },
            Act::LookAtClass => Self::at(format!("classe {about}"), class::path(&about)),
            Act::LookAtAddressee => match about.split_once(' ') {
                Some((code, number)) => {
                    Self::at(code, format!("/annonces/{code}/destinataires/{number}"))
                }
                None => Self { words: about, path: None },
            },
            Act::LookAtContacts => match ContactState::from_word(&about) {
                Some(state) => Self::at(words::state(state).0, coordinates::address(state, None)),
                None => Self { words: about, path: None },
            },
            Act::LookAtPupil | Act::Trust => Self::of_pupil(&about),
            // The pupil, and who must not hear of them.
            Act::Restrict | Act::Lift => match about.split_once(' ') {
                Some((_, person)) => Self::of_adult(person),
                None => Self { words: about, path: None },
            },
            Act::AddPerson | Act::ChangePerson | Act::ArchivePerson => {
                Self { words: RECORD.to_owned(), path: None }
            }
            Act::OpenChannel | Act::CloseChannel => {
                let channel = about.parse().map(Channel::in_french);
                Self { words: channel.map_or(about, str::to_owned), path: None }
            }
            Act::SignIn => Self { words: way_in(about), path: None },
            _ => Self { words: about, path: None },
        }
    }
}

/// By what somebody signed in.
fn way_in(kept: String) -> String {
    match kept.as_str() {
        "password" => "par mot de passe".to_owned(),
        "second_factor" => "avec un code du téléphone".to_owned(),
        "link" => "par un lien".to_owned(),
        "openid" => "par un service d’identité".to_owned(),
        _ => kept,
    }
}
