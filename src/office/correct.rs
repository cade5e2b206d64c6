//! The same words again but for what changes, to exactly those who had them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::launch::timed;
use super::preview::texts_for_first_of;
use super::text::{check_sms, cleaned, free_code, with_expiry};
use super::{
    Amendments, Refusal, School, cards_published, draft, needs_approval, recall_ahead, within,
};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::id::Id;
use crate::message::{Code, DraftVersion, Fields, Message, Rectified, Terms};
use crate::people::{Actor, By};
use crate::queue::{Corrected, RecallAhead};
use crate::render::{FieldSpec, TemplateInfo};
use crate::store::{StoreError, Tx, messages};
use crate::wording::dates::without_year;

/// Makes the correction of a message. Nothing of it is kept yet.
pub async fn prepare_correction(
    school: &School,
    earlier: &Message,
    changes: Amendments,
) -> Result<Message, Refusal> {
    if earlier.is_digest() {
        return Err(Refusal::Digest);
    }
    if let Some(by) = corrections(school, earlier).await?.pop() {
        return Err(Refusal::Corrected(earlier.code.clone(), by.code));
    }
    let (queue, renderer, now) = (&school.queue, &school.renderer, school.clock.now());
    let mut fields = earlier.fields.clone();
    fields.extend(cleaned(changes.fields));
    let templates = renderer.templates();
    let info = templates.info(&earlier.template)?;
    let what = changes.what_changed.unwrap_or_else(|| what_changed(info, &earlier.fields, &fields));
    let launched_on = school.queue.timing().hours.wall(earlier.launched_at).date();
    let says = Rectified {
        of: school.subject(&earlier.template, &earlier.fields),
        day: without_year(launched_on),
        what,
    };
    let terms = with_expiry(changes.terms, info, now);
    let urgency = changes.urgency.unwrap_or(earlier.urgency);
    let plans = if urgency == earlier.urgency {
        earlier.plans.clone()
    } else {
        changes.plans.of(&earlier.plan, urgency)
    };
    let message = Message {
        id: Id::new(now),
        code: free_code(school.store(), queue.school()).await?,
        fields,
        plans,
        urgency,
        launched_at: now,
        terms: Terms { corrects: Some(earlier.code.clone()), rectified: Some(says), ..terms },
        ..earlier.clone()
    };
    // What a short number carries was looked at with the earlier text; what changes is looked at now.
    check_sms(&message, &*renderer.prepared(&message)?, &[Channel::Sms])?;
    if queue.corrections().would_concern(earlier.id).await? == Corrected::default() {
        return Err(Refusal::NobodyHadIt(earlier.code.clone()));
    }
    Ok(message)
}

/// A correction, and to how many it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionShown {
    /// Its code; `None` where nothing was sent.
    pub message: Option<Code>,
    /// The message that it puts right.
    pub corrects: Code,
    /// Whether it was only looked at.
    pub dry_run: bool,
    /// How many had the earlier text, or may have had it.
    pub had_it: usize,
    /// How many waited for it, and get the new one only.
    pub waited_for_it: usize,
    /// Cards of the earlier text that are published: what stands there is to be edited or removed.
    pub cards_published: Vec<String>,
    /// What becomes of the messages by which a provider handed the earlier text out.
    pub recall: RecallAhead,
    /// What it says of itself.
    pub says: Option<Rectified>,
    /// When it begins to leave: until then a cancellation reaches everybody.
    pub starts_at: Option<Moment>,
    /// What it looks like on each channel, where it was only looked at.
    pub preview: BTreeMap<Channel, String>,
}

impl CorrectionShown {
    /// Of a correction that was launched, and goes to so many.
    #[must_use]
    pub fn launched(correction: &Message, to: Corrected) -> Self {
        let terms = &correction.terms;
        Self {
            message: Some(correction.code.clone()),
            corrects: terms.corrects.clone().unwrap_or_else(|| correction.code.clone()),
            dry_run: false,
            had_it: to.had_it,
            waited_for_it: to.waited,
            cards_published: Vec::new(),
            recall: RecallAhead::default(),
            says: terms.rectified.clone(),
            starts_at: terms.starts_at,
            preview: BTreeMap::new(),
        }
    }
}

/// What a correction would say, and to how many it would go; nothing of it is kept.
pub async fn correctable(
    school: &School,
    earlier: &Message,
    correction: &Message,
) -> Result<CorrectionShown, Refusal> {
    let to = school.queue.corrections().would_concern(earlier.id).await?;
    let preview = texts_for_first_of(school, earlier, correction).await?;
    let launched = CorrectionShown::launched(correction, to);
    let cards_published = cards_published(school, earlier).await?;
    let recall = recall_ahead(school, earlier, correction).await?;
    let looked_at = CorrectionShown { message: None, dry_run: true, preview, ..launched };
    Ok(CorrectionShown { cards_published, recall, ..looked_at })
}

/// What changed from one text to the next, in French: the fields that say something else, as the form calls
/// them. Blank where none does.
fn what_changed(info: &TemplateInfo, before: &Fields, now: &Fields) -> String {
    let text = |fields: &Fields, name: &str| fields.get(name).map_or("", |it| it.trim()).to_owned();
    let differs = |spec: &&FieldSpec| text(before, &spec.name) != text(now, &spec.name);
    let labels: Vec<&str> =
        info.fields.iter().filter(differs).map(FieldSpec::short_label).collect();
    match labels.split_last() {
        None => String::new(),
        Some((only, [])) => format!("la rubrique \"{only}\" a changé"),
        Some((last, others)) => {
            let others: Vec<String> = others.iter().map(|it| format!("\"{it}\"")).collect();
            format!("les rubriques {} et \"{last}\" ont changé", others.join(", "))
        }
    }
}

/// Launches a correction: durable when it returns. Whom it goes to is settled in that moment. Refused where a second person
/// says yes first.
pub async fn correct(
    school: &School,
    actor: Actor,
    earlier: &Message,
    correction: Message,
) -> Result<(Message, Corrected), Refusal> {
    correct_from(school, actor, earlier, correction, None).await
}

/// The same of one that may come from a draft, of which there is no more then.
pub async fn correct_from(
    school: &School,
    actor: Actor,
    earlier: &Message,
    correction: Message,
    draft: Option<DraftVersion>,
) -> Result<(Message, Corrected), Refusal> {
    if let Some(at) = draft {
        draft::check_kept(school, at).await?;
    }
    let to = school.queue.corrections().would_concern(earlier.id).await?;
    needs_approval::check_needs_none(school, &actor, to.all(), correction.urgency)?;
    let from = draft.map(|at| (at, None));
    correct_at_once(school, actor, earlier, correction, from).await
}

/// The draft that a correction comes from, and who said yes to it.
pub(super) type FromDraft = Option<(DraftVersion, Option<By>)>;

/// Launches a correction that needs no yes or has it; the draft that it comes from is gone.
pub(super) async fn correct_at_once(
    school: &School,
    actor: Actor,
    earlier: &Message,
    correction: Message,
    from: FromDraft,
) -> Result<(Message, Corrected), Refusal> {
    let whom = within::whom_of(school, &actor).await?;
    within::check_rule(school, &whom, &earlier.audience).await?;
    let now = school.clock.now();
    let correction = Message { launched_by: actor, ..timed(school, correction, now).await? };
    let (launched, draft) = (correction.clone(), from.as_ref().map(|(at, _)| *at));
    let take = move |tx: &Tx<'_>| {
        let Some((at, approved)) = from else { return Ok(()) };
        draft::take(tx, at, &launched)?;
        needs_approval::take(tx, at, &launched, approved.as_ref())
    };
    let corrections = school.queue.corrections();
    match corrections.launch(earlier.id, correction.clone(), take).await {
        Ok(corrected) => Ok((correction, corrected)),
        Err(StoreError::Overtaken) => Err(overtaken(school, earlier, draft).await),
        Err(error) => Err(error.into()),
    }
}

/// Why a correction came too late: its draft is not what it was, or somebody corrected the message meanwhile.
async fn overtaken(school: &School, earlier: &Message, draft: Option<DraftVersion>) -> Refusal {
    let why = async {
        if let Some(at) = draft {
            draft::check_kept(school, at).await?;
        }
        Ok(corrections(school, earlier).await?.pop())
    };
    match why.await {
        Ok(Some(by)) => Refusal::Corrected(earlier.code.clone(), by.code),
        Ok(None) => StoreError::Overtaken.into(),
        Err(refusal) => refusal,
    }
}

/// The corrections of a message, oldest first.
async fn corrections(school: &School, earlier: &Message) -> Result<Vec<Message>, StoreError> {
    let (id, code) = (school.queue.school().clone(), earlier.code.clone());
    school.store().read(move |tx| messages::corrections(tx, &id, &code)).await
}
