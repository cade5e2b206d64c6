//! The settings in words, and where each of them is changed.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::sheet::SheetParts;
use super::super::visitor::Visitor;
use super::super::words::named;
use super::plan::query;
use super::services::{self, ServiceShown};
use super::{route, saving};
use crate::channel::Channel;
use crate::office::{self, School, SettingsPart};

#[derive(Template)]
#[template(path = "settings/page.html", config = "src/web/askama.toml")]
struct SettingsPage<'a> {
    csrf: &'a str,
    done: Option<String>,
    /// Since when what is shown is in force.
    since: Option<String>,
    /// What is wrong with the file, or new in it.
    notice: Option<String>,
    can_read_again: bool,
    parts: Vec<PartShown>,
    services: Vec<ServiceShown>,
    /// Where the order of those is changed that serve one channel.
    orders: Vec<(String, String)>,
    path: String,
}

/// A part of what the settings say, and where each of it is changed.
struct PartShown {
    sheet: SheetParts,
    links: Vec<(String, String)>,
}

/// What is in force.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let file = school.file.as_ref();
    let (notice, can_read_again) = notice(school);
    let part = |part| PartShown {
        sheet: SheetParts { parts: vec![office::settings(school, part)] },
        links: links(school, part),
    };
    let body = SettingsPage {
        csrf: visitor.csrf(),
        done: done(asked.text("fait")),
        since: file.map(|it| named(school, it.since)),
        notice,
        can_read_again,
        parts: SettingsPart::ALL.map(part).into(),
        services: services::shown(&visitor).await?,
        orders: orders(school),
        path: file.map(office::SettingsFile::name).unwrap_or_default(),
    };
    visitor.page(Section::Settings, "Réglages", &body)
}

/// What is wrong with the file or new in it, and whether it may be read again.
fn notice(school: &School) -> (Option<String>, bool) {
    match office::settings_stand(school) {
        Ok(stand) if stand.is_in_force => (at_next_start(&stand.at_next_start), false),
        Ok(_) => (Some("Le fichier a été changé à la main depuis : ce qu’il dit de nouveau n’est pas en vigueur tant qu’il n’est pas relu.".to_owned()), true),
        Err(refusal) => {
            let (_, told) = Fault::from(refusal).told();
            (Some(format!("{} {}", told.what, told.then)), false)
        }
    }
}

fn at_next_start(tables: &[&str]) -> Option<String> {
    let told = || {
        format!(
            "Sous {}, le fichier dit autre chose que ce qui est en vigueur : cela vaudra au prochain démarrage du programme.",
            tables.join(" et ")
        )
    };
    (!tables.is_empty()).then(told)
}

fn done(word: &str) -> Option<String> {
    let done = match word {
        "enregistre" => "C’est enregistré, et en vigueur.",
        "relu" => "Le fichier est relu.",
        "rien" => "Rien n’a changé : c’est ce que le fichier disait déjà.",
        "au-demarrage" => {
            "C’est enregistré dans le fichier ; cela vaudra au prochain démarrage du programme."
        }
        "pas-encore" => {
            "C’est enregistré dans le fichier, mais pas en vigueur : le programme n’a pas pu le reprendre. Son journal dit pourquoi ; la page « Tout vérifier » aide à trouver."
        }
        _ => return None,
    };
    Some(done.to_owned())
}

/// Where a part is changed.
fn links(school: &School, part: SettingsPart) -> Vec<(String, String)> {
    let one = |path: &str, words: &str| vec![(path.to_owned(), words.to_owned())];
    match part {
        SettingsPart::Facts => one("/reglages/etablissement", "Modifier l’établissement"),
        SettingsPart::Plans => plans(school),
        SettingsPart::Hours => hours(school),
        SettingsPart::Approval => one("/reglages/accord", "Modifier l’accord"),
        SettingsPart::Prices => one("/reglages/prix", "Modifier les prix"),
        SettingsPart::Paper | SettingsPart::Machine => Vec::new(),
    }
}

fn plans(school: &School) -> Vec<(String, String)> {
    let of = |name: &str| format!("/reglages/plan?{}", query(name));
    let names = school.config.plan_names();
    let each = names.map(|name| (of(name), format!("Modifier « {name} »")));
    each.chain([(of(""), "Ajouter un plan".to_owned())]).collect()
}

fn hours(school: &School) -> Vec<(String, String)> {
    let carried = school.carried();
    let channels = Channel::ALL.into_iter().filter(|it| carried.contains(it));
    let of = |channel: Channel| {
        let words = format!("Heures de repos : {}", channel.in_french());
        (format!("/reglages/heures/{channel}"), words)
    };
    let rhythm = ("/reglages/rythme".to_owned(), "Modifier le rythme".to_owned());
    channels.map(of).chain([rhythm]).collect()
}

fn orders(school: &School) -> Vec<(String, String)> {
    let serve = |channel: &Channel| school.config.routes(*channel).len() > 1;
    let words = |channel: Channel| format!("Ordre des services : {}", channel.in_french());
    let several = Channel::ALL.into_iter().filter(serve);
    several.map(|channel| (route::address(channel), words(channel))).collect()
}

/// Takes up what somebody wrote into the file by hand.
pub(super) async fn read_again(visitor: Visitor, _: Form) -> Result<Response, Fault> {
    let taken_up = office::take_up_settings(visitor.school(), visitor.actor()).await?;
    Ok(saving::told(taken_up, "relu"))
}
