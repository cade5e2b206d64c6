//! The settings in words, and what an inspection found.

use askama::Template;
use axum::extract::Path;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::sheet::SheetParts;
use super::super::visitor::Visitor;
use super::findings::{CheckFound, found};
use crate::office::{self, Severity};
use crate::providers::Guard;

#[derive(Template)]
#[template(path = "settings/page.html", config = "src/web/askama.toml")]
struct SettingsPage {
    sheet: SheetParts,
    services: Vec<String>,
    folder: String,
}

/// What the configuration says.
pub(super) async fn page(visitor: Visitor) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let called = school.config.providers.iter().filter(|(_, it)| it.by_hand().is_none());
    let body = SettingsPage {
        sheet: SheetParts { parts: office::settings(school).parts },
        services: called.map(|(name, _)| name.clone()).collect(),
        folder: school.folder.display().to_string(),
    };
    visitor.page(Section::Settings, "Réglages", &body)
}

#[derive(Template)]
#[template(path = "settings/check.html", config = "src/web/askama.toml")]
struct ChecksPage {
    title: &'static str,
    lead: &'static str,
    tone: &'static str,
    checks: Vec<CheckFound>,
}

impl ChecksPage {
    fn of(title: &'static str, checks: &[office::Check]) -> Self {
        let worst = checks.iter().map(|it| it.state).max().unwrap_or(Severity::Sound);
        let (lead, tone) = match worst {
            Severity::Sound => ("Tout est en ordre.", "good"),
            Severity::Doubtful => ("Quelque chose est à regarder.", "wait"),
            Severity::Failing => ("Quelque chose est à réparer.", "bad"),
        };
        Self { title, lead, tone, checks: checks.iter().map(found).collect() }
    }
}

/// Looks at everything now; sends nothing.
pub(super) async fn check(visitor: Visitor) -> Result<WebPage, Fault> {
    let checks = office::inspect(visitor.school(), Guard::Anywhere).await;
    let title = "Vérification";
    visitor.page(Section::Settings, title, &ChecksPage::of(title, &checks))
}

/// Asks one service whether it answers; sends nothing.
pub(super) async fn try_one(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    let check = office::try_provider(visitor.school(), &name, Guard::Anywhere).await;
    let check = check.ok_or(Fault::NothingThere)?;
    let title = "Essai d’un service";
    visitor.page(Section::Settings, title, &ChecksPage::of(title, &[check]))
}
