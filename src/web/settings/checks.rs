//! What an inspection found, on a page: of everything, or of one service.

use askama::Template;
use axum::extract::Path;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::findings::{CheckFound, found};
use crate::office::{self, Check, Severity};
use crate::providers::Guard;

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
    fn of(title: &'static str, checks: &[Check], section: Section) -> Self {
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
        Self { title, lead, tone, checks: checks.iter().map(found).collect(), back }
    }
}

/// Looks at everything now; sends nothing.
pub(super) async fn check(visitor: Visitor) -> Result<WebPage, Fault> {
    let checks = office::inspect(visitor.school(), Guard::Anywhere).await;
    let title = "Vérification";
    let section = Section::Settings;
    visitor.page(section, title, &ChecksPage::of(title, &checks, section))
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
    let check = office::try_provider(visitor.school(), name, Guard::Anywhere).await;
    let check = check.ok_or(Fault::NothingThere)?;
    let title = "Essai d’un service";
    visitor.page(section, title, &ChecksPage::of(title, &[check], section))
}
