//! A list that is chosen as the recipients of an announcement are; and an earlier one chosen anew.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::audience::{Chooser, HowMany, rule_of};
use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_list;
use super::super::visitor::Visitor;
use super::kept::{called, path, to_saved};
use crate::audience::{ListError, Rule};
use crate::office::{self, Listed};

#[derive(Template)]
#[template(path = "lists/make.html", config = "src/web/askama.toml")]
struct MakePage<'a> {
    csrf: &'a str,
    title: &'a str,
    action: String,
    back: String,
    faults: Faults,
    /// `None`: the name stays.
    name: Option<FormField>,
    chooser: Chooser,
    count: HowMany,
}

/// What is being made: a new list of a name, or an earlier one anew.
enum Making {
    New(String),
    Earlier(String),
}

/// The form of a new list.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    shown(&visitor, &Making::New(String::new()), "familles", Faults::default()).await
}

/// Saves a new list.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let name = posted.text("nom").to_owned();
    let is_taken =
        office::saved_lists(visitor.school()).await?.lists.iter().any(|it| it.name == name);
    let making = Making::New(name);
    if is_taken {
        let typed = rule_of(visitor.school(), &posted).await?;
        let mut faults = Faults::default();
        faults.add("nom", "Une liste porte déjà ce nom. Choisissez-en un autre.");
        return Ok(shown(&visitor, &making, &typed, faults).await?.refused().into_response());
    }
    saved(&visitor, making, &posted).await
}

/// The form of an earlier list.
pub(super) async fn change_form(
    visitor: Visitor,
    Path(typed): Path<String>,
) -> Result<WebPage, Fault> {
    let Listed { name, rule, .. } = called(&visitor, &typed).await?;
    let rule = rule.ok_or(Fault::NothingThere)?;
    shown(&visitor, &Making::Earlier(name), &rule, Faults::default()).await
}

/// Saves an earlier list anew.
pub(super) async fn change(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let Listed { name, rule, .. } = called(&visitor, &typed).await?;
    rule.ok_or(Fault::NothingThere)?;
    saved(&visitor, Making::Earlier(name), &posted).await
}

/// How many what is chosen just now means; a part of the form's page, whose address shows no name.
pub(super) async fn count(visitor: Visitor, posted: Form) -> Result<WebPage, Fault> {
    let typed = rule_of(visitor.school(), &posted).await?;
    WebPage::part(&HowMany::of(&visitor, &typed).await?)
}

async fn saved(visitor: &Visitor, making: Making, posted: &Form) -> Result<Response, Fault> {
    let typed = rule_of(visitor.school(), posted).await?;
    let mut faults = Faults::default();
    match (typed.parse::<Rule>(), posted.has("compter")) {
        (Ok(rule), false) => {
            match office::save_rule(visitor.school(), making.name(), &rule).await {
                Ok(saved) => return Ok(to_saved(&saved.saved)),
                Err(ListError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    let told = told_of_list(&error);
                    let is_of_name = matches!(error, ListError::BadName | ListError::Alike(_));
                    let field = if is_of_name { "nom" } else { "" };
                    faults.add(field, format!("{} {}", told.what, told.then));
                }
            }
        }
        (Err(error), false) => {
            let told = told_of_list(&ListError::Rule(error));
            faults.add("", format!("{} {}", told.what, told.then));
        }
        // It is only counted.
        (_, true) => return Ok(shown(visitor, &making, &typed, faults).await?.into_response()),
    }
    Ok(shown(visitor, &making, &typed, faults).await?.refused().into_response())
}

async fn shown(
    visitor: &Visitor,
    making: &Making,
    typed: &str,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let (title, action, back) = match making {
        Making::New(_) => (
            "Nouvelle liste".to_owned(),
            "/annuaire/listes/nouvelle".to_owned(),
            "/annuaire/listes".to_owned(),
        ),
        Making::Earlier(name) => {
            (format!("Modifier la liste {name}"), format!("{}/modifier", path(name)), path(name))
        }
    };
    let body = MakePage {
        csrf: visitor.csrf(),
        title: &title,
        action,
        back,
        name: making.field(&faults),
        faults,
        chooser: Chooser::of(visitor, typed).await?,
        count: HowMany::of(visitor, typed).await?,
    };
    visitor.page(Section::Directory, &title, &body)
}

impl Making {
    fn name(&self) -> &str {
        match self {
            Self::New(name) | Self::Earlier(name) => name,
        }
    }

    fn field(&self, faults: &Faults) -> Option<FormField> {
        match self {
            Self::New(name) => Some(
                FormField::new("nom", "Nom de la liste", FieldKind::Line)
                    .hint("Par exemple : voyage à Londres.")
                    .typed(name)
                    .required()
                    .fault(faults.of("nom")),
            ),
            Self::Earlier(_) => None,
        }
    }
}
