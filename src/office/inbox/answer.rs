//! Somebody who wrote is answered, by the way by which they wrote.

use serde::Serialize;

use super::name::EntryName;
use super::settle::{InboxRefusal, settle_entry};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{Content, Envelope, SendError};
use crate::message::Code;
use crate::office::School;
use crate::office::carriers::make_ready;
use crate::office::outside::{self, NothingLeaves, carrier, hand_over};
use crate::people::{Act, Actor, ContactPoint, SchoolId, Whom};
use crate::providers::{CarrierError, Guard};
use crate::render::short_email;
use crate::store::replies::StandingReply;
use crate::store::{StoreError, Tx, contact_points, journal, replies};
use crate::wording::sms;

/// Somebody was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLeft {
    /// What was answered.
    pub name: EntryName,
    /// By which way.
    pub channel: Channel,
    /// What the provider said.
    pub answer: String,
}

/// Why nobody was answered. But for what the provider says, nothing left.
#[derive(Debug, thiserror::Error)]
pub enum AnswerRefusal {
    /// It came by no way that can be answered, or names no address.
    #[error(
        "{0} cannot be answered from here: nobody is known to have written it by e-mail or SMS"
    )]
    NoAddress(EntryName),
    /// There is nothing to say.
    #[error("there is no text to answer with")]
    NoText,
    /// Whoever has that address asked for no more.
    #[error("whoever wrote {0} asked to be written to no more by that way")]
    Stopped(EntryName),
    /// No provider is called on this channel.
    #[error("no provider is called on {0}")]
    NoCarrier(Channel),
    /// The school is on hold.
    #[error("the school is on hold: nothing left")]
    OnHold,
    /// Somebody closed the channel.
    #[error("{0} is closed: nothing left")]
    Closed(Channel),
    /// Its provider takes nothing for now.
    #[error("the provider of {0} takes nothing for now: nothing left")]
    Refuses(Channel),
    /// The rates of the provider are used up for so long.
    #[error("the rates of {0} are used up: nothing left, try again in a moment")]
    NoRoom(Channel),
    /// The entry.
    #[error("{0}")]
    Entry(#[from] InboxRefusal),
    /// The provider's settings, or a secret of it.
    #[error("{0}")]
    Carrier(#[from] CarrierError),
    /// What the provider says.
    #[error("{0}; what was written stays on the list")]
    Provider(#[from] SendError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Answers what somebody wrote, by the way by which they wrote; what was answered leaves the list. The line of the
/// journal is durable before the call.
pub async fn answer_entry(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: EntryName,
    text: &str,
    guard: Guard,
) -> Result<AnswerLeft, AnswerRefusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AnswerRefusal::NoText);
    }
    let standing = said(school, whom, &name).await?;
    if let Some((done, _)) = standing.settled {
        let (by, at) = (done.by, school.queue.timing().hours.shown(done.at));
        return Err(InboxRefusal::SettledAlready { name, by, at }.into());
    }
    let to = standing.reply.from().ok_or_else(|| AnswerRefusal::NoAddress(name.clone()))?;
    let channel = to.channel();
    let content = content(school, &standing, text);
    let (provider, settings) = carrier(school, channel).ok_or(AnswerRefusal::NoCarrier(channel))?;
    let carried = make_ready(provider, settings, &school.folder, &school.clock, guard)?;
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    if closings.iter().any(|it| it.channel == channel) {
        return Err(AnswerRefusal::Closed(channel));
    }
    let (id, by) = (school.queue.school().clone(), school.by(actor.clone()));
    let (from, about) = ((provider.to_owned(), settings.pace().clone()), name.clone());
    let (clock, units, point) = (school.clock.clone(), content.units(), to.clone());
    let write = move |tx: &Tx<'_>| {
        if let Some(refusal) = kept_back(tx, &id, (&from.0, &point), &about)? {
            return Ok(Err(refusal));
        }
        let Some(at) = outside::take(tx, &id, (&from.0, &from.1), &clock, units)? else {
            return Ok(Err(AnswerRefusal::NoRoom(point.channel())));
        };
        journal::note(tx, &id, &by, Act::Answer, &about.to_string())?;
        Ok(Ok(at))
    };
    let leaves_at: Moment = school.store().write(write).await??;
    let reference = Code::from_chance(fastrand::u32(..)).delivery(0, 0);
    // A person writes, and is answered by one.
    let envelope = Envelope {
        awaits_answer: true,
        ..Envelope::by_itself(reference, (to, String::new()), content)
    };
    let leaves_in = leaves_at.since(school.clock.now());
    let accepted = hand_over(carried.as_ref(), &envelope, leaves_in).await?;
    match settle_entry(school, actor, whom, name.clone(), text.to_owned()).await {
        // Somebody saw to it meanwhile: it has left the list all the same.
        Ok(_) | Err(InboxRefusal::SettledAlready { .. }) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(AnswerLeft { name, channel, answer: accepted.answer })
}

/// What families write is read, and answered, by those alone who see everybody.
async fn said(
    school: &School,
    whom: &Whom,
    name: &EntryName,
) -> Result<StandingReply, AnswerRefusal> {
    if *whom != Whom::Everybody {
        return Err(InboxRefusal::NoSuchEntry(name.clone()).into());
    }
    let EntryName::Said(number) = *name else {
        return Err(AnswerRefusal::NoAddress(name.clone()));
    };
    let id = school.queue.school().clone();
    let found = school.store().read(move |tx| replies::numbered(tx, &id, number)).await?;
    found.ok_or_else(|| InboxRefusal::NoSuchEntry(name.clone()).into())
}

fn content(school: &School, standing: &StandingReply, text: &str) -> Content {
    if standing.reply.channel == Channel::Sms {
        let text = text.to_owned();
        return Content::Sms { segments: sms::segments(&text).segments, text };
    }
    let subject = match &standing.reply.subject {
        Some(subject) if subject.to_lowercase().starts_with("re") => subject.clone(),
        Some(subject) => format!("Re: {subject}"),
        None => format!("Réponse de {}", school.config.school.name),
    };
    short_email(subject, text)
}

fn kept_back(
    tx: &Tx<'_>,
    school: &SchoolId,
    (provider, to): (&str, &ContactPoint),
    name: &EntryName,
) -> Result<Option<AnswerRefusal>, StoreError> {
    if contact_points::is_opted_out(tx, school, to)? {
        return Ok(Some(AnswerRefusal::Stopped(name.clone())));
    }
    Ok(outside::kept_back(tx, school, provider)?.map(|why| match why {
        NothingLeaves::OnHold => AnswerRefusal::OnHold,
        NothingLeaves::Refuses => AnswerRefusal::Refuses(to.channel()),
    }))
}
