//! A list that is chosen as the recipients of an announcement are; and an earlier one chosen anew.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::audience::{Chooser, HowMany, rule_of};
use super::super::fault::{Explained, Fault};
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_list;
use super::super::visitor::Visitor;
use super::kept::{called, path, to_saved};
use crate::audience::{InPlaceOf, ListError, Rule};
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
    /// The audience of an earlier list, as it was read.
    seen: &'a str,
    chooser: Chooser,
    count: HowMany,
}

/// What is being made.
enum Making {
    /// A new list of a name.
    New(String),
    /// An earlier one anew, over the audience that its author has read.
    Earlier { name: String, seen: String },
}

/// The form of a new list.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    shown(&visitor, &Making::New(String::new()), "familles", Faults::default()).await
}

/// Saves a new list.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    saved(&visitor, Making::New(posted.text("nom").to_owned()), None, &posted).await
}

/// The form of an earlier list.
pub(super) async fn change_form(
    visitor: Visitor,
    Path(typed): Path<String>,
) -> Result<WebPage, Fault> {
    let Listed { name, rule, .. } = called(&visitor, &typed).await?;
    let rule = rule.ok_or(Fault::NothingThere)?;
    let making = Making::Earlier { name, seen: rule.clone() };
    shown(&visitor, &making, &rule, Faults::default()).await
}

/// Saves an earlier list anew.
pub(super) async fn change(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let Listed { name, rule, .. } = called(&visitor, &typed).await?;
    let now = rule.ok_or(Fault::NothingThere)?;
    let making = Making::Earlier { name, seen: posted.text("vu").to_owned() };
    saved(&visitor, making, Some(now), &posted).await
}

/// How many what is chosen just now means; a part of the form's page, whose address shows no name.
pub(super) async fn count(visitor: Visitor, posted: Form) -> Result<WebPage, Fault> {
    let typed = rule_of(visitor.school(), &posted).await?;
    WebPage::part(&HowMany::of(&visitor, &typed).await?)
}

async fn saved(
    visitor: &Visitor,
    mut making: Making,
    now: Option<String>,
    posted: &Form,
) -> Result<Response, Fault> {
    let typed = rule_of(visitor.school(), posted).await?;
    let mut faults = Faults::default();
    match (typed.parse::<Rule>(), posted.has("compter")) {
        (Ok(rule), false) => {
            let over = (making.name(), making.over());
            match office::save_rule(visitor.school(), visitor.actor(), over, &rule).await {
                Ok(saved) => return Ok(to_saved(&saved.saved)),
                Err(ListError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    // Whoever saves once more was told what it says now.
                    if let (ListError::Overtaken(_), Making::Earlier { seen, .. }) =
                        (&error, &mut making)
                    {
                        *seen = now.unwrap_or_default();
                    }
                    let (field, told) = told(&error, &making);
                    faults.add(field, told);
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

/// What is wrong with it, and at which field.
fn told(error: &ListError, making: &Making) -> (&'static str, String) {
    let Explained { what, then, .. } = told_of_list(error);
    match error {
        ListError::Overtaken(_) => ("", format!("{what} Elle dit : {}. {then}", making.seen())),
        ListError::BadName | ListError::Alike(_) | ListError::Taken(_) => {
            ("nom", format!("{what} {then}"))
        }
        _ => ("", format!("{what} {then}")),
    }
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
        Making::Earlier { name, .. } => {
            (format!("Modifier la liste {name}"), format!("{}/modifier", path(name)), path(name))
        }
    };
    let body = MakePage {
        csrf: visitor.csrf(),
        title: &title,
        action,
        back,
        name: making.field(&faults),
        seen: making.seen(),
        faults,
        chooser: Chooser::of(visitor, typed).await?,
        count: HowMany::of(visitor, typed).await?,
    };
    visitor.page(Section::Lists, &title, &body)
}

impl Making {
    fn name(&self) -> &str {
        match self {
            Self::New(name) | Self::Earlier { name, .. } => name,
        }
    }

    fn over(&self) -> InPlaceOf {
        match self {
            Self::New(_) => InPlaceOf::Nothing,
            Self::Earlier { seen, .. } => InPlaceOf::Audience(seen.clone()),
        }
    }

    fn seen(&self) -> &str {
        match self {
            Self::New(_) => "",
            Self::Earlier { seen, .. } => seen,
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
            Self::Earlier { .. } => None,
        }
    }
}
