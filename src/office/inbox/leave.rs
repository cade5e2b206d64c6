//! Documents that came by e-mail are left for pupils, and their mail leaves the list with them.

use super::attachment::{AttachmentGiven, lay, taken_out};
use super::mailed::pupil_of;
use super::name::EntryName;
use super::reading::{InboxReading, Open};
use super::settle::InboxRefusal;
use crate::message::Week;
use crate::office::documents::{begin_documents, fit_incoming, meant_for};
use crate::office::{DocumentsLeft, DocumentsRefusal, GivenBack, IncomingDocuments, School};
use crate::people::{Act, Actor, Whom};
use crate::queue::Queue;
use crate::store::cards::SaidDone;
use crate::store::{StoreError, Tx, journal, replies};

/// What is said to have been done with a mail whose documents were left.
const LEFT: &str = "documents déposés";

/// How documents that came by e-mail are left.
#[derive(Debug, Clone, Default)]
pub struct LeaveMailed {
    /// For whom, as a folder says it, where that is not what the subject says.
    pub folder: Option<String>,
    /// About what, where it is something else.
    pub subject: Option<String>,
    /// For which week, where it is another.
    pub week: Option<Week>,
    /// The attachments, by their numbers; all where none is named.
    pub numbers: Vec<usize>,
}

/// Why documents that came by e-mail are not left.
#[derive(Debug, thiserror::Error)]
pub enum MailedRefusal {
    /// Nobody who works at the school is known to have that address.
    #[error("nobody of the staff is known to write from the address of {0}; nothing was kept")]
    Stranger(EntryName),
    /// Neither the subject nor whoever presses says for whom.
    #[error("nothing says for whom they are; nothing was kept")]
    ForNobody,
    /// Whoever wrote does not teach those for whom they would be.
    #[error("whoever wrote does not teach {0}, as the directory has it; nothing was kept")]
    NotTheirs(String),
    /// The week that the subject names cannot be read.
    #[error("nothing says for which week they are; nothing was kept")]
    NoWeek,
    /// There is nothing under this number, or it was too large to be kept.
    #[error("attachment {0} is not there, or was too large to be kept; nothing was kept")]
    NotThere(usize),
    /// The documents.
    #[error("{0}")]
    Documents(#[from] DocumentsRefusal),
    /// The entry.
    #[error("{0}")]
    Entry(#[from] InboxRefusal),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Leaves documents that came by e-mail for pupils, all or none of them, and the mail leaves the list with them: one
/// transaction.
pub async fn leave_mailed_documents(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: EntryName,
    request: LeaveMailed,
) -> Result<DocumentsLeft, MailedRefusal> {
    let EntryName::Said(number) = name else { return Err(MailedRefusal::Stranger(name)) };
    let AskedToLeave { folder, subject, week, attached } =
        asked(school, whom, &name, request).await?;
    let mut files = begin_documents(school)?;
    lay(&mut files, attached).await.map_err(DocumentsRefusal::Disk)?;
    let (whom, back) = (whom.clone(), GivenBack::default());
    let incoming = IncomingDocuments { week, whom, folder, subject, back, files };
    let fit = fit_incoming(school, incoming).await?;
    let (queue, by, left) = (school.queue.clone(), school.by(actor), fit.left());
    let write = move |tx: &Tx<'_>| {
        let id = queue.school();
        // Whoever presses at the same time waits, and is told.
        replies::lock(tx, id)?;
        let settled = replies::numbered(tx, id, number)?.and_then(|standing| standing.settled);
        if let Some((before, _)) = settled {
            return Ok(Err(settled_already(&queue, name, before)));
        }
        let twice = fit.keep(tx, id, &by)?;
        if !twice.is_empty() {
            return Ok(Err(DocumentsRefusal::Refused(twice).into()));
        }
        let said = SaidDone { at: by.at, by: by.actor.name().to_owned() };
        replies::settle(tx, id, number, Some((&said, LEFT)))?;
        journal::note(tx, id, &by, Act::Settle, &name.to_string())?;
        Ok(Ok(()))
    };
    school.store().write(write).await??;
    Ok(left)
}

/// What is to be left, and how.
struct AskedToLeave {
    folder: String,
    subject: String,
    week: Week,
    attached: Vec<AttachmentGiven>,
}

/// What the mail says, with what whoever presses says in its place.
async fn asked(
    school: &School,
    whom: &Whom,
    name: &EntryName,
    request: LeaveMailed,
) -> Result<AskedToLeave, MailedRefusal> {
    let (queue, whom, name) = (school.queue.clone(), whom.clone(), name.clone());
    let today = school.today();
    let read = move |tx: &Tx<'_>| {
        let reading = InboxReading::new(tx, queue.school(), today);
        let Some((Open::Said(said), _)) = reading.seen(&whom, &name)? else {
            return Ok(Err(InboxRefusal::NoSuchEntry(name).into()));
        };
        if let Some((before, _)) = said.settled {
            return Ok(Err(settled_already(&queue, name, before)));
        }
        let Some((mailed, sender)) = reading.mailed(&said.reply)? else {
            return Ok(Err(MailedRefusal::Stranger(name)));
        };
        let folder = request.folder.unwrap_or(mailed.folder);
        if folder.trim().is_empty() {
            return Ok(Err(MailedRefusal::ForNobody));
        }
        let roll = reading.roll()?;
        // Who is meant by nobody is refused as it is of anybody who leaves documents.
        let meant = meant_for(roll, today, &folder);
        if meant.is_ok_and(|meant| !sender.teaches(&meant, pupil_of(roll, &meant))) {
            return Ok(Err(MailedRefusal::NotTheirs(folder)));
        }
        let Some(week) = request.week.or(mailed.week) else {
            return Ok(Err(MailedRefusal::NoWeek));
        };
        let subject = request.subject.unwrap_or(mailed.subject);
        let taken = taken_out(tx, queue.school(), said.reply.id, &request.numbers)?;
        let taken = taken.map_err(MailedRefusal::NotThere);
        Ok(taken.map(|attached| AskedToLeave { folder, subject, week, attached }))
    };
    school.store().read(read).await?
}

fn settled_already(queue: &Queue, name: EntryName, before: SaidDone) -> MailedRefusal {
    let (by, at) = (before.by, queue.timing().hours.shown(before.at));
    InboxRefusal::SettledAlready { name, by, at }.into()
}
