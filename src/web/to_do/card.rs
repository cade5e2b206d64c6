//! One card: what is copied, where it is pasted, and what people say of it.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::typed;
use super::super::visitor::Visitor;
use super::super::words::count;
use crate::office::{self, CardRefusal, CardShown, CardState};
use crate::people::Right;
use crate::store::cards::SaidDone;

/// A code and a program, as an address names a card.
type CardName = Path<(String, String)>;

#[derive(Template)]
#[template(path = "to_do/card.html", config = "src/web/askama.toml")]
struct CardPage<'a> {
    csrf: &'a str,
    done: &'static str,
    faults: Faults,
    card: &'a CardShown,
    path: String,
    said: String,
    replaced: Option<String>,
    untick: Vec<String>,
    is_to_publish: bool,
    is_published: bool,
    publish: String,
    fields: Vec<FormField>,
    assign: FormField,
}

/// What was typed into a form of the card.
#[derive(Default)]
struct CardTyped {
    hour: String,
    by: String,
    to: String,
    faults: Faults,
}

fn reference((code, program): &(String, String)) -> String {
    format!("{code}/{program}")
}

fn path_of(card: &str) -> String {
    format!("/a-traiter/cartes/{card}")
}

/// One card.
pub(super) async fn show(
    visitor: Visitor,
    Path(named): CardName,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let done = match asked.text("fait") {
        "publiee" => "C’est noté : ces personnes sont prévenues.",
        "confiee" => "C’est noté : votre collègue verra la carte à son nom.",
        "reprise" => "C’est repris : la carte est de nouveau à publier.",
        _ => "",
    };
    let by = visitor.session().account.name.clone();
    made(&visitor, &reference(&named), CardTyped { by, ..CardTyped::default() }, done).await
}

async fn made(
    visitor: &Visitor,
    reference: &str,
    typed: CardTyped,
    done: &'static str,
) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let school = visitor.school();
    let shown = office::show_card(school, reference).await?;
    let card = &shown.card;
    let mut lines = shown.in_french(school).into_iter();
    let said = lines.next().unwrap_or_default();
    let replaced = lines.next().filter(|_| card.replaces.is_some());
    let body = CardPage {
        csrf: visitor.csrf(),
        done,
        path: path_of(&card.card),
        said,
        replaced,
        untick: untick(visitor, &shown),
        is_to_publish: card.is_to_publish(),
        is_published: card.published.is_some(),
        publish: format!(
            "Publiée : {}",
            count(card.waiting, "personne prévenue", "personnes prévenues")
        ),
        fields: fields(&typed),
        assign: FormField::new("a", "Confier à", FieldKind::Line)
            .hint("Le nom d’un collègue, tel que vous l’appelez.")
            .typed(typed.to.as_str())
            .required()
            .fault(typed.faults.of("a")),
        faults: typed.faults,
        card: &shown,
    };
    visitor.page(Section::ToDo, &format!("Publier : {}", card.subject), &body)
}

/// Who must not read it there: by name for whoever may see rulings, and why.
fn untick(visitor: &Visitor, shown: &CardShown) -> Vec<String> {
    let sees = visitor.may(Right::SeeRulings);
    let all = shown.destination.to_untick.iter();
    all.map(|one| if sees { format!("{} : {}", one.name, one.reason) } else { one.name.clone() })
        .collect()
}

fn fields(typed: &CardTyped) -> Vec<FormField> {
    let hour = FormField::new("heure", "Publiée à", FieldKind::Line)
        .hint("Vide : à l’instant. Sinon, par exemple : 8h15.")
        .typed(typed.hour.as_str())
        .fault(typed.faults.of("heure"));
    let by = FormField::new("par", "Par", FieldKind::Line)
        .typed(typed.by.as_str())
        .required()
        .fault(typed.faults.of("par"));
    vec![hour, by]
}

/// It was published.
pub(super) async fn publish(
    visitor: Visitor,
    Path(named): CardName,
    posted: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, card) = (visitor.school(), reference(&named));
    let (hour, by) = (posted.text("heure").to_owned(), posted.text("par").to_owned());
    let mut typed = CardTyped { hour, by, ..CardTyped::default() };
    let at = if typed.hour.is_empty() {
        Some(school.clock.now())
    } else {
        typed::moment(school, &typed.hour)
    };
    if at.is_none() {
        typed.faults.add("heure", "Cette heure ne se lit pas : écrivez par exemple 8h15.");
    }
    if typed.by.is_empty() {
        typed.faults.add("par", "Dites qui l’a publiée.");
    }
    let Some(at) = at.filter(|_| typed.faults.is_none()) else {
        return Ok(made(&visitor, &card, typed, "").await?.refused().into_response());
    };
    let done = SaidDone { at, by: typed.by.clone() };
    match office::publish_card(school, visitor.actor(), &card, done).await {
        Ok(_) => Ok(page::to(&format!("{}?fait=publiee", path_of(&card)))),
        Err(CardRefusal::OddHour { at, .. }) => {
            let what =
                format!("Elle n’a pas pu être publiée le {at} : entre l’envoi et maintenant.");
            typed.faults.add("heure", what);
            Ok(made(&visitor, &card, typed, "").await?.refused().into_response())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// A colleague is to publish it.
pub(super) async fn assign(
    visitor: Visitor,
    Path(named): CardName,
    posted: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (card, to) = (reference(&named), posted.text("a").to_owned());
    if to.is_empty() {
        let by = visitor.session().account.name.clone();
        let mut typed = CardTyped { by, ..CardTyped::default() };
        typed.faults.add("a", "Dites à qui la carte est confiée.");
        return Ok(made(&visitor, &card, typed, "").await?.refused().into_response());
    }
    office::assign_card(visitor.school(), visitor.actor(), &card, to).await?;
    Ok(page::to(&format!("{}?fait=confiee", path_of(&card))))
}

#[derive(Template)]
#[template(path = "to_do/take_back.html", config = "src/web/askama.toml")]
struct AskUnpublish<'a> {
    csrf: &'a str,
    path: String,
    subject: String,
    told: String,
}

/// Asks whether its publication is to be taken back.
pub(super) async fn ask(visitor: Visitor, Path(named): CardName) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let shown = office::show_card(visitor.school(), &reference(&named)).await?;
    let card = shown.card;
    if card.published.is_none() {
        return Err(CardRefusal::NotPublished(card.card).into());
    }
    let body = AskUnpublish {
        csrf: visitor.csrf(),
        path: path_of(&card.card),
        told: count(
            card.told,
            "personne ne sera plus comptée comme prévenue",
            "personnes ne seront plus comptées comme prévenues",
        ),
        subject: card.subject,
    };
    visitor.page(Section::ToDo, "Reprendre cette publication", &body)
}

/// Takes it back.
pub(super) async fn take_back(
    visitor: Visitor,
    Path(named): CardName,
    _: Form,
) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let card = reference(&named);
    office::take_back_card(visitor.school(), visitor.actor(), &card).await?;
    Ok(page::to(&format!("{}?fait=reprise", path_of(&card))))
}

impl CardPage<'_> {
    /// Whether nobody needs it any more.
    fn is_over(&self) -> bool {
        matches!(self.card.card.state, CardState::Expired | CardState::Superseded)
    }
}
