//! Calls: whom to ring, with what to say; one caller a call; and what people say that it gave.

mod incoming;
mod said;
mod shares;
mod sheet;
mod shown;

use std::collections::BTreeMap;

use serde::Serialize;

pub use incoming::{IncomingCall, IncomingNoted, IncomingRefusal, note_incoming_call};
pub use said::{
    CallNoted, CallRefusal, CallSaid, OutcomeTakenBack, SheetNoted, SheetRefusal, note_call,
    read_call_sheet, take_back_call,
};
pub use shares::CallerNamed;
pub use sheet::{CallTable, call_table, print_call_sheets};
pub use shown::{CallShown, CallTried};

use super::School;
use super::note_look::note_look;
use crate::clock::Moment;
use crate::delivery::About;
use crate::delivery::lifecycle::AddresseeState;
use crate::message::{Code, Reference};
use crate::people::{Act, Actor, Whom};
use crate::queue::{CallTaking, DueCall, HeldBack};
use crate::store::{StoreError, Tx, addressees, messages};

/// The calls that wait, as somebody may see them.
#[derive(Serialize)]
pub struct CallList {
    /// First to be made first.
    pub calls: Vec<CallShown>,
    /// Those that are not to be made now: why, and how many.
    #[serde(skip)]
    pub held_back: Vec<(HeldBack, usize)>,
    /// When the hours of calls begin; `None` while they last.
    pub hours_begin: Option<Moment>,
}

/// What became of the wish to have a call.
pub enum CallInHand {
    /// It is theirs for some minutes.
    Theirs(Box<CallShown>),
    /// A colleague rings this family now.
    Colleagues {
        /// Who.
        name: String,
        /// Until when, unless they are done before.
        until: Moment,
    },
    /// Nothing of the kind waits now.
    Nothing,
}

/// Every call that waits, with the numbers: a look that the journal notes where somebody is asked about.
pub async fn calls(school: &School, actor: Actor, whom: &Whom) -> Result<CallList, StoreError> {
    let now = school.clock.now();
    let mut due = school.queue.calls().gather(now).await?;
    due.retain(|call| is_of(whom, call));
    if !due.is_empty() {
        note_look(school, actor, Act::LookAtCharges, "").await?;
    }
    let opens = school.queue.timing().calls.opening(now);
    Ok(CallList {
        calls: due.iter().filter_map(|call| CallShown::of(school, call)).collect(),
        held_back: held_back(school, whom).await?,
        hours_begin: (opens > now).then_some(opens),
    })
}

/// Counts who is on the list of calls, of messages that have begun; of a call that several share, each of them.
pub async fn count_to_call(school: &School, whom: &Whom) -> Result<usize, StoreError> {
    let (id, whom, now) = (school.queue.school().clone(), whom.clone(), school.clock.now());
    let read = move |tx: &Tx<'_>| {
        let mut count = 0;
        for (message, all) in addressees::messages_with(tx, &id, AddresseeState::OnCall)? {
            let Some(message) = messages::by_id(tx, &id, message)? else { continue };
            if message.terms.starts_at.is_some_and(|at| at > now) {
                continue;
            }
            count += if whom == Whom::Everybody {
                all
            } else {
                let to_call = addressees::in_state(tx, &id, message.id, AddresseeState::OnCall)?;
                to_call.iter().filter(|(_, to)| super::addressees::is_of(&whom, &to.about)).count()
            };
        }
        Ok(count)
    };
    school.store().read(read).await
}

async fn held_back(school: &School, whom: &Whom) -> Result<Vec<(HeldBack, usize)>, StoreError> {
    // How many others wait is nobody's who has pupils of their own alone.
    if *whom != Whom::Everybody {
        return Ok(Vec::new());
    }
    school.queue.calls().held_back(school.clock.now()).await
}

/// A call as it stands, for whoever looks at one.
pub enum CallAt {
    /// It waits.
    Waiting(Box<CallShown>),
    /// It waits no more.
    Done {
        /// Its reference.
        reference: String,
        /// What its message is about.
        subject: String,
        /// The message.
        message: Code,
        /// Whom it was for.
        names: String,
        /// The pupils whom it was about, with their classes.
        about: Vec<String>,
        /// What it gave, first said first.
        tried: Vec<CallTried>,
    },
}

/// One call, whether it waits or not; `None` where there is none that they may see.
pub async fn look_at_call(
    school: &School,
    actor: Actor,
    whom: &Whom,
    reference: Reference,
) -> Result<Option<CallAt>, StoreError> {
    let found = find(school, whom, &reference).await?;
    if found.is_some() {
        note_look(school, actor, Act::LookAtCharges, "").await?;
    }
    Ok(found)
}

/// A call that somebody may see, whether it waits or not.
async fn find(
    school: &School,
    whom: &Whom,
    reference: &Reference,
) -> Result<Option<CallAt>, StoreError> {
    let due = school.queue.calls().gather(school.clock.now()).await?;
    if let Some(call) = due.iter().find(|call| call.is_called(reference) && is_of(whom, call)) {
        return Ok(CallShown::of(school, call).map(|shown| CallAt::Waiting(Box::new(shown))));
    }
    let past = school.queue.calls().look(reference.clone()).await?;
    let theirs = past.filter(|it| super::addressees::is_of(whom, &it.recipient.about));
    Ok(theirs.map(|past| CallAt::Done {
        reference: past.reference,
        subject: school.subject(&past.message.template, &past.message.fields),
        message: past.message.code.clone(),
        about: past.recipient.about.iter().map(About::with_class).collect(),
        names: past.recipient.name,
        tried: past.tried.iter().map(CallTried::of).collect(),
    }))
}

/// Takes a call in hand: the one that is named, or the next that is due. Nobody else rings that family meanwhile.
pub async fn take_call(
    school: &School,
    actor: Actor,
    whom: &Whom,
    wanted: Option<Reference>,
) -> Result<CallInHand, StoreError> {
    let (theirs, by) = (whom.clone(), school.by(actor));
    let taken = school.queue.calls().take(wanted, by, move |call| is_of(&theirs, call)).await?;
    Ok(match taken {
        CallTaking::Taken(call) => match CallShown::of(school, &call) {
            Some(shown) => CallInHand::Theirs(Box::new(shown)),
            None => CallInHand::Nothing,
        },
        CallTaking::Others(taken) => {
            CallInHand::Colleagues { name: taken.by.name().to_owned(), until: taken.until }
        }
        CallTaking::Nothing => CallInHand::Nothing,
    })
}

/// Lets others have the calls that somebody opened.
pub async fn leave_calls(school: &School, actor: Actor) -> Result<(), StoreError> {
    school.queue.calls().leave(school.by(actor)).await
}

/// Shares the calls that wait out among colleagues, and keeps who has which: a tutor has their own pupils, who speaks
/// a family's language has that family, and a class stays together. A call that stands on the sheet of one of them stays there.
pub async fn share_calls(
    school: &School,
    actor: Actor,
    among: Vec<CallerNamed>,
) -> Result<BTreeMap<String, usize>, StoreError> {
    let due = school.queue.calls().gather(school.clock.now()).await?;
    let callers = shares::callers(school, among).await?;
    let shares = shares::share(&due, &callers);
    let mut counts = BTreeMap::new();
    let mut given = Vec::with_capacity(shares.len());
    for (call, caller) in due.iter().zip(shares) {
        let Some(caller) = callers.get(caller) else { continue };
        *counts.entry(caller.name.clone()).or_default() += 1;
        given.push((call.due.id, caller.name.clone()));
    }
    school.queue.calls().share_out(given, school.by(actor)).await?;
    Ok(counts)
}

/// Whether a call is about a pupil of somebody who has pupils of their own; everybody else sees all.
fn is_of(whom: &Whom, call: &DueCall) -> bool {
    let mut about = call.about().into_iter();
    *whom == Whom::Everybody || about.any(|it| whom.has(it.pupil.as_ref(), it.class.as_deref()))
}
