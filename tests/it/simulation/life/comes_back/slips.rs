//! Slips that families gave back and somebody types: once, twice, or put right by another.

use std::collections::BTreeMap;

use chappe::id::Id;
use chappe::message::{AnswerChoice, Message, Reference};
use chappe::office::slips::{self, Slip, SlipPart};
use fastrand::Rng;

use super::super::answers::Told;
use super::super::invariants::Broken;
use super::known::Known;
use super::list::List;
use super::{Count, Stand, asked, sylvie, yes_or_no};

/// What stands on a slip.
type Written = (Option<AnswerChoice>, Option<String>, Option<String>);

/// Slips that were typed.
#[derive(Default)]
pub(super) struct Slips {
    /// The last one of each copy, and how many there were.
    typed: BTreeMap<(Id<Message>, u32), (Written, usize)>,
}

impl Slips {
    /// A slip of one who was written to; one time in three it is typed again, by mistake.
    pub(super) async fn come(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        (list, told): (&mut List, &mut Told),
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let Some((message, number)) = stand.somebody(chance) else { return Ok(Broken::new()) };
        let reference =
            Reference { code: message.code.clone(), addressee: number, leg: chance.usize(0..3) };
        let answer = (chance.u32(0..3) > 0).then(|| yes_or_no(chance));
        let call_back = (chance.u32(0..4) == 0).then(|| "vers 18 h".to_owned());
        let right = (chance.u32(0..4) == 0).then(|| "12 rue du Port".to_owned());
        let written = (answer, call_back, right);
        if answer.is_some() && message.question.is_none() {
            return is_refused(stand, slip(reference, &written), count).await;
        }
        let mut broken = self.type_one(stand, (message, &reference), written.clone(), list).await?;
        if let Some(answer) = answer.filter(|_| broken.1) {
            told.note(asked(message, number), answer);
        }
        if broken.1 {
            stand.has_it(&reference.to_string());
            count("a slip");
        }
        if chance.u32(0..3) == 0 {
            let before = Known::take(stand.app.store()).await?;
            let again = self.type_one(stand, (message, &reference), written, list).await?;
            broken.0.extend(again.0);
            if again.1 || !Known::take(stand.app.store()).await?.is_as(&before) {
                broken.0.push(format!("the slip {reference} counts twice"));
            }
            count("the same slip twice");
        }
        Ok(broken.0)
    }

    /// Types a slip; whether it says something new.
    async fn type_one(
        &mut self,
        stand: &Stand<'_>,
        (message, reference): (&Message, &Reference),
        written: Written,
        list: &mut List,
    ) -> anyhow::Result<(Broken, bool)> {
        let mut broken = Broken::new();
        let waits = written.1.is_some() || written.2.is_some();
        let typed = self.typed.get(&asked(message, reference.addressee)).cloned();
        let many = typed.as_ref().map_or(0, |(_, many)| *many);
        // One that says no more than that it came back puts nothing right.
        let is_plain = written == (None, None, None);
        let is_new = typed.is_none_or(|(before, _)| before != written && !is_plain);
        let closed = slips::close(stand.app, sylvie(), slip(reference.clone(), &written)).await?;
        if closed.already == is_new {
            broken.push(format!("the slip {reference} is new: {is_new}, told: {closed:?}"));
        }
        if is_new {
            list.say(format!("{reference}/{many}"), waits);
            self.typed.insert(asked(message, reference.addressee), (written, many + 1));
        }
        Ok((broken, is_new))
    }
}

fn slip(reference: Reference, (answer, call_back, right): &Written) -> Slip {
    let right = right.iter().map(|it| (SlipPart::Address, it.clone()));
    Slip { reference, answer: *answer, call_back: call_back.clone(), corrections: right.collect() }
}

/// What was ticked where nothing is asked changes nothing.
async fn is_refused(
    stand: &Stand<'_>,
    slip: Slip,
    count: &mut Count<'_>,
) -> anyhow::Result<Broken> {
    let before = Known::take(stand.app.store()).await?;
    let refused = slips::close(stand.app, sylvie(), slip).await.is_err();
    let is_same = Known::take(stand.app.store()).await?.is_as(&before);
    count("a slip that answers nothing");
    Ok(if refused && is_same {
        Broken::new()
    } else {
        vec!["a slip is taken that answers nothing".to_owned()]
    })
}
