//! Colleagues ring families, say what it gave, and put it right; families ring the school.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write as _};

use chappe::channel::Channel;
use chappe::delivery::CallOutcome;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryState};
use chappe::directory::Who;
use chappe::message::Reference;
use chappe::office::{
    self, Actor, CallInHand, CallNoted, CallRefusal, CallSaid, CallShown, IncomingCall,
    SheetRefusal,
};
use chappe::people::{PersonKey, Whom};
use chappe::phone_number::PhoneNumber;
use chappe::store::StoreError;
use fastrand::Rng;

use super::super::invariants::Broken;
use super::super::run::without_leg;
use super::super::timely::Limits;
use super::known::{Known, is_over};
use super::list::List;
use super::{Count, Stand, paul, sylvie};

/// What was said of calls.
#[derive(Default)]
pub(super) struct Calls {
    /// Of each call, first said first; with the words that wait because of it.
    said: BTreeMap<String, Vec<(CallOutcome, Option<String>)>>,
    taken_back: BTreeSet<String>,
    /// Words are numbered, so that they are told apart.
    words: usize,
}

impl Calls {
    /// The copies whose calls were put back since this was asked last.
    pub(super) fn taken_back(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.taken_back)
    }

    fn word(&mut self) -> String {
        self.words += 1;
        format!("rappel {}", self.words)
    }

    /// Two colleagues open the next call each, and say what it gave; now and then one said the wrong thing.
    pub(super) async fn make(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        (list, limits): (&mut List, &Limits),
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let mut broken = may_be_rung(stand, limits).await?;
        let (first, second) = (open(stand, sylvie()).await?, open(stand, paul()).await?);
        if let Some((one, other)) = first.as_ref().zip(second.as_ref())
            && (one.number == other.number || one.about.iter().any(|it| other.about.contains(it)))
        {
            broken.push(format!("two ring one family: {one:?}, {other:?}"));
        }
        for (call, actor) in [(first, sylvie()), (second, paul())] {
            let Some(call) = call else { continue };
            let outcome = CallOutcome::ALL[chance.usize(0..CallOutcome::ALL.len())];
            broken.extend(self.note(chance, stand, (&call, outcome, actor), list).await?);
            count(outcome.in_french());
            if chance.u32(0..4) == 0 {
                broken.extend(self.take_back(stand, &call.reference, list, count).await?);
            }
        }
        Ok(broken)
    }

    async fn note(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        (call, outcome, actor): (&CallShown, CallOutcome, Actor),
        list: &mut List,
    ) -> anyhow::Result<Broken> {
        let mut broken = Broken::new();
        let reference: Reference = call.reference.parse()?;
        let word = (outcome == CallOutcome::AsksFor).then(|| self.word());
        let nth = chance.bool().then_some(call.nth);
        let said = CallSaid { outcome, word: word.clone(), answer: None, by: None, nth };
        let noted =
            office::note_call(stand.app, actor, &Whom::Everybody, reference.clone(), said).await?;
        list_word(list, word.as_ref());
        self.said.entry(call.reference.clone()).or_default().push((outcome, word));
        let known = Known::take(stand.app.store()).await?;
        if !is_as_said(&known, call, &noted) {
            let stands = known.stands(&call.reference);
            broken.push(format!("{} of {call:?} left {noted:?}, {stands:?}", outcome.as_str()));
        }
        // What is said twice of one try counts once.
        let again = CallSaid {
            outcome,
            word: Some("deux fois".to_owned()),
            answer: None,
            by: None,
            nth: Some(call.nth),
        };
        let again = office::note_call(stand.app, paul(), &Whom::Everybody, reference, again).await;
        let after = Known::take(stand.app.store()).await?;
        broken.extend(counts_twice(call, &again, (&known, &after)));
        Ok(broken)
    }

    /// What was said last of some call is put right.
    pub(super) async fn correct(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        list: &mut List,
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let all: Vec<String> = self.said.keys().cloned().collect();
        if all.is_empty() {
            return Ok(Broken::new());
        }
        self.take_back(stand, &all[chance.usize(0..all.len())], list, count).await
    }

    async fn take_back(
        &mut self,
        stand: &Stand<'_>,
        reference: &str,
        list: &mut List,
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let before = Known::take(stand.app.store()).await?;
        let taken =
            office::take_back_call(stand.app, paul(), &Whom::Everybody, reference.parse()?).await;
        let after = Known::take(stand.app.store()).await?;
        let said = self.said.entry(reference.to_owned()).or_default();
        let sound = match (&taken, said.last()) {
            (Ok(back), Some((outcome, _))) => back.outcome == *outcome,
            (Err(CallRefusal::NothingSaid(_)), None) | (Err(CallRefusal::TooLate(_)), Some(_)) => {
                after.is_as(&before)
            }
            _ => false,
        };
        let mut broken = Broken::new();
        if !sound {
            broken.push(format!("of {reference} {said:?} was said, taken back is {taken:?}"));
        }
        if taken.is_ok() {
            if let Some((_, Some(word))) = said.pop() {
                list.take_back(&word);
            }
            self.taken_back.insert(without_leg(reference).to_owned());
            count("a call that is taken back");
        }
        Ok(broken)
    }

    /// A sheet with what all calls gave is typed, and typed again.
    pub(super) async fn type_sheet(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let mut broken = Broken::new();
        let waiting = office::calls(stand.app, sylvie(), &Whom::Everybody).await?.calls;
        let mut sheet = "Reference;Resultat;Appele par;Essai\n".to_owned();
        let mut said = Vec::new();
        let given = [CallOutcome::Reached, CallOutcome::NoAnswer, CallOutcome::MessageLeft];
        for call in waiting {
            let outcome = given[chance.usize(0..given.len())];
            let _ = writeln!(sheet, "{};{};Nadia;{}", call.reference, outcome.as_str(), call.nth);
            said.push((call.reference, outcome));
        }
        if said.is_empty() {
            return Ok(broken);
        }
        let before = Known::take(stand.app.store()).await?;
        let noted = office::read_call_sheet(stand.app, sylvie(), sheet.as_bytes()).await;
        let after = Known::take(stand.app.store()).await?;
        match noted {
            Ok(noted) if noted.noted == said.len() => {
                for (reference, outcome) in said {
                    self.said.entry(reference).or_default().push((outcome, None));
                }
                count("a sheet of calls");
            }
            // One of them ended another: all of it or nothing.
            Err(SheetRefusal::Store(StoreError::Collided)) if after.is_as(&before) => {}
            other => broken.push(format!("a sheet of {} calls: {other:?}", said.len())),
        }
        let again = office::read_call_sheet(stand.app, paul(), sheet.as_bytes()).await;
        let twice = Known::take(stand.app.store()).await?;
        broken.extend(counts_twice(&"a sheet", &again, (&after, &twice)));
        Ok(broken)
    }

    /// Somebody rings the school, one time in two about what they were written.
    pub(super) async fn come_in(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        list: &mut List,
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let Some((message, number)) = stand.somebody(chance) else { return Ok(Broken::new()) };
        let copy = message.code.delivery(number, 0);
        let Some(person) = stand.copies.get(without_leg(&copy)) else { return Ok(Broken::new()) };
        let code = message.code.as_str();
        let about = chance.bool().then(|| code.to_owned());
        let word = self.word();
        let who = Some(Who { name: person.0.clone(), ..Who::default() });
        let call = IncomingCall { who, about: about.clone(), word: word.clone() };
        office::note_incoming_call(stand.app, sylvie(), call).await?;
        list.say(word, true);
        count("somebody rings the school");
        if about.is_some() {
            let theirs =
                |(copy, to): &(&String, &PersonKey)| copy.starts_with(code) && *to == person;
            let copies: Vec<_> = stand.copies.iter().filter(theirs).map(|(it, _)| it).collect();
            stand.world.truth().answered.extend(copies.into_iter().cloned());
        }
        Ok(Broken::new())
    }
}

/// What is wrong where what was said is taken once more, or changes anything.
fn counts_twice<T: Debug, E: Debug>(
    what: &dyn Debug,
    again: &Result<T, E>,
    (before, after): (&Known, &Known),
) -> Option<String> {
    let is_refused = again.is_err() && after.is_as(before);
    let moved = after.moved_since(before);
    (!is_refused).then(|| format!("{what:?} counts twice: {again:?}, {moved:?}"))
}

fn list_word(list: &mut List, word: Option<&String>) {
    if let Some(word) = word {
        list.say(word.clone(), true);
    }
}

/// The next call that is somebody's to make, where there is one.
async fn open(stand: &Stand<'_>, actor: Actor) -> Result<Option<CallShown>, StoreError> {
    let taken = office::take_call(stand.app, actor, &Whom::Everybody, None).await?;
    Ok(match taken {
        CallInHand::Theirs(call) => Some(*call),
        CallInHand::Colleagues { .. } | CallInHand::Nothing => None,
    })
}

/// Nobody is on the list who must not hear of the pupil, and no number that is dead.
async fn may_be_rung(stand: &Stand<'_>, limits: &Limits) -> anyhow::Result<Broken> {
    let due = stand.app.queue.calls().gather(stand.app.clock.now()).await?;
    let known = Known::take(stand.app.store()).await?;
    let mut broken = Broken::new();
    for call in &due {
        let number = call.number().map(PhoneNumber::as_str).unwrap_or_default();
        let states = known.of(Channel::Phone, number);
        if !states.is_empty() && states.iter().all(|it| is_over(*it)) {
            broken.push(format!("{} rings a dead number", call.reference));
        }
        for to in &call.recipients {
            if limits.forbids(&to.person, number) {
                broken.push(format!("{} rings somebody under a ruling", call.reference));
            }
        }
    }
    Ok(broken)
}

/// Whether a call stands as what was said of it wants.
fn is_as_said(known: &Known, call: &CallShown, noted: &CallNoted) -> bool {
    let number = call.number.as_str();
    let stands = known.stands(&call.reference).map(|it| it.state);
    let is_over_there = |channel| known.of(channel, number).into_iter().all(is_over);
    match noted.outcome {
        CallOutcome::Reached | CallOutcome::AsksFor => {
            noted.state == AddresseeState::Reached && stands == Some(DeliveryState::Proven)
        }
        CallOutcome::WrongNumber => is_over_there(Channel::Phone) && is_over_there(Channel::Sms),
        CallOutcome::MessageLeft => {
            matches!(stands, Some(DeliveryState::Waiting | DeliveryState::Accepted))
        }
        CallOutcome::NoAnswer | CallOutcome::Busy => {
            stands.is_some_and(|it| (it == DeliveryState::Waiting) == noted.again_at.is_some())
        }
        CallOutcome::Refused => matches!(
            stands,
            // A message that was left before stays handed over.
            Some(DeliveryState::Failed | DeliveryState::Accepted)
        ),
    }
}
