//! One batch: its file, its letters, what can be done with it.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use super::super::fault::Fault;
use super::super::file as files;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use super::list::{order, state};
use crate::office::{self, BatchLetter, BatchPile, BatchState, School};

/// Letters on a page.
const EACH: usize = 100;
/// The sheets of labels: how many are on each, and how large they are.
const LABEL_SHEETS: [(&str, &str); 3] = [
    ("24", "24 étiquettes de 70 × 37 mm"),
    ("21", "21 étiquettes de 63,5 × 38,1 mm"),
    ("14", "14 étiquettes de 99,1 × 38,1 mm"),
];

#[derive(Template)]
#[template(path = "letters/batch.html", config = "src/web/askama.toml")]
struct BatchPage<'a> {
    csrf: &'a str,
    done: &'static str,
    title: String,
    number: u32,
    is_printed: bool,
    is_posted: bool,
    state: &'static str,
    tone: &'static str,
    made: String,
    letters: String,
    order: &'static str,
    paper: String,
    piles: Vec<PileRow>,
    has_list: bool,
    label_sheets: [(&'static str, &'static str); 3],
    posted: String,
    pages_of_pdf: usize,
    partners: Vec<&'a str>,
    holds: Vec<LetterRow>,
    pages: Numbered,
    post: String,
}

struct PileRow {
    number: usize,
    name: String,
    letters: usize,
    sheets: String,
    is_printed: bool,
}

struct LetterRow {
    reference: String,
    names: String,
    about: String,
    handed_over: String,
}

/// The number of a batch in an address.
pub(super) fn number(typed: &str) -> Result<u32, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

/// One batch.
pub(super) async fn show(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let shown = office::look_at_batch(school, visitor.actor(), number(&typed)?).await?;
    let (batch, number) = (&shown.batch, shown.batch.number);
    let path = format!("/courriers/lots/{number}?page=");
    let pages = Numbered::of(path, asked.text("page"), batch.letters, EACH);
    let holds = office::letters_of_batch(school, number, pages.range()).await?;
    let piles = office::piles_of_batch(school, number).await?;
    let (state, tone) = state(batch.state);
    let paper = [(batch.sheets, "feuille", "feuilles"), (batch.pages, "page", "pages")];
    let paper = paper.into_iter().filter_map(|(many, one, more)| Some(count(many?, one, more)));
    let title = format!("Lot {number}");
    let body = BatchPage {
        csrf: visitor.csrf(),
        done: done(asked.text("fait")),
        title: title.clone(),
        number,
        is_printed: batch.pages.is_some(),
        is_posted: batch.state == BatchState::Posted,
        state,
        tone,
        made: hour_of(school, batch.dates.made_at),
        letters: count(batch.letters, "courrier", "courriers"),
        order: order(batch.order),
        piles: piles.into_iter().map(PileRow::of).collect(),
        has_list: shown.has_list,
        label_sheets: LABEL_SHEETS,
        paper: paper.collect::<Vec<_>>().join(", "),
        posted: batch.dates.posted_at.map_or_else(String::new, |at| {
            let by = shown.posted_by.as_deref().filter(|by| !by.is_empty());
            let by = by.map(|by| format!(", noté par {by}")).unwrap_or_default();
            format!("{}{by}", hour_of(school, at))
        }),
        partners: school.config.partners.keys().map(String::as_str).collect(),
        pages_of_pdf: batch.pages.unwrap_or_default(),
        holds: holds.iter().map(|it| LetterRow::of(it, school)).collect(),
        pages,
        post: count(batch.letters, "courrier posté ou remis", "courriers postés ou remis"),
    };
    visitor.page(Section::Letters, &title, &body)
}

fn done(what: &str) -> &'static str {
    match what {
        "poste" => "C’est noté : ces familles sont jointes.",
        "repris" => "C’est repris : ces courriers sont de nouveau à poster.",
        _ => "",
    }
}

impl PileRow {
    fn of(pile: BatchPile) -> Self {
        Self {
            number: pile.number,
            letters: pile.letters,
            sheets: pile.sheets.map_or_else(String::new, |sheets| sheets.to_string()),
            is_printed: pile.pages.is_some(),
            name: pile.name,
        }
    }
}

impl LetterRow {
    fn of(letter: &BatchLetter, school: &School) -> Self {
        let handed_over = letter.handed_over.as_ref().map(|(to, at)| {
            let to = if to.is_empty() { String::new() } else { format!(" à {to}") };
            format!("remis{to}, {}", hour_of(school, *at))
        });
        Self {
            reference: letter.reference.clone(),
            names: letter.names.join(" et "),
            about: letter.about.join(", "),
            handed_over: handed_over.unwrap_or_default(),
        }
    }
}

/// The PDF of a batch, as it was printed; from a page on, where one is named.
pub(super) async fn file(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let first = asked.some("de").map_or(Ok(1), |it| it.parse().map_err(|_| Fault::Unreadable))?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let file = office::look_at_batch_file(school, actor, number(&typed)?, first).await?;
    Ok(files::shown("application/pdf", &file.name, file.content))
}

/// A batch for a partner who prints it: the browser keeps what they alone can open.
pub(super) async fn seal(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let partner = posted.text("partenaire");
    let sealed = office::seal_batch(school, actor, number(&typed)?, partner).await?;
    Ok(files::kept("application/octet-stream", &sealed.name, sealed.octets))
}

/// One letter of a batch, printed alone.
pub(super) async fn letter(
    visitor: Visitor,
    Path((typed, reference)): Path<(String, String)>,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let letter = office::look_at_letter(school, actor, number(&typed)?, &reference).await?;
    Ok(files::shown("application/pdf", &letter.name, letter.content))
}
