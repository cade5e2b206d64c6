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
/// What to give in the place of files that are too large, or too many.
const INSTEAD: (&str, &str) = (
    "Donnez la pile en plusieurs fois, ou numérisez en gris, à 200 points par pouce.",
    "Donnez-les en plusieurs fois.",
);
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
        Ok(scan) => Ok(reading(&visitor, scan)),
        Err(unfit) => {
            let mut faults = Faults::default();
            faults.add(FIELD, unfit.told(LIMITS, INSTEAD)?);
            Ok(shown(&visitor, false, faults)?.refused().into_response())
        }
    }
}

/// Begins to read a scan, and leads to its page.
pub(crate) fn reading(visitor: &Visitor, scan: Id<KeptScan>) -> Response {
    visitor.web().scans().reading(visitor.web().shared_school(), scan);
    page::to(&kept::path(scan))
}

async fn received(
    visitor: &Visitor,
    csrf: &Csrf,
    request: Request,
) -> Result<Id<KeptScan>, Unfit<ScanRefusal>> {
    let school = visitor.school();
    let received = receive(csrf, request, LIMITS, async { office::begin_scan(school) }).await?;
    office::keep_scan(school, &visitor.actor(), received.files, None).await.map_err(Unfit::Refused)
}
