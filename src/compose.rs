//! From what someone wrote to a message that is on its way. Everything that can be wrong is found
//! before the first write.

mod ent_links;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::audience::{
    AudienceError, Chosen, LeftOut, Rule, RuleError, Selection, each_recipient, find, recipients,
};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{Content, Recipient};
use crate::id::Id;
use crate::message::{Code, DIGEST, Fields, Message, Plan, PlansBeside, Terms, Urgency};
use crate::people::{PersonKey, SchoolId};
use crate::plain_text;
use crate::queue::{Corrected, Gathering, Queue, Take};
use crate::render::{Prepared, Renderer, SmsWarning, TemplateError, TemplateInfo};
use crate::store::{Store, StoreError, Tx, addressees, controls, messages};
use crate::wording::contact_details::ContactDetail;
use crate::wording::markdown;

pub use ent_links::{Unlinked, unlinked};

/// Recipients who are looked at before a message leaves.
const SAMPLE: usize = 100;

/// What someone asks for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The template that words it.
    pub template: String,
    /// Its fields, in Markdown.
    pub fields: Fields,
    /// For whom, as typed.
    pub audience: String,
    /// By which ways.
    pub plan: Plan,
    /// The plans of households that cannot use all of those ways.
    pub plans: PlansBeside,
    /// How soon; the template's own by default.
    pub urgency: Option<Urgency>,
    /// A person accepted that text messages leave in the cheaper alphabet.
    pub plain_sms: bool,
    /// When it may leave, and what it follows.
    pub terms: Terms,
    /// Only some of the audience; `None` for all of it.
    pub among: Option<Among>,
    /// The channels that a provider carries here; people carry letters and calls anyhow.
    pub carried: Vec<Channel>,
}

/// Some of an audience.
#[derive(Debug, Clone)]
pub enum Among {
    /// These persons.
    Persons(BTreeSet<PersonKey>),
    /// Those whose copy of a message, and of all that tried it again, has not reached them.
    Left {
        /// The message that is tried again.
        by: Box<Message>,
        /// Also those whom it may have reached.
        or_uncertain: bool,
    },
}

/// A message that is ready to leave. Nothing of it is kept yet.
/// `Debug` hides the texts.
pub struct Draft {
    /// The message.
    pub message: Message,
    /// Who gets it.
    pub chosen: Vec<Chosen>,
    /// Among whom they were chosen.
    pub among: Option<Among>,
    /// The first of them, as they can be written to now.
    pub sample: Vec<Recipient>,
    /// Channels of the plan on which nobody carries here: they are passed over for everyone.
    pub passed_over: Vec<Channel>,
    /// Whom the audience means and nobody can be written to for.
    pub left_out: Vec<LeftOut>,
    /// What it looks like to a recipient, on each channel of its plan.
    pub preview: Vec<(Channel, String)>,
    /// What a person should know about its text messages before they leave.
    pub sms_warning: Option<SmsWarning>,
    /// Households that have enough for this week may get it with the digest: it is whole on paper.
    pub may_wait: bool,
    /// Each person gets a letter of their own, which their pupil takes home where there is no address.
    pub by_pupil: bool,
}

impl Draft {
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

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft({}, {} chosen)", self.message.code, self.chosen.len())
    }
}

/// Why a message cannot leave. Nothing was kept, nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The audience cannot be understood.
    #[error(transparent)]
    Audience(#[from] RuleError),
    /// The audience is understood, and empty.
    #[error(
        "nobody matches \"{0}\"; nothing was sent: import the school's files first (`chappe import`), or \
         widen the audience"
    )]
    NoRecipient(String),
    /// Nobody carries on any channel of the plan.
    #[error(
        "no provider carries on any channel of the plan \"{0}\"; configure one under [providers], or \
         choose another plan"
    )]
    NoCarrier(String),
    /// The template, or a field of it.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An urgent message in quiet hours, without anybody's word for it.
    #[error(
        "{channel} is quiet now and opens on {opens}; nothing was sent: wait until then, or say why \
         families must be disturbed and who says so (--reason, --by)"
    )]
    QuietHours {
        /// Which channel sleeps.
        channel: Channel,
        /// When it opens, by the clocks of the school.
        opens: String,
    },
    /// Somebody's word for a message that waits like all others.
    #[error(
        "only an urgent message passes quiet hours; nothing was sent: add --urgent, or leave --reason \
         and --by out"
    )]
    NotUrgent,
    /// It would be stale before it could leave.
    #[error("the message would be stale on {0}, before it can leave; nothing was sent")]
    Stale(String),
    /// The text that is to be put right was put right already.
    #[error("message {0} was corrected by {1} already; nothing was sent: correct that one")]
    Corrected(Code, Code),
    /// The provider refuses such a text message from everybody.
    #[error(
        "the text message holds {0}, and while no sender is declared no text message may hold a link or a \
         number: every one would be refused; nothing was sent: take it out of the fields, or declare a \
         sender at the provider and write it under `sender` of its section"
    )]
    RefusedInSms(String),
    /// Nobody had the earlier text.
    #[error("nobody had the text of {0} or waits for it; nothing was sent")]
    NobodyHadIt(Code),
    /// Everybody was reached, or is a person's task already.
    #[error("message {0} leaves nobody to try again; nothing was sent")]
    NobodyLeft(Code),
    /// A digest is made of other messages.
    #[error(
        "a digest holds other messages; nothing was sent: send, correct or try again the messages that it \
         holds"
    )]
    Digest,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AudienceError> for ComposeError {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Rule(error) => Self::Audience(error),
            AudienceError::Store(error) => Self::Store(error),
        }
    }
}

/// Checks a request from end to end.
pub async fn prepare(
    store: &Store,
    renderer: &Renderer,
    school: &SchoolId,
    request: Request,
    (now, today): (Moment, Date),
) -> Result<Draft, ComposeError> {
    if request.template == DIGEST {
        return Err(ComposeError::Digest);
    }
    let rule: Rule = request.audience.parse()?;
    let info = renderer.templates().info(&request.template)?;
    let urgency = request.urgency.unwrap_or(info.urgency);
    let terms = with_expiry(request.terms, info, now);
    let message = Message {
        id: Id::new(now),
        school: school.clone(),
        code: free_code(store, school).await?,
        template: request.template,
        fields: cleaned(request.fields),
        audience: request.audience,
        plans: request.plans.of(&request.plan, urgency),
        plan: request.plan,
        urgency,
        launched_at: now,
        plain_sms: request.plain_sms,
        terms,
    };
    let prepared = renderer.prepared(&message)?;
    check_sms(&message, &prepared, &request.carried)?;
    let Selection { mut chosen, left_out, .. } = find(store, school, &rule, today).await?;
    if let Some(among) = request.among.clone() {
        let school = school.clone();
        chosen = store.read(move |tx| keep_among(tx, &school, &among, chosen)).await?;
    }
    let (carried, passed_over): (Vec<Channel>, Vec<Channel>) = message
        .channels()
        .into_iter()
        .partition(|channel| channel.is_carried_by_people() || request.carried.contains(channel));
    if carried.is_empty() {
        return Err(ComposeError::NoCarrier(message.plan.name));
    }
    let first = chosen.iter().take(SAMPLE).cloned().collect();
    let sample = recipients(store, school, first).await?;
    let preview = match first_preview(renderer, &message, &carried, &sample) {
        Some(preview) => preview?,
        None => return Err(ComposeError::NoRecipient(message.audience)),
    };
    Ok(Draft {
        sms_warning: prepared.sms_warning()?.filter(|_| sends_sms(&message)),
        preview,
        passed_over,
        chosen,
        among: request.among,
        sample,
        left_out,
        may_wait: info.channels.contains(&Channel::Letter),
        message,
        by_pupil: false,
    })
}

fn keep_among(
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

/// Those whom a message of this template has not reached yet, and may still.
pub async fn still_waiting(
    queue: &Queue,
    template: &'static str,
) -> Result<BTreeSet<PersonKey>, StoreError> {
    let school = queue.school().clone();
    queue.store().read(move |tx| addressees::waiting_for(tx, &school, template)).await
}

/// Launches a draft: durable when it returns.
pub async fn launch(queue: &Queue, draft: Draft, now: Moment) -> Result<Message, ComposeError> {
    let message = timed(queue, draft.message, now)?;
    let Draft { mut chosen, among, passed_over, by_pupil, may_wait, .. } = draft;
    queue.store().has_room_for(chosen.len())?;
    let (this, launched) = (queue.clone(), message.clone());
    let recipients = move |tx: &Tx<'_>, take: &mut Take<'_>| {
        if let Some(among @ Among::Left { by, .. }) = &among {
            this.lock_retry(tx, by, &launched)?;
            chosen = keep_among(tx, &launched.school, among, chosen)?;
            if chosen.is_empty() {
                return Err(StoreError::Overtaken);
            }
        }
        each_recipient(tx, &launched.school, &chosen, |number, recipient| {
            take(number, as_it_is_used(recipient, &passed_over, by_pupil))
        })
    };
    if may_wait && !by_pupil {
        queue.launch_within_cap(message.clone(), recipients).await?;
    } else {
        queue.launch(message.clone(), recipients).await?;
    }
    Ok(message)
}

/// A recipient with the ways that are of use here.
fn as_it_is_used(mut to: Recipient, passed_over: &[Channel], by_pupil: bool) -> Recipient {
    passed_over.iter().copied().for_each(|channel| to.forget(channel));
    to.forget_what_it_cannot_use();
    if by_pupil {
        to.send_by_pupil();
    }
    to
}

/// By which plans a draft goes to how many, and whom it does not reach.
#[derive(Default)]
pub struct Reach {
    /// How many go by which plan: a household's own where it cannot use all ways of the message's.
    pub by_plan: BTreeMap<String, usize>,
    /// The names of those whom no way of their plan reaches; launched, they are told of as unreached at once.
    pub out_of_reach: Vec<String>,
}

/// Looks at everybody whom a draft is for.
pub async fn reach(queue: &Queue, draft: &Draft) -> Result<Reach, StoreError> {
    let (message, chosen) = (draft.message.clone(), draft.chosen.clone());
    let (passed_over, by_pupil) = (draft.passed_over.clone(), draft.by_pupil);
    let look = move |tx: &Tx<'_>| {
        let mut found = Reach::default();
        each_recipient(tx, &message.school, &chosen, |_, recipient| {
            let to = as_it_is_used(recipient, &passed_over, by_pupil);
            let reach = to.reach();
            let plan = message.plan_for(to.connectivity);
            if !plan.channels().iter().any(|channel| reach.contains(channel)) {
                found.out_of_reach.push(to.name);
            }
            *found.by_plan.entry(plan.name.clone()).or_default() += 1;
            Ok(())
        })?;
        Ok(found)
    };
    queue.store().read(look).await
}

/// What would keep a draft from being launched now; otherwise when it begins to leave.
pub fn start_of(queue: &Queue, draft: &Draft, now: Moment) -> Result<Moment, ComposeError> {
    let message = timed(queue, draft.message.clone(), now)?;
    Ok(message.terms.starts_at.unwrap_or(now))
}

/// Whom of a draft the load cap would keep waiting, if it were launched now.
pub async fn gathering(
    queue: &Queue,
    draft: &Draft,
    now: Moment,
) -> Result<Option<Gathering>, StoreError> {
    if !draft.may_wait || draft.by_pupil || draft.message.urgency == Urgency::Urgent {
        return Ok(None);
    }
    // What keeps it from being launched is told then.
    let Ok(message) = timed(queue, draft.message.clone(), now) else { return Ok(None) };
    let families = draft.chosen.iter().filter(|one| !one.about.is_empty());
    let persons = families.map(|one| one.person.clone()).collect();
    queue.gathering(message, persons).await
}

/// What a correction changes.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The fields that say something else now.
    pub fields: Fields,
    /// How soon it must leave; as the earlier message by default.
    pub urgency: Option<Urgency>,
    /// The plans of households that cannot use all ways of the earlier message, for another urgency.
    pub plans: PlansBeside,
    /// When it may leave.
    pub terms: Terms,
}

/// Fields without what speaks to a machine instead of a reader: a web page or a chat leaves it in what is
/// copied from there.
fn cleaned(fields: Fields) -> Fields {
    fields.into_iter().map(|(name, text)| (name, plain_text::cleaned(&text).into_owned())).collect()
}

/// Makes the correction of a message: the same words but for what changes, to those who had them.
/// Nothing of it is kept yet.
pub async fn prepare_correction(
    queue: &Queue,
    renderer: &Renderer,
    earlier: &Message,
    changes: Changes,
    now: Moment,
) -> Result<Message, ComposeError> {
    if earlier.is_digest() {
        return Err(ComposeError::Digest);
    }
    let (store, school) = (queue.store(), queue.school());
    if let Some(by) = corrections(queue, earlier).await?.pop() {
        return Err(ComposeError::Corrected(earlier.code.clone(), by.code));
    }
    let mut fields = earlier.fields.clone();
    fields.extend(cleaned(changes.fields));
    let info = renderer.templates().info(&earlier.template)?;
    let terms = with_expiry(changes.terms, info, now);
    let urgency = changes.urgency.unwrap_or(earlier.urgency);
    let plans = if urgency == earlier.urgency {
        earlier.plans.clone()
    } else {
        changes.plans.of(&earlier.plan, urgency)
    };
    let message = Message {
        id: Id::new(now),
        code: free_code(store, school).await?,
        fields,
        plans,
        urgency,
        launched_at: now,
        terms: Terms { corrects: Some(earlier.code.clone()), ..terms },
        ..earlier.clone()
    };
    // What a short number carries was looked at with the earlier text; what changes is looked at now.
    check_sms(&message, &*renderer.prepared(&message)?, &[Channel::Sms])?;
    if queue.correctable(earlier.id).await? == Corrected::default() {
        return Err(ComposeError::NobodyHadIt(earlier.code.clone()));
    }
    Ok(message)
}

/// Launches a correction: durable when it returns. Whom it goes to is settled in that moment.
pub async fn correct(
    queue: &Queue,
    earlier: &Message,
    correction: Message,
    now: Moment,
) -> Result<(Message, Corrected), ComposeError> {
    let correction = timed(queue, correction, now)?;
    let corrected = queue.correct(earlier.id, correction.clone()).await?;
    Ok((correction, corrected))
}

/// The request that tries a message again for those whom it left unreached, where they can be reached
/// now; with its newest correction, where there is one. `or_uncertain`: also for those who may have it.
pub async fn again(
    queue: &Queue,
    earlier: &Message,
    or_uncertain: bool,
    (terms, carried): (Terms, Vec<Channel>),
) -> Result<Request, ComposeError> {
    if earlier.is_digest() {
        return Err(ComposeError::Digest);
    }
    // Nobody is tried by two of them.
    let earlier = &first_of(queue, earlier.clone()).await?;
    let (school, of) = (queue.school().clone(), earlier.clone());
    let look = move |tx: &Tx<'_>| {
        let copies = controls::left_by(tx, &school, &of, or_uncertain)?;
        Ok((copies.has_any_left(), messages::newest_text(tx, &school, &of)?))
    };
    let (any, newest) = queue.store().read(look).await?;
    if !any {
        return Err(ComposeError::NobodyLeft(earlier.code.clone()));
    }
    Ok(Request {
        template: earlier.template.clone(),
        fields: newest.fields,
        audience: earlier.audience.clone(),
        plan: earlier.plan.clone(),
        plans: PlansBeside::frozen(&earlier.plans),
        urgency: Some(earlier.urgency),
        plain_sms: earlier.plain_sms,
        terms: Terms { retries: Some(earlier.code.clone()), ..terms },
        among: Some(Among::Left { by: Box::new(earlier.clone()), or_uncertain }),
        carried,
    })
}

/// The message that this one tries again, which stands for it; itself where it tries none.
pub async fn first_of(queue: &Queue, message: Message) -> Result<Message, StoreError> {
    let Some(code) = message.terms.retries.clone() else { return Ok(message) };
    let school = queue.school().clone();
    let first = queue.store().read(move |tx| messages::by_code(tx, &school, code.as_str())).await?;
    Ok(first.unwrap_or(message))
}

/// The corrections of a message, oldest first.
async fn corrections(queue: &Queue, earlier: &Message) -> Result<Vec<Message>, StoreError> {
    let (school, code) = (queue.school().clone(), earlier.code.clone());
    queue.store().read(move |tx| messages::corrections(tx, &school, &code)).await
}

/// The terms with the template's own expiry where none was asked for.
fn with_expiry(terms: Terms, info: &TemplateInfo, now: Moment) -> Terms {
    let usual = || Some(now + info.expires_after?.0);
    Terms { expires_at: terms.expires_at.or_else(usual), ..terms }
}

/// The message as it is launched now, if it may: a draft may have been looked at for a while.
fn timed(queue: &Queue, mut message: Message, now: Moment) -> Result<Message, ComposeError> {
    let timing = queue.timing();
    message.launched_at = now;
    message.terms.starts_at = timing.start(message.urgency, now);
    let starts_at = message.terms.starts_at.unwrap_or(now);
    if let Some(end) = message.terms.expires_at.filter(|end| *end <= starts_at) {
        return Err(ComposeError::Stale(timing.hours.shown(end)));
    }
    if message.terms.passes_hours.is_some() && message.urgency != Urgency::Urgent {
        return Err(ComposeError::NotUrgent);
    }
    let is_let_pass = message.urgency != Urgency::Urgent || message.terms.passes_hours.is_some();
    let opening = |channel: &Channel| (*channel, timing.hours.opening(*channel, now));
    let asleep = message.channels().iter().map(opening).find(|(_, opens)| *opens > now);
    match asleep.filter(|_| !is_let_pass) {
        None => Ok(message),
        Some((channel, opens)) => {
            Err(ComposeError::QuietHours { channel, opens: timing.hours.shown(opens) })
        }
    }
}

/// What would be refused for all is known before anything leaves.
fn check_sms(
    message: &Message,
    prepared: &Prepared,
    carried: &[Channel],
) -> Result<(), ComposeError> {
    if !sends_sms(message) || !carried.contains(&Channel::Sms) {
        return Ok(());
    }
    let refused = prepared.refused_in_sms()?;
    if refused.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = refused.into_iter().map(ContactDetail::in_english).collect();
    Err(ComposeError::RefusedInSms(named.join(" and ")))
}

fn sends_sms(message: &Message) -> bool {
    message.channels().contains(&Channel::Sms)
}

/// A code that no message of the school has yet.
async fn free_code(store: &Store, school: &SchoolId) -> Result<Code, StoreError> {
    loop {
        let code = Code::from_chance(fastrand::u32(..));
        let (school, wanted) = (school.clone(), code.clone());
        let taken =
            store.read(move |tx| messages::by_code(tx, &school, wanted.as_str())).await?.is_some();
        if !taken {
            return Ok(code);
        }
    }
}

/// Every channel that is carried, for the first recipient whose texts can be made: one with a name that
/// breaks them must not keep the message from all the others. `None`: there is no recipient.
fn first_preview(
    renderer: &Renderer,
    message: &Message,
    carried: &[Channel],
    recipients: &[Recipient],
) -> Option<Result<Vec<(Channel, String)>, TemplateError>> {
    let reference = message.code.delivery(0, 0);
    let mut previews = recipients.iter().map(|to| {
        let channels = carried.iter();
        channels
            .map(|channel| Ok((*channel, preview(renderer, message, to, *channel, &reference)?)))
            .collect::<Result<Vec<_>, TemplateError>>()
    });
    let first = previews.next()?;
    Some(first.or_else(|fault| previews.find_map(Result::ok).ok_or(fault)))
}

/// What a channel carries, as text that a person can read over.
fn preview(
    renderer: &Renderer,
    message: &Message,
    to: &Recipient,
    channel: Channel,
    reference: &str,
) -> Result<String, TemplateError> {
    let prepared = renderer.prepared(message)?;
    Ok(match channel {
        Channel::Phone => prepared.phone(to, reference)?,
        Channel::Letter => {
            let letter = prepared.letter(to, reference)?;
            format!("Objet : {}\n\n{}", letter.subject, markdown::plain_of(&letter.body))
        }
        other => match renderer.content(message, to, other, reference)? {
            Content::Ent { subject, html } => format!("{subject}\n\n{html}"),
            Content::Email { subject, text, .. } => format!("{subject}\n\n{text}"),
            Content::Sms { text, segments } => format!("{text}\n({segments} SMS)"),
        },
    })
}
