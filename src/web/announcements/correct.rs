//! An announcement put right: its fields filled in with the earlier text, then what changes, for whom, and how it
//! reads. Nothing of a correction is kept before it leaves, so that what was typed travels with the form; where a second
//! person says yes first, it waits for that as a draft.

use std::hash::{DefaultHasher, Hash, Hasher};

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::approvals::first::{self, AskFirst};
use super::super::compose::text;
use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::found;
use super::looked_at::{CorrectionPart, CorrectionTexts, recipients};
use crate::message::{Draft, Fields, Follows, Message, Terms, Urgency};
use crate::office::draft::DraftShown;
use crate::office::{self, Amendments, Refusal, School};
use crate::people::Right;

const TITLE: &str = "Rectifier l’annonce";

#[derive(Template)]
#[template(path = "announcements/correct.html", config = "src/web/askama.toml")]
struct CorrectBody<'a> {
    csrf: &'a str,
    code: String,
    subject: String,
    faults: &'a Faults,
    fields: Vec<FormField>,
    what: FormField,
    check: Option<CorrectCheck>,
    /// The draft of another correction, which waits.
    waits: Option<u32>,
}

/// What would leave, looked at before.
struct CorrectCheck {
    looked_at: CorrectionPart,
    texts: CorrectionTexts,
    button: String,
    /// What there is in the place of sending it, where a second person says yes first.
    first: Option<AskFirst>,
    /// What was looked at, in short: what is typed over it afterwards is shown before it leaves.
    seen: String,
}

/// The form, filled in with the earlier text.
pub(super) async fn form(visitor: Visitor, Path(code): Path<String>) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    if message.is_digest() {
        return Err(Refusal::Digest.into());
    }
    shown(&visitor, &message, &message.fields, "", None, &Faults::default()).await
}

async fn shown(
    visitor: &Visitor,
    message: &Message,
    typed: &Fields,
    what: &str,
    check: Option<CorrectCheck>,
    faults: &Faults,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let body = CorrectBody {
        csrf: &visitor.session().csrf,
        code: message.code.to_string(),
        subject: school.subject(&message.template, &message.fields),
        fields: text::fields(school, &message.template, typed, faults),
        what: FormField::new("ce-qui-change", "Ce qui change, en quelques mots", FieldKind::Line)
            .hint(
                "Exemple : l’heure de reprise change. Rien : les rubriques modifiées sont nommées.",
            )
            .typed(what),
        faults,
        check,
        waits: waiting(school, message).await?,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

/// The draft that puts an announcement right and has not left.
async fn waiting(school: &School, message: &Message) -> Result<Option<u32>, Fault> {
    let following = office::draft::following(school, message).await?;
    let corrects = |it: &&DraftShown| matches!(it.draft.follows, Some(Follows::Corrects { .. }));
    Ok(following.iter().find(corrects).map(|it| it.number))
}

/// Shows what would leave and to whom; launches it where that was seen.
pub(super) async fn correct(
    visitor: Visitor,
    Path(code): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    if message.urgency == Urgency::Urgent && !visitor.may(Right::SendUrgent) {
        return Err(Fault::NotAllowed);
    }
    let (typed, what) = (text::typed(&posted), posted.text("ce-qui-change"));
    let faults = faults(&visitor, &message, &typed);
    if !faults.is_none() {
        let page = shown(&visitor, &message, &typed, what, None, &faults).await?;
        return Ok(page.refused().into_response());
    }
    let school = visitor.school();
    let changes = amendments(&visitor, &message, &typed, posted.some("ce-qui-change"));
    let correction = office::prepare_correction(school, &message, changes).await?;
    let seen = seen(&typed, what);
    if posted.has("envoyer") && posted.text("vu") == seen {
        return match office::correct(school, visitor.actor(), &message, correction).await {
            Ok((sent, _)) => Ok(page::to(&format!("/annonces/{}?fait=envoyee", sent.code))),
            Err(Refusal::NeedsApproval { .. }) => {
                let draft = draft(&message, typed, posted.some("ce-qui-change"));
                first::ask(&visitor, &message.code, draft).await
            }
            Err(refusal) => Err(refusal.into()),
        };
    }
    let looked_at = office::correctable(school, &message, &correction).await?;
    let many = looked_at.had_it + looked_at.waited_for_it;
    let check = CorrectCheck {
        looked_at: CorrectionPart::of(&looked_at),
        texts: CorrectionTexts::of(&visitor, &message, &looked_at).await?,
        button: format!("Envoyer le rectificatif à {}", recipients(&looked_at)),
        first: AskFirst::of(&visitor, &message.code, many, correction.urgency).await?,
        seen,
    };
    Ok(shown(&visitor, &message, &typed, what, Some(check), &faults).await?.into_response())
}

/// What waits for a second person's yes.
fn draft(message: &Message, fields: Fields, what: Option<&str>) -> Draft {
    let what = what.map(str::to_owned);
    let follows = Follows::Corrects { message: message.code.clone(), what };
    Draft { fields, ..Draft::following(message, follows) }
}

fn faults(visitor: &Visitor, message: &Message, typed: &Fields) -> Faults {
    let mut faults = text::missing(visitor.school(), &message.template, typed);
    if faults.is_none() && changed(message, typed).is_empty() {
        faults.add("", "Rien n’a changé : modifiez au moins une rubrique.");
    }
    faults
}

/// The fields that say something else now.
fn changed(message: &Message, typed: &Fields) -> Fields {
    let before = |name: &String| message.fields.get(name).map_or("", |text| text.trim());
    let differs = |(name, text): &(&String, &String)| before(name) != text.trim();
    typed.iter().filter(differs).map(|(name, text)| (name.clone(), text.clone())).collect()
}

/// What was typed, in short; who would deceive it deceives themselves.
fn seen(typed: &Fields, what: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (typed, what).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn amendments(
    visitor: &Visitor,
    message: &Message,
    typed: &Fields,
    what: Option<&str>,
) -> Amendments {
    Amendments {
        fields: changed(message, typed),
        what_changed: what.map(str::to_owned),
        urgency: None,
        plans: visitor.school().config.plans_beside(&message.plan),
        terms: Terms::default(),
    }
}
