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
use super::words;
use crate::id::Id;
use crate::office::{self, AccountRefusal, FoundPupil, LookedUp, PupilsOfAccount, Sight};
use crate::people::{Account, Handle, Pupil, Right};

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
    /// Those whom whoever looks may not look at.
    others: Option<String>,
    typed: &'a str,
    found: Vec<PupilLine>,
    has_more: bool,
}

struct PupilLine {
    handle: String,
    name: String,
}

impl PupilLine {
    fn of(pupil: &Pupil) -> Self {
        Self { handle: Handle::of_pupil(&pupil.key).to_string(), name: pupil.with_class() }
    }

    fn found(looked_up: LookedUp) -> Vec<Self> {
        let line = |it: FoundPupil| Self {
            handle: it.brief.handle.to_string(),
            name: match it.class {
                Some(class) => format!("{} ({class})", it.brief.name),
                None => it.brief.name,
            },
        };
        looked_up.pupils.into_iter().map(line).collect()
    }
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
    let (school, looker) = (visitor.school(), &visitor.session().account);
    let found = match typed {
        "" => None,
        typed => Some(office::look_up(school, &Sight::of(looker), typed, MOST).await?),
    };
    let PupilsOfAccount { seen, others } =
        office::pupils_of_account(school, looker, account).await?;
    let has_more = found.as_ref().is_some_and(|it| it.has_more);
    let body = PupilsBody {
        csrf: visitor.csrf(),
        done,
        name: &account.name,
        path: path(account.id),
        theirs: seen.iter().map(PupilLine::of).collect(),
        others: words::other_pupils(others),
        typed,
        found: found.map_or_else(Vec::new, PupilLine::found),
        has_more,
    };
    visitor.page(Section::Accounts, TITLE, &body)
}

/// Adds a pupil to those whom they look after.
pub(super) async fn add(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let (of, pupil) = (tutor(&visitor, &id).await?.id, meant(&form)?);
    let by = &visitor.session().account;
    went(&visitor, of, office::give_pupil(visitor.school(), by, of, pupil).await, "ajoute")
}

/// Takes a pupil from them.
pub(super) async fn remove(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let (of, pupil) = (tutor(&visitor, &id).await?.id, meant(&form)?);
    let by = &visitor.session().account;
    went(&visitor, of, office::take_pupil(visitor.school(), by, of, pupil).await, "retire")
}

fn went(
    visitor: &Visitor,
    of: Id<Account>,
    done: Result<(), AccountRefusal>,
    told: &str,
) -> Result<Response, Fault> {
    done.map_err(|refusal| not_done(visitor, refusal))?;
    Ok(page::to(&format!("{}/eleves?fait={told}", path(of))))
}

/// The account, for whoever may also see families: it is about pupils.
async fn tutor(visitor: &Visitor, id: &str) -> Result<Account, Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NotAllowed);
    }
    Ok(found_other(visitor, id).await?.account)
}

fn meant(form: &Form) -> Result<Handle, Fault> {
    Handle::parse(form.text("eleve")).ok_or(Fault::NothingThere)
}
