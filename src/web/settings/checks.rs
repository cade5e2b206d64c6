//! What an inspection found, on a page: of everything, or of one service.

use askama::Template;
use axum::extract::Path;
use jiff::civil::Date;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::findings::{CheckFound, found};
use crate::office::{self, Check, Severity};

#[derive(Template)]
#[template(path = "settings/check.html", config = "src/web/askama.toml")]
struct ChecksPage {
    title: &'static str,
    lead: &'static str,
    tone: &'static str,
    checks: Vec<CheckFound>,
    /// Where one came from: its address and its name.
    back: (&'static str, &'static str),
}

impl ChecksPage {
    fn of(today: Date, title: &'static str, checks: &[Check], section: Section) -> Self {
        let worst = checks.iter().map(|it| it.state).max().unwrap_or(Severity::Sound);
        let (lead, tone) = match worst {
            Severity::Sound => ("Tout est en ordre.", "good"),
            Severity::Doubtful => ("Quelque chose est à regarder.", "wait"),
            Severity::Failing => ("Quelque chose est à réparer.", "bad"),
        };
        let back = match section {
            Section::Channels => ("/canaux", "Retour aux canaux"),
            _ => ("/reglages", "Retour aux réglages"),
        };
        let checks = checks.iter().map(|it| found(it, today)).collect();
        Self { title, lead, tone, checks, back }
    }
}

fn shown(
    visitor: &Visitor,
    section: Section,
    title: &'static str,
    checks: &[Check],
) -> Result<WebPage, Fault> {
    let body = ChecksPage::of(visitor.school().today(), title, checks, section);
    visitor.page(section, title, &body)
}

/// Looks at everything now; sends nothing.
pub(super) async fn check(visitor: Visitor) -> Result<WebPage, Fault> {
    let checks = office::inspect(visitor.school(), visitor.web().guard()).await;
    shown(&visitor, Section::Settings, "Vérification", &checks)
}

/// Asks one service whether it answers; sends nothing.
pub(super) async fn try_one(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    tried(&visitor, &name, Section::Settings).await
}

/// The same, from another part of the pages.
pub(crate) async fn tried(
    visitor: &Visitor,
    name: &str,
    section: Section,
) -> Result<WebPage, Fault> {
    let check = office::try_provider(visitor.school(), name, visitor.web().guard()).await;
    shown(visitor, section, "Essai d’un service", &[check.ok_or(Fault::NothingThere)?])
}
