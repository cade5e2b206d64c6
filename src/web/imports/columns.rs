//! What the columns of a table are, said by choosing: each with its title and some of what it holds.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_import;
use super::super::visitor::Visitor;
use super::page::understood;
use super::{kept, words};
use crate::import::{ColumnMap, ColumnShown, Field, TableColumns};
use crate::office::{self, ImportError};
use crate::store::uploads::KeptUpload;

/// Columns on a page: each has a list of sixty choices.
const EACH: usize = 15;
/// The choice of passing a column over, as the office calls it.
const IGNORE: &str = "ignore";

#[derive(Template)]
#[template(path = "imports/columns.html", config = "src/web/askama.toml")]
struct ColumnsPage<'a> {
    csrf: &'a str,
    path: String,
    rows: Vec<ColumnChoice>,
    /// What is chosen on the other pages: the place of a column, its title and the choice.
    carried: Vec<(usize, String, String)>,
    groups: Vec<(&'static str, Vec<(usize, String)>)>,
    before: Option<usize>,
    after: Option<usize>,
}

/// One column, by its place among all of them.
struct ColumnChoice {
    at: usize,
    table: String,
    title: String,
    samples: String,
    understood: String,
    /// What is chosen: the place of a field, or that it is passed over.
    is_ignored: bool,
    chosen: Option<usize>,
}

/// What is chosen, by the titles of columns: the place of a field, `ignore`, or nothing where the title tells.
struct ColumnChoices(Vec<(String, String)>);

/// The columns, each with what it may be.
pub(super) async fn form(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let kept = kept::waiting(&visitor, &typed).await?;
    let columns = columns(&visitor, &kept).await?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    shown(&visitor, &kept, &columns, &ColumnChoices::said(&kept), asked.text("page"))
}

fn shown(
    visitor: &Visitor,
    kept: &KeptUpload,
    columns: &[(String, ColumnShown)],
    choices: &ColumnChoices,
    page: &str,
) -> Result<WebPage, Fault> {
    let pages = Numbered::of("", page, columns.len(), EACH);
    let here = pages.range();
    let all = columns.iter().enumerate();
    let carried = all.clone().filter(|(at, _)| !here.contains(at)).filter_map(|(at, (_, it))| {
        Some((at, it.title.clone(), choices.of(&it.title)?.to_owned()))
    });
    let (before, after) = pages.neighbours();
    let body = ColumnsPage {
        csrf: visitor.csrf(),
        path: kept::path(kept.id),
        carried: carried.collect(),
        rows: all
            .filter(|(at, _)| here.contains(at))
            .map(|(at, column)| ColumnChoice::of(choices, at, column))
            .collect(),
        groups: groups(),
        before,
        after,
    };
    visitor.page(Section::Imports, "Ce que contiennent les colonnes", &body)
}

/// Keeps what was chosen, and reads the files again; where another page is asked for, what was chosen goes along.
pub(super) async fn say(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::waiting(&visitor, &typed).await?;
    let columns = columns(&visitor, &kept).await?;
    let choices = ColumnChoices::posted(&posted);
    if let Some(page) = posted.some("page") {
        return Ok(shown(&visitor, &kept, &columns, &choices, page)?.into_response());
    }
    let (mut titles, mut said) = (Vec::new(), Vec::new());
    for (_, column) in &columns {
        let Some(chosen) = choices.of(&column.title) else { continue };
        titles.push(column.title.clone());
        said.extend(word(chosen).map(|word| format!("{}={word}", column.title)));
    }
    let kept = office::say_columns(visitor.school(), &kept, &titles, said).await?;
    let path = kept::path(kept.id);
    visitor.web().desk().read(visitor.web().shared_school(), kept);
    Ok(page::to(&path).into_response())
}

/// The columns of all tables; of those with one title the first.
async fn columns(
    visitor: &Visitor,
    kept: &KeptUpload,
) -> Result<Vec<(String, ColumnShown)>, Fault> {
    let tables = match office::upload_columns(visitor.school(), kept).await {
        Ok(tables) => tables,
        Err(ImportError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(told_of_import(&error).into()),
    };
    let mut columns: Vec<(String, ColumnShown)> = Vec::new();
    for TableColumns { label, columns: of_table } in tables {
        for column in of_table {
            if !columns.iter().any(|(_, it)| ColumnMap::is_same_title(&it.title, &column.title)) {
                columns.push((label.clone(), column));
            }
        }
    }
    Ok(columns)
}

/// The word of a choice, as it is said to the office; `None` for what the title tells by itself.
fn word(chosen: &str) -> Option<String> {
    if chosen == IGNORE {
        return Some(IGNORE.to_owned());
    }
    Some(Field::all().nth(chosen.parse().ok()?)?.to_string())
}

fn groups() -> Vec<(&'static str, Vec<(usize, String)>)> {
    let mut groups: Vec<(&'static str, Vec<(usize, String)>)> = Vec::new();
    for (at, field) in Field::all().enumerate() {
        let (of, choice) = (words::whose(field.whose), (at, words::field(field)));
        match groups.last_mut().filter(|(other, _)| *other == of) {
            Some((_, choices)) => choices.push(choice),
            None => groups.push((of, vec![choice])),
        }
    }
    groups
}

impl ColumnChoices {
    /// What was said of the columns before.
    fn said(kept: &KeptUpload) -> Self {
        let said = kept.said.iter().filter_map(|typed| typed.rsplit_once('='));
        let choice = |(title, word): (&str, &str)| {
            let at = || Field::all().position(|it| it.to_string() == word);
            let chosen = if word == IGNORE { word.to_owned() } else { at()?.to_string() };
            Some((title.to_owned(), chosen))
        };
        Self(said.filter_map(choice).collect())
    }

    /// What a form says, each with the title that it was chosen for.
    fn posted(posted: &Form) -> Self {
        let choice = |(at, title): (&str, &str)| {
            let name = format!("c{at}");
            posted.has(&name).then(|| (title.to_owned(), posted.text(&name).to_owned()))
        };
        Self(posted.beginning("t").filter_map(choice).collect())
    }

    fn of(&self, title: &str) -> Option<&str> {
        let is_it = |(other, _): &&(String, String)| ColumnMap::is_same_title(other, title);
        self.0.iter().rev().find(is_it).map(|(_, chosen)| chosen.as_str())
    }
}

impl ColumnChoice {
    fn of(choices: &ColumnChoices, at: usize, (table, column): &(String, ColumnShown)) -> Self {
        let chosen = choices.of(&column.title).unwrap_or_default();
        Self {
            at,
            table: table.clone(),
            title: column.title.clone(),
            samples: column.samples.join(" · "),
            understood: understood(column.field),
            is_ignored: chosen == IGNORE,
            chosen: chosen.parse().ok(),
        }
    }
}
