//! What helps to carry a batch away: its piles, each as a file, address labels, the list to be signed.

use std::str::FromStr;

use axum::extract::{Path, RawQuery};
use axum::response::Response;

use super::super::fault::Fault;
use super::super::file as files;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::batch::number;
use crate::office::{self, LabelsRequest};
use crate::render::letters::LabelSheet;

/// The PDF of one pile.
pub(super) async fn file(
    visitor: Visitor,
    Path((typed, pile)): Path<(String, String)>,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let pile = pile.parse().map_err(|_| Fault::NothingThere)?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let pile = office::look_at_pile(school, actor, number(&typed)?, pile).await?;
    Ok(files::shown("application/pdf", &pile.name, pile.content))
}

/// Address labels.
pub(super) async fn labels(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let request = LabelsRequest {
        batch: number(&typed)?,
        sheet: typed_or(asked.some("planche"), LabelSheet::default())?,
        first: typed_or(asked.some("premiere"), 1)?,
    };
    let labels = office::look_at_labels(visitor.school(), visitor.actor(), request).await?;
    Ok(files::shown("application/pdf", &labels.name, labels.content))
}

fn typed_or<T: FromStr>(typed: Option<&str>, usual: T) -> Result<T, Fault> {
    typed.map_or(Ok(usual), |it| it.parse().map_err(|_| Fault::Unreadable))
}

/// The list that goes with the batch.
pub(super) async fn list(visitor: Visitor, Path(typed): Path<String>) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let list = office::look_at_batch_list(school, actor, number(&typed)?).await?;
    Ok(files::kept("text/csv; charset=utf-8", &list.name, list.content))
}
