//! From what someone wrote to a message that is on its way. Everything that can be wrong is found
//! before the first write.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::audience::{
    AudienceError, Chosen, LeftOut, Rule, RuleError, Selection, each_recipient, find, recipients,
};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{Content, Recipient};
use crate::id::Id;
use crate::message::{Code, Fields, Message, Plan, Terms, Urgency};
use crate::people::{Connectivity, PersonKey, SchoolId};
use crate::queue::{Queue, Take};
use crate::render::{Renderer, SmsWarning, TemplateError};
use crate::store::{Store, StoreError, Tx, addressees, messages};
use crate::wording::markdown;

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
    pub plans: BTreeMap<Connectivity, Plan>,
    /// How soon; the template's own by default.
    pub urgency: Option<Urgency>,
    /// A person accepted that text messages leave in the cheaper alphabet.
    pub plain_sms: bool,
    /// When it may leave, and what it follows.
    pub terms: Terms,
    /// Only these of the audience; `None` for all of it.
    pub among: Option<BTreeSet<PersonKey>>,
    /// The channels that a provider carries here; people carry letters and calls anyhow.
    pub carried: Vec<Channel>,
}

/// A message that is ready to leave. Nothing of it is kept yet.
/// `Debug` hides the texts.
pub struct Draft {
    /// The message.
    pub message: Message,
    /// Who gets it.
    pub chosen: Vec<Chosen>,
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
    /// Each person gets a letter of their own, which their pupil takes home where there is no address.
    pub by_pupil: bool,
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
    let rule: Rule = request.audience.parse()?;
    let urgency = match request.urgency {
        Some(urgency) => urgency,
        None => renderer.templates().info(&request.template)?.urgency,
    };
    let message = Message {
        id: Id::new(now),
        school: school.clone(),
        code: free_code(store, school).await?,
        template: request.template,
        fields: request.fields,
        audience: request.audience,
        plan: request.plan,
        plans: request.plans,
        urgency,
        launched_at: now,
        plain_sms: request.plain_sms,
        terms: request.terms,
    };
    let prepared = renderer.prepared(&message)?;
    let Selection { mut chosen, left_out } = find(store, school, &rule, today).await?;
    if let Some(among) = &request.among {
        chosen.retain(|one| {
            std::iter::once(&one.person).chain(&one.others).any(|person| among.contains(person))
        });
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
        sample,
        left_out,
        message,
        by_pupil: false,
    })
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
    let mut message = draft.message;
    // The draft may have been looked at for a while: patience counts from the launch.
    message.launched_at = now;
    let Draft { chosen, passed_over, by_pupil, .. } = draft;
    let school = message.school.clone();
    let recipients = move |tx: &Tx<'_>, take: &mut Take<'_>| {
        each_recipient(tx, &school, &chosen, |number, mut recipient| {
            passed_over.iter().copied().for_each(|channel| recipient.forget(channel));
            recipient.forget_what_it_cannot_use();
            if by_pupil {
                recipient.send_by_pupil();
            }
            take(number, recipient)
        })
    };
    queue.launch(message.clone(), recipients).await?;
    Ok(message)
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
