//! The office: what people of a school, or programs for them, can ask for. One file an act; every door calls
//! it, and words its answer and its refusal in the door's own language. Nothing here names a command, an
//! option or a page.

mod correct;
mod draft;
mod handouts;
mod journal;
mod launch;
mod outlook;
mod people;
mod preview;
mod refusal;
mod request;
mod retry;
mod school;
mod show;
mod text;

pub use crate::people::Actor;
pub use correct::{correct, prepare_correction};
pub use draft::{Draft, prepare};
pub use handouts::{Column, Handout, HandoutError, HandoutRequest, hand_out, handed_out};
pub use journal::journal;
pub use launch::launch;
pub use outlook::{Outlook, Reach, Unlinked, outlook, unlinked};
pub use people::{Card, CardContact, CardMessage, CardPupil, CardReply, Ruling, card};
pub use refusal::Refusal;
pub use request::{Among, Changes, Request};
pub use retry::{again, first_of, still_waiting};
pub use school::{School, press};
pub use show::{Shown, show};
