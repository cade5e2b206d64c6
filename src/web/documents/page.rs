//! What was left for a week, for whom nothing was yet, and the form that takes more.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::receive::FileLimits;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::words::{asked, meant_for, week_of};
use crate::message::{Week, WorkOn};
use crate::office::{self, DocumentShown, KnownClass};
use crate::people::{MeantFor, Right, Whom};
use crate::wording::dates;

/// What a class gets in a week takes a tenth of it.
pub(super) const LIMITS: FileLimits = FileLimits { mebibytes: 200, files: 50 };
/// The value by which every pupil is meant.
const EVERYBODY: &str = "TOUS";

#[derive(Template)]
#[template(path = "documents/page.html", config = "src/web/askama.toml")]
struct DocumentsPage<'a> {
    csrf: &'a str,
    faults: Faults,
    done: String,
    week: Week,
    shown_week: String,
    typed_week: String,
    others: Vec<(Week, String)>,
    documents: Vec<DocumentRow>,
    pages: String,
    without: Vec<String>,
    may_remind: bool,
    fields: Vec<FormField>,
    most: u64,
    most_files: usize,
}

struct DocumentRow {
    number: u32,
    meant_for: String,
    subject: String,
    title: String,
    pages: usize,
    asked_back: String,
    left_by: String,
}

/// The value by which the folders in an archive say for whom each document is.
pub(super) const BY_FOLDERS: &str = "ZIP";

/// What was typed beside the files.
#[derive(Default)]
pub(super) struct DocumentsTyped {
    /// For whom, as its folder would be called.
    pub(super) meant_for: String,
    /// One pupil, in the place of that.
    pub(super) pupil: String,
    /// What the documents are about.
    pub(super) subject: String,
    /// On what the work that is asked back is done, in the word of the database; empty where none is.
    pub(super) work_on: String,
    /// The last day for it.
    pub(super) back_by: String,
}

/// A week.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let week = week_of(&visitor, asked.text("semaine"));
    let done = match (asked.text("gardes").parse().unwrap_or(0), asked.text("fait")) {
        (0, "retire") => "Le document est retiré. Ce qui est déjà imprimé le reste.".to_owned(),
        (0, _) => String::new(),
        (kept, _) => {
            let left_out = asked.text("ecartees").parse().unwrap_or(0);
            format!(
                "{}.{}",
                count(kept, "document déposé", "documents déposés"),
                left_out_of(left_out)
            )
        }
    };
    shown(&visitor, week, &DocumentsTyped::default(), (done, Faults::default())).await
}

/// The lines of a cahier de textes that are not printed.
fn left_out_of(lines: usize) -> String {
    if lines == 0 {
        return String::new();
    }
    let lines = count(lines, "ligne", "lignes");
    format!(" {lines} d’autres semaines ou d’autres classes : non reprises.")
}

pub(super) async fn shown(
    visitor: &Visitor,
    week: Week,
    typed: &DocumentsTyped,
    (done, faults): (String, Faults),
) -> Result<WebPage, Fault> {
    let (school, whom) = (visitor.school(), visitor.whom());
    let (left, others): (Vec<DocumentShown>, Vec<DocumentShown>) =
        office::documents(school, None, whom.clone())
            .await?
            .into_iter()
            .partition(|it| it.week == week);
    let others: BTreeSet<Week> = others.into_iter().map(|it| it.week).collect();
    let mut classes = office::classes(school).await?;
    classes.retain(|class| whom.has_class(&class.name));
    let may_name = visitor.may(Right::SeeFamilies);
    let pages = left.iter().map(|it| it.pages).sum();
    let documents = count(left.len(), "document", "documents");
    let body = DocumentsPage {
        csrf: visitor.csrf(),
        done,
        week,
        shown_week: dates::in_month_and_year(week.monday()),
        typed_week: week.monday().strftime("%d/%m/%Y").to_string(),
        others: others.into_iter().rev().map(|it| (it, dates::in_month(it.monday()))).collect(),
        pages: format!("{documents}, {}", count(pages, "page", "pages")),
        without: without(&classes, &left),
        may_remind: whom == Whom::Everybody,
        fields: fields(&classes, &whom, typed, &faults),
        documents: left.into_iter().map(|it| DocumentRow::of(it, may_name)).collect(),
        faults,
        most: LIMITS.mebibytes,
        most_files: LIMITS.files,
    };
    visitor.page(Section::Documents, "Documents à imprimer", &body)
}

/// The classes for which nothing was left.
pub(super) fn without(classes: &[KnownClass], left: &[DocumentShown]) -> Vec<String> {
    let has = |class: &KnownClass| {
        left.iter().any(|it| match &it.meant_for {
            MeantFor::Everybody => true,
            MeantFor::Level(level) => *level == class.level,
            MeantFor::Class(name) => *name == class.name,
            MeantFor::Group(_) | MeantFor::Pupil(_) => false,
        })
    };
    classes.iter().filter(|class| !has(class)).map(|class| class.name.clone()).collect()
}

fn fields(
    classes: &[KnownClass],
    whom: &Whom,
    typed: &DocumentsTyped,
    faults: &Faults,
) -> Vec<FormField> {
    let class = |it: &KnownClass| (it.name.clone(), format!("Classe {}", it.name));
    let mut choices: Vec<(String, String)> = classes.iter().map(class).collect();
    if *whom == Whom::Everybody {
        let mut levels: Vec<&str> = classes.iter().map(|it| it.level.as_str()).collect();
        levels.dedup();
        levels.retain(|level| !level.is_empty());
        choices.extend(levels.into_iter().map(|it| (it.to_owned(), format!("Niveau {it}"))));
        choices.push((EVERYBODY.to_owned(), "Tous les élèves".to_owned()));
    }
    choices.push((BY_FOLDERS.to_owned(), "Selon les dossiers du ZIP".to_owned()));
    let field = |name: &str, label: &str, kind, hint: &str, typed: &str| {
        let field = FormField::new(name, label, kind).hint(hint).typed(typed);
        field.fault(faults.of(name))
    };
    let pupil = "Nom et prénom, par exemple : DURAND Zoé. Laissez vide pour toute la classe.";
    vec![
        field("pour", "Pour", FieldKind::OneOf(choices), "", &typed.meant_for).required(),
        field("eleve", "Ou pour un seul élève", FieldKind::Line, pupil, &typed.pupil),
        field(
            "matiere",
            "Matière",
            FieldKind::Line,
            "Par exemple : Mathématiques.",
            &typed.subject,
        ),
        field("rendre", "Travail à rendre", FieldKind::OneOf(work_on()), "", &typed.work_on),
        field(
            "jour",
            "À rendre pour le",
            FieldKind::Line,
            "Par exemple : 20/03/2026. Peut rester vide.",
            &typed.back_by,
        ),
    ]
}

/// Each page that comes back bears a code: that of its own document, or of a ruled sheet.
fn work_on() -> Vec<(String, String)> {
    let choice = |value: &str, words: &str| (value.to_owned(), words.to_owned());
    vec![
        choice("", "Rien n’est à rendre"),
        choice(WorkOn::Pages.as_str(), "Sur le document lui-même"),
        choice(WorkOn::Sheet.as_str(), "Sur une copie à lignes, jointe"),
    ]
}

impl DocumentRow {
    fn of(shown: DocumentShown, may_name: bool) -> Self {
        let meant_for = meant_for(&shown.meant_for, shown.pupil, may_name);
        let asked_back = shown.asked_back.map(asked).unwrap_or_default();
        let DocumentShown { number, subject, title, pages, left_by, .. } = shown;
        Self { number, meant_for, subject, title, pages, asked_back, left_by }
    }
}
