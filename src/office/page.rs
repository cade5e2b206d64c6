//! A message as a page for everybody: the school's website, the door.

use serde::Serialize;

use super::School;
use crate::message::{Code, Message};
use crate::render::TemplateError;
use crate::store::{StoreError, Tx, messages};

/// A message as a page.
#[derive(Serialize)]
pub struct Page {
    /// Its code.
    pub message: Code,
    /// One document in French, which loads nothing and names nobody.
    pub html: String,
}

/// Why a message has no page.
#[derive(Debug, thiserror::Error)]
pub enum PageRefusal {
    /// It says something else to everybody.
    #[error("a digest holds other messages, and says something else to everybody")]
    Digest,
    /// Its template, which may have no letter.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The page of a message.
pub async fn page(school: &School, message: &Message) -> Result<Page, PageRefusal> {
    if message.is_digest() {
        return Err(PageRefusal::Digest);
    }
    let (id, code) = (school.queue.school().clone(), message.code.clone());
    let look = move |tx: &Tx<'_>| messages::corrections(tx, &id, &code);
    let newest = school.store().read(look).await?.pop().map(|correction| correction.code);
    let day = school.queue.timing().hours.wall(message.launched_at).date();
    let html = school.renderer.page(message, day, newest.as_ref())?;
    Ok(Page { message: message.code.clone(), html })
}
