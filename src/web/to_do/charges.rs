//! Those whom people must see to, by name, with what was tried; and what families answered.

use std::ops::Range;

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState};
use crate::office::{self, Charge, ReplyShown, School, Tried};
use crate::people::Right;

/// People, or answers, on a page.
const EACH: usize = 40;

/// Some of those who stand in a state.
#[derive(Template)]
#[template(path = "to_do/people.html", config = "src/web/askama.toml")]
pub(super) struct People {
    nobody: &'static str,
    then: &'static str,
    shown: Vec<PersonLine>,
    total: usize,
    /// Where the others are, and how many there are; none where all are shown.
    more: Option<(&'static str, String)>,
}

struct PersonLine {
    name: String,
    about: String,
    /// As it is read, as it is dialled.
    phone: Option<(String, String)>,
    message: String,
    subject: String,
    tried: Vec<String>,
    script: Option<String>,
}

/// The words about a state: of nobody, what to do, where they all stand.
const fn words(state: AddresseeState) -> (&'static str, &'static str, &'static str) {
    match state {
        AddresseeState::OnCall => (
            "Personne n’est à appeler.",
            "Le plan de ces personnes demande un appel : composez le numéro, et dites le texte.",
            "/a-traiter/appels",
        ),
        AddresseeState::Unreached => (
            "Tout le monde est joint, ou en chemin.",
            "Toutes leurs voies ont échoué : corrigez leurs coordonnées et relancez l’annonce, écrivez ou appelez.",
            "/a-traiter/non-jointes",
        ),
        _ => (
            "Aucun envoi n’est incertain.",
            "Ces envois sont peut-être arrivés. Demandez à la famille ; si elle n’a rien, relancez les envois incertains depuis la page de l’annonce.",
            "/a-traiter/incertains",
        ),
    }
}

impl People {
    /// Those of a range, and the way to all of them.
    pub(super) async fn of(
        visitor: &Visitor,
        state: AddresseeState,
        range: Range<usize>,
    ) -> Result<Self, Fault> {
        let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
        let found = office::look_at_charges(school, actor, &whom, state, range).await?;
        let sees_rulings = visitor.may(Right::SeeRulings);
        let (nobody, then, path) = words(state);
        let shown: Vec<PersonLine> =
            found.people.into_iter().map(|it| PersonLine::of(it, sees_rulings)).collect();
        let all = format!("Voir les {}", count(found.total, "personne", "personnes"));
        let more = (shown.len() < found.total).then_some((path, all));
        Ok(Self { nobody, then, shown, total: found.total, more })
    }
}

impl PersonLine {
    fn of(charge: Charge, sees_rulings: bool) -> Self {
        let Charge { message, subject, who, number, script, .. } = charge;
        let dialled = number.map(|it| format!("tel:{}", it.as_str()));
        Self {
            name: who.name,
            about: who.about.join(", "),
            phone: who.phone.zip(dialled),
            message: message.to_string(),
            subject,
            tried: who.tried.iter().map(|way| tried(way, sees_rulings)).collect(),
            script,
        }
    }
}

/// `SMS : message refusé`. That a ruling stands in the way is said to nobody who may not see rulings.
fn tried(way: &Tried, sees_rulings: bool) -> String {
    let channel = way.channel.in_french();
    let told = match way.state {
        DeliveryState::Waiting | DeliveryState::Sending => "à faire",
        DeliveryState::Accepted => "remis, sans preuve d’arrivée",
        DeliveryState::Proven => "arrivé",
        DeliveryState::Uncertain => "peut-être arrivé",
        DeliveryState::Withdrawn => "pas parti",
        DeliveryState::Failed => "échoué",
    };
    match way.failure {
        Some(FailureKind::Restricted) if !sees_rulings => format!("{channel} : pas parti"),
        Some(why) if way.state == DeliveryState::Failed => {
            format!("{channel} : {}", why.in_french())
        }
        _ => format!("{channel} : {told}"),
    }
}

/// Some of what families answered.
#[derive(Template)]
#[template(path = "to_do/answers.html", config = "src/web/askama.toml")]
pub(super) struct Answers {
    replies: Vec<AnswerLine>,
    total: usize,
    more: Option<String>,
}

struct AnswerLine {
    who: String,
    about: String,
    at: String,
    body: String,
}

impl Answers {
    /// So many after so many.
    pub(super) async fn of(school: &School, skipped: usize, most: usize) -> Result<Self, Fault> {
        let found = office::replies(school, skipped, most).await?;
        let answer = |it: ReplyShown| AnswerLine {
            who: it.name.unwrap_or_else(|| "Numéro inconnu de l’annuaire".to_owned()),
            about: it.pupils.join(", "),
            at: hour_of(school, it.at),
            body: it.body,
        };
        let replies: Vec<AnswerLine> = found.replies.into_iter().map(answer).collect();
        let all = format!("Voir les {}", count(found.total, "réponse", "réponses"));
        let more = (replies.len() < found.total).then_some(all);
        Ok(Self { replies, total: found.total, more })
    }
}

#[derive(Template)]
#[template(path = "to_do/all.html", config = "src/web/askama.toml")]
struct AllOf<T: Template> {
    title: &'static str,
    part: T,
    pages: Numbered,
}

/// Everybody who is to be called.
pub(super) async fn calls(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    all(&visitor, query, AddresseeState::OnCall, "À appeler").await
}

/// Everybody whom nothing reached.
pub(super) async fn unreached(
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    all(&visitor, query, AddresseeState::Unreached, "Personnes que rien n’a jointes").await
}

/// Everybody of whom nobody knows.
pub(super) async fn uncertain(
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    all(&visitor, query, AddresseeState::Uncertain, "Envois incertains").await
}

async fn all(
    visitor: &Visitor,
    query: Option<String>,
    state: AddresseeState,
    title: &'static str,
) -> Result<WebPage, Fault> {
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let total = office::in_hands(school, &visitor.whom(), state, 0..0).await?.total;
    let path = format!("{}?page=", words(state).2);
    let pages = Numbered::of(path, asked.text("page"), total, EACH);
    let part = People { more: None, ..People::of(visitor, state, pages.range()).await? };
    visitor.page(Section::ToDo, title, &AllOf { title, part, pages })
}

/// Everything that families answered.
pub(super) async fn replies(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let total = office::replies(school, 0, 0).await?.total;
    let pages = Numbered::of("/a-traiter/reponses?page=", asked.text("page"), total, EACH);
    let part = Answers::of(school, pages.range().start, EACH).await?;
    let (title, part) = ("Réponses des familles", Answers { more: None, ..part });
    visitor.page(Section::ToDo, title, &AllOf { title, part, pages })
}
