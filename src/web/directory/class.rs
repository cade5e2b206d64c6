//! A class: its pupils, whoever stands for each, and of whom nobody could be told. It prints as a list.

use askama::Template;
use axum::extract::Path;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::percent;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::meant::sight;
use super::words::standing;
use crate::office::{self, ClassRoll};
use crate::people::Standing;

#[derive(Template)]
#[template(path = "directory/class.html", config = "src/web/askama.toml")]
struct ClassPage {
    title: String,
    lead: String,
    roll: ClassRoll,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path(class): Path<String>) -> Result<WebPage, Fault> {
    let (school, sight) = (visitor.school(), sight(&visitor));
    let roll = office::look_at_class(school, visitor.actor(), &sight, &class).await?;
    let roll = roll.ok_or(Fault::NothingThere)?;
    let body = ClassPage { title: format!("Classe {}", roll.class), lead: lead(&roll), roll };
    visitor.page(Section::Class, &body.title, &body)
}

/// Where a class is shown.
pub(crate) fn path(class: &str) -> String {
    format!("/annuaire/classes/{}", percent::encoded(class))
}

fn lead(roll: &ClassRoll) -> String {
    let pupils = count(roll.pupils.len(), "élève", "élèves");
    let without = roll.pupils.iter().filter(|pupil| !pupil.can_be_reached).count();
    if without == 0 {
        return format!("{pupils}. Chaque famille peut être jointe.");
    }
    let families =
        count(without, "famille ne peut pas être jointe", "familles ne peuvent pas être jointes");
    format!("{pupils}. {families} : aucune adresse ne fonctionne.")
}

/// What a guardian is, where they are no legal representative.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as the page engine calls it")]
fn as_what(of: &Standing) -> Option<&'static str> {
    (*of != Standing::LegalRepresentative).then(|| standing(*of))
}
