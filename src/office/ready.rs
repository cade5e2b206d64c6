//! From what someone wrote to a message that is ready to leave. Everything that can be wrong is found before
//! the first write.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::preview::first_preview;
use super::text::{check_sms, cleaned, free_code, sends_sms, with_expiry};
use super::{Among, Refusal, Request, School};
use crate::audience::{Chosen, LeftOut, Memory, Rule, Selection};
use crate::batches::is_anything_left;
use crate::channel::Channel;
use crate::delivery::{About, ByHand, Recipient};
use crate::id::Id;
use crate::message::{DIGEST, DraftVersion, Message};
use crate::people::{Actor, By, SchoolId};
use crate::render::{Prepared, Renderer, SmsWarning, TemplateError};
use crate::store::{StoreError, Tx, controls};
use crate::wording::sms::Segments;

/// Recipients who are looked at before a message leaves.
const SAMPLE: usize = 100;

/// A message that is ready to leave. Nothing of it is kept yet.
/// `Debug` hides the texts.
pub struct Ready {
    /// The message.
    pub message: Message,
    /// Who gets it.
    pub chosen: Arc<[Chosen]>,
    /// Among whom they were chosen.
    pub among: Option<Among>,
    /// The first of them, as they can be written to now.
    pub sample: Vec<Recipient>,
    /// Channels of the plan on which nobody carries here: they are passed over for everyone.
    pub passed_over: Vec<Channel>,
    /// Where people of the school publish by hand.
    pub by_hand: Vec<ByHand>,
    /// Whom the audience means and nobody can be written to for.
    pub left_out: Vec<LeftOut>,
    /// What it looks like to a recipient, on each channel of its plan.
    pub preview: Vec<(Channel, String)>,
    /// What a person should know about its text messages before they leave.
    pub sms_warning: Option<SmsWarning>,
    /// What a usual text message takes, where there are any.
    pub sms_size: Option<Segments>,
    /// Households that have enough for this week may get it with the digest: it is whole on paper.
    pub may_wait: bool,
    /// Each person gets a letter of their own, which their pupil takes home where there is no address.
    pub by_pupil: bool,
    /// Also where the same was launched within a day.
    pub again: bool,
    /// The draft that it comes from: launched, there is no more of it.
    pub draft: Option<DraftVersion>,
    /// The second person who said yes to it, and when.
    pub approved: Option<By>,
}

impl Ready {
    /// What one of the sample gets on each channel of the plan.
    pub fn texts_for(
        &self,
        renderer: &Renderer,
        number: usize,
    ) -> Result<Vec<(Channel, String)>, TemplateError> {
        let to = self.sample.get(number).map(std::slice::from_ref).unwrap_or_default();
        let shown: Vec<Channel> = self.preview.iter().map(|(channel, _)| *channel).collect();
        first_preview(renderer, &self.message, &shown, to).unwrap_or_else(|| Ok(Vec::new()))
    }

    /// The same with a letter of their own for each person, which their pupil takes home where there is no
    /// address.
    pub fn by_pupil(mut self, renderer: &Renderer) -> Result<Self, TemplateError> {
        self.by_pupil = true;
        self.sample.iter_mut().for_each(Recipient::send_by_pupil);
        let shown: Vec<Channel> = self.preview.iter().map(|(channel, _)| *channel).collect();
        if let Some(preview) = first_preview(renderer, &self.message, &shown, &self.sample) {
            self.preview = preview?;
        }
        Ok(self)
    }
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ready({}, {} chosen)", self.message.code, self.chosen.len())
    }
}

/// Checks a request from end to end.
pub async fn prepare(school: &School, request: Request) -> Result<Ready, Refusal> {
    if request.template == DIGEST {
        return Err(Refusal::Digest);
    }
    let (store, of, renderer) = (school.store(), school.queue.school(), &school.renderer);
    let (now, templates) = (school.clock.now(), renderer.templates());
    let rule: Rule = request.audience.parse()?;
    let info = templates.info(&request.template)?;
    let urgency = request.urgency.unwrap_or(info.urgency);
    let terms = with_expiry(request.terms, info, now);
    let message = Message {
        id: Id::new(now),
        school: of.clone(),
        code: free_code(store, of).await?,
        template: request.template,
        fields: cleaned(request.fields),
        audience: request.audience,
        plans: request.plans.of(&request.plan, urgency),
        plan: request.plan,
        urgency,
        launched_at: now,
        launched_by: Actor::Unknown,
        plain_sms: request.plain_sms,
        question: request.question,
        terms,
    };
    let PlanWays { prepared, carried, passed_over } = plan_ways(school, &message)?;
    let Selection { mut chosen, left_out, .. } = school.find(&rule).await?;
    if let Some(among) = request.among.clone() {
        chosen = some_of(school, &message, among, chosen, &passed_over).await?;
    }
    check_documents(school, &prepared, &chosen).await?;
    let sample = sample_of(school, &chosen).await?;
    let preview = match first_preview(renderer, &message, &carried, &sample) {
        Some(preview) => preview?,
        None => return Err(Refusal::NoRecipient(message.audience)),
    };
    let shows_sms = preview.iter().any(|(channel, _)| *channel == Channel::Sms);
    Ok(Ready {
        sms_warning: prepared.sms_warning()?.filter(|_| sends_sms(&message)),
        sms_size: prepared.sms_size()?.filter(|_| shows_sms),
        preview,
        passed_over,
        by_hand: school.queue.by_hand().to_vec(),
        chosen: chosen.into(),
        among: request.among,
        sample,
        left_out,
        // A digest holds texts: what goes behind a letter would be lost.
        may_wait: info.channels.contains(&Channel::Letter) && info.documents.is_none(),
        message,
        by_pupil: false,
        again: request.again,
        draft: None,
        approved: None,
    })
}

/// Refused where its letters bring the documents of a week, and there is none for anybody.
async fn check_documents(
    school: &School,
    prepared: &Prepared,
    chosen: &[Chosen],
) -> Result<(), Refusal> {
    let Some(week) = prepared.week() else { return Ok(()) };
    let about: Vec<About> = chosen.iter().flat_map(|it| it.about.iter().cloned()).collect();
    let is_left = is_anything_left(&school.queue, week, &about).await?;
    if is_left { Ok(()) } else { Err(Refusal::NoDocuments(week)) }
}

/// The first of them, as they can be written to now.
async fn sample_of(school: &School, chosen: &[Chosen]) -> Result<Vec<Recipient>, StoreError> {
    let first: Vec<Chosen> = chosen.iter().take(SAMPLE).cloned().collect();
    let (id, memory) = (school.queue.school().clone(), Arc::clone(&school.memory));
    let by_hand = school.queue.by_hand().to_vec();
    let look = move |tx: &Tx<'_>| {
        let mut sample = BTreeMap::new();
        memory.each_recipient(tx, &id, &first, |number, mut to| {
            to.reads(&by_hand);
            sample.insert(number, to);
            Ok(())
        })?;
        Ok(sample.into_values().collect())
    };
    school.store().read(look).await
}

/// Those of the chosen who are among them. Who is tried again is somebody who can be reached now.
async fn some_of(
    school: &School,
    message: &Message,
    among: Among,
    chosen: Vec<Chosen>,
    passed_over: &[Channel],
) -> Result<Vec<Chosen>, Refusal> {
    let (message, passed_over) = (message.clone(), passed_over.to_vec());
    let (by_hand, memory) = (school.queue.by_hand().to_vec(), Arc::clone(&school.memory));
    let nobody_left = match &among {
        Among::Left { by, .. } => Some(Refusal::NobodyLeft(by.code.clone())),
        Among::Persons(_) => None,
    };
    let is_retry = nobody_left.is_some();
    let look = move |tx: &Tx<'_>| {
        let chosen = keep_among(tx, &message.school, &among, chosen)?;
        let ways = (passed_over.as_slice(), by_hand.as_slice());
        if is_retry { within_reach(tx, &memory, &message, ways, chosen) } else { Ok(chosen) }
    };
    let some = school.store().read(look).await?;
    match nobody_left {
        Some(refusal) if some.is_empty() => Err(refusal),
        _ => Ok(some),
    }
}

/// Those of the chosen whom a way of their plan reaches.
pub(super) fn within_reach(
    tx: &Tx<'_>,
    memory: &Memory,
    message: &Message,
    ways: (&[Channel], &[ByHand]),
    chosen: Vec<Chosen>,
) -> Result<Vec<Chosen>, StoreError> {
    let mut within = vec![false; chosen.len()];
    memory.each_recipient(tx, &message.school, &chosen, |number, recipient| {
        let to = as_it_is_used(recipient, ways, false);
        let (plan, reach) = (message.plan_for(to.connectivity), to.reach());
        within[number] = plan.channels().iter().any(|way| reach.contains(way));
        Ok(())
    })?;
    let both = chosen.into_iter().zip(within);
    Ok(both.filter_map(|(one, is_within)| is_within.then_some(one)).collect())
}

/// What the plan of a message comes to here.
pub(super) struct PlanWays {
    /// Its texts.
    pub(super) prepared: Arc<Prepared>,
    /// Its channels on which somebody carries.
    carried: Vec<Channel>,
    /// The others.
    pub(super) passed_over: Vec<Channel>,
}

/// Refused where its texts cannot be made, or where nobody carries on any of its channels.
pub(super) fn plan_ways(school: &School, message: &Message) -> Result<PlanWays, Refusal> {
    let prepared = school.renderer.prepared(message)?;
    check_sms(message, &prepared, &school.carried())?;
    let passed_over = passed_over(school, message);
    let mut carried = message.channels();
    carried.retain(|channel| !passed_over.contains(channel));
    if carried.is_empty() {
        return Err(Refusal::NoCarrier(message.plan.name.clone()));
    }
    Ok(PlanWays { prepared, carried, passed_over })
}

/// The channels of a message on which nobody carries here.
pub(super) fn passed_over(school: &School, message: &Message) -> Vec<Channel> {
    let carried = school.carried();
    let mut channels = message.channels();
    channels.retain(|it| !it.is_carried_by_people() && !carried.contains(it));
    channels
}

/// Those of the chosen who are among them.
pub(super) fn keep_among(
    tx: &Tx<'_>,
    school: &SchoolId,
    among: &Among,
    mut chosen: Vec<Chosen>,
) -> Result<Vec<Chosen>, StoreError> {
    match among {
        Among::Persons(persons) => {
            chosen.retain(|one| persons.contains(&one.person));
        }
        Among::Left { by, or_uncertain } => {
            let copies = controls::left_by(tx, school, by, *or_uncertain)?;
            chosen.retain(|one| copies.has_left([&one.person], &one.about));
        }
    }
    Ok(chosen)
}

/// A recipient with the ways that are of use here.
pub(super) fn as_it_is_used(
    mut to: Recipient,
    (passed_over, by_hand): (&[Channel], &[ByHand]),
    by_pupil: bool,
) -> Recipient {
    to.reads(by_hand);
    passed_over.iter().copied().for_each(|channel| to.forget(channel));
    to.forget_what_it_cannot_use();
    if by_pupil {
        to.send_by_pupil();
    }
    to
}
