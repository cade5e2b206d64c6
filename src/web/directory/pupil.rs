//! One pupil, and who stands for them.

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::meant::{handle, sight};
use super::{class, words};
use crate::office::{self, PupilFile};
use crate::people::{Restriction, Right};

/// What an act left to say.
#[derive(Deserialize)]
pub(super) struct AskedOfPupil {
    #[serde(default, rename = "fait")]
    done: String,
}

#[derive(Template)]
#[template(path = "directory/pupil.html", config = "src/web/askama.toml")]
struct PupilPage {
    path: String,
    name: String,
    done: Option<&'static str>,
    class: Option<(String, String)>,
    facts: Vec<(&'static str, String)>,
    guardians: Vec<Guardian>,
    is_out_of_reach: bool,
    rulings: Vec<(String, &'static str, String)>,
    may_edit: bool,
}

struct Guardian {
    path: String,
    name: String,
    standing: &'static str,
    can_be_reached: bool,
}

/// The page.
pub(super) async fn page(
    visitor: Visitor,
    Path(typed): Path<String>,
    Query(asked): Query<AskedOfPupil>,
) -> Result<WebPage, Fault> {
    let (school, sight, handle) = (visitor.school(), sight(&visitor), handle(&typed)?);
    let found = office::look_at_pupil(school, visitor.actor(), &sight, handle).await?;
    let file = found.ok_or(Fault::NothingThere)?;
    let body = made(&visitor, file, &asked);
    visitor.page(Section::Pupil, &body.name, &body)
}

/// The pupil whom an address means.
pub(super) async fn file(visitor: &Visitor, typed: &str) -> Result<PupilFile, Fault> {
    let found = office::pupil_file(visitor.school(), &sight(visitor), handle(typed)?).await?;
    found.ok_or(Fault::NothingThere)
}

/// Where a pupil is shown.
pub(super) fn path(file: &PupilFile) -> String {
    format!("/annuaire/eleves/{}", file.handle)
}

fn made(visitor: &Visitor, file: PupilFile, asked: &AskedOfPupil) -> PupilPage {
    let is_out_of_reach = !file.guardians.iter().any(|it| it.can_be_reached);
    let (path, PupilFile { pupil, guardians, restrictions, .. }) = (path(&file), file);
    let facts =
        [("Niveau", pupil.level.clone().unwrap_or_default()), ("Groupes", pupil.groups.join(", "))];
    let guardian = |it: office::GuardianOfPupil| Guardian {
        path: format!("/annuaire/personnes/{}", it.brief.handle),
        name: it.brief.name,
        standing: words::standing(it.standing),
        can_be_reached: it.can_be_reached,
    };
    let ruling = |it: office::RulingAbout| (it.person, Restriction::in_french(it.why), it.note);
    PupilPage {
        path,
        name: pupil.display_name(),
        done: told(&asked.done),
        class: pupil.class.map(|name| (class::path(&name), name)),
        facts: facts.into_iter().filter(|(_, said)| !said.is_empty()).collect(),
        guardians: guardians.into_iter().map(guardian).collect(),
        is_out_of_reach,
        rulings: restrictions.into_iter().map(ruling).collect(),
        may_edit: visitor.may(Right::EditFamilies),
    }
}

fn told(done: &str) -> Option<&'static str> {
    Some(match done {
        "ajout" => {
            "L’élève est ajouté, jusqu’à ce qu’un fichier l’apporte. Ajoutez maintenant ses responsables."
        }
        "fiche" => "La fiche est modifiée, par-dessus les imports à venir.",
        _ => return None,
    })
}
