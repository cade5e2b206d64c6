//! A set of files as it stands: being read, what it would change, refused, applied. Its address is the same
//! throughout, and a colleague finds there what whoever gave the files finds.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::fault::{Explained, Fault};
use super::super::page::Section;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of, named, readable};
use super::desk::{Bench, ImportStage, NotDone};
use super::records::{self, AsideRow, CHANGES, RecordRow, WHO};
use super::{act, kept, words};
use crate::directory::{Change, Changes, Count, RecordOf};
use crate::import::Field;
use crate::office::{ImportStep, Proposal, School};
use crate::store::uploads::KeptUpload;

/// Records and remarks of each sort that stand on the page itself.
const FIRST: usize = 10;
/// Columns that are not read and named.
const UNREAD: usize = 12;
/// Seconds after which a browser without scripts looks again.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

/// What an act left to say.
#[derive(Deserialize)]
pub(super) struct AskedOfUpload {
    #[serde(default, rename = "fait")]
    done: String,
}

#[derive(Template)]
#[template(path = "imports/progress.html", config = "src/web/askama.toml")]
struct ProgressPage {
    path: String,
    steps: [(&'static str, StepState); 3],
    since: String,
}

/// How far one step of an import is.
enum StepState {
    ToCome,
    /// So much of a hundred is done, where that is counted.
    Begun(Option<u64>),
    Done,
}

#[derive(Template)]
#[template(path = "imports/refused.html", config = "src/web/askama.toml")]
struct RefusedPage<'a> {
    csrf: &'a str,
    path: String,
    told: Explained,
    is_of_columns: bool,
}

#[derive(Template)]
#[template(path = "imports/applied.html", config = "src/web/askama.toml")]
struct AppliedPage {
    sentence: String,
}

#[derive(Template)]
#[template(path = "imports/changes.html", config = "src/web/askama.toml")]
struct ChangesPage<'a> {
    csrf: &'a str,
    path: String,
    given: String,
    notice: Option<&'static str>,
    reading: String,
    files: Vec<(String, &'static str)>,
    counts: Vec<CountRow>,
    households: String,
    /// A heading, where all of them are listed if these are not all, and the first.
    first: Vec<(String, Option<String>, Vec<RecordRow>)>,
    columns: Vec<UnreadRow>,
    has_tables: bool,
    set_aside: Vec<AsideRow>,
    all_set_aside: String,
    doubts: Vec<String>,
    apply: Option<String>,
    may_confirm: bool,
}

struct CountRow {
    name: &'static str,
    /// How many, and where they are listed.
    changes: [(String, Option<String>); 3],
    unchanged: String,
}

/// A column that holds something and is not read.
struct UnreadRow {
    title: String,
    filled: String,
    sample: String,
}

/// The files as they stand.
pub(super) async fn page(
    visitor: Visitor,
    Path(typed): Path<String>,
    Query(asked): Query<AskedOfUpload>,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (upload, desk) = (kept::called(&typed)?, visitor.web().desk());
    if let Some(ended) = desk.bench(upload).and_then(|bench| ended(&visitor, &bench)) {
        return ended;
    }
    let kept = kept::waiting(&visitor, &typed).await?;
    let bench = desk.bench_or_read(visitor.web().shared_school(), kept.clone());
    match &bench.stage {
        ImportStage::Read(proposal) => {
            changes(&visitor, &kept, (&bench, proposal), &asked.done).await
        }
        ImportStage::Refused(told, is_of_columns) => {
            refused(&visitor, &bench, told, *is_of_columns)
        }
        ImportStage::AtWork(_) | ImportStage::Applying(_) | ImportStage::Applied(_) => {
            progress(&visitor, &bench)
        }
    }
}

/// What is told without asking whether the files still wait: of those under way, and of those that wait no more.
fn ended(visitor: &Visitor, bench: &Bench) -> Option<Result<Response, Fault>> {
    match &bench.stage {
        ImportStage::Applied(changes) => Some(applied(visitor, *changes)),
        ImportStage::Refused(told, false) => Some(refused(visitor, bench, told, false)),
        ImportStage::AtWork(_) | ImportStage::Applying(_) => Some(progress(visitor, bench)),
        ImportStage::Read(_) | ImportStage::Refused(_, true) => None,
    }
}

/// How far the work is, looked at again by itself.
fn progress(visitor: &Visitor, bench: &Bench) -> Result<Response, Fault> {
    use StepState::{Begun, Done, ToCome};
    let [read, compared, applied] = match &bench.stage {
        ImportStage::AtWork(ImportStep::Reading(far)) => {
            [Begun(Some(far.percent())), ToCome, ToCome]
        }
        ImportStage::AtWork(ImportStep::Comparing) => [Done, Begun(None), ToCome],
        ImportStage::Applying(far) => [Done, Done, Begun(Some(far.percent()))],
        _ => [Done, Done, Begun(None)],
    };
    let body = ProgressPage {
        path: kept::path(bench.upload),
        steps: [
            ("Lire les fichiers", read),
            ("Les comparer avec l’annuaire", compared),
            ("Appliquer, après votre accord", applied),
        ],
        since: named(visitor.school(), bench.since),
    };
    let page = visitor.page(Section::Imports, "Import en cours", &body)?;
    let mut answer = page.into_response();
    answer.headers_mut().insert(REFRESH, AGAIN);
    Ok(answer)
}

fn refused(
    visitor: &Visitor,
    bench: &Bench,
    told: &Explained,
    is_of_columns: bool,
) -> Result<Response, Fault> {
    let (csrf, path, told) = (visitor.csrf(), kept::path(bench.upload), told.clone());
    let body = RefusedPage { csrf, path, told, is_of_columns };
    Ok(visitor
        .page(Section::Imports, "Ces fichiers ne peuvent pas être importés", &body)?
        .into_response())
}

fn applied(visitor: &Visitor, changes: Changes) -> Result<Response, Fault> {
    let of = |pick: fn(&Count) -> usize| {
        [changes.pupils, changes.guardians, changes.staff].iter().map(pick).sum::<usize>()
    };
    let sentence = format!(
        "{}, {} et {}.",
        count(of(|it| it.added), "fiche ajoutée", "fiches ajoutées"),
        count(of(|it| it.changed), "modifiée", "modifiées"),
        count(of(|it| it.archived), "archivée", "archivées"),
    );
    let body = AppliedPage { sentence };
    Ok(visitor.page(Section::Imports, "L’import est appliqué", &body)?.into_response())
}

async fn changes(
    visitor: &Visitor,
    kept: &KeptUpload,
    (bench, proposal): (&Bench, &Arc<Proposal>),
    done: &str,
) -> Result<Response, Fault> {
    let path = kept::path(kept.id);
    let doubts = proposal.doubts();
    let unread = proposal.columns.iter().flat_map(|map| &map.unread).take(UNREAD);
    let body = ChangesPage {
        csrf: visitor.csrf(),
        given: given(visitor.school(), kept),
        notice: notice(bench.notice, done),
        reading: bench.reading.to_string(),
        files: proposal.files.iter().map(|it| (it.label.clone(), words::kind(it.kind))).collect(),
        counts: WHO.map(|who| CountRow::of(proposal, who, &path)).into(),
        households: count(proposal.diff.changes.households, "foyer", "foyers"),
        first: first(proposal, &path).await?,
        columns: unread
            .map(|it| UnreadRow {
                title: it.title.clone(),
                filled: count(it.filled, "case remplie", "cases remplies"),
                sample: it.sample.clone(),
            })
            .collect(),
        has_tables: !proposal.columns.is_empty(),
        set_aside: proposal.set_aside.iter().take(FIRST).map(AsideRow::of).collect(),
        all_set_aside: count(proposal.set_aside.len(), "remarque", "remarques"),
        doubts: doubts.iter().map(|doubt| act::told(visitor, doubt)).collect(),
        apply: act::button(proposal),
        may_confirm: act::may_confirm(visitor, &doubts),
        path,
    };
    Ok(visitor.page(Section::Imports, "Ce que l’import changerait", &body)?.into_response())
}

fn given(school: &School, kept: &KeptUpload) -> String {
    let at = hour_of(school, kept.given.at);
    match kept.given.actor.name() {
        "" => format!("Fichiers donnés {at}."),
        name => format!("Fichiers donnés par {name} {at}."),
    }
}

fn notice(of: Option<NotDone>, done: &str) -> Option<&'static str> {
    match done {
        "relu" => {
            return Some(
                "Ces fichiers ont été relus depuis que vous les avez regardés. Rien n’a été appliqué : vérifiez ce qui suit.",
            );
        }
        "rien" => return Some("Rien n’a été appliqué : regardez ce qui suit."),
        _ => {}
    }
    of.map(|why| match why {
        NotDone::Stale => {
            "Quelqu’un a changé l’annuaire pendant que vous regardiez. Rien n’a été appliqué : les fichiers viennent d’être comparés de nouveau, vérifiez ce qui suit."
        }
        NotDone::Failed => {
            "La base de données n’a pas pris les changements : rien n’a été appliqué. Réessayez dans une minute."
        }
    })
}

async fn first(
    proposal: &Arc<Proposal>,
    path: &str,
) -> Result<Vec<(String, Option<String>, Vec<RecordRow>)>, Fault> {
    let first = records::first_of_each(Arc::clone(proposal), FIRST).await?;
    let with_words = |(change, rows): (Change, Vec<RecordRow>)| {
        let total = WHO.iter().map(|who| records::number(proposal, *who, change)).sum();
        let title = words::records(total, Some(change));
        let all = format!("{path}/fiches?sorte={}", words::change_word(change));
        (title, (total > FIRST).then_some(all), rows)
    };
    Ok(first.into_iter().map(with_words).collect())
}

impl StepState {
    fn words(&self) -> String {
        match self {
            Self::ToCome => "à venir".to_owned(),
            Self::Begun(None) => "en cours".to_owned(),
            Self::Begun(Some(percent)) => format!("en cours : {percent} %"),
            Self::Done => "fait".to_owned(),
        }
    }

    const fn class(&self) -> &'static str {
        match self {
            Self::ToCome => "soft",
            Self::Begun(_) => "wait",
            Self::Done => "good",
        }
    }
}

impl CountRow {
    fn of(proposal: &Proposal, who: RecordOf, path: &str) -> Self {
        let changes = &proposal.diff.changes;
        let (name, unchanged) = match who {
            RecordOf::Pupil => ("Élèves", changes.pupils.unchanged),
            RecordOf::Guardian => ("Responsables", changes.guardians.unchanged),
            RecordOf::Staff => ("Personnels", changes.staff.unchanged),
        };
        let changes = CHANGES.map(|change| {
            let (who_word, word) = (words::who_word(who), words::change_word(change));
            let all = format!("{path}/fiches?qui={who_word}&sorte={word}");
            let number = records::number(proposal, who, change);
            (readable(number), (number > 0).then_some(all))
        });
        Self { name, changes, unchanged: readable(unchanged) }
    }
}

/// What the columns of a table are taken for, in one line.
pub(super) fn understood(field: Option<Field>) -> String {
    field.map_or_else(|| "non reconnue".to_owned(), words::field)
}
