//! How an announcement goes: by which plan, how soon, until when.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::typed;
use super::super::visitor::Visitor;
use super::super::words::typed_moment;
use super::kept::{self, Saved, Steps, WritingStep};
use super::spending;
use crate::channel::Channel;
use crate::message::{Draft, DraftVersion, Override, Plan, Urgency};
use crate::office::{self, Refusal, School};
use crate::people::Right;
use crate::wording::dates;

const TITLE: &str = "L’envoi";
const START: &str = "depart";
const EXPIRY: &str = "jusqu-a";

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
    start: FormField,
    expiry: FormField,
    authority: FormField,
}

/// The hours of a draft, as they were typed.
struct TypedHours {
    start: String,
    expiry: String,
}

impl TypedHours {
    fn of(school: &School, draft: &Draft) -> Self {
        let shown = |at: Option<_>| at.map(|at| typed_moment(school, at)).unwrap_or_default();
        Self { start: shown(draft.starts_at), expiry: shown(draft.expires_at) }
    }

    fn posted(posted: &Form) -> Self {
        Self { start: posted.text(START).to_owned(), expiry: posted.text(EXPIRY).to_owned() }
    }

    /// Lays them over a draft.
    fn laid_over(&self, school: &School, draft: Draft) -> (Draft, Faults) {
        let mut faults = Faults::default();
        let starts_at = typed::to_come(school, START, &self.start, &mut faults);
        let expires_at = typed::to_come(school, EXPIRY, &self.expiry, &mut faults);
        if expires_at.zip(starts_at).is_some_and(|(end, start)| end <= start) {
            faults.add(EXPIRY, "C’est avant le départ : rien ne partirait.");
        }
        (Draft { starts_at, expires_at, ..draft }, faults)
    }
}

struct OfferedPlan {
    name: String,
    told: String,
    /// What it takes, where that is known yet.
    cost: Option<String>,
    is_chosen: bool,
}

/// The form of the sending.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Sending).await?;
    let hours = TypedHours::of(visitor.school(), &kept.draft);
    shown(&visitor, kept.at(), &kept.draft, &hours, Faults::default()).await
}

async fn shown(
    visitor: &Visitor,
    at: DraftVersion,
    draft: &Draft,
    hours: &TypedHours,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let usual = school.renderer.templates().info(&draft.template).map(|info| info.urgency);
    let reason = draft.passes_hours.as_ref().map(|it| it.reason.clone());
    let body = SendingBody {
        csrf: &visitor.session().csrf,
        at,
        steps: Steps::at(at.number, WritingStep::Sending),
        plans: plans(school, draft).await?,
        urgency: draft.urgency.map_or("", Urgency::as_str).to_owned(),
        usual: if usual == Ok(Urgency::Urgent) { "urgente" } else { "courante" },
        may_be_urgent: visitor.may(Right::SendUrgent),
        start: FormField::new(START, "Ne partir que le", FieldKind::Line)
            .hint(format!("{} Rien : dès que l’annonce est lancée.", typed::AS_TYPED))
            .typed(&hours.start)
            .fault(faults.of(START)),
        expiry: FormField::new(EXPIRY, "Ne plus rien envoyer après", FieldKind::Line)
            .hint(format!("{} Rien : tant que l’annonce n’est pas arrivée.", typed::AS_TYPED))
            .typed(&hours.expiry)
            .fault(faults.of(EXPIRY)),
        authority: FormField::new(
            "motif",
            "Passer outre les heures de repos, parce que",
            FieldKind::Line,
        )
        .hint(
            "Pour une annonce urgente, la nuit ou le dimanche. Le motif et votre nom sont gardés.",
        )
        .typed(reason.unwrap_or_default())
        .fault(faults.of("motif")),
        faults,
    };
    visitor.page(Section::Writing, TITLE, &body)
}

async fn plans(school: &School, draft: &Draft) -> Result<Vec<OfferedPlan>, Refusal> {
    let costs = office::cost_by_plan(school, draft).await?;
    let offered = school.config.plan_names().filter_map(|name| {
        let plan = school.config.plan(name).ok()?;
        Some(OfferedPlan {
            name: name.to_owned(),
            told: told(&plan),
            cost: costs.get(name).map(|cost| spending::in_a_line(*cost)),
            is_chosen: name == draft.plan,
        })
    });
    Ok(offered.collect())
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
    let kept = kept::open_at(&visitor, number, WritingStep::Sending).await?;
    let hours = TypedHours::posted(&posted);
    let passes_hours = posted.some("motif").map(|reason| Override {
        by: visitor.session().account.name.clone(),
        reason: reason.to_owned(),
    });
    let urgency = posted.some("urgence").and_then(urgency_of);
    let plan = posted.text("plan").to_owned();
    let draft = Draft { plan, urgency, passes_hours, ..kept.draft };
    let (draft, faults) = hours.laid_over(visitor.school(), draft);
    let over = kept::seen(&posted, number)?;
    if !faults.is_none() {
        return Ok(shown(&visitor, over, &draft, &hours, faults).await?.refused().into_response());
    }
    if let Saved::NotKept(now, faults) = kept::save(&visitor, over, draft.clone()).await? {
        return Ok(shown(&visitor, now, &draft, &hours, faults).await?.refused().into_response());
    }
    Ok(kept::go_on(number, WritingStep::Check))
}

fn urgency_of(word: &str) -> Option<Urgency> {
    [Urgency::Urgent, Urgency::Bulk].into_iter().find(|urgency| urgency.as_str() == word)
}
