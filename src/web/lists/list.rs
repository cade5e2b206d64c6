//! Every saved list, and what one of them holds today.

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::super::audience::HowMany;
use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::count;
use super::kept::{called, path};
use crate::office::{self, ListHolds, Listed, ListedPupil, ShowListError};
use crate::people::Right;

/// What an act left to say.
#[derive(Deserialize)]
pub(super) struct AskedOfLists {
    #[serde(default, rename = "fait")]
    done: String,
}

#[derive(Template)]
#[template(path = "lists/all.html", config = "src/web/askama.toml")]
struct AllPage {
    done: Option<&'static str>,
    rows: Vec<ListRow>,
    may_write: bool,
}

struct ListRow {
    path: String,
    name: String,
    holds: String,
}

#[derive(Template)]
#[template(path = "lists/one.html", config = "src/web/askama.toml")]
struct OnePage<'a> {
    name: &'a str,
    path: String,
    done: Option<&'static str>,
    /// Of an audience.
    count: Option<HowMany>,
    /// Of names.
    pupils: Vec<ListedPupil>,
    sentence: String,
    may_write: bool,
}

/// Every list.
pub(super) async fn all(
    visitor: Visitor,
    Query(asked): Query<AskedOfLists>,
) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let lists = office::saved_lists(visitor.school()).await?.lists;
    let body = AllPage {
        done: (asked.done == "supprimee").then_some("La liste est supprimée."),
        rows: lists.into_iter().map(ListRow::of).collect(),
        may_write: visitor.may(Right::Write),
    };
    visitor.page(Section::Lists, "Listes", &body)
}

impl ListRow {
    fn of(Listed { name, rule, pupils }: Listed) -> Self {
        let holds = match rule {
            Some(rule) => rule,
            None => count(pupils.unwrap_or_default(), "élève nommé", "élèves nommés"),
        };
        Self { path: path(&name), name, holds }
    }
}

/// What a list holds.
pub(super) async fn one(
    visitor: Visitor,
    Path(typed): Path<String>,
    Query(asked): Query<AskedOfLists>,
) -> Result<WebPage, Fault> {
    let Listed { name, rule, .. } = called(&visitor, &typed).await?;
    let (count, pupils, sentence) = match rule {
        Some(rule) => (Some(HowMany::of(&visitor, &rule).await?), Vec::new(), String::new()),
        None => named(&visitor, &name).await?,
    };
    let body = OnePage {
        name: &name,
        path: path(&name),
        done: (asked.done == "enregistree").then_some("La liste est enregistrée."),
        count,
        pupils,
        sentence,
        may_write: visitor.may(Right::Write),
    };
    visitor.page(Section::Lists, &name, &body)
}

async fn named(
    visitor: &Visitor,
    name: &str,
) -> Result<(Option<HowMany>, Vec<ListedPupil>, String), Fault> {
    let holds = office::show_list(visitor.school(), name).await.map_err(|error| match error {
        ShowListError::Store(error) => Fault::from(error),
        ShowListError::List(_) | ShowListError::Audience(_) => Fault::NothingThere,
    })?;
    let ListHolds::Pupils { pupils, gone, .. } = holds else { return Err(Fault::NothingThere) };
    let here = count(pupils.len(), "élève", "élèves");
    let sentence = match gone {
        0 => format!("{here}."),
        gone => {
            let gone =
                count(gone, "autre n’est plus là", "autres ne sont plus dans l’établissement");
            format!("{here} ; {gone}.")
        }
    };
    Ok((None, pupils, sentence))
}
