//! What pupils gave back of the work on documents: how many, whose, who is missing, and each as a PDF.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use super::super::fault::Fault;
use super::super::file as files;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, named};
use super::words::{asked, meant_for, path, week_of};
use crate::office::{self, DocumentWorks, WorkStands};
use crate::people::Right;
use crate::wording::dates;

#[derive(Template)]
#[template(path = "documents/works.html", config = "src/web/askama.toml")]
struct WorksPage {
    shown_week: String,
    documents: Vec<WorksRow>,
    back: String,
}

/// A document, and what came back of it.
struct WorksRow {
    title: String,
    meant_for: String,
    asked: String,
    summary: String,
    came: Vec<CameRow>,
    missing: Vec<String>,
}

struct CameRow {
    pupil: String,
    pages: String,
    came_at: String,
    /// The mails to which some were attached, for whoever reads these.
    mails: Vec<u32>,
    file: String,
}

/// The works of a week.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let week = week_of(&visitor, asked.text("semaine"));
    let school = visitor.school();
    let all = office::works_asked_back(school, visitor.actor(), Some(week), visitor.whom()).await?;
    let may_name = visitor.may(Right::SeeFamilies);
    let row = |it: &DocumentWorks| WorksRow::of(it, may_name, &visitor);
    let body = WorksPage {
        shown_week: dates::in_month_and_year(week.monday()),
        documents: all.iter().map(row).collect(),
        back: path(week),
    };
    visitor.page(Section::Documents, "Travaux rendus", &body)
}

impl WorksRow {
    fn of(document: &DocumentWorks, may_name: bool, visitor: &Visitor) -> Self {
        let DocumentWorks { subject, title, works, asked_back, .. } = document;
        let came = works.iter().filter(|it| it.pages > 0);
        let missing = works.iter().filter(|it| it.pages == 0);
        let summary = match (works.len(), document.came()) {
            (0, _) => "Pas encore imprimé : il part avec les paquets de la semaine.".to_owned(),
            (all, came) => {
                let back = count(came, "travail rendu", "travaux rendus");
                format!("{back} sur {all}.")
            }
        };
        let called = |work: &WorkStands| called(work, may_name);
        let sees_everybody = visitor.sees_everybody().is_ok() && visitor.may(Right::CarryByHand);
        let came = came.map(|it| CameRow {
            pupil: called(it),
            pages: if it.is_whole() {
                count(it.pages, "page", "pages")
            } else {
                format!("incomplet, {} sur {}", count(it.pages, "page", "pages"), it.of)
            },
            came_at: it.came_at.map(|at| named(visitor.school(), at)).unwrap_or_default(),
            mails: it.mails.iter().copied().filter(|_| sees_everybody).collect(),
            file: format!("/documents/rendus/{}", it.number),
        });
        Self {
            title: if subject.is_empty() { title.clone() } else { format!("{subject} : {title}") },
            meant_for: meant_for(&document.meant_for, None, may_name),
            asked: asked(*asked_back),
            summary,
            came: came.collect(),
            missing: missing.map(called).collect(),
        }
    }
}

/// Whose a work is: by its number alone for whoever may not see families.
fn called(work: &WorkStands, may_name: bool) -> String {
    let WorkStands { number, pupil, class, .. } = work;
    match (may_name, pupil.is_empty(), class) {
        (false, ..) => format!("T{number}"),
        (true, true, _) => format!("Élève parti (T{number})"),
        (true, false, None) => pupil.clone(),
        (true, false, Some(class)) => format!("{pupil}, {class}"),
    }
}

/// One, as a PDF.
pub(super) async fn file(visitor: Visitor, Path(number): Path<u32>) -> Result<Response, Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NothingThere);
    }
    let (school, actor) = (visitor.school(), visitor.actor());
    let work = office::work_file(school, actor, number, visitor.whom()).await?;
    Ok(files::shown("application/pdf", &work.name, work.pdf))
}
