//! What comes back from families. Replies are kept once; a STOP is honoured at once, and the
//! person is reached by another way from then on.

use crate::clock::Moment;
use crate::delivery::{Reply, SendError};
use crate::id::Id;
use crate::message::Proof;
use crate::people::{ContactPoint, ContactState, SchoolId};
use crate::phone_number::PhoneNumber;
use crate::providers::Provider;
use crate::store::replies::KeptReply;
use crate::store::{Store, StoreError, Tx, addressees, contact_points, replies};

/// What went wrong in a round; the next one makes up for it.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The provider.
    #[error("{0}")]
    Provider(#[from] SendError),
}

/// Fetches what people answered and keeps what is new; how many new replies there were.
pub async fn fetch_replies(
    store: &Store,
    school: &SchoolId,
    provider: &dyn Provider,
    now: Moment,
) -> Result<usize, DeskError> {
    let fetched = provider.fetch_replies().await?;
    let (mut new, mut seen_to) = (0, Vec::with_capacity(fetched.len()));
    let mut failed = Ok(());
    for reply in fetched {
        match see_to(store, school, provider.name(), &reply, now).await {
            Ok(is_new) => {
                new += usize::from(is_new);
                seen_to.push(reply);
            }
            // It comes again; the STOP of another must not wait for that.
            Err(error) => failed = Err(error),
        }
    }
    provider.let_go(&seen_to);
    failed?;
    Ok(new)
}

/// Keeps a reply, unless it is somebody else's: several schools may share an account, and what a family
/// of another one answers is none of ours.
async fn see_to(
    store: &Store,
    school: &SchoolId,
    provider: &str,
    reply: &Reply,
    now: Moment,
) -> Result<bool, StoreError> {
    let (ours, from) = (school.clone(), reply.from.clone());
    if !store.read(move |tx| is_known(tx, &ours, &from)).await? {
        return Ok(false);
    }
    let (school, provider, reply) = (school.clone(), provider.to_owned(), reply.clone());
    store.write(move |tx| keep(tx, &school, &provider, &reply, now)).await
}

/// Whether the directory has this number, or a message of the school was written for it.
fn is_known(tx: &Tx<'_>, school: &SchoolId, number: &PhoneNumber) -> Result<bool, StoreError> {
    for point in [ContactPoint::Sms(number.clone()), ContactPoint::Phone(number.clone())] {
        if !contact_points::owners(tx, school, &point)?.is_empty() {
            return Ok(true);
        }
    }
    addressees::has_number(tx, school, number)
}

fn keep(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    reply: &Reply,
    now: Moment,
) -> Result<bool, StoreError> {
    let number = ContactPoint::Sms(reply.from.clone());
    let mut owners = contact_points::owners(tx, school, &number)?;
    let kept = KeptReply {
        id: Id::new(now),
        provider: provider.to_owned(),
        provider_ref: reply.provider_ref.clone(),
        // A number that several persons share is nobody's in particular.
        person: if owners.len() == 1 { owners.pop() } else { None },
        body: reply.text.clone(),
        received_at: reply.at,
    };
    let is_new = replies::insert(tx, school, &kept)?;
    if is_new && asks_to_stop(&reply.text) {
        contact_points::set_state(tx, school, &number, ContactState::OptedOut, now)?;
    } else if is_new && !denies(&reply.text) {
        // Whoever answers has read.
        contact_points::note_proof(tx, school, &number, Proof::Acknowledged, now)?;
    }
    Ok(is_new)
}

/// Whether a reply is a STOP, as people write it: alone, or first among a few polite words. A
/// sentence that merely holds the word is not one.
#[must_use]
pub fn asks_to_stop(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let polite = ["merci", "svp", "sms", "s", "il", "vous", "plait", "plaît", "bonjour"];
    let mut rest = words.iter().skip_while(|word| polite.contains(&word.as_str()));
    rest.next().is_some_and(|word| word == "stop")
        && rest.all(|word| polite.contains(&word.as_str()))
}

/// Whether a reply says that the number is not theirs: it proves nothing of the family.
fn denies(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    let denials = ["non", "erreur", "mauvais", "faux", "inconnu", "inconnue"];
    first.is_some_and(|word| denials.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{asks_to_stop, denies};

    #[test]
    fn a_denial_is_no_proof_that_the_number_is_theirs() {
        for text in ["NON", "Non, mauvais numéro", "Erreur !", "mauvais numero svp"] {
            assert!(denies(text), "{text}");
        }
        for text in ["OUI", "Oui merci", "Bonjour, oui", "Nonobstant", ""] {
            assert!(!denies(text), "{text}");
        }
    }

    #[test]
    fn a_stop_is_heard_as_people_write_it() {
        for text in ["STOP", "stop", "Stop. Merci", "STOP SMS", "Bonjour, STOP svp", " stop !"] {
            assert!(asks_to_stop(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_about_a_stop_is_none() {
        for text in
            ["Le bus ne s'arrête plus au stop", "Non stop", "Merci", "", "stop au harcèlement"]
        {
            assert!(!asks_to_stop(text), "{text}");
        }
    }
}
