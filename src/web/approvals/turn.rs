//! Who is asked, since when, where they answer, and what was refused, in words.

use askama::Template;

use super::super::words::{hour_of, named};
use crate::office::{AskedApproval, AskedPerson, School};

/// Who asked, and whose turn it is.
#[derive(Template)]
#[template(path = "approvals/turn.html", config = "src/web/askama.toml")]
pub(super) struct TurnPart {
    asked_by: String,
    asked_at: String,
    /// Who may answer; `None` once somebody did.
    people: Option<Vec<(String, String)>>,
    passed_on_at: Option<String>,
}

impl TurnPart {
    /// Of what was asked for.
    pub(super) fn of(school: &School, asked: &AskedApproval) -> Self {
        let person = |it: &AskedPerson| (it.name.clone(), named(school, it.since));
        Self {
            asked_by: asked.asked_by.name().to_owned(),
            asked_at: hour_of(school, asked.asked_at),
            people: asked.declined.is_none().then(|| asked.asked.iter().map(person).collect()),
            passed_on_at: asked.passed_on_at.map(|at| hour_of(school, at)),
        }
    }
}

/// The page on which somebody answers.
pub(crate) fn address(number: u32) -> String {
    format!("/accords/{number}")
}

/// `Rosa Bel a refusé cet envoi à 8 h 40 : « La date est fausse »`; `None` where nobody did.
pub(crate) fn declined(school: &School, asked: &AskedApproval) -> Option<String> {
    let no = asked.declined.as_ref()?;
    let (by, at) = (no.by.name(), hour_of(school, no.at));
    Some(format!("{by} a refusé cet envoi {at} : « {} »", no.reason))
}

/// `Camille Arago`, `Camille Arago ou Rosa Bel`, `une deuxième personne`.
pub(crate) fn names(asked: &[AskedPerson]) -> String {
    match asked {
        [one] => one.name.clone(),
        [one, other] => format!("{} ou {}", one.name, other.name),
        _ => "une deuxième personne".to_owned(),
    }
}
