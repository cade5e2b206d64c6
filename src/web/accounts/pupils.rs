//! The pupils whom a tutor looks after, chosen by looking for their names. What is looked for is posted, so that no
//! name stands in an address.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::meant::{found_other, not_done, path};
use crate::office::{self, AccountChange, Sight};
use crate::people::{Account, Handle, Pupil, PupilKey, Right};

const TITLE: &str = "Les élèves suivis";
/// Pupils that one search shows.
const MOST: usize = 20;

#[derive(Template)]
#[template(path = "accounts/pupils.html", config = "src/web/askama.toml")]
struct PupilsBody<'a> {
    csrf: &'a str,
    done: Option<&'static str>,
    name: &'a str,
    path: String,
    theirs: Vec<PupilLine>,
    typed: &'a str,
    found: Vec<PupilLine>,
}

struct PupilLine {
    handle: String,
    name: String,
}

/// What was just done.
#[derive(Deserialize)]
pub(super) struct PupilsDone {
    #[serde(default, rename = "fait")]
    done: String,
}

/// The page, before anybody is looked for.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(PupilsDone { done }): Query<PupilsDone>,
) -> Result<WebPage, Fault> {
    let account = tutor(&visitor, &id).await?;
    let done = match done.as_str() {
        "ajoute" => Some("L’élève est ajouté à ceux que ce compte suit."),
        "retire" => Some("Ce compte ne suit plus cet élève."),
        _ => None,
    };
    shown(&visitor, &account, "", done).await
}

/// The page with whom was found.
pub(super) async fn search(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<WebPage, Fault> {
    let account = tutor(&visitor, &id).await?;
    shown(&visitor, &account, form.text("q"), None).await
}

async fn shown(
    visitor: &Visitor,
    account: &Account,
    typed: &str,
    done: Option<&'static str>,
) -> Result<WebPage, Fault> {
    let (school, mut found) = (visitor.school(), Vec::new());
    if !typed.is_empty() {
        let sight = Sight::of(&visitor.session().account);
        found = office::look_up(school, &sight, typed, MOST).await?.pupils;
    }
    let theirs = office::pupils_of_account(school, account).await?;
    let of_theirs = |it: &Pupil| PupilLine {
        handle: Handle::of_pupil(&it.key).to_string(),
        name: it.with_class(),
    };
    let found = found.into_iter().map(|it| PupilLine {
        handle: it.brief.handle.to_string(),
        name: match it.class {
            Some(class) => format!("{} ({class})", it.brief.name),
            None => it.brief.name,
        },
    });
    let body = PupilsBody {
        csrf: visitor.csrf(),
        done,
        name: &account.name,
        path: path(account.id),
        theirs: theirs.iter().map(of_theirs).collect(),
        typed,
        found: found.collect(),
    };
    visitor.page(Section::Accounts, TITLE, &body)
}

/// Adds a pupil to those whom they look after.
pub(super) async fn add(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let account = tutor(&visitor, &id).await?;
    let pupil = meant(&visitor, &form).await?;
    let mut pupils = account.pupils.clone();
    if !pupils.contains(&pupil) {
        pupils.push(pupil);
    }
    keep(&visitor, &account, pupils, "ajoute").await
}

/// Takes a pupil from them.
pub(super) async fn remove(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let account = tutor(&visitor, &id).await?;
    let pupil = meant(&visitor, &form).await?;
    let pupils = account.pupils.iter().filter(|it| **it != pupil).cloned().collect();
    keep(&visitor, &account, pupils, "retire").await
}

async fn keep(
    visitor: &Visitor,
    account: &Account,
    pupils: Vec<PupilKey>,
    done: &str,
) -> Result<Response, Fault> {
    let change = AccountChange { pupils: Some(pupils), ..AccountChange::default() };
    let changed =
        office::change_account(visitor.school(), visitor.actor(), account.id, change).await;
    changed.map_err(|refusal| not_done(visitor, refusal))?;
    Ok(page::to(&format!("{}/eleves?fait={done}", path(account.id))))
}

/// The account, for whoever may also see families: it is about pupils.
async fn tutor(visitor: &Visitor, id: &str) -> Result<Account, Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NotAllowed);
    }
    Ok(found_other(visitor, id).await?.account)
}

async fn meant(visitor: &Visitor, form: &Form) -> Result<PupilKey, Fault> {
    let handle = Handle::parse(form.text("eleve")).ok_or(Fault::NothingThere)?;
    let sight = Sight::of(&visitor.session().account);
    let pupil = office::pupil_at(visitor.school(), &sight, handle).await?;
    Ok(pupil.ok_or(Fault::NothingThere)?.key)
}
