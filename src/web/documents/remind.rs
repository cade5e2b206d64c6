//! A reminder to the form teachers of the classes for which nothing was left: a draft, ready to be looked at and sent.

use axum::response::Response;

use super::super::compose::kept::{WritingStep, address};
use super::super::fault::{Explained, Fault};
use super::super::page as pages;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::page::without;
use super::words::week_of;
use crate::message::{Draft, Week};
use crate::office::{self, draft};
use crate::people::Whom;
use crate::wording::dates;

/// The template of any announcement.
const TEMPLATE: &str = "annonce";

/// Keeps the draft, and leads to its last step.
pub(super) async fn remind(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, week) = (visitor.school(), week_of(&visitor, posted.text("semaine")));
    let left = office::documents(school, Some(week), Whom::Everybody).await?;
    let classes = without(&office::classes(school).await?, &left);
    if classes.is_empty() {
        return Err(Explained::new(
            "Toutes les classes ont un document pour cette semaine.",
            "Il n’y a personne à qui le rappeler.",
        )
        .into());
    }
    let plan = school.config.usual_plan().unwrap_or_default().to_owned();
    let reminder = Draft {
        template: TEMPLATE.to_owned(),
        fields: said(week, &classes),
        audience: audience(&classes),
        plan,
        ..Draft::default()
    };
    let at = draft::save(school, visitor.actor(), reminder, None).await?;
    Ok(pages::to(&address(at.number, WritingStep::Check)))
}

fn audience(classes: &[String]) -> String {
    let quoted: Vec<String> = classes.iter().map(|class| format!("\"{class}\"")).collect();
    format!("professeurs-principaux classe:{}", quoted.join(","))
}

fn said(week: Week, classes: &[String]) -> crate::message::Fields {
    let monday = dates::in_month(week.monday());
    [
        ("objet", format!("Documents à déposer pour la semaine du {monday}")),
        (
            "ce_qui_change",
            format!(
                "Rien n’est encore déposé pour : **{}**. Les foyers sans écran reçoivent sur papier ce que \
                 vous déposez, chacun pour ses enfants.",
                classes.join(", ")
            ),
        ),
        ("circuit", "Déposez dans « Courriers », « Documents à imprimer », ou donnez vos feuilles au secrétariat.".to_owned()),
        ("agenda", format!("Avant l’impression des paquets de la semaine du {monday}.")),
        ("prochain_rendez_vous", format!("impression des paquets de la semaine du {monday}")),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}
