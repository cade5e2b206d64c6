//! What is done with files once somebody has looked at what they change: applied, after a doubt is answered, or given
//! up.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page::{self, Section};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::desk::{Bench, ImportDesk};
use super::kept;
use super::records::{CHANGES, WHO, number};
use crate::id::Id;
use crate::office::{self, Doubt, Proposal, Sure};
use crate::people::Right;
use crate::store::uploads::KeptUpload;

const TITLE: &str = "Vérifier avant d’appliquer";

/// The words by which somebody says that they are sure, one a doubt.
const OF_REPRESENTATIVES: &str = "responsables";
const OF_SECOND_SOURCE: &str = "source";
const OF_RESTRICTED: &str = "decisions";
const OF_ARCHIVES: &str = "archives";

#[derive(Template)]
#[template(path = "imports/confirm.html", config = "src/web/askama.toml")]
struct ConfirmPage<'a> {
    csrf: &'a str,
    faults: Faults,
    path: String,
    reading: String,
    doubts: Vec<ToAnswer>,
    apply: String,
}

/// A doubt, and the word by which somebody says that they are sure.
struct ToAnswer {
    told: String,
    word: &'static str,
    answer: &'static str,
    is_sure: bool,
}

/// Asks whether what is doubted is right.
pub(super) async fn confirm(
    visitor: Visitor,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let (_, bench, proposal) = match kept::read(&visitor, &typed).await? {
        Ok(read) => read,
        Err(elsewhere) => return Ok(elsewhere),
    };
    asked(&visitor, (&bench, &proposal), Sure::default(), Faults::default())
}

fn asked(
    visitor: &Visitor,
    (bench, proposal): (&Bench, &Proposal),
    sure: Sure,
    faults: Faults,
) -> Result<Response, Fault> {
    let (path, doubts) = (kept::path(bench.upload), proposal.doubts());
    let is_refused = !faults.is_none();
    let Some(apply) = button(proposal).filter(|_| may_confirm(visitor, &doubts)) else {
        return Ok(page::to(&if is_refused { format!("{path}?fait=rien") } else { path }));
    };
    let body = ConfirmPage {
        csrf: visitor.csrf(),
        faults,
        path,
        reading: bench.reading.to_string(),
        doubts: doubts.iter().map(|doubt| ToAnswer::of(visitor, doubt, sure)).collect(),
        apply,
    };
    let page = visitor.page(Section::Imports, TITLE, &body)?;
    Ok(if is_refused { page.refused() } else { page }.into_response())
}

/// Applies what somebody has looked at, once; the page of the files says how it went.
pub(super) async fn apply(
    visitor: Visitor,
    Path(typed): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (upload, desk) = (kept::called(&typed)?, visitor.web().desk());
    let path = kept::path(upload);
    // Asked twice: the first one is heard.
    if desk.bench(upload).is_some_and(|it| it.is_applied()) {
        return Ok(page::to(&path));
    }
    let Ok((kept, bench, proposal)) = kept::read(&visitor, &typed).await? else {
        return Ok(page::to(&heard_or_read_again(desk, upload)));
    };
    let sure = sure(&visitor, &posted);
    if proposal.doubt(sure).is_some() {
        let mut faults = Faults::default();
        faults.add("sur", "Cochez ce qui est vérifié, ou abandonnez ces fichiers.");
        return asked(&visitor, (&bench, &proposal), sure, faults);
    }
    let school = visitor.web().shared_school();
    let is_as_seen = desk.apply(school, (visitor.actor(), sure), kept, posted.text("lecture"));
    Ok(page::to(&if is_as_seen { path } else { heard_or_read_again(desk, upload) }))
}

/// The page of files that somebody has applied by now; it says so where nobody has, since they were read again.
fn heard_or_read_again(desk: &ImportDesk, upload: Id<KeptUpload>) -> String {
    let is_heard = desk.bench(upload).is_some_and(|it| it.is_applied());
    let path = kept::path(upload);
    if is_heard { path } else { format!("{path}?fait=relu") }
}

/// Gives the files up.
pub(super) async fn abandon(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let upload = kept::called(&typed)?;
    let waiting = office::waiting_upload(visitor.school()).await?;
    waiting.filter(|it| it.kept.id == upload).ok_or(Fault::NothingThere)?;
    // Somebody applied them at this very moment, or gave them up: their page says so.
    if !office::abandon_upload(visitor.school(), upload).await? {
        return Ok(page::to(&kept::path(upload)));
    }
    if let Some(bench) = visitor.web().desk().bench(upload) {
        visitor.web().desk().forget(bench.reading);
    }
    Ok(page::to("/annuaire/import?fait=abandon"))
}

/// What a doubt says to whoever may know of rulings, and to whoever may not.
pub(super) fn told(visitor: &Visitor, doubt: &Doubt) -> String {
    if is_hidden(visitor, doubt) {
        return "Ces fichiers touchent une fiche que votre compte ne voit pas en entier. Demandez à la \
                direction de les regarder et de les appliquer, à l’adresse de cette page."
            .to_owned();
    }
    doubt.in_french()
}

/// Whether somebody can answer all of these; tables of whom nobody would be told are answered by their columns alone.
pub(super) fn may_confirm(visitor: &Visitor, doubts: &[Doubt]) -> bool {
    let is_open = |it: &Doubt| !is_hidden(visitor, it) && !matches!(it, Doubt::NobodyTold(_));
    doubts.iter().all(is_open)
}

fn is_hidden(visitor: &Visitor, doubt: &Doubt) -> bool {
    doubt.is_of_rulings() && !visitor.may(Right::SeeRulings)
}

/// What the button says, with the number; `None` where nothing changes.
pub(super) fn button(proposal: &Proposal) -> Option<String> {
    let sorts = WHO.into_iter().flat_map(|who| CHANGES.map(|change| (who, change)));
    let total = sorts.map(|(who, change)| number(proposal, who, change)).sum();
    if total == 0 {
        let says = "Appliquer les liens entre élèves et responsables";
        return proposal.diff.changes_something().then(|| says.to_owned());
    }
    Some(format!("Appliquer à {}", count(total, "fiche", "fiches")))
}

/// What somebody says to be right: never what they may not see.
fn sure(visitor: &Visitor, posted: &Form) -> Sure {
    let said = |word| posted.all("sur").any(|said| said == word);
    let of_rulings = |word| visitor.may(Right::SeeRulings) && said(word);
    Sure {
        of_representatives: of_rulings(OF_REPRESENTATIVES),
        of_second_source: said(OF_SECOND_SOURCE),
        of_restricted: of_rulings(OF_RESTRICTED),
        of_archives: said(OF_ARCHIVES),
    }
}

impl ToAnswer {
    fn of(visitor: &Visitor, doubt: &Doubt, sure: Sure) -> Self {
        let (word, answer) = match doubt {
            Doubt::NewRepresentatives(_) => {
                (OF_REPRESENTATIVES, "Je l’ai vérifié : c’est quelqu’un d’autre, à ajouter")
            }
            Doubt::OtherSource(_) => {
                (OF_SECOND_SOURCE, "Je l’ai vérifié : cette deuxième source est à ajouter")
            }
            Doubt::RestrictedGone(_) => {
                (OF_RESTRICTED, "Je l’ai vérifié : la fiche peut être archivée")
            }
            // No box is offered for tables of whom nobody would be told.
            Doubt::ManyArchived | Doubt::NobodyTold(_) => {
                (OF_ARCHIVES, "Je l’ai vérifié : ces fichiers sont complets")
            }
        };
        Self { told: told(visitor, doubt), word, answer, is_sure: sure.answers(doubt) }
    }
}
