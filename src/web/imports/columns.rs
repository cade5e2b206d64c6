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
    groups: Vec<(&'static str, Vec<(usize, String)>)>,
    pages: Numbered,
}

/// One column, by its place among all of them.
struct ColumnChoice {
    at: usize,
    table: String,
    title: String,
    samples: String,
    understood: String,
    /// What was said of it: the place of a field, or that it is passed over.
    is_ignored: bool,
    chosen: Option<usize>,
}

/// The columns, each with what it may be.
pub(super) async fn form(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let kept = kept::waiting(&visitor, &typed).await?;
    let columns = columns(&visitor, &kept).await?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let path = kept::path(kept.id);
    let (asked, ways) = (asked.text("page").to_owned(), format!("{path}/colonnes?page="));
    let pages = Numbered::of(ways, &asked, columns.len(), EACH);
    let first = pages.range().start;
    let shown = pages.part(&columns).iter().enumerate();
    let body = ColumnsPage {
        csrf: visitor.csrf(),
        path,
        rows: shown.map(|(at, it)| ColumnChoice::of(&kept, first + at, it)).collect(),
        groups: groups(),
        pages,
    };
    visitor.page(Section::Directory, "Ce que contiennent les colonnes", &body)
}

/// Keeps what was chosen, and reads the files again.
pub(super) async fn say(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::waiting(&visitor, &typed).await?;
    let columns = columns(&visitor, &kept).await?;
    let (mut titles, mut said) = (Vec::new(), Vec::new());
    for (at, (_, column)) in columns.iter().enumerate() {
        let name = format!("c{at}");
        if !posted.has(&name) {
            continue;
        }
        titles.push(column.title.clone());
        said.extend(word(posted.text(&name)).map(|word| format!("{}={word}", column.title)));
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

impl ColumnChoice {
    fn of(kept: &KeptUpload, at: usize, (table, column): &(String, ColumnShown)) -> Self {
        let said = kept.said.iter().filter_map(|typed| typed.rsplit_once('='));
        let is_it = |(title, _): &(&str, &str)| ColumnMap::is_same_title(title, &column.title);
        let word = said.rev().find(is_it).map(|(_, word)| word);
        Self {
            at,
            table: table.clone(),
            title: column.title.clone(),
            samples: column.samples.join(" · "),
            understood: understood(column.field),
            is_ignored: word == Some(IGNORE),
            chosen: word.and_then(|word| Field::all().position(|it| it.to_string() == word)),
        }
    }
}
