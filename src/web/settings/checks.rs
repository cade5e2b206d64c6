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
    found: ChecksPart,
}

/// What was found out, the worst of it first in a sentence.
#[derive(Template)]
#[template(path = "settings/found.html", config = "src/web/askama.toml")]
pub(crate) struct ChecksPart {
    lead: &'static str,
    tone: &'static str,
    checks: Vec<CheckFound>,
}

impl ChecksPart {
    fn of(today: Date, checks: &[Check]) -> Self {
        let worst = checks.iter().map(|it| it.state).max().unwrap_or(Severity::Sound);
        let (lead, tone) = match worst {
            Severity::Sound => ("Tout est en ordre.", "good"),
            Severity::Doubtful => ("Quelque chose est à regarder.", "wait"),
            Severity::Failing => ("Quelque chose est à réparer.", "bad"),
        };
        Self { lead, tone, checks: checks.iter().map(|it| found(it, today)).collect() }
    }

    /// Of one service, which is asked whether it answers; sends nothing.
    pub(crate) async fn of_service(visitor: &Visitor, name: &str) -> Result<Self, Fault> {
        let (school, guard) = (visitor.school(), visitor.web().guard());
        let check = office::try_provider(school, name, guard).await.ok_or(Fault::NothingThere)?;
        Ok(Self::of(school.today(), &[check]))
    }
}

/// Looks at everything now; sends nothing.
pub(super) async fn check(visitor: Visitor) -> Result<WebPage, Fault> {
    let checks = office::inspect(visitor.school(), visitor.web().guard()).await;
    shown(&visitor, "Vérification", ChecksPart::of(visitor.school().today(), &checks))
}

/// Asks one service whether it answers; sends nothing.
pub(super) async fn try_one(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    shown(&visitor, "Essai d’un service", ChecksPart::of_service(&visitor, &name).await?)
}

fn shown(visitor: &Visitor, title: &'static str, found: ChecksPart) -> Result<WebPage, Fault> {
    visitor.page(Section::Settings, title, &ChecksPage { title, found })
}
