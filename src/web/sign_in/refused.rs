//! Why nobody is signed in, and why an account is not changed, in French.

use super::super::context::Web;
use super::super::fault::Fault;
use super::super::words::hour_of;
use crate::accounts::{BadPassword, LEAST_LETTERS};
use crate::office::{AccountRefusal, School, SignInRefusal};

/// What whoever is not let in reads.
pub(super) fn sign_in(web: &Web, refusal: SignInRefusal) -> Result<String, Fault> {
    Ok(match refusal {
        SignInRefusal::Wrong => {
            "L’identifiant ou le mot de passe n’est pas le bon. Vérifiez les majuscules.".to_owned()
        }
        SignInRefusal::Wait { until } => {
            let until = hour_of(web.school(), until);
            format!(
                "Trop d’essais manqués : plus rien n’est regardé pour l’instant. Réessayez {until}."
            )
        }
        SignInRefusal::LinkIsOver => {
            "Ce lien a déjà servi, ou il est trop ancien. Demandez-en un autre.".to_owned()
        }
        SignInRefusal::TooLate => {
            "Le code a trop tardé : redonnez d’abord votre mot de passe.".to_owned()
        }
        SignInRefusal::Unknown => {
            "Aucun compte de l’établissement n’est rattaché à cette identité. Rien n’a été fait."
                .to_owned()
        }
        SignInRefusal::Closed => "Ce compte est fermé.".to_owned(),
        SignInRefusal::Store(error) => return Err(error.into()),
        broken @ (SignInRefusal::NoChance(_) | SignInRefusal::Hash(_)) => {
            return Err(Fault::Broken(broken.to_string()));
        }
    })
}

/// What whoever changes an account reads.
pub(crate) fn account(school: &School, refusal: AccountRefusal) -> Result<String, Fault> {
    Ok(match refusal {
        AccountRefusal::NoSuchAccount
        | AccountRefusal::NoSuchSession
        | AccountRefusal::NoSuchPupil => return Err(Fault::NothingThere),
        AccountRefusal::Overtaken => {
            "Quelqu’un a modifié ce compte entre-temps : rien n’est enregistré. Le voici comme il est maintenant.".to_owned()
        }
        AccountRefusal::LoginTaken(login) => format!("Un autre compte a l’identifiant « {login} »."),
        AccountRefusal::BadLogin(_) => {
            "Cet identifiant ne convient pas : des lettres, des chiffres, un point ou un tiret, sans espace.".to_owned()
        }
        AccountRefusal::NoName => "Écrivez le prénom et le nom.".to_owned(),
        AccountRefusal::BadPassword(why) => password(why),
        AccountRefusal::WrongPassword => "Le mot de passe actuel n’est pas le bon.".to_owned(),
        AccountRefusal::Wait { until } => {
            format!("Trop d’essais manqués. Réessayez {}.", hour_of(school, until))
        }
        AccountRefusal::WrongCode => {
            "Ce code n’est pas le bon, a déjà servi, ou est trop ancien. Demandez-en un autre.".to_owned()
        }
        AccountRefusal::NotTheFirst => {
            "L’établissement a déjà des comptes : le premier ne se crée qu’une fois.".to_owned()
        }
        AccountRefusal::Disabled => "Ce compte est fermé.".to_owned(),
        AccountRefusal::OwnAccount => "Personne ne change ses propres droits : demandez à un collègue.".to_owned(),
        AccountRefusal::IdentityTaken => {
            "Un autre compte est déjà rattaché à cette identité ; rien n’a changé.".to_owned()
        }
        AccountRefusal::Store(error) => return Err(error.into()),
        broken @ (AccountRefusal::NoChance(_) | AccountRefusal::Hash(_)) => {
            return Err(Fault::Broken(broken.to_string()));
        }
    })
}

fn password(why: BadPassword) -> String {
    match why {
        BadPassword::TooShort => {
            format!("Le mot de passe est trop court : {LEAST_LETTERS} signes au moins.")
        }
        BadPassword::TooLong => "Le mot de passe est trop long.".to_owned(),
        BadPassword::TooObvious => {
            "Ce mot de passe se devine : prenez-en un qui ne soit ni un mot connu ni votre nom."
                .to_owned()
        }
    }
}
