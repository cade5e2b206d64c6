//! What one of those gets whom a message is for, on every way of their plan, before it leaves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::preview::first_preview;
use super::reach::ways;
use super::ready::as_it_is_used;
use super::{Ready, Refusal, School};
use crate::audience::Chosen;
use crate::batches;
use crate::channel::Channel;
use crate::delivery::{About, Content, Recipient};
use crate::message::Message;
use crate::people::{Connectivity, Handle, Whom};
use crate::render::TemplateError;
use crate::render::letters::{LetterJob, PagePicture, Sides};
use crate::render::press::PressError;
use crate::store::{StoreError, Tx, people};
use crate::wording::sms::{self, Rewrite, Segments};

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
    /// Where they stand among those whom somebody may see.
    pub place: usize,
    /// How many those are.
    pub of: usize,
    /// Who, with the ways that are of use here.
    pub to: Recipient,
    /// The ways that are known of them, of use or not.
    known: Vec<Channel>,
}

/// What they get on one channel.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenOn {
    /// The channel.
    pub channel: Channel,
    /// When it is used, or why it is not.
    pub turn: WayTurn,
    /// What it says, as text; `None` where they cannot be written to so.
    pub text: Option<String>,
    /// What a text message takes.
    pub sms: Option<SeenSms>,
}

impl std::fmt::Debug for SeenOn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SeenOn({}, {:?})", self.channel, self.turn)
    }
}

/// When a way is used for somebody, or why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayTurn {
    /// It is used first.
    First,
    /// It is used where one before it was not enough.
    Later,
    /// Somebody closed it: it is passed over as long as it is.
    Closed,
    /// Nobody carries on it here.
    NoCarrier,
    /// Their household has no use of it.
    NoUse,
    /// No address of theirs is known for it.
    NoAddress,
}

/// A text message, and what it takes.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenSms {
    /// Its size.
    pub size: Segments,
    /// The same for less, their name as it is.
    pub plainer: Option<Rewrite>,
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
    let (id, chosen) = (school.queue.school().clone(), Arc::clone(&ready.chosen));
    let (passed_over, by_hand) = (ready.passed_over.clone(), ready.by_hand.clone());
    let (by_pupil, memory) = (ready.by_pupil, Arc::clone(&school.memory));
    let seen = (0..chosen.len()).filter(|at| may_see(whom, &chosen[*at].about));
    let seen: Vec<usize> = seen.collect();
    let look = move |tx: &Tx<'_>| {
        let person = match sought {
            ReaderSought::Person(handle) => people::by_handle(tx, &id, &handle)?,
            _ => None,
        };
        let may_be_it = |(place, at): &(usize, usize)| match sought {
            ReaderSought::At(sought) => *place == sought,
            ReaderSought::Person(_) => Some(&chosen[*at].person) == person.as_ref(),
            _ => true,
        };
        let places = seen.iter().copied().enumerate().filter(may_be_it);
        let places: HashMap<usize, usize> = places.map(|(place, at)| (at, place)).collect();
        let (near, those) = families_of(&chosen, &places);
        let mut found: Option<Reader> = None;
        memory.each_recipient(tx, &id, &those, |number, recipient| {
            let Some(place) = places.get(&near[number]).copied() else { return Ok(()) };
            let known = recipient.reach();
            let to = as_it_is_used(recipient, (&passed_over, &by_hand), by_pupil);
            if found.as_ref().is_none_or(|it| it.place > place) && is_meant(sought, &to) {
                found = Some(Reader { place, of: seen.len(), to, known });
            }
            Ok(())
        })?;
        Ok(found)
    };
    school.store().read(look).await
}

fn may_see(whom: &Whom, about: &[About]) -> bool {
    let is_theirs = |about: &About| whom.has(about.pupil.as_ref(), about.class.as_deref());
    *whom == Whom::Everybody || about.iter().any(is_theirs)
}

/// Those of the families in which somebody stands at one of these places, and where each of them stands: who shares
/// an address with them is greeted too.
fn families_of(chosen: &[Chosen], places: &HashMap<usize, usize>) -> (Vec<usize>, Vec<Chosen>) {
    let families: HashSet<usize> = places.keys().map(|at| chosen[*at].family).collect();
    let near = chosen.iter().enumerate().filter(|(_, one)| families.contains(&one.family));
    near.map(|(at, one)| (at, one.clone())).unzip()
}

/// Whether somebody is of the kind that is looked for, as they can be written to here.
fn is_meant(sought: ReaderSought, to: &Recipient) -> bool {
    match sought {
        ReaderSought::At(_) | ReaderSought::Person(_) => true,
        ReaderSought::SeveralPupils => to.about.len() > 1,
        ReaderSought::Homeless => to.post.is_none(),
        ReaderSought::Offline => {
            let reach = to.reach();
            !reach.contains(&Channel::Ent) && !reach.contains(&Channel::Email)
        }
        ReaderSought::Screenless => to.connectivity == Some(Connectivity::None),
    }
}

/// What they get on every channel of their plan, in its order, as the channels stand.
pub async fn seen_on(
    school: &School,
    ready: &Ready,
    reader: &Reader,
) -> Result<Vec<SeenOn>, Refusal> {
    let (message, to) = (&ready.message, &reader.to);
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    let is_closed = |channel: Channel| closings.iter().any(|it| it.channel == channel);
    let plan = message.plan_for(to.connectivity);
    let ways = ways(plan, &to.reach());
    let is_open = |channel: &Channel| ways.contains(channel) && !is_closed(*channel);
    let first = plan.rungs().iter().find(|rung| rung.channels.iter().any(is_open));
    let turn = |channel: Channel| match first {
        _ if ready.passed_over.contains(&channel) => WayTurn::NoCarrier,
        _ if !ways.contains(&channel) && reader.known.contains(&channel) => WayTurn::NoUse,
        _ if !ways.contains(&channel) => WayTurn::NoAddress,
        _ if is_closed(channel) => WayTurn::Closed,
        Some(first) if first.channels.contains(&channel) => WayTurn::First,
        _ => WayTurn::Later,
    };
    let readers = std::slice::from_ref(to);
    let texts = first_preview(&school.renderer, message, &ways, readers).transpose()?;
    let mut texts: HashMap<Channel, String> = texts.unwrap_or_default().into_iter().collect();
    let mut seen = Vec::new();
    for channel in plan.channels() {
        let (mut text, mut sms) = (texts.remove(&channel), None);
        if channel == Channel::Sms && text.is_some() {
            let (said, takes) = seen_sms(school, message, to)?;
            (text, sms) = (Some(said), Some(takes));
        }
        seen.push(SeenOn { channel, turn: turn(channel), text, sms });
    }
    Ok(seen)
}

/// Their text message, its size, and the same for less where that is not what leaves already.
fn seen_sms(
    school: &School,
    message: &Message,
    to: &Recipient,
) -> Result<(String, SeenSms), TemplateError> {
    let reference = message.code.delivery(0, 0);
    let text = school.renderer.prepared(message)?.sms_text(to, &reference)?;
    let size = sms::segments(&text);
    let plainer = if message.plain_sms {
        None
    } else {
        let plainly = school.renderer.prepared_plainly(message)?.sms_text(to, &reference)?;
        Some(sms::rewritten(&text, plainly)).filter(|it| it.size.segments < size.segments)
    };
    Ok((text, SeenSms { size, plainer }))
}

/// Their e-mail, as its document.
pub fn seen_email(school: &School, ready: &Ready, to: &Recipient) -> Result<String, Refusal> {
    let reference = ready.message.code.delivery(0, 0);
    match school.renderer.content(&ready.message, to, Channel::Email, &reference)? {
        Content::Email { html, .. } => Ok(html),
        _ => Ok(String::new()),
    }
}

/// The first page of their letter as a picture, set by the process that prints.
pub async fn letter_picture(
    school: &School,
    ready: &Ready,
    to: &Recipient,
) -> Result<PagePicture, PictureError> {
    let reference = ready.message.code.delivery(0, 0);
    let prepared = school.renderer.prepared(&ready.message).map_err(Refusal::from)?;
    let text = prepared.letter(to, &reference).map_err(Refusal::from)?;
    let mut letter = batches::letter(std::slice::from_ref(to), &reference, text);
    let mut documents = Vec::new();
    if let Some(week) = prepared.week() {
        let listed = batches::listed_behind(&school.queue, week, &to.about).await;
        (letter.parts, documents) = listed.map_err(Refusal::from)?;
    }
    let job = LetterJob {
        title: "Aperçu".to_owned(),
        school: school.renderer.school().clone(),
        date: school.today(),
        sides: Sides::default(),
        letters: vec![letter],
        documents,
        piles: Vec::new(),
    };
    Ok(school.press().picture(&job).await?)
}
