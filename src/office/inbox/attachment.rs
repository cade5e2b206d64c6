//! What is attached to something that was said: given back as it came, and never opened here.

use std::io;

use super::name::EntryName;
use super::reading::InboxReading;
use crate::id::Id;
use crate::office::{IncomingFiles, School};
use crate::people::{SchoolId, Whom};
use crate::store::replies::KeptReply;
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
    let today = school.today();
    let read = move |tx: &Tx<'_>| {
        let reading = InboxReading::new(tx, &id, today);
        let Some((open, _)) = reading.seen(&whom, &name)? else { return Ok(None) };
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

/// What is attached to a reply under these numbers, all of it where none is named; or else a number under which nothing
/// is that was kept.
pub(super) fn taken_out(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: Id<KeptReply>,
    numbers: &[usize],
) -> Result<Result<Vec<AttachmentGiven>, usize>, StoreError> {
    let attached = attachments::of_reply(tx, school, reply)?;
    let all: Vec<usize> = attached.iter().map(|it| it.number).collect();
    let mut taken = Vec::new();
    for number in if numbers.is_empty() { &all } else { numbers } {
        let told = attached.iter().find(|it| it.number == *number);
        let content = attachments::content(tx, school, reply, *number)?;
        let Some((told, content)) = told.zip(content) else { return Ok(Err(*number)) };
        taken.push(AttachmentGiven { name: told.name.clone(), content });
    }
    Ok(Ok(taken))
}

/// Adds these to files on their way in.
pub(super) async fn lay(
    files: &mut IncomingFiles,
    attached: Vec<AttachmentGiven>,
) -> io::Result<()> {
    for AttachmentGiven { name, content } in attached {
        let file = files.file(&name)?;
        file.add(content).await;
        file.end().await?;
    }
    Ok(())
}
