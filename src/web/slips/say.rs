//! What a person read off slips: ticks, a call that is asked for, a reference where no code was read.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page::to;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::{kept, page};
use crate::message::{AnswerChoice, Reference, WorkPage};
use crate::office::slips::{self, Slip, SlipPart};
use crate::office::{
    self, NoteAnswerRefusal, PageAt, ScanReport, ScanShown, SlipOnPage, WorkBecame,
};

/// Notes what was filled in. What is refused is said, and the rest is noted.
pub(super) async fn say(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let id = kept::called(&typed)?;
    let ScanShown::Read(scan) = office::kept_scan(visitor.school(), id)? else {
        return Err(Fault::NothingThere);
    };
    let (mut noted, mut kept_pages, mut faults) = (0, 0, Faults::default());
    for (field, slip) in filled(&scan, &posted, &mut faults) {
        match slips::close(visitor.school(), visitor.actor(), slip).await {
            Ok(closed) => noted += usize::from(!closed.already),
            Err(NoteAnswerRefusal::Store(error)) => return Err(error.into()),
            Err(NoteAnswerRefusal::NoSuchReference(reference)) => {
                faults.add(field, format!("Aucun coupon ne porte la référence {reference}."));
            }
            Err(_) => faults.add(field, "Cette annonce ne demande pas cette réponse."),
        }
    }
    for (field, page, at) in typed_pages(&scan, &posted) {
        let took = office::take_typed_page(visitor.school(), visitor.actor(), (id, at), page);
        match took.await? {
            WorkBecame::Taken | WorkBecame::Known => kept_pages += 1,
            WorkBecame::Unmatched => {
                faults.add(field, format!("Aucun travail à rendre ne porte le numéro {page}."));
            }
            WorkBecame::Unseen | WorkBecame::Several => {
                faults.add(field, "Cette page n’a pas d’image à garder : numérisez-la de nouveau.");
            }
        }
    }
    let asked = posted.text("page");
    if faults.is_none() {
        let here: usize = asked.parse().unwrap_or(1);
        let path = kept::path(id);
        return Ok(to(&format!("{path}?page={here}&notes={noted}&travaux={kept_pages}")));
    }
    let told = (page::done(noted, kept_pages), faults);
    Ok(page::report(&visitor, id, &scan, asked, told).await?.refused().into_response())
}

/// The slips of which something was filled in, each with the field that says it.
fn filled(scan: &ScanReport, posted: &Form, faults: &mut Faults) -> Vec<(String, Slip)> {
    let mut all = Vec::new();
    let of_somebody = scan.slips.iter().filter(|slip| page::is_of_somebody(slip));
    for printed in of_somebody.map(|slip: &SlipOnPage| slip.reference.as_str()) {
        let Ok(reference) = printed.parse::<Reference>() else { continue };
        let written = |what: &str| {
            let typed = posted.some(&format!("{what}-{printed}")).map(str::to_owned);
            typed.map(|typed| typed.trim().to_owned())
        };
        let answer = written("reponse").and_then(|word| AnswerChoice::from_word(&word));
        let (call_back, other) = (written("rappel"), written("autre"));
        if answer.is_none() && call_back.is_none() && other.is_none() {
            continue;
        }
        let corrections = other.map(|typed| (SlipPart::Other, typed)).into_iter().collect();
        let slip = Slip { reference, answer, call_back, corrections };
        all.push((format!("rappel-{printed}"), slip));
    }
    for at in 0..scan.without_code.len() {
        let field = format!("sans-{at}");
        let Some(typed) = posted.some(&field) else { continue };
        if typed.parse::<WorkPage>().is_ok() {
            continue;
        }
        if let Ok(reference) = typed.parse() {
            all.push((field, Slip::plain(reference)));
        } else {
            let what = format!(
                "« {typed} » n’est pas une référence : elle s’écrit comme 7K4M-02QB, ou T123456-1 pour un travail."
            );
            faults.add(field, what);
        }
    }
    all
}

/// The pages without a code by which somebody typed whose work they are, each with its field.
fn typed_pages<'a>(scan: &'a ScanReport, posted: &Form) -> Vec<(String, WorkPage, &'a PageAt)> {
    let pages = scan.without_code.iter().enumerate().filter_map(|(at, page)| {
        let field = format!("sans-{at}");
        let typed = posted.some(&field)?.parse().ok()?;
        Some((field, typed, page))
    });
    pages.collect()
}

/// Removes the pictures.
pub(super) async fn discard(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    office::discard_scan(visitor.school(), kept::called(&typed)?)?;
    Ok(to("/coupons?fait=supprime"))
}
