//! Documents are given, all kept or none; one is taken away.

use axum::extract::{Path, RawQuery, Request};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page as pages;
use super::super::posted::Form;
use super::super::receive::{ReceivedForm, Unfit, receive};
use super::super::refusals::told_of_documents;
use super::super::stranger::Csrf;
use super::super::visitor::Visitor;
use super::page::{BY_FOLDERS, DocumentsTyped, LIMITS, shown};
use super::words::{path, week_of};
use crate::message::{Week, WorkOn};
use crate::office::{self, DocumentsLeft, DocumentsRefusal, GivenBack, IncomingDocuments};
use crate::wording::typed_dates::typed_date;

/// What to give in the place of files that are too large, or too many.
const INSTEAD: (&str, &str) = (
    "Donnez-les en plusieurs fois, ou en PDF plutôt qu’en photos.",
    "Donnez-les en plusieurs fois.",
);
const FIELD: &str = "documents";

/// Keeps them, and leads to their week.
pub(super) async fn give(
    visitor: Visitor,
    csrf: Csrf,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Fault> {
    let school = visitor.school();
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let week = week_of(&visitor, asked.text("semaine"));
    let came = receive(&csrf, request, LIMITS, async { office::begin_documents(school) }).await;
    let (typed, refused) = match came {
        Ok(received) => {
            let typed = DocumentsTyped::of(&received.said);
            let back = match typed.back() {
                Ok(back) => back,
                Err(told) => {
                    let mut faults = Faults::default();
                    faults.add("jour", told);
                    let page = shown(&visitor, week, &typed, (String::new(), faults)).await?;
                    return Ok(page.refused().into_response());
                }
            };
            match kept(&visitor, received, &typed, (week, back)).await {
                Ok(left) => {
                    let (kept, left_out) = (left.documents, left.lines_left_out);
                    let told = format!("gardes={kept}&ecartees={left_out}");
                    return Ok(pages::to(&format!("{}&{told}", path(week))));
                }
                Err(refusal) => (typed, Unfit::Refused(refusal)),
            }
        }
        Err(Unfit::None(said)) => (DocumentsTyped::of(&said), Unfit::None(said)),
        Err(unfit) => (DocumentsTyped::default(), unfit),
    };
    let mut faults = Faults::default();
    match refused {
        Unfit::Refused(DocumentsRefusal::Refused(all)) => {
            for told in told_of_documents(&all) {
                faults.add(FIELD, told);
            }
        }
        other => faults.add(FIELD, other.told(LIMITS, INSTEAD)?),
    }
    let page = shown(&visitor, week, &typed, (String::new(), faults)).await?;
    Ok(page.refused().into_response())
}

impl DocumentsTyped {
    fn of(said: &Form) -> Self {
        Self {
            meant_for: said.text("pour").to_owned(),
            pupil: said.text("eleve").to_owned(),
            subject: said.text("matiere").to_owned(),
            work_on: said.text("rendre").to_owned(),
            back_by: said.text("jour").trim().to_owned(),
        }
    }

    /// What is asked back, or what is wrong with the day for it.
    fn back(&self) -> Result<GivenBack, &'static str> {
        let on = WorkOn::from_word(&self.work_on);
        match self.back_by.as_str() {
            "" => Ok(GivenBack { on, by: None }),
            _ if on.is_none() => {
                Err("Dites aussi sur quoi le travail est à rendre. Rien n’a été gardé.")
            }
            typed => {
                let day = typed_date(typed);
                let day =
                    day.ok_or("Ce n’est pas une date : écrivez 20/03/2026. Rien n’a été gardé.")?;
                Ok(GivenBack { on, by: Some(day) })
            }
        }
    }
}

async fn kept(
    visitor: &Visitor,
    received: ReceivedForm,
    typed: &DocumentsTyped,
    (week, back): (Week, GivenBack),
) -> Result<DocumentsLeft, DocumentsRefusal> {
    let folder = match (typed.pupil.as_str(), typed.meant_for.as_str()) {
        ("", BY_FOLDERS) => "",
        ("", meant_for) => meant_for,
        (pupil, _) => pupil,
    };
    let incoming = IncomingDocuments {
        week,
        whom: visitor.whom(),
        folder: folder.to_owned(),
        subject: typed.subject.clone(),
        back,
        files: received.files,
    };
    office::leave_incoming(visitor.school(), visitor.actor(), incoming).await
}

/// Takes one away.
pub(super) async fn remove(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let week = week_of(&visitor, posted.text("semaine"));
    let (school, whom) = (visitor.school(), visitor.whom());
    office::remove_documents(school, visitor.actor(), whom, vec![number]).await?;
    Ok(pages::to(&format!("{}&fait=retire", path(week))))
}
