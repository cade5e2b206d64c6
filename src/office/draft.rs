//! What somebody writes today and sends tomorrow: a draft is kept by names and rules, and whom it means is
//! found out when it leaves. It is launched once, and discarded, what it said is gone.

use serde::Serialize;

use super::text::cleaned;
use super::{Ready, Refusal, Request, School, within};
use crate::clock::Moment;
use crate::message::{Draft, DraftVersion, Follows, Message, Terms};
use crate::people::{Act, Actor, By, Whom};
use crate::store::drafts::{self, Fate, KeptDraft};
use crate::store::{StoreError, Tx, journal};

/// A draft, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftShown {
    /// Its number within the school.
    pub number: u32,
    /// How often it was saved.
    pub version: u32,
    /// What it is about.
    pub subject: String,
    /// What it says.
    #[serde(flatten)]
    pub draft: Draft,
    /// Who wrote it first.
    pub written_by: String,
    /// When it was written first.
    pub written_at: Moment,
    /// Who saved it last.
    pub changed_by: String,
    /// When it was saved last.
    pub changed_at: Moment,
}

impl DraftShown {
    /// Which draft it is, and how often it was saved.
    #[must_use]
    pub const fn at(&self) -> DraftVersion {
        DraftVersion { number: self.number, version: self.version }
    }
}

/// Keeps a new draft, or saves `over` the version of one that its author has read: refused where somebody
/// saved it since. It need not be complete yet, but its template and its plan are there, and whoever chooses its
/// audience chooses among those with whom they have to do.
pub async fn save(
    school: &School,
    actor: Actor,
    draft: Draft,
    over: Option<DraftVersion>,
) -> Result<DraftVersion, Refusal> {
    school.renderer.templates().info(&draft.template)?;
    if draft.follows.is_none() {
        school.config.plan(&draft.plan).map_err(Refusal::NoSuchPlan)?;
    }
    let draft = Draft { fields: cleaned(draft.fields), ..draft };
    check_audience(school, &actor, &draft, over).await?;
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let write = move |tx: &Tx<'_>| {
        let at = match over {
            None => drafts::insert(tx, &id, &draft, &by)?,
            Some(over) if drafts::replace(tx, &id, over, &draft, &by)? => {
                DraftVersion { version: over.version.saturating_add(1), ..over }
            }
            Some(_) => return Err(StoreError::Overtaken),
        };
        journal::note(tx, &id, &by, Act::SaveDraft, &at.number.to_string())?;
        Ok(at)
    };
    let saved = school.store().write(write).await;
    said_why(school, over, saved).await
}

/// Refused where somebody chooses an audience beyond those with whom they have to do; what a colleague chose stays.
/// Of a version that was overtaken nothing is said: it is not saved.
async fn check_audience(
    school: &School,
    actor: &Actor,
    draft: &Draft,
    over: Option<DraftVersion>,
) -> Result<(), Refusal> {
    let whom = within::whom_of(school, actor).await?;
    if whom == Whom::Everybody {
        return Ok(());
    }
    if let Some(over) = over {
        let kept = open(school, over.number).await?;
        if kept.at() != over || kept.draft.audience == draft.audience {
            return Ok(());
        }
    }
    within::check_rule(school, &whom, &draft.audience).await
}

/// Keeps what follows a message as a draft, which its author kept once however often they ask. Refused where another one
/// follows the message so already.
pub(super) async fn follow(
    school: &School,
    actor: Actor,
    draft: Draft,
) -> Result<DraftVersion, Refusal> {
    let draft = Draft { fields: cleaned(draft.fields), ..draft };
    let whom = within::whom_of(school, &actor).await?;
    within::check_rule(school, &whom, &draft.audience).await?;
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let write = move |tx: &Tx<'_>| {
        for kept in drafts::kept(tx, &id)? {
            let Fate::Kept(other) = &kept.fate else { continue };
            let both = other.follows.as_ref().zip(draft.follows.as_ref());
            if both.is_some_and(|(one, other)| one.is_the_same_as(other)) {
                let is_it = **other == draft && kept.written.actor == by.actor;
                return Ok(if is_it { Ok(kept.at) } else { Err(kept) });
            }
        }
        let at = drafts::insert(tx, &id, &draft, &by)?;
        journal::note(tx, &id, &by, Act::SaveDraft, &at.number.to_string())?;
        Ok(Ok(at))
    };
    school.store().write(write).await?.map_err(|other| {
        let (at, by) = told(school, &other.changed);
        Refusal::FollowedAlready { number: other.at.number, at, by }
    })
}

/// The drafts that follow a message, newest first.
pub async fn following(school: &School, message: &Message) -> Result<Vec<DraftShown>, StoreError> {
    let mut drafts = list(school).await?;
    let is_about_it = |follows: &Follows| *follows.message() == message.code;
    drafts.retain(|it| it.draft.follows.as_ref().is_some_and(is_about_it));
    Ok(drafts)
}

/// The drafts that are neither launched nor discarded, newest first.
pub async fn list(school: &School) -> Result<Vec<DraftShown>, StoreError> {
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| drafts::kept(tx, &id)).await?;
    Ok(kept.into_iter().filter_map(|kept| shown(school, kept)).collect())
}

/// Reads a draft; refused where there is no more of it.
pub async fn open(school: &School, number: u32) -> Result<DraftShown, Refusal> {
    let kept = kept(school, number).await?;
    gone(school, &kept)?;
    shown(school, kept).ok_or(Refusal::NoSuchDraft(number))
}

/// Does away with a draft: what it said is gone.
pub async fn discard(school: &School, actor: Actor, number: u32) -> Result<DraftShown, Refusal> {
    let draft = open(school, number).await?;
    let (id, by, at) = (school.queue.school().clone(), school.by(actor), draft.at());
    let write = move |tx: &Tx<'_>| {
        if !drafts::end(tx, &id, at, None, &by)? {
            return Err(StoreError::Overtaken);
        }
        journal::note(tx, &id, &by, Act::DiscardDraft, &number.to_string())
    };
    let discarded = school.store().write(write).await;
    said_why(school, Some(at), discarded).await?;
    Ok(draft)
}

/// Makes a draft of an announcement ready to leave, by the plans as they are now; launched, there is no more of it.
/// `again`: also where the same was launched within a day. One that follows a message is refused.
pub async fn prepare(school: &School, draft: DraftShown, again: bool) -> Result<Ready, Refusal> {
    let at = draft.at();
    if let Some(follows) = &draft.draft.follows {
        let code = follows.message().clone();
        return Err(Refusal::DraftFollows { number: at.number, code });
    }
    let ready = super::prepare(school, request(school, draft.draft, again)?).await?;
    Ok(Ready { draft: Some(at), ..ready })
}

/// The request that a draft stands for.
pub fn request(school: &School, draft: Draft, again: bool) -> Result<Request, Refusal> {
    let plan = school.config.plan(&draft.plan).map_err(Refusal::NoSuchPlan)?;
    let Draft { starts_at, expires_at, passes_hours, .. } = draft;
    Ok(Request {
        template: draft.template,
        fields: draft.fields,
        audience: draft.audience,
        plans: school.config.plans_beside(&plan),
        plan,
        urgency: draft.urgency,
        plain_sms: draft.plain_sms,
        question: draft.question,
        terms: Terms { starts_at, expires_at, passes_hours, ..Terms::default() },
        among: None,
        again,
    })
}

/// Takes a draft away as the message that it becomes is launched; nothing is launched where it is not kept
/// any more, or was saved since.
pub(super) fn take(tx: &Tx<'_>, at: DraftVersion, message: &Message) -> Result<(), StoreError> {
    let by = By { actor: message.launched_by.clone(), at: message.launched_at };
    if drafts::end(tx, &message.school, at, Some(&message.code), &by)? {
        return Ok(());
    }
    Err(StoreError::Overtaken)
}

/// Refused where this version of a draft is not the one that is kept. It is looked at among what is being
/// written: whoever was overtaken this very moment is told by whom.
pub(super) async fn check_kept(school: &School, at: DraftVersion) -> Result<(), Refusal> {
    let id = school.queue.school().clone();
    let look = move |tx: &Tx<'_>| drafts::by_number(tx, &id, at.number);
    let kept = school.store().write(look).await?.ok_or(Refusal::NoSuchDraft(at.number))?;
    gone(school, &kept)?;
    if kept.at == at {
        return Ok(());
    }
    let DraftVersion { number, version } = kept.at;
    let (at, by) = told(school, &kept.changed);
    Err(Refusal::DraftChanged { number, version, at, by })
}

/// What a write answered; where somebody was faster, what they did.
async fn said_why<T>(
    school: &School,
    at: Option<DraftVersion>,
    written: Result<T, StoreError>,
) -> Result<T, Refusal> {
    if let (Some(at), Err(StoreError::Overtaken)) = (at, &written) {
        check_kept(school, at).await?;
    }
    Ok(written?)
}

async fn kept(school: &School, number: u32) -> Result<KeptDraft, Refusal> {
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| drafts::by_number(tx, &id, number)).await?;
    kept.ok_or(Refusal::NoSuchDraft(number))
}

fn gone(school: &School, kept: &KeptDraft) -> Result<(), Refusal> {
    let number = kept.at.number;
    let (at, by) = told(school, &kept.changed);
    match &kept.fate {
        Fate::Kept(_) => Ok(()),
        Fate::Launched(code) => Err(Refusal::DraftLaunched { number, code: code.clone(), at, by }),
        Fate::Discarded => Err(Refusal::DraftDiscarded { number, at, by }),
    }
}

/// When something was done, and by whom.
fn told(school: &School, by: &By) -> (String, String) {
    (school.queue.timing().hours.shown(by.at), by.actor.name().to_owned())
}

fn shown(school: &School, kept: KeptDraft) -> Option<DraftShown> {
    let Fate::Kept(draft) = kept.fate else { return None };
    Some(DraftShown {
        number: kept.at.number,
        version: kept.at.version,
        subject: school.subject(&draft.template, &draft.fields),
        draft: *draft,
        written_by: kept.written.actor.name().to_owned(),
        written_at: kept.written.at,
        changed_by: kept.changed.actor.name().to_owned(),
        changed_at: kept.changed.at,
    })
}
