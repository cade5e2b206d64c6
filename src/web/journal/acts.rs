//! Each act in French, and where what it was about is shown.

use crate::people::Act;

/// What was done, as a colleague would say it.
pub(super) const fn in_french(act: Act) -> &'static str {
    match act {
        Act::SaveDraft => "a enregistré un brouillon",
        Act::DiscardDraft => "a abandonné un brouillon",
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
        Act::Publish => "a noté une carte comme publiée",
        Act::Unpublish => "a repris la publication d’une carte",
        Act::TakeBack => "a noté un courrier revenu",
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
        Act::HandOut => "a remis une liste de noms",
        Act::Export => "a exporté les destinataires d’une annonce",
        Act::EditTemplate => "a enregistré un modèle",
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
        Act::AskApproval => "a demandé l’accord d’une deuxième personne",
        Act::Approve => "a donné son accord à un envoi",
        Act::Decline => "a refusé un envoi",
        Act::PassOn => "n’a pas répondu à temps : l’accord est demandé au suivant",
        Act::TakeBackApproval => "a repris sa demande d’accord",
    }
}

/// Where what it was about is shown, where a page shows it.
pub(super) fn path(act: Act, about: &str) -> Option<String> {
    match act {
        Act::Launch
        | Act::Correct
        | Act::Retry
        | Act::Pause
        | Act::Resume
        | Act::Cancel
        | Act::Approve => Some(format!("/annonces/{about}")),
        Act::Post | Act::Unpost => Some(format!("/courriers/lots/{about}")),
        Act::AssignCard | Act::Publish | Act::Unpublish => {
            Some(format!("/a-traiter/cartes/{about}"))
        }
        Act::EditTemplate => Some(format!("/modeles/{about}")),
        Act::HandOut => Some("/courriers/listes".to_owned()),
        _ => None,
    }
}
