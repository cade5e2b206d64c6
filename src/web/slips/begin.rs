//! Where slips are given: a scan, or pictures of a telephone; and the scans that are kept.

use askama::Template;
use axum::extract::{RawQuery, Request};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::receive::{FileLimits, Unfit, receive};
use super::super::stranger::Csrf;
use super::super::visitor::Visitor;
use super::super::words::named;
use super::kept;
use crate::id::Id;
use crate::office::{self, KeptScan, ScanRefusal};

/// A pile of 1,000 slips takes a third of it.
const LIMITS: FileLimits = FileLimits { mebibytes: 300, files: 50 };
/// Scans that are listed.
const LISTED: usize = 20;
const FIELD: &str = "scan";

#[derive(Template)]
#[template(path = "slips/begin.html", config = "src/web/askama.toml")]
struct SlipsPage<'a> {
    csrf: &'a str,
    faults: Faults,
    is_gone: bool,
    most: u64,
    most_files: usize,
    kept: Vec<(String, String)>,
}

/// The form, and the scans that are kept.
pub(super) async fn form(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    shown(&visitor, asked.text("fait") == "supprime", Faults::default())
}

fn shown(visitor: &Visitor, is_gone: bool, faults: Faults) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let kept = office::kept_scans(school).into_iter().take(LISTED);
    let kept = kept.map(|id| (kept::path(id), named(school, id.made_at())));
    let body = SlipsPage {
        csrf: visitor.csrf(),
        faults,
        is_gone,
        most: LIMITS.mebibytes,
        most_files: LIMITS.files,
        kept: kept.collect(),
    };
    visitor.page(Section::Slips, "Coupons", &body)
}

/// Takes files, and leads to their page, which says how far the reading is.
pub(super) async fn take(
    visitor: Visitor,
    csrf: Csrf,
    request: Request,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    match received(&visitor, &csrf, request).await {
        Ok(scan) => {
            let school = visitor.web().shared_school();
            visitor.web().scans().reading(school, visitor.actor(), scan);
            Ok(page::to(&kept::path(scan)))
        }
        Err(unfit) => {
            let mut faults = Faults::default();
            faults.add(FIELD, told(unfit)?);
            Ok(shown(&visitor, false, faults)?.refused().into_response())
        }
    }
}

async fn received(
    visitor: &Visitor,
    csrf: &Csrf,
    request: Request,
) -> Result<Id<KeptScan>, Unfit<ScanRefusal>> {
    let school = visitor.school();
    let incoming = receive(csrf, request, LIMITS, async { office::begin_scan(school) }).await?;
    office::keep_scan(school, incoming).await.map_err(Unfit::Refused)
}

/// What is wrong with the files, at their field; what is wrong with the form is a page of its own.
fn told(unfit: Unfit<ScanRefusal>) -> Result<String, Fault> {
    let FileLimits { mebibytes, files } = LIMITS;
    Ok(match unfit {
        Unfit::Foreign => return Err(Fault::Foreign),
        Unfit::Unreadable => return Err(Fault::Unreadable),
        Unfit::TooSlow => return Err(Fault::TooSlow),
        Unfit::Disk(error) => return Err(ScanRefusal::Disk(error).into()),
        Unfit::Refused(refusal) => return Err(refusal.into()),
        Unfit::TooLarge => format!(
            "Ces fichiers dépassent {mebibytes} Mo en tout ; rien n’a été gardé. Donnez la pile en plusieurs fois, ou numérisez en gris, à 200 points par pouce."
        ),
        Unfit::TooMany => format!(
            "Il y a plus de {files} fichiers ; rien n’a été gardé. Donnez-les en plusieurs fois."
        ),
        Unfit::None => "Choisissez au moins un fichier.".to_owned(),
    })
}
