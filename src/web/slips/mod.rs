//! Slips that came back, read off a scan or a telephone's pictures: who answered, what stands on each slip for a
//! person to type, which pages nobody could read.

mod begin;
mod desk;
mod kept;
mod page;
mod say;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use super::doors::{Doors, Needs};
use crate::people::Right;

pub(super) use begin::reading;
pub(super) use desk::ScanDesk;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let carry = Needs::Right(Right::CarryByHand);
    doors
        .get("/coupons", carry, begin::form)
        // Files have limits of their own.
        .post("/coupons", carry, begin::take.layer(DefaultBodyLimit::disable()))
        .get("/coupons/{scan}", carry, page::page)
        .post("/coupons/{scan}", carry, say::say)
        .get("/coupons/{scan}/images/{picture}", carry, page::picture)
        .post("/coupons/{scan}/supprimer", carry, say::discard)
}
