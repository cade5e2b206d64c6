//! The search, and below it the classes: what a secretary opens while a parent is on the telephone. What is looked for is
//! posted, so that no name stands in an address.

use askama::Template;
use axum::extract::Query;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::class;
use super::meant::sight;
use crate::office::{self, ClassSize, FoundPerson, FoundPupil, LookedUp};
use crate::people::{Right, Whom};

/// People of each kind on one page.
const MOST: usize = 20;

/// What an act left to say.
#[derive(Deserialize)]
pub(super) struct AskedOfDirectory {
    #[serde(default, rename = "fait")]
    done: String,
}

#[derive(Template)]
#[template(path = "directory/search.html", config = "src/web/askama.toml")]
struct SearchPage<'a> {
    csrf: &'a str,
    typed: &'a str,
    done: Option<&'static str>,
    answer: String,
    found: Option<LookedUp>,
    found_classes: Vec<ClassRow>,
    classes: Vec<ClassRow>,
    sees_everybody: bool,
    may_edit_all: bool,
}

struct ClassRow {
    path: Option<String>,
    name: String,
    pupils: String,
}

/// The page, before anybody is looked for.
pub(super) async fn page(
    visitor: Visitor,
    Query(asked): Query<AskedOfDirectory>,
) -> Result<WebPage, Fault> {
    shown(&visitor, "", told(&asked.done)).await
}

/// The page with what was found.
pub(super) async fn search(visitor: Visitor, form: Form) -> Result<WebPage, Fault> {
    shown(&visitor, form.text("q"), None).await
}

async fn shown(
    visitor: &Visitor,
    typed: &str,
    done: Option<&'static str>,
) -> Result<WebPage, Fault> {
    let (school, sight) = (visitor.school(), sight(visitor));
    let found = match typed {
        "" => None,
        typed => Some(office::look_up(school, &sight, typed, MOST).await?),
    };
    let classes = office::classes_seen(school, &sight).await?;
    let found_classes = found.iter().flat_map(|found| found.classes.clone()).map(row).collect();
    let body = SearchPage {
        csrf: visitor.csrf(),
        typed,
        done,
        answer: found.as_ref().map(|found| sentence(typed, found)).unwrap_or_default(),
        found,
        found_classes,
        classes: classes.into_iter().map(row).collect(),
        sees_everybody: visitor.sees_everybody().is_ok(),
        may_edit_all: visitor.may(Right::EditFamilies) && sight.whom == Whom::Everybody,
    };
    visitor.page(Section::Directory, "Annuaire", &body)
}

fn row(size: ClassSize) -> ClassRow {
    let pupils = count(size.pupils, "élève", "élèves");
    match size.class {
        Some(name) => ClassRow { path: Some(class::path(&name)), name, pupils },
        None => ClassRow { path: None, name: "Sans classe".to_owned(), pupils },
    }
}

fn sentence(typed: &str, found: &LookedUp) -> String {
    let (pupils, persons) = (found.pupils.len(), found.persons.len());
    if pupils + persons + found.classes.len() == 0 {
        return format!("Personne ne correspond à « {typed} ».");
    }
    let more = if found.has_more { " Il y en a d’autres : précisez." } else { "" };
    let pupils = count(pupils, "élève", "élèves");
    format!("{pupils}, {}.{more}", count(persons, "adulte", "adultes"))
}

fn told(done: &str) -> Option<&'static str> {
    match done {
        "archive" => Some("La fiche est archivée : plus rien ne partira vers cette personne."),
        _ => None,
    }
}

/// What an adult is, in a list: `parent de Zoé PETIT (6A)`.
fn is_what(person: &FoundPerson) -> String {
    let of = person.pupils.join(", ");
    match (&person.function, of.as_str()) {
        (Some(function), "") if function.is_empty() => "personnel".to_owned(),
        (Some(function), "") => format!("personnel ({function})"),
        (Some(_), of) => format!("personnel, responsable de {of}"),
        (None, "") => "sans élève".to_owned(),
        (None, of) => format!("responsable de {of}"),
    }
}

/// The class of a pupil, in a list.
fn class_of(pupil: &FoundPupil) -> &str {
    pupil.class.as_deref().unwrap_or("sans classe")
}
