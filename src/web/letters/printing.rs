//! Printing takes seconds: it goes on beside the pages, which say how far it is.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::batch::number;
use crate::delivery::{LetterOrder, Piling};
use crate::office::{self, LettersRequest};

/// Prints what waits.
pub(super) async fn print(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let order = posted.some("tri").map(|it| LetterOrder::from_word(it).ok_or(Fault::Unreadable));
    let order = order.unwrap_or(Ok(visitor.school().config.letters.sort))?;
    let piling = Piling { order, separators: posted.has("separations") };
    let request = LettersRequest { message: None, piling };
    let (school, press) = (visitor.web().shared_school(), visitor.web().press().clone());
    if press.begin(&visitor.session().account.name, school.clock.now()) {
        tokio::spawn(async move {
            let heard = press.clone();
            let tell = move |done, total| heard.progress(done, total);
            press.end(office::print_letters(&school, request, tell).await);
        });
    }
    Ok(page::to("/courriers#impression"))
}

/// Prints a batch again: the same letters.
pub(super) async fn print_again(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let number = number(&typed)?;
    let (school, press) = (visitor.web().shared_school(), visitor.web().press().clone());
    office::letter_batch(&school, number).await?;
    if press.begin(&visitor.session().account.name, school.clock.now()) {
        tokio::spawn(async move {
            let heard = press.clone();
            let tell = move |done, total| heard.progress(done, total);
            let printed = office::print_again(&school, number, tell).await;
            press.end(printed.map(|batch| vec![batch]));
        });
    }
    Ok(page::to("/courriers#impression"))
}
