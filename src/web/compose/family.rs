//! The announcement as one family gets it, on every way of their plan: the e-mail on a telephone, the letter as a
//! page, the text message with what makes it dear, what the caller says.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::file as files;
use super::super::packed;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::dear::DearSms;
use super::kept::{self, Saved, Steps, WritingStep};
use super::readers::{opened, place, reader, ready};
use super::trial::{self, TrialPart};
use crate::channel::Channel;
use crate::delivery::About;
use crate::message::{Draft, DraftVersion};
use crate::office::{
    self, InBrief, PictureError, Reader, ReaderSought, Ready, Refusal, SeenOn, Sight, WayTurn,
};
use crate::people::{Handle, Whom};

const TITLE: &str = "Ce que voit une famille";
/// How many whose name was typed are listed.
const MOST: usize = 12;
/// The pages' own addresses show it, and nothing within it acts or loads. It carries its styles, since a mail has
/// nothing else: its sheet, and what hides the preview, draws a strip and a table and keeps an address whole, each by its hash.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-hashes' \
                           'sha256-wxF8f48qKNzWNfkRdim6OMmZc1fNgKCI1C2OHvKuz+Y=' \
                           'sha256-A6pDk/i4vqxmb8f1fq1z1zBjnmvbH4qugUTvBdKikg8=' \
                           'sha256-hhnGoQsunvxNIujMtBPuahkvANAZLy50ZY232O8lxrs=' \
                           'sha256-l6kheM09oVjDU8NBDBMzbVz/heqs8eIpMqVkjSzUZRM=' \
                           'sha256-65mkwZPt4V1miqNM9CcVYkrpnlQigG9H6Vi9OM/JCgY='; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

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
    /// What was just done.
    done: String,
    trial: Option<TrialPart<'a>>,
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
    /// Nothing goes that way for now.
    is_shut: bool,
    text: Option<String>,
    is_email: bool,
    is_letter: bool,
    sms: Option<DearSms>,
}

impl<'a> SeenBody<'a> {
    /// With nobody on it yet.
    fn at(visitor: &'a Visitor, at: DraftVersion, answer: impl Into<String>) -> Self {
        Self {
            csrf: visitor.csrf(),
            at,
            steps: Steps::at(at.number, WritingStep::Check),
            typed: "",
            answer: answer.into(),
            found: Vec::new(),
            cases: CASES.iter().map(|(word, said, _)| (*word, *said)).collect(),
            seen: None,
            done: String::new(),
            trial: None,
        }
    }

    fn page(self, visitor: &Visitor) -> Result<WebPage, Fault> {
        visitor.page(Section::Writing, TITLE, &self)
    }
}

/// The page, for the family that its address means, or the first.
pub(super) async fn page(
    visitor: Visitor,
    Path(number): Path<u32>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let sought = sought(&asked).ok_or(Fault::NothingThere)?;
    let (at, ready) = ready(&visitor, number).await?;
    let family = reader(&visitor, &ready, sought).await?;
    let answer = if family.is_some() { "" } else { nobody(&visitor, sought) };
    let (mut seen, mut trial) = (None, None);
    if let Some(family) = family {
        trial = TrialPart::of(&visitor, at, &ready, family.place).await?;
        seen = Some(SeenFamily::of(&visitor, &ready, &family).await?);
    }
    let done = trial::done(&asked);
    SeenBody { seen, done, trial, ..SeenBody::at(&visitor, at, answer) }.page(&visitor)
}

/// Why none of them is shown.
fn nobody(visitor: &Visitor, sought: ReaderSought) -> &'static str {
    match sought {
        ReaderSought::Person(_) => "Cette personne ne reçoit pas cette annonce.",
        ReaderSought::At(0) if visitor.whom() != Whom::Everybody => {
            "Cette annonce ne va à aucune famille de vos élèves."
        }
        ReaderSought::At(_) => "Personne n’est à cette place parmi les destinataires.",
        _ => "Personne de ce genre ne reçoit cette annonce.",
    }
}

/// The page with those whose name was typed.
pub(super) async fn search(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<WebPage, Fault> {
    let at = opened(&visitor, number).await?.at();
    let typed = posted.text("q");
    let found = if typed.is_empty() { Vec::new() } else { named(&visitor, typed).await? };
    let answer = if typed.is_empty() {
        "Écrivez le nom d’un parent ou d’un élève.".to_owned()
    } else if found.is_empty() {
        format!("Personne ne correspond à « {typed} ».")
    } else {
        String::new()
    };
    SeenBody { typed, found, ..SeenBody::at(&visitor, at, answer) }.page(&visitor)
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
    async fn of(visitor: &Visitor, ready: &Ready, family: &Reader) -> Result<Self, Fault> {
        let ways = office::seen_on(visitor.school(), ready, family).await?;
        let about: Vec<String> = family.to.about.iter().map(About::with_class).collect();
        let is_plain = ready.message.plain_sms;
        Ok(Self {
            place: family.place,
            of: family.of,
            name: family.to.name.clone(),
            about: about.join(", "),
            ways: ways.into_iter().map(|way| SeenWay::of(way, is_plain)).collect(),
        })
    }
}

impl SeenWay {
    fn of(way: SeenOn, is_plain: bool) -> Self {
        let has = |channel| way.channel == channel && way.text.is_some();
        Self {
            name: way.channel.in_french(),
            when: when(way.turn),
            is_shut: way.turn == WayTurn::Closed,
            is_email: has(Channel::Email),
            is_letter: has(Channel::Letter),
            sms: way.sms.map(|sms| DearSms::of(sms, is_plain)),
            text: way.text,
        }
    }
}

/// When a way is used, or why it is not.
const fn when(turn: WayTurn) -> &'static str {
    match turn {
        WayTurn::First => "d’abord",
        WayTurn::Later => "si la voie précédente n’a pas suffi",
        WayTurn::Closed => {
            "Rien pour l’instant : cette voie est fermée. Voici ce qu’elle porterait."
        }
        WayTurn::NoCarrier => "Rien : aucun service ne porte cette voie ici.",
        WayTurn::NoUse => "Rien : ce foyer ne peut pas utiliser cette voie.",
        WayTurn::NoAddress => "Rien : pas d’adresse connue pour cette voie.",
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

/// The first page of their letter as a picture.
pub(super) async fn letter(
    visitor: Visitor,
    Path((number, place)): Path<(u32, usize)>,
    asked: HeaderMap,
) -> Result<Response, Fault> {
    let (_, ready) = ready(&visitor, number).await?;
    let family = reader(&visitor, &ready, ReaderSought::At(place)).await?;
    let family = family.filter(|it| it.to.post.is_some()).ok_or(Fault::NothingThere)?;
    // One at a time: it takes a process of its own.
    let _turn = visitor.web().easel().lock().await;
    let drawn = office::letter_picture(visitor.school(), &ready, &family.to).await;
    let svg = drawn.map_err(undrawn)?.svg;
    let packed = packed::packed(&svg);
    let answer = files::shown("image/svg+xml", "lettre.svg", svg.into_bytes());
    Ok(packed::packed_for(&asked, answer, packed))
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
    let kept = kept::open_at(&visitor, number, WritingStep::Sending).await?;
    let draft = Draft { plain_sms: posted.has("simple"), ..kept.draft };
    let back = format!("/annonces/brouillons/{number}/apercu?place={}", place(&posted));
    match kept::save(&visitor, kept::seen(&posted, number)?, draft).await? {
        Saved::Kept => Ok(page::to(&back)),
        Saved::NotKept(..) => Err(Explained::new(
            "Quelqu’un a enregistré ce brouillon entre-temps ; rien n’a changé.",
            "Revenez à l’aperçu : il montre le texte de maintenant.",
        )
        .by(back, "Revenir à l’aperçu")
        .into()),
    }
}
