//! Where an import begins: the files are given, or those that wait are found again; and the last one is taken back.

use askama::Template;
use axum::extract::{Query, Request};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page::{self, Section, WebPage};
use super::super::receive::{FileLimits, Unfit, receive};
use super::super::stranger::Csrf;
use super::super::visitor::Visitor;
use super::super::words::{hour_of, named};
use super::kept;
use crate::directory::UndoError;
use crate::office::{self, Upload, UploadRefusal};
use crate::store::uploads::KeptUpload;

/// A département's files take half of it.
const LIMITS: FileLimits = FileLimits { mebibytes: 400, files: 20 };
/// What to give in the place of files that are too large, or too many.
const INSTEAD: (&str, &str) =
    ("Ne donnez que ceux de l’export.", "Ne donnez que ceux de l’export, ou une archive ZIP.");

/// What an act left to say.
#[derive(Deserialize)]
pub(super) struct AskedOfImport {
    #[serde(default, rename = "fait")]
    done: String,
}

#[derive(Template)]
#[template(path = "imports/begin.html", config = "src/web/askama.toml")]
struct BeginPage<'a> {
    csrf: &'a str,
    faults: Faults,
    done: Option<&'static str>,
    most: u64,
    most_files: usize,
    waiting: Option<Waits>,
    last: Option<String>,
}

/// Files that wait.
struct Waits {
    path: String,
    given: String,
    files: Vec<String>,
    /// Why they cannot be read here.
    out_of_reach: Option<String>,
}

/// The form, or the files that wait.
pub(super) async fn form(
    visitor: Visitor,
    Query(asked): Query<AskedOfImport>,
) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let done = match asked.done.as_str() {
        "abandon" => Some("Les fichiers sont abandonnés : rien n’a été changé."),
        "annule" => Some("L’import est annulé : chacun est comme avant."),
        _ => None,
    };
    shown(&visitor, done, Faults::default()).await
}

async fn shown(
    visitor: &Visitor,
    done: Option<&'static str>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let last = match office::import_to_undo(school).await {
        Ok(undone) => Some(hour_of(school, undone.applied_at)),
        Err(UndoError::Store(error)) => return Err(error.into()),
        Err(_) => None,
    };
    let body = BeginPage {
        csrf: visitor.csrf(),
        faults,
        done,
        most: LIMITS.mebibytes,
        most_files: LIMITS.files,
        waiting: office::waiting_upload(school).await?.map(|it| Waits::of(visitor, it)),
        last,
    };
    visitor.page(Section::Imports, "Importer des fichiers", &body)
}

impl Waits {
    fn of(visitor: &Visitor, upload: Upload) -> Self {
        let out_of_reach = kept::out_of_reach(&upload).map(|told| told.what);
        let kept = upload.kept;
        let at = named(visitor.school(), kept.given.at);
        Self {
            path: kept::path(kept.id),
            given: match kept.given.actor.name() {
                "" => format!("Ils attendent depuis {at}."),
                name => format!("Ils attendent depuis {at}, donnés par {name}."),
            },
            files: kept.files,
            out_of_reach,
        }
    }
}

/// Takes files, and leads to their page, which says how far the reading is.
pub(super) async fn take(
    visitor: Visitor,
    csrf: Csrf,
    request: Request,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    match received(&visitor, &csrf, request).await {
        Ok(upload) => {
            let path = kept::path(upload.id);
            visitor.web().desk().read(visitor.web().shared_school(), upload);
            Ok(page::to(&path))
        }
        Err(unfit) => {
            let mut faults = Faults::default();
            faults.add("fichiers", unfit.told(LIMITS, INSTEAD)?);
            Ok(shown(&visitor, None, faults).await?.refused().into_response())
        }
    }
}

async fn received(
    visitor: &Visitor,
    csrf: &Csrf,
    request: Request,
) -> Result<KeptUpload, Unfit<UploadRefusal>> {
    let school = visitor.school();
    let received = receive(csrf, request, LIMITS, office::begin_upload(school)).await?;
    office::keep_upload(school, visitor.actor(), received.files).await.map_err(Unfit::Refused)
}
