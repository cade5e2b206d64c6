//! A scan: how far its reading is, then who answered, what a person is to type, and what nobody could read.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::field::Faults;
use super::super::file as files;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::desk::ScanReading;
use super::kept;
use crate::id::Id;
use crate::message::AnswerKind;
use crate::office::{
    self, KeptScan, PageAt, ScanReport, ScanShown, SlipBecame, SlipOnPage, SlipStands,
    SlipsExpected, WorkBecame, WorkOnPage,
};
use crate::scan::ScanRefused;

/// Slips on a page.
const EACH: usize = 25;
/// Pages without a code that are shown; the others are named.
const WITHOUT: usize = 20;
/// Seconds after which a browser without scripts looks again.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

#[derive(Template)]
#[template(path = "slips/progress.html", config = "src/web/askama.toml")]
struct ReadingPage {
    path: String,
    said: String,
}

#[derive(Template)]
#[template(path = "slips/failed.html", config = "src/web/askama.toml")]
struct FailedPage<'a> {
    csrf: &'a str,
    path: String,
    told: Explained,
}

#[derive(Template)]
#[template(path = "slips/page.html", config = "src/web/askama.toml")]
struct ReportPage<'a> {
    csrf: &'a str,
    faults: Faults,
    done: String,
    path: String,
    summary: Vec<(String, &'static str)>,
    expected: Vec<(String, String)>,
    slips: Vec<SlipRow>,
    pages: Numbered,
    here: &'a str,
    without: Vec<PageRow>,
    more_without: Vec<String>,
    unmatched: Vec<String>,
    foreign: Vec<String>,
    lost_works: Vec<String>,
    refused: Vec<String>,
}

struct SlipRow {
    reference: String,
    became: &'static str,
    tone: &'static str,
    place: String,
    who: String,
    about: String,
    of: String,
    said: String,
    question: Option<String>,
    choices: Vec<(&'static str, &'static str)>,
    cut_out: Option<String>,
    whole: Option<String>,
}

struct PageRow {
    field: String,
    place: String,
    picture: Option<String>,
}

/// The scan as it stands.
pub(super) async fn page(
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let id = kept::called(&typed)?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    match office::kept_scan(visitor.school(), id)? {
        ScanShown::Unread => unread(&visitor, id),
        ScanShown::Read(scan) => {
            let number = |name| asked.text(name).parse().unwrap_or(0);
            let told = (done(number("notes"), number("travaux")), Faults::default());
            Ok(report(&visitor, id, &scan, asked.text("page"), told).await?.into_response())
        }
    }
}

/// What was done of what somebody typed: slips that were noted, pages of work that were kept.
pub(super) fn done(slips: usize, pages: usize) -> String {
    let noted = (slips > 0).then(|| count(slips, "coupon noté", "coupons notés"));
    let kept =
        (pages > 0).then(|| count(pages, "page de travail gardée", "pages de travail gardées"));
    noted.into_iter().chain(kept).map(|it| format!("{it}.")).collect::<Vec<_>>().join(" ")
}

fn unread(visitor: &Visitor, id: Id<KeptScan>) -> Result<Response, Fault> {
    let (web, path) = (visitor.web(), kept::path(id));
    match web.scans().reading(web.shared_school(), id) {
        ScanReading::Failed(told) => {
            let body = FailedPage { csrf: visitor.csrf(), path, told };
            let page = visitor.page(Section::Slips, "Coupons", &body)?;
            Ok(page.into_response())
        }
        ScanReading::AtWork(far) => {
            let said = match far.counts() {
                (_, 0) => "Les pages vont être lues.".to_owned(),
                (done, of) => format!("{done} pages lues sur {of}."),
            };
            let page =
                visitor.page(Section::Slips, "Lecture en cours", &ReadingPage { path, said })?;
            let mut answer = page.into_response();
            answer.headers_mut().insert(REFRESH, AGAIN);
            Ok(answer)
        }
    }
}

/// What a scan says, a page of its slips at a time.
pub(super) async fn report(
    visitor: &Visitor,
    id: Id<KeptScan>,
    scan: &ScanReport,
    asked: &str,
    (done, faults): (String, Faults),
) -> Result<WebPage, Fault> {
    let (school, path) = (visitor.school(), kept::path(id));
    let of_somebody = scan.slips.iter().filter(|slip| is_of_somebody(slip));
    let slips: Vec<SlipOnPage> = of_somebody.cloned().collect();
    let pages = Numbered::of(format!("{path}?page="), asked, slips.len(), EACH);
    let part = pages.part(&slips);
    let stands = office::look_at_slips(school, visitor.actor(), part).await?;
    let rows =
        part.iter().filter_map(|it| Some(SlipRow::of(it, stands.get(&it.reference)?, &path)));
    let without = scan.without_code.iter().enumerate().take(WITHOUT);
    let unmatched = scan.slips.iter().filter(|it| it.became == SlipBecame::Unmatched);
    let body = ReportPage {
        csrf: visitor.csrf(),
        faults,
        done,
        summary: summary(scan),
        expected: scan.expected.iter().map(awaited).collect(),
        slips: rows.collect(),
        here: asked,
        without: without.map(|(at, it)| PageRow::of(at, it, &path)).collect(),
        more_without: scan.without_code.iter().skip(WITHOUT).map(ToString::to_string).collect(),
        unmatched: unmatched.map(|it| format!("{} ({})", it.reference, it.at)).collect(),
        lost_works: scan.works.iter().filter_map(lost).collect(),
        foreign: scan.foreign.iter().map(ToString::to_string).collect(),
        refused: scan.refused.iter().map(|it| format!("{} : {}", it.file, why(it.why))).collect(),
        pages,
        path,
    };
    visitor.page(Section::Slips, "Coupons lus", &body)
}

fn summary(scan: &ScanReport) -> Vec<(String, &'static str)> {
    let of = |became| scan.count(became);
    let works = |became| scan.count_works(became);
    let answered = count(of(SlipBecame::Answered), "famille a répondu", "familles ont répondu");
    let lines = [
        (scan.pages, count(scan.pages, "page lue", "pages lues"), ""),
        (scan.blank, count(scan.blank, "page blanche", "pages blanches"), "soft"),
        (of(SlipBecame::Answered), answered, "good"),
        (
            of(SlipBecame::Known),
            count(of(SlipBecame::Known), "coupon déjà revenu", "coupons déjà revenus"),
            "soft",
        ),
        (
            of(SlipBecame::Twice),
            count(of(SlipBecame::Twice), "coupon en double", "coupons en double"),
            "soft",
        ),
        (
            of(SlipBecame::Unmatched),
            count(of(SlipBecame::Unmatched), "coupon d’aucune annonce", "coupons d’aucune annonce"),
            "wait",
        ),
        (
            works(WorkBecame::Taken),
            count(works(WorkBecame::Taken), "page de travail gardée", "pages de travail gardées"),
            "good",
        ),
        (
            works(WorkBecame::Known),
            count(works(WorkBecame::Known), "page déjà gardée", "pages déjà gardées"),
            "soft",
        ),
        (
            scan.without_code.len(),
            count(scan.without_code.len(), "page sans code lu", "pages sans code lu"),
            "wait",
        ),
    ];
    let lines = lines.into_iter().filter(|(many, ..)| *many > 0);
    lines.map(|(_, said, tone)| (said, tone)).collect()
}

/// A page of work that is not kept, and why.
fn lost(work: &WorkOnPage) -> Option<String> {
    let why = match work.became {
        WorkBecame::Taken | WorkBecame::Known => return None,
        WorkBecame::Unmatched => "aucun travail à rendre n’a ce numéro",
        WorkBecame::Several => {
            "plusieurs feuilles sont sur la même image : numérisez-les une par une"
        }
        WorkBecame::Unseen => "cette page n’a pas d’image : numérisez-la de nouveau",
    };
    Some(format!("{} ({}) : {why}", work.page_of_work, work.at))
}

fn awaited(expected: &SlipsExpected) -> (String, String) {
    let back = expected.letters - expected.missing.len();
    let letters = count(expected.letters, "coupon imprimé", "coupons imprimés");
    let missing = match expected.missing.len() {
        0 => "il n’en manque aucun".to_owned(),
        many => count(many, "est encore attendu", "sont encore attendus"),
    };
    let said = format!(
        "{} sur {letters} ; {missing}",
        count(back, "famille a répondu", "familles ont répondu")
    );
    (expected.message.to_string(), said)
}

/// Whether there is something to type of it: of each slip once.
pub(super) fn is_of_somebody(slip: &SlipOnPage) -> bool {
    matches!(slip.became, SlipBecame::Answered | SlipBecame::Known)
}

const fn why(why: ScanRefused) -> &'static str {
    match why {
        ScanRefused::Foreign => "ce n’est ni un PDF, ni une photo JPEG ou PNG.",
        ScanRefused::Closed => "il n’a pas pu être ouvert. Donnez-le de nouveau.",
        ScanRefused::Locked => "il demande un mot de passe. Enregistrez-le sans mot de passe.",
        ScanRefused::Damaged => "il est abîmé, ou vide. Numérisez de nouveau.",
        ScanRefused::TooManyPages => "il a trop de pages. Donnez-le en plusieurs fois.",
        ScanRefused::TooLarge => "il est trop grand. Numérisez en gris, à 200 points par pouce.",
        ScanRefused::Deadly => "sa lecture n’arrive pas à son terme. Numérisez de nouveau.",
    }
}

impl SlipRow {
    fn of(slip: &SlipOnPage, stands: &SlipStands, path: &str) -> Self {
        let image =
            |name: &Option<String>| name.as_ref().map(|name| format!("{path}/images/{name}"));
        let (became, tone) = match slip.became {
            SlipBecame::Known => ("déjà revenu", "soft"),
            _ => ("a répondu", "good"),
        };
        let choices = stands.takes.map(AnswerKind::choices).unwrap_or_default();
        let answered = stands.answer.map(|it| format!("a répondu {}", it.in_french()));
        let said = answered.into_iter().chain(Some(stands.said.clone()));
        let said: Vec<String> = said.filter(|it| !it.is_empty()).collect();
        Self {
            reference: slip.reference.clone(),
            became,
            tone,
            place: slip.at.to_string(),
            who: stands.name.clone(),
            about: stands.about.join(", "),
            of: format!("{} ({})", stands.subject, stands.message),
            said: said.join(" ; "),
            question: stands.question.clone(),
            choices: choices.iter().map(|it| (it.as_str(), it.in_french())).collect(),
            cut_out: image(&slip.cut_out),
            whole: image(&slip.at.picture),
        }
    }
}

impl PageRow {
    fn of(at: usize, page: &PageAt, path: &str) -> Self {
        Self {
            field: format!("sans-{at}"),
            place: page.to_string(),
            picture: page.picture.as_ref().map(|name| format!("{path}/images/{name}")),
        }
    }
}

/// A picture of a scan.
pub(super) async fn picture(
    visitor: Visitor,
    Path((scan, name)): Path<(String, String)>,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let picture = office::scan_picture(visitor.school(), kept::called(&scan)?, &name)?;
    Ok(files::shown("image/jpeg", &name, picture))
}
