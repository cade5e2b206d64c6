//! Settings that stay as they are.

use super::super::fault::{Explained, Fault};
use crate::config::ConfigError;
use crate::message::PlanError;
use crate::office::{BadSetting, SettingsRefusal};
use crate::providers::BadSender;

impl From<SettingsRefusal> for Fault {
    fn from(refusal: SettingsRefusal) -> Self {
        match refusal {
            SettingsRefusal::Store(error) => error.into(),
            other => Self::Refused(refused(&other).by("/reglages", "Voir les réglages")),
        }
    }
}

/// Why the settings stay as they are.
pub(crate) fn refused(refusal: &SettingsRefusal) -> Explained {
    const ASK: &str = "Prévenez la personne qui s’occupe de l’informatique.";
    const AGAIN: &str = "Corrigez, puis enregistrez.";
    match refusal {
        SettingsRefusal::Store(_) => {
            Explained::new("La base de données ne répond pas.", "Réessayez dans une minute.")
        }
        SettingsRefusal::NoFile => Explained::new(
            "Le programme n’a pas été démarré à partir d’un fichier de réglages : rien ne se change d’ici.",
            ASK,
        ),
        SettingsRefusal::CannotRead(error) => {
            tracing::warn!(%error, "The configuration file cannot be read.");
            Explained::new("Le fichier de réglages ne se laisse pas lire. Rien n’a changé.", ASK)
        }
        SettingsRefusal::Faulty(error) => Explained::new(
            format!(
                "Le fichier de réglages a été changé à la main, et a une faute : {}. Les réglages d’avant restent en vigueur.",
                words_of(error)
            ),
            "Corrigez le fichier, ou remettez celui d’avant, qui est à côté.",
        ),
        SettingsRefusal::Meanwhile => Explained::new(
            "Le fichier de réglages a été changé depuis que cette page est ouverte. Rien n’est enregistré.",
            "Voici vos valeurs : comparez-les à la page Réglages, puis enregistrez.",
        ),
        SettingsRefusal::Fixed { key, variable } => Explained::new(
            format!(
                "« {key} » est fixé par la variable {variable} de l’ordinateur. Rien n’est enregistré."
            ),
            ASK,
        ),
        SettingsRefusal::Bad(bad) => {
            Explained::new(format!("{} Rien n’est enregistré.", told(bad).1), AGAIN)
        }
        SettingsRefusal::Refused(error) => Explained::new(
            format!(
                "Le fichier de réglages serait refusé avec ces valeurs ; sa lecture dit : {}. Rien n’est enregistré.",
                words_of(error)
            ),
            AGAIN,
        ),
        SettingsRefusal::CannotWrite(error) => {
            tracing::warn!(%error, "The configuration file cannot be written.");
            Explained::new(
                "Le programme ne peut pas écrire le fichier de réglages, ou son dossier. Rien n’a changé.",
                "L’informatique peut lui en donner le droit, ou changer le fichier elle-même.",
            )
        }
    }
}

/// What the reader of the file says, set as a page sets a colon.
fn words_of(error: &ConfigError) -> String {
    error.to_string().replace(": ", " : ")
}

/// The field of a value that cannot be, and why it cannot.
#[expect(clippy::too_many_lines, reason = "one match: a value without words does not compile")]
pub(crate) fn told(bad: &BadSetting) -> (&'static str, String) {
    let one = |field, what: &str| (field, what.to_owned());
    match bad {
        BadSetting::NoName => one("nom", "L’établissement a un nom : écrivez-le."),
        BadSetting::Phone => one(
            "telephone",
            "Ce n’est pas un numéro de téléphone : écrivez par exemple 05 36 49 00 00.",
        ),
        BadSetting::Email => one(
            "courriel",
            "Ce n’est pas une adresse : écrivez par exemple secretariat@example.org.",
        ),
        BadSetting::Website => one(
            "site",
            "Ce n’est pas l’adresse d’une page : écrivez par exemple https://college.example.org/info.",
        ),
        BadSetting::TooLong(key) => (
            "",
            format!(
                "C’est trop long pour « {key} » : 200 signes par ligne, 6 lignes d’adresse, 100 lignes d’heures."
            ),
        ),
        BadSetting::NeverOpen(channel) => (
            "repos",
            format!("Rien ne partirait jamais par {} : laissez-lui du temps.", channel.in_french()),
        ),
        BadSetting::ByPeople(channel) => (
            "repos",
            format!("Des personnes s’occupent de {}, à leurs heures.", channel.in_french()),
        ),
        BadSetting::NoneAtOnce => one("a-la-fois", "Il faut au moins un envoi à la fois."),
        BadSetting::Sender(BadSender::Address) => one(
            "adresse",
            "Ce n’est pas une adresse : écrivez par exemple secretariat@example.org.",
        ),
        BadSetting::Sender(BadSender::Answers) => one(
            "reponses",
            "Ce n’est pas une adresse : écrivez par exemple secretariat@example.org, ou rien.",
        ),
        BadSetting::Sender(BadSender::Name) => one(
            "nom",
            "Un SMS porte 11 signes au plus, lettres sans accent, chiffres et espaces : COLLEGE VH.",
        ),
        BadSetting::NoSuchProvider(name) => {
            ("", format!("Le service « {name} » n’est pas, ou plus, réglé ici."))
        }
        BadSetting::ByHandFirst(name) => (
            "",
            format!(
                "Une personne publie dans « {name} » : les services que le programme appelle passent avant."
            ),
        ),
        BadSetting::Plan(error) => ("voies-0", of_plan(error)),
        BadSetting::PlanName => one(
            "nouveau",
            "Un plan se nomme en petites lettres, chiffres et traits d’union : sortie-scolaire.",
        ),
        BadSetting::PlanStands(name) => ("nouveau", format!("Il y a déjà un plan « {name} ».")),
        BadSetting::NoSuchPlan(name) => ("", format!("Le plan « {name} » n’existe plus.")),
        BadSetting::UsualPlan(name) => {
            ("", format!("« {name} » est le plan des annonces qui n’en nomment pas : il reste."))
        }
        BadSetting::PlanOfHouseholds(name) => (
            "",
            format!(
                "Des foyers peu connectés suivent le plan « {name} » ([households] du fichier) : il reste."
            ),
        ),
        BadSetting::NotApproving(login) => (
            "personne-0",
            format!("« {login} » ne peut pas approuver d’envoi : choisissez quelqu’un d’autre."),
        ),
        BadSetting::Twice(login) => {
            ("personne-0", format!("« {login} » est deux fois dans la chaîne, aux mêmes dates."))
        }
        BadSetting::Backwards(login) => {
            ("personne-0", format!("Pour « {login} », le dernier jour vient avant le premier."))
        }
    }
}

fn of_plan(error: &PlanError) -> String {
    match error {
        PlanError::Empty(_) => "Le plan n’a plus d’étape : cochez au moins une voie.".to_owned(),
        PlanError::EmptyRung { rung, .. } => {
            format!("L’étape {rung} n’a pas de voie : cochez-en une.")
        }
        PlanError::TooLong(_) => "Le plan est trop long : 26 voies au plus en tout.".to_owned(),
    }
}
