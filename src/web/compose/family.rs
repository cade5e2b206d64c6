//! The announcement as one family gets it, on every way of their plan: the e-mail on a telephone, the letter as a
//! page, the text message with what makes it dear, what the caller says.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::response::{Html, IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::file as files;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::dear::DearSms;
use super::kept::{self, Saved, Steps, WritingStep};
use crate::channel::Channel;
use crate::delivery::About;
use crate::message::{Draft, DraftVersion};
use crate::office::{
    self, InBrief, PictureError, Reader, ReaderSought, Ready, Refusal, SeenOn, Sight, draft,
};
use crate::people::{Handle, Right};

const TITLE: &str = "Ce que voit une famille";
/// How many whose name was typed are listed.
const MOST: usize = 12;
/// The pages' own addresses show it, and nothing within it acts or loads.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'self'; sandbox";

/// The cases that are worth a look, by their word in an address.
const CASES: [(&str, &str, ReaderSought); 4] = [
    ("plusieurs", "une famille avec deux enfants ici", ReaderSought::SeveralPupils),
    ("hors-ligne", "une famille sans ENT ni courriel", ReaderSought::Offline),
    ("sans-adresse", "une famille sans adresse postale", ReaderSought::Homeless),
    ("sans-ecran", "un foyer sans écran", ReaderSought::Screenless),
];

#[derive(Template)]
#[template(path = "compose/family.html", config = "src/web/askama.toml")]
struct SeenBody<'a> {
    csrf: &'a str,
    at: DraftVersion,
    steps: Steps,
    typed: &'a str,
    answer: String,
    found: Vec<InBrief>,
    cases: Vec<(&'static str, &'static str)>,
    seen: Option<SeenFamily>,
}

/// What one of them sees.
struct SeenFamily {
    place: usize,
    of: usize,
    name: String,
    about: String,
    ways: Vec<SeenWay>,
}

struct SeenWay {
    name: &'static str,
    when: &'static str,
    text: Option<String>,
    is_email: bool,
    is_letter: bool,
    sms: Option<DearSms>,
}

/// The page, for the family that its address means, or the first.
pub(super) async fn page(
    visitor: Visitor,
    Path(number): Path<u32>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let sought = sought(&asked).ok_or(Fault::NothingThere)?;
    shown(&visitor, number, sought, "").await
}

/// The page with those whose name was typed.
pub(super) async fn search(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<WebPage, Fault> {
    shown(&visitor, number, ReaderSought::At(0), posted.text("q")).await
}

fn sought(asked: &Form) -> Option<ReaderSought> {
    if let Some(case) = asked.some("cas") {
        return CASES.iter().find(|(word, ..)| *word == case).map(|(.., sought)| *sought);
    }
    if let Some(handle) = asked.some("qui") {
        return Handle::parse(handle).map(ReaderSought::Person);
    }
    match asked.some("place") {
        None => Some(ReaderSought::At(0)),
        Some(place) => place.parse().ok().map(ReaderSought::At),
    }
}

/// The draft, made ready for whoever may see families.
async fn ready(visitor: &Visitor, number: u32) -> Result<(DraftVersion, Ready), Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NotAllowed);
    }
    let kept = kept::open(visitor, number).await?;
    let at = kept.at();
    Ok((at, draft::prepare(visitor.school(), kept, true).await?))
}

async fn reader(
    visitor: &Visitor,
    ready: &Ready,
    sought: ReaderSought,
) -> Result<Option<Reader>, Fault> {
    Ok(office::reader(visitor.school(), &visitor.whom(), ready, sought).await?)
}

async fn shown(
    visitor: &Visitor,
    number: u32,
    sought: ReaderSought,
    typed: &str,
) -> Result<WebPage, Fault> {
    let (at, ready) = ready(visitor, number).await?;
    let found = if typed.is_empty() { Vec::new() } else { named(visitor, typed).await? };
    let family = reader(visitor, &ready, sought).await?;
    let answer = match (&family, typed, found.is_empty()) {
        (_, typed, true) if !typed.is_empty() => format!("Personne ne correspond à « {typed} »."),
        (None, ..) if matches!(sought, ReaderSought::Person(_)) => {
            "Cette personne ne reçoit pas cette annonce.".to_owned()
        }
        (None, ..) => "Personne de ce genre ne reçoit cette annonce.".to_owned(),
        _ => String::new(),
    };
    let seen = match family.filter(|_| typed.is_empty()) {
        Some(family) => Some(SeenFamily::of(visitor, &ready, &family)?),
        None => None,
    };
    let body = SeenBody {
        csrf: visitor.csrf(),
        at,
        steps: Steps::at(number, WritingStep::Check),
        typed,
        answer,
        found,
        cases: CASES.iter().map(|(word, said, _)| (*word, *said)).collect(),
        seen,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

/// The adults of that name, and those of the pupils of that name.
async fn named(visitor: &Visitor, typed: &str) -> Result<Vec<InBrief>, Fault> {
    let sight = Sight::of(&visitor.session().account);
    let found = office::look_up(visitor.school(), &sight, typed, MOST).await?;
    let guardians = found.pupils.into_iter().flat_map(|pupil| pupil.guardians);
    let mut all: Vec<InBrief> = Vec::new();
    for one in found.persons.into_iter().map(|person| person.brief).chain(guardians) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Ok(all)
}

impl SeenFamily {
    fn of(visitor: &Visitor, ready: &Ready, family: &Reader) -> Result<Self, Fault> {
        let ways = office::seen_on(visitor.school(), ready, &family.to)?;
        let about: Vec<String> = family.to.about.iter().map(About::with_class).collect();
        let is_plain = ready.message.plain_sms;
        Ok(Self {
            place: family.place,
            of: ready.chosen.len(),
            name: family.to.name.clone(),
            about: about.join(", "),
            ways: ways.into_iter().map(|way| SeenWay::of(way, is_plain)).collect(),
        })
    }
}

impl SeenWay {
    fn of(way: SeenOn, is_plain: bool) -> Self {
        let has = |channel| way.channel == channel && way.text.is_some();
        let sms = way.text.as_deref().filter(|_| way.channel == Channel::Sms);
        Self {
            name: way.channel.in_french(),
            when: if way.rung == 0 {
                "d’abord"
            } else {
                "si la voie précédente n’a pas suffi"
            },
            is_email: has(Channel::Email),
            is_letter: has(Channel::Letter),
            sms: sms.map(|text| DearSms::of(text, is_plain)),
            text: way.text,
        }
    }
}

/// Their e-mail as its document, for a frame of the page: nothing of it runs, nothing is fetched.
pub(super) async fn email(
    visitor: Visitor,
    Path((number, place)): Path<(u32, usize)>,
) -> Result<Response, Fault> {
    let (_, ready) = ready(&visitor, number).await?;
    let family = reader(&visitor, &ready, ReaderSought::At(place)).await?;
    let family = family.filter(|it| it.to.email.is_some()).ok_or(Fault::NothingThere)?;
    let html = office::seen_email(visitor.school(), &ready, &family.to)?;
    let mut answer = Html(html).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(answer)
}

/// A page of their letter, from 1, as a picture.
pub(super) async fn letter(
    visitor: Visitor,
    Path((number, place, sheet)): Path<(u32, usize, usize)>,
) -> Result<Response, Fault> {
    let (_, ready) = ready(&visitor, number).await?;
    let family = reader(&visitor, &ready, ReaderSought::At(place)).await?;
    let family = family.filter(|it| it.to.post.is_some()).ok_or(Fault::NothingThere)?;
    let sheet = sheet.checked_sub(1).ok_or(Fault::NothingThere)?;
    // One at a time: it takes a process of its own.
    let _turn = visitor.web().easel().lock().await;
    let drawn = office::letter_picture(visitor.school(), &ready, &family.to, sheet).await;
    let picture = drawn.map_err(undrawn)?;
    if sheet >= picture.pages {
        return Err(Fault::NothingThere);
    }
    Ok(files::shown("image/svg+xml", "lettre.svg", picture.svg.into_bytes()))
}

fn undrawn(error: PictureError) -> Fault {
    match error {
        PictureError::Words(Refusal::Store(error)) => error.into(),
        PictureError::Words(refusal) => refusals::told(&refusal).into(),
        PictureError::Press(error) => {
            tracing::warn!(%error, "A letter could not be drawn.");
            let then = "Son texte se lit sur la page ; réessayez dans un moment.";
            Explained::new("La lettre ne peut pas être dessinée.", then).into()
        }
    }
}

/// Takes the cheaper alphabet for the text messages, or the text as it was written.
pub(super) async fn alphabet(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::open(&visitor, number).await?;
    let draft = Draft { plain_sms: posted.has("simple"), ..kept.draft };
    let back = format!("/annonces/brouillons/{number}/apercu?place={}", place(&posted));
    match kept::save(&visitor, kept::seen(&posted, number)?, draft).await? {
        Saved::Kept => Ok(page::to(&back)),
        Saved::Beyond(_) => Err(Refusal::Beyond.into()),
        Saved::Overtaken(..) => Err(Explained::new(
            "Quelqu’un a enregistré ce brouillon entre-temps ; rien n’a changé.",
            "Revenez à l’aperçu : il montre le texte de maintenant.",
        )
        .by(back, "Revenir à l’aperçu")
        .into()),
    }
}

fn place(posted: &Form) -> usize {
    posted.text("place").parse().unwrap_or_default()
}
