//! What people decide: a channel is closed, a message paused, resumed, cancelled; and what is stale.
//! Each decision is durable first and holds from then on; it reaches the addressees in batches, and
//! upkeep ends what a crash left half done.

use super::transit::Transit;
use super::{Queue, pauses, poison, restrictions};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Openings;
use crate::delivery::lifecycle::Event;
use crate::id::Id;
use crate::message::{Message, MessageState};
use crate::people::{Act, Actor, By};
use crate::store::addressees::Addressee;
use crate::store::closings::{self, Closing};
use crate::store::controls::{self, Control};
use crate::store::{StoreError, Tx, deliveries, gates, journal};

/// Addressees in one transaction at most.
const AT_ONCE: usize = 500;

/// What reaches every addressee of a message.
#[derive(Debug, Clone, Copy)]
enum Instruction {
    /// It stands aside.
    Park,
    /// It goes on, after a pause from then until then.
    Unpark(Moment, Moment),
    /// The lifecycle decides.
    Tell(Event),
}

/// What brings a message into a state.
const fn act_of(state: MessageState) -> Act {
    match state {
        MessageState::Paused => Act::Pause,
        MessageState::Running => Act::Resume,
        MessageState::Cancelled => Act::Cancel,
    }
}

/// What people decide of channels and messages.
#[derive(Clone, Copy)]
pub struct Decisions<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// Decisions: taken, looked at, brought to everybody.
    #[must_use]
    pub const fn decisions(&self) -> Decisions<'_> {
        Decisions { queue: self }
    }
}

impl Decisions<'_> {
    /// Closes a channel: nothing starts on it from now on, and everything that waits there goes on
    /// to its next way; how many addressees that were. What is under way is let to its end.
    pub async fn close(self, closing: Closing, actor: Actor) -> Result<usize, StoreError> {
        let (school, channel, now) = (self.queue.school.clone(), closing.channel, closing.at);
        let by = By { actor, at: now };
        let write = move |tx: &Tx<'_>| {
            closings::put(tx, &school, &closing)?;
            journal::note(tx, &school, &by, Act::CloseChannel, channel.as_str())
        };
        self.queue.store.write(write).await?;
        self.queue.move_on(channel, now).await
    }

    /// Opens a channel for what is launched or climbs from now on; `false` when it was open.
    pub async fn open(self, channel: Channel, by: By) -> Result<bool, StoreError> {
        let school = self.queue.school.clone();
        let write = move |tx: &Tx<'_>| {
            let was_closed = closings::remove(tx, &school, channel, by.at)?;
            if was_closed {
                journal::note(tx, &school, &by, Act::OpenChannel, channel.as_str())?;
            }
            Ok(was_closed)
        };
        self.queue.store.write(write).await
    }

    /// Has a provider of the channel that is left alone tried now; `false` when none is.
    pub async fn probe_now(self, channel: Channel, now: Moment) -> Result<bool, StoreError> {
        let school = self.queue.school.clone();
        let probed = self.queue.store.write(move |tx| {
            let is_refusing = gates::probe_now(tx, &school, channel, now)?;
            if is_refusing {
                deliveries::hasten(tx, &school, channel, now)?;
            }
            Ok(is_refusing)
        });
        probed.await
    }

    /// The closings in force.
    pub async fn closings(self, now: Moment) -> Result<Vec<Closing>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| closings::in_force(tx, &school, now)).await
    }

    /// What was decided last of a message.
    pub async fn of(self, message: Id<Message>) -> Result<Option<Control>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| controls::of(tx, &school, message)).await
    }

    /// Holds a message back, lets it go on, or stops it for good, at the word of `said_by`; `false` when that
    /// changes nothing: it is so already, or it was cancelled. Nothing of it starts once this returned, unless
    /// it runs.
    pub async fn decide(
        self,
        message: &Message,
        state: MessageState,
        said_by: String,
        by: By,
    ) -> Result<bool, StoreError> {
        let school = self.queue.school.clone();
        let (message, code, now) = (message.id, message.code.clone(), by.at);
        let decided = self
            .queue
            .store
            .write(move |tx| {
                let before = controls::locked(tx, &school, message)?;
                let Some(before) = before else { return Ok(false) };
                if before.state == state || before.state == MessageState::Cancelled {
                    return Ok(false);
                }
                let is_pause = state == MessageState::Paused;
                let paused_at = if is_pause { Some(now) } else { before.paused_at };
                let control = Control { state, at: Some(now), by: said_by, paused_at };
                controls::decide(tx, &school, message, &control)?;
                journal::note(tx, &school, &by, act_of(state), code.as_str())?;
                Ok(true)
            })
            .await?;
        if decided {
            self.queue.carry_out(message, now).await?;
        }
        Ok(decided)
    }

    /// Ends what was decided and has not reached everybody: closings, pauses, what is stale. How many
    /// addressees were moved on.
    pub async fn carry_out_all(self, now: Moment) -> Result<usize, StoreError> {
        let school = self.queue.school.clone();
        let look = self.queue.store.read(move |tx| {
            let closed = closings::in_force(tx, &school, now)?;
            Ok((
                closed,
                controls::not_carried_out(tx, &school)?,
                controls::stale(tx, &school, now)?,
            ))
        });
        let (closed, not_carried_out, stale) = look.await?;
        let mut moved = restrictions::obey_what_is_new(self.queue, now).await?;
        for closing in closed {
            moved += self.queue.move_on(closing.channel, now).await?;
        }
        for message in not_carried_out {
            moved += self.queue.carry_out(message, now).await?;
        }
        for message in stale {
            moved += self.queue.walk(message, Instruction::Tell(Event::Expired), now).await?;
            let school = self.queue.school.clone();
            self.queue.store.write(move |tx| controls::expired(tx, &school, message, now)).await?;
        }
        Ok(moved)
    }
}

impl Queue {
    /// Everything that waits on a closed channel goes on to its next way.
    async fn move_on(&self, channel: Channel, now: Moment) -> Result<usize, StoreError> {
        let mut moved = 0;
        loop {
            let this = self.clone();
            let batch = self.store.write(move |tx| this.move_on_in(tx, channel, now)).await?;
            moved += batch;
            if batch == 0 {
                break;
            }
        }
        if moved > 0 {
            self.wake();
        }
        Ok(moved)
    }

    fn move_on_in(&self, tx: &Tx<'_>, channel: Channel, now: Moment) -> Result<usize, StoreError> {
        let openings = self.openings(tx, now)?;
        // Somebody may have opened it meanwhile.
        if !openings.is_closed(channel) {
            return Ok(0);
        }
        let mut moved = 0;
        for (addressee, message) in controls::waiting_on(tx, &self.school, channel, AT_ONCE)? {
            let event = Event::ChannelClosed(channel);
            moved += usize::from(self.tell(tx, message, addressee, event, &openings, now)?);
        }
        Ok(moved)
    }

    /// Brings the last decision about a message to every addressee.
    async fn carry_out(&self, message: Id<Message>, now: Moment) -> Result<usize, StoreError> {
        let Some(control) = self.decisions().of(message).await? else { return Ok(0) };
        let step = match control.state {
            MessageState::Paused => Instruction::Park,
            MessageState::Cancelled => Instruction::Tell(Event::Cancelled),
            MessageState::Running => {
                Instruction::Unpark(control.paused_at.unwrap_or(now), control.at.unwrap_or(now))
            }
        };
        let told = self.walk(message, step, now).await?;
        let school = self.school.clone();
        self.store
            .write(move |tx| controls::note_carried_out(tx, &school, message, &control))
            .await?;
        self.wake();
        Ok(told)
    }

    /// Takes a step for every addressee of a message, in the order of their numbers; for how many it
    /// meant something.
    async fn walk(
        &self,
        message: Id<Message>,
        step: Instruction,
        now: Moment,
    ) -> Result<usize, StoreError> {
        let (mut from, mut told) = (0, 0);
        loop {
            let this = self.clone();
            let batch = self.store.write(move |tx| this.walk_in(tx, message, step, from, now));
            let Some((last, some)) = batch.await? else { return Ok(told) };
            (from, told) = (last + 1, told + some);
        }
    }

    /// One batch of a walk: its last number, and for how many the step meant something.
    fn walk_in(
        &self,
        tx: &Tx<'_>,
        message: Id<Message>,
        step: Instruction,
        from: i64,
        now: Moment,
    ) -> Result<Option<(i64, usize)>, StoreError> {
        // Somebody may have decided otherwise meanwhile: then that is carried out.
        let is_overruled = match step {
            Instruction::Park => {
                !pauses::is_still(tx, &self.school, message, MessageState::Paused)?
            }
            Instruction::Unpark(..) => {
                !pauses::is_still(tx, &self.school, message, MessageState::Running)?
            }
            Instruction::Tell(_) => false,
        };
        if is_overruled {
            return Ok(None);
        }
        let batch = controls::addressees_from(tx, &self.school, message, from, AT_ONCE)?;
        let Some((last, _)) = batch.last().copied() else { return Ok(None) };
        let (school, numbers) = (&self.school, (from, last));
        let told = match step {
            Instruction::Park => {
                controls::park(tx, school, message, numbers).map(|()| batch.len())?
            }
            Instruction::Unpark(from, to) => {
                controls::unpark(tx, school, message, numbers, (from, to)).map(|()| batch.len())?
            }
            Instruction::Tell(event) => {
                let openings = self.openings(tx, now)?;
                let mut told = 0;
                for (_, addressee) in batch {
                    told += usize::from(self.tell(tx, message, addressee, event, &openings, now)?);
                }
                told
            }
        };
        Ok(Some((last, told)))
    }

    fn tell(
        &self,
        tx: &Tx<'_>,
        message: Id<Message>,
        addressee: Id<Addressee>,
        event: Event,
        openings: &Openings,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let tell = || {
            let message = self.message(tx, message)?;
            Transit::on(tx, &self.school, openings, now).addressee(&message, addressee, event)
        };
        match tell() {
            Ok(effect) => Ok(effect.taken),
            // One that cannot be read keeps a decision from nobody else.
            Err(StoreError::Unreadable(_)) => {
                poison::unreached(tx, &self.school, addressee, now)?;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}
