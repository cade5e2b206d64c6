//! What tells of families beside their records, opened; that it was seen, and by whom, stands in the journal.

use std::ops::Range;

use super::contacts::in_state;
use super::inbox::attachment;
use super::note_look::note_look;
use super::{
    AddresseePage, AddresseeTrace, AttachmentGiven, BatchFile, BatchShown, ContactsSought,
    EntryName, InboxEntry, InboxList, InboxSought, LabelsRequest, LettersRefusal, ListedContact,
    Reader, ReaderSought, Ready, School, Sought, addressee, addressees, batch_file, batch_list,
    inbox, inbox_entry, labels_of_batch, letter_batch, pile_file, print_letter_again, reader,
};
use crate::message::Message;
use crate::people::{Act, Actor, Whom};
use crate::store::StoreError;
use crate::store::contact_points::StateCount;

/// What became of an addressee.
pub async fn look_at_addressee(
    school: &School,
    actor: Actor,
    message: &Message,
    number: u32,
    whom: &Whom,
) -> Result<Option<AddresseeTrace>, StoreError> {
    let found = addressee(school, message, number, whom).await?;
    if found.is_some() {
        let about = format!("{} {number}", message.code);
        note_look(school, actor, Act::LookAtAddressee, &about).await?;
    }
    Ok(found)
}

/// Those of a message whom people must see to, with their numbers.
pub async fn look_at_those_left(
    school: &School,
    actor: Actor,
    message: &Message,
    sought: Sought,
    most: usize,
) -> Result<AddresseePage, StoreError> {
    let found = addressees(school, message, sought, 1, most).await?;
    if found.found > 0 {
        note_look(school, actor, Act::LookAtCharges, message.code.as_str()).await?;
    }
    Ok(found)
}

/// What waits for a person, with what families wrote.
pub async fn look_at_inbox(
    school: &School,
    actor: Actor,
    whom: &Whom,
    sought: InboxSought,
) -> Result<InboxList, StoreError> {
    let found = inbox(school, whom, sought).await?;
    if !found.entries.is_empty() {
        note_look(school, actor, Act::LookAtCharges, "").await?;
    }
    Ok(found)
}

/// One entry of it.
pub async fn look_at_entry(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: &EntryName,
) -> Result<Option<InboxEntry>, StoreError> {
    let found = inbox_entry(school, whom, name).await?;
    if found.is_some() {
        note_look(school, actor, Act::LookAtCharges, "").await?;
    }
    Ok(found)
}

/// Something that is attached to one of them, to be taken out of here; none where nothing is, or where it was not kept.
pub async fn take_attachment(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: &EntryName,
    number: usize,
) -> Result<Option<AttachmentGiven>, StoreError> {
    let found = attachment(school, whom, name, number).await?;
    if found.is_some() {
        note_look(school, actor, Act::TakeAttachment, &name.to_string()).await?;
    }
    Ok(found)
}

/// A batch of letters, with whom they are for.
pub async fn look_at_batch(
    school: &School,
    actor: Actor,
    number: u32,
) -> Result<BatchShown, LettersRefusal> {
    let shown = letter_batch(school, number).await?;
    note_batch(school, actor, number).await?;
    Ok(shown)
}

/// The letters of a batch as they were printed, from a page on.
pub async fn look_at_batch_file(
    school: &School,
    actor: Actor,
    number: u32,
    first: usize,
) -> Result<BatchFile, LettersRefusal> {
    let file = batch_file(school, number, first).await?;
    note_batch(school, actor, number).await?;
    Ok(file)
}

/// One letter of a batch, printed alone.
pub async fn look_at_letter(
    school: &School,
    actor: Actor,
    number: u32,
    reference: &str,
) -> Result<BatchFile, LettersRefusal> {
    let file = print_letter_again(school, number, reference).await?;
    note_batch(school, actor, number).await?;
    Ok(file)
}

/// The letters of one pile of a batch, as they were printed.
pub async fn look_at_pile(
    school: &School,
    actor: Actor,
    number: u32,
    pile: usize,
) -> Result<BatchFile, LettersRefusal> {
    let file = pile_file(school, number, pile).await?;
    note_batch(school, actor, number).await?;
    Ok(file)
}

/// Address labels for the letters of a batch.
pub async fn look_at_labels(
    school: &School,
    actor: Actor,
    request: LabelsRequest,
) -> Result<BatchFile, LettersRefusal> {
    let file = labels_of_batch(school, request).await?;
    note_batch(school, actor, request.batch).await?;
    Ok(file)
}

/// The list that goes with a batch.
pub async fn look_at_batch_list(
    school: &School,
    actor: Actor,
    number: u32,
) -> Result<BatchFile, LettersRefusal> {
    let list = batch_list(school, number).await?;
    note_batch(school, actor, number).await?;
    Ok(list)
}

async fn note_batch(school: &School, actor: Actor, number: u32) -> Result<(), StoreError> {
    note_look(school, actor, Act::LookAtBatch, &number.to_string()).await
}

/// Ways to people in a state, of which there are so many.
pub async fn look_at_contacts(
    school: &School,
    actor: Actor,
    counts: &[StateCount],
    sought: ContactsSought,
    range: Range<usize>,
) -> Result<Vec<ListedContact>, StoreError> {
    let found = in_state(school, counts, sought, range).await?;
    if !found.is_empty() {
        note_look(school, actor, Act::LookAtContacts, sought.state.as_str()).await?;
    }
    Ok(found)
}

/// Somebody as an announcement would reach them.
pub async fn look_at_reader(
    school: &School,
    actor: Actor,
    whom: &Whom,
    ready: &Ready,
    sought: ReaderSought,
) -> Result<Option<Reader>, StoreError> {
    let found = reader(school, whom, ready, sought).await?;
    if let Some(reader) = &found {
        note_look(school, actor, Act::LookAsFamily, &reader.to.person.0).await?;
    }
    Ok(found)
}
