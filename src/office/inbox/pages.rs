//! Pages of pupils' work, and slips, that came attached to an e-mail: a person's press hands them to the reading of scans.
//! What bears no code stays attached, and waits with the mail.

use super::attachment::{lay, taken_out};
use super::name::EntryName;
use super::reading::{InboxReading, Open};
use super::settle::InboxRefusal;
use crate::id::Id;
use crate::office::note_look::note_look;
use crate::office::scans::{begin_scan, keep_scan};
use crate::office::{KeptScan, ScanRefusal, School};
use crate::people::{Act, Actor, Whom};
use crate::store::{StoreError, Tx, attachments};

/// Why what is attached is not read.
#[derive(Debug, thiserror::Error)]
pub enum AttachedScanRefusal {
    /// Nothing is attached that was kept.
    #[error("nothing is attached to {0} that was kept")]
    Nothing(EntryName),
    /// The entry.
    #[error("{0}")]
    Entry(#[from] InboxRefusal),
    /// The scan.
    #[error("{0}")]
    Scan(#[from] ScanRefusal),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Keeps what is attached to an entry as a scan that waits to be read. The same read twice changes nothing.
pub async fn keep_attached_scan(
    school: &School,
    actor: Actor,
    name: EntryName,
) -> Result<Id<KeptScan>, AttachedScanRefusal> {
    let (id, today, of) = (school.queue.school().clone(), school.today(), name.clone());
    let read = move |tx: &Tx<'_>| {
        let reading = InboxReading::new(tx, &id, today);
        let Some((Open::Said(said), _)) = reading.seen(&Whom::Everybody, &of)? else {
            return Ok(Err(InboxRefusal::NoSuchEntry(of).into()));
        };
        let attached = attachments::of_reply(tx, &id, said.reply.id)?;
        let kept = attached.into_iter().filter(|it| it.is_kept).map(|it| it.number);
        let kept: Vec<usize> = kept.collect();
        if kept.is_empty() {
            return Ok(Err(AttachedScanRefusal::Nothing(of)));
        }
        let taken = taken_out(tx, &id, said.reply.id, &kept)?;
        Ok(taken.map_err(|_| AttachedScanRefusal::Nothing(of)).map(|it| (said.number, it)))
    };
    let (number, attached) = school.store().read(read).await??;
    note_look(school, actor.clone(), Act::TakeAttachment, &name.to_string()).await?;
    let mut files = begin_scan(school)?;
    lay(&mut files, attached).await.map_err(ScanRefusal::Disk)?;
    Ok(keep_scan(school, &actor, files, Some(number)).await?)
}
