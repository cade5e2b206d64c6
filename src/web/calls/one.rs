//! One call: whom to ring, what to say, what it gave.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::hour_of;
use crate::delivery::CallOutcome;
use crate::message::{AnswerChoice, AnswerKind, Reference};
use crate::office::{
    self, CallAt, CallInHand, CallRefusal, CallSaid, CallShown, CallTried, School,
};

#[derive(Template)]
#[template(path = "calls/one.html", config = "src/web/askama.toml")]
struct CallPage<'a> {
    csrf: &'a str,
    done: &'static str,
    fault: String,
    path: String,
    title: String,
    about: String,
    subject: String,
    message: String,
    /// As it is read, as it is dialled; none of a call that is done.
    phone: Option<(String, String)>,
    hints: Vec<(&'static str, String)>,
    script: Option<String>,
    tried: Vec<String>,
    /// Whether it is theirs now.
    is_theirs: bool,
    /// Whether it waits.
    waits: bool,
    /// Which colleague has it open.
    taken_by: Option<String>,
    nth: u32,
    /// What the announcement asks, and what may be answered; nothing of one that asks nothing.
    question: String,
    choices: Vec<(&'static str, &'static str)>,
    /// The word of what is chosen already.
    answered: String,
    word: FormField,
    outcomes: Vec<(&'static str, &'static str, bool)>,
    may_correct: bool,
}

fn reference(typed: &str) -> Result<Reference, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

fn path_of(reference: &str) -> String {
    format!("/appels/{reference}")
}

/// What each button says, and whether it is the usual one.
fn outcomes() -> Vec<(&'static str, &'static str, bool)> {
    let words = |outcome: CallOutcome| match outcome {
        CallOutcome::Reached => "Jointe : l’information est donnée",
        CallOutcome::AsksFor => "Jointe, et demande quelque chose",
        CallOutcome::MessageLeft => "Message laissé",
        CallOutcome::NoAnswer => "Pas de réponse",
        CallOutcome::Busy => "Occupé",
        CallOutcome::WrongNumber => "Faux numéro",
        CallOutcome::Refused => "Ne veut pas écouter",
    };
    let all = CallOutcome::ALL.into_iter().filter(|it| *it != CallOutcome::AsksFor);
    all.map(|it| (it.as_str(), words(it), it == CallOutcome::Reached)).collect()
}

/// What was typed into the form, and why it was not taken.
#[derive(Default)]
struct SayTyped {
    answer: String,
    word: String,
    fault: String,
}

/// One call as it stands.
pub(super) async fn show(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let done = match asked.text("fait") {
        "note" => "C’est noté.",
        "repris" => "C’est repris : dites ce que l’appel a donné.",
        _ => "",
    };
    made(&visitor, reference(&typed)?, done, SayTyped::default()).await
}

async fn made(
    visitor: &Visitor,
    reference: Reference,
    done: &'static str,
    typed: SayTyped,
) -> Result<WebPage, Fault> {
    let (school, whom) = (visitor.school(), visitor.whom());
    let found = office::look_at_call(school, visitor.actor(), &whom, reference).await?;
    let found = found.ok_or(Fault::NothingThere)?;
    let body = match &found {
        CallAt::Waiting(call) => waiting(visitor, call, done, typed),
        CallAt::Done { reference, subject, message, names, about, tried } => CallPage {
            title: names.clone(),
            about: about.join(", "),
            subject: subject.clone(),
            message: message.to_string(),
            tried: tried.iter().map(|it| told(school, it)).collect(),
            may_correct: !tried.is_empty(),
            ..blank(visitor, reference, done, typed)
        },
    };
    visitor.page(Section::Calls, &format!("Appeler {}", body.title), &body)
}

fn blank<'a>(
    visitor: &'a Visitor,
    reference: &str,
    done: &'static str,
    typed: SayTyped,
) -> CallPage<'a> {
    CallPage {
        csrf: visitor.csrf(),
        done,
        fault: typed.fault,
        path: path_of(reference),
        title: String::new(),
        about: String::new(),
        subject: String::new(),
        message: String::new(),
        phone: None,
        hints: Vec::new(),
        script: None,
        tried: Vec::new(),
        is_theirs: false,
        waits: false,
        taken_by: None,
        nth: 1,
        question: String::new(),
        choices: Vec::new(),
        answered: typed.answer,
        word: FormField::new("mot", "Ce que la famille demande", FieldKind::Lines(3))
            .hint("S’il y a lieu, en quelques mots ; la demande attend ensuite avec les réponses.")
            .typed(typed.word),
        outcomes: outcomes(),
        may_correct: false,
    }
}

fn waiting<'a>(
    visitor: &'a Visitor,
    call: &CallShown,
    done: &'static str,
    typed: SayTyped,
) -> CallPage<'a> {
    let (school, me) = (visitor.school(), visitor.session().account.name.clone());
    let language = call.language.clone().map(|it| ("Langue", it));
    let whom = call.call.clone().map(|it| ("Qui appeler, et quand", it));
    let later = (!call.is_due).then(|| ("À rappeler", hour_of(school, call.due_at)));
    let caller = call.caller.clone().map(|it| ("Sur la feuille de", it));
    let taken_by = call.taken_by.clone();
    let choices = call.takes.map(AnswerKind::choices).unwrap_or_default();
    CallPage {
        title: call.names.join(" ou "),
        about: call.about.join(", "),
        subject: call.subject.clone(),
        message: call.message.to_string(),
        phone: Some((call.phone.clone(), format!("tel:{}", call.number.as_str()))),
        hints: [language, whom, later, caller].into_iter().flatten().collect(),
        script: call.script.clone(),
        tried: call.tried.iter().map(|it| told(school, it)).collect(),
        is_theirs: taken_by.as_ref() == Some(&me),
        waits: true,
        taken_by: taken_by.filter(|name| *name != me),
        nth: call.nth,
        question: call.question.clone().unwrap_or_else(|| "Ce que la famille répond".to_owned()),
        choices: choices.iter().map(|it| (it.as_str(), it.in_french())).collect(),
        may_correct: !call.tried.is_empty(),
        ..blank(visitor, &call.reference, done, typed)
    }
}

/// `pas de réponse à 10 h 05 (Sylvie Martin)`.
fn told(school: &School, tried: &CallTried) -> String {
    let (what, at) = (tried.outcome.in_french(), hour_of(school, tried.at));
    let word = tried.word.as_ref().map(|it| format!(" : « {it} »")).unwrap_or_default();
    let answer = tried.answer.map(|it| format!(", réponse : {}", it.in_french()));
    let answer = answer.unwrap_or_default();
    format!("{what}{answer} {at}, au {} ({}){word}", tried.phone, tried.by)
}

/// The next call that is due.
pub(super) async fn next(visitor: Visitor, _: Form) -> Result<Response, Fault> {
    opened(&visitor, None).await
}

/// This call.
pub(super) async fn take(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    opened(&visitor, Some(reference(&typed)?)).await
}

async fn opened(visitor: &Visitor, wanted: Option<Reference>) -> Result<Response, Fault> {
    let (school, whom) = (visitor.school(), visitor.whom());
    let named = wanted.as_ref().map(ToString::to_string);
    match office::take_call(school, visitor.actor(), &whom, wanted).await? {
        CallInHand::Theirs(call) => Ok(page::to(&path_of(&call.reference))),
        // The page says who has it.
        CallInHand::Colleagues { .. } => Ok(page::to(&path_of(&named.unwrap_or_default()))),
        CallInHand::Nothing => Ok(page::to("/appels?fait=fini")),
    }
}

/// Somebody else may make the call.
pub(super) async fn leave(visitor: Visitor, _: Form) -> Result<Response, Fault> {
    office::leave_calls(visitor.school(), visitor.actor()).await?;
    Ok(page::to("/appels?fait=laisse"))
}

/// What it gave.
pub(super) async fn say(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let reference = reference(&typed)?;
    let outcome = CallOutcome::from_word(posted.text("resultat")).ok_or(Fault::Unreadable)?;
    let word = posted.some("mot").map(str::to_owned);
    // Who was told, and asks for something.
    let asks = outcome == CallOutcome::Reached && word.is_some();
    let outcome = if asks { CallOutcome::AsksFor } else { outcome };
    let typed = |fault: String| SayTyped {
        answer: posted.text("reponse").to_owned(),
        word: posted.text("mot").to_owned(),
        fault,
    };
    let answer = posted.some("reponse").map(AnswerChoice::from_word);
    let answer = answer.map(|it| it.ok_or(Fault::Unreadable)).transpose()?;
    let nth = posted.text("essai").parse().ok();
    let said = CallSaid { outcome, word, answer, by: None, nth };
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    match office::note_call(school, actor, &whom, reference.clone(), said).await {
        Ok(noted) => Ok(page::to(&format!("{}?fait=note", path_of(&noted.call)))),
        Err(CallRefusal::Already { .. }) => {
            let mut fault =
                "Quelqu’un a déjà dit ce que cet appel a donné. Rien n’a changé.".to_owned();
            if let Some(word) = posted.some("mot") {
                fault = format!("{fault} Vous aviez écrit : « {word} »");
            }
            Ok(made(&visitor, reference, "", typed(fault)).await?.refused().into_response())
        }
        Err(CallRefusal::NotReached(_)) => {
            let fault = "Une réponse ne se note que si la famille est jointe : choisissez « Jointe », \
                         ou « Pas dit ». Rien n’est encore noté.";
            let typed = typed(fault.to_owned());
            Ok(made(&visitor, reference, "", typed).await?.refused().into_response())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// It was a slip of the finger.
pub(super) async fn correct(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let reference = reference(&typed)?;
    let (school, whom) = (visitor.school(), visitor.whom());
    let back = office::take_back_call(school, visitor.actor(), &whom, reference.clone()).await?;
    office::take_call(school, visitor.actor(), &whom, Some(reference)).await?;
    Ok(page::to(&format!("{}?fait=repris", path_of(&back.call))))
}
