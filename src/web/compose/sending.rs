//! How an announcement goes: by which plan, how soon, until when.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::typed_moment;
use super::kept::{self, Saved, Steps, WritingStep};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::{Draft, DraftVersion, Override, Plan, Urgency};
use crate::office::School;
use crate::people::Right;
use crate::wording::dates;
use crate::wording::typed_dates::TypedDate;

const TITLE: &str = "L’envoi";

#[derive(Template)]
#[template(path = "compose/sending.html", config = "src/web/askama.toml")]
struct SendingBody<'a> {
    csrf: &'a str,
    at: DraftVersion,
    steps: Steps,
    faults: Faults,
    plans: Vec<OfferedPlan>,
    urgency: String,
    usual: &'static str,
    may_be_urgent: bool,
    expiry: FormField,
    authority: FormField,
}

struct OfferedPlan {
    name: String,
    told: String,
    is_chosen: bool,
}

/// The form of the sending.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open(&visitor, number).await?;
    let school = visitor.school();
    let expiry = kept.draft.expires_at.map(|at| typed_moment(school, at)).unwrap_or_default();
    shown(&visitor, kept.at(), &kept.draft, &expiry, Faults::default())
}

fn shown(
    visitor: &Visitor,
    at: DraftVersion,
    draft: &Draft,
    expiry: &str,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let usual = school.renderer.templates().info(&draft.template).map(|info| info.urgency);
    let reason = draft.passes_hours.as_ref().map(|it| it.reason.clone());
    let body = SendingBody {
        csrf: &visitor.session().csrf,
        at,
        steps: Steps::at(at.number, WritingStep::Sending),
        plans: plans(school, &draft.plan),
        urgency: draft.urgency.map_or("", Urgency::as_str).to_owned(),
        usual: if usual == Ok(Urgency::Urgent) { "urgente" } else { "courante" },
        may_be_urgent: visitor.may(Right::SendUrgent),
        expiry: FormField::new("jusqu-a", "Ne plus rien envoyer après", FieldKind::Line)
            .hint("Exemples : vendredi 18h, 04/12/2026 8h. Rien : tant que l’annonce n’est pas arrivée.")
            .typed(expiry)
            .fault(faults.of("jusqu-a")),
        authority: FormField::new("motif", "Passer outre les heures de repos, parce que", FieldKind::Line)
            .hint("Pour une annonce urgente, la nuit ou le dimanche. Le motif et votre nom sont gardés.")
            .typed(reason.unwrap_or_default())
            .fault(faults.of("motif")),
        faults,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

fn plans(school: &School, chosen: &str) -> Vec<OfferedPlan> {
    let offered = school.config.plan_names().filter_map(|name| {
        let plan = school.config.plan(name).ok()?;
        Some(OfferedPlan { name: name.to_owned(), told: told(&plan), is_chosen: name == chosen })
    });
    offered.collect()
}

/// `ENT, puis courriel après 30 minutes, puis SMS après 2 heures`.
fn told(plan: &Plan) -> String {
    let mut told = String::new();
    for (at, rung) in plan.rungs().iter().enumerate() {
        let ways: Vec<&str> = rung.channels.iter().map(|it: &Channel| it.in_french()).collect();
        if at > 0 {
            told.push_str(", puis ");
        }
        told.push_str(&ways.join(" et "));
        if at + 1 < plan.rungs().len() && !rung.is_carried_by_people() {
            told.push_str(" (");
            told.push_str(&dates::lasting(rung.patience()));
            told.push_str(" au plus)");
        }
    }
    told
}

/// Keeps how it goes, and goes on to the last page.
pub(super) async fn save(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::open(&visitor, number).await?;
    let expiry = posted.text("jusqu-a");
    let (expires_at, faults) = read_expiry(visitor.school(), expiry);
    let passes_hours = posted.some("motif").map(|reason| Override {
        by: visitor.session().account.name.clone(),
        reason: reason.to_owned(),
    });
    let urgency = posted.some("urgence").and_then(urgency_of);
    let plan = posted.text("plan").to_owned();
    let draft = Draft { plan, urgency, expires_at, passes_hours, ..kept.draft };
    let over = kept::seen(&posted, number)?;
    if !faults.is_none() {
        return Ok(shown(&visitor, over, &draft, expiry, faults)?.refused().into_response());
    }
    if let Saved::Overtaken(now, faults) = kept::save(&visitor, over, draft.clone()).await? {
        return Ok(shown(&visitor, now, &draft, expiry, faults)?.refused().into_response());
    }
    Ok(kept::go_on(number, WritingStep::Check))
}

fn urgency_of(word: &str) -> Option<Urgency> {
    [Urgency::Urgent, Urgency::Bulk].into_iter().find(|urgency| urgency.as_str() == word)
}

fn read_expiry(school: &School, typed: &str) -> (Option<Moment>, Faults) {
    let mut faults = Faults::default();
    if typed.is_empty() {
        return (None, faults);
    }
    let hours = &school.queue.timing().hours;
    let now = school.clock.now();
    let at = TypedDate::read(typed).and_then(|day| hours.at(day.seen_from(hours.wall(now))));
    match at {
        Some(at) if at > now => return (Some(at), faults),
        Some(_) => faults.add("jusqu-a", "Cette date est passée : choisissez-en une à venir."),
        None => faults.add(
            "jusqu-a",
            "Cette date ne se lit pas : écrivez par exemple vendredi 18h, ou 04/12/2026 8h.",
        ),
    }
    (None, faults)
}
