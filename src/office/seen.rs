//! What one of those gets whom a message is for, on every way of their plan, before it leaves.

use super::preview::first_preview;
use super::ready::as_it_is_used;
use super::{Ready, Refusal, School};
use crate::audience::each_recipient;
use crate::batches;
use crate::channel::Channel;
use crate::delivery::{About, Content, Recipient};
use crate::people::{Connectivity, Handle, Whom};
use crate::render::letters::{LetterJob, PagePicture, Sides};
use crate::render::press::PressError;
use crate::store::{StoreError, Tx, people};

/// Who is looked for, among those whom a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderSought {
    /// Whoever stands at this place.
    At(usize),
    /// This adult.
    Person(Handle),
    /// Somebody with two pupils at the school.
    SeveralPupils,
    /// Somebody without a postal address.
    Homeless,
    /// Somebody whom neither the ENT nor an e-mail reaches.
    Offline,
    /// Somebody whose household has no screen.
    Screenless,
}

/// One of those whom a message is for.
pub struct Reader {
    /// Where they stand among them.
    pub place: usize,
    /// Who, with the ways that are of use here.
    pub to: Recipient,
}

/// What they get on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenOn {
    /// The channel.
    pub channel: Channel,
    /// Its rung in their plan, from 0.
    pub rung: usize,
    /// What it says, as text; `None`: they have no such way.
    pub text: Option<String>,
}

/// Why there is no picture of a letter.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The words of the letter.
    #[error("{0}")]
    Words(#[from] Refusal),
    /// The press.
    #[error("{0}")]
    Press(#[from] PressError),
}

/// The first of them who is looked for, and whom somebody who looks may see.
pub async fn reader(
    school: &School,
    whom: &Whom,
    ready: &Ready,
    sought: ReaderSought,
) -> Result<Option<Reader>, StoreError> {
    let (id, whom, chosen) = (school.queue.school().clone(), whom.clone(), ready.chosen.clone());
    let (passed_over, by_hand) = (ready.passed_over.clone(), ready.by_hand.clone());
    let by_pupil = ready.by_pupil;
    let look = move |tx: &Tx<'_>| {
        let person = match sought {
            ReaderSought::Person(handle) => people::by_handle(tx, &id, &handle)?,
            _ => None,
        };
        let is_meant = |place: usize, to: &Recipient| match sought {
            ReaderSought::At(at) => place == at,
            ReaderSought::Person(_) => to.keys().any(|key| Some(key) == person.as_ref()),
            ReaderSought::SeveralPupils => to.about.len() > 1,
            ReaderSought::Homeless => to.post.is_none(),
            ReaderSought::Offline => to.ent.is_none() && to.email.is_none(),
            ReaderSought::Screenless => to.connectivity == Some(Connectivity::None),
        };
        let mut found: Option<Reader> = None;
        each_recipient(tx, &id, &chosen, |place, recipient| {
            let is_first = found.as_ref().is_none_or(|it| it.place > place);
            if is_first && is_meant(place, &recipient) && may_see(&whom, &recipient) {
                let to = as_it_is_used(recipient, (&passed_over, &by_hand), by_pupil);
                found = Some(Reader { place, to });
            }
            Ok(())
        })?;
        Ok(found)
    };
    school.store().read(look).await
}

fn may_see(whom: &Whom, to: &Recipient) -> bool {
    let is_theirs = |about: &About| whom.has(about.pupil.as_ref(), about.class.as_deref());
    *whom == Whom::Everybody || to.about.iter().any(is_theirs)
}

/// What they get on every channel of their plan, in its order.
pub fn seen_on(school: &School, ready: &Ready, to: &Recipient) -> Result<Vec<SeenOn>, Refusal> {
    let (plan, reach) = (ready.message.plan_for(to.connectivity), to.reach());
    let ways: Vec<Channel> = plan.channels().into_iter().filter(|it| reach.contains(it)).collect();
    let readers = std::slice::from_ref(to);
    let texts = first_preview(&school.renderer, &ready.message, &ways, readers).transpose()?;
    let mut texts = texts.unwrap_or_default();
    let mut seen = Vec::new();
    for channel in plan.channels() {
        let rung = plan.rungs().iter().position(|rung| rung.channels.contains(&channel));
        let text = texts.iter().position(|(of, _)| *of == channel);
        let text = text.map(|at| texts.swap_remove(at).1);
        seen.push(SeenOn { channel, rung: rung.unwrap_or_default(), text });
    }
    Ok(seen)
}

/// Their e-mail, as its document.
pub fn seen_email(school: &School, ready: &Ready, to: &Recipient) -> Result<String, Refusal> {
    let reference = ready.message.code.delivery(0, 0);
    match school.renderer.content(&ready.message, to, Channel::Email, &reference)? {
        Content::Email { html, .. } => Ok(html),
        _ => Ok(String::new()),
    }
}

/// A page of their letter, from 0, as a picture, set by the process that prints.
pub async fn letter_picture(
    school: &School,
    ready: &Ready,
    to: &Recipient,
    page: usize,
) -> Result<PagePicture, PictureError> {
    let reference = ready.message.code.delivery(0, 0);
    let prepared = school.renderer.prepared(&ready.message).map_err(Refusal::from)?;
    let text = prepared.letter(to, &reference).map_err(Refusal::from)?;
    let letter = batches::letter(std::slice::from_ref(to), &reference, text);
    let job = LetterJob {
        title: "Aperçu".to_owned(),
        school: school.renderer.school().clone(),
        date: school.today(),
        sides: Sides::default(),
        letters: vec![letter],
    };
    Ok(school.press().picture(&job, page).await?)
}
