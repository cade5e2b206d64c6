//! What waits for a person of the school, in one list: what came back in words, those whom nothing reached, those of
//! whom nobody knows. Whatever stands there stays until somebody settles it.

mod alert;
mod answer;
mod attachment;
mod entry;
mod leave;
mod mailed;
mod name;
mod pages;
mod put_right;
mod reading;
mod settle;
mod subject_line;
mod told;

pub use alert::send_inbox_alert;
pub use answer::{AnswerLeft, AnswerRefusal, answer_entry};
pub use attachment::AttachmentGiven;
pub(super) use attachment::attachment;
pub use entry::{AttachmentShown, EntryKind, InboxEntry, InboxList, InboxSought, ToldContact};
pub use leave::{LeaveMailed, MailedRefusal, leave_mailed_documents};
pub use mailed::MailedDocuments;
pub use name::{BadName, EntryName};
pub use pages::{AttachedScanRefusal, keep_attached_scan};
pub use put_right::{ToldApplied, ToldRefusal, apply_told_contact};
pub use settle::{InboxRefusal, SeenTo, assign_entry, reopen_entry, settle_entry};

use self::reading::InboxReading;
use super::School;
use crate::people::Whom;
use crate::store::{StoreError, Tx};

/// What waits for a person: what is urgent first, then the oldest. For whoever has to do with pupils of their own alone,
/// what is about these.
pub async fn inbox(
    school: &School,
    whom: &Whom,
    sought: InboxSought,
) -> Result<InboxList, StoreError> {
    let (id, whom, today) = (school.queue.school().clone(), whom.clone(), school.today());
    let read = move |tx: &Tx<'_>| {
        let mut reading = InboxReading::new(tx, &id, today);
        let mut found = Vec::new();
        for open in reading.open(&sought)? {
            let (since, is_urgent) = reading.place(&open)?;
            found.push((!is_urgent, since, open));
        }
        found.sort_by_key(|(is_not_urgent, since, _)| (*is_not_urgent, *since));
        let mut shown = Vec::new();
        let total = if whom == Whom::Everybody { found.len() } else { 0 };
        for (.., open) in found {
            if total > 0 && shown.len() >= sought.skipped + sought.most {
                break;
            }
            let about = reading.whose(&open)?;
            if reading.is_seen(&whom, &open, &about)? {
                shown.push((open, about));
            }
        }
        let total = total.max(shown.len());
        let asked = shown.into_iter().skip(sought.skipped).take(sought.most);
        let asked: Result<Vec<_>, StoreError> =
            asked.map(|(open, about)| reading.entry(open, about)).collect();
        Ok((total, asked?))
    };
    let (total, read) = school.store().read(read).await?;
    let entries = read.into_iter().map(|it| it.shown(school)).collect();
    Ok(InboxList { total, entries })
}

/// One entry, whether it still waits or not; `None` where there is none of this name.
pub async fn inbox_entry(
    school: &School,
    whom: &Whom,
    name: &EntryName,
) -> Result<Option<InboxEntry>, StoreError> {
    let (id, whom, name) = (school.queue.school().clone(), whom.clone(), name.clone());
    let today = school.today();
    let read = move |tx: &Tx<'_>| {
        let mut reading = InboxReading::new(tx, &id, today);
        let Some((open, about)) = reading.seen(&whom, &name)? else { return Ok(None) };
        reading.entry(open, about).map(Some)
    };
    let found = school.store().read(read).await?;
    Ok(found.map(|it| it.shown(school)))
}

/// How much waits, of each kind; for whoever has to do with pupils of their own alone, what is about these.
pub async fn count_inbox(
    school: &School,
    whom: &Whom,
) -> Result<Vec<(EntryKind, usize)>, StoreError> {
    let (id, whom, today) = (school.queue.school().clone(), whom.clone(), school.today());
    let read = move |tx: &Tx<'_>| {
        let reading = InboxReading::new(tx, &id, today);
        let mut counts = EntryKind::ALL.map(|kind| (kind, 0));
        for open in reading.open(&InboxSought::default())? {
            if whom != Whom::Everybody && !reading.is_seen(&whom, &open, &reading.whose(&open)?)? {
                continue;
            }
            if let Some((_, count)) = counts.iter_mut().find(|(it, _)| Some(*it) == open.kind()) {
                *count += 1;
            }
        }
        Ok(counts.to_vec())
    };
    school.store().read(read).await
}
