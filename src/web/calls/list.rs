//! Every call that waits.

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use crate::office::{self, CallShown, School};
use crate::people::Right;
use crate::queue::HeldBack;

/// Calls on a page.
const EACH: usize = 40;

#[derive(Template)]
#[template(path = "calls/list.html", config = "src/web/askama.toml")]
struct CallsPage<'a> {
    csrf: &'a str,
    done: &'static str,
    begin: String,
    due: usize,
    total: usize,
    hours: Option<String>,
    held_back: Vec<String>,
    rows: Vec<CallRowShown>,
    pages: Numbered,
    may_export: bool,
    sees_everybody: bool,
}

/// A call in the list.
struct CallRowShown {
    reference: String,
    names: String,
    about: String,
    subject: String,
    shown: String,
    dialled: String,
    how: String,
}

impl CallRowShown {
    fn of(school: &School, call: &CallShown) -> Self {
        Self {
            reference: call.reference.clone(),
            names: call.names.join(" ou "),
            about: call.about.join(", "),
            subject: call.subject.clone(),
            shown: call.phone.clone(),
            dialled: format!("tel:{}", call.number.as_str()),
            how: how(school, call),
        }
    }
}

/// What there is to say of a call before it is opened: who has it, when it is to be made, what it gave last.
fn how(school: &School, call: &CallShown) -> String {
    let taken = call.taken_by.as_ref().map(|name| format!("{name} l’a en ligne"));
    let caller = call.caller.as_ref().map(|name| format!("sur la feuille de {name}"));
    let later = (!call.is_due).then(|| format!("à rappeler {}", hour_of(school, call.due_at)));
    let last = call.tried.last();
    let last = last.map(|it| format!("{} {}", it.outcome.in_french(), hour_of(school, it.at)));
    let urgent = call.is_urgent.then(|| "urgent".to_owned());
    let language = call.language.as_ref().map(|it| format!("langue : {it}"));
    let all = [urgent, taken, caller, later, last, language];
    all.into_iter().flatten().collect::<Vec<_>>().join(" ; ")
}

/// All that wait.
pub(super) async fn list(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let calls = office::calls(school, visitor.actor(), &visitor.whom()).await?;
    let total = calls.calls.len();
    let pages = Numbered::of("/appels?page=", asked.text("page"), total, EACH);
    let shown = calls.calls.iter().skip(pages.range().start).take(EACH);
    let due = calls.calls.iter().filter(|call| call.is_due).count();
    let body = CallsPage {
        csrf: visitor.csrf(),
        done: match asked.text("fait") {
            "fini" => {
                "Il n’y a plus d’appel à faire pour vous : les autres sont sur la feuille d’un collègue, en cours, ou pour plus tard. Merci !"
            }
            "laisse" => "C’est noté : quelqu’un d’autre peut faire cet appel.",
            "recu" => "C’est noté : la demande attend avec les réponses des familles.",
            "reparti" => "C’est réparti : chaque appel est sur une feuille, et sur une seule.",
            _ => "",
        },
        begin: format!("Commencer : {}", count(due, "appel à faire", "appels à faire")),
        due,
        total,
        hours: calls.hours_begin.map(|at| hour_of(school, at)),
        held_back: calls.held_back.iter().map(|(why, many)| told(school, why, *many)).collect(),
        rows: shown.map(|call| CallRowShown::of(school, call)).collect(),
        pages,
        may_export: visitor.may(Right::Export),
        sees_everybody: visitor.sees_everybody().is_ok(),
    };
    visitor.page(Section::Calls, "Appels", &body)
}

/// Why some are not to be made now.
fn told(school: &School, why: &HeldBack, many: usize) -> String {
    let calls = count(many, "appel attend", "appels attendent");
    match why {
        HeldBack::OnHold => format!("{calls} : tous les envois sont suspendus."),
        HeldBack::Closed => format!("{calls} : les appels sont fermés."),
        HeldBack::Paused(code) => format!("{calls} : l’annonce {code} est en pause."),
        HeldBack::NotBefore(code, at) => {
            let at = hour_of(school, *at);
            format!("{calls} : l’annonce {code} peut encore être annulée et commence {at}.")
        }
    }
}
