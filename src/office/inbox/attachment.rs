//! What is attached to something that was said: given back as it came, and never opened here.

use super::name::EntryName;
use super::reading::InboxReading;
use crate::office::School;
use crate::people::Whom;
use crate::store::{StoreError, Tx, attachments};

/// Something attached, as it came.
pub struct AttachmentGiven {
    /// Its name, safe to be written to a disk.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// What is attached to an entry under this number; none where nothing is, or where it was not kept.
pub async fn attachment(
    school: &School,
    whom: &Whom,
    name: &EntryName,
    number: usize,
) -> Result<Option<AttachmentGiven>, StoreError> {
    let (id, whom, name) = (school.queue.school().clone(), whom.clone(), name.clone());
    let read = move |tx: &Tx<'_>| {
        let reading = InboxReading::new(tx, &id);
        let Some(open) = reading.named(&name)? else { return Ok(None) };
        if !reading.whose(&open)?.is_seen_by(&open, &whom) {
            return Ok(None);
        }
        let mut attached = reading.attached(&open)?.into_iter();
        let (Some(reply), Some(told)) = (open.reply(), attached.find(|it| it.number == number))
        else {
            return Ok(None);
        };
        let content = attachments::content(tx, &id, reply, number)?;
        Ok(content.map(|content| AttachmentGiven { name: told.name, content }))
    };
    school.store().read(read).await
}
