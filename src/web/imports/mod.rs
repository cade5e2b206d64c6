//! The school's files become its directory, step by step on pages: they are given, read, looked at, applied, and the
//! last ones taken back. Whoever opens the address of a set of files finds it as it stands.

mod act;
mod begin;
mod columns;
mod desk;
mod kept;
mod page;
mod records;
mod undo;
mod words;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use super::doors::{Doors, Needs};
use crate::people::Right;

pub(super) use desk::ImportDesk;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let edit = Needs::Right(Right::EditFamilies);
    doors
        .get("/annuaire/import", edit, begin::form)
        // Files have limits of their own.
        .post("/annuaire/import", edit, begin::take.layer(DefaultBodyLimit::disable()))
        .get("/annuaire/import/annuler", edit, undo::ask)
        .post("/annuaire/import/annuler", edit, undo::undo)
        .get("/annuaire/import/{upload}", edit, page::page)
        .get("/annuaire/import/{upload}/fiches", edit, records::records)
        .get("/annuaire/import/{upload}/ecartees", edit, records::set_aside)
        .get("/annuaire/import/{upload}/colonnes", edit, columns::form)
        .post("/annuaire/import/{upload}/colonnes", edit, columns::say)
        .get("/annuaire/import/{upload}/confirmer", edit, act::confirm)
        .post("/annuaire/import/{upload}/appliquer", edit, act::apply)
        .post("/annuaire/import/{upload}/abandonner", edit, act::abandon)
}
