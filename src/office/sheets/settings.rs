//! What the configuration says, in words and without any secret.

use super::{SheetPart, in_words};
use crate::channel::Channel;
use crate::office::{School, carriers};
use crate::providers::Sender;
use crate::render::letters::Sides;
use crate::settings::{Price, SecretPlace};

/// A part of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsPart {
    /// What the school says of itself.
    Facts,
    /// The plans.
    Plans,
    /// Hours and rhythm.
    Hours,
    /// The yes of a second person.
    Approval,
    /// What things cost.
    Prices,
    /// Letters and templates.
    Paper,
    /// What the machine serves.
    Machine,
}

impl SettingsPart {
    /// All of them, as they are read.
    pub const ALL: [Self; 7] = [
        Self::Facts,
        Self::Plans,
        Self::Hours,
        Self::Approval,
        Self::Prices,
        Self::Paper,
        Self::Machine,
    ];
}

/// A part of the settings of a school.
#[must_use]
pub fn settings(school: &School, part: SettingsPart) -> SheetPart {
    match part {
        SettingsPart::Facts => facts(school),
        SettingsPart::Plans => plans(school),
        SettingsPart::Hours => hours(school),
        SettingsPart::Approval => approval(school),
        SettingsPart::Prices => prices(school),
        SettingsPart::Paper => paper(school),
        SettingsPart::Machine => machine(school),
    }
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

/// A service that carries, as the settings have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStands {
    /// Its name.
    pub name: String,
    /// On which channel.
    pub channel: Channel,
    /// What it is, in French.
    pub kind: &'static str,
    /// The program in which people publish, where they do.
    pub by_hand: Option<String>,
    /// The machine that is called, where the settings name it.
    pub host: Option<String>,
    /// As whom it writes, where its settings say that.
    pub sender: Option<Sender>,
    /// How fast it may be used, in French.
    pub pace: String,
    /// The secrets that it needs.
    pub secrets: Vec<SecretStands>,
}

/// A secret that a service needs. Nothing here tells anything of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretStands {
    /// Its key: `client_secret`.
    pub key: String,
    /// Where it is kept, in French.
    pub place: String,
    /// Whether it is there.
    pub is_there: bool,
}

/// The services of a school.
#[must_use]
pub fn services(school: &School) -> Vec<ServiceStands> {
    let each = school.config.providers.iter().map(|(name, settings)| ServiceStands {
        name: name.clone(),
        channel: settings.channel(),
        kind: settings.in_french(),
        by_hand: settings.by_hand().map(|it| it.called().to_owned()),
        host: settings.place().map(host),
        sender: settings.sender(),
        pace: in_words::pace(settings.pace()),
        secrets: settings.secrets(name).iter().map(|it| secret(school, it)).collect(),
    });
    each.collect()
}

fn secret(school: &School, (key, place): &(String, &SecretPlace)) -> SecretStands {
    let is_there = carriers::read_secret(key, place, &school.folder).is_ok();
    let place = match place {
        SecretPlace::File(path) => format!("gardé dans {}", path.display()),
        SecretPlace::Env(variable) => format!("gardé dans la variable {variable}"),
    };
    SecretStands { key: key.rsplit('.').next().unwrap_or_default().to_owned(), place, is_there }
}

/// The machine of an address: what stands before it may be a password.
fn host(place: &str) -> String {
    let rest = place.split_once("://").map_or(place, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default().to_owned()
}

fn approval(school: &School) -> SheetPart {
    let it = &school.config.approval;
    let above = match it.above {
        0 => "jamais pour leur nombre".to_owned(),
        above => format!("au-dessus de {above} destinataires"),
    };
    let urgent = match (it.urgent, it.above) {
        (true, _) => "toujours",
        (false, 0) => "sans accord",
        (false, _) => "comme les autres, pour leur nombre",
    };
    let chain: Vec<&str> = it.chain.iter().map(|it| it.login.as_str()).collect();
    let chain = if chain.is_empty() {
        "tous ceux qui peuvent approuver".to_owned()
    } else {
        chain.join(", puis ")
    };
    SheetPart::new("L’accord d’une deuxième personne")
        .row("Grands envois", above)
        .row("Envois urgents", urgent)
        .row("Sont demandés", chain)
        .row("Passe au suivant après", in_words::span(it.pass_on.0, "un instant"))
}

fn prices(school: &School) -> SheetPart {
    let it = &school.config.prices;
    let said = |price: Option<Price>| match price {
        Some(price) => format!("{} €", price.written().replace('.', ",")),
        None => "pas de prix".to_owned(),
    };
    SheetPart::new("Les prix")
        .saying("Avant qu’une annonce parte, la dernière page dit ce qu’elle coûte. Ce qui n’a pas de prix est compté sans.")
        .row("Un segment de SMS", said(it.sms))
        .row("Une feuille imprimée", said(it.sheet))
        .row("Un envoi par la poste", said(it.post))
        .row("Un appel", said(it.call))
}

fn machine(school: &School) -> SheetPart {
    let config = &school.config;
    let behind: Vec<String> = config.web.behind.iter().map(ToString::to_string).collect();
    let pages = config.web.url.clone();
    SheetPart::new("L’ordinateur")
        .saying(
            "Ceci se change dans le fichier, par l’informatique, et vaut au prochain démarrage.",
        )
        .row(
            "Adresse des pages",
            pages.unwrap_or_else(|| "sur cet ordinateur seulement".to_owned()),
        )
        .row("Derrière les serveurs", behind.join(", "))
        .row("Le programme écoute sur", config.http.listen.to_string())
        .row("Base de données", config.store.database.without_password())
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
