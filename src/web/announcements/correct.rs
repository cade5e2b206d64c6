//! An announcement put right: its fields filled in with the earlier text, then what changes, for whom, and how it
//! reads. Nothing of a correction is kept before it leaves, so that what was typed travels with the form.

use std::hash::{DefaultHasher, Hash, Hasher};

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::compose::text;
use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::found;
use crate::message::{Fields, Message, Terms, Urgency};
use crate::office::{self, Amendments, CorrectionShown, Refusal};
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
}

/// What would leave, looked at before.
struct CorrectCheck {
    told: String,
    what: String,
    cards: Vec<String>,
    texts: Vec<(&'static str, String)>,
    button: String,
    /// What was looked at, in short: what is typed over it afterwards is shown before it leaves.
    seen: String,
}

/// The form, filled in with the earlier text.
pub(super) async fn form(visitor: Visitor, Path(code): Path<String>) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    if message.is_digest() {
        return Err(Refusal::Digest.into());
    }
    shown(&visitor, &message, &message.fields, "", None, &Faults::default())
}

fn shown(
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
    };
    visitor.page(Section::Announcements, TITLE, &body)
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
        let page = shown(&visitor, &message, &typed, what, None, &faults)?;
        return Ok(page.refused().into_response());
    }
    let school = visitor.school();
    let changes = amendments(&visitor, &message, &typed, posted.some("ce-qui-change"));
    let correction = office::prepare_correction(school, &message, changes).await?;
    let seen = seen(&typed, what);
    if posted.has("envoyer") && posted.text("vu") == seen {
        let sent = office::correct(school, visitor.actor(), &message, correction).await?.0;
        return Ok(page::to(&format!("/annonces/{}?fait=envoyee", sent.code)));
    }
    let looked_at = office::correctable(school, &message, &correction).await?;
    let check = check(&visitor, looked_at, seen);
    Ok(shown(&visitor, &message, &typed, what, Some(check), &faults)?.into_response())
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

fn check(visitor: &Visitor, looked_at: CorrectionShown, seen: String) -> CorrectCheck {
    let CorrectionShown { had_it, waited_for_it, says, cards_published, preview, .. } = looked_at;
    let all = count(had_it + waited_for_it, "destinataire", "destinataires");
    let had = count(
        had_it,
        "a eu, ou peut-être eu, l’ancien texte",
        "ont eu, ou peut-être eu, l’ancien texte",
    );
    let waited = match waited_for_it {
        0 => String::new(),
        waited => format!(
            " ; {}",
            count(
                waited,
                "l’attendait encore et n’aura que le nouveau",
                "l’attendaient encore et n’auront que le nouveau"
            )
        ),
    };
    let texts = preview.into_iter().map(|(channel, text)| (channel.in_french(), text));
    CorrectCheck {
        told: format!("{had}{waited}."),
        what: says.map(|says| says.what).unwrap_or_default(),
        cards: cards_published,
        texts: if visitor.may(Right::SeeFamilies) { texts.collect() } else { Vec::new() },
        button: format!("Envoyer le rectificatif à {all}"),
        seen,
    }
}
