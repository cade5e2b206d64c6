//! One announcement: what it says, where it stands, whom somebody must see to, what can be decided.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::super::compose::kept::{self, WritingStep};
use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of, named};
use super::answers::AnswersPart;
use super::sum::SumPart;
use super::to_see_to::{self, SeenToGroup};
use super::{found, retry};
use crate::channel::Channel;
use crate::message::{Message, MessageState};
use crate::office::draft::DraftShown;
use crate::office::{self, Overview, School, Shown};
use crate::people::Right;

#[derive(Template)]
#[template(path = "announcements/page.html", config = "src/web/askama.toml")]
struct MessageBody<'a> {
    csrf: &'a str,
    done: Option<String>,
    code: String,
    subject: &'a str,
    lead: String,
    facts: Vec<MessageFact>,
    undo: Option<String>,
    answers: Option<AnswersPart>,
    sum: SumPart,
    groups: Vec<SeenToGroup>,
    texts: Vec<(&'static str, String)>,
    retry: Option<(String, &'static str)>,
    on_offer: Vec<OnOffer>,
}

/// A fact about it, and where it leads: the address and its words.
struct MessageFact {
    name: &'static str,
    told: String,
    leads_to: Option<(String, String)>,
}

/// What somebody may ask for, as it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnOffer {
    Look,
    Correct,
    Pause,
    Resume,
    Cancel,
    Export,
}

impl MessageBody<'_> {
    fn offers(&self, what: OnOffer) -> bool {
        self.on_offer.contains(&what)
    }
}

/// What was just done.
#[derive(Deserialize)]
pub(super) struct JustDone {
    #[serde(default, rename = "fait")]
    done: String,
}

/// The page of an announcement.
pub(super) async fn page(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(did): Query<JustDone>,
) -> Result<WebPage, Fault> {
    let message = found::message(&visitor, &code).await?;
    let school = visitor.school();
    let overview = office::overview(school, &message).await?;
    let shown = office::show(school, &message).await?;
    let may_look = visitor.may(Right::SeeFamilies);
    let body = MessageBody {
        csrf: &visitor.session().csrf,
        done: done(&did.done, &overview),
        code: message.code.to_string(),
        subject: &overview.subject,
        lead: lead(school, &message, &overview),
        facts: facts(&visitor, &message, &shown).await?,
        undo: undo(&visitor, &message, &overview),
        answers: overview.answers.as_ref().map(|it| AnswersPart::of(it, may_look)),
        sum: SumPart::now(school, &message, &overview, may_look).await?,
        groups: if may_look { to_see_to::groups(&visitor, &message).await? } else { Vec::new() },
        texts: texts(&visitor, &message, shown.texts).await?,
        retry: to_retry(&visitor, &message, &overview).await?,
        on_offer: on_offer(&visitor, &message, &overview, shown.corrected_by.is_empty()),
    };
    visitor.page(Section::Announcements, &overview.subject, &body)
}

/// What an address says was just done; as it stands since, and nothing else that somebody could write there.
fn done(done: &str, overview: &Overview) -> Option<String> {
    let all = overview.status.addressees;
    let told = match (done, overview.status.state) {
        ("envoyee", _) => {
            format!("C’est lancé, pour {}.", count(all.total, "destinataire", "destinataires"))
        }
        ("deja", _) => {
            "L’annonce était déjà partie : rien n’est parti une seconde fois.".to_owned()
        }
        ("demande", _) => "L’accord est demandé : cela partira dès qu’il sera donné.".to_owned(),
        ("suspendue", MessageState::Paused) => "L’annonce est suspendue.".to_owned(),
        ("reprise", MessageState::Running) => "Les envois reprennent.".to_owned(),
        ("annulee", MessageState::Cancelled) if all.cancelled == all.total => {
            "L’annonce est annulée : personne ne l’a reçue.".to_owned()
        }
        ("annulee", MessageState::Cancelled) => format!(
            "L’annonce est annulée pour {} ; les autres l’avaient déjà, ou l’ont peut-être eue.",
            count(all.cancelled, "destinataire", "destinataires")
        ),
        _ => return None,
    };
    Some(told)
}

fn lead(school: &School, message: &Message, overview: &Overview) -> String {
    let by = match overview.launched_by.as_str() {
        "" => String::new(),
        name => format!(" par {name}"),
    };
    format!(
        "{} · lancée {}{by} · pour : {} · plan « {} »",
        message.code,
        hour_of(school, overview.launched_at),
        overview.audience,
        message.plan.name
    )
}

async fn facts(
    visitor: &Visitor,
    message: &Message,
    shown: &Shown,
) -> Result<Vec<MessageFact>, Fault> {
    let school = visitor.school();
    let mut facts = waiting(visitor, message).await?;
    let mut add = |name, told: String, code: Option<String>| {
        let leads_to = code.map(|code| (format!("/annonces/{code}"), code));
        facts.push(MessageFact { name, told, leads_to });
    };
    for code in &shown.corrected_by {
        add("Rectifiée par", String::new(), Some(code.to_string()));
    }
    for code in office::retried_by(school, message).await? {
        add("Relancée par", String::new(), Some(code.to_string()));
    }
    if let Some(by) = office::approved_by(school, message).await? {
        let told = format!("donné par {} {}", by.actor.name(), hour_of(school, by.at));
        add("Accord", told, None);
    }
    let terms = &message.terms;
    if let Some(code) = &terms.corrects {
        let what = terms.rectified.as_ref().map(|it| it.what.clone()).unwrap_or_default();
        add("Rectifie", what, Some(code.to_string()));
    }
    if let Some(code) = &terms.retries {
        add("Relance", String::new(), Some(code.to_string()));
    }
    if let Some(passes) = &terms.passes_hours {
        add(
            "Heures de repos",
            format!("passées outre par {} : {}", passes.by, passes.reason),
            None,
        );
    }
    if let Some(at) = office::chosen_start(school, message).filter(|at| *at > school.clock.now()) {
        add("Départ", named(school, at), None);
    }
    if let Some(at) = terms.expires_at {
        add("Rien ne part après", named(school, at), None);
    }
    Ok(facts)
}

/// What follows it and waits for somebody to send it, or for a second person's yes.
async fn waiting(visitor: &Visitor, message: &Message) -> Result<Vec<MessageFact>, Fault> {
    let following = office::draft::following(visitor.school(), message).await?;
    let may_open = visitor.may(Right::Write);
    let fact = |it: &DraftShown| {
        let path = kept::address(it.number, WritingStep::Check);
        MessageFact {
            name: "En attente",
            told: format!("préparé par {}", it.written_by),
            leads_to: may_open.then(|| (path, kept::listed_as(it))),
        }
    };
    Ok(following.iter().map(fact).collect())
}

/// Until when everybody can still be spared: nothing has left.
fn undo(visitor: &Visitor, message: &Message, overview: &Overview) -> Option<String> {
    let (school, starts_at) = (visitor.school(), message.terms.starts_at?);
    let left = (starts_at.0 - school.clock.now().0 + 999) / 1_000;
    let can =
        left > 0 && overview.status.state == MessageState::Running && visitor.may(Right::Send);
    can.then(|| match office::chosen_start(school, message) {
        Some(_) => "Annuler l’envoi : rien n’est encore parti".to_owned(),
        None => format!("Annuler l’envoi : rien n’est encore parti, {left} s"),
    })
}

/// What its first addressee got, for whoever may see them.
async fn texts(
    visitor: &Visitor,
    message: &Message,
    texts: BTreeMap<Channel, String>,
) -> Result<Vec<(&'static str, String)>, Fault> {
    let whom = visitor.whom();
    let is_seen = visitor.may(Right::SeeFamilies)
        && office::addressee(visitor.school(), message, 0, &whom).await?.is_some();
    let named = texts.into_iter().map(|(channel, text)| (channel.in_french(), text));
    Ok(if is_seen { named.collect() } else { Vec::new() })
}

fn on_offer(
    visitor: &Visitor,
    message: &Message,
    overview: &Overview,
    is_newest: bool,
) -> Vec<OnOffer> {
    let (state, all) = (overview.status.state, overview.status.addressees);
    let may_send = visitor.may(Right::Send);
    let may_look = visitor.may(Right::SeeFamilies);
    let goes_on = all.waiting + all.on_letter + all.on_call > 0;
    let offers = [
        (OnOffer::Look, may_look),
        (OnOffer::Correct, may_send && is_newest && !message.is_digest()),
        (OnOffer::Pause, may_send && goes_on && state == MessageState::Running),
        (OnOffer::Resume, may_send && state == MessageState::Paused),
        (OnOffer::Cancel, may_send && goes_on && state != MessageState::Cancelled),
        (OnOffer::Export, may_look && visitor.may(Right::Export)),
    ];
    offers.into_iter().filter(|(_, may)| *may).map(|(offer, _)| offer).collect()
}

/// Who can be tried again now: where that is asked, and its words.
async fn to_retry(
    visitor: &Visitor,
    message: &Message,
    overview: &Overview,
) -> Result<Option<(String, &'static str)>, Fault> {
    let all = overview.status.addressees;
    if !visitor.may(Right::Send) || all.unreached + all.uncertain == 0 {
        return Ok(None);
    }
    let able = office::to_try_again(visitor.school(), message).await?;
    Ok(match (able.unreached, able.uncertain) {
        (true, _) => Some((retry::address(message, false), "Relancer les non joints")),
        (false, true) => Some((retry::address(message, true), "Relancer les envois incertains")),
        (false, false) => None,
    })
}
