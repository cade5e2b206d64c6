//! What an inspection found, in French. What a program said of itself stands apart, as it said it.

use jiff::civil::Date;

use super::super::words::{named_from, until_from};
use crate::delivery::SendError;
use crate::office::{Check, Finding, Severity, Why};

/// What was found out about one thing.
pub(super) struct CheckFound {
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
    /// What is said, and the words of a program or a path.
    pub(super) findings: Vec<(String, String)>,
}

/// Puts a check into words.
pub(super) fn found(check: &Check, today: Date) -> CheckFound {
    let (state, tone) = match check.state {
        Severity::Sound => ("en ordre", "good"),
        Severity::Doubtful => ("à regarder", "wait"),
        Severity::Failing => ("à réparer", "bad"),
    };
    CheckFound {
        name: name(&check.check),
        state,
        tone,
        findings: check.findings.iter().map(|it| told(it, today)).collect(),
    }
}

fn name(check: &str) -> String {
    match check {
        "configuration" => "Fichier de réglages".to_owned(),
        "school" => "Établissement".to_owned(),
        "secrets" => "Secrets".to_owned(),
        "pages" => "Certificat des pages".to_owned(),
        "database" => "Base de données".to_owned(),
        "disk" => "Disque".to_owned(),
        "templates" => "Modèles".to_owned(),
        "letters" => "Courriers".to_owned(),
        "openid" => "Connexion sans mot de passe".to_owned(),
        provider => format!("Service {provider}"),
    }
}

#[expect(clippy::too_many_lines, reason = "one match: a finding without words does not compile")]
fn told(finding: &Finding, today: Date) -> (String, String) {
    let plain = |said: &str| (said.to_owned(), String::new());
    match finding {
        Finding::Configuration { file } => {
            ("Le fichier se lit.".to_owned(), file.display().to_string())
        }
        Finding::ExamplesLeft { keys } => {
            ("Ces valeurs sont encore celles de l’exemple :".to_owned(), keys.join(", "))
        }
        Finding::OddUai { doubt } => ("L’UAI est peut-être mal tapé.".to_owned(), doubt.clone()),
        Finding::Unsaid { keys } => (
            "Les familles ne lisent pas ceci, que les réglages ne disent pas :".to_owned(),
            keys.join(", "),
        ),
        Finding::Overseas { zone, region } => (
            "L’UAI est d’outre-mer, et l’heure ou les numéros sont lus comme ailleurs. À mettre :"
                .to_owned(),
            format!("zone = \"{zone}\", region = \"{region}\""),
        ),
        Finding::School { uai, region, zone } => {
            (format!("UAI {uai}, numéros {region}, heure {zone}."), String::new())
        }
        Finding::BadPhone { why, .. } => (
            "Le téléphone de l’établissement ne se compose pas : personne ne pourrait rappeler."
                .to_owned(),
            why.clone(),
        ),
        Finding::BadEmail { why } => {
            ("Le courriel de l’établissement n’en est pas un.".to_owned(), why.clone())
        }
        Finding::Secrets { files } => {
            (format!("Fichiers de secrets bien gardés : {files}."), String::new())
        }
        Finding::OpenSecret { file, .. } => (
            "Tout le monde sur cet ordinateur peut lire ce secret :".to_owned(),
            file.display().to_string(),
        ),
        Finding::Certificate { until } => {
            let until = until_from(until.0, today);
            (format!("Le certificat des pages est bon {until}."), String::new())
        }
        Finding::CertificateEnds { until } => (
            format!(
                "Le certificat des pages n’est plus bon que {} : à renouveler.",
                until_from(until.0, today)
            ),
            String::new(),
        ),
        Finding::CertificateOver { since } => (
            format!(
                "Le certificat des pages est périmé depuis {} : à remplacer.",
                named_from(since.0, today)
            ),
            String::new(),
        ),
        Finding::NoCertificate { why } => {
            ("Le certificat des pages ne peut pas servir.".to_owned(), why.clone())
        }
        Finding::People { pupils, adults } => {
            (format!("{pupils} élèves, {adults} adultes."), String::new())
        }
        Finding::Nobody => plain("Personne n’est dans l’annuaire : importez les fichiers."),
        Finding::OnHold => plain("Tous les envois sont suspendus."),
        Finding::NoDaemon => plain("Aucun programme n’est au travail : rien ne part."),
        Finding::Room { megabytes } => (format!("{megabytes} Mo libres."), String::new()),
        Finding::LittleRoom { megabytes } => {
            (format!("{megabytes} Mo libres seulement : faites de la place."), String::new())
        }
        Finding::Templates { sound } => (format!("{sound} modèles en ordre."), String::new()),
        Finding::ShortNumber => {
            plain("Les SMS partent d’un numéro court : ni lien ni numéro n’y passe.")
        }
        Finding::BadTemplate { template, what } => {
            (format!("Le modèle « {template} » ne peut pas servir."), what.clone())
        }
        Finding::Printed { .. } => plain("Un courrier d’essai a été imprimé, puis effacé."),
        Finding::NotPrinted { why } => {
            ("Aucun courrier ne peut être imprimé.".to_owned(), why.clone())
        }
        Finding::NoFolder { folder, why } => (
            "Rien ne peut être écrit dans le dossier des courriers.".to_owned(),
            format!("{} ({why})", folder.display()),
        ),
        Finding::Answers { in_french, .. } => {
            (format!("Le service répond : {in_french}."), String::new())
        }
        Finding::ByHand { program } => {
            (format!("Une personne publie dans {program} ce que dit la carte."), String::new())
        }
        Finding::Printer => ("L’imprimante attend du travail.".to_owned(), String::new()),
        Finding::PrinterStands { hindrances } => {
            ("Quelqu’un doit aller voir l’imprimante.".to_owned(), hindrances.join(", "))
        }
        Finding::OneSidedPrinter => (
            "L’imprimante n’imprime que d’un côté, et les lots sont faits pour le recto verso."
                .to_owned(),
            String::new(),
        ),
        Finding::NoPrinter { why } => {
            ("L’imprimante ne peut pas être utilisée.".to_owned(), why.clone())
        }
        Finding::Seals => {
            ("Des lots peuvent être scellés pour ce partenaire.".to_owned(), String::new())
        }
        Finding::NoSealing => (
            "Le programme qui scelle les lots (age) n’est pas installé sur le serveur.".to_owned(),
            String::new(),
        ),
        Finding::Unusable { why, .. } => {
            (format!("Rien ne part par ce service : {}.", reason(why)), why.to_string())
        }
        Finding::NoSignIn { why } => (
            "Personne ne peut s’y identifier : les mots de passe marchent toujours.".to_owned(),
            why.to_string(),
        ),
        Finding::LeftAlone { until, reason } => {
            let left = until_from(until.0, today);
            (format!("Il refuse nos envois ({reason}) : laissé en paix {left}."), String::new())
        }
        Finding::Broken { why } => ("Ceci ne fonctionne pas.".to_owned(), why.to_string()),
    }
}

fn reason(why: &Why) -> &'static str {
    let error = why.downcast_ref::<SendError>();
    error.map_or("il n’est pas réglé sur cet ordinateur", |error| error.kind.in_french())
}
