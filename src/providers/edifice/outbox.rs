//! What became of a message whose answer was lost: the outbox is searched for it.

use serde_json::Value;

use super::line::EntLine;
use super::together::{Told, found, left_out};
use super::words::{self, EntReader, OpenedMessage};
use crate::delivery::{Accepted, Circular, FailureKind, SendError, Verdicts};
use crate::people::ContactPoint;

/// Messages of the outbox that are looked at, when one of ours is searched for.
const SEARCHED: usize = 20;

/// `html`, with our reference in it as one word that the ENT's search finds. The search drops the hyphen of what
/// is looked for and of nothing that it looks through, and PostgreSQL, whose words it compares, takes apart what
/// begins like a number (entcore 6.15, `SqlConversationService.checkAndComposeWordFromSearchText`; of 20,000
/// references as people read them 29 were found, of these words all).
pub(super) fn marked(html: &str, reference: &str) -> String {
    let mark = mark(reference);
    if html.contains(reference) {
        return format!("{html}<p><small>Suivi : {mark}</small></p>");
    }
    format!("{html}<p><small>Réf. {reference}, suivi : {mark}</small></p>")
}

/// `7K4M-02QB` as `E7K4MU02QB`: a reference has no U but as its last sign.
fn mark(reference: &str) -> String {
    format!("E{}", reference.replace('-', "U"))
}

/// What a search found.
struct Found {
    /// Those that say our mark, by their ids.
    messages: Vec<(String, OpenedMessage)>,
    /// Whether there may be more than were looked at.
    is_cut: bool,
}

/// The message of this reference; `None` when there is none.
pub(super) async fn find(line: &EntLine, reference: &str) -> Result<Option<Accepted>, SendError> {
    let Found { messages, is_cut } = search(line, reference, 1).await?;
    match messages.into_iter().next() {
        Some((id, _)) => Ok(Some(found(&id))),
        None if is_cut => Err(too_many()),
        None => Ok(None),
    }
}

/// A call may have been made more than once, for some of them each time: each is looked for in all that was found.
/// What an answer `told` of them counts; where it was lost, the message is there for all whom it went to.
pub(super) async fn find_all(
    line: &EntLine,
    circular: &Circular,
    told: Option<&Told>,
) -> Result<Option<Verdicts>, SendError> {
    let Found { messages, is_cut } = search(line, &circular.reference, SEARCHED).await?;
    let mut verdicts: Verdicts = vec![Err(left_out()); circular.to.len()];
    let mut is_there = false;
    for (id, opened) in messages {
        let named = recipients(&opened, circular);
        let there = match told.filter(|told| told.id == id) {
            Some(told) => told.verdicts(&circular.to, &named),
            None => vec![Ok(found(&id)); circular.to.len()],
        };
        for (verdict, (there, to)) in verdicts.iter_mut().zip(there.into_iter().zip(&circular.to)) {
            if stands_in(&named, to) {
                *verdict = there;
                is_there = true;
            }
        }
    }
    if is_cut && verdicts.contains(&Err(left_out())) {
        return Err(too_many());
    }
    Ok(is_there.then_some(verdicts))
}

/// Looks through the outbox until `enough` messages say the mark of `reference`.
async fn search(line: &EntLine, reference: &str, enough: usize) -> Result<Found, SendError> {
    let mark = mark(reference);
    let outbox = "/conversation/api/folders/outbox/messages";
    let search = format!("{outbox}?search={mark}&page=0&page_size={SEARCHED}");
    let listed: Vec<Value> = words::data(&line.get(&search).await?)?;
    let mut messages = Vec::new();
    for id in listed.iter().filter_map(words::id_of).take(SEARCHED) {
        if messages.len() < enough
            && let Some(opened) = open(line, &id).await?
            && opened.says(&mark)
        {
            messages.push((id, opened));
        }
    }
    Ok(Found { messages, is_cut: listed.len() >= SEARCHED })
}

/// One of our messages; `None` when there is none of that id.
pub(super) async fn open(line: &EntLine, id: &str) -> Result<Option<OpenedMessage>, SendError> {
    let answer = line.get(&format!("/conversation/api/messages/{id}")).await?;
    if answer.status == 404 {
        return Ok(None);
    }
    words::opened(&answer).map(Some)
}

/// Whom a message of the outbox went to; all of the circular's, where it does not tell.
fn recipients(opened: &OpenedMessage, circular: &Circular) -> Vec<EntReader> {
    let named = opened.recipients();
    if !named.is_empty() {
        return named;
    }
    let unnamed = |to: &ContactPoint| EntReader { id: to.value().to_owned(), name: String::new() };
    circular.to.iter().map(unnamed).collect()
}

fn stands_in(named: &[EntReader], to: &ContactPoint) -> bool {
    named.iter().any(|it| it.id == to.value())
}

fn too_many() -> SendError {
    let why = "too many messages were found to be looked through";
    SendError::new(FailureKind::Unreachable, why)
}
